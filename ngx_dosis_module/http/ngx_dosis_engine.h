/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ngx_dosis_engine.h: a question to the engine, over its unix socket, through
 * an upstream of nginx: a request of the client that waits asks it, and no
 * worker ever waits for an answer itself.
 *
 *   post        makes a subrequest in memory, which has no location
 *   on_start    connects
 *   on_status, on_header, on_body    the answer, whole, in one buffer
 *   on_done     tells the caller; then its request is woken by nginx
 *
 * Layer      module
 * Threads    the event loop
 * Blocking   never
 * Memory     the request's pool; the buffer of the answer is given back when
 *            the caller was told
 * Errors     no answer, one that is no HTTP or too large: the caller is told 0
 *
 * What is asked stands in the body, never in an address or a header: it is in
 * no log. A client that leaves takes its question along.
 */

#ifndef NGX_DOSIS_ENGINE_H
#define NGX_DOSIS_ENGINE_H

#include "ngx_dosis_conf.h"

/* With room for the largest answer. */
#define NGX_DOSIS_ENGINE_ANSWER ((size_t) 32 << 10)

/* status: of HTTP, or 0. body: for the call. r: who asked, and still waits. */
typedef void (*ngx_dosis_engine_pt)(
    ngx_http_request_t *r, ngx_uint_t status, dosis_slice_t body);

/* For dosis_engine: how every question is asked. */
void ngx_dosis_engine_init(ngx_http_upstream_conf_t *conf, ngx_msec_t timeout);

/*
 * Posts body to path. When it returns NGX_OK: handler is called, or the request
 * ends; behind the handler r->write_event_handler, which is the caller's.
 * NGX_ERROR: the request can only be ended.
 */
ngx_int_t ngx_dosis_engine_post(ngx_http_request_t *r, const char *path,
    dosis_slice_t body, ngx_dosis_engine_pt handler);

#endif
