/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * store_bestand.h: what a result says of a delivered file. Private.
 *
 * Layer      store
 * Threads    as the snapshot
 * Blocking   page faults; bounded
 * Memory     adds to the buffer given
 * Errors     DOSIS_ENOTFOUND: it has not been read to its end yet; DOSIS_EFORMAT,
 *            DOSIS_EKEY a damaged value
 */

#ifndef DOSIS_STORE_STORE_BESTAND_H
#define DOSIS_STORE_STORE_BESTAND_H

#include "store/store_txn.h"

/*
 * Adds `,"Bestand":` and the name of that file, null when nummer is 0 or it
 * is no longer kept.
 */
DOSIS_CHECK dosis_rc_t store_bestand_name(
    const store_snap_t *snap, uint64_t nummer, dosis_buf_t *body);

/* Adds the result of a file as a whole (compat body, api.md 3). */
DOSIS_CHECK dosis_rc_t store_bestand_result(
    dosis_reader_t *reader, uint64_t nummer, dosis_buf_t *body);

#endif
