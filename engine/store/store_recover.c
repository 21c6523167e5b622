/* SPDX-License-Identifier: EUPL-1.2 */
#include "store/store_recover.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "base/dosis_file.h"
#include "store/store_checkpoint.h"
#include "store/store_env.h"

/* g1.mdb: g1.jrnl */
static dosis_rc_t
journal_path(const char *path, char to[PATH_MAX])
{
    size_t len = strlen(path);
    int n;

    if (len < 4) {
        return DOSIS_ELIMIT;
    }
    n = snprintf(to, PATH_MAX, "%.*s.jrnl", (int) len - 4, path);
    return n > 0 && n < PATH_MAX ? DOSIS_OK : DOSIS_ELIMIT;
}


/* --- recovery ------------------------------------------------------------ */

typedef struct {
    const char *path;
    store_journal_t *journal;
    uint64_t records;
    char roots[STORE_ROOTS_BYTES];    /* as the file has them */
} recovery_t;


static dosis_rc_t
look(recovery_t *r)
{
    int fd;
    ssize_t n;
    dosis_rc_t rc;
    dosis_slice_t changes;
    uint64_t at = r->journal->slot.begin, txn = r->journal->slot.txn;

    fd = open(r->path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return DOSIS_EIO;
    }
    n = pread(fd, r->roots, STORE_ROOTS_BYTES, 0);
    (void) close(fd);
    if (n != STORE_ROOTS_BYTES) {
        return DOSIS_EFORMAT;
    }
    do {
        rc = store_journal_read(r->journal, ++txn, &at, &changes);
        r->records += rc == DOSIS_OK;
    } while (rc == DOSIS_OK);
    return rc == DOSIS_ENOTFOUND ? DOSIS_OK : rc;
}


static bool
is_clean(const recovery_t *r)
{
    return r->records == 0 && !store_journal_is_broken(r->journal)
           && memcmp(r->roots, r->journal->slot.roots, STORE_ROOTS_BYTES) == 0;
}


/*
 * A commit is in the file only when its record was on disk before: a file that
 * knows of more, or of less than the checkpoint, is not this journal's.
 */
static bool
belong_together(const recovery_t *r)
{
    uint64_t txn = store_lmdb_roots_txn(r->roots);
    const store_slot_t *slot = &r->journal->slot;

    return txn >= slot->txn && txn <= slot->txn + r->records;
}


static dosis_rc_t
put_roots(const recovery_t *r)
{
    int fd;
    bool fine;

    fd = open(r->path, O_WRONLY | O_CLOEXEC);
    if (fd < 0) {
        return errno == EACCES || errno == EROFS ? DOSIS_EBUSY : DOSIS_EIO;
    }
    fine = pwrite(fd, r->journal->slot.roots, STORE_ROOTS_BYTES, 0)
               == STORE_ROOTS_BYTES
           && fdatasync(fd) == 0;
    (void) close(fd);
    return fine ? DOSIS_OK : DOSIS_EIO;
}


/* Records of a later version may mean what is not known here. */
static dosis_rc_t
heed_format(store_snap_t *snap)
{
    uint64_t format;
    dosis_rc_t rc = store_meta_get(snap, "formaat", &format);

    return rc == DOSIS_OK && format > DOSIS_STORE_FORMAT ? DOSIS_EFORMAT : rc;
}


static dosis_rc_t
replay_one(store_env_t *env, uint64_t txn, uint64_t *at)
{
    dosis_rc_t rc;
    dosis_slice_t changes;
    store_snap_t snap = { .env = env };

    rc = store_journal_read(&env->journal, txn, at, &changes);
    if (rc != DOSIS_OK) {
        return rc;
    }
    rc = store_lmdb_begin(env, true, &snap.txn);
    if (rc != DOSIS_OK) {
        return rc;
    }
    rc = mdb_txn_id(snap.txn) == txn ? store_lmdb_redo(&snap, changes)
                                     : DOSIS_EFORMAT;
    if (rc == DOSIS_OK) {
        rc = heed_format(&snap);
    }
    if (rc != DOSIS_OK) {
        mdb_txn_abort(snap.txn);
        return rc;
    }
    return store_lmdb_rc(mdb_txn_commit(snap.txn));
}


/* With a pin on the checkpoint: a crash on the way begins again from there. */
static dosis_rc_t
replay(store_env_t *env)
{
    dosis_rc_t rc;
    MDB_txn *txn;
    store_snap_t pin = { .env = env };
    uint64_t at = env->journal.slot.begin, last = env->journal.slot.txn;

    rc = store_lmdb_begin(env, false, &pin.txn);
    if (rc != DOSIS_OK) {
        return rc;
    }
    rc = mdb_txn_id(pin.txn) == last ? heed_format(&pin) : DOSIS_EBUSY;
    while (rc == DOSIS_OK) {
        rc = replay_one(env, ++last, &at);
    }
    if (rc == DOSIS_ENOTFOUND) {
        rc = store_lmdb_begin(env, true, &txn);
        if (rc == DOSIS_OK) {
            rc = store_checkpoint_make(env, txn);
            mdb_txn_abort(txn);
        }
    }
    mdb_txn_abort(pin.txn);
    return rc;
}


/* In an environment of its own, without a ceiling: what was once there fits. */
static dosis_rc_t
recover(recovery_t *r)
{
    dosis_rc_t rc;
    store_env_t env;
    const dosis_store_options_t options = { .map_bytes = 0 };

    rc = put_roots(r);
    if (rc == DOSIS_OK) {
        rc = store_lmdb_open(r->path, &options, false, &env);
    }
    if (rc != DOSIS_OK) {
        return rc;
    }
    env.journal = *r->journal;
    rc = store_lmdb_rc(mdb_env_set_flags(env.env, MDB_NOSYNC, 1));
    if (rc == DOSIS_OK) {
        rc = replay(&env);
    }
    if (rc == DOSIS_OK) {
        store_journal_break(&env.journal, false);
    }
    *r->journal = env.journal;
    store_lmdb_close(&env);
    return rc;
}


static dosis_rc_t
bring_back(const char *path, store_journal_t *journal)
{
    dosis_rc_t rc;
    recovery_t r = { .path = path, .journal = journal };

    rc = store_journal_load(journal);
    if (rc == DOSIS_EFORMAT) {    /* none yet: settle() asks the format */
        return store_lmdb_in_use(path) ? DOSIS_EBUSY : DOSIS_OK;
    }
    if (rc == DOSIS_OK) {
        rc = look(&r);
    }
    if (rc != DOSIS_OK || is_clean(&r)) {
        return rc;
    }
    if (!belong_together(&r)) {
        return DOSIS_EFORMAT;
    }
    return !journal->writable || store_lmdb_in_use(path) ? DOSIS_EBUSY
                                                         : recover(&r);
}


/* --- open ---------------------------------------------------------------- */

static dosis_rc_t
format_of(store_env_t *env, uint64_t *ret_format)
{
    dosis_rc_t rc;
    store_snap_t snap = { .env = env };

    rc = store_lmdb_begin(env, false, &snap.txn);
    if (rc == DOSIS_OK) {
        rc = store_meta_get(&snap, "formaat", ret_format);
        mdb_txn_abort(snap.txn);
    }
    return rc;
}


/* The first slot: of a file whose commits have all waited for the disk. */
static dosis_rc_t
first_checkpoint(const char *path, store_env_t *env)
{
    dosis_rc_t rc;
    MDB_txn *txn;

    rc = store_lmdb_begin(env, true, &txn);
    if (rc == DOSIS_OK) {
        rc = store_checkpoint_make(env, txn);
        mdb_txn_abort(txn);
    }
    /* that the journal is there, before anything relies on it */
    return rc == DOSIS_OK && dosis_file_sync_parent(path) != DOSIS_OK
        ? DOSIS_EIO
        : rc;
}


/* Another program in it may be of a version that knows no more than that. */
static uint64_t
format_to_be(const store_env_t *env, uint64_t format)
{
    if (env->journal.alone) {
        return DOSIS_STORE_FORMAT;
    }
    return format == STORE_FORMAT_PLAIN ? STORE_FORMAT_HALTING : format;
}


static void
set_format(store_env_t *env, uint64_t format)
{
    env->format = format;
    env->journal.rounds = format >= DOSIS_STORE_FORMAT;
}


static dosis_rc_t
add_what_lacks(store_env_t *env, uint64_t format)
{
    dosis_rc_t rc;
    uint64_t to_be = format_to_be(env, format);
    store_snap_t snap = { .env = env };

    rc = store_lmdb_begin(env, true, &snap.txn);
    if (rc != DOSIS_OK) {
        return rc;
    }
    rc = store_checkpoint_begin(&snap);
    if (rc == DOSIS_OK && format != to_be) {
        rc = store_meta_put(&snap, "formaat", to_be);
    }
    if (rc == DOSIS_OK) {
        rc = store_lmdb_add_databases(&snap);
    }
    if (rc == DOSIS_OK) {
        set_format(env, to_be);
        return store_checkpoint_commit(&snap);
    }
    store_checkpoint_abort(&snap);
    return rc;
}


/* A number that this version knows, with the journal that it asks for. */
static bool
is_known(const store_journal_t *journal, uint64_t format)
{
    return format >= STORE_FORMAT_PLAIN && format <= DOSIS_STORE_FORMAT
           && journal->fd >= 0 && journal->slot.number != 0;
}


/* env is open, its journal locked: what must be so before anyone writes. */
static dosis_rc_t
settle(const char *path, store_env_t *env, bool read_only)
{
    dosis_rc_t rc;
    uint64_t format;
    store_journal_t *journal = &env->journal;

    rc = format_of(env, &format);
    if (rc != DOSIS_OK) {
        return rc;
    }
    if (format == STORE_FORMAT_PLAIN && read_only) {
        return DOSIS_OK;
    }
    if (format == STORE_FORMAT_PLAIN && journal->slot.number == 0) {
        rc = journal->alone ? first_checkpoint(path, env) : DOSIS_EBUSY;
    } else if (!is_known(journal, format)) {
        rc = DOSIS_EFORMAT;
    }
    if (rc != DOSIS_OK || read_only) {
        return rc;
    }
    set_format(env, format);
    rc = store_lmdb_rc(mdb_env_set_flags(env->env, MDB_NOSYNC, 1));
    if (rc == DOSIS_OK
        && (format != format_to_be(env, format)
            || store_lmdb_lacks_databases(env))) {
        rc = add_what_lacks(env, format);
    }
    return rc;
}


dosis_rc_t
store_recover_peek(const char *path, uint64_t *ret_format)
{
    dosis_rc_t rc;
    store_env_t env;
    const dosis_store_options_t options = { .read_only = true };

    rc = store_lmdb_open(path, &options, false, &env);
    if (rc == DOSIS_OK) {
        rc = format_of(&env, ret_format);
        store_lmdb_close(&env);
    }
    return rc;
}


static dosis_rc_t
open_journal(const char *path, const dosis_store_options_t *options,
    store_journal_t *journal)
{
    dosis_rc_t rc;
    uint64_t format;
    bool read_only = options->read_only, wait = !options->hurry;
    char name[PATH_MAX];

    rc = journal_path(path, name);
    if (rc != DOSIS_OK) {
        return rc;
    }
    rc = store_journal_open(name, true, false, wait, journal);
    if (rc == DOSIS_EDENIED && read_only) {
        rc = store_journal_open(name, false, false, wait, journal);
    }
    if (rc != DOSIS_OK || journal->fd >= 0) {
        return rc;
    }
    /* its format says that it never had one */
    rc = store_recover_peek(path, &format);
    if (rc == DOSIS_OK && format != STORE_FORMAT_PLAIN) {
        rc = DOSIS_EFORMAT;
    }
    if (rc == DOSIS_OK && !read_only) {
        rc = store_lmdb_in_use(path)
                 ? DOSIS_EBUSY
                 : store_journal_open(name, true, true, wait, journal);
    }
    return rc;
}


dosis_rc_t
store_recover_open(const char *path, const dosis_store_options_t *options,
    store_env_t *ret_env)
{
    dosis_rc_t rc;
    store_journal_t journal = { .fd = -1 };

    memset(ret_env, 0, sizeof(*ret_env));
    ret_env->journal.fd = -1;
    rc = store_lmdb_check(path);
    if (rc == DOSIS_OK) {
        rc = open_journal(path, options, &journal);
    }
    if (rc == DOSIS_OK && journal.alone) {
        rc = bring_back(path, &journal);
    } else if (rc == DOSIS_OK && journal.fd >= 0) {
        rc = store_journal_load(&journal);
        rc = rc == DOSIS_EFORMAT ? DOSIS_OK : rc;
    }
    if (rc == DOSIS_OK) {
        rc = store_lmdb_open(path, options, false, ret_env);
    }
    ret_env->journal = journal;
    if (rc == DOSIS_OK) {
        rc = settle(path, ret_env, options->read_only);
    }
    if (rc == DOSIS_OK && journal.fd >= 0) {
        rc = store_journal_share(&ret_env->journal);
    }
    if (rc != DOSIS_OK) {
        store_lmdb_close(ret_env);
        store_journal_close(&ret_env->journal);
    }
    return rc;
}
