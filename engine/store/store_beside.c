/* SPDX-License-Identifier: EUPL-1.2 */
#include "store/store_beside.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>

#include "store/store_checkpoint.h"

#define PIECES      256
#define PIECE_LEAST ((uint64_t) 256 << 10)
#define PART_LEAST  ((uint64_t) 4 << 20) /* written, on average */
#define MAKES_MAX   16    /* one upon another */
#define NEAR_END    (STORE_JOURNAL_BEGIN + STORE_JOURNAL_BYTES / 4 * 3)


/* What a checkpoint will be of. */
typedef struct {
    store_slot_t slot;
    uint64_t at;       /* where the next record goes; 0: not this way */
    uint64_t bytes;    /* of pages freed since the last one: about as many were
                          written */
    uint64_t end;      /* of the pages in the file */
} point_t;


/* Under the lock, or as a hint. */
static uint64_t
end_of(const store_env_t *env)
{
    MDB_envinfo info;

    (void) mdb_env_info(env->env, &info);
    return ((uint64_t) info.me_last_pgno + 1) * STORE_PAGE_BYTES;
}


/*
 * Under the lock. at 0, too, when less than `least` bytes of pages were freed
 * since the last one.
 */
static dosis_rc_t
note_point(const store_snap_t *snap, uint64_t least, point_t *point)
{
    dosis_rc_t rc;
    store_env_t *env = snap->env;
    store_slot_t *slot = &point->slot;

    point->at = 0;
    if (store_checkpoint_is_broken(env)) {
        return DOSIS_EIO;
    }
    rc = store_journal_load(&env->journal);
    if (rc == DOSIS_OK) {
        rc = store_checkpoint_fill(snap, mdb_txn_id(snap->txn) - 1, slot);
    }
    if (rc != DOSIS_OK || slot->txn == env->journal.slot.txn
        || !store_checkpoint_position(snap, slot->txn, &point->at)
        || (point->at >= NEAR_END && env->format < DOSIS_STORE_FORMAT)) {
        point->at = 0;
        return rc;
    }
    point->bytes = (env->freed - env->journal.slot.freed) * STORE_PAGE_BYTES;
    if (point->bytes < least) {
        point->at = 0;
        return rc;
    }
    point->end = end_of(env);
    slot->begin = point->at;
    slot->series = env->journal.slot.series;
    slot->freed = env->freed;
    store_journal_announce(&env->journal, slot->txn);
    return DOSIS_OK;
}


static dosis_rc_t
note(store_env_t *env, point_t *point)
{
    dosis_rc_t rc;
    store_snap_t snap = { .env = env };

    rc = store_lmdb_begin(env, true, &snap.txn);
    if (rc == DOSIS_OK) {
        rc = note_point(&snap, 0, point);
        mdb_txn_abort(snap.txn);
    }
    return rc;
}


/* The data file, and the part of it at hand. */
typedef struct {
    int fd;
    char *map;         /* of all of it */
    uint64_t bytes;
    uint64_t piece;
    uint64_t from;
    uint64_t end;
} part_t;


/*
 * Piece by piece, each waited for: a record that comes in between finds few
 * writes before it on the disk, instead of all of them. Then what came
 * meanwhile in that part, what the file system must know to find it, and what
 * the disk has in a cache of its own: Linux has no fdatasync of a part but
 * msync, which is one (vfs_fsync_range), also for what was written without a
 * map; of a descriptor that may not write it would do nothing.
 */
static bool
sync_part(const part_t *part)
{
    uint64_t at;
    const unsigned how = SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER;

    for (at = part->from; at < part->end; at += part->piece) {
        if (sync_file_range(part->fd, (off_t) at, (off_t) part->piece, how) != 0
            && errno != ENOSYS && errno != EINVAL && errno != ESPIPE) {
            /* a sync may not tell of that error again */
            return false;
        }
    }
    return msync(part->map + part->from, part->end - part->from, MS_SYNC) == 0;
}


static uint64_t
pages_up(uint64_t bytes)
{
    return (bytes + STORE_PAGE_BYTES - 1) / STORE_PAGE_BYTES * STORE_PAGE_BYTES;
}


/*
 * One after the other: one sync of all would have to write what came while
 * the first of it was written back, at once, and each record would wait.
 */
static bool
sync_parts(part_t *part, uint64_t written, uint64_t least)
{
    uint64_t parts = written / least + 1, most;

    parts = parts < PIECES ? parts : PIECES;
    most = pages_up(part->bytes / parts);
    for (; part->from < part->bytes; part->from = part->end) {
        part->end = part->from + most;
        part->end = part->end < part->bytes ? part->end : part->bytes;
        if (!sync_part(part)) {
            return false;
        }
    }
    return true;
}


static dosis_rc_t
sync_all(store_env_t *env, const point_t *point)
{
    dosis_rc_t rc = DOSIS_OK;
    part_t part = { .bytes = point->end, .piece = PIECE_LEAST };

    if (mdb_env_get_fd(env->env, &part.fd) != MDB_SUCCESS) {
        return store_checkpoint_give_up(env);
    }
    if (part.bytes / PIECES > PIECE_LEAST) {
        part.piece = pages_up(part.bytes / PIECES);
    }
    part.map = mmap(NULL, part.bytes, PROT_READ, MAP_SHARED, part.fd, 0);
    if (part.map == MAP_FAILED) {
        return mdb_env_sync(env->env, 1) == MDB_SUCCESS
                   ? DOSIS_OK
                   : store_checkpoint_give_up(env);
    }
    if (!sync_parts(&part, point->bytes,
            env->part_least > 0 ? env->part_least : PART_LEAST)) {
        /* at once: the kernel told this program, and tells it once */
        rc = store_checkpoint_give_up(env);
    }
    (void) munmap(part.map, part.bytes);
    return rc;
}


/* Nothing came since: the records can as well begin anew. */
static dosis_rc_t
save(store_env_t *env, store_slot_t *slot, uint64_t last)
{
    if (last == slot->txn) {
        store_journal_renew(slot);
    }
    return store_checkpoint_save(env, slot);
}


/*
 * Nobody writes much any more, and what came of it is behind the checkpoint:
 * the measure is again the one of all. Not before, or the next who writes
 * would have to make another.
 */
static void
end_bulk(const store_snap_t *snap, uint64_t last)
{
    uint64_t at;
    store_env_t *env = snap->env;
    store_journal_t *journal = &env->journal;

    store_journal_heed(journal);
    if (journal->bulk && !env->bulk
        && store_checkpoint_position(snap, last, &at)
        && (env->freed - journal->slot.freed) * STORE_PAGE_BYTES
               < store_checkpoint_freed(env).most
        && at < STORE_JOURNAL_BEGIN + STORE_JOURNAL_BYTES) {
        store_journal_say_bulk(journal, false);
    }
}


/*
 * What was freed meanwhile may be so much that another is due: that is noted
 * before the lock is gone, or a writer would make one at once.
 */
static dosis_rc_t
finish(store_env_t *env, bool last_one, point_t *point)
{
    dosis_rc_t rc;
    uint64_t last;
    store_snap_t snap = { .env = env };

    point->at = 0;
    rc = store_lmdb_begin(env, true, &snap.txn);
    if (rc != DOSIS_OK) {
        return rc;
    }
    last = mdb_txn_id(snap.txn) - 1;
    rc = store_checkpoint_is_broken(env) ? DOSIS_EIO
                                         : store_journal_load(&env->journal);
    /* else another made one, of what came later */
    if (rc == DOSIS_OK
        && env->journal.slot.number + 1 == point->slot.number) {
        rc = save(env, &point->slot, last);
    }
    if (rc == DOSIS_OK) {
        end_bulk(&snap, last);
    }
    rc = store_checkpoint_pin(env, last, rc);
    if (rc == DOSIS_OK && !last_one) {
        rc = note_point(&snap, store_checkpoint_freed(env).due, point);
    }
    mdb_txn_abort(snap.txn);
    return rc;
}


/* Most of it without the lock; then under it there is little left. */
static dosis_rc_t
make_halting(store_env_t *env)
{
    const point_t all = { .end = end_of(env) };
    dosis_rc_t rc = sync_all(env, &all);

    return rc == DOSIS_OK ? store_checkpoint_take(env) : rc;
}


dosis_rc_t
store_beside_make(store_env_t *env)
{
    dosis_rc_t rc = DOSIS_OK;
    unsigned made;
    point_t point = { .at = 0 };

    if (env->format >= STORE_FORMAT_BESIDE) {
        rc = note(env, &point);
    }
    if (rc != DOSIS_OK) {
        return rc;
    }
    if (point.at == 0) {
        return make_halting(env);
    }
    for (made = 1; rc == DOSIS_OK && point.at != 0; made++) {
        rc = sync_all(env, &point);
        if (rc == DOSIS_OK) {
            rc = finish(env, made == MAKES_MAX, &point);
        }
    }
    return rc;
}
