/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * GET overzicht: how many dossiers, by phase, of what the list would show.
 *
 *   question     who asks, about whom
 *   the store    counts what the access function admits, in this one snapshot
 *
 * What takes many rows goes on a thread, where the same is done once more.
 */

#include "auth/ngx_dosis_question.h"
#include "handlers/ngx_dosis_handlers.h"
#include "http/ngx_dosis_aside.h"
#include "store/dosis_overview.h"

#define OVERVIEW_HERE_ROWS 1000 /* more are not for the event loop */


ngx_int_t
ngx_dosis_overview(ngx_dosis_call_t *call)
{
    bool here = call->r != NULL;
    dosis_rc_t rc;
    dosis_answer_t answer;
    ngx_dosis_question_t asked;

    if (!ngx_dosis_question_read(call, NULL, &asked)) {
        return NGX_OK;
    }
    asked.question.examine = here ? OVERVIEW_HERE_ROWS : DOSIS_EXAMINED_MAX;
    rc = dosis_overview(call->reader, &asked.question, call->out, &answer);
    if (rc == DOSIS_OK && here && answer.cut) {
        return ngx_dosis_aside(call, ngx_dosis_overview);
    }
    if (rc != DOSIS_OK) {
        return ngx_dosis_refuse_rc(call, rc);
    }
    return ngx_dosis_answer_tagged(call, &answer);
}
