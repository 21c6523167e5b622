/* SPDX-License-Identifier: EUPL-1.2 */
#include "daemon/dosisd_inzage.h"

#include <inttypes.h>
#include <string.h>

#include "base/dosis_text.h"
#include "daemon/dosisd_log.h"
#include "daemon/dosisd_loop.h"

#define DAY_NS (INT64_C(86400) * 1000000000)
#define ANCHOR_NS (INT64_C(3600) * 1000000000)


void
dosisd_inzage_init(dosisd_inzage_t *inzage, uint32_t days)
{
    memset(inzage, 0, sizeof(*inzage));
    inzage->work.keep_ns = (int64_t) days * DAY_NS;
    inzage->work.anchor_ns = ANCHOR_NS;
}


/* The log leaves this machine, we hope: there the anchor is out of reach. */
static void
say_anchor(const dosis_ledger_anchor_t *anchor)
{
    char hash[2 * sizeof(anchor->at.hash) + 1];

    dosis_hex_encode(
        hash, dosis_slice(anchor->at.hash, sizeof(anchor->at.hash)));
    dosisd_log(DOSISD_NOTICE, "access ledger anchored: anker=%" PRIu64 ":%.*s",
        anchor->at.seq, (int) sizeof(hash) - 1, hash);
}


static void
say_rc(dosis_rc_t before, dosis_rc_t rc)
{
    if (rc != DOSIS_OK && before == DOSIS_OK) {
        dosisd_log(DOSISD_ERROR,
            "access ledger not indexed, trying on: rc=%s why=%s",
            dosis_rc_name(rc), dosis_rc_text(rc));
    } else if (rc == DOSIS_OK && before != DOSIS_OK) {
        dosisd_log(DOSISD_NOTICE, "access ledger is indexed again");
    }
}


int64_t
dosisd_inzage_step(dosisd_inzage_t *inzage, dosis_writer_t *writer)
{
    dosis_rc_t rc;

    rc = dosis_ledger_step(writer, dosisd_now_ns(), &inzage->work);
    say_rc(inzage->rc, rc);
    inzage->rc = rc;
    if (rc != DOSIS_OK) {
        return DOSISD_INZAGE_RETRY_MS;
    }
    if (inzage->work.anchored) {
        say_anchor(&inzage->work.anchor);
    }
    return inzage->work.more ? DOSISD_INZAGE_PAUSE_MS : DOSISD_INZAGE_LOOK_MS;
}
