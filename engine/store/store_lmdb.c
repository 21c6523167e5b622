/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/dosis_wire.h"
#include "store/store_lmdb.h"
#include "store/store_pin.h"

#define SEAL_FORMAT  1     /* in each value's AAD: not the store's format */
#define MAP_BYTES    (UINT64_C(256) << 30)
#define READERS_MAX  512
#define ROOT_TXN_AT  144
#define ROOM_MIN     ((uint64_t) 1 << 20)   /* four times the longest write */

const store_db_info_t dosis_store_db_info[STORE_DBS] = {
    [DB_META] = { "meta", STORE_PLAIN },
    [DB_AGENT] = { "agent", 0 },
    [DB_PLAATS] = { "plaats", 0 },
    [DB_SLEUTEL] = { "sleutel", 0 },
    [DB_LANG] = { "lang", 0 },
    [DB_HISTORIE] = { "historie", STORE_APPEND },
    [DB_LOG] = { "log", STORE_APPEND },
    [DB_UPLOAD] = { "upload", 0 },
    [DB_RESULTAAT] = { "resultaat", STORE_APPEND },
    [DB_FOUT] = { "fout", STORE_PLAIN },
    [DB_LAATST] = { "laatst", 0 },
    [DB_REFERENTIE] = { "referentie", 0 },
    [DB_SPOOR] = { "spoor", STORE_PLAIN | STORE_APPEND },
    [DB_INZAGE] = { "inzage", STORE_APPEND },
    [DB_TELLING] = { "telling", STORE_DERIVED },
    [DB_VOLG] = { "volg", STORE_DERIVED },
    [DB_TERMIJN] = { "termijn", STORE_DERIVED },
    [DB_DOORKLIK] = { "doorklik", STORE_DERIVED },
    [DB_BETROKKEN] = { "betrokken", STORE_PLAIN | STORE_DERIVED },
    [DB_OPLADING] = { "oplading", STORE_DERIVED },
    [DB_AFKEURING] = { "afkeuring", STORE_DERIVED },
};

static const struct {
    int mdb;
    dosis_rc_t rc;
} error_map[] = {
    { MDB_SUCCESS, DOSIS_OK },
    { MDB_NOTFOUND, DOSIS_ENOTFOUND },
    { MDB_MAP_FULL, DOSIS_EFULL },
    { ENOSPC, DOSIS_EFULL },
    { EDQUOT, DOSIS_EFULL },
    { MDB_READERS_FULL, DOSIS_EBUSY },
    { MDB_MAP_RESIZED, DOSIS_EBUSY },
    { ENOMEM, DOSIS_ENOMEM },
    { ENOENT, DOSIS_ENOTFOUND },
    { EACCES, DOSIS_EDENIED },
    { EROFS, DOSIS_EDENIED },
    { MDB_INVALID, DOSIS_EFORMAT },
    { MDB_VERSION_MISMATCH, DOSIS_EFORMAT },
    { MDB_CORRUPTED, DOSIS_EFORMAT },
    { MDB_PAGE_NOTFOUND, DOSIS_EFORMAT },
};


dosis_rc_t
store_lmdb_rc(int mdb)
{
    size_t i;

    for (i = 0; i < sizeof(error_map) / sizeof(error_map[0]); i++) {
        if (error_map[i].mdb == mdb) {
            return error_map[i].rc;
        }
    }
    return DOSIS_EIO;
}


dosis_rc_t
store_lmdb_write_rc(const store_env_t *env, dosis_rc_t rc)
{
    int fd;
    struct statvfs fs;

    if (rc != DOSIS_EIO || mdb_env_get_fd(env->env, &fd) != MDB_SUCCESS
        || fstatvfs(fd, &fs) != 0) {
        return rc;
    }
    return (uint64_t) fs.f_bavail * fs.f_frsize < ROOM_MIN ? DOSIS_EFULL : rc;
}


static MDB_val
val_of(dosis_slice_t s)
{
    return (MDB_val) { s.len, (void *) (uintptr_t) s.data };
}


static dosis_slice_t
slice_of(MDB_val v)
{
    return dosis_slice(v.mv_data, v.mv_size);
}


/* Without create a derived one may lack: it stays 0. */
static dosis_rc_t
open_databases(store_env_t *env, bool create)
{
    int i, mdb;
    MDB_txn *txn;
    const store_db_info_t *info;

    mdb = mdb_txn_begin(env->env, NULL, create ? 0 : MDB_RDONLY, &txn);
    if (mdb != MDB_SUCCESS) {
        return store_lmdb_rc(mdb);
    }
    for (i = 0; i < STORE_DBS; i++) {
        info = &dosis_store_db_info[i];
        mdb = mdb_dbi_open(txn, info->name, create ? MDB_CREATE : 0,
            &env->dbi[i]);
        if (mdb == MDB_NOTFOUND && (info->flags & STORE_DERIVED)) {
            env->dbi[i] = 0;
        } else if (mdb != MDB_SUCCESS) {
            mdb_txn_abort(txn);
            return mdb == MDB_NOTFOUND ? DOSIS_EFORMAT : store_lmdb_rc(mdb);
        }
    }
    return store_lmdb_rc(mdb_txn_commit(txn));
}


dosis_rc_t
store_lmdb_add_databases(store_snap_t *snap)
{
    int i, mdb;

    for (i = 0; i < STORE_DBS; i++) {
        if (snap->env->dbi[i] != 0) {
            continue;
        }
        mdb = mdb_dbi_open(snap->txn, dosis_store_db_info[i].name, MDB_CREATE,
            &snap->env->dbi[i]);
        if (mdb != MDB_SUCCESS) {
            snap->env->dbi[i] = 0;
            return store_lmdb_rc(mdb);
        }
        store_journal_note(&snap->env->journal, REDO_CREATE, (uint8_t) i,
            dosis_slice(NULL, 0), dosis_slice(NULL, 0));
    }
    return DOSIS_OK;
}


bool
store_lmdb_lacks_databases(const store_env_t *env)
{
    int i;

    for (i = 0; i < STORE_DBS && env->dbi[i] != 0; i++) {
        continue;
    }
    return i < STORE_DBS;
}


dosis_rc_t
store_lmdb_check(const char *path)
{
    struct stat st;

    if (stat(path, &st) != 0) {
        return errno == ENOENT ? DOSIS_ENOTFOUND : DOSIS_EIO;
    }
    return (st.st_mode & S_IRWXO) == 0 ? DOSIS_OK : DOSIS_EDENIED;
}


static int
open_lock_file(const char *path)
{
    int n;
    char lock[PATH_MAX];

    n = snprintf(lock, sizeof(lock), "%s-lock", path);
    if (n < 0 || (size_t) n >= sizeof(lock)) {
        return -1;
    }
    return open(lock, O_RDWR | O_CLOEXEC);
}


/* LMDB holds a lock on the first byte for as long as the file is open. */
bool
store_lmdb_in_use(const char *path)
{
    int fd = open_lock_file(path);
    struct flock how = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 1 };
    bool used;

    if (fd < 0) {
        return false;
    }
    used = fcntl(fd, F_OFD_GETLK, &how) != 0 || how.l_type != F_UNLCK;
    (void) close(fd);
    return used;
}


/*
 * Where each of both pages has its number, after a head of 16 bytes: magic u32,
 * version u32, address, map size, two databases of 48, last page, this. In the
 * byte order of the machine. store_checkpoint_make() finds out if it is not.
 */
uint64_t
store_lmdb_roots_txn(const char roots[STORE_ROOTS_BYTES])
{
    uint64_t a, b;

    memcpy(&a, roots + ROOT_TXN_AT, sizeof(a));
    memcpy(&b, roots + STORE_PAGE_BYTES + ROOT_TXN_AT, sizeof(b));
    return a > b ? a : b;
}


/*
 * A slot of a reader that lies in a hole of the lock file would need a block
 * at the moment it is first used: on a full disk that is a SIGBUS. Before LMDB
 * opens it, since closing it would drop the locks LMDB has on it by then.
 */
static void
reserve_lock_file(const char *path)
{
    int fd = open_lock_file(path);
    struct stat st;

    if (fd < 0) {
        return;                 /* none yet, or read-only: no slots either */
    }
    if (fstat(fd, &st) == 0 && st.st_size > 0) {
        (void) fallocate(fd, 0, 0, st.st_size);
    }
    (void) close(fd);
}


/*
 * Made by whoever looked first, perhaps as root and with a narrow umask: with
 * the owner and mode of the data file, as far as that may be done. By name: to
 * open and close it would drop the locks that LMDB has on it.
 */
static void
share_lock_file(const char *path)
{
    char name[PATH_MAX];
    struct stat data, lock;

    if (snprintf(name, sizeof(name), "%s-lock", path) >= (int) sizeof(name)
        || stat(path, &data) != 0 || lstat(name, &lock) != 0
        || !S_ISREG(lock.st_mode)) {
        return;
    }
    if (lock.st_uid != data.st_uid || lock.st_gid != data.st_gid) {
        (void) !lchown(name, data.st_uid, data.st_gid);
    }
    if ((lock.st_mode & 0777) != (data.st_mode & 0777)) {
        (void) chmod(name, data.st_mode & 0777);
    }
}


dosis_rc_t
store_lmdb_open(const char *path, const dosis_store_options_t *options,
    bool create, store_env_t *ret_env)
{
    int mdb;
    dosis_rc_t rc;
    unsigned flags;

    memset(ret_env, 0, sizeof(*ret_env));
    ret_env->journal.fd = -1;
    if (!create) {
        rc = store_lmdb_check(path);
        if (rc != DOSIS_OK) {
            return rc;
        }
    }
    reserve_lock_file(path);
    mdb = mdb_env_create(&ret_env->env);
    if (mdb != MDB_SUCCESS) {
        return store_lmdb_rc(mdb);
    }
    (void) pthread_mutex_init(&ret_env->pin_lock, NULL);
    /* No MDB_NOMEMINIT: LMDB would write what malloc left in a page's unused
       part to disk, and in this process that is plain text. */
    flags = MDB_NOSUBDIR | MDB_NOTLS | MDB_NORDAHEAD
            | (options->read_only ? MDB_RDONLY : 0);
    (void) mdb_env_set_maxdbs(ret_env->env, STORE_DBS + 2);
    (void) mdb_env_set_maxreaders(ret_env->env, READERS_MAX);
    (void) mdb_env_set_mapsize(ret_env->env,
        options->map_bytes > 0
            ? options->map_bytes & ~((size_t) STORE_PAGE_BYTES - 1)
            : MAP_BYTES);
    mdb = mdb_env_open(ret_env->env, path, flags, 0660);
    rc = store_lmdb_rc(mdb);
    if (rc == DOSIS_OK) {
        share_lock_file(path);
    }
    if (rc == DOSIS_OK) {
        rc = open_databases(ret_env, create);
    }
    if (rc != DOSIS_OK) {
        store_lmdb_close(ret_env);
        return rc;
    }
    return DOSIS_OK;
}


void
store_lmdb_close(store_env_t *env)
{
    if (env->env != NULL) {
        store_pin_close(env);
        mdb_env_close(env->env);
        env->env = NULL;
        (void) pthread_mutex_destroy(&env->pin_lock);
    }
    dosis_keyring_free(env->ring);
    env->ring = NULL;
}


/* A file that nobody else knows of: its format says that it has no journal. */
static dosis_rc_t
make_plain(const char *path)
{
    int mdb;
    MDB_env *env;
    MDB_txn *txn;
    store_env_t of = { 0 };
    store_snap_t snap = { .env = &of };
    dosis_rc_t rc = DOSIS_EIO;

    mdb = mdb_env_create(&env);
    if (mdb != MDB_SUCCESS) {
        return store_lmdb_rc(mdb);
    }
    (void) mdb_env_set_maxdbs(env, 1);
    (void) mdb_env_set_mapsize(env, MAP_BYTES);
    mdb = mdb_env_open(env, path, MDB_NOSUBDIR | MDB_NOLOCK, 0600);
    if (mdb == MDB_SUCCESS) {
        mdb = mdb_txn_begin(env, NULL, 0, &txn);
    }
    if (mdb != MDB_SUCCESS) {
        mdb_env_close(env);
        return store_lmdb_rc(mdb);
    }
    snap.txn = txn;
    mdb = mdb_dbi_open(txn, dosis_store_db_info[DB_META].name, 0,
        &of.dbi[DB_META]);
    rc = mdb == MDB_SUCCESS
             ? store_meta_put(&snap, "formaat", STORE_FORMAT_PLAIN)
             : store_lmdb_rc(mdb);
    if (rc == DOSIS_OK) {
        rc = store_lmdb_rc(mdb_txn_commit(txn));
    } else {
        mdb_txn_abort(txn);
    }
    mdb_env_close(env);
    return rc;
}


dosis_rc_t
store_lmdb_copy(store_env_t *env, const char *path)
{
    dosis_rc_t rc;
    int fd;

    fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) {
        return errno == EEXIST ? DOSIS_ECONFLICT : store_lmdb_rc(errno);
    }
    rc = store_lmdb_rc(mdb_env_copyfd2(env->env, fd, 0));
    if (rc == DOSIS_OK && (fchmod(fd, 0600) != 0 || fsync(fd) != 0)) {
        rc = store_lmdb_rc(errno);
    }
    if (close(fd) != 0 && rc == DOSIS_OK) {
        rc = store_lmdb_rc(errno);
    }
    if (rc == DOSIS_OK) {
        rc = make_plain(path);
    }
    if (rc != DOSIS_OK) {
        (void) unlink(path);
    }
    return rc;
}


dosis_rc_t
store_lmdb_begin(store_env_t *env, bool write, MDB_txn **ret_txn)
{
    int mdb, dead;
    unsigned flags = write ? 0 : MDB_RDONLY;

    if (write) {
        store_journal_want(&env->journal, true);
    }
    mdb = mdb_txn_begin(env->env, NULL, flags, ret_txn);
    if (write) {
        store_journal_want(&env->journal, false);
    }
    if (mdb == MDB_READERS_FULL) {
        (void) mdb_reader_check(env->env, &dead);
        mdb = mdb_txn_begin(env->env, NULL, flags, ret_txn);
    }
    return store_lmdb_rc(mdb);
}


static dosis_place_t
place_of(store_db_t db, dosis_slice_t key)
{
    return (dosis_place_t) { (uint8_t) db, SEAL_FORMAT, key };
}


uint64_t
store_snap_id(const store_snap_t *snap)
{
    return mdb_txn_id(snap->txn);
}


dosis_rc_t
store_get_raw(const store_snap_t *snap, store_db_t db, dosis_slice_t key,
    dosis_slice_t *ret_value)
{
    int mdb;
    MDB_val k = val_of(key), v;

    if (snap->env->dbi[db] == 0) {
        return DOSIS_ENOTFOUND;
    }
    mdb = mdb_get(snap->txn, snap->env->dbi[db], &k, &v);
    if (mdb != MDB_SUCCESS) {
        return store_lmdb_rc(mdb);
    }
    *ret_value = slice_of(v);
    return DOSIS_OK;
}


dosis_rc_t
store_open_value(const store_snap_t *snap, store_db_t db, dosis_slice_t key,
    dosis_slice_t value, dosis_buf_t *buf)
{
    char *to;
    size_t len, plain;
    dosis_rc_t rc;

    if (dosis_store_db_info[db].flags & STORE_PLAIN) {
        dosis_buf_add_slice(buf, value);
        return buf->rc;
    }
    if (value.len < DOSIS_SEAL_OVERHEAD) {
        return DOSIS_EFORMAT;
    }
    plain = value.len - DOSIS_SEAL_OVERHEAD;
    to = dosis_buf_grow(buf, plain);
    if (to == NULL) {
        return buf->rc;
    }
    rc = dosis_open(snap->crypt, place_of(db, key), value, to, &len);
    if (rc != DOSIS_OK) {
        buf->len -= plain;
    }
    return rc;
}


dosis_rc_t
store_get(const store_snap_t *snap, store_db_t db, dosis_slice_t key,
    dosis_buf_t *buf)
{
    dosis_rc_t rc;
    dosis_slice_t value;

    rc = store_get_raw(snap, db, key, &value);
    if (rc != DOSIS_OK) {
        return rc;
    }
    return store_open_value(snap, db, key, value, buf);
}


static void
note(store_snap_t *snap, store_redo_kind_t kind, store_db_t db, MDB_val key,
    MDB_val value)
{
    if (snap->held) {
        store_journal_note(&snap->env->journal, kind, (uint8_t) db,
            slice_of(key), slice_of(value));
    }
}


static dosis_rc_t
note_in_spoor(store_snap_t *snap, store_db_t db, dosis_slice_t key)
{
    char seq[8], entry[1 + STORE_KEY_MAX];
    MDB_val k = { sizeof(seq), seq }, v = { 1 + key.len, entry };

    if (key.len > STORE_KEY_MAX) {
        return DOSIS_EFORMAT;
    }
    dosis_be64(seq, ++snap->spoor_seq);
    entry[0] = (char) db;
    memcpy(entry + 1, key.data, key.len);
    note(snap, REDO_APPEND, DB_SPOOR, k, v);
    return store_lmdb_rc(mdb_put(snap->txn, snap->env->dbi[DB_SPOOR], &k, &v,
        MDB_APPEND));
}


dosis_rc_t
store_put(store_snap_t *snap, store_db_t db, dosis_slice_t key,
    dosis_slice_t plain)
{
    int mdb;
    unsigned flags = dosis_store_db_info[db].flags;
    dosis_rc_t rc;
    MDB_val k = val_of(key), v;

    if (snap->env->dbi[db] == 0) {
        return DOSIS_EDENIED;
    }
    v.mv_data = NULL;
    v.mv_size = plain.len + (flags & STORE_PLAIN ? 0 : DOSIS_SEAL_OVERHEAD);
    mdb = mdb_put(snap->txn, snap->env->dbi[db], &k, &v,
        MDB_RESERVE | (flags & STORE_APPEND ? MDB_APPEND : 0));
    if (mdb != MDB_SUCCESS) {
        return mdb == MDB_KEYEXIST ? DOSIS_EFORMAT : store_lmdb_rc(mdb);
    }
    rc = DOSIS_OK;
    if (!(flags & STORE_PLAIN)) {
        rc = dosis_seal(snap->crypt, place_of(db, key), plain, v.mv_data);
    } else if (plain.len > 0) {
        memcpy(v.mv_data, plain.data, plain.len);
    }
    note(snap, flags & STORE_APPEND ? REDO_APPEND : REDO_PUT, db, k, v);
    if (rc == DOSIS_OK && snap->rewriting && !(flags & STORE_APPEND)) {
        rc = note_in_spoor(snap, db, key);
    }
    return rc;
}


dosis_rc_t
store_del(store_snap_t *snap, store_db_t db, dosis_slice_t key)
{
    int mdb;
    MDB_val k = val_of(key);

    if (snap->env->dbi[db] == 0) {
        return DOSIS_ENOTFOUND;
    }
    mdb = mdb_del(snap->txn, snap->env->dbi[db], &k, NULL);
    if (mdb != MDB_SUCCESS) {
        return store_lmdb_rc(mdb);
    }
    note(snap, REDO_DELETE, db, k, (MDB_val) { 0, NULL });
    return snap->rewriting ? note_in_spoor(snap, db, key) : DOSIS_OK;
}


dosis_rc_t
store_lmdb_put(store_snap_t *snap, store_db_t db, dosis_slice_t key,
    dosis_slice_t value)
{
    MDB_val k = val_of(key), v = val_of(value);

    return store_lmdb_rc(mdb_put(snap->txn, snap->env->dbi[db], &k, &v, 0));
}


/* The databases that a record names are there: it made those that lacked. */
static dosis_rc_t
redo_one(store_snap_t *snap, const store_redo_t *redo)
{
    int mdb = MDB_CORRUPTED;
    MDB_dbi *dbi = &snap->env->dbi[redo->db];
    MDB_val k = val_of(redo->key), v = val_of(redo->value);

    switch (redo->kind) {
    case REDO_CREATE:
        mdb = mdb_dbi_open(snap->txn, dosis_store_db_info[redo->db].name,
            MDB_CREATE, dbi);
        break;
    case REDO_PUT:
    case REDO_APPEND:
        mdb = mdb_put(snap->txn, *dbi, &k, &v,
            redo->kind == REDO_APPEND ? MDB_APPEND : 0);
        break;
    case REDO_DELETE:
        mdb = mdb_del(snap->txn, *dbi, &k, NULL);
        break;
    }
    return mdb == MDB_NOTFOUND || mdb == MDB_KEYEXIST ? DOSIS_EFORMAT
                                                      : store_lmdb_rc(mdb);
}


dosis_rc_t
store_lmdb_redo(store_snap_t *snap, dosis_slice_t changes)
{
    dosis_rc_t rc;
    store_redo_t redo;

    do {
        rc = store_journal_next(&changes, &redo);
        if (rc == DOSIS_OK) {
            rc = redo.db < STORE_DBS ? redo_one(snap, &redo) : DOSIS_EFORMAT;
        }
    } while (rc == DOSIS_OK);
    return rc == DOSIS_ENOTFOUND ? DOSIS_OK : rc;
}


dosis_rc_t
store_cursor_open(const store_snap_t *snap, store_db_t db,
    store_cursor_t *ret_cursor)
{
    memset(ret_cursor, 0, sizeof(*ret_cursor));
    if (snap->env->dbi[db] == 0) {
        return DOSIS_OK;      /* moves over nothing */
    }
    return store_lmdb_rc(mdb_cursor_open(snap->txn, snap->env->dbi[db],
        &ret_cursor->cursor));
}


void
store_cursor_close(store_cursor_t *cursor)
{
    if (cursor->cursor != NULL) {
        mdb_cursor_close(cursor->cursor);
        cursor->cursor = NULL;
    }
}


static dosis_rc_t
cursor_move(store_cursor_t *cursor, MDB_val *key, MDB_cursor_op op)
{
    int mdb;
    MDB_val v;

    if (cursor->cursor == NULL) {
        return DOSIS_ENOTFOUND;
    }
    mdb = mdb_cursor_get(cursor->cursor, key, &v, op);
    if (mdb != MDB_SUCCESS) {
        return store_lmdb_rc(mdb);
    }
    cursor->key = slice_of(*key);
    cursor->value = slice_of(v);
    return DOSIS_OK;
}


dosis_rc_t
store_cursor_seek(store_cursor_t *cursor, dosis_slice_t key)
{
    MDB_val k = val_of(key);

    return cursor_move(cursor, &k,
        key.len == 0 ? MDB_FIRST : MDB_SET_RANGE);
}


dosis_rc_t
store_cursor_next(store_cursor_t *cursor)
{
    MDB_val k;

    return cursor_move(cursor, &k, MDB_NEXT);
}


dosis_rc_t
store_cursor_prev(store_cursor_t *cursor)
{
    MDB_val k;

    return cursor_move(cursor, &k, MDB_PREV);
}


dosis_rc_t
store_cursor_last(store_cursor_t *cursor)
{
    MDB_val k;

    return cursor_move(cursor, &k, MDB_LAST);
}


dosis_rc_t
store_last_seq(const store_snap_t *snap, store_db_t db, uint64_t *ret_seq)
{
    dosis_rc_t rc;
    store_cursor_t cursor;

    *ret_seq = 0;
    rc = store_cursor_open(snap, db, &cursor);
    if (rc != DOSIS_OK) {
        return rc;
    }
    rc = store_cursor_last(&cursor);
    if (rc == DOSIS_OK && cursor.key.len == 8) {
        *ret_seq = dosis_be64_get(cursor.key.data);
    }
    store_cursor_close(&cursor);
    return rc == DOSIS_ENOTFOUND ? DOSIS_OK : rc;
}


dosis_rc_t
store_meta_get(const store_snap_t *snap, const char *name, uint64_t *ret_value)
{
    dosis_rc_t rc;
    dosis_slice_t value;

    *ret_value = 0;
    rc = store_get_raw(snap, DB_META, dosis_slice_of(name), &value);
    if (rc == DOSIS_ENOTFOUND) {
        return DOSIS_OK;
    }
    if (rc == DOSIS_OK && value.len != 8) {
        rc = DOSIS_EFORMAT;
    }
    if (rc == DOSIS_OK) {
        *ret_value = dosis_be64_get(value.data);
    }
    return rc;
}


dosis_rc_t
store_meta_put(store_snap_t *snap, const char *name, uint64_t value)
{
    char bytes[8];

    dosis_be64(bytes, value);
    return store_put(snap, DB_META, dosis_slice_of(name),
        dosis_slice(bytes, sizeof(bytes)));
}
