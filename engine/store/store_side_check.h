/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * store_side_check.h: do the side rows of a big agent say what its pages say?
 * For verify. Private.
 *
 * Layer      store
 * Threads    one snapshot, one thread
 * Blocking   page faults; counts walk all pages of one agent at once
 * Memory     nothing is kept
 * Errors     a text that says what is wrong, NULL when it agrees
 */

#ifndef DOSIS_STORE_STORE_SIDE_CHECK_H
#define DOSIS_STORE_STORE_SIDE_CHECK_H

#include "store/store_side.h"

/* A row in the pages of an agent whose side rows are complete. */
const char *store_side_check_row(const store_snap_t *snap,
    const uint8_t agent[16], dosis_slice_t row);

/* Every count of that agent, against its pages. */
const char *store_side_check_counts(const store_snap_t *snap,
    const uint8_t agent[16]);

/* An entry of `telling`, `volg`, `termijn`: its agent, and row, are there. */
const char *store_side_check_telling(const store_snap_t *snap,
    dosis_slice_t key, dosis_slice_t value);
const char *store_side_check_volg(const store_snap_t *snap,
    dosis_slice_t key, dosis_slice_t value);
const char *store_side_check_termijn(const store_snap_t *snap,
    dosis_slice_t key, dosis_slice_t value);

#endif
