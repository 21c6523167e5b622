/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * store_env.h: which generation is current, and who still uses an older one.
 * Private.
 *
 * Layer      store
 * Threads    take, give and follow may be called from any thread
 * Blocking   follow opens files; rare (a switch of generation)
 * Memory     take and follow give a counted environment; give returns it, and
 *            the last one to return a superseded generation closes it
 * Errors     DOSIS_EBUSY: the next generation cannot be opened yet
 */

#ifndef DOSIS_STORE_STORE_ENV_H
#define DOSIS_STORE_STORE_ENV_H

#include "store/store_lmdb.h"

#define STORE_FOLLOW_MAX 16     /* generations to hop over in one open */

store_env_t *store_env_take(dosis_store_t *store);
void store_env_give(dosis_store_t *store, store_env_t *env);

/* A transaction in env saw `next`: gives the environment that took over. */
DOSIS_CHECK dosis_rc_t store_env_follow(dosis_store_t *store,
    uint32_t generation, store_env_t **ret_env);

/* CURRENT in dir, replaced as a whole; on disk when DOSIS_OK. */
DOSIS_CHECK dosis_rc_t store_env_point(const char *dir, uint32_t generation);

bool store_env_read_only(const dosis_store_t *store);

/*
 * Begins a transaction in the newest generation: *env (taken) is replaced
 * when a switch has happened, and then *crypt is made anew for its keys.
 * snap is filled; on failure nothing is open.
 */
DOSIS_CHECK dosis_rc_t store_snap_begin(dosis_store_t *store,
    store_env_t **env, dosis_crypt_t **crypt, bool write, store_snap_t *snap);

/* Renews a reading transaction that was reset, or begins the first one. */
DOSIS_CHECK dosis_rc_t store_snap_renew(dosis_store_t *store,
    store_env_t **env, dosis_crypt_t **crypt, store_snap_t *snap);

/* Ends the snapshot; a reading one keeps its slot for renew. */
void store_snap_reset(store_snap_t *snap);

/* Aborts; nothing open is fine. */
void store_snap_end(store_snap_t *snap);

/* On disk when DOSIS_OK; ended in any case. */
DOSIS_CHECK dosis_rc_t store_snap_commit(store_snap_t *snap);

#endif
