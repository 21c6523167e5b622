/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ngx_dosis_route.h: the table of methods, paths and scopes: the security
 * policy of the interface on one screen.
 *
 * Layer      module
 * Threads    pure
 * Blocking   never
 * Memory     static
 * Errors     a verdict
 */

#ifndef NGX_DOSIS_ROUTE_H
#define NGX_DOSIS_ROUTE_H

#include "domain/dosis_inzage.h"
#include "ngx_dosis_module.h"

typedef struct ngx_dosis_call_s ngx_dosis_call_t;

/*
 * Runs inside one snapshot, after token, scope and client were judged.
 * NGX_OK: the reply is filled. NGX_DONE: handed to the writer, which answers.
 */
typedef ngx_int_t (*ngx_dosis_handler_pt)(ngx_dosis_call_t *call);

enum {
    NGX_DOSIS_ROUTE_BODY = 1, /* needs a body: JSON */
    NGX_DOSIS_ROUTE_LOCAL = 2, /* no token, no snapshot */
    NGX_DOSIS_ROUTE_BATCH = 4, /* a JSON list may be as large as a batch */
    NGX_DOSIS_ROUTE_LARGE = 8, /* any JSON may */
    NGX_DOSIS_ROUTE_OPEN = 16, /* no token, but a snapshot */
    NGX_DOSIS_ROUTE_DELIVERY = 32, /* stores what a source says */
    NGX_DOSIS_ROUTE_ALWAYS = 64, /* no pause stops it */
    NGX_DOSIS_ROUTE_PAGE = 128, /* for a browser: a refusal is a page, and
                                   nothing of it is kept */
    NGX_DOSIS_ROUTE_UPLOAD = 256 /* text/csv is a file that comes in */
};

#define NGX_DOSIS_ROUTE_NO_TOKEN                                               \
    (NGX_DOSIS_ROUTE_LOCAL | NGX_DOSIS_ROUTE_OPEN)

typedef struct {
    const char *method; /* "GET" stands for HEAD as well */
    const char *path;   /* one {} in it stands for one segment */
    unsigned scopes;    /* any of these DOSIS_SCOPE_... */
    unsigned flags;
    dosis_deur_t deur; /* as the access ledger notes what it shows */
    ngx_dosis_handler_pt handler;
} ngx_dosis_route_t;

typedef enum {
    NGX_DOSIS_ROUTE_FOUND,
    NGX_DOSIS_ROUTE_NO_PATH,
    NGX_DOSIS_ROUTE_NO_METHOD,
    NGX_DOSIS_ROUTE_OPTIONS
} ngx_dosis_route_match_t;

typedef struct {
    const ngx_dosis_route_t *route; /* when found */
    dosis_slice_t segment;          /* the {} of its path */
    bool query;                     /* the path has the method QUERY */
} ngx_dosis_route_result_t;

/* path: without the prefix. */
ngx_dosis_route_match_t ngx_dosis_route_find(
    dosis_slice_t method, dosis_slice_t path, ngx_dosis_route_result_t *ret);

/* The value of Allow for that path, in pool; empty when memory is out. */
ngx_str_t ngx_dosis_route_allow(ngx_pool_t *pool, dosis_slice_t path);

#endif
