/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * store_bookmark.h: the cursor of a door that a source has for itself: sealed,
 * bound to door, client and source, good for a day. Private.
 *
 * Layer      store
 * Threads    one reader, one thread
 * Blocking   never
 * Memory     self-contained
 * Errors     DOSIS_EINPUT not ours, or of another door, client or source;
 *            DOSIS_EEXPIRED
 */

#ifndef DOSIS_STORE_STORE_BOOKMARK_H
#define DOSIS_STORE_STORE_BOOKMARK_H

#include "store/dosis_source.h"
#include "store/store_record.h"

typedef enum {
    BOOKMARK_FAILURES = 1,    /* a result sequence, 8 bytes */
    BOOKMARK_DOSSIERS = 2     /* a DossierId, 16 bytes */
} store_bookmark_t;

#define STORE_BOOKMARK_BYTES 16

/* Adds it as base64url text. at: of the last one looked at. */
DOSIS_CHECK dosis_rc_t store_bookmark_write(dosis_reader_t *reader,
    const dosis_source_page_t *page, store_bookmark_t door,
    const uint8_t at[STORE_BOOKMARK_BYTES], dosis_buf_t *out);

/* From page->after, which is not empty. */
DOSIS_CHECK dosis_rc_t store_bookmark_read(dosis_reader_t *reader,
    const dosis_source_page_t *page, store_bookmark_t door,
    uint8_t ret_at[STORE_BOOKMARK_BYTES]);

#endif
