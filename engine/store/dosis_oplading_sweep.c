/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/dosis_time.h"
#include "base/dosis_wire.h"
#include "store/dosis_oplading.h"
#include "store/store_oplading.h"
#include "store/store_result.h"

#define SWEEP_ROWS 256    /* refused rows in one transaction */


/* The one that ended first, when it is over. */
static dosis_rc_t
find_over(const store_snap_t *snap, int64_t now_ns, uint64_t *ret_nummer)
{
    char kind = OPLADING_ENDED;
    dosis_rc_t rc;
    store_cursor_t c;

    rc = store_cursor_open(snap, DB_OPLADING, &c);
    if (rc != DOSIS_OK) {
        return rc;
    }
    rc = store_cursor_seek(&c, dosis_slice(&kind, 1));
    if (rc == DOSIS_OK
        && (c.key.len != 17 || c.key.data[0] != kind
            || now_ns - (int64_t) dosis_be64_get(c.key.data + 1)
                < STORE_UPLOAD_TTL_NS)) {
        rc = DOSIS_ENOTFOUND;
    }
    if (rc == DOSIS_OK) {
        *ret_nummer = dosis_be64_get(c.key.data + 9);
    }
    store_cursor_close(&c);
    return rc;
}


bool
dosis_oplading_stale(dosis_reader_t *reader, int64_t now_ns)
{
    uint64_t nummer = 0;

    return find_over(&reader->snap, now_ns, &nummer) == DOSIS_OK;
}


/* The first entry of that file in `afkeuring`; false: there is none left. */
static bool
find_row(dosis_txn_t *txn, uint64_t nummer, char key[STORE_AFKEURING_KEY],
    size_t *ret_len)
{
    char first[8];
    dosis_rc_t rc;
    store_cursor_t c;
    bool found = false;

    dosis_be64(first, nummer);
    rc = store_cursor_open(&txn->snap, DB_AFKEURING, &c);
    if (!store_txn_ok(txn, rc)) {
        return false;
    }
    rc = store_cursor_seek(&c, dosis_slice(first, sizeof(first)));
    if (rc == DOSIS_OK && c.key.len >= sizeof(first)
        && c.key.len <= STORE_AFKEURING_KEY
        && memcmp(c.key.data, first, sizeof(first)) == 0) {
        memcpy(key, c.key.data, c.key.len);
        *ret_len = c.key.len;
        found = true;
    }
    store_cursor_close(&c);
    (void) store_txn_ok(txn, rc == DOSIS_ENOTFOUND ? DOSIS_OK : rc);
    return found;
}


/* true: none is left. */
static bool
remove_rows(dosis_txn_t *txn, uint64_t nummer)
{
    char key[STORE_AFKEURING_KEY];
    size_t len;
    unsigned n;

    for (n = 0; n < SWEEP_ROWS; n++) {
        if (!find_row(txn, nummer, key, &len)) {
            return txn->rc == DOSIS_OK;
        }
        store_txn_del(txn, DB_AFKEURING, dosis_slice(key, len));
    }
    return false;
}


/* An UploadId that was given to another delivery since stays with that. */
static void
remove_upload(dosis_txn_t *txn, const dosis_oplading_t *o)
{
    const dosis_slice_t parts[] = { o->client, o->upload_id };
    char bytes[STORE_UPLOAD_BYTES];
    uint8_t key[DOSIS_BLIND_BYTES];
    dosis_buf_t value;
    store_upload_t upload;
    dosis_rc_t rc;

    dosis_blind(txn->snap.crypt, DOSIS_BLIND_UPLOAD, parts, 2, key);
    dosis_buf_init_fixed(&value, bytes, sizeof(bytes));
    rc = store_get(
        &txn->snap, DB_UPLOAD, dosis_slice(key, sizeof(key)), &value);
    if (rc == DOSIS_OK) {
        rc = store_upload_read(dosis_buf_slice(&value), &upload);
    }
    if (rc == DOSIS_OK && upload.oplading == o->nummer) {
        store_txn_del(txn, DB_UPLOAD, dosis_slice(key, sizeof(key)));
    }
    (void) store_txn_ok(txn, rc == DOSIS_ENOTFOUND ? DOSIS_OK : rc);
}


static void
remove_record(dosis_txn_t *txn, uint64_t nummer)
{
    char key[STORE_OPLADING_KEY], bytes[STORE_OPLADING_MAX];
    uint8_t owner[STORE_OWNER_BYTES];
    dosis_buf_t value;
    dosis_oplading_t o;

    dosis_buf_init_fixed(&value, bytes, sizeof(bytes));
    if (!store_txn_ok(
            txn, store_oplading_load(&txn->snap, nummer, &value, &o))) {
        return;
    }
    remove_upload(txn, &o);
    store_oplading_owner(txn->snap.crypt, o.client, owner);
    store_txn_del(
        txn, DB_OPLADING, store_oplading_key_of(key, owner, nummer));
    store_txn_del(txn, DB_OPLADING, store_oplading_key_ended(key, &o));
    store_txn_del(
        txn, DB_OPLADING, store_oplading_key(key, OPLADING_KOP, nummer));
    store_txn_del(
        txn, DB_OPLADING, store_oplading_key(key, OPLADING_RECORD, nummer));
}


void
dosis_oplading_sweep(dosis_txn_t *txn)
{
    uint64_t nummer = 0;
    dosis_rc_t rc;

    if (txn->rc != DOSIS_OK) {
        return;
    }
    rc = find_over(&txn->snap, txn->now_ns, &nummer);
    if (rc == DOSIS_ENOTFOUND || !store_txn_ok(txn, rc)) {
        return;
    }
    if (remove_rows(txn, nummer)) {
        remove_record(txn, nummer);
    }
}
