/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ngx_dosis_aside.h: a call that is too long for the event loop goes on on a
 * thread: the same handler, in a snapshot of the thread's own.
 *
 *   aside       the loop: what the handler may need is copied
 *   (thread)    client judged again, the handler, its reply
 *   (loop)      the reply is sent, if somebody still listens
 *
 * Layer      module
 * Threads    the event loop; the handler runs on a thread of dosis_read_pool,
 *            with call->r NULL: it sees the call and nothing of nginx
 * Blocking   never
 * Memory     a task's, freed after the answer; the body is taken along
 * Errors     in the reply: 503 when too many wait already
 */

#ifndef NGX_DOSIS_ASIDE_H
#define NGX_DOSIS_ASIDE_H

#include "http/ngx_dosis_call.h"

/* Ends the handler that calls it: `return ngx_dosis_aside(call, handler);` */
ngx_int_t ngx_dosis_aside(ngx_dosis_call_t *call, ngx_dosis_handler_pt handler);

#endif
