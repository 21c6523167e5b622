/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * store_ref.h: loading the reference data of one snapshot. Private.
 *
 * Layer      store
 * Threads    a cache belongs to one reader or writer
 * Blocking   page faults only
 * Memory     a cache is given by load and taken by free; it holds copies
 * Errors     DOSIS_EFORMAT a registration that does not parse
 */

#ifndef DOSIS_STORE_STORE_REF_H
#define DOSIS_STORE_STORE_REF_H

#include "store/dosis_ref.h"
#include "store/store_lmdb.h"

/* Stands before the text of a source of which only the number is left. */
#define STORE_REF_REMOVED '-'

static inline bool
store_ref_is_removed(dosis_slice_t text)
{
    return text.len > 0 && text.data[0] == STORE_REF_REMOVED;
}

/* Loads when *ref is NULL or older than meta/referentie; else does nothing. */
DOSIS_CHECK dosis_rc_t store_ref_refresh(const store_snap_t *snap,
    dosis_ref_t **ref);

/* A fingerprint of which sources are registered ZonderRecht: iedereen. */
uint64_t store_ref_open(const dosis_ref_t *ref);

/* NULL is fine. */
void store_ref_free(dosis_ref_t *ref);

#endif
