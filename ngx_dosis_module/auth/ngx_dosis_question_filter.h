/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ngx_dosis_question_filter.h: the filters of a list, from the address and
 * from a body: the same names, the same values.
 *
 * Layer      module
 * Threads    that of the call
 * Blocking   never
 * Memory     the call's arena
 * Errors     in call->reply, all problems at once
 */

#ifndef NGX_DOSIS_QUESTION_FILTER_H
#define NGX_DOSIS_QUESTION_FILTER_H

#include "auth/ngx_dosis_party.h"

/* filter: zeroed. body may be NULL. */
void ngx_dosis_question_filter(ngx_dosis_call_t *call,
    const ngx_dosis_params_t *params, const dosis_json_t *body,
    dosis_filter_t *filter);

/* For a door that has none: each one there is refused. */
void ngx_dosis_question_no_filter(ngx_dosis_call_t *call,
    const ngx_dosis_params_t *params, const dosis_json_t *body);

#endif
