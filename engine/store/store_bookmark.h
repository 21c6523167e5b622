/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * store_bookmark.h: the cursor of a door where a client reads what is its own:
 * sealed, bound to door, client and what is read, good for a day. Private.
 *
 * Layer      store
 * Threads    one reader, one thread
 * Blocking   never
 * Memory     self-contained
 * Errors     DOSIS_EINPUT not ours, or of another door, client or thing;
 *            DOSIS_EEXPIRED
 */

#ifndef DOSIS_STORE_STORE_BOOKMARK_H
#define DOSIS_STORE_STORE_BOOKMARK_H

#include "store/dosis_source.h"
#include "store/store_record.h"

typedef enum {
    BOOKMARK_FAILURES = 1,    /* a result sequence, 8 bytes */
    BOOKMARK_DOSSIERS = 2,    /* a DossierId, 16 bytes */
    BOOKMARK_OPLADINGEN = 3,  /* number of a file, 8 bytes */
    BOOKMARK_AFKEURINGEN = 4, /* kind, 1 byte, and line or count, 8 bytes */
    BOOKMARK_WAARSCHUWINGEN = 5 /* the same */
} store_bookmark_door_t;

#define STORE_BOOKMARK_BYTES 16

/* Whose it is. */
typedef struct {
    store_bookmark_door_t door;
    dosis_slice_t client;
    dosis_slice_t of;         /* the source or the file; or empty */
    int64_t now_ns;
} store_bookmark_t;

static inline store_bookmark_t
store_bookmark_of(store_bookmark_door_t door, const dosis_source_page_t *page)
{
    return (store_bookmark_t) { door, page->client, page->bron->bron,
        page->now_ns };
}

/* Adds it as base64url text. at: of the last one looked at. */
DOSIS_CHECK dosis_rc_t store_bookmark_write(dosis_reader_t *reader,
    const store_bookmark_t *bookmark, const uint8_t at[STORE_BOOKMARK_BYTES],
    dosis_buf_t *out);

/* From text, which is not empty. */
DOSIS_CHECK dosis_rc_t store_bookmark_read(dosis_reader_t *reader,
    const store_bookmark_t *bookmark, dosis_slice_t text,
    uint8_t ret_at[STORE_BOOKMARK_BYTES]);

#endif
