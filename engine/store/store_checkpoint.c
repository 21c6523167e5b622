/* SPDX-License-Identifier: EUPL-1.2 */
#include "store/store_checkpoint.h"

#include <sys/statvfs.h>
#include <unistd.h>

#include "base/dosis_wire.h"
#include "store/store_ahead.h"
#include "store/store_beside.h"
#include "store/store_env.h"
#include "store/store_pin.h"

#define META_POSITION "journaal"
#define POSITION_BYTES 32
#define POSITION_BESIDE 24    /* by 0.5.0: without the turn */
#define TIGHT_BYTES   ((uint64_t) 64 << 20)
#define RECORDS_DUE   ((uint64_t) 4 << 20)
#define FREED_LEAST   ((uint64_t) 64 << 20)
#define FREED_MOST    ((uint64_t) 128 << 20)
#define FREED_PART    8    /* of the file, between these */
#define BULK_FREED    4    /* as much, of a process that writes much */
#define BULK_DUE      16   /* and as many records, until one is due */
#define BULK_RECORDS  8    /* at most */
#define ROOM_PART     32   /* of the records: for another, gone round */


/* --- checkpoint ---------------------------------------------------------- */

dosis_rc_t
store_checkpoint_give_up(store_env_t *env)
{
    env->broken = true;
    store_journal_break(&env->journal, true);
    return DOSIS_EIO;
}


dosis_rc_t
store_checkpoint_fill(
    const store_snap_t *snap, uint64_t last, store_slot_t *ret_slot)
{
    int fd;
    store_env_t *env = snap->env;

    ret_slot->number = env->journal.slot.number + 1;
    ret_slot->txn = last;
    store_journal_renew(ret_slot);
    if (mdb_env_get_fd(env->env, &fd) != MDB_SUCCESS
        || pread(fd, ret_slot->roots, STORE_ROOTS_BYTES, 0)
               != STORE_ROOTS_BYTES) {
        return DOSIS_EIO;
    }
    if (store_lmdb_roots_txn(ret_slot->roots) != ret_slot->txn) {
        return DOSIS_EFORMAT;
    }
    return store_meta_get(snap, "klok", &ret_slot->clock);
}


static dosis_rc_t
make(const store_snap_t *snap, uint64_t last)
{
    dosis_rc_t rc;
    store_slot_t slot;
    store_env_t *env = snap->env;

    rc = store_checkpoint_fill(snap, last, &slot);
    if (rc != DOSIS_OK) {
        return rc;
    }
    /* another thread may have been told instead, by its own sync */
    if (mdb_env_sync(env->env, 1) != MDB_SUCCESS || env->broken) {
        return store_checkpoint_give_up(env);
    }
    return store_checkpoint_save(env, &slot);
}


dosis_rc_t
store_checkpoint_make(store_env_t *env, MDB_txn *txn)
{
    const store_snap_t snap = { .env = env, .txn = txn };

    return make(&snap, mdb_txn_id(txn) - 1);
}


dosis_rc_t
store_checkpoint_save(store_env_t *env, const store_slot_t *slot)
{
    dosis_rc_t rc;

    rc = store_journal_settle(&env->journal);
    if (rc == DOSIS_OK) {
        rc = store_journal_save(&env->journal, slot);
    }
    env->settled = env->settled || rc == DOSIS_OK;
    return rc;
}


bool
store_checkpoint_is_broken(store_env_t *env)
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
    rc = store_checkpoint_is_broken(env) ? DOSIS_EIO
                                         : store_journal_load(&env->journal);
    if (rc == DOSIS_OK && mdb_txn_id(txn) - 1 != env->journal.slot.txn) {
        rc = store_checkpoint_make(env, txn);
    }
    store_journal_heed(&env->journal);
    if (rc == DOSIS_OK && env->journal.bulk && !env->bulk) {
        store_journal_say_bulk(&env->journal, false);
    }
    rc = store_checkpoint_pin(env, mdb_txn_id(txn) - 1, rc);
    mdb_txn_abort(txn);
    return rc;
}


dosis_rc_t
store_checkpoint_pin(store_env_t *env, uint64_t last, dosis_rc_t rc)
{
    if (rc != DOSIS_OK || env->pin.id == 0) {
        store_pin_drop(env);
        return rc;
    }
    return store_pin_move(env, last);
}


dosis_rc_t
dosis_store_checkpoint(dosis_store_t *store)
{
    dosis_rc_t rc = DOSIS_OK;
    store_env_t *env = store_env_take(store);

    if (env->journal.fd >= 0 && !store_env_read_only(store)) {
        rc = store_beside_make(env);
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
    uint64_t series;    /* that its record bears */
    uint64_t end;       /* of the last record, or where they go round to */
    uint64_t freed;     /* pages that earlier ones of this series freed */
    uint64_t turn;      /* where they went round, or 0 */
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
    if (value.len != POSITION_BYTES && value.len != POSITION_BESIDE) {
        return DOSIS_ENOTFOUND;
    }
    ret_position->series = dosis_be64_get(value.data);
    ret_position->end = dosis_be64_get(value.data + 8);
    ret_position->freed = dosis_be64_get(value.data + 16);
    ret_position->turn = value.len == POSITION_BYTES
        ? dosis_be64_get(value.data + 24)
        : 0;
    return DOSIS_OK;
}


bool
store_checkpoint_position(const store_snap_t *snap, uint64_t last,
    uint64_t *ret_at)
{
    position_t position;
    store_env_t *env = snap->env;
    const store_slot_t *slot = &env->journal.slot;

    *ret_at = slot->begin;
    env->freed = slot->freed;
    env->turn = 0;
    if (last == slot->txn) {
        return true;
    }
    if (get_position(snap, &position) != DOSIS_OK
        || position.series != slot->series
        || store_pin_freed(env, last, &env->freed) != DOSIS_OK) {
        return false;
    }
    env->freed += position.freed;
    *ret_at = position.end;
    env->turn = position.turn;
    return true;
}


static store_freed_t
freed_of(const store_env_t *env, bool bulk)
{
    MDB_envinfo info;
    uint64_t most;

    (void) mdb_env_info(env->env, &info);
    most = ((uint64_t) info.me_last_pgno + 1) * STORE_PAGE_BYTES / FREED_PART;
    most = most > FREED_MOST ? FREED_MOST : most;
    if (bulk && most < FREED_LEAST * BULK_FREED) {
        most = FREED_LEAST * BULK_FREED;
    } else if (most < FREED_LEAST) {
        most = FREED_LEAST;
    }
    return (store_freed_t) { most / 4, most, most * 4 };
}


store_freed_t
store_checkpoint_freed(const store_env_t *env)
{
    return freed_of(env, env->bulk);
}


/* Here or in another process: to its measure, or who comes in between would
   have to make a checkpoint of all that it wrote. */
static bool
is_bulk(const store_env_t *env)
{
    return env->bulk || env->journal.bulk;
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
frees_too_much(const store_env_t *env)
{
    const store_slot_t *slot = &env->journal.slot;
    const store_freed_t freed = freed_of(env, is_bulk(env));
    uint64_t bytes = (env->freed - slot->freed) * STORE_PAGE_BYTES;

    return bytes
           >= (env->journal.coming > slot->txn ? freed.coming : freed.most);
}


/* Of records, from when on a writer does not add another. */
static uint64_t
records_most(const store_env_t *env, bool bulk)
{
    return env->journal.most * (bulk ? BULK_RECORDS : 1);
}


/* After some records: at the begin itself there is none, gone all round. */
static bool
has_room(const store_env_t *env, uint64_t at)
{
    uint64_t begin = env->journal.slot.begin;

    return at <= begin
               ? at + records_most(env, env->bulk) / ROOM_PART <= begin
               : at < STORE_JOURNAL_BEGIN + records_most(env, is_bulk(env));
}


static bool
must_make(const store_env_t *env, uint64_t last, uint64_t at)
{
    const store_slot_t *slot = &env->journal.slot;

    if (!env->settled) {
        return true;
    }
    return last != slot->txn
           && (env->tight || !store_pin_is_good(env)
               || frees_too_much(env) || !has_room(env, at));
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
    known = store_checkpoint_position(snap, last, at);
    env->tight = is_tight(env);
    if (known && !must_make(env, last, *at)) {
        return store_journal_settle(&env->journal);
    }
    *at = STORE_JOURNAL_BEGIN;
    env->freed = 0;
    env->turn = 0;
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
    if (store_checkpoint_is_broken(env)) {
        return DOSIS_EIO;
    }
    store_ahead_make(env);
    store_pin_hold(env);
    snap->held = true;
    store_journal_heed(&env->journal);
    if (env->bulk && !env->journal.bulk) {
        store_journal_say_bulk(&env->journal, true);
    }
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


/*
 * Where the next record goes is settled by this transaction, not by the next:
 * one that was written and never committed is then written over by it.
 */
static uint64_t
next_place(store_env_t *env)
{
    uint64_t end = store_journal_end(&env->journal);
    const uint64_t most = records_most(env, env->bulk);

    if (store_journal_is_round(&env->journal)
        || end < STORE_JOURNAL_BEGIN + most / 4 * 3
        || env->journal.slot.begin < STORE_JOURNAL_BEGIN + most / 4
        || env->format < DOSIS_STORE_FORMAT) {
        return end;
    }
    env->turn = end;
    return STORE_JOURNAL_BEGIN;
}


static dosis_rc_t
put_position(store_snap_t *snap)
{
    char bytes[POSITION_BYTES];
    store_env_t *env = snap->env;

    dosis_be64(bytes, env->journal.slot.series);
    dosis_be64(bytes + 8, next_place(env));
    dosis_be64(bytes + 16, env->freed);
    dosis_be64(bytes + 24, env->turn);
    return store_lmdb_put(snap, DB_META, DOSIS_SLICE(META_POSITION),
        dosis_slice(bytes, env->format < DOSIS_STORE_FORMAT ? POSITION_BESIDE
                                                            : sizeof(bytes)));
}


/*
 * A record longer than what is left before those that the slot still needs:
 * then they are needed no more. The transaction has put already, in pages that
 * nobody else has.
 */
static dosis_rc_t
make_way(store_env_t *env)
{
    dosis_rc_t rc;
    store_snap_t seen = { .env = env };

    if (store_journal_fits(&env->journal)) {
        return DOSIS_OK;
    }
    rc = store_lmdb_begin(env, false, &seen.txn);
    if (rc != DOSIS_OK) {
        return rc;
    }
    rc = make(&seen, mdb_txn_id(seen.txn));
    mdb_txn_abort(seen.txn);
    env->journal.at = STORE_JOURNAL_BEGIN;
    env->freed = 0;
    env->turn = 0;
    return rc;
}


dosis_rc_t
store_checkpoint_commit(store_snap_t *snap)
{
    dosis_rc_t rc;
    store_env_t *env = snap->env;
    uint64_t id = mdb_txn_id(snap->txn), at;

    if (env->journal.changes == 0) {
        store_checkpoint_abort(snap);
        return DOSIS_OK;
    }
    rc = make_way(env);
    at = env->journal.at;
    if (rc == DOSIS_OK) {
        rc = put_position(snap);
    }
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


static uint64_t
bytes_since(const store_slot_t *slot, const position_t *position)
{
    if (position->end >= slot->begin) {
        return position->end - slot->begin;
    }
    return (position->turn > slot->begin ? position->turn - slot->begin : 0)
           + (position->end - STORE_JOURNAL_BEGIN);
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
    /* snap may be older than the slot */
    if (rc == DOSIS_OK && position.series == slot.series
        && mdb_txn_id(snap->txn) > slot.txn) {
        ret_state->bytes = bytes_since(&slot, &position);
        ret_state->freed_bytes =
            (position.freed - slot.freed) * STORE_PAGE_BYTES;
        ret_state->due =
            ret_state->bytes >= RECORDS_DUE * (snap->env->bulk ? BULK_DUE : 1)
            || ret_state->freed_bytes
                   >= store_checkpoint_freed(snap->env).due;
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
