/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * store_seen.h: who saw a row before, and who sees it now: one row, judged
 * with each class that held since a moment. Private.
 *
 * Layer      store
 * Threads    one reader, one thread
 * Blocking   page faults
 * Memory     the row's bytes are borrowed; reader->lang is overwritten
 * Errors     DOSIS_EEXPIRED: more versions of it since than are looked at;
 *            DOSIS_EFORMAT, DOSIS_EKEY damaged bytes
 */

#ifndef DOSIS_STORE_STORE_SEEN_H
#define DOSIS_STORE_STORE_SEEN_H

#include "store/store_feed_mark.h"
#include "store/store_record.h"

#define STORE_SEEN_VERSIONS_MAX 5000    /* looked back over in one answer */

typedef struct {
    dosis_reader_t *reader;
    const dosis_question_t *question;
    const store_feed_mark_t *mark;
    uint32_t *versions;    /* looked back over so far */
} store_seen_ask_t;

typedef struct {
    bool now;       /* sees it */
    bool base;      /* saw it at mark->base; best effort when now */
    bool since;     /* saw it at mark->base or later; only when not now */
} store_seen_t;

/*
 * row: of that subject's pages. Every verdict is of dosis_access().
 * DOSIS_EEXPIRED: what is kept, or may be looked back over, does not tell.
 */
DOSIS_CHECK dosis_rc_t store_seen(const store_seen_ask_t *ask,
    const dosis_subject_t *subject, dosis_slice_t row,
    store_seen_t *ret_seen);

#endif
