/* SPDX-License-Identifier: EUPL-1.2 */
#include "store/store_held.h"


dosis_rc_t
store_sleutel_read(dosis_slice_t bytes, store_held_t *held)
{
    size_t agents;
    dosis_slice_t head;
    dosis_wire_t wire;
    store_row_t row;
    char whole[STORE_HEAD_BYTES + 2] = { 0 };

    memset(held, 0, sizeof(*held));
    dosis_wire_init(&wire, bytes);
    held->state = dosis_wire_u8(&wire);
    held->agents = dosis_wire_u8(&wire);
    if (held->agents > DOSIS_AGENTEN_MAX
        || (held->state != HELD_LIVE && held->state != HELD_WITHDRAWN)) {
        return DOSIS_EFORMAT;
    }
    agents = (size_t) held->agents * STORE_AGENT_BYTES;
    head = dosis_wire_bytes(&wire, agents);
    if (wire.ok && agents > 0) {
        memcpy(held->agent, head.data, agents);
    }
    if (held->state == HELD_LIVE) {
        return dosis_wire_done(&wire) ? DOSIS_OK : DOSIS_EFORMAT;
    }
    head = dosis_wire_bytes(&wire, STORE_HEAD_BYTES);
    if (!dosis_wire_done(&wire)) {
        return DOSIS_EFORMAT;
    }
    memcpy(whole, head.data, STORE_HEAD_BYTES);
    if (store_row_read(dosis_slice(whole, sizeof(whole)), &row) != DOSIS_OK) {
        return DOSIS_EFORMAT;
    }
    held->head = row.head;
    return DOSIS_OK;
}


void
store_sleutel_write(dosis_buf_t *buf, const store_held_t *held)
{
    dosis_buf_add_byte(buf, (char) held->state);
    dosis_buf_add_byte(buf, (char) held->agents);
    dosis_buf_add(buf, held->agent,
        (size_t) held->agents * STORE_AGENT_BYTES);
    if (held->state == HELD_WITHDRAWN) {
        store_head_write(buf, &held->head);
    }
}


dosis_rc_t
store_sleutel_get(const store_snap_t *snap, const uint8_t id[16],
    store_held_t *held)
{
    char bytes[STORE_SLEUTEL_MAX];
    dosis_rc_t rc;
    dosis_buf_t value;

    memset(held, 0, sizeof(*held));
    dosis_buf_init_fixed(&value, bytes, sizeof(bytes));
    rc = store_get(snap, DB_SLEUTEL, dosis_slice(id, STORE_ID_BYTES), &value);
    return rc == DOSIS_OK ? store_sleutel_read(dosis_buf_slice(&value), held)
                          : rc;
}


void
store_held_load(dosis_txn_t *txn, const uint8_t id[16], store_held_t *held)
{
    dosis_rc_t rc;
    store_row_t row;
    store_spot_t spot;

    rc = store_sleutel_get(&txn->snap, id, held);
    if (rc == DOSIS_ENOTFOUND) {
        return;
    }
    if (rc == DOSIS_OK && held->state == HELD_LIVE) {
        rc = DOSIS_EFORMAT;
        if (held->agents > 0
            && store_page_find(txn, held->agent[0], id, &spot)) {
            rc = store_row_read(spot.bytes, &row);
        }
        if (rc == DOSIS_OK) {
            held->head = row.head;
        }
    }
    if (!store_txn_ok(txn, rc)) {
        held->state = HELD_NOTHING;
    }
}
