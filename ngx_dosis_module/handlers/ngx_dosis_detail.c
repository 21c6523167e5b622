/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * GET dossiers/{DossierId}: one dossier, whole; with opDatum as DOSIS showed
 * it at that moment.
 * GET dossiers/{DossierId}/historiek: what came in of it, newest first.
 *
 *   question     who asks, about whom
 *   the store    judges the dossier of now, then opens what was asked
 *
 * A dossier that may not be seen, and one that does not exist: one answer.
 */

#include "auth/ngx_dosis_question.h"
#include "base/dosis_text.h"
#include "base/dosis_time.h"
#include "handlers/ngx_dosis_handlers.h"
#include "http/ngx_dosis_aside.h"
#include "http/ngx_dosis_params.h"
#include "store/dosis_history.h"

#define DETAIL_HERE_ENTRIES 500 /* more are not for the event loop */


/* In an address the + of an offset may have become a blank. */
static bool
moment_parse(ngx_dosis_call_t *call, dosis_slice_t text, int64_t *ret_ns)
{
    size_t i;
    char *copy;
    dosis_slice_t kept = dosis_arena_copy(call->arena, text);

    if (kept.data == NULL) {
        return false;
    }
    copy = (char *) kept.data;
    for (i = sizeof("2026-11-20T"); i < kept.len; i++) {
        if (copy[i] == ' ') {
            copy[i] = '+';
        }
    }
    return dosis_time_parse(kept, ret_ns);
}


static bool
detail_read_moment(ngx_dosis_call_t *call, dosis_question_t *question)
{
    ngx_dosis_params_t params;

    if (!ngx_dosis_params_read(call, NGX_DOSIS_PARAM(OP_DATUM), &params)) {
        return false;
    }
    if (!(params.given & NGX_DOSIS_PARAM(OP_DATUM))) {
        return true;
    }
    question->has_moment = moment_parse(call,
        params.value[NGX_DOSIS_PARAM_OP_DATUM], &question->moment_ns);
    if (!question->has_moment) {
        (void) ngx_dosis_refuse_field(call, NGX_DOSIS_PARAMETER_ONGELDIG,
            "opDatum",
            "opDatum moet een datum of een tijdstip zijn, zoals"
            " 2026-11-20T11:16:50 (een + staat in een adres als %2B).");
    }
    return question->has_moment;
}


ngx_int_t
ngx_dosis_detail(ngx_dosis_call_t *call)
{
    bool here = call->r != NULL;
    dosis_rc_t rc = DOSIS_ENOTFOUND;
    uint8_t id[DOSIS_ID_BYTES];
    dosis_answer_t answer;
    ngx_dosis_question_t asked;

    if (!ngx_dosis_question_read(call, NULL, &asked)
        || !detail_read_moment(call, &asked.question)) {
        return NGX_OK;
    }
    asked.question.examine = here ? DETAIL_HERE_ENTRIES : DOSIS_EXAMINED_MAX;
    if (dosis_id_decode(id, call->segment)) {
        rc =
            dosis_detail(call->reader, &asked.question, id, call->out, &answer);
    }
    if (rc == DOSIS_EEXPIRED && here && answer.cut) {
        return ngx_dosis_aside(call, ngx_dosis_detail);
    }
    if (rc == DOSIS_EEXPIRED) {
        return ngx_dosis_refuse(call, NGX_DOSIS_HISTORIEK_VERLOPEN);
    }
    if (rc != DOSIS_OK) {
        return ngx_dosis_refuse_rc(call, rc);
    }
    call->reply.dossiers = true;
    return ngx_dosis_answer_tagged(call, &answer);
}


ngx_int_t
ngx_dosis_history(ngx_dosis_call_t *call)
{
    dosis_rc_t rc = DOSIS_ENOTFOUND;
    uint8_t id[DOSIS_ID_BYTES];
    dosis_answer_t answer;
    ngx_dosis_question_t asked;

    if (!ngx_dosis_question_read(call, NULL, &asked)) {
        return NGX_OK;
    }
    if (dosis_id_decode(id, call->segment)) {
        rc = dosis_history(
            call->reader, &asked.question, id, call->out, &answer);
    }
    if (rc == DOSIS_EINPUT) {
        return ngx_dosis_refuse_cursor(call);
    }
    if (rc != DOSIS_OK) {
        return ngx_dosis_refuse_rc(call, rc);
    }
    return ngx_dosis_answer_tagged(call, &answer);
}
