/* SPDX-License-Identifier: EUPL-1.2 */

#include "http/ngx_dosis_reply.h"

#include "base/dosis_media.h"
#include "base/dosis_text.h"
#include "domain/dosis_linked.h"
#include "http/ngx_dosis_ctx.h"
#include "http/ngx_dosis_page.h"
#include "ngx_dosis_worker.h"

#define REPLY_JSON "application/json"
#define REPLY_PROBLEM "application/problem+json"
#define REPLY_LINKED "application/ld+json"
#define REPLY_LINKED_BYTES ((size_t) 32 << 20)
#define REPLY_ETAG_MAX 80
#define REPLY_EVENTS "text/event-stream"
#define REPLY_CACHING "private, no-cache"
#define REPLY_CACHING_OPEN "public, max-age=300"
#define REPLY_CACHING_SECRET "no-store"
#define REPLY_HTML "text/html"
#define REPLY_VARY "Authorization, Accept, Dosis-Namens"
#define REPLY_BEARER "Bearer"

/* Of what is no problem; the status of a problem stands in its table. */
enum {
    REPLY_OK = NGX_HTTP_OK,
    REPLY_ACCEPTED = NGX_HTTP_ACCEPTED,
    REPLY_NO_CONTENT = NGX_HTTP_NO_CONTENT,
    REPLY_SEE_OTHER = NGX_HTTP_SEE_OTHER,
    REPLY_NOT_MODIFIED = NGX_HTTP_NOT_MODIFIED,
    REPLY_TOO_MANY = NGX_HTTP_TOO_MANY_REQUESTS,
    REPLY_UNAVAILABLE = NGX_HTTP_SERVICE_UNAVAILABLE,
    REPLY_FULL = NGX_HTTP_INSUFFICIENT_STORAGE
};

/* When to come back: what is full needs somebody who makes room. */
static const struct {
    ngx_uint_t status;
    ngx_str_t seconds;
} reply_retry[] = {
    { REPLY_TOO_MANY, ngx_string("1") },
    { REPLY_UNAVAILABLE, ngx_string("1") },
    { REPLY_FULL, ngx_string("60") },
};


ngx_table_elt_t *
ngx_dosis_reply_header(ngx_http_request_t *r, const char *name, ngx_str_t value)
{
    ngx_table_elt_t *header;

    header = ngx_list_push(&r->headers_out.headers);
    if (header == NULL) {
        return NULL;
    }
    header->hash = 1;
    header->key.data = (u_char *) name;
    header->key.len = ngx_strlen(name);
    header->value = value;
    return header;
}


static ngx_str_t
reply_keep(ngx_pool_t *pool, dosis_slice_t text)
{
    ngx_str_t kept = { 0, NULL };

    kept.data = ngx_pnalloc(pool, text.len);
    if (kept.data != NULL) {
        ngx_memcpy(kept.data, text.data, text.len);
        kept.len = text.len;
    }
    return kept;
}


static ngx_int_t
reply_set_etag(ngx_http_request_t *r, dosis_slice_t etag)
{
    if (etag.len == 0) {
        return NGX_OK;
    }
    r->headers_out.etag =
        ngx_dosis_reply_header(r, "ETag", reply_keep(r->pool, etag));
    return (r->headers_out.etag == NULL) ? NGX_ERROR : NGX_OK;
}


/* A header line, unless there is nothing to say. */
static ngx_int_t
reply_set(ngx_http_request_t *r, const char *name, dosis_slice_t value)
{
    ngx_str_t kept;

    if (value.len == 0) {
        return NGX_OK;
    }
    kept = reply_keep(r->pool, value);
    return (kept.data == NULL
               || ngx_dosis_reply_header(r, name, kept) == NULL)
        ? NGX_ERROR
        : NGX_OK;
}


/* What a door for browsers says. */
static ngx_int_t
reply_set_browser(ngx_http_request_t *r, const ngx_dosis_reply_t *reply)
{
    const ngx_str_t referrer = ngx_string("no-referrer");
    const ngx_str_t sniff = ngx_string("nosniff");

    if (reply->secret
        && (ngx_dosis_reply_header(r, "Referrer-Policy", referrer) == NULL
            || ngx_dosis_reply_header(r, "X-Content-Type-Options", sniff)
                == NULL)) {
        return NGX_ERROR;
    }
    if (reply_set(r, "Location", reply->location) != NGX_OK
        || reply_set(r, "Set-Cookie", reply->cookie) != NGX_OK) {
        return NGX_ERROR;
    }
    return reply_set(r, "Content-Security-Policy", reply->policy);
}


static ngx_str_t
reply_caching(const ngx_dosis_reply_t *reply)
{
    const ngx_str_t caching = ngx_string(REPLY_CACHING);
    const ngx_str_t open = ngx_string(REPLY_CACHING_OPEN);
    const ngx_str_t secret = ngx_string(REPLY_CACHING_SECRET);

    if (reply->secret) {
        return secret;
    }
    return reply->open ? open : caching;
}


/* RFC 6750: without a token the bare scheme, else the reason behind it. */
static ngx_int_t
reply_set_challenge(ngx_http_request_t *r, dosis_slice_t why)
{
    ngx_str_t value = ngx_string(REPLY_BEARER);
    u_char *p;

    if (why.len > 0) {
        p = ngx_pnalloc(r->pool, sizeof(REPLY_BEARER) + why.len);
        if (p == NULL) {
            return NGX_ERROR;
        }
        value.data = p;
        value.len = ngx_sprintf(p, REPLY_BEARER " %*s", why.len, why.data) - p;
    }
    r->headers_out.www_authenticate =
        ngx_dosis_reply_header(r, "WWW-Authenticate", value);
    return (r->headers_out.www_authenticate == NULL) ? NGX_ERROR : NGX_OK;
}


static ngx_int_t
reply_set_retry(ngx_http_request_t *r, uint32_t retry_s)
{
    size_t i;
    ngx_str_t value;

    if (retry_s > 0) {
        value.data = ngx_pnalloc(r->pool, NGX_INT32_LEN);
        if (value.data == NULL) {
            return NGX_ERROR;
        }
        value.len = ngx_sprintf(value.data, "%uD", retry_s) - value.data;
        return (ngx_dosis_reply_header(r, "Retry-After", value) == NULL)
            ? NGX_ERROR
            : NGX_OK;
    }
    for (i = 0; i < sizeof(reply_retry) / sizeof(reply_retry[0]); i++) {
        if (reply_retry[i].status == r->headers_out.status) {
            return (ngx_dosis_reply_header(
                        r, "Retry-After", reply_retry[i].seconds)
                       == NULL)
                ? NGX_ERROR
                : NGX_OK;
        }
    }
    return NGX_OK;
}


static ngx_int_t
reply_set_headers(ngx_http_request_t *r, const ngx_dosis_reply_t *reply)
{
    const ngx_str_t vary = ngx_string(REPLY_VARY);
    const ngx_str_t waited = ngx_string("wait");
    const ngx_str_t query = ngx_string("\"application/json\"");
    ngx_uint_t status = r->headers_out.status;

    if (ngx_dosis_reply_header(r, "Cache-Control", reply_caching(reply)) == NULL
        || ngx_dosis_reply_header(r, "Vary", vary) == NULL
        || reply_set_etag(r, reply->etag) != NGX_OK
        || reply_set(r, "Link", reply->link) != NGX_OK
        || reply_set(r, "Content-Disposition", reply->disposition) != NGX_OK
        || reply_set_browser(r, reply) != NGX_OK) {
        return NGX_ERROR;
    }
    if (reply->allow.len > 0
        && ngx_dosis_reply_header(r, "Allow", reply->allow) == NULL) {
        return NGX_ERROR;
    }
    if (reply->accepts_query
        && ngx_dosis_reply_header(r, "Accept-Query", query) == NULL) {
        return NGX_ERROR;
    }
    if (reply->waited
        && ngx_dosis_reply_header(r, "Preference-Applied", waited) == NULL) {
        return NGX_ERROR;
    }
    if (reply_set_retry(r, reply->retry_s) != NGX_OK) {
        return NGX_ERROR;
    }
    if (status == NGX_HTTP_UNAUTHORIZED || reply->challenge.len > 0) {
        return reply_set_challenge(r, reply->challenge);
    }
    return NGX_OK;
}


/* One entity tag of the list, without W/ and blanks around it. */
static dosis_slice_t
etag_next(dosis_slice_t *list)
{
    size_t len = 0;
    bool quoted = false;
    dosis_slice_t tag;

    while (len < list->len && (quoted || list->data[len] != ',')) {
        quoted ^= (list->data[len] == '"');
        len++;
    }
    tag = dosis_text_trim(dosis_slice(list->data, len));
    len += (len < list->len);
    *list = dosis_slice(list->data + len, list->len - len);
    if (tag.len >= 2 && memcmp(tag.data, "W/", 2) == 0) {
        tag = dosis_slice(tag.data + 2, tag.len - 2);
    }
    return tag;
}


static bool
reply_is_known(ngx_http_request_t *r, const ngx_dosis_reply_t *reply)
{
    dosis_slice_t list;
    dosis_slice_t ours = reply->etag;
    dosis_slice_t tag;

    if (!reply->conditional || ours.len == 0
        || r->headers_in.if_none_match == NULL) {
        return false;
    }
    ours = etag_next(&ours);
    list = ngx_dosis_slice(&r->headers_in.if_none_match->value);
    while (list.len > 0) {
        tag = etag_next(&list);
        if (dosis_slice_eq(tag, ours)
            || dosis_slice_eq(tag, DOSIS_SLICE("*"))) {
            return true;
        }
    }
    return false;
}


static void
reply_log(ngx_http_request_t *r, const ngx_dosis_ctx_t *ctx,
    const ngx_dosis_problem_row_t *row)
{
    ngx_log_error(row->level, r->connection->log, 0,
        "dosis refused: code=%s status=%ui req=%V trace=%V", row->code,
        row->status, &ctx->request_id, &ctx->trace);
}


/* body in a buffer that lives as long as the request. */
static ngx_buf_t *
reply_buffer(ngx_http_request_t *r, dosis_slice_t body)
{
    ngx_buf_t *b;
    ngx_dosis_ctx_t *ctx = ngx_dosis_ctx(r);

    if (ctx->answer.data == NULL && ngx_dosis_worker_lend(body, &ctx->answer)) {
        b = ngx_calloc_buf(r->pool);
        if (b != NULL) {
            b->start = b->pos = (u_char *) body.data;
            b->end = b->last = b->pos + body.len;
            b->temporary = 1;
        }
    } else {
        b = ngx_create_temp_buf(r->pool, body.len);
        if (b != NULL) {
            b->last = ngx_cpymem(b->last, body.data, body.len);
        }
    }
    if (b != NULL) {
        b->last_buf = 1;
        b->last_in_chain = 1;
    }
    return b;
}


static ngx_int_t
reply_send_body(ngx_http_request_t *r, dosis_slice_t body)
{
    ngx_buf_t *b;
    ngx_int_t rc;
    ngx_chain_t out;

    r->headers_out.content_length_n = body.len;
    b = NULL;
    if (r->method != NGX_HTTP_HEAD) {
        b = reply_buffer(r, body);
        if (b == NULL) {
            return NGX_ERROR;
        }
    }

    rc = ngx_http_send_header(r);
    if (rc == NGX_ERROR || rc > NGX_OK || r->header_only || b == NULL) {
        return rc;
    }
    out.buf = b;
    out.next = NULL;
    return ngx_http_output_filter(r, &out);
}


/* A body that nobody read is let go, without asking the client for it. */
static void
reply_discard_body(ngx_http_request_t *r)
{
    if (r->request_body == NULL && !r->discard_body) {
        r->expect_tested = 1;
        if (ngx_http_discard_request_body(r) != NGX_OK) {
            r->keepalive = 0;
        }
    }
}


static void
reply_set_type(ngx_http_request_t *r, const char *type, size_t len)
{
    r->headers_out.content_type.data = (u_char *) type;
    r->headers_out.content_type.len = len;
    r->headers_out.content_type_len = len;
    r->headers_out.content_type_lowcase = NULL;
}


static ngx_int_t
reply_send_page(
    ngx_http_request_t *r, const ngx_dosis_reply_t *reply, ngx_uint_t status)
{
    dosis_buf_t *out = ngx_dosis_worker_out();
    ngx_dosis_reply_t page = *reply;

    ngx_dosis_page_problem(out, reply->problem);
    if (out->rc != DOSIS_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }
    page.policy = ngx_dosis_page_policy();
    r->headers_out.status = status;
    reply_set_type(
        r, NGX_DOSIS_PAGE_TYPE, sizeof(NGX_DOSIS_PAGE_TYPE) - 1);
    if (reply_set_headers(r, &page) != NGX_OK) {
        return NGX_ERROR;
    }
    return reply_send_body(r, dosis_buf_slice(out));
}


static ngx_int_t
reply_send_problem(ngx_http_request_t *r, const ngx_dosis_ctx_t *ctx,
    const ngx_dosis_reply_t *reply)
{
    dosis_buf_t *out = ngx_dosis_worker_out();
    const ngx_dosis_problem_row_t *row;

    row = ngx_dosis_problem_row(reply->problem);
    reply_log(r, ctx, row);
    if (reply->page
        && dosis_media_prefers(
            ngx_dosis_slice(&ctx->accept), REPLY_HTML, REPLY_PROBLEM)) {
        return reply_send_page(r, reply, row->status);
    }
    ngx_dosis_problem_render(
        out, reply->problem, row->status, ctx->request_id, reply->err);
    if (out->rc != DOSIS_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }
    r->headers_out.status = row->status;
    reply_set_type(r, REPLY_PROBLEM, sizeof(REPLY_PROBLEM) - 1);
    if (reply_set_headers(r, reply) != NGX_OK) {
        return NGX_ERROR;
    }
    return reply_send_body(r, dosis_buf_slice(out));
}


static ngx_int_t
reply_send_empty(
    ngx_http_request_t *r, const ngx_dosis_reply_t *reply, ngx_uint_t status)
{
    r->headers_out.status = status;
    r->headers_out.content_length_n = (status == REPLY_SEE_OTHER) ? 0 : -1;
    r->header_only = 1;
    if (reply_set_headers(r, reply) != NGX_OK) {
        return NGX_ERROR;
    }
    return ngx_http_send_header(r);
}


/* A form of its own has a tag of its own: W/"x.1" is W/"x.1-ld". */
static dosis_slice_t
reply_linked_etag(dosis_slice_t etag, char to[REPLY_ETAG_MAX])
{
    dosis_buf_t out;

    if (etag.len == 0) {
        return etag;
    }
    dosis_buf_init_fixed(&out, to, REPLY_ETAG_MAX);
    dosis_buf_add(&out, etag.data, etag.len - 1);
    DOSIS_BUF_LIT(&out, "-ld\"");
    return (out.rc == DOSIS_OK) ? dosis_buf_slice(&out) : dosis_slice(NULL, 0);
}


static ngx_int_t
reply_send_linked(ngx_http_request_t *r, const ngx_dosis_reply_t *reply)
{
    char etag[REPLY_ETAG_MAX];
    ngx_int_t rc;
    dosis_buf_t out;
    ngx_dosis_reply_t linked = *reply;
    const ngx_dosis_loc_conf_t *conf;

    conf = ngx_http_get_module_loc_conf(r, ngx_dosis_module);
    dosis_buf_init(&out, REPLY_LINKED_BYTES);
    dosis_linked_add(&out, reply->body, ngx_dosis_slice(&conf->prefix));

    linked.dossiers = false;
    linked.type = REPLY_LINKED;
    linked.body = dosis_buf_slice(&out);
    linked.etag = reply_linked_etag(reply->etag, etag);
    if (out.rc != DOSIS_OK) {
        linked.problem = ngx_dosis_problem_of_rc(out.rc);
    }
    rc = ngx_dosis_reply_send(r, &linked);
    dosis_buf_done(&out);
    return rc;
}


static ngx_uint_t
reply_status(const ngx_dosis_reply_t *reply)
{
    if (reply->unavailable) {
        return REPLY_UNAVAILABLE;
    }
    return reply->accepted ? REPLY_ACCEPTED : REPLY_OK;
}


ngx_int_t
ngx_dosis_reply_send(ngx_http_request_t *r, const ngx_dosis_reply_t *reply)
{
    dosis_slice_t type;
    ngx_dosis_ctx_t *ctx = ngx_dosis_ctx(r);

    if (ctx == NULL) {
        return NGX_ERROR;
    }
    if (reply->dossiers && reply->problem == NGX_DOSIS_FINE
        && dosis_media_prefers(
            ngx_dosis_slice(&ctx->accept), REPLY_LINKED, REPLY_JSON)) {
        return reply_send_linked(r, reply);
    }
    ctx->ours = true;
    r->disable_not_modified = 1;
    reply_discard_body(r);

    if (reply->problem != NGX_DOSIS_FINE) {
        return reply_send_problem(r, ctx, reply);
    }
    if (reply->location.len > 0 && !reply->accepted) {
        return reply_send_empty(r, reply, REPLY_SEE_OTHER);
    }
    if (reply->empty) {
        return reply_send_empty(r, reply, REPLY_NO_CONTENT);
    }
    if (reply_is_known(r, reply)) {
        return reply_send_empty(r, reply, REPLY_NOT_MODIFIED);
    }
    r->headers_out.status = reply_status(reply);
    type = dosis_slice_of(reply->type == NULL ? REPLY_JSON : reply->type);
    reply_set_type(r, type.data, type.len);
    if (reply_set_headers(r, reply) != NGX_OK) {
        return NGX_ERROR;
    }
    return reply_send_body(r, reply->body);
}


ngx_int_t
ngx_dosis_reply_begin(ngx_http_request_t *r, const ngx_dosis_reply_t *reply)
{
    dosis_slice_t type = dosis_slice_of(reply->type);

    ngx_dosis_ctx(r)->ours = true;
    r->disable_not_modified = 1;
    r->headers_out.status = REPLY_OK;
    r->headers_out.content_length_n = -1;
    reply_set_type(r, type.data, type.len);
    if (reply_set_headers(r, reply) != NGX_OK) {
        return NGX_ERROR;
    }
    return ngx_http_send_header(r);
}


ngx_int_t
ngx_dosis_reply_stream(ngx_http_request_t *r)
{
    const ngx_str_t at_once = ngx_string("no");
    const ngx_dosis_reply_t reply = { .type = REPLY_EVENTS };

    /* a proxy of nginx in front must not hold back what comes in pieces */
    if (ngx_dosis_reply_header(r, "X-Accel-Buffering", at_once) == NULL) {
        return NGX_ERROR;
    }
    return ngx_dosis_reply_begin(r, &reply);
}
