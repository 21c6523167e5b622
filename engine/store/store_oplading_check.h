/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * store_oplading_check.h: whether what is kept of delivered files is whole: an
 * entry at a time. Private.
 *
 * Layer      store
 * Threads    as the snapshot
 * Blocking   page faults
 * Memory     none is kept
 * Errors     what is wrong, in English; NULL: nothing
 */

#ifndef DOSIS_STORE_STORE_OPLADING_CHECK_H
#define DOSIS_STORE_STORE_OPLADING_CHECK_H

#include "store/store_lmdb.h"

/* An entry of `oplading`; value: opened. */
const char *store_oplading_check(
    const store_snap_t *snap, dosis_slice_t key, dosis_slice_t value);

/* An entry of `afkeuring`. */
const char *store_afkeuring_check(
    const store_snap_t *snap, dosis_slice_t key, dosis_slice_t value);

/* Is there a file of that number? */
bool store_oplading_is_there(const store_snap_t *snap, uint64_t nummer);

#endif
