/* SPDX-License-Identifier: EUPL-1.2 */
#include <inttypes.h>

#include "base/dosis_time.h"
#include "store/dosis_ledger_read.h"
#include "store/store_anker.h"


/* The first consultation of the first block. */
static dosis_rc_t
oldest_of(const store_snap_t *snap, uint64_t seq, int64_t *ret_ns)
{
    dosis_buf_t plain;
    dosis_rc_t rc;
    dosis_slice_t bytes;
    dosis_inzage_view_t view;
    store_ledger_block_t block;

    dosis_buf_init(&plain, LEDGER_PLAIN_MAX);
    rc = store_ledger_open(snap, seq, &plain, &block);
    if (rc == DOSIS_OK) {
        rc = store_ledger_next(&block, &bytes);
    }
    if (rc == DOSIS_OK) {
        rc = dosis_inzage_read(bytes, &view);
    }
    *ret_ns = rc == DOSIS_OK ? view.time_ns : 0;
    dosis_buf_done(&plain);
    return rc;
}


/* What is damaged is for `verify` to name: here it is only not told. */
static dosis_rc_t
passed_over(dosis_rc_t rc)
{
    return rc == DOSIS_ENOTFOUND || rc == DOSIS_EFORMAT || rc == DOSIS_EKEY
                   || rc == DOSIS_EDENIED
               ? DOSIS_OK
               : rc;
}


dosis_rc_t
dosis_ledger_state(dosis_reader_t *reader, dosis_ledger_state_t *ret_state)
{
    dosis_rc_t rc;
    const store_snap_t *snap = &reader->snap;

    memset(ret_state, 0, sizeof(*ret_state));
    rc = store_ledger_head(snap, &ret_state->head);
    if (rc == DOSIS_OK) {
        rc = store_ledger_indexed(snap, &ret_state->indexed);
    }
    if (rc == DOSIS_OK) {
        rc = store_ledger_anchor(snap, LEDGER_META_BEGIN, &ret_state->begin);
    }
    if (rc == DOSIS_OK) {
        rc = store_ledger_anchor(snap, LEDGER_META_SIGNED, &ret_state->anchor);
    }
    if (rc == DOSIS_OK) {
        rc = passed_over(store_anker_get(snap, &ret_state->anker));
    }
    if (rc == DOSIS_OK && ret_state->begin.at.seq < ret_state->head.seq) {
        ret_state->blocks = ret_state->head.seq - ret_state->begin.at.seq;
        rc = passed_over(oldest_of(
            snap, ret_state->begin.at.seq + 1, &ret_state->oldest_ns));
    }
    return rc;
}


void
dosis_ledger_state_add(dosis_buf_t *json, const dosis_ledger_state_t *state)
{
    dosis_buf_addf(json,
        "{\"block\":%" PRIu64 ",\"blocks\":%" PRIu64 ",\"indexed\":%" PRIu64
        ",\"oldest\":",
        state->head.seq, state->blocks, state->indexed);
    dosis_time_add_json(json, state->oldest_ns);
    dosis_buf_addf(json,
        ",\"removed\":%" PRIu64 ",\"anchor\":{\"block\":%" PRIu64
        ",\"signed\":%" PRIu64 ",\"time\":",
        state->begin.holds ? state->begin.at.seq : 0,
        state->anchor.holds ? state->anchor.at.seq : 0, state->anker.kop.seq);
    dosis_time_add_json(json, state->anchor.time_ns);
    DOSIS_BUF_LIT(json, "}}");
}
