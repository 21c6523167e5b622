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
    bool (*is_full)(void *payload);    /* asked before each */
    dosis_rc_t (*on_dossier)(const store_view_t *view, void *payload);
    void *payload;

    uint8_t at[STORE_ID_BYTES];        /* the last one looked at */
    uint32_t examined;
} store_source_t;

/* Sets at to before the first one. */
void store_source_begin(store_source_t *source);

/* Those behind at. after: at has been looked at. *ret_more: is_full said so. */
DOSIS_CHECK dosis_rc_t store_source_walk(
    store_source_t *source, bool after, bool *ret_more);

#endif
