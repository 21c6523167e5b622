/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_store.h: one store directory: create, open, close, state.
 *
 * Layer      store
 * Threads    a store may be shared by threads; readers and writers made from
 *            it belong to one thread each
 * Blocking   open reads and maps files, replays what the journal holds when
 *            nobody else has the store open, and waits up to 10 s for who does
 *            so (not in a hurry); for a store of an older version it makes,
 *            once, what lacks, and so may wait for a writer; close waits for
 *            the disk when it is the last. Open after the fork, once per
 *            process per directory; never inherit one.
 * Memory     open gives, close takes; close it after its readers, writers
 * Errors     DOSIS_ENOTFOUND no store there, DOSIS_EDENIED file modes wider
 *            than 0660/0640 allow, DOSIS_EFORMAT other format number or LMDB
 *            version, or not the journal of this file, DOSIS_EBUSY it must be
 *            recovered, which cannot be done now, DOSIS_EKEY the key-encryption
 *            key is not its key
 *
 * Directory: CURRENT (a symlink, a hint), g<N>.mdb, g<N>.mdb-lock, g<N>.jrnl
 * (store-format.md, "The journal"). A key
 * `next` in the meta database of g<N> means that g<next> took over; readers
 * and writers look at it first thing in each transaction and follow.
 */

#ifndef DOSIS_STORE_DOSIS_STORE_H
#define DOSIS_STORE_DOSIS_STORE_H

#include "crypto/dosis_secret.h"

#define DOSIS_STORE_FORMAT 4

typedef struct dosis_store_s dosis_store_t;

typedef struct {
    const char *dir;
    const dosis_secret_t *kek;    /* borrowed for the call */
    bool read_only;
    bool hurry;                   /* DOSIS_EBUSY when it would have to wait for
                                     another's recovery; its own it does */
    size_t map_bytes;             /* ceiling of the file; 0 = 256 GiB */
} dosis_store_options_t;

/*
 * Makes g1.mdb with fresh keys. DOSIS_ECONFLICT when a store is there. One that
 * was left half made is finished, or kept as g1.mdb.half.
 * Only the engine calls this. dir must exist; site: this site's number.
 */
DOSIS_CHECK dosis_rc_t dosis_store_create(const dosis_store_options_t *options,
    uint16_t site);

/* The smallest ceiling that is of use. */
#define DOSIS_STORE_MAP_MIN ((size_t) 4 << 20)

/*
 * With a ceiling below what the file holds it opens, but is full. Every
 * process should give the same: one with a lower ceiling than another has
 * DOSIS_EBUSY from the moment the file passes its own, until it opens anew.
 */
DOSIS_CHECK dosis_rc_t dosis_store_open(const dosis_store_options_t *options,
    dosis_store_t **ret_store);

#define DOSIS_STORE_WHY 96

/*
 * Why the store in dir could not be opened, in words for a log: that it is of a
 * later version, or what rc says. In memory, or static.
 */
const char *dosis_store_why(
    const char *dir, dosis_rc_t rc, char memory[DOSIS_STORE_WHY]);

/* NULL is fine. */
void dosis_store_close(dosis_store_t *store);

/*
 * What trouble of the store is to a client, who has no part in it: DOSIS_EFULL
 * or DOSIS_EBUSY, both to be tried again. DOSIS_OK stays.
 */
dosis_rc_t dosis_store_trouble(dosis_rc_t rc);

#define DOSIS_STORE_DATABASES 24

typedef struct {
    uint64_t checkpoint;          /* its number; 0: a store without a journal */
    int64_t clock_ns;             /* receipt of the last delivery in it, or 0 */
    uint64_t bytes;               /* of records since */
    uint64_t freed_bytes;         /* of pages that cannot be used again yet */
    bool due;                     /* a checkpoint, whatever its age */
    bool broken;                  /* a sync failed */
} dosis_journal_t;

typedef struct {
    uint32_t generation;
    uint16_t site;
    uint32_t format;
    uint64_t used_bytes;          /* pages in use or free-listed */
    uint64_t map_bytes;
    uint64_t last_txn;
    uint32_t readers;
    uint64_t log_seq;             /* last op-log sequence */
    dosis_journal_t journal;
    size_t databases;
    struct {
        const char *name;
        uint64_t entries;
        uint64_t pages;
    } database[DOSIS_STORE_DATABASES];
} dosis_store_state_t;

DOSIS_CHECK dosis_rc_t dosis_store_state(dosis_store_t *store,
    dosis_store_state_t *ret_state);

/*
 * The number of the last transaction, without one of its own: it moves when
 * anything has been committed, in any process.
 */
uint64_t dosis_store_last_txn(dosis_store_t *store);

DOSIS_CHECK dosis_rc_t dosis_store_journal(dosis_store_t *store,
    dosis_journal_t *ret_state);

/*
 * One thread of this process writes much, and nobody else does: then pages are
 * synced once for many changes of them, with much more between two checkpoints.
 * To be said in a transaction, and when it is over. Others who write meanwhile
 * learn of it, and until the engine has made a checkpoint of it.
 */
void dosis_store_bulk(dosis_store_t *store, bool bulk);

/*
 * Syncs the file, so that the journal begins anew; nothing to do is fine.
 * Waits for the disk and then, shortly, for the write lock. DOSIS_EIO when a
 * sync failed, now or earlier: then nobody writes until every process has
 * closed the store and one opens it anew.
 */
DOSIS_CHECK dosis_rc_t dosis_store_checkpoint(dosis_store_t *store);

/*
 * Four times a second in a process that writes, by who makes its checkpoints
 * beside others, if any does: one that has not written for a while keeps nobody
 * from reusing pages for long, and nobody at all after a minute. Its next
 * transaction may then have to make a checkpoint. Never waits.
 */
#define DOSIS_REST_MS 250
void dosis_store_rest(dosis_store_t *store);

/* Frees slots of dead readers; ret_dead = how many. Every second. */
DOSIS_CHECK dosis_rc_t dosis_store_check_readers(dosis_store_t *store,
    unsigned *ret_dead);

#endif
