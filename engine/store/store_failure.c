/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdio.h>

#include "base/dosis_wire.h"
#include "store/store_failure.h"
#include "store/store_result.h"

#define NAME_MAX_BYTES 32
#define REMOVED_MAX    2


void
store_failure_key(char key[STORE_FAILURE_KEY], uint32_t bron,
    uint64_t result_seq)
{
    dosis_be32(key, bron);
    dosis_be64(key + 4, result_seq);
}


static void
counter_name(char name[NAME_MAX_BYTES], uint32_t bron)
{
    (void) snprintf(name, NAME_MAX_BYTES, "fouten/%u", bron);
}


dosis_rc_t
store_failure_counted(const store_snap_t *snap, uint32_t bron,
    uint64_t *ret_count)
{
    char name[NAME_MAX_BYTES];

    counter_name(name, bron);
    return store_meta_get(snap, name, ret_count);
}


/* The cursor stands on an entry of that source. */
static bool
is_of(const store_cursor_t *c, uint32_t bron)
{
    return c->key.len == STORE_FAILURE_KEY
           && dosis_be32_get(c->key.data) == bron;
}


dosis_rc_t
store_failure_count(const store_snap_t *snap, uint32_t bron,
    uint64_t *ret_count)
{
    char key[STORE_FAILURE_KEY];
    dosis_rc_t rc;
    store_cursor_t c;

    *ret_count = 0;
    rc = store_cursor_open(snap, DB_FOUT, &c);
    if (rc != DOSIS_OK) {
        return rc;
    }
    store_failure_key(key, bron, 0);
    for (rc = store_cursor_seek(&c, dosis_slice(key, sizeof(key)));
         rc == DOSIS_OK && is_of(&c, bron); rc = store_cursor_next(&c)) {
        (*ret_count)++;
    }
    store_cursor_close(&c);
    return rc == DOSIS_ENOTFOUND ? DOSIS_OK : rc;
}


/* The oldest entry of that source. */
static dosis_rc_t
find_oldest(dosis_txn_t *txn, uint32_t bron, char key[STORE_FAILURE_KEY])
{
    dosis_rc_t rc;
    store_cursor_t c;

    rc = store_cursor_open(&txn->snap, DB_FOUT, &c);
    if (rc != DOSIS_OK) {
        return rc;
    }
    store_failure_key(key, bron, 0);
    rc = store_cursor_seek(&c, dosis_slice(key, STORE_FAILURE_KEY));
    if (rc == DOSIS_OK && is_of(&c, bron)) {
        memcpy(key, c.key.data, STORE_FAILURE_KEY);
    } else if (rc == DOSIS_OK) {
        rc = DOSIS_ENOTFOUND;
    }
    store_cursor_close(&c);
    return rc == DOSIS_ENOTFOUND ? DOSIS_EFORMAT : rc;
}


static uint64_t
trim(dosis_txn_t *txn, uint32_t bron, uint64_t count)
{
    int i;
    char key[STORE_FAILURE_KEY];

    for (i = 0; i < REMOVED_MAX && count > txn->writer->failures_max; i++) {
        if (!store_txn_ok(txn, find_oldest(txn, bron, key))) {
            break;
        }
        store_txn_del(txn, DB_FOUT, dosis_slice(key, sizeof(key)));
        count--;
    }
    return count;
}


void
store_failure_add(dosis_txn_t *txn, uint32_t bron, uint64_t result_seq)
{
    char key[STORE_FAILURE_KEY], name[NAME_MAX_BYTES];
    uint64_t count;
    dosis_rc_t rc;

    rc = store_failure_counted(&txn->snap, bron, &count);
    if (rc == DOSIS_OK && count == 0) {
        /* made before there was a counter: counted this once */
        rc = store_failure_count(&txn->snap, bron, &count);
    }
    if (!store_txn_ok(txn, rc)) {
        return;
    }
    store_failure_key(key, bron, result_seq);
    store_txn_put(txn, DB_FOUT, dosis_slice(key, sizeof(key)),
        dosis_slice(NULL, 0));
    count = trim(txn, bron, count + 1);
    counter_name(name, bron);
    (void) store_txn_ok(txn, store_meta_put(&txn->snap, name, count));
}


static dosis_rc_t
bron_of(const store_snap_t *snap, uint64_t result_seq, uint32_t *ret_bron)
{
    dosis_rc_t rc;
    dosis_buf_t value;
    store_result_t result;

    dosis_buf_init(&value, STORE_RESULT_MAX);
    rc = store_result_load(snap, result_seq, &value, &result);
    if (rc == DOSIS_OK) {
        *ret_bron = result.bron;
    }
    dosis_buf_done(&value);
    return rc;
}


void
store_failure_replace(dosis_txn_t *txn, uint64_t result_seq)
{
    char key[STORE_FAILURE_KEY], name[NAME_MAX_BYTES];
    uint32_t bron = 0;
    uint64_t count;
    dosis_rc_t rc;

    if (!store_txn_ok(txn, bron_of(&txn->snap, result_seq, &bron))) {
        return;
    }
    store_failure_key(key, bron, result_seq);
    rc = store_del(&txn->snap, DB_FOUT, dosis_slice(key, sizeof(key)));
    if (rc == DOSIS_ENOTFOUND || !store_txn_ok(txn, rc)) {
        return;
    }
    rc = store_failure_counted(&txn->snap, bron, &count);
    if (rc == DOSIS_OK && count > 0) {
        counter_name(name, bron);
        rc = store_meta_put(&txn->snap, name, count - 1);
    }
    (void) store_txn_ok(txn, rc);
}
