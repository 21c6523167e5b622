/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * GET overzicht: how many dossiers, by phase, of what the list would show.
 *
 *   question     who asks, about whom
 *   the store    counts what the access function admits, in this one snapshot
 */

#include "auth/ngx_dosis_question.h"
#include "handlers/ngx_dosis_handlers.h"
#include "store/dosis_overview.h"


ngx_int_t
ngx_dosis_overview(ngx_dosis_call_t *call)
{
    dosis_rc_t rc;
    dosis_answer_t answer;
    dosis_subjects_t subjects;
    ngx_dosis_question_t asked;

    if (!ngx_dosis_question_read(call, NULL, &asked)) {
        return NGX_OK;
    }
    subjects = (dosis_subjects_t){ asked.question.subject, 1 };
    rc = dosis_overview(
        call->reader, &asked.question, subjects, call->out, &answer);
    if (rc != DOSIS_OK) {
        return ngx_dosis_refuse_rc(call, rc);
    }
    return ngx_dosis_answer_tagged(call, &answer);
}
