/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * store_checkpoint.h: what stands around a writing transaction so that its
 * commit is one write to the journal: the pin, the record, the checkpoint.
 * Private. Why it is safe: store-format.md, "The journal".
 *
 * Layer      store
 * Threads    begin, commit, abort and make: whoever holds the write lock; rest
 *            and close: any
 * Blocking   commit waits for the disk; begin too, when it makes a checkpoint.
 *            rest never
 * Memory     none of its own
 * Errors     DOSIS_EIO also when a sync failed earlier, in any process: nobody
 *            writes until all have closed the store and one opened it anew
 */

#ifndef DOSIS_STORE_STORE_CHECKPOINT_H
#define DOSIS_STORE_STORE_CHECKPOINT_H

#include "store/store_lmdb.h"

/* Right after LMDB's begin, before any put. The caller aborts on failure. */
DOSIS_CHECK dosis_rc_t store_checkpoint_begin(store_snap_t *snap);

/* Journal first, then LMDB. Ends the transaction, whatever it returns. */
DOSIS_CHECK dosis_rc_t store_checkpoint_commit(store_snap_t *snap);
void store_checkpoint_abort(store_snap_t *snap);

/* Of all that was committed before txn, which has put nothing. */
DOSIS_CHECK dosis_rc_t store_checkpoint_make(store_env_t *env, MDB_txn *txn);

/* When something was committed since the last one. */
DOSIS_CHECK dosis_rc_t store_checkpoint_take(store_env_t *env);

/* Closes env; the last process to do so leaves nothing to be replayed. */
void store_checkpoint_close(store_env_t *env);

DOSIS_CHECK dosis_rc_t store_checkpoint_state(const store_snap_t *snap,
    dosis_journal_t *ret_state);

#endif
