/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * GET dossiers, QUERY dossiers, POST zoek: the dossiers of a subject, paged.
 *
 *   question     who asks, about whom, which page
 *   the store    judges each record and renders it, in this one snapshot
 */

#include "auth/ngx_dosis_question.h"
#include "handlers/ngx_dosis_handlers.h"


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
    return ngx_dosis_answer_tagged(call, &answer);
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
