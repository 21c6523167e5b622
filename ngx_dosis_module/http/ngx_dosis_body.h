/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ngx_dosis_body.h: the request body as one slice, of a kind we take and
 * within its ceiling.
 *
 * Layer      module
 * Threads    the event loop
 * Blocking   never: no body is ever in a file
 * Memory     the heap, growing with what comes in; freed with the request, or
 *            given to who takes it
 * Errors     a problem for the reply
 */

#ifndef NGX_DOSIS_BODY_H
#define NGX_DOSIS_BODY_H

#include "http/ngx_dosis_call.h"

/* By its headers alone, before a byte of it is read; sets the ceilings. */
ngx_dosis_problem_t ngx_dosis_body_judge(ngx_dosis_call_t *call);

/* Sets call->body, lent by the request; an empty one is a problem. */
ngx_dosis_problem_t ngx_dosis_body(ngx_dosis_call_t *call);

/* Gives the body away, for work that outlives the request; dosis_buf_done(). */
dosis_buf_t ngx_dosis_body_take(ngx_http_request_t *r);

/* Puts the filter that takes the body in front of nginx's own. */
void ngx_dosis_body_init(void);

#endif
