/* SPDX-License-Identifier: EUPL-1.2 */

#include "http/ngx_dosis_ctx.h"

#include "base/dosis_text.h"
#include "crypto/dosis_secret.h"
#include "ngx_dosis_conf.h"
#include "ngx_dosis_worker.h"

#define CTX_REQUEST_ID_MAX 64
#define CTX_REQUEST_ID_BYTES 16
#define CTX_TRACE_LEN 55


static void
ctx_on_end(void *data)
{
    ngx_dosis_ctx_t *ctx = data;

    ngx_dosis_listen_leave(ctx->listener);
    ctx->listener = NULL;
    dosis_buf_done(&ctx->body);
    ngx_dosis_worker_take_back(&ctx->answer);
    ngx_dosis_token_release(ctx->token);
    ctx->token = NULL;
}


static bool
text_is(const ngx_str_t *text, const char *name, size_t len)
{
    return text->len == len
        && ngx_strncasecmp(text->data, (u_char *) name, len) == 0;
}

#define HEADER_IS(header, name) text_is(&(header)->key, name, sizeof(name) - 1)


static bool
request_id_is_safe(ngx_str_t *id)
{
    size_t i;
    u_char copy[CTX_REQUEST_ID_MAX];
    u_char c;

    if (id->len == 0 || id->len > CTX_REQUEST_ID_MAX) {
        return false;
    }
    for (i = 0; i < id->len; i++) {
        c = id->data[i];
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z') || c == '-' || c == '_'
                || c == '.')) {
            return false;
        }
    }
    ngx_memcpy(copy, id->data, id->len);
    return dosis_text_blank_numbers((char *) copy, id->len) == 0;
}


/* The form of W3C Trace Context; a copy, blanked like all that is logged. */
static void
ctx_set_trace(ngx_http_request_t *r, ngx_dosis_ctx_t *ctx, ngx_str_t *value)
{
    size_t i;
    u_char c;
    u_char *copy;

    if (value->len != CTX_TRACE_LEN) {
        return;
    }
    for (i = 0; i < value->len; i++) {
        c = value->data[i];
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || c == '-')) {
            return;
        }
    }
    copy = ngx_pnalloc(r->pool, value->len);
    if (copy == NULL) {
        return;
    }
    ngx_memcpy(copy, value->data, value->len);
    (void) dosis_text_blank_numbers((char *) copy, value->len);
    ctx->trace = (ngx_str_t){ value->len, copy };
}


static void
ctx_read_header(
    ngx_http_request_t *r, ngx_dosis_ctx_t *ctx, ngx_table_elt_t *header)
{
    switch (header->key.len) {
    case sizeof("accept") - 1:
        if (HEADER_IS(header, "accept") && ctx->accept.len == 0) {
            ctx->accept = header->value;
        }
        break;
    case sizeof("traceparent") - 1:
        if (HEADER_IS(header, "traceparent")) {
            ctx_set_trace(r, ctx, &header->value);
        }
        break;
    case sizeof("x-request-id") - 1:
        if (HEADER_IS(header, "x-request-id")) {
            if (request_id_is_safe(&header->value)) {
                ctx->request_id = header->value;
            }
        } else if (HEADER_IS(header, "dosis-namens")) {
            ctx->namens_twice = (ctx->namens != NULL);
            ctx->namens = header;
        }
        break;
    case sizeof("content-encoding") - 1:
        if (HEADER_IS(header, "content-encoding")) {
            ctx->content_encoding = header;
        }
        break;
    case sizeof("x-forwarded-proto") - 1:
        /* of several, one that is not https stays */
        if (HEADER_IS(header, "x-forwarded-proto")
            && (ctx->forwarded_proto == NULL
                || text_is(&ctx->forwarded_proto->value, "https", 5))) {
            ctx->forwarded_proto = header;
        }
        break;
    default:
        break;
    }
}


static void
ctx_read_headers(ngx_http_request_t *r, ngx_dosis_ctx_t *ctx)
{
    ngx_uint_t i;
    ngx_list_part_t *part;
    ngx_table_elt_t *headers;

    for (part = &r->headers_in.headers.part; part != NULL; part = part->next) {
        headers = part->elts;
        for (i = 0; i < part->nelts; i++) {
            ctx_read_header(r, ctx, &headers[i]);
        }
    }
}


/* The client's, else a new one; $request_id in any log is the same. */
static ngx_int_t
ctx_set_request_id(ngx_http_request_t *r, ngx_dosis_ctx_t *ctx)
{
    u_char bytes[CTX_REQUEST_ID_BYTES];
    const ngx_dosis_main_conf_t *conf;
    ngx_http_variable_value_t *value;

    if (ctx->request_id.len == 0) {
        ctx->request_id.data = ngx_pnalloc(r->pool, 2 * sizeof(bytes) + 1);
        if (ctx->request_id.data == NULL
            || dosis_random(bytes, sizeof(bytes)) != DOSIS_OK) {
            return NGX_ERROR;
        }
        dosis_hex_encode(
            (char *) ctx->request_id.data, dosis_slice(bytes, sizeof(bytes)));
        ctx->request_id.len = 2 * sizeof(bytes);
    }

    conf = ngx_http_get_module_main_conf(r, ngx_dosis_module);
    value = &r->variables[conf->request_id];
    value->len = ctx->request_id.len;
    value->data = ctx->request_id.data;
    value->valid = 1;
    value->no_cacheable = 0;
    value->not_found = 0;
    return NGX_OK;
}


static ngx_dosis_ctx_t *
ctx_find(ngx_http_request_t *r)
{
    ngx_pool_cleanup_t *cleanup;

    for (cleanup = r->pool->cleanup; cleanup; cleanup = cleanup->next) {
        if (cleanup->handler == ctx_on_end) {
            return cleanup->data;
        }
    }
    return NULL;
}


static ngx_dosis_ctx_t *
ctx_create(ngx_http_request_t *r)
{
    ngx_dosis_ctx_t *ctx;
    ngx_pool_cleanup_t *cleanup;

    cleanup = ngx_pool_cleanup_add(r->pool, sizeof(ngx_dosis_ctx_t));
    if (cleanup == NULL) {
        return NULL;
    }
    ctx = cleanup->data;
    ngx_memzero(ctx, sizeof(*ctx));

    ctx->uri = r->uri;
    ctx->args = r->args;
    ctx->uri_blanked = r->uri.data;
    ctx->args_blanked = r->args.data;
    ctx->peer = r->connection->sockaddr;
    ngx_str_set(&ctx->trace, "-");
    ctx_read_headers(r, ctx);
    if (ctx_set_request_id(r, ctx) != NGX_OK) {
        return NULL;
    }
    cleanup->handler = ctx_on_end;
    return ctx;
}


ngx_dosis_ctx_t *
ngx_dosis_ctx(ngx_http_request_t *r)
{
    ngx_dosis_ctx_t *ctx;

    r = r->main;
    ctx = ngx_http_get_module_ctx(r, ngx_dosis_module);
    if (ctx != NULL) {
        return ctx;
    }
    ctx = ctx_find(r);
    if (ctx == NULL) {
        ctx = ctx_create(r);
    }
    ngx_http_set_ctx(r, ctx, ngx_dosis_module);
    return ctx;
}


ngx_str_t
ngx_dosis_ctx_uri(const ngx_http_request_t *r, const ngx_dosis_ctx_t *ctx)
{
    return (r->uri.data == ctx->uri_blanked) ? ctx->uri : r->uri;
}


ngx_str_t
ngx_dosis_ctx_args(const ngx_http_request_t *r, const ngx_dosis_ctx_t *ctx)
{
    return (r->args.data == ctx->args_blanked) ? ctx->args : r->args;
}
