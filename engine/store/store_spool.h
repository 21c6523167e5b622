/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * store_spool.h: where a file of the spool lies, and where each of its blocks
 * belongs.
 *
 * Layer      store
 * Threads    pure
 * Blocking   never
 * Memory     the caller's
 * Errors     false: the path is too long
 */

#ifndef DOSIS_STORE_STORE_SPOOL_H
#define DOSIS_STORE_STORE_SPOOL_H

#include <limits.h>

#include "store/dosis_spool.h"

#define STORE_SPOOL_KEY (DOSIS_SPOOL_ID + 8 + 1)
#define STORE_SPOOL_SEALED (DOSIS_SPOOL_BLOCK + DOSIS_SEAL_OVERHEAD)
#define STORE_SPOOL_NAME (2 * DOSIS_SPOOL_ID)
#define STORE_SPOOL_PART ".part" /* of one that is being written */

/* The directory of the spool, from that of the store; a name fits behind it. */
bool store_spool_dir(const char *store, char to[PATH_MAX]);

/* A file in it; end: "" or STORE_SPOOL_PART. */
bool store_spool_path(const char *dir, const uint8_t id[DOSIS_SPOOL_ID],
    const char *end, char to[PATH_MAX]);

/* No block fits elsewhere: not in another file, nor at another place. */
dosis_place_t store_spool_place(uint8_t key[STORE_SPOOL_KEY],
    const uint8_t id[DOSIS_SPOOL_ID], uint64_t block, bool last);

#endif
