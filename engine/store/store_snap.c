/* SPDX-License-Identifier: EUPL-1.2 */
#include "store/store_checkpoint.h"
#include "store/store_env.h"


/* Keys are a generation's own: a new one needs a new context. */
static dosis_rc_t
adopt(dosis_store_t *store, uint32_t generation, store_env_t **env,
    dosis_crypt_t **crypt)
{
    dosis_rc_t rc;
    store_env_t *next;
    dosis_crypt_t *fresh;

    rc = store_env_follow(store, generation, &next);
    if (rc != DOSIS_OK) {
        return rc;
    }
    rc = dosis_crypt_create(next->ring, &fresh);
    if (rc != DOSIS_OK) {
        store_env_give(store, next);
        return rc;
    }
    dosis_crypt_free(*crypt);
    store_env_give(store, *env);
    *crypt = fresh;
    *env = next;
    return DOSIS_OK;
}


static dosis_rc_t
read_markers(store_snap_t *snap, bool write, uint64_t *ret_next)
{
    uint64_t rewriting;
    dosis_rc_t rc;

    rc = store_meta_get(snap, "next", ret_next);
    if (rc == DOSIS_OK && write) {
        rc = store_meta_get(snap, "herschrijf", &rewriting);
        snap->rewriting = rewriting != 0;
    }
    if (rc == DOSIS_OK && snap->rewriting) {
        rc = store_last_seq(snap, DB_SPOOR, &snap->spoor_seq);
    }
    return rc;
}


dosis_rc_t
store_snap_begin(dosis_store_t *store, store_env_t **env,
    dosis_crypt_t **crypt, bool write, store_snap_t *snap)
{
    unsigned hops;
    uint64_t next;
    dosis_rc_t rc;

    for (hops = 0; hops < STORE_FOLLOW_MAX; hops++) {
        *snap = (store_snap_t) { .env = *env, .crypt = *crypt };
        rc = store_lmdb_begin(*env, write, &snap->txn);
        if (rc != DOSIS_OK) {
            return rc;
        }
        rc = read_markers(snap, write, &next);
        if (rc == DOSIS_OK && next == 0) {
            rc = write ? store_checkpoint_begin(snap) : DOSIS_OK;
            if (rc == DOSIS_OK) {
                return DOSIS_OK;
            }
        }
        store_snap_end(snap);
        if (rc == DOSIS_OK) {
            rc = adopt(store, (uint32_t) next, env, crypt);
        }
        if (rc != DOSIS_OK) {
            return rc;
        }
    }
    return DOSIS_EBUSY;
}


dosis_rc_t
store_snap_renew(dosis_store_t *store, store_env_t **env,
    dosis_crypt_t **crypt, store_snap_t *snap)
{
    uint64_t next;
    dosis_rc_t rc;

    if (snap->txn == NULL) {
        return store_snap_begin(store, env, crypt, false, snap);
    }
    rc = store_lmdb_rc(mdb_txn_renew(snap->txn));
    if (rc == DOSIS_OK && store_snap_id(snap) == snap->known) {
        return DOSIS_OK;      /* nothing was written since */
    }
    if (rc == DOSIS_OK) {
        rc = read_markers(snap, false, &next);
    }
    if (rc == DOSIS_OK && next == 0) {
        return DOSIS_OK;
    }
    mdb_txn_abort(snap->txn);
    snap->txn = NULL;
    if (rc != DOSIS_OK) {
        return rc;
    }
    return store_snap_begin(store, env, crypt, false, snap);
}


void
store_snap_reset(store_snap_t *snap)
{
    if (snap->txn != NULL) {
        mdb_txn_reset(snap->txn);
    }
}


void
store_snap_end(store_snap_t *snap)
{
    if (snap->held) {
        store_checkpoint_abort(snap);
    } else if (snap->txn != NULL) {
        mdb_txn_abort(snap->txn);
        snap->txn = NULL;
    }
}


dosis_rc_t
store_snap_commit(store_snap_t *snap)
{
    return store_checkpoint_commit(snap);
}
