/* SPDX-License-Identifier: EUPL-1.2 */

#include "http/ngx_dosis_stream.h"

#include <time.h>

#include "base/dosis_time.h"
#include "http/ngx_dosis_ctx.h"
#include "ngx_dosis_worker.h"
#include "writer/ngx_dosis_inzage.h"

#define STREAM_TICK_MS 50
#define STREAM_NEXT_MS 1    /* when a tick had more than its share */
#define STREAM_TURNS_MAX 64 /* per tick */
#define STREAM_LOOK_NS (2 * DOSIS_NS_PER_MS)  /* per tick; one is always */
#define STREAM_TURNS_NS (2 * DOSIS_NS_PER_MS) /* as well */

static struct {
    ngx_queue_t all;
    ngx_uint_t count;
    ngx_event_t tick;
    dosis_watch_point_t seen;

    /* a pass along all of them, when something has moved */
    bool passing;
    bool everybody; /* it wakes them all */
    uint32_t pass;
    dosis_watch_point_t next; /* what is seen when it has ended */

    int64_t spent_ns; /* on turns, since the last tick */
    bool late;        /* some were put off for it */
} streams;


static int64_t
stream_now_ns(void)
{
    struct timespec now;

    (void) clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t) now.tv_sec * DOSIS_NS_PER_S + now.tv_nsec;
}


/* --- who waits ------------------------------------------------------------ */

static bool
stream_worker_leaves(void)
{
    return ngx_exiting || ngx_quit || ngx_terminate;
}


bool
ngx_dosis_stream_is_over(const ngx_dosis_stream_t *stream)
{
    return stream_worker_leaves()
        || (stream != NULL && (stream->due || ngx_time() >= stream->expires));
}


void
ngx_dosis_stream_leave(ngx_dosis_stream_t *stream)
{
    if (stream->gone) {
        return;
    }
    stream->gone = true;
    ngx_queue_remove(&stream->queue);
    streams.count--;
    ngx_dosis_ctx(stream->r)->stream = NULL;
    if (stream->event.timer_set) {
        ngx_del_timer(&stream->event);
    }
    if (stream->event.posted) {
        ngx_delete_posted_event(&stream->event);
    }
}


static void
stream_on_end(void *data)
{
    ngx_dosis_stream_t *stream = data;

    ngx_dosis_stream_leave(stream);
    if (stream->piece != NULL) {
        ngx_free(stream->piece);
        stream->piece = NULL;
    }
}


/* A machine is counted as its client, a user as the subject. */
static uint32_t
stream_owner(const dosis_identity_t *who)
{
    dosis_slice_t id = who->client;

    if (who->has_subject) {
        id = dosis_agent_id(&who->subject.agent);
    }
    return ngx_murmur_hash2((u_char *) id.data, id.len);
}


static bool
stream_has_room(uint32_t owner)
{
    ngx_uint_t own = 0;
    ngx_queue_t *q;
    const ngx_dosis_stream_t *stream;
    const ngx_dosis_main_conf_t *conf = ngx_dosis_worker()->conf;

    if (streams.count >= conf->streams_max) {
        return false;
    }
    for (q = ngx_queue_head(&streams.all); q != &streams.all;
         q = ngx_queue_next(q)) {
        stream = ngx_queue_data(q, ngx_dosis_stream_t, queue);
        own += (stream->owner == owner);
    }
    return own < conf->streams_client_max;
}


static void
stream_set_timer(ngx_dosis_stream_t *stream, ngx_msec_t ms)
{
    time_t left = stream->expires - ngx_time();

    left = ngx_max(left, 0);
    if ((ngx_msec_t) left < ms / 1000) {
        ms = (ngx_msec_t) left * 1000;
    }
    ngx_add_timer(&stream->event, ngx_max(ms, 1));
}


static void stream_on_event(ngx_event_t *ev);


static ngx_dosis_stream_t *
stream_create(ngx_http_request_t *r)
{
    ngx_pool_cleanup_t *cleanup;
    ngx_dosis_stream_t *stream;

    cleanup = ngx_pool_cleanup_add(r->pool, sizeof(*stream));
    if (cleanup == NULL) {
        return NULL;
    }
    stream = cleanup->data;
    ngx_memzero(stream, sizeof(*stream));
    stream->r = r;
    stream->gone = true;
    stream->event.data = stream;
    stream->event.handler = stream_on_event;
    stream->event.log = r->connection->log;
    stream->chain.buf = &stream->buf;
    cleanup->handler = stream_on_end;
    return stream;
}


static void
stream_join(ngx_dosis_stream_t *stream)
{
    ngx_http_request_t *r = stream->r;

    stream->gone = false;
    ngx_queue_insert_tail(&streams.all, &stream->queue);
    streams.count++;
    ngx_dosis_ctx(r)->stream = stream;
    if (!streams.tick.timer_set) {
        ngx_add_timer(&streams.tick, STREAM_TICK_MS);
    }

    /* until there is something to say, only leaving is of interest */
    r->read_event_handler = ngx_http_test_reading;
    r->write_event_handler = ngx_http_request_empty_handler;
    if (r->connection->read->ready) {
        /* gone already, it may be: that is told once */
        ngx_post_event(r->connection->read, &ngx_posted_events);
    }
}


ngx_dosis_stream_t *
ngx_dosis_stream_open(ngx_dosis_call_t *call, const dosis_question_t *question,
    ngx_dosis_stream_kind_t kind, ngx_msec_t wait_ms)
{
    dosis_rc_t rc;
    ngx_dosis_stream_t *stream;
    uint32_t owner = stream_owner(call->identity);

    if (!stream_has_room(owner)) {
        (void) ngx_dosis_refuse(call, NGX_DOSIS_TE_VEEL_AANVRAGEN);
        return NULL;
    }
    stream = stream_create(call->r);
    rc = (stream == NULL)
        ? DOSIS_ENOMEM
        : dosis_watch_init(call->reader, question, &stream->watch);
    if (rc == DOSIS_OK && streams.count == 0) {
        rc = dosis_watch_point(call->reader, &streams.seen);
    }
    if (rc != DOSIS_OK) {
        (void) ngx_dosis_refuse_rc(call, rc);
        return NULL;
    }
    stream->kind = kind;
    stream->owner = owner;
    stream->expires = (time_t) call->identity->exp_s;
    stream_join(stream);
    if (kind == NGX_DOSIS_STREAM_WAIT) {
        stream_set_timer(stream, wait_ms);
    } else {
        ngx_post_event(&stream->event, &ngx_posted_events);
    }
    return stream;
}


/* --- what goes out -------------------------------------------------------- */

bool
ngx_dosis_stream_put(ngx_dosis_stream_t *stream, dosis_slice_t piece)
{
    ngx_buf_t *b = &stream->buf;

    if (piece.len == 0) {
        return true;
    }
    stream->piece = ngx_alloc(piece.len, stream->event.log);
    if (stream->piece == NULL) {
        return false;
    }
    ngx_memcpy(stream->piece, piece.data, piece.len);
    ngx_memzero(b, sizeof(*b));
    b->start = b->pos = stream->piece;
    b->end = b->last = stream->piece + piece.len;
    b->memory = 1;
    b->flush = 1;
    return true;
}


static void stream_on_write(ngx_http_request_t *r);


/* Sends what it can; the rest goes when the client reads. */
static void
stream_send(ngx_dosis_stream_t *stream, ngx_chain_t *out)
{
    ngx_http_request_t *r = stream->r;
    ngx_connection_t *c = r->connection;
    const ngx_http_core_loc_conf_t *core;

    if (ngx_http_output_filter(r, out) == NGX_ERROR) {
        ngx_dosis_stream_leave(stream);
        ngx_http_finalize_request(r, NGX_ERROR);
        return;
    }
    stream->sending = r->buffered || c->buffered;
    if (stream->sending) {
        core = ngx_http_get_module_loc_conf(r, ngx_http_core_module);
        r->write_event_handler = stream_on_write;
        if (!c->write->timer_set) {
            ngx_add_timer(c->write, core->send_timeout);
        }
        if (ngx_handle_write_event(c->write, core->send_lowat) != NGX_OK) {
            ngx_dosis_stream_leave(stream);
            ngx_http_finalize_request(r, NGX_ERROR);
        }
        return;
    }
    if (c->write->timer_set) {
        ngx_del_timer(c->write);
    }
    r->write_event_handler = ngx_http_request_empty_handler;
    if (stream->piece != NULL) {
        ngx_free(stream->piece);
        stream->piece = NULL;
    }
    if (stream->stale && !stream->event.posted) {
        ngx_post_event(&stream->event, &ngx_posted_events);
    }
}


static void
stream_on_write(ngx_http_request_t *r)
{
    ngx_event_t *wev = r->connection->write;
    ngx_dosis_stream_t *stream = ngx_dosis_ctx(r)->stream;

    if (wev->timedout) {
        ngx_log_error(NGX_LOG_INFO, r->connection->log, NGX_ETIMEDOUT,
            "dosis stream ended: its client does not read");
        r->connection->timedout = 1;
        ngx_http_finalize_request(r, NGX_HTTP_REQUEST_TIME_OUT);
        return;
    }
    if (stream != NULL && wev->ready) {
        stream_send(stream, NULL);
    }
}


static void
stream_start(ngx_dosis_stream_t *stream)
{
    ngx_int_t rc;
    ngx_http_request_t *r = stream->r;

    stream->started = true;
    rc = ngx_dosis_reply_stream(r);
    if (rc == NGX_ERROR || rc > NGX_OK || r->header_only) {
        ngx_dosis_stream_leave(stream);
        ngx_http_finalize_request(r, rc);
        return;
    }
    stream_set_timer(stream, ngx_dosis_worker()->conf->heartbeat_ms);
    stream_send(stream, &stream->chain);
}


/* In good order: a last line, the end of the body. why: for who reads along. */
static void
stream_end(ngx_dosis_stream_t *stream, const char *why)
{
    u_char text[64];
    ngx_int_t rc = NGX_ERROR;
    ngx_http_request_t *r = stream->r;
    size_t len = ngx_snprintf(text, sizeof(text), ": einde %s\n\n", why) - text;

    ngx_dosis_stream_leave(stream);
    if (!stream->sending && stream->piece != NULL) {
        ngx_free(stream->piece); /* one that must not go */
        stream->piece = NULL;
    }
    ngx_log_error(
        NGX_LOG_INFO, r->connection->log, 0, "dosis stream ended: why=%s", why);
    if (!stream->sending
        && ngx_dosis_stream_put(stream, dosis_slice(text, len))) {
        stream->buf.last_buf = 1;
        stream->buf.last_in_chain = 1;
        rc = ngx_http_output_filter(r, &stream->chain);
    }
    ngx_http_finalize_request(r, rc);
}


/* --- a turn --------------------------------------------------------------- */

/* The handler has answered, or stays. */
static void
stream_turn_wait(ngx_dosis_stream_t *stream)
{
    ngx_int_t rc;
    ngx_dosis_call_t call;
    ngx_http_request_t *r = stream->r;

    stream->stale = false;
    if (ngx_dosis_call_again(&call, r) == NGX_DONE) {
        return;
    }
    ngx_dosis_stream_leave(stream);
    rc = ngx_dosis_inzage_reply(r, &call.reply, &call.inzage);
    if (rc != NGX_DONE) {
        ngx_http_finalize_request(r, rc);
    }
}


/* Asks the handler, which puts what there is; without anything: a sign. */
static void
stream_turn_ask(ngx_dosis_stream_t *stream)
{
    ngx_dosis_call_t call;
    const ngx_msec_t beat = ngx_dosis_worker()->conf->heartbeat_ms;

    stream->stale = false;
    if (ngx_dosis_call_again(&call, stream->r) != NGX_DONE) {
        stream_end(stream, ngx_dosis_problem_row(call.reply.problem)->code);
        return;
    }
    if (stream->piece == NULL && stream->due
        && !ngx_dosis_stream_put(stream, DOSIS_SLICE(": hartslag\n\n"))) {
        stream_end(stream, "TijdelijkNietBeschikbaar");
        return;
    }
    if (stream->due || stream->piece != NULL) {
        stream_set_timer(stream, beat);
    }
    stream->due = false;
    if (stream->piece != NULL) {
        stream_send(stream, &stream->chain);
    } else if (stream->stale) {
        ngx_post_event(&stream->event, &ngx_posted_events);
    }
}


static void
stream_turn_events(ngx_dosis_stream_t *stream)
{
    if (!stream->started) {
        stream_start(stream);
    } else if (stream_worker_leaves()) {
        stream_end(stream, "Herstart");
    } else if (ngx_time() >= stream->expires) {
        stream_end(stream, "TokenVerlopen");
    } else if (stream->sending) {
        /* asked again when the client has read what is on its way */
        stream->stale = true;
        stream_set_timer(stream, ngx_dosis_worker()->conf->heartbeat_ms);
    } else if (stream->stale || stream->due) {
        stream_turn_ask(stream);
    }
}


/*
 * When turns have had their share, the rest of the loop comes first. A head
 * that must go out, or one that cannot be written to, costs nothing.
 */
static bool
stream_put_off(ngx_dosis_stream_t *stream)
{
    if (streams.spent_ns < STREAM_TURNS_NS || stream->sending
        || (stream->kind == NGX_DOSIS_STREAM_EVENTS && !stream->started)) {
        return false;
    }
    stream->stale = true;
    if (!streams.late) {
        streams.late = true;
        if (streams.tick.timer_set) {
            ngx_del_timer(&streams.tick);
        }
        ngx_add_timer(&streams.tick, STREAM_NEXT_MS);
    }
    return true;
}


static void
stream_on_event(ngx_event_t *ev)
{
    int64_t begun_ns = stream_now_ns();
    ngx_dosis_stream_t *stream = ev->data;
    ngx_connection_t *c = stream->r->connection;

    stream->due |= ev->timedout;
    ev->timedout = 0;
    if (stream_put_off(stream)) {
        return;
    }
    /* behind the others: those in front must not have every turn there is */
    ngx_queue_remove(&stream->queue);
    ngx_queue_insert_tail(&streams.all, &stream->queue);
    ngx_http_set_log_request(c->log, stream->r);
    if (stream->kind == NGX_DOSIS_STREAM_WAIT) {
        stream_turn_wait(stream);
    } else {
        stream_turn_events(stream);
    }
    ngx_http_run_posted_requests(c);
    streams.spent_ns += stream_now_ns() - begun_ns;
}


/* --- the tick ------------------------------------------------------------- */

/*
 * Marks those for whom something may have changed, as many as there is time
 * for: passing is still true when there are more.
 */
static dosis_rc_t
streams_probe(dosis_reader_t *reader)
{
    bool moved;
    dosis_rc_t rc;
    ngx_queue_t *q;
    ngx_dosis_stream_t *stream;
    int64_t end_ns = stream_now_ns() + STREAM_LOOK_NS;

    for (q = ngx_queue_head(&streams.all); q != &streams.all;
         q = ngx_queue_next(q)) {
        stream = ngx_queue_data(q, ngx_dosis_stream_t, queue);
        if (stream->pass == streams.pass) {
            continue;
        }
        if (stream_now_ns() > end_ns) {
            return DOSIS_OK;
        }
        rc = dosis_watch_moved(reader, &stream->watch, &moved);
        if (rc != DOSIS_OK) {
            return rc;
        }
        stream->pass = streams.pass;
        stream->stale |= moved || streams.everybody;
    }
    streams.passing = false;
    return DOSIS_OK;
}


/* Whether a pass has to begin: what has moved since the last one. */
static void
streams_begin_pass(const dosis_watch_point_t *now)
{
    const dosis_watch_point_t *seen = &streams.seen;

    if (streams.passing) {
        return;
    }
    streams.next = *now;
    streams.everybody = (now->reference != seen->reference);
    streams.passing = streams.everybody || now->sequence != seen->sequence;
    streams.pass++;
}


/*
 * A commit shows in last_txn a moment before a snapshot has it: what counts as
 * seen is what the snapshot held. True: there was no time for all.
 */
static bool
streams_look(void)
{
    dosis_rc_t rc;
    dosis_reader_t *reader = ngx_dosis_worker_reader();
    dosis_watch_point_t now;
    const dosis_watch_point_t *seen = &streams.seen;

    if (reader == NULL
        || (!streams.passing
            && dosis_store_last_txn(ngx_dosis_worker()->store) == seen->txn)
        || dosis_reader_begin(reader) != DOSIS_OK) {
        return false;
    }
    rc = dosis_watch_point(reader, &now);
    if (rc == DOSIS_OK) {
        streams_begin_pass(&now);
        rc = streams.passing ? streams_probe(reader) : DOSIS_OK;
    }
    if (rc == DOSIS_OK && !streams.passing) {
        streams.seen = streams.next;
    }
    dosis_reader_end(reader);
    return rc == DOSIS_OK && streams.passing;
}


/* Posts their turns, at most a share of them; true: there are more. */
static bool
streams_wake(bool everybody)
{
    ngx_uint_t turns = 0;
    ngx_queue_t *q;
    ngx_dosis_stream_t *stream;

    for (q = ngx_queue_head(&streams.all); q != &streams.all;
         q = ngx_queue_next(q)) {
        stream = ngx_queue_data(q, ngx_dosis_stream_t, queue);
        if ((!stream->stale || stream->sending) && !everybody) {
            continue;
        }
        if (turns++ == STREAM_TURNS_MAX) {
            return true;
        }
        if (!stream->event.posted) {
            ngx_post_event(&stream->event, &ngx_posted_events);
        }
    }
    return false;
}


static void
streams_on_tick(ngx_event_t *ev)
{
    bool more = false;
    bool leaves = stream_worker_leaves();

    ev->timedout = 0;
    streams.spent_ns = 0;
    streams.late = false;
    if (ngx_queue_empty(&streams.all)) {
        streams.passing = false;
        return;
    }
    if (!leaves) {
        more = streams_look();
    }
    more |= streams_wake(leaves);
    ngx_add_timer(ev, more ? STREAM_NEXT_MS : STREAM_TICK_MS);
}


void
ngx_dosis_stream_init(ngx_cycle_t *cycle)
{
    ngx_memzero(&streams, sizeof(streams));
    ngx_queue_init(&streams.all);
    streams.tick.handler = streams_on_tick;
    streams.tick.log = cycle->log;
}
