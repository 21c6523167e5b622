/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * store_pin.h: reading transactions of a process that writes: as long as one
 * sees the checkpoint or an earlier transaction, LMDB takes no page of the
 * checkpoint for anything else. A second one sees the last transaction, or
 * while a checkpoint is under way none that will not be in it; it takes the
 * first one's place once a checkpoint came after it, so that what was freed
 * before can be used again. Private. See store-format.md, "The journal".
 *
 * Layer      store
 * Threads    move and drop: who holds the write lock of the store; rest: not
 *            while another thread makes a checkpoint beside; the others: any
 * Blocking   never
 * Memory     in place, in the environment; close takes
 * Errors     DOSIS_EBUSY no place for another reader
 */

#ifndef DOSIS_STORE_STORE_PIN_H
#define DOSIS_STORE_STORE_PIN_H

#include "store/store_lmdb.h"

/* Counted: who comes next in this process may begin before this one ends. */
void store_pin_hold(store_env_t *env);
void store_pin_let_go(store_env_t *env);

/*
 * As far forward as the current slot allows, which is as far as it goes when
 * nothing was committed since. `last` is the last transaction; `coming` of the
 * journal is as it was heeded under this lock.
 */
DOSIS_CHECK dosis_rc_t store_pin_move(store_env_t *env, uint64_t last);

/* Pages that transaction `last`, which is the last one, has freed. */
DOSIS_CHECK dosis_rc_t store_pin_freed(store_env_t *env, uint64_t last,
    uint64_t *ret_pages);

/* Whether it sees the current checkpoint, or what came before. */
bool store_pin_is_good(const store_env_t *env);

void store_pin_drop(store_env_t *env);

/*
 * Of a process that has not written since the last call: drops them when
 * nothing came after the newest checkpoint, or when it has not for a minute of
 * calls each DOSIS_REST_MS; moves them when they are two checkpoints behind.
 */
void store_pin_rest(store_env_t *env);

/* A zeroed one is fine. */
void store_pin_close(store_env_t *env);

#endif
