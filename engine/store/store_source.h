/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * store_source.h: the dossiers of one source, one after the other. Private.
 *
 * Layer      store
 * Threads    one reader, one thread
 * Blocking   page faults
 * Memory     a view points into the reader, until the next one
 * Errors     DOSIS_EFORMAT, DOSIS_EKEY damaged; what on_dossier returns
 */

#ifndef DOSIS_STORE_STORE_SOURCE_H
#define DOSIS_STORE_STORE_SOURCE_H

#include "store/store_view.h"

typedef struct {
    dosis_reader_t *reader;
    const dosis_bron_t *bron;
    uint64_t until;                    /* the last one, as a number: bytes 4
                                          to 11 of its id */
    bool (*is_full)(void *payload);    /* asked before each; or NULL */
    dosis_rc_t (*wanted)(              /* is it opened? no: ENOTFOUND; or */
        const uint8_t id[STORE_ID_BYTES], void *payload);      /* NULL */
    dosis_rc_t (*on_dossier)(const store_view_t *view, void *payload);
    void *payload;

    uint8_t at[STORE_ID_BYTES];        /* the last one come by */
    uint64_t live;                     /* of those, not withdrawn */
} store_source_t;

/* Before the first id of a source whose bytes 4 to 11 are not below from. */
void store_source_before(dosis_reader_t *reader, const dosis_bron_t *bron,
    uint64_t from, uint8_t ret_at[STORE_ID_BYTES]);

/*
 * Those behind at: at most DOSIS_EXAMINED_MAX entries and pages. after: at has
 * been looked at. *ret_more: it did not come to the end. At a failure at stands
 * before the one it was about.
 */
DOSIS_CHECK dosis_rc_t store_source_walk(
    store_source_t *source, bool after, bool *ret_more);

#endif
