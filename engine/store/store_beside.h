/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * store_beside.h: a checkpoint beside those that write. They wait for the
 * moment in which is noted what it will be of, and for that in which it is
 * there; not for the disk in between. Private. Why it is safe:
 * store-format.md, "A checkpoint beside the writers".
 *
 * Layer      store
 * Threads    one at a time in a process; takes the write lock of the store
 * Blocking   waits for the disk, and twice for the lock
 * Memory     none of its own
 * Errors     DOSIS_EIO a sync failed, and nobody writes any more
 */

#ifndef DOSIS_STORE_STORE_BESIDE_H
#define DOSIS_STORE_STORE_BESIDE_H

#include "store/store_lmdb.h"

/*
 * When something was committed since the last one. One that another makes in
 * the meantime counts. In a store of an older format, and when the records are
 * to begin anew, they wait for the last part of it.
 */
DOSIS_CHECK dosis_rc_t store_beside_make(store_env_t *env);

#endif
