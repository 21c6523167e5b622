/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdlib.h>

#include "base/dosis_wire.h"
#include "domain/dosis_limiet.h"
#include "store/dosis_txn.h"
#include "store/store_page.h"

#define ARENA_MAX ((size_t) 64 << 20)


/* --- writer -------------------------------------------------------------- */

dosis_rc_t
dosis_writer_create(dosis_store_t *store, dosis_writer_t **ret_writer)
{
    dosis_rc_t rc;
    dosis_writer_t *writer;

    if (store_env_read_only(store)) {
        return DOSIS_EDENIED;
    }
    writer = calloc(1, sizeof(*writer));
    if (writer == NULL) {
        return DOSIS_ENOMEM;
    }
    writer->store = store;
    writer->failures_max = DOSIS_FAILURES_MAX;
    writer->env = store_env_take(store);
    writer->arena = dosis_arena_create(ARENA_MAX);
    rc = writer->arena == NULL ? DOSIS_ENOMEM : DOSIS_OK;
    if (rc == DOSIS_OK) {
        rc = dosis_crypt_create(writer->env->ring, &writer->crypt);
    }
    if (rc == DOSIS_OK) {
        rc = store_intern_create(&writer->intern);
    }
    if (rc != DOSIS_OK) {
        dosis_writer_free(writer);
        return rc;
    }
    *ret_writer = writer;
    return DOSIS_OK;
}


void
dosis_writer_free(dosis_writer_t *writer)
{
    if (writer == NULL) {
        return;
    }
    store_ref_free(writer->ref);
    store_intern_free(writer->intern);
    dosis_crypt_free(writer->crypt);
    dosis_arena_free(writer->arena);
    store_env_give(writer->store, writer->env);
    free(writer);
}


/* --- transaction --------------------------------------------------------- */

bool
store_txn_ok(dosis_txn_t *txn, dosis_rc_t rc)
{
    if (txn->rc == DOSIS_OK && rc != DOSIS_OK) {
        txn->rc = rc;
    }
    return txn->rc == DOSIS_OK;
}


void
store_txn_put(dosis_txn_t *txn, store_db_t db, dosis_slice_t key,
    dosis_slice_t plain)
{
    if (txn->rc == DOSIS_OK) {
        txn->rc = store_put(&txn->snap, db, key, plain);
    }
}


void
store_txn_del(dosis_txn_t *txn, store_db_t db, dosis_slice_t key)
{
    dosis_rc_t rc;

    if (txn->rc == DOSIS_OK) {
        rc = store_del(&txn->snap, db, key);
        txn->rc = rc == DOSIS_ENOTFOUND ? DOSIS_OK : rc;
    }
}


void
store_txn_append(dosis_txn_t *txn, store_db_t db, uint64_t seq,
    dosis_slice_t plain)
{
    char key[8];

    dosis_be64(key, seq);
    store_txn_put(txn, db, dosis_slice(key, sizeof(key)), plain);
}


uint64_t
store_txn_receipt(dosis_txn_t *txn)
{
    uint64_t now = (uint64_t) txn->now_ns;

    txn->hlc = now > txn->hlc ? now : txn->hlc + 1;
    return txn->hlc;
}


static dosis_rc_t
load_positions(dosis_txn_t *txn)
{
    uint64_t site;
    dosis_rc_t rc;

    rc = store_meta_get(&txn->snap, "klok", &txn->hlc);
    if (rc == DOSIS_OK) {
        rc = store_meta_get(&txn->snap, "site", &site);
        txn->site = (uint16_t) site;
    }
    if (rc == DOSIS_OK) {
        rc = store_last_seq(&txn->snap, DB_LOG, &txn->log_seq);
    }
    if (rc == DOSIS_OK) {
        rc = store_last_seq(&txn->snap, DB_HISTORIE, &txn->history_seq);
    }
    if (rc == DOSIS_OK) {
        rc = store_last_seq(&txn->snap, DB_RESULTAAT, &txn->result_seq);
    }
    return rc;
}


dosis_rc_t
dosis_txn_begin(dosis_writer_t *writer, int64_t now_ns, dosis_txn_t **ret_txn)
{
    dosis_rc_t rc;
    dosis_txn_t *txn = &writer->txn;

    memset(txn, 0, sizeof(*txn));
    txn->writer = writer;
    txn->now_ns = now_ns;
    rc = store_snap_begin(writer->store, &writer->env, &writer->crypt, true,
        &txn->snap);
    if (rc != DOSIS_OK) {
        return rc;
    }
    store_intern_trim(writer->intern);
    rc = store_ref_refresh(&txn->snap, &writer->ref);
    if (rc == DOSIS_OK) {
        rc = load_positions(txn);
    }
    if (rc != DOSIS_OK) {
        dosis_txn_abort(txn);
        return rc;
    }
    *ret_txn = txn;
    return DOSIS_OK;
}


/*
 * Numbers given and pages opened belong to a transaction that never was; the
 * reference data were read at its begin, before it changed any.
 */
static void
forget(dosis_txn_t *txn)
{
    store_intern_clear(txn->writer->intern);
    dosis_arena_reset(txn->writer->arena);
}


dosis_rc_t
dosis_txn_commit(dosis_txn_t *txn)
{
    store_page_flush(txn);
    (void) store_txn_ok(txn, store_meta_put(&txn->snap, "klok", txn->hlc));
    if (txn->rc != DOSIS_OK) {
        dosis_rc_t rc = store_lmdb_write_rc(txn->snap.env, txn->rc);

        dosis_txn_abort(txn);
        return rc;
    }
    txn->rc = store_lmdb_write_rc(txn->snap.env, store_snap_commit(&txn->snap));
    if (txn->rc != DOSIS_OK) {
        forget(txn);
    }
    return txn->rc;
}


void
dosis_txn_abort(dosis_txn_t *txn)
{
    if (txn != NULL) {
        store_snap_end(&txn->snap);
        forget(txn);
    }
}


dosis_rc_t
dosis_txn_rc(const dosis_txn_t *txn)
{
    return txn->rc;
}


bool
dosis_txn_is_wanted(const dosis_txn_t *txn)
{
    return store_journal_is_wanted(&txn->snap.env->journal);
}


uint64_t
dosis_txn_bytes(const dosis_txn_t *txn)
{
    const store_journal_t *journal = &txn->snap.env->journal;

    return 4 * (uint64_t) journal->record.len
        + (uint64_t) journal->puts * STORE_PAGE_BYTES
        + 4 * (uint64_t) dosis_arena_taken(txn->writer->arena);
}


const dosis_ref_t *
dosis_txn_ref(const dosis_txn_t *txn)
{
    return txn->writer->ref;
}
