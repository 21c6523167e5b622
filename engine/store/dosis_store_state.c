/* SPDX-License-Identifier: EUPL-1.2 */
#include "store/store_checkpoint.h"
#include "store/store_env.h"


dosis_rc_t
dosis_store_trouble(dosis_rc_t rc)
{
    return rc == DOSIS_OK || rc == DOSIS_EFULL ? rc : DOSIS_EBUSY;
}


static dosis_rc_t
count_databases(store_snap_t *snap, dosis_store_state_t *state)
{
    int i, mdb;
    MDB_stat st;

    for (i = 0; i < STORE_DBS; i++) {
        state->database[i].name = dosis_store_db_info[i].name;
        if (snap->env->dbi[i] == 0) {
            continue;
        }
        mdb = mdb_stat(snap->txn, snap->env->dbi[i], &st);
        if (mdb != MDB_SUCCESS) {
            return store_lmdb_rc(mdb);
        }
        state->database[i].entries = st.ms_entries;
        state->database[i].pages = st.ms_branch_pages + st.ms_leaf_pages
                                   + st.ms_overflow_pages;
    }
    state->databases = STORE_DBS;
    return DOSIS_OK;
}


static dosis_rc_t
fill_state(store_snap_t *snap, dosis_store_state_t *state)
{
    uint64_t site, format;
    dosis_rc_t rc;
    MDB_envinfo info;

    (void) mdb_env_info(snap->env->env, &info);
    state->generation = snap->env->generation;
    state->used_bytes = ((uint64_t) info.me_last_pgno + 1) * 4096;
    state->map_bytes = info.me_mapsize;
    state->last_txn = info.me_last_txnid;
    state->readers = info.me_numreaders;
    rc = store_meta_get(snap, "site", &site);
    if (rc == DOSIS_OK) {
        rc = store_meta_get(snap, "formaat", &format);
    }
    if (rc != DOSIS_OK) {
        return rc;
    }
    state->site = (uint16_t) site;
    state->format = (uint32_t) format;
    rc = store_last_seq(snap, DB_LOG, &state->log_seq);
    if (rc == DOSIS_OK) {
        rc = store_checkpoint_state(snap, &state->journal);
    }
    return rc == DOSIS_OK ? count_databases(snap, state) : rc;
}


dosis_rc_t
dosis_store_state(dosis_store_t *store, dosis_store_state_t *ret_state)
{
    dosis_rc_t rc;
    store_env_t *env;
    store_snap_t snap;
    dosis_crypt_t *crypt;

    memset(ret_state, 0, sizeof(*ret_state));
    env = store_env_take(store);
    rc = dosis_crypt_create(env->ring, &crypt);
    if (rc == DOSIS_OK) {
        rc = store_snap_begin(store, &env, &crypt, false, &snap);
        if (rc == DOSIS_OK) {
            rc = fill_state(&snap, ret_state);
            mdb_txn_abort(snap.txn);
        }
        dosis_crypt_free(crypt);
    }
    store_env_give(store, env);
    return rc;
}


uint64_t
dosis_store_last_txn(dosis_store_t *store)
{
    MDB_envinfo info = { 0 };
    store_env_t *env = store_env_take(store);

    (void) mdb_env_info(env->env, &info);
    store_env_give(store, env);
    return info.me_last_txnid;
}


dosis_rc_t
dosis_store_check_readers(dosis_store_t *store, unsigned *ret_dead)
{
    int dead = 0;
    dosis_rc_t rc;
    store_env_t *env = store_env_take(store);

    rc = store_lmdb_rc(mdb_reader_check(env->env, &dead));
    *ret_dead = (unsigned) dead;
    store_env_give(store, env);
    return rc;
}
