/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * store_ahead.h: the pages of the data file behind the last one that LMDB uses,
 * which the system has in memory before LMDB writes them. LMDB writes new ones
 * in pieces of up to 256 KiB, of which ext4 since Linux 6.16 makes one large
 * folio each; a page that is written in one later costs a walk along it, with
 * the write lock held. What is there one by one stays so. Private. Figures:
 * speed.md.
 *
 * Layer      store
 * Threads    who holds the write lock of the store
 * Blocking   they are a hole in the file: only its length changes, which on a
 *            file system with a journal may wait for that
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

/*
 * Not past the end of the map, nor where this process may not write. The file
 * is that much longer, on no disk.
 */
void store_ahead_make(store_env_t *env);

#endif
