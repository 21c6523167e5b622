/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ngx_dosis_stream.h: requests that wait for a change: a long poll, or a
 * stream of events. How they are woken: engine/doc/feed.md.
 *
 *   open      a handler: this request stays, and will be asked again
 *   tick      every 50 ms while somebody waits: has the store moved, and for
 *             whom?
 *   turn      the route's handler runs again, in a snapshot of its own
 *
 * Layer      module
 * Threads    the event loop
 * Blocking   page faults of the store only; no snapshot survives a turn.
 *            Looking and turns have 2 ms each, then the rest of the loop comes
 *            first; one stream's look or turn is the least
 * Memory     a stream lives in the pool of its request; what is on its way to
 *            the client is one piece, from the heap, freed when it is out
 * Errors     NULL: the refusal stands in call->reply
 *
 * A stream ends when its token ends, when its handler refuses, when the worker
 * leaves, or when its client does not read for send_timeout.
 */

#ifndef NGX_DOSIS_STREAM_H
#define NGX_DOSIS_STREAM_H

#include "http/ngx_dosis_call.h"
#include "store/dosis_feed.h"

typedef enum {
    NGX_DOSIS_STREAM_WAIT,  /* one answer, when there is something to say */
    NGX_DOSIS_STREAM_EVENTS /* text/event-stream, as long as it lasts */
} ngx_dosis_stream_kind_t;

typedef struct ngx_dosis_stream_s {
    ngx_queue_t queue; /* all of this worker */
    ngx_http_request_t *r;
    ngx_dosis_stream_kind_t kind;
    ngx_event_t event; /* its turn: posted, or its timer */
    time_t expires;    /* the token's */
    uint32_t owner;    /* who is counted for it */
    dosis_watch_t watch;
    uint32_t pass; /* the last one that looked at it */
    bool gone;    /* no longer in the queue */
    bool stale;   /* something may have changed: look */
    bool due;     /* the timer has run */
    bool started; /* the head of the answer is out */
    char after[DOSIS_FEED_MARK_MAX];

    /* the piece on its way */
    bool sending;
    ngx_buf_t buf;
    ngx_chain_t chain;
    u_char *piece;
} ngx_dosis_stream_t;

/*
 * wait_ms: of a long poll. From now on the handler is called again: NGX_DONE
 * from it means that the request stays. call->reader must be in a snapshot.
 */
ngx_dosis_stream_t *ngx_dosis_stream_open(ngx_dosis_call_t *call,
    const dosis_question_t *question, ngx_dosis_stream_kind_t kind,
    ngx_msec_t wait_ms);

/* Bytes for the client, when the snapshot has ended; false: no memory. */
bool ngx_dosis_stream_put(ngx_dosis_stream_t *stream, dosis_slice_t piece);

/* It stays no longer: its answer is given elsewhere. */
void ngx_dosis_stream_leave(ngx_dosis_stream_t *stream);

/* Whether a long poll has to be answered now, empty or not. NULL is fine. */
bool ngx_dosis_stream_is_over(const ngx_dosis_stream_t *stream);

/* Hook of the worker. */
void ngx_dosis_stream_init(ngx_cycle_t *cycle);

#endif
