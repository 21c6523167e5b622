/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * store_ahead.h: pages behind the end of the data file that the system has in
 * memory before LMDB writes them. LMDB writes new ones in one piece of up to
 * 256 KiB, of which ext4 since Linux 6.16 makes one large folio; each page of
 * it that is written later costs as much as all of them, with the write lock
 * held. What is there one by one stays so. Private. Figures: speed.md.
 *
 * Layer      store
 * Threads    who holds the write lock of the store
 * Blocking   never on the disk: they are a hole in the file
 * Memory     the system's, STORE_AHEAD_MOST; it may take it back
 * Errors     none: without it all works the same, only slower
 */

#ifndef DOSIS_STORE_STORE_AHEAD_H
#define DOSIS_STORE_STORE_AHEAD_H

#include "store/store_lmdb.h"

/* Bytes: more than most transactions add, and what is made at a time. */
#define STORE_AHEAD_LEAST ((uint64_t) 8 << 20)
#define STORE_AHEAD_STEP  ((uint64_t) 1 << 20)
#define STORE_AHEAD_MOST  (STORE_AHEAD_LEAST + STORE_AHEAD_STEP)

/* Not past the end of the map. The file is that much longer, on no disk. */
void store_ahead_make(const store_env_t *env);

#endif
