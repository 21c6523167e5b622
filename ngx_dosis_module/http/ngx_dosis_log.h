/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ngx_dosis_log.h: no national number and no token reaches a log of nginx.
 *
 *   access logs   all that a log format usually names (request line, URI,
 *                 arguments, Referer, User-Agent, Host, user name) is blanked
 *                 in place: first thing after the request was read, and again
 *                 before nginx logs it, for requests that failed earlier
 *   error logs    every line of every error log passes a writer of ours, which
 *                 blanks the query of an address as well
 *
 * Layer      module
 * Threads    the event loop; the error log's writer any thread of nginx
 * Blocking   as writing a log of nginx
 * Memory     the request's pool
 * Errors     a request whose numbers cannot be kept apart is refused
 */

#ifndef NGX_DOSIS_LOG_H
#define NGX_DOSIS_LOG_H

#include "ngx_dosis_module.h"

/* Phase handlers, both to run before all others of their phase. */
ngx_int_t ngx_dosis_log_post_read(ngx_http_request_t *r);
ngx_int_t ngx_dosis_log_request(ngx_http_request_t *r);

/* All logs of this chain; may be asked more than once. */
ngx_int_t ngx_dosis_log_guard(ngx_pool_t *pool, ngx_log_t *log);

#endif
