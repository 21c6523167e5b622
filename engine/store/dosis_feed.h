/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_feed.h: what changed for a subject since a cursor, gap-free: each
 * dossier's latest state, and those that are seen no more. How: doc/feed.md.
 *
 * Layer      store
 * Threads    a reader belongs to one thread
 * Blocking   page faults only; fit for the nginx event loop
 * Memory     adds to the buffer given; a watch is the caller's
 * Errors     DOSIS_EINPUT a cursor that is none; DOSIS_EEXPIRED one that is
 *            too old, or of other rights: begin without; DOSIS_EBUSY a big
 *            agent of an older store that has no side rows yet
 *
 * The reader must be between begin and end.
 */

#ifndef DOSIS_STORE_DOSIS_FEED_H
#define DOSIS_STORE_DOSIS_FEED_H

#include "store/dosis_read.h"

#define DOSIS_FEED_MARK_MAX     128
#define DOSIS_FEED_SUBJECTS_MAX DOSIS_HANDLE_SUBJECTS_MAX

typedef enum {
    DOSIS_FEED_JSON,      /* {"Wijzigingen":[...],"Volgende":"..."} */
    DOSIS_FEED_STREAM     /* `data: ...` lines, the last with its `id: ...` */
} dosis_feed_form_t;

typedef struct {
    uint32_t items;
    bool more;                        /* ask again at once */
    char next[DOSIS_FEED_MARK_MAX];   /* the cursor, NUL behind it */
} dosis_feed_t;

/*
 * question: after is a cursor of this feed, or empty: everything visible.
 * filter and examine are unused. A dossier of several subjects comes once.
 */
DOSIS_CHECK dosis_rc_t dosis_feed(dosis_reader_t *reader,
    const dosis_question_t *question, dosis_feed_form_t form,
    dosis_buf_t *body, dosis_feed_t *ret_feed);

/*
 * Whether anything may have changed for the subjects, for a fraction of the
 * cost of asking: no value is opened.
 */
typedef struct {
    uint64_t print;
    uint32_t agents;
    uint8_t agent[DOSIS_FEED_SUBJECTS_MAX][16];    /* blinded */
} dosis_watch_t;

DOSIS_CHECK dosis_rc_t dosis_watch_init(dosis_reader_t *reader,
    const dosis_question_t *question, dosis_watch_t *ret_watch);

/* true: look again; the watch now stands at this snapshot. */
DOSIS_CHECK dosis_rc_t dosis_watch_moved(dosis_reader_t *reader,
    dosis_watch_t *watch, bool *ret_moved);

/*
 * Where this snapshot stands. The same sequence and reference as before:
 * nothing has changed for anybody.
 */
typedef struct {
    uint64_t txn;          /* as dosis_store_last_txn(), which may be ahead */
    uint64_t sequence;     /* of the op-log */
    uint64_t reference;    /* version of the reference data */
} dosis_watch_point_t;

DOSIS_CHECK dosis_rc_t dosis_watch_point(dosis_reader_t *reader,
    dosis_watch_point_t *ret_point);

#endif
