/* SPDX-License-Identifier: EUPL-1.2 */

#include "http/ngx_dosis_engine.h"

#define ENGINE_LENGTH "content-length"
#define ENGINE_HEAD_MAX 256

typedef struct {
    const char *path;
    dosis_slice_t body; /* of the question */
    ngx_dosis_engine_pt handler;

    ngx_http_status_t line;
    bool length_known;
    size_t length;
    dosis_slice_t answer; /* data is set when it is whole */
} engine_call_t;


static engine_call_t *
engine_call(ngx_http_request_t *sr)
{
    return sr->post_subrequest->data;
}


static ngx_int_t
engine_create(ngx_http_request_t *sr)
{
    ngx_buf_t *b;
    ngx_chain_t *link;
    const engine_call_t *call = engine_call(sr);

    b = ngx_create_temp_buf(sr->pool, ENGINE_HEAD_MAX + call->body.len);
    link = ngx_alloc_chain_link(sr->pool);
    if (b == NULL || link == NULL) {
        return NGX_ERROR;
    }
    b->last = ngx_slprintf(b->last, b->end,
        "POST %s HTTP/1.1" CRLF "Host: dosisd" CRLF "Connection: close" CRLF
        "Content-Type: text/plain" CRLF "Content-Length: %uz" CRLF CRLF,
        call->path, call->body.len);
    if ((size_t) (b->end - b->last) < call->body.len) {
        return NGX_ERROR;
    }
    b->last = ngx_cpymem(b->last, call->body.data, call->body.len);
    b->last_buf = 1;
    link->buf = b;
    link->next = NULL;
    sr->upstream->request_bufs = link;
    return NGX_OK;
}


/* There is one try, so nothing to begin anew. */
static ngx_int_t
engine_reinit(ngx_http_request_t *sr)
{
    return NGX_ERROR;
}


/* All of it is awaited as if it were the head: then it lies in one piece. */
static ngx_int_t
engine_on_body(ngx_http_request_t *sr)
{
    engine_call_t *call = engine_call(sr);
    ngx_http_upstream_t *u = sr->upstream;
    size_t there = u->buffer.last - u->buffer.pos;

    if (!call->length_known
        || call->length > (size_t) (u->buffer.end - u->buffer.pos)
        || there > call->length) {
        return NGX_HTTP_UPSTREAM_INVALID_HEADER;
    }
    if (there < call->length) {
        return NGX_AGAIN;
    }
    call->answer = dosis_slice(u->buffer.pos, call->length);
    u->buffer.pos = u->buffer.last;
    u->headers_in.status_n = NGX_HTTP_OK;
    u->state->status = call->line.code;
    return NGX_OK;
}


static ngx_int_t
engine_on_header(ngx_http_request_t *sr)
{
    ngx_int_t rc;
    size_t len;
    engine_call_t *call = engine_call(sr);
    ngx_http_upstream_t *u = sr->upstream;

    while ((rc = ngx_http_parse_header_line(sr, &u->buffer, 1)) == NGX_OK) {
        len = sr->header_name_end - sr->header_name_start;
        if (len != sizeof(ENGINE_LENGTH) - 1
            || ngx_strncasecmp(
                   sr->header_name_start, (u_char *) ENGINE_LENGTH, len)
                != 0) {
            continue;
        }
        rc = ngx_atosz(
            sr->header_start, (size_t) (sr->header_end - sr->header_start));
        if (rc == NGX_ERROR || call->length_known) {
            return NGX_HTTP_UPSTREAM_INVALID_HEADER;
        }
        call->length_known = true;
        call->length = (size_t) rc;
    }
    if (rc == NGX_AGAIN) {
        return NGX_AGAIN;
    }
    if (rc != NGX_HTTP_PARSE_HEADER_DONE) {
        return NGX_HTTP_UPSTREAM_INVALID_HEADER;
    }
    u->process_header = engine_on_body;
    return engine_on_body(sr);
}


static ngx_int_t
engine_on_status(ngx_http_request_t *sr)
{
    ngx_int_t rc;
    ngx_http_upstream_t *u = sr->upstream;

    rc = ngx_http_parse_status_line(sr, &u->buffer, &engine_call(sr)->line);
    if (rc != NGX_OK) {
        return (rc == NGX_AGAIN) ? rc : NGX_HTTP_UPSTREAM_INVALID_HEADER;
    }
    u->process_header = engine_on_header;
    return engine_on_header(sr);
}


static void
engine_on_abort(ngx_http_request_t *sr)
{
}


static void
engine_on_end(ngx_http_request_t *sr, ngx_int_t rc)
{
}


/* nginx would run its phases here; there is no location to find. */
static void
engine_on_start(ngx_http_request_t *sr)
{
    ngx_http_upstream_init(sr);
}


/* Of whatever went wrong the caller hears, and not its client. */
static ngx_int_t
engine_on_done(ngx_http_request_t *sr, void *data, ngx_int_t rc)
{
    bool whole;
    engine_call_t *call = data;
    ngx_http_upstream_t *u = sr->upstream;

    if (rc == NGX_HTTP_CLIENT_CLOSED_REQUEST || sr->connection->error) {
        return NGX_ERROR;
    }
    whole = (rc == NGX_OK && call->answer.data != NULL);
    call->handler(sr->parent, whole ? call->line.code : 0, call->answer);
    if (u->buffer.start != NULL) {
        ngx_memzero(u->buffer.start, u->buffer.last - u->buffer.start);
        (void) ngx_pfree(sr->pool, u->buffer.start);
        ngx_memzero(&u->buffer, sizeof(u->buffer));
    }
    return NGX_OK;
}


void
ngx_dosis_engine_init(ngx_http_upstream_conf_t *conf, ngx_msec_t timeout)
{
    conf->connect_timeout = timeout;
    conf->send_timeout = timeout;
    conf->read_timeout = timeout;
    conf->next_upstream_tries = 1;
    conf->next_upstream = NGX_CONF_BITMASK_SET | NGX_HTTP_UPSTREAM_FT_OFF;
    conf->buffer_size = NGX_DOSIS_ENGINE_ANSWER;
    ngx_str_set(&conf->module, "dosis");
}


static ngx_int_t
engine_prepare(ngx_http_request_t *sr, ngx_dosis_main_conf_t *conf)
{
    ngx_http_upstream_t *u;

    if (ngx_http_upstream_create(sr) != NGX_OK) {
        return NGX_ERROR;
    }
    u = sr->upstream;
    ngx_str_set(&u->schema, "http://");
    u->output.tag = (ngx_buf_tag_t) &ngx_dosis_module;
    u->conf = &conf->engine;
    u->create_request = engine_create;
    u->reinit_request = engine_reinit;
    u->process_header = engine_on_status;
    u->abort_request = engine_on_abort;
    u->finalize_request = engine_on_end;
    sr->header_only = 1;
    sr->write_event_handler = engine_on_start;
    return NGX_OK;
}


ngx_int_t
ngx_dosis_engine_post(ngx_http_request_t *r, const char *path,
    dosis_slice_t body, ngx_dosis_engine_pt handler)
{
    ngx_str_t uri = { ngx_strlen(path), (u_char *) path };
    engine_call_t *call;
    ngx_http_request_t *sr;
    ngx_http_post_subrequest_t *after;
    ngx_dosis_main_conf_t *conf;

    conf = ngx_http_get_module_main_conf(r, ngx_dosis_module);
    call = ngx_pcalloc(r->pool, sizeof(*call));
    after = ngx_palloc(r->pool, sizeof(*after));
    if (call == NULL || after == NULL) {
        return NGX_ERROR;
    }
    call->path = path;
    call->body = body;
    call->handler = handler;
    after->handler = engine_on_done;
    after->data = call;
    if (ngx_http_subrequest(
            r, &uri, NULL, &sr, after, NGX_HTTP_SUBREQUEST_WAITED)
        != NGX_OK) {
        return NGX_ERROR;
    }
    return engine_prepare(sr, conf);
}
