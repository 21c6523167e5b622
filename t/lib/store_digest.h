/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * store_digest.h: one number for all that a snapshot holds: two stores with
 * the same entries have the same.
 */

#ifndef DOSIS_T_LIB_STORE_DIGEST_H
#define DOSIS_T_LIB_STORE_DIGEST_H

#include "store/store_lmdb.h"

static inline uint64_t
digest_mix(uint64_t digest, dosis_slice_t bytes)
{
    size_t i;

    digest = (digest ^ bytes.len) * UINT64_C(0x100000001b3);
    for (i = 0; i < bytes.len; i++) {
        digest = (digest ^ (uint8_t) bytes.data[i]) * UINT64_C(0x100000001b3);
    }
    return digest;
}


/* What tells where on the disk something lies is no part of what is held. */
static inline bool
digest_counts(store_db_t db, dosis_slice_t key)
{
    return db != DB_META
           || !(key.len >= 8 && memcmp(key.data, "journaal", 8) == 0);
}


/* Of every entry as it lies there. */
static inline dosis_rc_t
digest_of(const store_snap_t *snap, uint64_t *ret_digest)
{
    int db;
    dosis_rc_t rc = DOSIS_OK;
    store_cursor_t c;

    *ret_digest = UINT64_C(0xcbf29ce484222325);
    for (db = 0; db < STORE_DBS && rc == DOSIS_OK; db++) {
        rc = store_cursor_open(snap, (store_db_t) db, &c);
        if (rc != DOSIS_OK) {
            break;
        }
        *ret_digest += 1;
        for (rc = store_cursor_seek(&c, dosis_slice("", 0)); rc == DOSIS_OK;
             rc = store_cursor_next(&c)) {
            if (digest_counts((store_db_t) db, c.key)) {
                *ret_digest =
                    digest_mix(digest_mix(*ret_digest, c.key), c.value);
            }
        }
        store_cursor_close(&c);
        rc = rc == DOSIS_ENOTFOUND ? DOSIS_OK : rc;
    }
    return rc;
}

#endif
