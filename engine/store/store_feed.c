/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdlib.h>

#include "store/store_feed.h"
#include "store/store_find.h"
#include "store/store_side.h"

#define EVENTS_BYTES ((size_t) 4 << 20)


void
store_feed_init(store_feed_t *feed)
{
    memset(feed, 0, sizeof(*feed));
    dosis_buf_init(&feed->events, EVENTS_BYTES);
}


void
store_feed_done(store_feed_t *feed)
{
    dosis_buf_done(&feed->events);
}


static store_event_t *
events(const store_feed_t *feed)
{
    return (store_event_t *) (void *) feed->events.data;
}


const store_event_t *
store_feed_event(const store_feed_t *feed, size_t i)
{
    return &events(feed)[i];
}


/* --- finding -------------------------------------------------------------- */

/* The change of a row stands in front of its part. */
static uint64_t
change_of(dosis_slice_t row)
{
    return row.len < STORE_HEAD_BYTES + 10
               ? 0
               : dosis_be64_get(row.data + STORE_HEAD_BYTES + 2);
}


static dosis_rc_t
take(store_feed_t *feed, const store_seen_ask_t *ask, uint32_t subject,
    dosis_slice_t bytes)
{
    dosis_rc_t rc;
    store_row_t row;
    store_event_t event = { .subject = subject };

    event.change = change_of(bytes);
    if (event.change <= ask->mark->told) {
        return DOSIS_OK;
    }
    rc = store_row_read(bytes, &row);
    if (rc == DOSIS_OK) {
        rc = store_seen(ask, &ask->question->subject[subject], bytes,
            &event.seen);
    }
    if (rc != DOSIS_OK || (!event.seen.now && !event.seen.since)) {
        return rc;
    }
    event.order = row.head.order;
    event.versie = row.head.versie;
    event.kind = row.head.kind;
    memcpy(event.id, row.head.id, STORE_ID_BYTES);
    dosis_buf_add(&feed->events, &event, sizeof(event));
    return feed->events.rc;
}


static dosis_rc_t
open_page(dosis_reader_t *reader, const store_cursor_t *c,
    store_page_view_t *view)
{
    dosis_rc_t rc;

    dosis_buf_reset(&reader->page);
    rc = store_open_value(&reader->snap, DB_AGENT, c->key, c->value,
        &reader->page);
    return rc == DOSIS_OK
               ? store_page_view(dosis_buf_slice(&reader->page), view)
               : rc;
}


static dosis_rc_t
take_page(store_feed_t *feed, const store_seen_ask_t *ask, uint32_t subject,
    store_page_view_t *view)
{
    dosis_rc_t rc = DOSIS_OK;
    dosis_slice_t row;

    while (rc == DOSIS_OK && store_page_next(view, &row)) {
        rc = take(feed, ask, subject, row);
    }
    return rc == DOSIS_OK && view->rows != 0 ? DOSIS_EFORMAT : rc;
}


/* All pages; the cursor is on the head, which is open. */
static dosis_rc_t
take_small(store_feed_t *feed, const store_seen_ask_t *ask, uint32_t subject,
    store_cursor_t *c, store_page_view_t *view)
{
    dosis_rc_t rc;

    rc = take_page(feed, ask, subject, view);
    while (rc == DOSIS_OK) {
        rc = store_cursor_next(c);
        if (rc == DOSIS_OK
            && memcmp(c->key.data, feed->agent[subject], STORE_AGENT_BYTES)
                   != 0) {
            return DOSIS_OK;
        }
        if (rc == DOSIS_OK) {
            rc = open_page(ask->reader, c, view);
        }
        if (rc == DOSIS_OK) {
            rc = take_page(feed, ask, subject, view);
        }
    }
    return rc == DOSIS_ENOTFOUND ? DOSIS_OK : rc;
}


/*
 * Enough for one answer: a page, its share of the rows, half of the versions
 * (the other half is for agents that must be read to their end). One row at
 * least, so that the cursor moves.
 */
static bool
is_enough(const store_feed_t *feed, const store_seen_ask_t *ask,
    unsigned examined, size_t full)
{
    return examined > 0
           && (examined >= STORE_FEED_FIND_MAX / ask->question->subjects
               || feed->events.len >= full
               || *ask->versions > STORE_SEEN_VERSIONS_MAX / 2);
}


/*
 * In the order of the changes, until there is enough: then the answer is
 * complete up to the last change only.
 */
static dosis_rc_t
take_big(store_feed_t *feed, const store_seen_ask_t *ask, uint32_t subject)
{
    unsigned examined = 0;
    size_t full = feed->events.len
                  + ask->question->limit * sizeof(store_event_t);
    dosis_rc_t rc;
    dosis_slice_t row;
    store_side_walk_t walk;
    store_change_t change = { .seq = ask->mark->told };

    rc = store_changes_open(&ask->reader->snap, feed->agent[subject],
        change.seq, &walk);
    while (rc == DOSIS_OK) {
        if (is_enough(feed, ask, examined, full)) {
            feed->more = true;
            feed->horizon = change.seq < feed->horizon ? change.seq
                                                       : feed->horizon;
            break;
        }
        rc = store_changes_next(&walk, &change);
        if (rc == DOSIS_OK) {
            rc = store_find_row(ask->reader, feed->agent[subject], change.id,
                &row);
        }
        if (rc == DOSIS_OK) {
            rc = take(feed, ask, subject, row);
        }
        examined++;
    }
    store_side_close(&walk);
    return rc == DOSIS_ENOTFOUND ? DOSIS_OK : rc;
}


static dosis_rc_t
take_agent(store_feed_t *feed, const store_seen_ask_t *ask, uint32_t subject)
{
    dosis_rc_t rc;
    bool big = false;
    store_cursor_t c;
    store_page_view_t view;
    const uint8_t *agent = feed->agent[subject];

    rc = store_cursor_open(&ask->reader->snap, DB_AGENT, &c);
    if (rc != DOSIS_OK) {
        return rc;
    }
    rc = store_cursor_seek(&c, dosis_slice(agent, STORE_AGENT_BYTES));
    if (rc == DOSIS_OK && memcmp(c.key.data, agent, STORE_AGENT_BYTES) != 0) {
        rc = DOSIS_ENOTFOUND;
    }
    if (rc == DOSIS_OK) {
        rc = open_page(ask->reader, &c, &view);
    }
    if (rc == DOSIS_OK) {
        big = (view.flags & PAGE_GROOT) != 0;
        if (big) {
            rc = view.flags & PAGE_ZIJ ? DOSIS_OK : DOSIS_EBUSY;
        } else {
            rc = take_small(feed, ask, subject, &c, &view);
        }
    }
    store_cursor_close(&c);
    if (rc == DOSIS_OK && big) {
        rc = take_big(feed, ask, subject);
    }
    return rc == DOSIS_ENOTFOUND ? DOSIS_OK : rc;
}


/* --- putting in order ----------------------------------------------------- */

/* Copies of one dossier together, the one to show first. */
static int
cmp_dossier(const void *a, const void *b)
{
    const store_event_t *x = a, *y = b;
    int d = memcmp(x->id, y->id, STORE_ID_BYTES);

    if (d == 0) {
        d = y->seen.now - x->seen.now;
    }
    return d != 0 ? d : (x->change < y->change) - (x->change > y->change);
}


static int
cmp_change(const void *a, const void *b)
{
    const store_event_t *x = a, *y = b;

    return (x->change > y->change) - (x->change < y->change);
}


/*
 * One event per dossier, at the place of its latest copy: one that is seen has
 * the last change of the dossier, and one that is seen no more was seen by
 * that copy's own classes.
 */
static size_t
merge(store_event_t *e, size_t count)
{
    size_t i, n = 0;

    qsort(e, count, sizeof(e[0]), cmp_dossier);
    for (i = 0; i < count; i++) {
        if (n == 0 || memcmp(e[n - 1].id, e[i].id, STORE_ID_BYTES) != 0) {
            e[n++] = e[i];
            continue;
        }
        e[n - 1].seen.base |= e[i].seen.base | e[i].seen.since;
    }
    qsort(e, n, sizeof(e[0]), cmp_change);
    return n;
}


/* What lies behind the horizon comes with the next page. */
static size_t
cut(store_event_t *e, size_t count, uint64_t horizon)
{
    size_t i, n = 0;

    for (i = 0; i < count; i++) {
        if (e[i].change <= horizon) {
            e[n++] = e[i];
        }
    }
    return n;
}


dosis_rc_t
store_feed_collect(store_feed_t *feed, const store_seen_ask_t *ask,
    const store_feed_mark_t *now, store_feed_mark_t *mark)
{
    uint32_t i;
    size_t count, limit = ask->question->limit;
    dosis_rc_t rc = DOSIS_OK;

    if (ask->question->subjects > DOSIS_FEED_SUBJECTS_MAX) {
        return DOSIS_ELIMIT;
    }
    feed->horizon = UINT64_MAX;
    for (i = 0; i < ask->question->subjects && rc == DOSIS_OK; i++) {
        store_agent_blind(ask->reader->crypt,
            &ask->question->subject[i].agent, feed->agent[i]);
        rc = take_agent(feed, ask, i);
    }
    if (rc != DOSIS_OK) {
        return rc;
    }
    count = feed->events.len / sizeof(store_event_t);
    if (count > 0) {
        count = cut(events(feed), count, feed->horizon);
        count = merge(events(feed), count);
    }
    feed->count = count < limit ? count : limit;
    if (count > limit) {
        feed->more = true;
        mark->told = events(feed)[limit - 1].change;
    } else if (feed->more) {
        mark->told = feed->horizon;
    } else {
        *mark = *now;
    }
    return DOSIS_OK;
}
