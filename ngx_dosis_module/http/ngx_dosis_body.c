/* SPDX-License-Identifier: EUPL-1.2 */

#include "http/ngx_dosis_body.h"

#include "base/dosis_text.h"
#include "http/ngx_dosis_ctx.h"
#include "ngx_dosis_conf.h"

static ngx_http_request_body_filter_pt body_next_filter;


size_t
ngx_dosis_body_max(ngx_http_request_t *r)
{
    const ngx_dosis_loc_conf_t *conf;

    conf = ngx_http_get_module_loc_conf(r, ngx_dosis_module);
    return conf->body_max;
}


static void
body_too_large(dosis_err_t *err, size_t max)
{
    dosis_err_add(err, "BodyTeGroot", "",
        "De inhoud van de aanvraag mag hoogstens %zu bytes groot zijn.", max);
}


/* What stands before the first `;`, without blanks. */
static dosis_slice_t
body_type_of(dosis_slice_t value)
{
    const char *end = memchr(value.data, ';', value.len);

    if (end != NULL) {
        value.len = (size_t) (end - value.data);
    }
    return dosis_text_trim(value);
}


static bool
body_starts(dosis_slice_t text, dosis_slice_t start)
{
    return text.len >= start.len
        && dosis_text_ieq(dosis_slice(text.data, start.len), start);
}


/* Absent is fine; JSON is UTF-8, so nothing else can be said. */
static bool
body_charset_fits(dosis_slice_t value)
{
    size_t i;
    dosis_slice_t rest;
    const dosis_slice_t name = DOSIS_SLICE("charset=");

    for (i = 0; i + name.len <= value.len; i++) {
        rest = dosis_slice(value.data + i, value.len - i);
        if (!body_starts(rest, name)) {
            continue;
        }
        rest = body_type_of(
            dosis_slice(rest.data + name.len, rest.len - name.len));
        return dosis_text_ieq(rest, DOSIS_SLICE("utf-8"))
            || dosis_text_ieq(rest, DOSIS_SLICE("\"utf-8\""))
            || dosis_text_ieq(rest, DOSIS_SLICE("utf8"));
    }
    return true;
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
        && body_starts(type, application)
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
    type = body_type_of(value);
    if (body_is_json(type)) {
        if (body_charset_fits(value)) {
            return NGX_DOSIS_FINE;
        }
        dosis_err_add(&call->err, "MediaTypeNietOndersteund", "Content-Type",
            "JSON wordt alleen in UTF-8 aanvaard.");
    } else if (dosis_text_ieq(type, DOSIS_SLICE("text/csv"))) {
        dosis_err_add(&call->err, "MediaTypeNietOndersteund", "Content-Type",
            "Deze server aanvaardt nog geen text/csv; lever application/json.");
    }
    return NGX_DOSIS_MEDIA_TYPE_NIET_ONDERSTEUND;
}


ngx_dosis_problem_t
ngx_dosis_body_judge(ngx_dosis_call_t *call)
{
    size_t max = ngx_dosis_body_max(call->r);
    ngx_dosis_problem_t problem;
    const ngx_table_elt_t *coding = ngx_dosis_ctx(call->r)->content_encoding;
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
    if (in->content_length_n > (off_t) max) {
        call->r->keepalive = 0;
        call->r->lingering_close = 1;
        body_too_large(&call->err, max);
        return NGX_DOSIS_BODY_TE_GROOT;
    }
    return NGX_DOSIS_FINE;
}


/* A buffer of the body, from memory or from nginx's temporary file. */
static ngx_int_t
body_copy(ngx_buf_t *b, u_char *to, size_t len)
{
    if (len == 0) {
        return NGX_OK;
    }
    if (ngx_buf_in_memory(b)) {
        ngx_memcpy(to, b->pos, len);
        return NGX_OK;
    }
    return (ngx_read_file(b->file, to, len, b->file_pos) == (ssize_t) len)
        ? NGX_OK
        : NGX_ERROR;
}


static ngx_dosis_problem_t
body_join(ngx_dosis_call_t *call, const ngx_chain_t *bufs, size_t len)
{
    u_char *p;
    const ngx_chain_t *link;

    p = ngx_pnalloc(call->r->pool, len);
    if (p == NULL) {
        return NGX_DOSIS_TIJDELIJK_NIET_BESCHIKBAAR;
    }
    call->body = dosis_slice(p, len);
    for (link = bufs; link != NULL; link = link->next) {
        if (body_copy(link->buf, p, ngx_buf_size(link->buf)) != NGX_OK) {
            return NGX_DOSIS_TIJDELIJK_NIET_BESCHIKBAAR;
        }
        p += ngx_buf_size(link->buf);
    }
    return NGX_DOSIS_FINE;
}


ngx_dosis_problem_t
ngx_dosis_body(ngx_dosis_call_t *call)
{
    size_t len = 0;
    const ngx_chain_t *link;
    const ngx_chain_t *bufs = call->r->request_body->bufs;

    for (link = bufs; link != NULL; link = link->next) {
        len += ngx_buf_size(link->buf);
    }
    if (len > ngx_dosis_body_max(call->r)) {
        body_too_large(&call->err, ngx_dosis_body_max(call->r));
        return NGX_DOSIS_BODY_TE_GROOT;
    }
    if (len == 0) {
        dosis_err_add(
            &call->err, "JsonOngeldig", "", "De aanvraag heeft geen inhoud.");
        return NGX_DOSIS_JSON_ONGELDIG;
    }
    if (bufs->next != NULL || !ngx_buf_in_memory(bufs->buf)) {
        return body_join(call, bufs, len);
    }
    call->body = dosis_slice(bufs->buf->pos, len);
    return NGX_DOSIS_FINE;
}


/* What is announced is judged before; this is for what just keeps coming. */
static ngx_int_t
body_filter(ngx_http_request_t *r, ngx_chain_t *in)
{
    ngx_chain_t *link;
    ngx_dosis_ctx_t *ctx;

    ctx = ngx_http_get_module_ctx(r, ngx_dosis_module);
    if (ctx == NULL || ctx->body_max == 0) {
        return body_next_filter(r, in);
    }
    for (link = in; link != NULL; link = link->next) {
        ctx->body_seen += ngx_buf_size(link->buf);
    }
    if (ctx->body_seen > ctx->body_max) {
        r->lingering_close = 1;
        return NGX_HTTP_REQUEST_ENTITY_TOO_LARGE;
    }
    return body_next_filter(r, in);
}


void
ngx_dosis_body_init(void)
{
    body_next_filter = ngx_http_top_request_body_filter;
    ngx_http_top_request_body_filter = body_filter;
}
