/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * store_lmdb.h: the one door to LMDB: environments by generation, snapshots,
 * one get, one put, one delete, cursors, the one error map. Private.
 *
 * Layer      store
 * Threads    an environment is shared, a snapshot belongs to one thread
 * Blocking   begin_write waits for other writers, commit for the disk
 * Memory     environments are counted; values read point into the map and
 *            live until the snapshot ends (or, when writing, the next put)
 * Errors     MDB and errno codes become dosis_rc_t here and nowhere else
 */

#ifndef DOSIS_STORE_STORE_LMDB_H
#define DOSIS_STORE_STORE_LMDB_H

#include <lmdb.h>
#include <pthread.h>
#include <stdatomic.h>

#include "base/dosis_buf.h"
#include "crypto/dosis_crypt.h"
#include "store/dosis_store.h"
#include "store/store_journal.h"

/* The databases; numbers are part of each value's AAD: never change one. */
typedef enum {
    DB_META = 0,
    DB_AGENT = 1,
    DB_PLAATS = 2,
    DB_SLEUTEL = 3,
    DB_LANG = 4,
    DB_HISTORIE = 5,
    DB_LOG = 6,
    DB_UPLOAD = 7,
    DB_RESULTAAT = 8,
    DB_FOUT = 9,
    DB_LAATST = 10,
    DB_REFERENTIE = 11,
    DB_SPOOR = 12,
    DB_INZAGE = 13,
    DB_TELLING = 14,
    DB_VOLG = 15,
    DB_TERMIJN = 16,
    DB_DOORKLIK = 17,
    DB_BETROKKEN = 18,
    DB_OPLADING = 19,
    DB_AFKEURING = 20,
    STORE_DBS = 21
} store_db_t;

enum {
    STORE_PLAIN = 1,     /* kept as it is: no personal data, or empty */
    STORE_APPEND = 2,    /* keys only grow; not followed through `spoor` */
    STORE_DERIVED = 4    /* not in the first stores: made when it lacks */
};

typedef struct {
    const char *name;
    unsigned flags;
} store_db_info_t;

extern const store_db_info_t dosis_store_db_info[STORE_DBS];

/* A reading transaction that keeps pages from reuse: see store_pin.h. */
typedef struct {
    MDB_txn *txn;               /* NULL: none yet */
    uint64_t id;                /* what it sees; 0: nothing, it is dropped */
    uint64_t number;            /* the checkpoint when it was taken */
} store_pin_t;

/* One generation, open. */
typedef struct {
    MDB_env *env;
    MDB_dbi dbi[STORE_DBS];     /* 0: it lacks, and reads as empty */
    uint32_t generation;
    unsigned refs;              /* guarded by the store's lock */
    dosis_keyring_t *ring;
    store_journal_t journal;
    store_pin_t pin;            /* sees the checkpoint, or what came before */
    store_pin_t next_pin;       /* sees the last transaction, or the last
                                   before a checkpoint under way */
    store_pin_t look;           /* for a moment, the last transaction */
    unsigned pin_holders;       /* writing transactions */
    unsigned rests;             /* since the last of them */
    pthread_mutex_t pin_lock;
    uint64_t freed;             /* pages, in this series of records */
    uint64_t turn;              /* where records went round, or 0 */
    bool settled;               /* this process has made a checkpoint */
    atomic_bool bulk;           /* this process writes much, and alone */
    bool ahead;                 /* store_ahead.h: this process has looked */
    bool tight;                 /* little room: one for every commit */
    uint64_t part_least;        /* see store_beside.c; 0: as there */
    atomic_bool broken;         /* a sync failed, of whichever thread */
    uint64_t format;
} store_env_t;

/* One transaction, reading or writing. */
typedef struct {
    store_env_t *env;
    MDB_txn *txn;
    dosis_crypt_t *crypt;
    bool held;                  /* writing, and counted in the pin */
    bool rewriting;             /* meta/herschrijf: spoor is kept */
    uint64_t spoor_seq;
    uint64_t known;             /* the last snapshot of this environment of
                                   which a reader has read all that steers it */
} store_snap_t;

/*
 * A file without a journal: by 0.2.0 or before, just made, or a backup. Who
 * opens it to write gives it one, and DOSIS_STORE_FORMAT.
 */
#define STORE_FORMAT_PLAIN 1

/*
 * By 0.4.0 or before: records after a checkpoint always begin behind the slots.
 * By 0.5.0: they go on where they are, and never round. Who is alone when it
 * opens one to write gives it DOSIS_STORE_FORMAT.
 */
#define STORE_FORMAT_HALTING 2
#define STORE_FORMAT_BESIDE  3

#define STORE_META_SIDE  "zijrijen"    /* in `meta`: no side row lacks */
#define STORE_KEY_MAX    64
#define STORE_VALUE_MAX  1990   /* sealed: stays in the leaf with a 40 B key */

dosis_rc_t store_lmdb_rc(int mdb);

/*
 * What a failed write was: a short one comes as DOSIS_EIO, and is DOSIS_EFULL
 * when the file system has no room left.
 */
dosis_rc_t store_lmdb_write_rc(const store_env_t *env, dosis_rc_t rc);

/* DOSIS_ENOTFOUND, or DOSIS_EDENIED when others may read it. */
DOSIS_CHECK dosis_rc_t store_lmdb_check(const char *path);

/* Whether any process, of ours or not, has the file open. */
bool store_lmdb_in_use(const char *path);

/* The last transaction that LMDB's first two pages know. */
uint64_t store_lmdb_roots_txn(const char roots[STORE_ROOTS_BYTES]);

/*
 * Opens or makes one file. Commits wait for the disk until a journal is put
 * in front. Without create, derived databases may lack.
 */
DOSIS_CHECK dosis_rc_t store_lmdb_open(const char *path,
    const dosis_store_options_t *options, bool create, store_env_t *ret_env);
void store_lmdb_close(store_env_t *env);

bool store_lmdb_lacks_databases(const store_env_t *env);

/* Makes those that lack, in the writing transaction snap. */
DOSIS_CHECK dosis_rc_t store_lmdb_add_databases(store_snap_t *snap);

/* Does in snap what a record says, as it was done then. */
DOSIS_CHECK dosis_rc_t store_lmdb_redo(store_snap_t *snap,
    dosis_slice_t changes);

/* A put that is in no record. */
DOSIS_CHECK dosis_rc_t store_lmdb_put(store_snap_t *snap, store_db_t db,
    dosis_slice_t key, dosis_slice_t value);

/*
 * All that is committed, into a new file for its owner only, and on disk: one
 * without a journal.
 * Writers wait until the snapshot is taken.
 */
DOSIS_CHECK dosis_rc_t store_lmdb_copy(store_env_t *env, const char *path);

DOSIS_CHECK dosis_rc_t store_lmdb_begin(store_env_t *env, bool write,
    MDB_txn **ret_txn);

/* Equal only while nothing was written in between (one generation). */
uint64_t store_snap_id(const store_snap_t *snap);

/* The value as it lies there: sealed, or plain. DOSIS_ENOTFOUND. */
DOSIS_CHECK dosis_rc_t store_get_raw(const store_snap_t *snap, store_db_t db,
    dosis_slice_t key, dosis_slice_t *ret_value);

/* The value opened into buf (appended). */
DOSIS_CHECK dosis_rc_t store_get(const store_snap_t *snap, store_db_t db,
    dosis_slice_t key, dosis_buf_t *buf);

/* Opens what a cursor or store_get_raw gave, into buf (appended). */
DOSIS_CHECK dosis_rc_t store_open_value(const store_snap_t *snap, store_db_t db,
    dosis_slice_t key, dosis_slice_t value, dosis_buf_t *buf);

/* THE put: seals, and notes (db, key) in `spoor` during a rewrite. */
DOSIS_CHECK dosis_rc_t store_put(store_snap_t *snap, store_db_t db,
    dosis_slice_t key, dosis_slice_t plain);

/* THE delete; DOSIS_ENOTFOUND is harmless and notes nothing. */
DOSIS_CHECK dosis_rc_t store_del(store_snap_t *snap, store_db_t db,
    dosis_slice_t key);

/* Big-endian sequence of the last entry of an append-only database, 0. */
DOSIS_CHECK dosis_rc_t store_last_seq(const store_snap_t *snap, store_db_t db,
    uint64_t *ret_seq);

/* A cursor over one database of a snapshot. */
typedef struct {
    MDB_cursor *cursor;
    dosis_slice_t key;          /* of the current entry */
    dosis_slice_t value;
} store_cursor_t;

DOSIS_CHECK dosis_rc_t store_cursor_open(const store_snap_t *snap,
    store_db_t db, store_cursor_t *ret_cursor);
void store_cursor_close(store_cursor_t *cursor);

/* DOSIS_OK with key and value set, or DOSIS_ENOTFOUND at the end. */
DOSIS_CHECK dosis_rc_t store_cursor_seek(store_cursor_t *cursor,
    dosis_slice_t key);    /* first entry >= key */
DOSIS_CHECK dosis_rc_t store_cursor_next(store_cursor_t *cursor);
DOSIS_CHECK dosis_rc_t store_cursor_prev(store_cursor_t *cursor);
DOSIS_CHECK dosis_rc_t store_cursor_last(store_cursor_t *cursor);

/* Plain numbers in `meta`. 0 when absent. */
DOSIS_CHECK dosis_rc_t store_meta_get(const store_snap_t *snap,
    const char *name, uint64_t *ret_value);
DOSIS_CHECK dosis_rc_t store_meta_put(store_snap_t *snap, const char *name,
    uint64_t value);

#endif
