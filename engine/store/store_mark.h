/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * store_mark.h: the cursor of a list: sealed, bound to its question (client,
 * subjects with their rights, filter, sorting), good for a day. Private.
 *
 * Layer      store
 * Threads    one reader, one thread
 * Blocking   never
 * Memory     self-contained
 * Errors     DOSIS_EINPUT not ours, or of another question; DOSIS_EEXPIRED
 */

#ifndef DOSIS_STORE_STORE_MARK_H
#define DOSIS_STORE_STORE_MARK_H

#include "store/store_walk.h"

/* Where a list goes on; all zero: it begins. The rest is of store_action.c. */
typedef struct {
    store_point_t at;       /* the last row that was looked at */
    uint8_t phase;
    store_point_t end;      /* of the block behind `at`; all zero: not known */
    bool has_shown;
    int64_t deadline;       /* of the last row shown of the block, with its */
    store_point_t shown;    /* place */
} store_mark_t;

/* Adds it as base64url text. */
DOSIS_CHECK dosis_rc_t store_mark_write(dosis_reader_t *reader,
    const dosis_question_t *question, const store_mark_t *mark,
    dosis_buf_t *out);

/* From question->after; nothing there: all zero. */
DOSIS_CHECK dosis_rc_t store_mark_read(dosis_reader_t *reader,
    const dosis_question_t *question, store_mark_t *ret_mark);

#endif
