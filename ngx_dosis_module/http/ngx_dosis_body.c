/* SPDX-License-Identifier: EUPL-1.2 */

#include "http/ngx_dosis_body.h"

#include "base/dosis_text.h"
#include "http/ngx_dosis_ctx.h"
#include "http/ngx_dosis_media.h"
#include "ngx_dosis_conf.h"

static ngx_http_request_body_filter_pt body_next_filter;


/* What this route takes: of anything, and of a list. */
static void
body_ceilings(ngx_dosis_call_t *call, size_t *ret_max, size_t *ret_list_max)
{
    const ngx_dosis_loc_conf_t *conf;

    conf = ngx_http_get_module_loc_conf(call->r, ngx_dosis_module);
    *ret_max = (call->route->flags & NGX_DOSIS_ROUTE_LARGE)
        ? conf->batch_body_max
        : conf->body_max;
    *ret_list_max = (call->route->flags & NGX_DOSIS_ROUTE_BATCH)
        ? conf->batch_body_max
        : *ret_max;
}


static void
body_too_large(dosis_err_t *err, size_t max)
{
    dosis_err_add(err, "BodyTeGroot", "",
        "De inhoud van de aanvraag mag hoogstens %zu bytes groot zijn.", max);
}


/* Absent is fine; JSON is UTF-8, so nothing else can be said. */
static bool
body_charset_fits(dosis_slice_t value)
{
    dosis_slice_t charset = ngx_dosis_media_charset(value);

    return charset.len == 0 || dosis_text_ieq(charset, DOSIS_SLICE("utf-8"))
        || dosis_text_ieq(charset, DOSIS_SLICE("utf8"));
}


/* application/json, or application/ something +json. */
static bool
body_is_json(dosis_slice_t type)
{
    const dosis_slice_t application = DOSIS_SLICE("application/");
    const dosis_slice_t json = DOSIS_SLICE("+json");

    if (dosis_text_ieq(type, DOSIS_SLICE("application/json"))) {
        return true;
    }
    return type.len > application.len + json.len
        && ngx_dosis_media_starts(type, application)
        && dosis_text_ieq(
            dosis_slice(type.data + type.len - json.len, json.len), json);
}


static ngx_dosis_problem_t
body_judge_type(ngx_dosis_call_t *call, const ngx_table_elt_t *header)
{
    dosis_slice_t type;
    dosis_slice_t value;

    if (header == NULL || header->value.len == 0) {
        return NGX_DOSIS_FINE;
    }
    value = ngx_dosis_slice(&header->value);
    type = ngx_dosis_media_type(value);
    if (body_is_json(type)) {
        if (body_charset_fits(value)) {
            return NGX_DOSIS_FINE;
        }
        dosis_err_add(&call->err, "MediaTypeNietOndersteund", "Content-Type",
            "JSON wordt alleen in UTF-8 aanvaard.");
    } else if ((call->route->flags & NGX_DOSIS_ROUTE_UPLOAD)
        && ngx_dosis_media_starts(type, DOSIS_SLICE("multipart/"))) {
        dosis_err_add(&call->err, "MediaTypeNietOndersteund", "Content-Type",
            "Een formulier wordt niet aanvaard: zend het bestand zelf, als"
            " text/csv.");
    } else {
        dosis_err_add(&call->err, "MediaTypeNietOndersteund", "Content-Type",
            "Aanvaard wordt application/json%s.",
            (call->route->flags & NGX_DOSIS_ROUTE_UPLOAD)
                ? ", of text/csv voor een bestand" : "");
    }
    return NGX_DOSIS_MEDIA_TYPE_NIET_ONDERSTEUND;
}


ngx_dosis_problem_t
ngx_dosis_body_judge(ngx_dosis_call_t *call)
{
    size_t max;
    size_t list_max;
    ngx_dosis_problem_t problem;
    ngx_dosis_ctx_t *ctx = ngx_dosis_ctx(call->r);
    const ngx_table_elt_t *coding = ctx->content_encoding;
    const ngx_http_headers_in_t *in = &call->r->headers_in;

    problem = body_judge_type(call, in->content_type);
    if (problem != NGX_DOSIS_FINE) {
        return problem;
    }
    if (coding != NULL
        && !dosis_text_ieq(
            ngx_dosis_slice(&coding->value), DOSIS_SLICE("identity"))) {
        dosis_err_add(&call->err, "MediaTypeNietOndersteund",
            "Content-Encoding",
            "Deze inhoud wordt alleen onverpakt (identity) aanvaard.");
        return NGX_DOSIS_MEDIA_TYPE_NIET_ONDERSTEUND;
    }
    body_ceilings(call, &max, &list_max);
    if (in->content_length_n > (off_t) list_max) {
        call->r->keepalive = 0;
        call->r->lingering_close = 1;
        body_too_large(&call->err, list_max);
        return NGX_DOSIS_BODY_TE_GROOT;
    }
    ctx->body_max = max;
    ctx->list_max = list_max;
    dosis_buf_init(&ctx->body, list_max);
    return NGX_DOSIS_FINE;
}


ngx_dosis_problem_t
ngx_dosis_body(ngx_dosis_call_t *call)
{
    const ngx_dosis_ctx_t *ctx = ngx_dosis_ctx(call->r);

    call->body = dosis_buf_slice(&ctx->body);
    if (call->body.len == 0) {
        dosis_err_add(
            &call->err, "JsonOngeldig", "", "De aanvraag heeft geen inhoud.");
        return NGX_DOSIS_JSON_ONGELDIG;
    }
    return NGX_DOSIS_FINE;
}


dosis_buf_t
ngx_dosis_body_take(ngx_http_request_t *r)
{
    ngx_dosis_ctx_t *ctx = ngx_dosis_ctx(r);
    dosis_buf_t taken = ctx->body;

    ngx_memzero(&ctx->body, sizeof(ctx->body));
    return taken;
}


/* A blank, or a byte of a byte order mark. */
static bool
body_is_blank(u_char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == 0xef
        || c == 0xbb || c == 0xbf;
}


/* A list may be longer than one dossier: its first byte tells. */
static void
body_see_kind(ngx_dosis_ctx_t *ctx, const ngx_buf_t *b)
{
    const u_char *p = b->pos;

    while (p < b->last && body_is_blank(*p)) {
        p++;
    }
    if (p < b->last) {
        ctx->body_max = (*p == '[') ? ctx->list_max : ctx->body_max;
        ctx->body_known = true;
    }
}


static ngx_int_t
body_absorb(ngx_dosis_ctx_t *ctx, ngx_buf_t *b)
{
    size_t len = b->last - b->pos;

    if (!ctx->body_known) {
        body_see_kind(ctx, b);
    }
    if (len > ctx->body_max - ctx->body.len) {
        return NGX_HTTP_REQUEST_ENTITY_TOO_LARGE;
    }
    dosis_buf_add(&ctx->body, b->pos, len);
    b->pos = b->last;
    return (ctx->body.rc == DOSIS_OK) ? NGX_OK : NGX_HTTP_SERVICE_UNAVAILABLE;
}


/*
 * The body is taken out of nginx's hands as it comes: it grows with what was
 * sent, not with what was announced, and never goes to a temporary file. Only
 * the mark of its end goes on, so that nginx knows it is complete. That of an
 * upload is read piece by piece (ngx_dosis_upload.c), also where all of it has
 * come with the head.
 */
static ngx_int_t
body_filter(ngx_http_request_t *r, ngx_chain_t *in)
{
    ngx_int_t rc;
    ngx_chain_t *link;
    ngx_chain_t last = { NULL, NULL };
    ngx_dosis_ctx_t *ctx;

    ctx = ngx_http_get_module_ctx(r, ngx_dosis_module);
    if (ctx == NULL || ctx->body_max == 0) {
        if (ctx != NULL && ctx->upload != NULL) {
            r->request_body->filter_need_buffering = 1;
        }
        return body_next_filter(r, in);
    }
    for (link = in; link != NULL; link = link->next) {
        rc = body_absorb(ctx, link->buf);
        if (rc != NGX_OK) {
            r->lingering_close = 1;
            return rc;
        }
        if (link->buf->last_buf) {
            last.buf = link->buf;
        }
    }
    return body_next_filter(r, (last.buf == NULL) ? NULL : &last);
}


void
ngx_dosis_body_init(void)
{
    body_next_filter = ngx_http_top_request_body_filter;
    ngx_http_top_request_body_filter = body_filter;
}
