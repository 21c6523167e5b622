/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * store_txn.h: what a reader, a writer and a transaction hold. Private.
 *
 * Layer      store
 * Threads    one thread each
 * Blocking   see dosis_txn.h
 * Memory     pages of a transaction live in its arena until commit or abort
 * Errors     txn->rc is sticky: store_txn_put and store_txn_del set it and do
 *            nothing once it is set
 */

#ifndef DOSIS_STORE_STORE_TXN_H
#define DOSIS_STORE_STORE_TXN_H

#include "base/dosis_arena.h"
#include "store/dosis_txn.h"
#include "store/store_env.h"
#include "store/store_intern.h"
#include "store/store_ref.h"

struct store_bron_slot_s;

struct dosis_reader_s {
    dosis_store_t *store;
    store_env_t *env;
    dosis_crypt_t *crypt;
    store_snap_t snap;
    dosis_ref_t *ref;
    store_intern_t *intern;
    dosis_buf_t page;            /* scratch: one opened page */
    dosis_buf_t lang;            /* scratch: long members of one row */
    struct store_bron_slot_s *bron;    /* see store_bronnen.h */
    unsigned pages;              /* opened by store_find_row(), ever */
};

struct store_page_s;
typedef struct store_touched_s store_touched_t;

#define STORE_PAGE_BUCKETS 1024
#define STORE_SIDE_BUCKETS 256

struct dosis_txn_s {
    dosis_writer_t *writer;
    store_snap_t snap;
    dosis_rc_t rc;
    int64_t now_ns;
    uint64_t hlc;                /* last receipt given */
    uint64_t log_seq;            /* last numbers given */
    uint64_t history_seq;
    uint64_t result_seq;
    uint16_t site;
    uint32_t heard;              /* source noted last, see store_bronnen.c */
    struct store_page_s *bucket[STORE_PAGE_BUCKETS];
    unsigned pages;              /* open in this transaction, counts too */
    store_touched_t *side[STORE_SIDE_BUCKETS];    /* see store_side.c */
};

struct dosis_writer_s {
    dosis_store_t *store;
    store_env_t *env;
    dosis_crypt_t *crypt;
    dosis_ref_t *ref;
    store_intern_t *intern;
    dosis_arena_t *arena;        /* pages of the transaction, nothing else */
    uint32_t failures_max;       /* kept per source; lowered by tests */
    dosis_txn_t txn;
};

/* Sticky put and delete; a missing key is no failure of delete. */
void store_txn_put(dosis_txn_t *txn, store_db_t db, dosis_slice_t key,
    dosis_slice_t plain);
void store_txn_del(dosis_txn_t *txn, store_db_t db, dosis_slice_t key);

/* Appends to an append-only database under the next sequence. */
void store_txn_append(dosis_txn_t *txn, store_db_t db, uint64_t seq,
    dosis_slice_t plain);

/* Makes rc sticky; returns whether the transaction is still good. */
bool store_txn_ok(dosis_txn_t *txn, dosis_rc_t rc);

/* The next receipt of the hybrid clock. */
uint64_t store_txn_receipt(dosis_txn_t *txn);

#endif
