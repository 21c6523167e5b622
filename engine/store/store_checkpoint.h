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

/* The parts of it, for who makes one beside those that write. */

/* The next slot, of all up to `last`, the last one, which snap can see. */
DOSIS_CHECK dosis_rc_t store_checkpoint_fill(const store_snap_t *snap,
    uint64_t last, store_slot_t *ret_slot);

/* Puts it on disk, after the one before it. What it is of must be there. */
DOSIS_CHECK dosis_rc_t store_checkpoint_save(store_env_t *env,
    const store_slot_t *slot);

/*
 * Once it has come, or with the rc why not: the pin moves forward. Who only
 * makes checkpoints has none: it would be the oldest reader for ever.
 */
DOSIS_CHECK dosis_rc_t store_checkpoint_pin(store_env_t *env, uint64_t last,
    dosis_rc_t rc);

/*
 * Where the record of the next transaction goes, and in env what was freed
 * before it; last: the last one. false when it cannot be told.
 */
bool store_checkpoint_position(const store_snap_t *snap, uint64_t last,
    uint64_t *ret_at);

/*
 * Of pages freed since a checkpoint, which nobody can use again yet: from when
 * the next one is due, who comes next has to make it, and so while one is under
 * way. In bytes, and a part of the file: what it may hold in vain.
 */
typedef struct {
    uint64_t due;
    uint64_t most;
    uint64_t coming;
} store_freed_t;

store_freed_t store_checkpoint_freed(const store_env_t *env);

bool store_checkpoint_is_broken(store_env_t *env);

/* A sync failed: DOSIS_EIO. */
DOSIS_CHECK dosis_rc_t store_checkpoint_give_up(store_env_t *env);

/* Closes env; the last process to do so leaves nothing to be replayed. */
void store_checkpoint_close(store_env_t *env);

DOSIS_CHECK dosis_rc_t store_checkpoint_state(const store_snap_t *snap,
    dosis_journal_t *ret_state);

#endif
