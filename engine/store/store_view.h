/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * store_view.h: rows as JSON, from templates: no tree is built. Private.
 *
 * Layer      store
 * Threads    one reader, one thread
 * Blocking   page faults
 * Memory     adds to the buffer given; nothing is kept
 * Errors     DOSIS_EFORMAT, DOSIS_EKEY: damaged bytes; the buffer is sticky
 */

#ifndef DOSIS_STORE_STORE_VIEW_H
#define DOSIS_STORE_STORE_VIEW_H

#include "store/store_page.h"

/* A row with its content read, the long members fetched. */
typedef struct {
    store_row_t row;
    store_content_t content;
    const dosis_bron_t *bron;
} store_view_t;

/* bytes: of the row; the view points into them and into reader->lang. */
DOSIS_CHECK dosis_rc_t store_view_read(dosis_reader_t *reader,
    dosis_slice_t bytes, store_view_t *ret_view);

/* The same, of a row that was read. */
DOSIS_CHECK dosis_rc_t store_view_of(dosis_reader_t *reader,
    const store_row_t *row, store_view_t *ret_view);

/* One element of `Dossiers`. door: as question->door. */
DOSIS_CHECK dosis_rc_t store_view_add_row(dosis_reader_t *reader,
    const store_view_t *view, dosis_slice_t door, dosis_buf_t *out);

/* The detail; own: the blinded agent that is shown, or NULL for none. */
DOSIS_CHECK dosis_rc_t store_view_add_detail(dosis_reader_t *reader,
    const store_view_t *view, const dosis_agent_t *own, dosis_slice_t door,
    dosis_buf_t *out);

/* Members of a version in a history, each with a comma in front of it. */
DOSIS_CHECK dosis_rc_t store_view_add_version(dosis_reader_t *reader,
    const store_view_t *view, dosis_buf_t *out);

/* For the source itself: everything delivered, and the ETag. */
DOSIS_CHECK dosis_rc_t store_view_add_whole(dosis_reader_t *reader,
    const store_view_t *view, dosis_buf_t *out);

/* W/"<content>.<reference data version>" with NUL behind it. */
void store_view_etag(char *to, size_t size, const uint8_t content[16],
    uint64_t ref_version);

/* What decides who sees a row: of that row, or of a class of rows. */
typedef struct {
    bool live;
    uint8_t flags;                  /* ROW_... */
    uint32_t bron;
    const store_class_t *class;     /* NULL: the subject is no agent of it */
} store_access_t;

/* Does it admit that subject? Asks dosis_access(). */
DOSIS_CHECK dosis_rc_t store_view_judge_class(dosis_reader_t *reader,
    const dosis_subject_t *subject, const store_access_t *what,
    dosis_verdict_t *ret_verdict);

/* The same, of a row. */
DOSIS_CHECK dosis_rc_t store_view_judge(dosis_reader_t *reader,
    const dosis_subject_t *subject, const store_row_t *row, bool is_agent,
    dosis_verdict_t *ret_verdict);

/* Which rule decides at each door, and the rights listed for that agent. */
typedef struct {
    const dosis_access_rule_t *lijst;
    const dosis_access_rule_t *detail;
    dosis_slice_t rechten[DOSIS_RECHTEN_MAX];
    size_t rechten_count;
} store_explained_t;

DOSIS_CHECK dosis_rc_t store_view_explain(dosis_reader_t *reader,
    const dosis_subject_t *subject, const store_access_t *what,
    store_explained_t *ret_explained);

/* A counter's registration may narrow what it sees: sources, products. */
bool store_view_in_scope(const dosis_client_t *loket,
    const store_view_t *view);
bool store_view_bron_in_scope(const dosis_client_t *loket,
    const dosis_bron_t *bron);
bool store_view_product_in_scope(const dosis_client_t *loket,
    const store_view_t *view);

#endif
