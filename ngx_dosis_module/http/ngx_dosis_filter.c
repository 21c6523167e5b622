/* SPDX-License-Identifier: EUPL-1.2 */

#include "http/ngx_dosis_filter.h"

#include "http/ngx_dosis_ctx.h"
#include "http/ngx_dosis_reply.h"
#include "ngx_dosis_conf.h"

#define FILTER_TYPE "application/problem+json"
#define FILTER_HTML "text/html"
#define FILTER_BODY_MAX 4096

static ngx_http_output_header_filter_pt filter_next_header;
static ngx_http_output_body_filter_pt filter_next_body;


/*
 * The page that nginx makes for an error; not one that the operator made, or
 * that an upstream sent.
 */
static bool
filter_is_nginx_error(const ngx_http_request_t *r)
{
    const ngx_str_t *type = &r->headers_out.content_type;

    if (r->err_status < NGX_HTTP_BAD_REQUEST
        || r->headers_out.status != r->err_status
        || r->headers_out.last_modified_time != -1
        || (r->upstream != NULL && r->upstream->headers_in.status_n != 0)) {
        return false;
    }
    return r->headers_out.content_length_n == 0
        || (type->len == sizeof(FILTER_HTML) - 1
            && ngx_memcmp(type->data, FILTER_HTML, type->len) == 0);
}


/* A client that delivers drops what it is refused with any 4xx. */
static void
filter_no_429_at_delivery(ngx_http_request_t *r)
{
    const ngx_dosis_loc_conf_t *conf;

    conf = ngx_http_get_module_loc_conf(r, ngx_dosis_module);
    if (r->err_status == NGX_HTTP_TOO_MANY_REQUESTS && conf->enabled
        && (r->method & (NGX_HTTP_POST | NGX_HTTP_DELETE))) {
        r->err_status = NGX_HTTP_SERVICE_UNAVAILABLE;
        r->headers_out.status = NGX_HTTP_SERVICE_UNAVAILABLE;
    }
}


static void
filter_replace(ngx_http_request_t *r, ngx_dosis_ctx_t *ctx)
{
    u_char *memory;
    dosis_buf_t body;
    const ngx_str_t later = ngx_string("1");
    ngx_dosis_problem_t problem;

    filter_no_429_at_delivery(r);
    memory = ngx_pnalloc(r->pool, FILTER_BODY_MAX);
    if (memory == NULL) {
        return;
    }
    problem = ngx_dosis_problem_of_status(r->err_status);
    dosis_buf_init_fixed(&body, memory, FILTER_BODY_MAX);
    ngx_dosis_problem_render(
        &body, problem, r->err_status, ctx->request_id, NULL);
    if (body.rc != DOSIS_OK) {
        return;
    }

    ctx->replacement = ngx_dosis_str(dosis_buf_slice(&body));
    r->headers_out.content_length_n = body.len;
    ngx_str_set(&r->headers_out.content_type, FILTER_TYPE);
    r->headers_out.content_type_len = sizeof(FILTER_TYPE) - 1;
    r->headers_out.content_type_lowcase = NULL;
    r->headers_out.charset.len = 0;
    if (r->err_status == NGX_HTTP_SERVICE_UNAVAILABLE) {
        (void) ngx_dosis_reply_header(r, "Retry-After", later);
    }
}


static ngx_int_t
filter_header(ngx_http_request_t *r)
{
    ngx_dosis_ctx_t *ctx;
    const ngx_dosis_srv_conf_t *conf;

    conf = ngx_http_get_module_srv_conf(r, ngx_dosis_module);
    if (!conf->enabled || r != r->main || r->header_sent) {
        return filter_next_header(r);
    }
    ctx = ngx_dosis_ctx(r);
    if (ctx == NULL) {
        return filter_next_header(r);
    }
    if (!ctx->ours && filter_is_nginx_error(r)) {
        filter_replace(r, ctx);
    }
    if (ngx_dosis_reply_header(r, "X-Request-Id", ctx->request_id) == NULL) {
        return NGX_ERROR;
    }
    return filter_next_header(r);
}


/* Nginx's page is let go; ours is sent in its place, once. */
static ngx_int_t
filter_body(ngx_http_request_t *r, ngx_chain_t *in)
{
    ngx_buf_t *b;
    ngx_chain_t out;
    ngx_chain_t *link;
    ngx_dosis_ctx_t *ctx;

    ctx = ngx_http_get_module_ctx(r, ngx_dosis_module);
    if (in == NULL || ctx == NULL || ctx->replacement.len == 0) {
        return filter_next_body(r, in);
    }
    for (link = in; link != NULL; link = link->next) {
        link->buf->pos = link->buf->last;
        link->buf->file_pos = link->buf->file_last;
    }
    if (ctx->replaced) {
        return NGX_OK;
    }
    ctx->replaced = true;

    b = ngx_calloc_buf(r->pool);
    if (b == NULL) {
        return NGX_ERROR;
    }
    b->memory = 1;
    b->pos = ctx->replacement.data;
    b->last = b->pos + ctx->replacement.len;
    b->last_buf = 1;
    b->last_in_chain = 1;
    out.buf = b;
    out.next = NULL;
    return filter_next_body(r, &out);
}


void
ngx_dosis_filter_init(void)
{
    filter_next_header = ngx_http_top_header_filter;
    ngx_http_top_header_filter = filter_header;
    filter_next_body = ngx_http_top_body_filter;
    ngx_http_top_body_filter = filter_body;
}
