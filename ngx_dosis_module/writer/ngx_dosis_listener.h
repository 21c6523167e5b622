/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ngx_dosis_listener.h: a request that waits for work done elsewhere, and may
 * leave before it is done.
 *
 * Layer      module
 * Threads    the event loop; work on a thread carries a listener along and
 *            never looks at it
 * Blocking   never
 * Memory     in place, in whatever does the work; zero it before
 * Errors     none: a request that has left is NULL
 *
 * The work goes on when its request leaves: nobody is told then.
 */

#ifndef NGX_DOSIS_LISTENER_H
#define NGX_DOSIS_LISTENER_H

#include "http/ngx_dosis_reply.h"
#include "ngx_dosis_module.h"

typedef struct ngx_dosis_listener_s ngx_dosis_listener_t;

struct ngx_dosis_listener_s {
    ngx_http_request_t *r; /* NULL: nobody */
    /* its request ended without an answer; NULL: that is of no interest */
    void (*on_leave)(ngx_dosis_listener_t *listener);
};

/* The request listens until it ends or has its answer. */
void ngx_dosis_listen(ngx_http_request_t *r, ngx_dosis_listener_t *listener);

/* Its request has ended; NULL is fine. */
void ngx_dosis_listen_leave(ngx_dosis_listener_t *listener);

/* It listens no more; nobody listening is fine. */
void ngx_dosis_listen_end(ngx_dosis_listener_t *listener);

/* Sends the reply to the request, if it is still there, and ends it. */
void ngx_dosis_listener_answer(
    ngx_dosis_listener_t *listener, const ngx_dosis_reply_t *reply);

#endif
