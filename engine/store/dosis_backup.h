/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_backup.h: a copy of a store that is in use, and whether it is whole.
 *
 * Layer      store
 * Threads    any
 * Blocking   reads and writes the whole store. Writers wait while the copy
 *            takes its snapshot, no longer; pages they free stay in the file
 *            until it is done. Never on the nginx event loop.
 * Memory     in place
 * Errors     write: DOSIS_ECONFLICT dir exists, DOSIS_EFULL no room for it,
 *            DOSIS_ENOTFOUND, DOSIS_EIO; then nothing of it is left.
 *            check: DOSIS_ENOTFOUND it is no backup, DOSIS_EFORMAT it is not
 *            the bytes that were written, DOSIS_EKEY another key, DOSIS_EBUSY
 *            it is a store that the engine has kept.
 *
 * dir becomes a store directory of its own, for its owner only: g<N>.mdb,
 * CURRENT, and backup.json, which is written last: a directory without it is
 * no backup. Values in it are sealed as they are in the store; the
 * key-encryption key is not in it.
 */

#ifndef DOSIS_STORE_DOSIS_BACKUP_H
#define DOSIS_STORE_DOSIS_BACKUP_H

#include "base/dosis_buf.h"
#include "store/dosis_store.h"

#define DOSIS_BACKUP_KEYS 64
#define DOSIS_BACKUP_MARK 16 /* hex digits */

/* What backup.json says. */
typedef struct {
    uint32_t generation;
    uint32_t format;
    uint16_t site;
    uint64_t txn;
    uint64_t log_seq;
    int64_t made_ns;
    uint64_t bytes;
    char sha256[65];
    char kek[DOSIS_BACKUP_MARK + 1]; /* tells the key, and nothing of it */
    size_t keys;                     /* data keys in it, wrapped */
    uint32_t key[DOSIS_BACKUP_KEYS];
} dosis_backup_t;

/* On disk and opened once when DOSIS_OK. kek: the store's. */
DOSIS_CHECK dosis_rc_t dosis_backup_write(dosis_store_t *store,
    const dosis_secret_t *kek, const char *dir, int64_t now_ns,
    dosis_backup_t *ret_backup);

/* Reads all of it. It opens with kek, or with none of our keys. */
DOSIS_CHECK dosis_rc_t dosis_backup_check(
    const char *dir, const dosis_secret_t *kek, dosis_backup_t *ret_backup);

/* Adds backup.json. */
void dosis_backup_add_json(dosis_buf_t *buf, const dosis_backup_t *backup);

/* How many bytes a copy takes at this moment. */
DOSIS_CHECK dosis_rc_t dosis_backup_room(
    dosis_store_t *store, uint64_t *ret_bytes);

#endif
