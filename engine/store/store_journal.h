/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * store_journal.h: the file beside a generation that makes its commits last:
 * two checkpoint slots, a mark, records. Private. See store-format.md.
 *
 * Layer      store
 * Threads    whoever holds the write lock of the store; or is alone in it
 * Blocking   append and save wait for the disk; open waits for a recovery
 * Memory     in place; open and close. A payload is borrowed until the next
 *            read
 * Errors     DOSIS_EFULL no room for a record, DOSIS_EIO; DOSIS_EFORMAT no
 *            checkpoint in it; DOSIS_EBUSY another process is recovering
 */

#ifndef DOSIS_STORE_STORE_JOURNAL_H
#define DOSIS_STORE_STORE_JOURNAL_H

#include "base/dosis_buf.h"

#define STORE_PAGE_BYTES     4096
#define STORE_ROOTS_BYTES    (2 * STORE_PAGE_BYTES)    /* LMDB's pages 0, 1 */
#define STORE_JOURNAL_BEGIN  (64 << 10)                /* the first record */
#define STORE_JOURNAL_BYTES  ((uint64_t) 32 << 20)    /* of records */
#define STORE_RECORD_MAX     ((size_t) 128 << 20)

/* What the data file held for certain. number 0: none. */
typedef struct {
    uint64_t number;      /* rises by one */
    uint64_t txn;         /* the last one in it */
    uint64_t clock;       /* `klok` in it, ns */
    uint64_t begin;       /* where the first record after it lies */
    uint64_t series;      /* that the records after it bear */
    uint64_t freed;       /* pages, in this series before it */
    char roots[STORE_ROOTS_BYTES];
} store_slot_t;

typedef enum {
    REDO_PUT = 1,
    REDO_APPEND = 2,
    REDO_DELETE = 3,
    REDO_CREATE = 4     /* a database; no key, no value */
} store_redo_kind_t;

typedef struct {
    int fd;               /* -1: none, and nothing is journaled */
    bool writable;
    bool alone;           /* nobody else has the store open */
    bool synced;          /* slot is on disk for certain */
    bool rounds;          /* records bear the name of those that may go round:
                             who knows only others must not replay them */
    uint64_t coming;      /* transaction of a checkpoint under way, or 0 */
    bool bulk;            /* a process writes much, and alone, or did */
    uint64_t file_bytes;  /* as last seen */
    uint64_t most;        /* of records: from then on nobody adds another */
    store_slot_t slot;    /* the current one, as last loaded */
    dosis_buf_t record;   /* of the transaction at hand */
    uint32_t changes;     /* in it */
    uint32_t puts;        /* of them, those that are not at the end */
    uint64_t at;          /* where it goes */
} store_journal_t;

/*
 * Opens `path` and locks it: alone when nobody else has the store open. A file
 * that lacks is made when make is set, empty; else fd is -1. wait: 10 s at most
 * for who is alone in it, else DOSIS_EBUSY at once.
 */
DOSIS_CHECK dosis_rc_t store_journal_open(const char *path, bool writable,
    bool make, bool wait, store_journal_t *ret_journal);

/* Others may open the store from now on. */
DOSIS_CHECK dosis_rc_t store_journal_share(store_journal_t *journal);

/* Whether this is the last process in the store; then it is alone. */
bool store_journal_is_last(store_journal_t *journal);

/* A zeroed one with fd -1 is fine. */
void store_journal_close(store_journal_t *journal);

/* Looks for the newest whole slot, when another one came since. */
DOSIS_CHECK dosis_rc_t store_journal_load(store_journal_t *journal);

/* The newest whole slot. Without the write lock. DOSIS_EFORMAT */
DOSIS_CHECK dosis_rc_t store_journal_peek(const store_journal_t *journal,
    store_slot_t *ret_slot);

/* The number of the newest, whole or not. Without the write lock. */
uint64_t store_journal_newest(const store_journal_t *journal);

/*
 * The current slot is on disk for certain: who wrote it may have died before
 * its sync, or that failed. Before the first record under it, and before the
 * next slot, which takes the place of the one that else would count.
 */
DOSIS_CHECK dosis_rc_t store_journal_settle(store_journal_t *journal);

/* Puts slot on disk, in the place of the older one, and takes it over. */
DOSIS_CHECK dosis_rc_t store_journal_save(store_journal_t *journal,
    const store_slot_t *slot);

/* Its records begin anew, behind the slots. */
void store_journal_renew(store_slot_t *slot);

/* The mark: a sync failed, so no checkpoint can be trusted until recovery. */
bool store_journal_is_broken(const store_journal_t *journal);
void store_journal_break(store_journal_t *journal, bool broken);

/*
 * A checkpoint of all up to txn is under way, beside who writes. A hint: who
 * made it may have died. The next slot takes it back.
 */
void store_journal_announce(store_journal_t *journal, uint64_t txn);

/*
 * A process writes much, and alone: who comes in between shall not find that
 * too much was written since the last checkpoint. A hint: who gave it may have
 * died.
 */
void store_journal_say_bulk(store_journal_t *journal, bool bulk);

/*
 * Who waits for the write lock of the store says so, and who has it can ask
 * whether another process does: not a thread of its own. Said by a lock of the
 * file, which ends with the process. Any thread; of two that want it in one
 * process the first to get it takes back what both said.
 */
void store_journal_want(const store_journal_t *journal, bool want);
bool store_journal_is_wanted(const store_journal_t *journal);

/* Fills `coming` and `bulk`. */
void store_journal_heed(store_journal_t *journal);

/* Begins an empty record, to go to offset `at`. */
void store_journal_begin(store_journal_t *journal, uint64_t at);
void store_journal_note(store_journal_t *journal, store_redo_kind_t kind,
    uint8_t db, dosis_slice_t key, dosis_slice_t value);

/* Where this one ends. */
uint64_t store_journal_end(const store_journal_t *journal);

/* Records went round: this one lies before those that the slot needs first. */
bool store_journal_is_round(const store_journal_t *journal);

/* Before one that the slot needs. */
bool store_journal_fits(const store_journal_t *journal);

/* On disk when DOSIS_OK. */
DOSIS_CHECK dosis_rc_t store_journal_append(store_journal_t *journal,
    uint64_t txn);

/* The record at `at` is none, after all. As far as that can be had. */
void store_journal_void(store_journal_t *journal, uint64_t at);

/*
 * The record at *at, or else where records go round to, when it is whole, of
 * the current slot and of transaction txn: its changes, and *at moves behind
 * it. DOSIS_ENOTFOUND.
 */
DOSIS_CHECK dosis_rc_t store_journal_read(store_journal_t *journal,
    uint64_t txn, uint64_t *at, dosis_slice_t *ret_changes);

typedef struct {
    store_redo_kind_t kind;
    uint8_t db;
    dosis_slice_t key;
    dosis_slice_t value;
} store_redo_t;

/* Takes the first change off; DOSIS_ENOTFOUND at the end, DOSIS_EFORMAT. */
DOSIS_CHECK dosis_rc_t store_journal_next(dosis_slice_t *changes,
    store_redo_t *ret_redo);

#endif
