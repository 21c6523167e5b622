/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ngx_dosis_reply.h: the only place that sends an answer.
 *
 * Layer      module
 * Threads    the event loop
 * Blocking   never
 * Memory     what a reply points to is borrowed for the call: all that is
 *            sent is copied into the request's pool
 * Errors     the return value is for ngx_http_finalize_request()
 */

#ifndef NGX_DOSIS_REPLY_H
#define NGX_DOSIS_REPLY_H

#include "http/ngx_dosis_problem.h"

typedef struct {
    ngx_dosis_problem_t problem; /* NGX_DOSIS_FINE: the body is sent */
    const dosis_err_t *err;      /* of a problem, or NULL */
    dosis_slice_t body;
    const char *type;            /* of the body; NULL: application/json */
    bool dossiers;               /* the body has a linked form as well */
    bool open;                   /* for anybody: a cache may keep it a while */
    dosis_slice_t etag;          /* with quotes, or empty */
    dosis_slice_t link;          /* value of Link, or empty */
    bool conditional;            /* a matching If-None-Match gives 304 */
    bool empty;                  /* no content: 204 */
    bool unavailable;            /* the body goes with 503 */
    uint32_t retry_s;            /* Retry-After; 0: as its status has it */
    bool waited;                 /* `Prefer: wait` was applied */
    ngx_str_t allow;             /* or empty */
    bool accepts_query;          /* advertise QUERY */
    dosis_slice_t challenge;     /* behind `Bearer `, or empty */
    dosis_slice_t location;      /* a browser goes there: 303; or empty */
    bool accepted;               /* 202; location: where it can be followed */
    dosis_slice_t disposition;   /* value of Content-Disposition, or empty */
    dosis_slice_t cookie;        /* value of Set-Cookie, or empty */
    dosis_slice_t policy;        /* Content-Security-Policy, or empty */
    bool secret;                 /* no cache, no referrer */
    bool page;                   /* a problem is a page, to a browser */
} ngx_dosis_reply_t;

ngx_int_t ngx_dosis_reply_send(
    ngx_http_request_t *r, const ngx_dosis_reply_t *reply);

/* The head of an answer that comes in pieces; its body is the caller's. */
ngx_int_t ngx_dosis_reply_begin(
    ngx_http_request_t *r, const ngx_dosis_reply_t *reply);

/* The head of a text/event-stream; its body is the caller's. */
ngx_int_t ngx_dosis_reply_stream(ngx_http_request_t *r);

/* One header line more; value lives as long as the request. */
ngx_table_elt_t *ngx_dosis_reply_header(
    ngx_http_request_t *r, const char *name, ngx_str_t value);

#endif
