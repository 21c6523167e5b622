/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * GET dossiers, QUERY dossiers, POST zoek: the dossiers of a subject, or of
 * several, paged.
 *
 *   question     who asks, about whom, which page
 *   the store    judges each record and renders it, in this one snapshot
 *
 * What is short is answered on the event loop; a long body, many agents or many
 * rows to look through go on a thread, where the same is done once more.
 */

#include "auth/ngx_dosis_question.h"
#include "handlers/ngx_dosis_handlers.h"
#include "http/ngx_dosis_aside.h"

/* More than these is not for the event loop. */
#define QUERY_HERE_BODY 16384
#define QUERY_HERE_SUBJECTS 32
#define QUERY_HERE_ROWS 1000


/* false: it is too long for here, and there is no answer yet. */
static bool
query_list(ngx_dosis_call_t *call, const dosis_json_t *body)
{
    bool here = call->r != NULL;
    dosis_rc_t rc;
    dosis_answer_t answer;
    ngx_dosis_question_t asked;

    if (!ngx_dosis_question_read_list(call, body, &asked)) {
        return true;
    }
    if (here && asked.question.subjects > QUERY_HERE_SUBJECTS) {
        return false;
    }
    asked.question.examine = here ? QUERY_HERE_ROWS : DOSIS_EXAMINED_MAX;
    rc = dosis_list(call->reader, &asked.question, call->out, &answer);
    if (rc == DOSIS_OK && here && answer.cut) {
        return false;
    }
    if (rc == DOSIS_EINPUT) {
        (void) ngx_dosis_refuse_cursor(call);
    } else if (rc != DOSIS_OK) {
        (void) ngx_dosis_refuse_rc(call, rc);
    } else {
        call->reply.dossiers = true;
        (void) ngx_dosis_answer_tagged(call, &answer);
    }
    return true;
}


static bool
query_search(ngx_dosis_call_t *call)
{
    bool done = true;
    dosis_rc_t rc;
    dosis_json_t *body;

    if (call->r != NULL && call->body.len > QUERY_HERE_BODY) {
        return false;
    }
    rc = dosis_json_parse(call->body, &body, &call->err);
    if (rc != DOSIS_OK) {
        (void) ngx_dosis_refuse(call,
            rc == DOSIS_EINPUT ? NGX_DOSIS_JSON_ONGELDIG
                               : ngx_dosis_problem_of_rc(rc));
        return true;
    }
    if (dosis_json_kind(body) == DOSIS_JSON_OBJECT) {
        done = query_list(call, body);
    } else {
        (void) ngx_dosis_refuse_field(call, NGX_DOSIS_VALIDATIE_FOUT, "",
            "De inhoud moet één JSON-object zijn.");
    }
    dosis_json_free(body);
    return done;
}


ngx_int_t
ngx_dosis_list(ngx_dosis_call_t *call)
{
    return query_list(call, NULL) ? NGX_OK
                                  : ngx_dosis_aside(call, ngx_dosis_list);
}


ngx_int_t
ngx_dosis_search(ngx_dosis_call_t *call)
{
    return query_search(call) ? NGX_OK
                              : ngx_dosis_aside(call, ngx_dosis_search);
}
