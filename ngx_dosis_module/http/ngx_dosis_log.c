/* SPDX-License-Identifier: EUPL-1.2 */

#include "http/ngx_dosis_log.h"

#include "base/dosis_text.h"
#include "http/ngx_dosis_ctx.h"
#include "ngx_dosis_conf.h"

#define LOG_NUMBER_DIGITS 11
#define LOG_TOKEN "access_token="
#define LOG_TICKET "/door/" /* of a click-through */
#define LOG_HEADER " header line: \"" /* of NGINX, about one it refused */

/* What a log had before the guard. */
typedef struct {
    ngx_log_writer_pt writer;
    void *wdata;
} log_guard_t;


/* Cheap: most texts have too few digits to look any closer. */
static bool
log_may_hold_number(const ngx_str_t *text)
{
    size_t i;
    ngx_uint_t digits = 0;

    if (text->len < LOG_NUMBER_DIGITS) {
        return false;
    }
    for (i = 0; i < text->len; i++) {
        digits += (text->data[i] >= '0' && text->data[i] <= '9');
    }
    return digits >= LOG_NUMBER_DIGITS;
}


/* The _ has no other case, and few addresses hold it. */
static u_char *
log_find_token(const ngx_str_t *text)
{
    if (text->len < sizeof(LOG_TOKEN)
        || memchr(text->data, '_', text->len) == NULL) {
        return NULL;
    }
    return ngx_strlcasestrn(text->data, text->data + text->len,
        (u_char *) LOG_TOKEN, sizeof(LOG_TOKEN) - 2);
}


static u_char *
log_find_ticket(const ngx_str_t *text)
{
    const size_t len = sizeof(LOG_TICKET) - 1;
    u_char *p = text->data;
    u_char *end = text->data + text->len;

    while ((size_t) (end - p) >= len) {
        p = memchr(p, LOG_TICKET[0], end - p - len + 1);
        if (p == NULL || ngx_memcmp(p, LOG_TICKET, len) == 0) {
            return p;
        }
        p++;
    }
    return NULL;
}


/* Whether anything in it has to be blanked. */
static bool
log_is_plain(const ngx_str_t *text)
{
    return !log_may_hold_number(text) && log_find_token(text) == NULL
        && log_find_ticket(text) == NULL;
}


/* As much as a ticket could be of. */
static void
log_blank_ticket(const ngx_str_t *text)
{
    u_char *end = text->data + text->len;
    u_char *p = log_find_ticket(text);

    if (p == NULL) {
        return;
    }
    for (p += sizeof(LOG_TICKET) - 1; p < end; p++) {
        if (ngx_strchr("?#& \"/\r\n", *p) != NULL) {
            break;
        }
        *p = 'x';
    }
}


static void
log_blank_token(ngx_str_t text)
{
    u_char *p;
    u_char *end = text.data + text.len;

    p = log_find_token(&text);
    while (p != NULL) {
        for (p += sizeof(LOG_TOKEN) - 1; p < end; p++) {
            if (*p == '&' || *p == ' ' || *p == '#' || *p == '"') {
                break;
            }
            *p = 'x';
        }
        text = (ngx_str_t){ end - p, p };
        p = log_find_token(&text);
    }
}


static void
log_blank(const ngx_str_t *text)
{
    if (text->len == 0) {
        return;
    }
    if (log_may_hold_number(text)) {
        (void) dosis_text_blank_numbers((char *) text->data, text->len);
    }
    log_blank_token(*text);
    log_blank_ticket(text);
}


/* Is it a part of the request line, and so blanked with it? */
static bool
log_within(const ngx_str_t *part, const ngx_str_t *whole)
{
    return part->data >= whole->data
        && part->data + part->len <= whole->data + whole->len;
}


static void
log_blank_apart(const ngx_str_t *part, const ngx_str_t *whole)
{
    if (!log_within(part, whole)) {
        log_blank(part);
    }
}


static void
log_blank_header(const ngx_table_elt_t *header)
{
    if (header != NULL) {
        log_blank(&header->value);
    }
}


/* A request line that did not parse lies in the buffer as it came. */
static ngx_str_t
log_request_line(ngx_http_request_t *r)
{
    u_char *p;

    if (r->request_line.data != NULL || r->request_start == NULL
        || r->header_in == NULL) {
        return r->request_line;
    }
    for (p = r->request_start; p < r->header_in->last; p++) {
        if (*p == CR || *p == LF) {
            break;
        }
    }
    return (ngx_str_t){ p - r->request_start, r->request_start };
}


/* plain: nothing in the request line has to be blanked. */
static void
log_blank_parts(ngx_http_request_t *r, const ngx_str_t *line, bool plain)
{
    if (!plain) {
        log_blank(line);
    }
    log_blank_apart(&r->unparsed_uri, line);
    log_blank_apart(&r->uri, line);
    log_blank_apart(&r->args, line);
    log_blank_header(r->headers_in.referer);
    log_blank_header(r->headers_in.user_agent);
    log_blank_header(r->headers_in.host);
}


static void
log_blank_request(ngx_http_request_t *r)
{
    ngx_str_t line = log_request_line(r);

    log_blank_parts(r, &line, false);
}


static ngx_int_t
log_keep(ngx_pool_t *pool, ngx_str_t *text)
{
    u_char *copy;

    if (text->len == 0 || log_is_plain(text)) {
        return NGX_OK;
    }
    copy = ngx_pnalloc(pool, text->len);
    if (copy == NULL) {
        return NGX_ERROR;
    }
    ngx_memcpy(copy, text->data, text->len);
    text->data = copy;
    return NGX_OK;
}


/* A part of a line that is plain is plain. */
static ngx_int_t
log_keep_apart(ngx_pool_t *pool, ngx_str_t *text, const ngx_str_t *line,
    bool plain)
{
    return plain && log_within(text, line) ? NGX_OK : log_keep(pool, text);
}


ngx_int_t
ngx_dosis_log_post_read(ngx_http_request_t *r)
{
    bool plain;
    ngx_str_t line;
    ngx_dosis_ctx_t *ctx;
    const ngx_dosis_srv_conf_t *conf;

    conf = ngx_http_get_module_srv_conf(r, ngx_dosis_module);
    if (!conf->enabled || r != r->main) {
        return NGX_DECLINED;
    }

    ctx = ngx_dosis_ctx(r);
    line = log_request_line(r);
    plain = log_is_plain(&line);
    if (ctx == NULL
        || log_keep_apart(r->pool, &ctx->uri, &line, plain) != NGX_OK
        || log_keep_apart(r->pool, &ctx->args, &line, plain) != NGX_OK) {
        log_blank_request(r);
        return NGX_HTTP_SERVICE_UNAVAILABLE;
    }
    log_blank_parts(r, &line, plain);
    ctx->blanked = true;
    return NGX_DECLINED;
}


/*
 * $remote_user is decoded anew whenever it is asked for: a name that holds a
 * number is left out as a whole.
 */
static void
log_hide_user(ngx_http_request_t *r)
{
    if (r->headers_in.authorization == NULL
        || ngx_http_auth_basic_user(r) != NGX_OK
        || !log_may_hold_number(&r->headers_in.user)
        || dosis_text_blank_numbers(
               (char *) r->headers_in.user.data, r->headers_in.user.len)
            == 0) {
        return;
    }
    r->headers_in.user.data = (u_char *) "";
    r->headers_in.user.len = 0;
}


ngx_int_t
ngx_dosis_log_request(ngx_http_request_t *r)
{
    const ngx_dosis_ctx_t *ctx;
    const ngx_dosis_srv_conf_t *conf;

    conf = ngx_http_get_module_srv_conf(r, ngx_dosis_module);
    if (!conf->enabled) {
        return NGX_OK;
    }
    ctx = ngx_http_get_module_ctx(r, ngx_dosis_module);
    if (ctx == NULL || !ctx->blanked) {
        log_blank_request(r);
    }

    log_hide_user(r);
    return NGX_OK;
}


/* What NGINX writes behind what stands between quotes. */
static const ngx_str_t log_behind[] = {
    ngx_string(", client: "),
    ngx_string(", server: "),
    ngx_string(", request: \""),
    ngx_string(", subrequest: \""),
    ngx_string(", upstream: \""),
    ngx_string(", host: \""),
    ngx_string(", referrer: \""),
};


/* A quote that stands in the address itself ends nothing. */
static bool
log_ends_at(const u_char *quote, const u_char *end)
{
    size_t i;
    const u_char *p = quote + 1;

    if (p == end || *p == LF) {
        return true;
    }
    for (i = 0; i < sizeof(log_behind) / sizeof(log_behind[0]); i++) {
        if ((size_t) (end - p) >= log_behind[i].len
            && ngx_memcmp(p, log_behind[i].data, log_behind[i].len) == 0) {
            return true;
        }
    }
    return false;
}


/*
 * What is asked stands behind the ? of an address: dossiers, organisations. A
 * line of the error log shows the address only.
 */
static void
log_blank_query(ngx_str_t line)
{
    u_char *p;
    u_char *end = line.data + line.len;
    bool inside = false;

    for (p = line.data; p < end; p++) {
        if (*p == '"' && log_ends_at(p, end)) {
            inside = false;
        } else if (inside && *p != LF) {
            *p = 'x';
        } else if (*p == '?') {
            inside = true;
        }
    }
}


/* A header that NGINX refused may be one with a token: its name stays. */
static void
log_blank_line_of_header(const ngx_str_t *line)
{
    u_char *end = line->data + line->len;
    u_char *p =
        memmem(line->data, line->len, LOG_HEADER, sizeof(LOG_HEADER) - 1);
    bool value = false;

    if (p == NULL) {
        return;
    }
    for (p += sizeof(LOG_HEADER) - 1; p < end; p++) {
        if (*p == LF || (*p == '"' && log_ends_at(p, end))) {
            break;
        }
        if (value) {
            *p = 'x';
        }
        value |= ngx_strchr(": \t", *p) != NULL;
    }
}


static void
log_write_file(ngx_log_t *log, u_char *line, size_t len)
{
    if (log->file == NULL || ngx_time() == log->disk_full_time) {
        return;
    }
    if (ngx_write_fd(log->file->fd, line, len) == -1
        && ngx_errno == NGX_ENOSPC) {
        log->disk_full_time = ngx_time();
    }
}


static void
log_write_blanked(ngx_log_t *log, ngx_uint_t level, u_char *line, size_t len)
{
    ngx_log_t before;
    ngx_str_t text = { len, line };
    const log_guard_t *guard = log->wdata;

    log_blank(&text);
    log_blank_query(text);
    log_blank_line_of_header(&text);
    if (guard->writer == NULL) {
        log_write_file(log, line, len);
        return;
    }
    before = *log;
    before.writer = guard->writer;
    before.wdata = guard->wdata;
    guard->writer(&before, level, line, len);
}


ngx_int_t
ngx_dosis_log_guard(ngx_pool_t *pool, ngx_log_t *log)
{
    log_guard_t *guard;

    for (; log != NULL; log = log->next) {
        if (log->writer == log_write_blanked) {
            continue;
        }
        guard = ngx_palloc(pool, sizeof(*guard));
        if (guard == NULL) {
            return NGX_ERROR;
        }
        guard->writer = log->writer;
        guard->wdata = log->wdata;
        log->wdata = guard;
        log->writer = log_write_blanked;
    }
    return NGX_OK;
}
