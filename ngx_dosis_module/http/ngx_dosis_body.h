/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ngx_dosis_body.h: the request body as one slice, of a kind we take and
 * within its ceiling.
 *
 * Layer      module
 * Threads    the event loop
 * Blocking   never, but for a body that nginx had to put in a file
 * Memory     the request's pool
 * Errors     a problem for the reply
 */

#ifndef NGX_DOSIS_BODY_H
#define NGX_DOSIS_BODY_H

#include "http/ngx_dosis_call.h"

/* The ceiling of this location, in bytes. */
size_t ngx_dosis_body_max(ngx_http_request_t *r);

/* By its headers alone, before a byte of it is read. */
ngx_dosis_problem_t ngx_dosis_body_judge(ngx_dosis_call_t *call);

/* Sets call->body; an empty one is a problem. */
ngx_dosis_problem_t ngx_dosis_body(ngx_dosis_call_t *call);

/* Puts the filter that keeps the ceiling in front of nginx's own. */
void ngx_dosis_body_init(void);

#endif
