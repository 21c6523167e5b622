/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_txn.h: one unit of writing. All of it reaches the disk, or nothing.
 *
 * Layer      store
 * Threads    a writer and its transaction belong to one thread
 * Blocking   begin waits for every other writer of the store, in any process;
 *            commit waits for the disk. Never on the nginx event loop.
 * Memory     writer: create gives (heap), free takes. A transaction is given by
 *            begin and taken by commit or abort, exactly one of them.
 * Errors     sticky: after a failure of the store (DOSIS_EIO, DOSIS_EFULL,
 *            DOSIS_EFORMAT, DOSIS_EKEY, DOSIS_ENOMEM) everything later does
 *            nothing, and commit returns that failure without writing. Rule
 *            failures of one item are not sticky: they write nothing.
 */

#ifndef DOSIS_STORE_DOSIS_TXN_H
#define DOSIS_STORE_DOSIS_TXN_H

#include "store/dosis_read.h"

typedef struct dosis_writer_s dosis_writer_t;
typedef struct dosis_txn_s dosis_txn_t;

DOSIS_CHECK dosis_rc_t dosis_writer_create(dosis_store_t *store,
    dosis_writer_t **ret_writer);

/* NULL is fine. */
void dosis_writer_free(dosis_writer_t *writer);

/*
 * now_ns: the wall clock; stamps within the transaction come from a hybrid
 * clock that never runs backwards (kept in the store).
 */
DOSIS_CHECK dosis_rc_t dosis_txn_begin(dosis_writer_t *writer, int64_t now_ns,
    dosis_txn_t **ret_txn);

/* Takes txn, whatever it returns. DOSIS_OK: on disk. */
DOSIS_CHECK dosis_rc_t dosis_txn_commit(dosis_txn_t *txn);

/* Takes txn; NULL is fine. */
void dosis_txn_abort(dosis_txn_t *txn);

/* The failure so far, DOSIS_OK while there is none. */
dosis_rc_t dosis_txn_rc(const dosis_txn_t *txn);

/*
 * Memory that it takes, about, and rather too much: for who puts much into one.
 * A change is reckoned to touch a page of its own, unless it is one at the end,
 * and a page of rows that is open becomes all of what a change is. What is put
 * stands in a page and in the record of the journal, and counts twice as much:
 * LMDB keeps single pages that it had once, but not for values that are larger.
 */
uint64_t dosis_txn_bytes(const dosis_txn_t *txn);

/*
 * Whether another process waits for the write lock; not a thread of this one.
 * Who has much to write, and could do it again, lets it go first.
 */
bool dosis_txn_is_wanted(const dosis_txn_t *txn);

/* Reference data as this transaction sees them. */
const dosis_ref_t *dosis_txn_ref(const dosis_txn_t *txn);

#define DOSIS_PRODUCT_ID_MAX 50

typedef enum {
    DOSIS_REF_BRON = 1,
    DOSIS_REF_CLIENT = 2,
    DOSIS_REF_CODELIJST = 3,
    DOSIS_REF_PRODUCT = 4,     /* {"Id": "1984", "Naam": "..."} */
    DOSIS_REF_UITGEVER = 7,    /* dosis_uitgever.h */
    DOSIS_REF_SLEUTELS = 8,    /* of an issuer, as published: dosis_keyset.h */
    DOSIS_REF_PAUZE = 9        /* dosis_pauze.h */
} dosis_ref_kind_t;

/*
 * Registers or replaces one source, client, code list, product, issuer, key
 * set or pause from its JSON text; writes nothing when it is held already.
 * DOSIS_EINPUT with the problems in err (not sticky).
 */
DOSIS_CHECK dosis_rc_t dosis_ref_put(dosis_txn_t *txn, dosis_ref_kind_t kind,
    dosis_slice_t json, dosis_err_t *err);

#endif
