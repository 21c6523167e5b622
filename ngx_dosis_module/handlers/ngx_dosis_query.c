/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * GET dossiers, QUERY dossiers, POST zoek: the dossiers of a subject, paged.
 * GET dossiers/{DossierId}: one of them, whole.
 *
 *   question     who asks, about whom, which page
 *   the store    judges each record and renders it, in this one snapshot
 */

#include "auth/ngx_dosis_question.h"
#include "base/dosis_text.h"
#include "handlers/ngx_dosis_handlers.h"


static ngx_int_t
query_answer(ngx_dosis_call_t *call, dosis_answer_t *answer)
{
    char *etag;
    size_t len = strlen(answer->etag);

    etag = dosis_arena_alloc(call->arena, len + 1);
    if (etag == NULL) {
        return ngx_dosis_refuse_rc(call, DOSIS_ENOMEM);
    }
    memcpy(etag, answer->etag, len);
    call->reply.etag = dosis_slice(etag, len);
    call->reply.dossiers = true;
    /* 304 is for GET, HEAD and QUERY; a search by POST has no such answer */
    call->reply.conditional = (call->r->method != NGX_HTTP_POST);
    return ngx_dosis_answer(call);
}


static ngx_int_t
query_list(ngx_dosis_call_t *call, const dosis_json_t *body)
{
    dosis_rc_t rc;
    dosis_answer_t answer;
    ngx_dosis_question_t asked;

    if (!ngx_dosis_question_read(call, body, &asked)) {
        return NGX_OK;
    }
    rc = dosis_list(call->reader, &asked.question, call->out, &answer);
    if (rc == DOSIS_EINPUT) {
        return ngx_dosis_refuse_field(call, NGX_DOSIS_PARAMETER_ONGELDIG, "na",
            "Deze cursor is ongeldig, of van een andere vraag.");
    }
    if (rc != DOSIS_OK) {
        return ngx_dosis_refuse_rc(call, rc);
    }
    return query_answer(call, &answer);
}


ngx_int_t
ngx_dosis_list(ngx_dosis_call_t *call)
{
    return query_list(call, NULL);
}


ngx_int_t
ngx_dosis_search(ngx_dosis_call_t *call)
{
    dosis_rc_t rc;
    dosis_json_t *body;

    rc = dosis_json_parse(call->body, &body, &call->err);
    if (rc == DOSIS_EINPUT) {
        return ngx_dosis_refuse(call, NGX_DOSIS_JSON_ONGELDIG);
    }
    if (rc != DOSIS_OK) {
        return ngx_dosis_refuse_rc(call, rc);
    }
    if (dosis_json_kind(body) == DOSIS_JSON_OBJECT) {
        (void) query_list(call, body);
    } else {
        (void) ngx_dosis_refuse_field(call, NGX_DOSIS_VALIDATIE_FOUT, "",
            "De inhoud moet één JSON-object zijn.");
    }
    dosis_json_free(body);
    return NGX_OK;
}


ngx_int_t
ngx_dosis_detail(ngx_dosis_call_t *call)
{
    dosis_rc_t rc = DOSIS_ENOTFOUND;
    uint8_t id[DOSIS_ID_BYTES];
    dosis_answer_t answer;
    ngx_dosis_question_t asked;

    if (!ngx_dosis_question_read(call, NULL, &asked)) {
        return NGX_OK;
    }
    if (dosis_id_decode(id, call->segment)) {
        rc =
            dosis_detail(call->reader, &asked.question, id, call->out, &answer);
    }
    if (rc != DOSIS_OK) {
        return ngx_dosis_refuse_rc(call, rc);
    }
    return query_answer(call, &answer);
}
