/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * store_failure.h: the list of refused deliveries per source, with its
 * ceiling. Private.
 *
 * Layer      store
 * Threads    one thread
 * Blocking   page faults
 * Memory     none
 * Errors     sticky in the transaction
 *
 * `meta` counts the entries of each source under fouten/<source>.
 */

#ifndef DOSIS_STORE_STORE_FAILURE_H
#define DOSIS_STORE_STORE_FAILURE_H

#include "store/store_txn.h"

#define STORE_FAILURE_KEY 12     /* source 4 B, result sequence 8 B */

void store_failure_key(char key[STORE_FAILURE_KEY], uint32_t bron,
    uint64_t result_seq);

/*
 * Lists that result. Beyond the ceiling the oldest entries go, two at most, so
 * that a lowered ceiling is reached in time. The results themselves stay: an
 * UploadId and `laatst` still lead to them.
 */
void store_failure_add(dosis_txn_t *txn, uint32_t bron, uint64_t result_seq);

/*
 * Takes that result off the list of its source: the UploadId that leads to it
 * is about to lead to a newer one. Not listed any more is fine.
 */
void store_failure_replace(dosis_txn_t *txn, uint64_t result_seq);

/* Entries of that source, by walking them. */
DOSIS_CHECK dosis_rc_t store_failure_count(const store_snap_t *snap,
    uint32_t bron, uint64_t *ret_count);

/* What `meta` says; 0 when it was never counted. */
DOSIS_CHECK dosis_rc_t store_failure_counted(const store_snap_t *snap,
    uint32_t bron, uint64_t *ret_count);

#endif
