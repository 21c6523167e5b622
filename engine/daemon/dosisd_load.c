/* SPDX-License-Identifier: EUPL-1.2 */
#include "daemon/dosisd_load.h"

#include <inttypes.h>
#include <string.h>

#include "daemon/dosisd_log.h"
#include "daemon/dosisd_loop.h"
#include "store/dosis_ref_put.h"


dosis_rc_t
dosisd_load_begin(dosisd_load_t *load, const char *dir)
{
    if (load->busy) {
        return DOSIS_EBUSY;
    }
    dosisd_reference_done(&load->set);
    load->rc = dosisd_reference_read(dir, &load->set);
    if (load->rc != DOSIS_OK) {
        load->problems = load->set.problems;
        dosisd_log(DOSISD_ERROR,
            "reference data not loaded, keeping what is held: dir=%s"
            " problems=%" PRIu64 " rc=%s",
            dir, load->problems, dosis_rc_name(load->rc));
        return load->rc;
    }
    load->next = load->set.first;
    load->busy = true;
    return DOSIS_OK;
}


/* What dosisctl changes too counts only when the file's own entry changes. */
static dosis_rc_t
put_item(dosis_txn_t *txn, const dosisd_item_t *item, dosis_err_t *err)
{
    if (item->kind == DOSIS_REF_BRON || item->kind == DOSIS_REF_CLIENT
        || item->kind == DOSIS_REF_UITGEVER) {
        return dosis_ref_put_file(txn, item->kind, item->json, err);
    }
    return dosis_ref_put(txn, item->kind, item->json, err);
}


/*
 * Puts a chunk from *next on, and moves it. DOSIS_EINPUT: one is refused. A
 * chunk is of one kind: sources are judged by the code lists on disk.
 */
static dosis_rc_t
put_chunk(dosisd_load_t *load, dosis_txn_t *txn, const dosisd_item_t **next)
{
    int64_t until_ms = dosisd_monotonic_ms() + DOSISD_LOAD_CHUNK_MS;
    dosis_ref_kind_t kind = (*next)->kind;
    dosis_err_t err;
    dosis_rc_t rc;
    unsigned count;

    for (count = 0; *next != NULL && (*next)->kind == kind
         && count < DOSISD_LOAD_CHUNK;
         count++) {
        memset(&err, 0, sizeof(err));
        rc = put_item(txn, *next, &err);
        if (rc == DOSIS_EINPUT) {
            dosisd_reference_refuse(&load->set, *next, &err);
        }
        if (rc != DOSIS_OK) {
            return rc;
        }
        *next = (*next)->next;
        if (dosisd_monotonic_ms() >= until_ms) {
            break;
        }
    }
    return DOSIS_OK;
}


static void
end(dosisd_load_t *load, dosis_rc_t rc)
{
    load->busy = false;
    load->rc = rc;
    load->problems = load->set.problems;
    if (rc == DOSIS_OK) {
        load->items = load->set.count;
        load->loaded_ns = dosisd_now_ns();
        load->loads++;
        dosisd_log(DOSISD_NOTICE, "reference data loaded: items=%" PRIu64,
            load->items);
    } else {
        dosisd_log(DOSISD_ERROR,
            "reference data not loaded, keeping what is held: problems=%" PRIu64
            " rc=%s",
            load->problems, dosis_rc_name(rc));
    }
}


static dosis_rc_t
write_chunk(dosisd_load_t *load, dosis_writer_t *writer)
{
    const dosisd_item_t *next = load->next;
    dosis_txn_t *txn;
    dosis_rc_t rc;

    rc = dosis_txn_begin(writer, dosisd_now_ns(), &txn);
    if (rc != DOSIS_OK) {
        return rc;
    }
    rc = put_chunk(load, txn, &next);
    if (rc != DOSIS_OK) {
        dosis_txn_abort(txn);
        return rc;
    }
    rc = dosis_txn_commit(txn);
    if (rc == DOSIS_OK) {
        load->next = next;
    }
    return rc;
}


dosis_rc_t
dosisd_load_step(dosisd_load_t *load, dosis_writer_t *writer)
{
    dosis_rc_t before = load->rc, rc;

    rc = write_chunk(load, writer);
    load->rc = rc;
    if (rc == DOSIS_EINPUT || (rc == DOSIS_OK && load->next == NULL)) {
        end(load, rc);
    } else if (rc != DOSIS_OK && before == DOSIS_OK) {
        dosisd_log(DOSISD_ERROR,
            "reference data not written, trying again: rc=%s why=%s",
            dosis_rc_name(rc), dosis_rc_text(rc));
    }
    return rc;
}


void
dosisd_load_done(dosisd_load_t *load)
{
    dosisd_reference_done(&load->set);
    memset(load, 0, sizeof(*load));
}
