/* SPDX-License-Identifier: EUPL-1.2 */
#include "store/store_checkpoint.h"

#include <sys/statvfs.h>
#include <unistd.h>

#include "base/dosis_wire.h"
#include "store/store_env.h"

#define META_POSITION "journaal"    /* number u64, end of the last record u64 */
#define POSITION_BYTES 16
#define LAG_MAX       2             /* checkpoints that a pin may be behind */
#define TIGHT_BYTES   ((uint64_t) 64 << 20)


/* --- pin ----------------------------------------------------------------- */

static void
pin_drop(store_env_t *env)
{
    if (env->pin.id != 0) {
        mdb_txn_reset(env->pin.txn);
        env->pin.id = 0;
    }
}


/* On the last committed transaction, which is the checkpoint's. */
static dosis_rc_t
pin_take(store_env_t *env)
{
    dosis_rc_t rc;

    (void) pthread_mutex_lock(&env->pin.lock);
    pin_drop(env);
    if (env->pin.txn == NULL) {
        rc = store_lmdb_begin(env, false, &env->pin.txn);
    } else {
        rc = store_lmdb_rc(mdb_txn_renew(env->pin.txn));
    }
    if (rc == DOSIS_OK) {
        env->pin.id = mdb_txn_id(env->pin.txn);
        env->pin.number = env->journal.slot.number;
    }
    (void) pthread_mutex_unlock(&env->pin.lock);
    return rc;
}


/* Counted: who comes next in this process may begin before this one lets go. */
static void
pin_hold(store_env_t *env)
{
    (void) pthread_mutex_lock(&env->pin.lock);
    env->pin.holders++;
    (void) pthread_mutex_unlock(&env->pin.lock);
}


static void
pin_let_go(store_env_t *env)
{
    (void) pthread_mutex_lock(&env->pin.lock);
    env->pin.holders--;
    if (env->pin.holders == 0 && env->tight) {
        pin_drop(env);
    }
    (void) pthread_mutex_unlock(&env->pin.lock);
}


void
store_checkpoint_rest(store_env_t *env)
{
    if (env->journal.fd < 0 || pthread_mutex_trylock(&env->pin.lock) != 0) {
        return;
    }
    if (env->pin.holders == 0 && env->pin.id != 0
        && store_journal_newest(&env->journal) >= env->pin.number + LAG_MAX) {
        pin_drop(env);
    }
    (void) pthread_mutex_unlock(&env->pin.lock);
}


/* --- checkpoint ---------------------------------------------------------- */

static dosis_rc_t
give_up(store_env_t *env)
{
    env->broken = true;
    store_journal_break(&env->journal, true);
    return DOSIS_EIO;
}


static dosis_rc_t
read_roots(const store_env_t *env, char to[STORE_ROOTS_BYTES])
{
    int fd;

    if (mdb_env_get_fd(env->env, &fd) != MDB_SUCCESS
        || pread(fd, to, STORE_ROOTS_BYTES, 0) != STORE_ROOTS_BYTES) {
        return DOSIS_EIO;
    }
    return DOSIS_OK;
}


dosis_rc_t
store_checkpoint_make(store_env_t *env, MDB_txn *txn)
{
    dosis_rc_t rc;
    store_slot_t slot = { .number = env->journal.slot.number + 1,
        .txn = mdb_txn_id(txn) - 1 };
    const store_snap_t snap = { .env = env, .txn = txn };

    rc = store_meta_get(&snap, "klok", &slot.clock);
    if (rc != DOSIS_OK) {
        return rc;
    }
    if (mdb_env_sync(env->env, 1) != MDB_SUCCESS) {
        return give_up(env);
    }
    rc = read_roots(env, slot.roots);
    if (rc != DOSIS_OK) {
        return rc;
    }
    if (store_lmdb_roots_txn(slot.roots) != slot.txn) {
        return DOSIS_EFORMAT;
    }
    rc = store_journal_settle(&env->journal);
    if (rc == DOSIS_OK) {
        rc = store_journal_save(&env->journal, &slot);
    }
    env->settled = env->settled || rc == DOSIS_OK;
    return rc;
}


static bool
is_broken(store_env_t *env)
{
    env->broken = env->broken || store_journal_is_broken(&env->journal);
    return env->broken;
}


dosis_rc_t
store_checkpoint_take(store_env_t *env)
{
    dosis_rc_t rc;
    MDB_txn *txn;

    rc = store_lmdb_begin(env, true, &txn);
    if (rc != DOSIS_OK) {
        return rc;
    }
    rc = is_broken(env) ? DOSIS_EIO : store_journal_load(&env->journal);
    if (rc == DOSIS_OK && mdb_txn_id(txn) - 1 != env->journal.slot.txn) {
        rc = store_checkpoint_make(env, txn);
    }
    (void) pthread_mutex_lock(&env->pin.lock);
    pin_drop(env);
    (void) pthread_mutex_unlock(&env->pin.lock);
    mdb_txn_abort(txn);
    return rc;
}


dosis_rc_t
dosis_store_checkpoint(dosis_store_t *store)
{
    dosis_rc_t rc = DOSIS_OK;
    store_env_t *env = store_env_take(store);

    if (env->journal.fd >= 0 && !store_env_read_only(store)) {
        /* most of it without the lock: then under it there is little left */
        if (mdb_env_sync(env->env, 1) != MDB_SUCCESS) {
            rc = give_up(env);
        }
        if (rc == DOSIS_OK) {
            rc = store_checkpoint_take(env);
        }
    }
    store_env_give(store, env);
    return rc;
}


void
dosis_store_rest(dosis_store_t *store)
{
    store_env_t *env = store_env_take(store);

    store_checkpoint_rest(env);
    store_env_give(store, env);
}


void
store_checkpoint_close(store_env_t *env)
{
    unsigned flags = MDB_RDONLY;

    if (env->journal.fd >= 0 && !env->broken
        && mdb_env_get_flags(env->env, &flags) == MDB_SUCCESS
        && !(flags & MDB_RDONLY) && store_journal_is_last(&env->journal)
        && store_checkpoint_take(env) != DOSIS_OK) {
        env->settled = false;    /* who opens it next replays */
    }
    store_lmdb_close(env);
    store_journal_close(&env->journal);
}


/* --- transaction --------------------------------------------------------- */

/* Where the next record goes; false when it cannot be told. */
static bool
position_of(const store_snap_t *snap, uint64_t last, uint64_t *ret_at)
{
    dosis_slice_t value;
    const store_slot_t *slot = &snap->env->journal.slot;

    *ret_at = STORE_JOURNAL_BEGIN;
    if (last == slot->txn) {
        return true;
    }
    if (store_get_raw(snap, DB_META, DOSIS_SLICE(META_POSITION), &value)
            != DOSIS_OK
        || value.len != POSITION_BYTES
        || dosis_be64_get(value.data) != slot->number) {
        return false;
    }
    *ret_at = dosis_be64_get(value.data + 8);
    return true;
}


/*
 * Little room left: pages kept for the checkpoint could be what lacks. Then
 * each commit has its own, and the store is as slow as it must be, not full.
 */
static bool
is_tight(const store_env_t *env)
{
    int fd;
    uint64_t used;
    MDB_envinfo info;
    struct statvfs fs;

    (void) mdb_env_info(env->env, &info);
    used = ((uint64_t) info.me_last_pgno + 1) * STORE_PAGE_BYTES;
    if (info.me_mapsize < used + TIGHT_BYTES
        || mdb_env_get_fd(env->env, &fd) != MDB_SUCCESS
        || fstatvfs(fd, &fs) != 0) {
        return true;
    }
    return (uint64_t) fs.f_bavail * fs.f_frsize < TIGHT_BYTES;
}


static bool
must_make(const store_env_t *env, uint64_t last, uint64_t at)
{
    const store_slot_t *slot = &env->journal.slot;

    if (!env->settled) {
        return true;
    }
    return last != slot->txn
           && (env->tight || env->pin.id == 0 || env->pin.id > slot->txn
               || env->pin.number + LAG_MAX <= slot->number
               || at >= STORE_JOURNAL_BEGIN + STORE_JOURNAL_BYTES);
}


static dosis_rc_t
settle(store_snap_t *snap, uint64_t last, uint64_t *at)
{
    dosis_rc_t rc;
    store_env_t *env = snap->env;
    bool known = position_of(snap, last, at);

    env->tight = is_tight(env);
    if (!known || must_make(env, last, *at)) {
        rc = store_checkpoint_make(env, snap->txn);
        *at = STORE_JOURNAL_BEGIN;
        return rc == DOSIS_OK ? pin_take(env) : rc;
    }
    if (last == env->journal.slot.txn && env->pin.id != last) {
        rc = pin_take(env);
        if (rc != DOSIS_OK) {
            return rc;
        }
    }
    return store_journal_settle(&env->journal);
}


dosis_rc_t
store_checkpoint_begin(store_snap_t *snap)
{
    dosis_rc_t rc;
    uint64_t at;
    store_env_t *env = snap->env;

    if (env->journal.fd < 0) {
        return DOSIS_OK;
    }
    if (is_broken(env)) {
        return DOSIS_EIO;
    }
    pin_hold(env);
    snap->held = true;
    rc = store_journal_load(&env->journal);
    if (rc == DOSIS_OK) {
        rc = settle(snap, mdb_txn_id(snap->txn) - 1, &at);
    }
    if (rc == DOSIS_OK) {
        store_journal_begin(&env->journal, at);
    }
    return rc;
}


void
store_checkpoint_abort(store_snap_t *snap)
{
    if (snap->env->journal.fd >= 0) {
        store_journal_begin(&snap->env->journal, 0);
    }
    mdb_txn_abort(snap->txn);
    snap->txn = NULL;
    if (snap->held) {
        snap->held = false;
        pin_let_go(snap->env);
    }
}


/*
 * The record is on disk, its transaction is not there. The next one writes
 * over it; until then a recovery would take it for one. Not without the lock:
 * it may be gone already.
 */
static void
void_last(store_env_t *env, uint64_t id, uint64_t at)
{
    MDB_txn *txn;

    if (store_lmdb_begin(env, true, &txn) != DOSIS_OK) {
        return;
    }
    if (mdb_txn_id(txn) == id) {
        store_journal_void(&env->journal, at);
    }
    mdb_txn_abort(txn);
}


static dosis_rc_t
put_position(store_snap_t *snap)
{
    char bytes[POSITION_BYTES];
    const store_journal_t *journal = &snap->env->journal;

    dosis_be64(bytes, journal->slot.number);
    dosis_be64(bytes + 8, store_journal_end(journal));
    return store_lmdb_put(snap, DB_META, DOSIS_SLICE(META_POSITION),
        dosis_slice(bytes, sizeof(bytes)));
}


dosis_rc_t
store_checkpoint_commit(store_snap_t *snap)
{
    dosis_rc_t rc;
    store_env_t *env = snap->env;
    uint64_t id = mdb_txn_id(snap->txn), at = env->journal.at;

    if (env->journal.changes == 0) {
        store_checkpoint_abort(snap);
        return DOSIS_OK;
    }
    rc = put_position(snap);
    if (rc == DOSIS_OK) {
        rc = store_journal_append(&env->journal, id);
    }
    if (rc != DOSIS_OK) {
        store_checkpoint_abort(snap);
        return rc;
    }
    rc = store_lmdb_rc(mdb_txn_commit(snap->txn));
    snap->txn = NULL;
    snap->held = false;
    pin_let_go(env);
    if (rc != DOSIS_OK) {
        void_last(env, id, at);
    }
    return rc;
}


dosis_rc_t
store_checkpoint_state(const store_snap_t *snap, dosis_journal_t *ret_state)
{
    store_slot_t slot;
    dosis_slice_t value;
    dosis_rc_t rc;

    memset(ret_state, 0, sizeof(*ret_state));
    if (snap->env->journal.fd < 0) {
        return DOSIS_OK;
    }
    rc = store_journal_peek(&snap->env->journal, &slot);
    if (rc != DOSIS_OK) {
        return rc == DOSIS_EFORMAT ? DOSIS_OK : rc;
    }
    ret_state->checkpoint = slot.number;
    ret_state->clock_ns = (int64_t) slot.clock;
    ret_state->broken = store_journal_is_broken(&snap->env->journal);
    rc = store_get_raw(snap, DB_META, DOSIS_SLICE(META_POSITION), &value);
    if (rc == DOSIS_OK && value.len == POSITION_BYTES
        && dosis_be64_get(value.data) == slot.number) {
        ret_state->bytes = dosis_be64_get(value.data + 8) - STORE_JOURNAL_BEGIN;
    }
    return rc == DOSIS_ENOTFOUND ? DOSIS_OK : rc;
}


dosis_rc_t
dosis_store_journal(dosis_store_t *store, dosis_journal_t *ret_state)
{
    dosis_rc_t rc;
    store_env_t *env = store_env_take(store);
    store_snap_t snap = { .env = env };

    rc = store_lmdb_begin(env, false, &snap.txn);
    if (rc == DOSIS_OK) {
        rc = store_checkpoint_state(&snap, ret_state);
        mdb_txn_abort(snap.txn);
    }
    store_env_give(store, env);
    return rc;
}
