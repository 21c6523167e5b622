/* SPDX-License-Identifier: EUPL-1.2 */
#include "store/store_checkpoint.h"

#include <sys/statvfs.h>
#include <unistd.h>

#include "base/dosis_wire.h"
#include "store/store_env.h"
#include "store/store_pin.h"

#define META_POSITION "journaal"
#define POSITION_BYTES 24
#define TIGHT_BYTES   ((uint64_t) 64 << 20)


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
    /* of who only makes checkpoints it would be the oldest reader for ever */
    if (rc != DOSIS_OK || env->pin.id == 0) {
        store_pin_drop(env);
    } else {
        rc = store_pin_move(env, mdb_txn_id(txn) - 1);
    }
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
dosis_store_bulk(dosis_store_t *store, bool bulk)
{
    store_env_t *env = store_env_take(store);

    env->bulk = bulk;
    store_env_give(store, env);
}


void
dosis_store_rest(dosis_store_t *store)
{
    store_env_t *env = store_env_take(store);

    store_pin_rest(env);
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

/* `meta/journaal`, as the last transaction put it. */
typedef struct {
    uint64_t number;    /* of the checkpoint */
    uint64_t end;       /* of the last record */
    uint64_t freed;     /* pages that earlier ones freed since the checkpoint */
} position_t;


static dosis_rc_t
get_position(const store_snap_t *snap, position_t *ret_position)
{
    dosis_rc_t rc;
    dosis_slice_t value;

    rc = store_get_raw(snap, DB_META, DOSIS_SLICE(META_POSITION), &value);
    if (rc != DOSIS_OK) {
        return rc;
    }
    if (value.len != POSITION_BYTES) {
        return DOSIS_ENOTFOUND;
    }
    ret_position->number = dosis_be64_get(value.data);
    ret_position->end = dosis_be64_get(value.data + 8);
    ret_position->freed = dosis_be64_get(value.data + 16);
    return DOSIS_OK;
}


/* Where the next record goes; false when it cannot be told. */
static bool
find_position(const store_snap_t *snap, uint64_t last, uint64_t *ret_at)
{
    position_t position;
    store_env_t *env = snap->env;
    const store_slot_t *slot = &env->journal.slot;

    *ret_at = STORE_JOURNAL_BEGIN;
    env->freed = 0;
    if (last == slot->txn) {
        return true;
    }
    if (get_position(snap, &position) != DOSIS_OK
        || position.number != slot->number
        || store_pin_freed(env, last, &env->freed) != DOSIS_OK) {
        return false;
    }
    env->freed += position.freed;
    *ret_at = position.end;
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
    const uint64_t times = env->bulk ? DOSIS_BULK_TIMES : 1;

    if (!env->settled) {
        return true;
    }
    return last != slot->txn
           && (env->tight || !store_pin_is_good(env)
               || env->freed * STORE_PAGE_BYTES >= STORE_FREED_MAX * times
               || at >= STORE_JOURNAL_BEGIN + STORE_JOURNAL_BYTES * times);
}


static dosis_rc_t
settle(store_snap_t *snap, uint64_t last, uint64_t *at)
{
    int dead;
    dosis_rc_t rc;
    store_env_t *env = snap->env;
    bool known;

    rc = store_pin_move(env, last);
    if (rc != DOSIS_OK) {
        return rc;
    }
    known = find_position(snap, last, at);
    env->tight = is_tight(env);
    if (known && !must_make(env, last, *at)) {
        return store_journal_settle(&env->journal);
    }
    *at = STORE_JOURNAL_BEGIN;
    env->freed = 0;
    /* one that died keeps pages as well, and the engine may be down */
    (void) mdb_reader_check(env->env, &dead);
    rc = store_checkpoint_make(env, snap->txn);
    return rc == DOSIS_OK ? store_pin_move(env, last) : rc;
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
    store_pin_hold(env);
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
        store_pin_let_go(snap->env);
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
    dosis_be64(bytes + 16, snap->env->freed);
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
    store_pin_let_go(env);
    if (rc != DOSIS_OK) {
        void_last(env, id, at);
    }
    return rc;
}


dosis_rc_t
store_checkpoint_state(const store_snap_t *snap, dosis_journal_t *ret_state)
{
    store_slot_t slot;
    position_t position;
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
    rc = get_position(snap, &position);
    if (rc == DOSIS_OK && position.number == slot.number) {
        ret_state->bytes = position.end - STORE_JOURNAL_BEGIN;
        ret_state->freed_bytes = position.freed * STORE_PAGE_BYTES;
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
