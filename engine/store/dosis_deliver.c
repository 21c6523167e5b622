/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdio.h>

#include "base/dosis_text.h"
#include "store/dosis_deliver.h"
#include "store/store_bronnen.h"
#include "store/store_failure.h"
#include "store/store_judge.h"

#define CANONICAL_MAX ((size_t) 256 << 10)

#define RECHTEN_BYTES ((size_t) DOSIS_RECHTEN_MAX * (DOSIS_RECHT_MAX + 8))

_Static_assert(
    CANONICAL_MAX > 16384 + DOSIS_AGENTEN_MAX * (512 + RECHTEN_BYTES),
    "a dossier with all that it may have has a fingerprint");


/* --- before the lock ----------------------------------------------------- */

static void
fingerprint(dosis_crypt_t *crypt, dosis_delivery_t *d,
    dosis_slice_t canonical)
{
    char date[9];
    dosis_slice_t content[] = { canonical };
    dosis_slice_t whole[] = { d->dossier.bron, d->dossier.nummer,
        { date, sizeof(date) }, canonical };

    date[0] = d->dossier.has_wijziging ? 1 : 0;
    dosis_be64(date + 1, (uint64_t) d->dossier.wijziging_ns);
    dosis_blind(crypt, DOSIS_BLIND_CONTENT, content, 1, d->content);
    dosis_blind(crypt, DOSIS_BLIND_CONTENT, whole, 4, d->repeat);
}


static dosis_rc_t
prepare_status(dosis_reader_t *reader, dosis_delivery_t *d,
    dosis_arena_t *arena)
{
    int i, n = d->dossier.agenten_count;
    dosis_rc_t rc;
    dosis_buf_t canonical;
    dosis_crypt_t *crypt = dosis_reader_crypt(reader);

    d->agents = dosis_arena_alloc(arena, (size_t) n * sizeof(d->agents[0]));
    if (d->agents == NULL) {
        return DOSIS_ENOMEM;
    }
    for (i = 0; i < n; i++) {
        store_agent_blind(crypt, &d->dossier.agenten[i].agent, d->agents[i]);
    }
    dosis_buf_init(&canonical, CANONICAL_MAX);
    dosis_dossier_canonical(&canonical, &d->dossier,
        dosis_ref_lijsten(dosis_reader_ref(reader)));
    rc = canonical.rc;
    if (rc == DOSIS_OK) {
        fingerprint(crypt, d, dosis_buf_slice(&canonical));
    }
    dosis_buf_done(&canonical);
    return rc;
}


const dosis_err_t *
dosis_delivery_keep(const dosis_delivery_t *d, const dosis_err_t *err)
{
    dosis_err_t *kept;

    if (err->count == 0) {
        return &dosis_err_none;
    }
    kept = dosis_arena_alloc(d->arena, dosis_err_bytes(err));
    if (kept != NULL) {
        dosis_err_copy(kept, err);
    }
    return kept;
}


dosis_rc_t
dosis_delivery_prepare(dosis_reader_t *reader, dosis_delivery_t *d,
    dosis_arena_t *arena)
{
    dosis_crypt_t *crypt = dosis_reader_crypt(reader);
    dosis_slice_t upload[] = { d->client, d->dossier.upload_id };

    d->arena = arena;
    if (d->dossier.bron.len > 0 && d->dossier.nummer.len > 0) {
        dosis_blind_dossier(crypt, d->dossier.bron, d->dossier.nummer, d->id);
    }
    if (d->dossier.upload_id.len > 0 && !d->unasked) {
        dosis_blind(crypt, DOSIS_BLIND_UPLOAD, upload, 2, d->upload_key);
    }
    if (d->withdraw || d->refused) {
        return DOSIS_OK;
    }
    return prepare_status(reader, d, arena);
}


void
dosis_delivery_order(
    dosis_reader_t *reader, dosis_slice_t agent, uint8_t ret_order[16])
{
    dosis_agent_t who;

    memset(ret_order, 0, STORE_AGENT_BYTES);
    if (dosis_agent_parse(agent, DOSIS_VORM, &who) == NULL) {
        store_agent_blind(dosis_reader_crypt(reader), &who, ret_order);
    }
}


/* --- uploads ------------------------------------------------------------- */

static void
set_etag(dosis_txn_t *txn, dosis_delivery_t *d, const uint8_t content[16])
{
    store_judge_etag(d, content, dosis_ref_version(txn->writer->ref));
}


/* true: answered, nothing more to do. */
static bool
is_repeat(dosis_txn_t *txn, dosis_delivery_t *d)
{
    uint8_t content[16];
    dosis_rc_t rc;
    store_upload_t upload;

    rc = store_upload_find(&txn->snap, d, txn->now_ns, &upload);
    d->replaces = rc == DOSIS_OK && !upload.accepted ? upload.result_seq : 0;
    if (rc == DOSIS_ENOTFOUND || d->replaces != 0) {
        return false;
    }
    if (rc == DOSIS_OK && !store_upload_repeats(&upload, d)) {
        d->rc = DOSIS_ECONFLICT;
        return true;
    }
    if (rc == DOSIS_OK) {
        rc = store_upload_answer(&txn->snap, d, upload.result_seq, content);
    }
    if (store_txn_ok(txn, rc)) {
        set_etag(txn, d, content);
    }
    d->rc = rc;
    return true;
}


/* --- results ------------------------------------------------------------- */

/*
 * Each result has a receipt of its own, the one of its stamp when it has one:
 * so an unchanged delivery, of which nothing else is kept, is found again
 * (dosis_result.c).
 */
static void
put_result(dosis_txn_t *txn, const dosis_delivery_t *d, uint32_t bron,
    const uint8_t content[16])
{
    dosis_buf_t value;
    store_result_t result;    /* its problems and warnings stay unset */

    result.resultaat = (uint8_t) d->resultaat;
    result.processed_ns = (int64_t) (d->refused ? store_txn_receipt(txn)
                                                : txn->hlc);
    result.versie = (uint32_t) d->versie;
    result.bron = bron;
    result.nummer = d->dossier.nummer;
    result.upload_id = d->dossier.upload_id;
    result.oplading = d->oplading;
    memcpy(result.id, d->id, sizeof(result.id));
    memcpy(result.content, content, sizeof(result.content));
    dosis_buf_init(&value, STORE_RESULT_MAX);
    store_result_write(&value, &result, d->problems, d->warnings);
    if (store_txn_ok(txn, value.rc)) {
        store_txn_append(txn, DB_RESULTAAT, txn->result_seq,
            dosis_buf_slice(&value));
    }
    dosis_buf_done(&value);
}


static void
put_upload(dosis_txn_t *txn, const dosis_delivery_t *d)
{
    char bytes[STORE_UPLOAD_BYTES];
    dosis_buf_t value;
    store_upload_t upload = {
        .result_seq = txn->result_seq,
        .accepted = !d->refused,
        .received_ns = txn->now_ns,
    };

    if (d->dossier.upload_id.len == 0 || d->unasked) {
        return;
    }
    if (d->replaces != 0) {
        store_failure_replace(txn, d->replaces);
    }
    memcpy(upload.repeat, d->repeat, sizeof(upload.repeat));
    dosis_buf_init_fixed(&value, bytes, sizeof(bytes));
    store_upload_write(&value, &upload);
    store_txn_put(txn, DB_UPLOAD,
        dosis_slice(d->upload_key, sizeof(d->upload_key)),
        dosis_buf_slice(&value));
}


/* `fout` lists refusals per source, `laatst` the last one per dossier. */
static void
store_refusal(dosis_txn_t *txn, dosis_delivery_t *d, uint32_t bron)
{
    static const uint8_t nothing[16];
    char seq[8];

    d->resultaat = DOSIS_GEWEIGERD;
    txn->result_seq++;
    put_result(txn, d, bron, nothing);
    put_upload(txn, d);
    store_failure_add(txn, bron, txn->result_seq);
    if (d->dossier.nummer.len > 0) {
        dosis_be64(seq, txn->result_seq);
        store_txn_put(txn, DB_LAATST, dosis_slice(d->id, sizeof(d->id)),
            dosis_slice(seq, sizeof(seq)));
    }
}


/* --- deliver ------------------------------------------------------------- */

static void
deliver_op(dosis_txn_t *txn, dosis_delivery_t *d, uint32_t bron,
    store_held_t *held)
{
    static const uint8_t nothing[16];
    const uint8_t *content;
    store_op_t op = store_judge_op(d, store_txn_receipt(txn), txn->site, held);

    op.bron = bron;
    op.result_seq = ++txn->result_seq;
    d->resultaat = store_apply(txn, &op, held);
    d->versie = held->head.versie;
    content = held->state == HELD_LIVE ? held->head.content : nothing;
    put_result(txn, d, bron, content);
    put_upload(txn, d);
    store_txn_del(txn, DB_LAATST, dosis_slice(d->id, sizeof(d->id)));
    store_bronnen_note(txn, bron);
    set_etag(txn, d, content);
    d->rc = txn->rc;
}


void
dosis_deliver(dosis_txn_t *txn, dosis_delivery_t *d)
{
    store_held_t held;
    const dosis_bron_t *bron;

    d->rc = txn->rc;
    if (txn->rc != DOSIS_OK || is_repeat(txn, d)) {
        return;
    }
    bron = dosis_ref_bron(txn->writer->ref, d->dossier.bron);
    if (bron == NULL) {
        d->rc = DOSIS_EDENIED;
        return;
    }
    if (d->refused) {
        store_refusal(txn, d, bron->nummer);
        d->rc = txn->rc == DOSIS_OK ? DOSIS_EINPUT : txn->rc;
        return;
    }
    store_held_load(txn, d->id, &held);
    d->rc = txn->rc;
    if (txn->rc != DOSIS_OK) {
        return;
    }
    if (!store_preconditions_hold(d, &held)) {
        d->rc = DOSIS_EPRECOND;
        return;
    }
    if (d->withdraw && held.state == HELD_NOTHING) {
        d->resultaat = DOSIS_ONBEKEND;
        return;
    }
    deliver_op(txn, d, bron->nummer, &held);
    if (txn->pages > STORE_OPEN_PAGES_MAX) {
        store_page_flush(txn);
    }
}
