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

/* What the walk tells of one dossier that is not withdrawn. */
typedef struct {
    const uint8_t *id;
    dosis_slice_t nummer;
    int64_t wijziging_ns;
    int64_t ontvangen_ns;          /* last receipt */
} dosis_source_dossier_t;

/*
 * A walk over the dossiers of a source that are not withdrawn, in the order of
 * their ids. wanted: is one opened and told? Both stop at a failure they
 * return; wanted says no with DOSIS_ENOTFOUND.
 */
typedef struct {
    const dosis_bron_t *bron;
    uint8_t at[16];                /* the last one it came by */
    uint64_t until;                /* those whose bytes 4 to 11, as a number,
                                      are not above it */
    uint64_t seen;                 /* counts on */
    dosis_rc_t (*wanted)(const uint8_t id[16], void *payload);
    dosis_rc_t (*on_dossier)(
        const dosis_source_dossier_t *dossier, void *payload);
    void *payload;
} dosis_source_walk_t;

/* Where a walk begins: before the first id that has no less there than from. */
void dosis_source_walk_from(
    dosis_reader_t *reader, dosis_source_walk_t *walk, uint64_t from);

/*
 * Goes on behind at, and moves it: at most DOSIS_EXAMINED_MAX entries and
 * pages. *ret_more: it did not come to the end. What on_dossier refused with
 * DOSIS_ELIMIT comes first when it goes on; that is no failure.
 */
DOSIS_CHECK dosis_rc_t dosis_source_walk(
    dosis_reader_t *reader, dosis_source_walk_t *walk, bool *ret_more);

#endif
