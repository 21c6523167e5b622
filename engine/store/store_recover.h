/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * store_recover.h: opens one generation with its journal: the first process
 * to do so brings back what was committed since the last checkpoint. Private.
 *
 * Layer      store
 * Threads    one, as every open
 * Blocking   waits for another's recovery, 10 s at most; reads and replays
 * Memory     fills env; store_checkpoint_close() takes it
 * Errors     DOSIS_EFORMAT the journal lacks, or belongs to another state of
 *            the file; DOSIS_EBUSY a recovery is due and cannot be done now:
 *            read-only, or another program has the file open
 */

#ifndef DOSIS_STORE_STORE_RECOVER_H
#define DOSIS_STORE_STORE_RECOVER_H

#include "store/store_lmdb.h"

DOSIS_CHECK dosis_rc_t store_recover_open(const char *path,
    const dosis_store_options_t *options, store_env_t *ret_env);

/* The format number, whatever it is; nothing is brought back. */
DOSIS_CHECK dosis_rc_t store_recover_peek(
    const char *path, uint64_t *ret_format);

#endif
