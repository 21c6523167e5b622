/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * GET inzages: who looked at my dossiers, newest first, paged.
 *
 *   question     who asks, about whom: one subject
 *   the store    reads the index of that subject, judges each dossier as it is
 *                now, and who looked as registered now, in this one snapshot
 *
 * What takes many rows goes on a thread, where the same is done once more.
 */

#include "auth/ngx_dosis_question.h"
#include "handlers/ngx_dosis_handlers.h"
#include "http/ngx_dosis_aside.h"
#include "store/dosis_ledger_read.h"

#define INZAGEN_HERE_ROWS 300 /* more are not for the event loop */


ngx_int_t
ngx_dosis_inzagen(ngx_dosis_call_t *call)
{
    bool here = call->r != NULL;
    dosis_rc_t rc;
    dosis_answer_t answer;
    ngx_dosis_question_t asked;

    if (!ngx_dosis_question_read(call, NULL, &asked)) {
        return NGX_OK;
    }
    if (asked.question.subjects != 1) {
        return ngx_dosis_refuse_field(call, NGX_DOSIS_PARAMETER_ONGELDIG,
            "agent", "Vraag de inzages van één agent tegelijk.");
    }
    asked.question.examine = here ? INZAGEN_HERE_ROWS : DOSIS_EXAMINED_MAX;
    rc = dosis_inzagen(call->reader, &asked.question, call->out, &answer);
    if (rc == DOSIS_OK && here && answer.cut) {
        return ngx_dosis_aside(call, ngx_dosis_inzagen);
    }
    if (rc == DOSIS_EINPUT) {
        return ngx_dosis_refuse_cursor(call);
    }
    if (rc != DOSIS_OK) {
        return ngx_dosis_refuse_rc(call, rc);
    }
    return ngx_dosis_answer(call);
}
