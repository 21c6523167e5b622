/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * store_feed_mark.h: the cursor of the feed: up to which change all was told,
 * sealed, bound to who asks about whom. Private.
 *
 * Layer      store
 * Threads    one reader, one thread
 * Blocking   page faults
 * Memory     self-contained
 * Errors     DOSIS_EINPUT no cursor at all; DOSIS_EEXPIRED too old, of other
 *            rights, another client or another state of the store: begin anew
 */

#ifndef DOSIS_STORE_STORE_FEED_MARK_H
#define DOSIS_STORE_STORE_FEED_MARK_H

#include "store/dosis_feed.h"
#include "store/store_ref.h"
#include "store/store_txn.h"

/*
 * The client knows each dossier as it was at base, and those whose last
 * change is at most told as they were later. told < base: the first walk,
 * over everything visible; told >= base: from change to change.
 */
typedef struct {
    uint64_t base;        /* op-log sequence */
    uint64_t told;        /* op-log sequence */
    uint64_t history;     /* last sequence of `historie` at base */
    int64_t issued_ns;    /* when base was the present */
} store_feed_mark_t;

/* The mark of this snapshot, all of it told. */
DOSIS_CHECK dosis_rc_t store_feed_mark_now(dosis_reader_t *reader,
    const dosis_question_t *question, store_feed_mark_t *ret_mark);

/* Into DOSIS_FEED_MARK_MAX bytes, NUL behind it. */
DOSIS_CHECK dosis_rc_t store_feed_mark_write(dosis_reader_t *reader,
    const dosis_question_t *question, const store_feed_mark_t *mark,
    char *to);

/* From question->after; now: the mark of this snapshot. */
DOSIS_CHECK dosis_rc_t store_feed_mark_read(dosis_reader_t *reader,
    const dosis_question_t *question, const store_feed_mark_t *now,
    store_feed_mark_t *ret_mark);

#endif
