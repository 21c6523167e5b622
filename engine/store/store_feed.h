/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * store_feed.h: the changes of the asked agents behind a mark, found and put
 * in order; nothing is rendered here. Private.
 *
 * Layer      store
 * Threads    one reader, one thread
 * Blocking   page faults
 * Memory     events live in the list, from the heap, until done
 * Errors     those of dosis_feed.h, and of damaged pages
 *
 * Of a small agent the pages are read, at most STORE_SMALL_PAGES; of a big
 * one its rows in `volg`, as many as are wanted.
 */

#ifndef DOSIS_STORE_STORE_FEED_H
#define DOSIS_STORE_STORE_FEED_H

#include "store/store_page.h"
#include "store/store_seen.h"

#define STORE_FEED_FIND_MAX 1000    /* changes of big agents, looked up */

/* A dossier's latest state, for whoever asks. */
typedef struct {
    uint64_t change;       /* op-log sequence of that state */
    uint64_t order;        /* where the copy stands */
    uint32_t versie;
    uint32_t subject;      /* whose copy it is */
    uint8_t kind;          /* ROW_... */
    store_seen_t seen;
    uint8_t id[STORE_ID_BYTES];
} store_event_t;

typedef struct {
    dosis_buf_t events;    /* of store_event_t */
    uint8_t agent[DOSIS_FEED_SUBJECTS_MAX][STORE_AGENT_BYTES];
    uint64_t horizon;      /* complete up to here */
    size_t count;          /* of those to tell now, in order */
    bool more;
} store_feed_t;

void store_feed_init(store_feed_t *feed);
void store_feed_done(store_feed_t *feed);

/* Fills the list: at most question->limit events; then brings mark forward. */
DOSIS_CHECK dosis_rc_t store_feed_collect(store_feed_t *feed,
    const store_seen_ask_t *ask, const store_feed_mark_t *now,
    store_feed_mark_t *mark);

const store_event_t *store_feed_event(const store_feed_t *feed, size_t i);

#endif
