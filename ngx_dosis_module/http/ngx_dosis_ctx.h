/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ngx_dosis_ctx.h: what this module knows of one request, from the moment it
 * was read until it is logged.
 *
 * Layer      module
 * Threads    the event loop
 * Blocking   never
 * Memory     the request's pool; found again after an internal redirect
 * Errors     NULL when memory is out
 */

#ifndef NGX_DOSIS_CTX_H
#define NGX_DOSIS_CTX_H

#include "auth/ngx_dosis_token_cache.h"
#include "http/ngx_dosis_later.h"
#include "http/ngx_dosis_route.h"
#include "writer/ngx_dosis_listener.h"

struct ngx_dosis_opaque_s;
struct ngx_dosis_stream_s;
struct ngx_dosis_upload_s;

typedef struct {
    /* as sent, before national numbers were blanked */
    ngx_str_t uri;
    ngx_str_t args;
    u_char *uri_blanked; /* r->uri.data, unless rewritten */
    u_char *args_blanked;
    bool blanked; /* nothing is left for the log phase */

    /* headers of ours, or NULL */
    ngx_table_elt_t *namens;
    ngx_table_elt_t *forwarded_proto;
    ngx_table_elt_t *content_encoding;
    bool namens_twice;
    ngx_str_t accept; /* the first one, or empty */

    ngx_str_t request_id;
    ngx_str_t trace;       /* traceparent, or "-" */
    struct sockaddr *peer; /* before realip */

    const ngx_dosis_route_t *route;
    dosis_slice_t segment;    /* {DossierId} in the path */
    bool counted;             /* against the limit of who asks */
    ngx_dosis_token_t *token; /* pinned until the request ends */
    struct ngx_dosis_opaque_s *opaque; /* its token was asked about */
    ngx_dosis_listener_t *listener; /* while it waits */
    ngx_dosis_later_t later;        /* while it lets deliveries go first */
    struct ngx_dosis_stream_s *stream; /* while it is asked again */

    struct ngx_dosis_upload_s *upload; /* while its body comes in */

    dosis_buf_t body;
    size_t body_max; /* 0 = the body is none of ours */
    size_t list_max; /* when it is a list */
    bool body_known; /* its first byte was seen */

    dosis_buf_t answer;    /* lent by the worker while it is sent */
    bool ours;             /* the answer is ours, leave it */
    ngx_str_t replacement; /* body in place of nginx's own */
    bool replaced;         /* it has been sent */
} ngx_dosis_ctx_t;

/* The context, made when it is not there yet. */
ngx_dosis_ctx_t *ngx_dosis_ctx(ngx_http_request_t *r);

/* What the client asked for, before blanking; as rewritten, if rewritten. */
ngx_str_t ngx_dosis_ctx_uri(
    const ngx_http_request_t *r, const ngx_dosis_ctx_t *ctx);
ngx_str_t ngx_dosis_ctx_args(
    const ngx_http_request_t *r, const ngx_dosis_ctx_t *ctx);

#endif
