/* SPDX-License-Identifier: EUPL-1.2 */
#include "daemon/dosisd_signing.h"

#include <string.h>

#include "daemon/dosisd_log.h"
#include "store/dosis_signing.h"

enum {
    FINE = 200,
    UNKNOWN = 404,
    CONFLICT = 409,
    UNAVAILABLE = 503,
    FULL = 507
};


static unsigned
status_of(dosis_rc_t rc)
{
    switch (rc) {
    case DOSIS_OK:
        return FINE;
    case DOSIS_ENOTFOUND:
        return UNKNOWN;
    case DOSIS_EBUSY:
        return CONFLICT;
    case DOSIS_EFULL:
        return FULL;
    default:
        return UNAVAILABLE;
    }
}


void
dosisd_signing_ensure(dosisd_t *dosisd)
{
    dosis_txn_t *txn;
    bool made = false;
    dosis_rc_t rc;

    rc = dosis_txn_begin(dosisd->store.writer, dosisd_now_ns(), &txn);
    if (rc == DOSIS_OK) {
        made = dosis_signing_ensure(txn);
        if (made) {
            rc = dosis_txn_commit(txn);
        } else {
            rc = dosis_txn_rc(txn);
            dosis_txn_abort(txn);
        }
    }
    if (rc != DOSIS_OK) {
        dosisd_log(DOSISD_ERROR,
            "signing keys not made, the next start tries again: rc=%s",
            dosis_rc_name(rc));
    } else if (made) {
        dosisd_log(DOSISD_NOTICE, "signing keys made");
    }
}


/* Of a refusal nothing is written. */
static dosis_rc_t
change(dosisd_t *dosisd, const dosisd_signing_call_t *call)
{
    dosis_txn_t *txn;
    dosis_rc_t rc, end;

    rc = dosis_txn_begin(dosisd->store.writer, dosisd_now_ns(), &txn);
    if (rc != DOSIS_OK) {
        return rc == DOSIS_EBUSY ? DOSIS_EIO : rc;
    }
    rc = call->kid != NULL
        ? dosis_signing_drop(txn, dosis_slice_of(call->kid))
        : dosis_signing_rotate(txn, call->force);
    if (rc != DOSIS_OK) {
        dosis_txn_abort(txn);
        return rc;
    }
    end = dosis_txn_commit(txn);
    if (end == DOSIS_OK) {
        dosisd_log(DOSISD_NOTICE,
            call->kid != NULL ? "signing key dropped" : "signing keys rotated");
    }
    return end == DOSIS_EBUSY ? DOSIS_EIO : end;
}


static dosis_rc_t
list(dosisd_t *dosisd, dosis_buf_t *answer)
{
    dosis_rc_t rc = dosis_reader_begin(dosisd->store.reader);

    if (rc == DOSIS_OK) {
        rc = dosis_signing_list(dosisd->store.reader, answer);
        dosis_reader_end(dosisd->store.reader);
    }
    dosis_buf_add_byte(answer, '\n');
    return rc == DOSIS_EBUSY ? DOSIS_EIO : rc;
}


unsigned
dosisd_signing(
    dosisd_t *dosisd, const dosisd_signing_call_t *call, dosis_buf_t *answer)
{
    dosis_rc_t rc = DOSIS_ENOTFOUND;
    unsigned status;

    if (strcmp(call->method, "DELETE") != 0 || call->kid != NULL) {
        rc = strcmp(call->method, "GET") == 0 ? DOSIS_OK : change(dosisd, call);
    }
    if (rc == DOSIS_OK) {
        rc = list(dosisd, answer);
    }
    status = status_of(rc);
    if (rc != DOSIS_OK) {
        dosis_buf_reset(answer);
        dosis_buf_addf(answer, "{\"status\":%u,\"rc\":\"%s\"}\n", status,
            dosis_rc_name(rc));
    }
    if (status >= UNAVAILABLE) {
        dosisd_log(DOSISD_ERROR, "signing keys not written or read: rc=%s",
            dosis_rc_name(rc));
    }
    return status;
}
