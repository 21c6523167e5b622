/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ngx_dosis_question.h: about whom is asked, by whom, and which page: the
 * same question from every reading door.
 *
 *   a user       asks about the subject of its token, and may name nobody
 *   a counter    names its agents: `agent` and `recht` in the address (one,
 *                never a person), the header Dosis-Namens (up to 20), or the
 *                body (up to 1,000); its registration says about which kinds
 *                it may ask
 *
 * Layer      module
 * Threads    that of the call
 * Blocking   never
 * Memory     the call's arena, and its JSON
 * Errors     false: the refusal stands in call->reply, all problems at once
 */

#ifndef NGX_DOSIS_QUESTION_H
#define NGX_DOSIS_QUESTION_H

#include "auth/ngx_dosis_party.h"

/*
 * question.subject is an array of question.subjects subjects, at least one,
 * no agent twice, each with the rights held for it alone: a door judges a
 * record for each of them, with that subject's rights only.
 */
typedef struct {
    dosis_question_t question;
    dosis_filter_t filter; /* of a list; question.filter points here */
} ngx_dosis_question_t;

/*
 * body: the members of a question, or NULL when there is no body. Filters and
 * sorting are refused: better than silently ignored.
 */
bool ngx_dosis_question_read(ngx_dosis_call_t *call, const dosis_json_t *body,
    ngx_dosis_question_t *ret);

/* The same for a list: with filters and sorting. ret must stay where it is. */
bool ngx_dosis_question_read_list(ngx_dosis_call_t *call,
    const dosis_json_t *body, ngx_dosis_question_t *ret);

#endif
