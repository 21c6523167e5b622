/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * store_walk.h: the rows of the asked agents in the order of a list: one
 * agent's pages as they stand, several agents' merged. Private.
 *
 * Layer      store
 * Threads    one reader, one thread
 * Blocking   page faults; one opened page per agent and more as rows go by
 * Memory     a merge takes one page buffer per agent from the heap and gives
 *            it back before it returns; one agent needs none. Rows are valid
 *            inside see only.
 * Errors     DOSIS_EFORMAT, DOSIS_EKEY: a damaged page; those of see
 *
 * Copies of one dossier stand at the same point in all their agents' pages:
 * in a merge they come together.
 */

#ifndef DOSIS_STORE_STORE_WALK_H
#define DOSIS_STORE_STORE_WALK_H

#include "store/store_filter.h"
#include "store/store_page.h"

/* A point in the order of a list; all zero: before the first row. */
typedef struct {
    uint64_t order;
    uint8_t id[STORE_ID_BYTES];
} store_point_t;

/* Below, at or above zero; a full line from both sides of a page. */
int store_point_cmp(const store_point_t *a, const store_point_t *b);

store_point_t store_point_of(const store_head_t *head);

/* A row as one subject's page has it. */
typedef struct {
    const dosis_subject_t *subject;
    dosis_slice_t bytes;
    store_row_t row;
} store_copy_t;

typedef struct store_walk_s store_walk_t;

/* One dossier, with its copies (at least one). May set full and enough. */
typedef dosis_rc_t (*store_see_t)(store_walk_t *walk, const store_copy_t *copy,
    unsigned copies);

struct store_walk_s {
    dosis_reader_t *reader;
    const dosis_question_t *question;
    store_see_t see;
    void *context;           /* of see */
    store_point_t after;     /* rows up to here are passed over */
    store_point_t until;     /* and those behind this; all zero: none */
    uint32_t budget;         /* index rows to examine at most */

    bool full;               /* only whether more is wanted is wanted */
    bool enough;             /* it is */
    bool stopped;            /* a row was left: enough, or the budget */
    uint32_t examined;
    store_point_t last;      /* the row that made it full, else the last one
                                examined, or after */
};

DOSIS_CHECK dosis_rc_t store_walk(store_walk_t *walk);

/*
 * The row of that subject at that point, found before in this snapshot: its
 * page lies in reader->page afterwards.
 */
DOSIS_CHECK dosis_rc_t store_walk_fetch(dosis_reader_t *reader,
    const dosis_subject_t *subject, const store_point_t *point,
    dosis_slice_t *ret_bytes);

/* Private to store_walk.c and store_merge.c. */

/* Opens the page at the cursor into page; ret_view: its rows. */
DOSIS_CHECK dosis_rc_t store_walk_open(dosis_reader_t *reader,
    const store_cursor_t *cursor, dosis_buf_t *page,
    store_page_view_t *ret_view);

/* The cursor on the first page that can hold rows behind from. */
DOSIS_CHECK dosis_rc_t store_walk_seek(store_cursor_t *cursor,
    const uint8_t agent[STORE_AGENT_BYTES], const store_point_t *from);

/* false: the walk ends here, before rows more copies are examined. */
bool store_walk_may(store_walk_t *walk, unsigned copies);

/* Those copies of the row at that point are examined, and seen. */
DOSIS_CHECK dosis_rc_t store_walk_see(store_walk_t *walk, store_point_t at,
    const store_copy_t *copy, unsigned copies);

/* Rows of all subjects from point from up to order last. */
DOSIS_CHECK dosis_rc_t store_merge(store_walk_t *walk,
    const store_point_t *from, const store_point_t *to);

#endif
