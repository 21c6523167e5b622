/* SPDX-License-Identifier: EUPL-1.2 */
#include "store/dosis_side.h"
#include "store/store_side.h"

#define HEADS_MAX 500      /* head pages looked at in one step */


/* The first key behind those of that agent; false: there is none. */
static bool
next_agent(uint8_t agent[STORE_AGENT_BYTES])
{
    int i = STORE_AGENT_BYTES - 1;

    while (i >= 0 && ++agent[i] == 0) {
        i--;
    }
    return i >= 0;
}


/* The next agent from side->agent on, and the flags of its head page. */
static dosis_rc_t
find_head(dosis_txn_t *txn, dosis_side_t *side, uint8_t *ret_flags)
{
    char bytes[STORE_PAGE_HEADER + STORE_PAGE_MAX];
    dosis_rc_t rc;
    dosis_buf_t page;
    store_cursor_t c;
    store_page_view_t view = { 0 };

    rc = store_cursor_open(&txn->snap, DB_AGENT, &c);
    if (rc == DOSIS_OK) {
        rc = store_cursor_seek(&c,
            dosis_slice(side->agent, side->begun ? STORE_AGENT_BYTES : 0));
    }
    if (rc == DOSIS_OK) {
        dosis_buf_init_fixed(&page, bytes, sizeof(bytes));
        rc = c.key.len == STORE_AGENT_BYTES
                 ? store_open_value(&txn->snap, DB_AGENT, c.key, c.value,
                     &page)
                 : DOSIS_EFORMAT;
    }
    if (rc == DOSIS_OK) {
        memcpy(side->agent, c.key.data, STORE_AGENT_BYTES);
        side->begun = true;
        rc = store_page_view(dosis_buf_slice(&page), &view);
    }
    store_cursor_close(&c);
    *ret_flags = view.flags;
    return rc;
}


/* One agent that lacks them, some pages further; or the end of the store. */
static dosis_rc_t
step(dosis_txn_t *txn, dosis_side_t *side)
{
    unsigned n;
    uint8_t flags;
    dosis_rc_t rc;

    for (n = 0; n < HEADS_MAX; n++) {
        rc = find_head(txn, side, &flags);
        if (rc == DOSIS_OK
            && (flags & (PAGE_GROOT | PAGE_ZIJ)) == PAGE_GROOT) {
            store_page_catch_up(txn, side->agent);
            return DOSIS_OK;
        }
        if (rc == DOSIS_ENOTFOUND
            || (rc == DOSIS_OK && !next_agent(side->agent))) {
            side->done = true;
            return store_meta_put(&txn->snap, STORE_META_SIDE, 1);
        }
        if (rc != DOSIS_OK) {
            return rc;
        }
    }
    return DOSIS_OK;
}


dosis_rc_t
dosis_side_step(dosis_writer_t *writer, int64_t now_ns, dosis_side_t *side)
{
    uint64_t complete = 0;
    dosis_rc_t rc;
    dosis_side_t next = *side;
    dosis_txn_t *txn;

    if (side->done) {
        return DOSIS_OK;
    }
    rc = dosis_txn_begin(writer, now_ns, &txn);
    if (rc != DOSIS_OK) {
        return rc;
    }
    rc = store_meta_get(&txn->snap, STORE_META_SIDE, &complete);
    if (rc == DOSIS_OK && complete == 0) {
        rc = step(txn, &next);
    }
    if (rc != DOSIS_OK || complete != 0) {
        dosis_txn_abort(txn);
        side->done = rc == DOSIS_OK;
        return rc;
    }
    rc = dosis_txn_commit(txn);
    if (rc == DOSIS_OK) {
        *side = next;
    }
    return rc;
}
