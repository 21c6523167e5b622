/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_source.h: what a source may read of itself: its dossiers, whole, and
 * the results of its deliveries.
 *
 * Layer      store
 * Threads    one reader, one thread; between its begin and end
 * Blocking   page faults only; work per call is bounded
 * Memory     adds to the buffers given
 * Errors     DOSIS_ENOTFOUND one answer for unknown and not yours;
 *            DOSIS_EINPUT, DOSIS_EEXPIRED of a cursor; DOSIS_EFORMAT,
 *            DOSIS_EKEY a damaged value
 *
 * Whether the client may deliver for the source of a page or a dossier is
 * judged by the door.
 */

#ifndef DOSIS_STORE_DOSIS_SOURCE_H
#define DOSIS_STORE_DOSIS_SOURCE_H

#include "store/dosis_read.h"

/* One page of what a source has. */
typedef struct {
    const dosis_bron_t *bron;
    dosis_slice_t client;          /* a cursor is bound to it and to bron */
    dosis_slice_t after;           /* cursor, or empty */
    uint32_t limit;                /* 1 .. DOSIS_PAGE_ROWS_MAX */
    int64_t now_ns;
    dosis_shown_t *shown;          /* gets the dossiers shown, or NULL */
} dosis_source_page_t;

/*
 * Adds the result of one upload of that client (compat body of api.md 2).
 * An upload is remembered DOSIS_UPLOAD_TTL_S; then it is unknown, and so it is
 * to a client that may not deliver for its source any more.
 */
DOSIS_CHECK dosis_rc_t dosis_result_of_upload(dosis_reader_t *reader,
    dosis_slice_t client, dosis_slice_t upload_id, int64_t now_ns,
    dosis_buf_t *body);

/*
 * Adds the result of the delivery of that dossier that came in last, whatever
 * became of it: refused, unchanged, outdated. What stored nothing has none: a
 * repeat, a conflict, a precondition that did not hold, the withdrawal of an
 * unknown dossier.
 */
DOSIS_CHECK dosis_rc_t dosis_result_of_dossier(dosis_reader_t *reader,
    const dosis_bron_t *bron, dosis_slice_t nummer, dosis_buf_t *body);

/*
 * Adds an array of results: refused deliveries of the source, newest first.
 * next: gets the cursor of what follows, nothing at the end.
 */
DOSIS_CHECK dosis_rc_t dosis_source_failures(dosis_reader_t *reader,
    const dosis_source_page_t *page, dosis_buf_t *body, dosis_buf_t *next);

/*
 * Adds {"Dossiers":[...],"Volgende":...}: the dossiers it delivered, whole, in
 * no order that means anything, without those withdrawn.
 */
DOSIS_CHECK dosis_rc_t dosis_source_dossiers(dosis_reader_t *reader,
    const dosis_source_page_t *page, dosis_buf_t *body);

#endif
