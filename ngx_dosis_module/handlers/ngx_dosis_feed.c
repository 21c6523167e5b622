/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * GET wijzigingen: what changed for the subject since a cursor.
 *
 *   feed_poll     one page, at once; with `Prefer: wait` and nothing to say
 *                 the request stays, and this handler runs again on a change
 *   feed_events   `Accept: text/event-stream`: the same, piece by piece
 */

#include "auth/ngx_dosis_question.h"
#include "base/dosis_text.h"
#include "handlers/ngx_dosis_handlers.h"
#include "http/ngx_dosis_ctx.h"
#include "http/ngx_dosis_stream.h"

#define FEED_EVENTS "text/event-stream"
#define FEED_WAIT "wait="
#define FEED_RETRY "retry: 1000\n\n"


/* The first header of that name; the empty slice when there is none. */
static dosis_slice_t
feed_header(const ngx_http_request_t *r, const char *name)
{
    ngx_uint_t i;
    const ngx_list_part_t *part;
    const ngx_table_elt_t *h;

    for (part = &r->headers_in.headers.part; part != NULL; part = part->next) {
        h = part->elts;
        for (i = 0; i < part->nelts; i++) {
            if (dosis_text_ieq(
                    ngx_dosis_slice(&h[i].key), dosis_slice_of(name))) {
                return dosis_text_trim(ngx_dosis_slice(&h[i].value));
            }
        }
    }
    return dosis_slice(NULL, 0);
}


static bool
feed_wants_events(const ngx_http_request_t *r)
{
    dosis_slice_t accept = feed_header(r, "Accept");

    return r->method == NGX_HTTP_GET && accept.len >= sizeof(FEED_EVENTS) - 1
        && ngx_strlcasestrn((u_char *) accept.data,
               (u_char *) accept.data + accept.len, (u_char *) FEED_EVENTS,
               sizeof(FEED_EVENTS) - 2)
        != NULL;
}


/* Seconds of `Prefer: wait=30` (RFC 7240); 0: not asked, or not understood. */
static ngx_uint_t
feed_wait_s(const ngx_http_request_t *r)
{
    ngx_uint_t s = 0;
    u_char *p;
    u_char *end;
    dosis_slice_t prefer = feed_header(r, "Prefer");

    if (r->method != NGX_HTTP_GET || prefer.len < sizeof(FEED_WAIT) - 1) {
        return 0;
    }
    end = (u_char *) prefer.data + prefer.len;
    p = ngx_strlcasestrn((u_char *) prefer.data, end, (u_char *) FEED_WAIT,
        sizeof(FEED_WAIT) - 2);
    if (p == NULL) {
        return 0;
    }
    for (p += sizeof(FEED_WAIT) - 1; p < end && *p >= '0' && *p <= '9'; p++) {
        s = ngx_min(s * 10 + (*p - '0'), DOSIS_FEED_WAIT_MAX_S);
    }
    return s;
}


static ngx_int_t
feed_refuse(ngx_dosis_call_t *call, dosis_rc_t rc)
{
    if (rc == DOSIS_EINPUT) {
        return ngx_dosis_refuse_field(call, NGX_DOSIS_PARAMETER_ONGELDIG, "na",
            "Dit volgpunt is ongeldig.");
    }
    if (rc == DOSIS_EEXPIRED) {
        return ngx_dosis_refuse(call, NGX_DOSIS_VOLGPUNT_VERVALLEN);
    }
    return ngx_dosis_refuse_rc(call, rc);
}


/* Stays, when nothing is to be told and there is time left. */
static ngx_int_t
feed_poll(ngx_dosis_call_t *call, const dosis_question_t *question,
    ngx_dosis_stream_t *stream)
{
    dosis_rc_t rc;
    dosis_feed_t feed;
    ngx_uint_t wait_s = feed_wait_s(call->r);

    rc = dosis_feed(call->reader, question, DOSIS_FEED_JSON, call->out, &feed);
    if (rc != DOSIS_OK) {
        return feed_refuse(call, rc);
    }
    call->reply.waited = wait_s > 0;
    if (feed.items > 0 || feed.more || wait_s == 0
        || ngx_dosis_stream_is_over(stream)) {
        return ngx_dosis_answer(call);
    }
    if (stream != NULL) {
        return NGX_DONE;
    }
    stream = ngx_dosis_stream_open(
        call, question, NGX_DOSIS_STREAM_WAIT, wait_s * 1000);
    return (stream == NULL) ? NGX_OK : NGX_DONE;
}


/* The next piece; the first one always has a cursor. */
static dosis_rc_t
feed_piece(ngx_dosis_call_t *call, const dosis_question_t *question, bool first,
    dosis_feed_t *ret_feed)
{
    dosis_rc_t rc;

    if (first) {
        DOSIS_BUF_LIT(call->out, FEED_RETRY);
    }
    rc = dosis_feed(
        call->reader, question, DOSIS_FEED_STREAM, call->out, ret_feed);
    if (rc == DOSIS_OK && first && ret_feed->items == 0) {
        dosis_buf_addf(call->out, "id: %s\n\n", ret_feed->next);
    }
    return (rc != DOSIS_OK) ? rc : call->out->rc;
}


static ngx_int_t
feed_events(ngx_dosis_call_t *call, dosis_question_t *question,
    ngx_dosis_stream_t *stream)
{
    bool first = (stream == NULL);
    dosis_rc_t rc;
    dosis_feed_t feed;
    dosis_slice_t last = feed_header(call->r, "Last-Event-ID");

    if (!first) {
        question->after = dosis_slice_of(stream->after);
    } else if (last.len > 0) {
        question->after = last;
    }
    rc = feed_piece(call, question, first, &feed);
    if (rc != DOSIS_OK) {
        return feed_refuse(call, rc);
    }
    if (first) {
        stream =
            ngx_dosis_stream_open(call, question, NGX_DOSIS_STREAM_EVENTS, 0);
        if (stream == NULL) {
            return NGX_OK;
        }
    }
    if (!ngx_dosis_stream_put(stream, dosis_buf_slice(call->out))) {
        ngx_dosis_stream_leave(stream);
        return ngx_dosis_refuse_rc(call, DOSIS_ENOMEM);
    }
    ngx_memcpy(stream->after, feed.next, sizeof(stream->after));
    stream->stale = feed.more;
    return NGX_DONE;
}


ngx_int_t
ngx_dosis_feed(ngx_dosis_call_t *call)
{
    ngx_dosis_stream_t *stream = ngx_dosis_ctx(call->r)->stream;
    ngx_dosis_question_t asked;

    if (!ngx_dosis_question_read(call, NULL, &asked)) {
        return NGX_OK;
    }
    return feed_wants_events(call->r)
        ? feed_events(call, &asked.question, stream)
        : feed_poll(call, &asked.question, stream);
}
