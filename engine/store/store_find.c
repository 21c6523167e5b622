/* SPDX-License-Identifier: EUPL-1.2 */
#include "store/store_find.h"


/* The row of that agent: into reader->page, then in *ret_row. */
static dosis_rc_t
find_in(dosis_reader_t *reader, const store_cursor_t *c, const uint8_t id[16],
    dosis_slice_t *ret_row)
{
    dosis_rc_t rc;
    dosis_slice_t row;
    store_page_view_t view;

    dosis_buf_reset(&reader->page);
    reader->pages++;
    rc = store_open_value(&reader->snap, DB_AGENT, c->key, c->value,
        &reader->page);
    if (rc == DOSIS_OK) {
        rc = store_page_view(dosis_buf_slice(&reader->page), &view);
    }
    if (rc != DOSIS_OK) {
        return rc;
    }
    while (store_page_next(&view, &row)) {
        if (memcmp(row.data + 2, id, STORE_ID_BYTES) == 0) {
            *ret_row = row;
            return DOSIS_OK;
        }
    }
    return DOSIS_ENOTFOUND;
}


static bool
is_big_head(dosis_reader_t *reader)
{
    return reader->page.len >= STORE_PAGE_HEADER
           && (reader->page.data[1] & PAGE_GROOT);
}


static dosis_rc_t
seek_big(dosis_reader_t *reader, store_cursor_t *c, const uint8_t agent[16],
    const uint8_t id[16])
{
    char key[STORE_AGENT_BYTES + STORE_ID_BYTES], order[8];
    dosis_rc_t rc;
    dosis_buf_t value;
    store_position_t position = { 0, id };

    memcpy(key, agent, STORE_AGENT_BYTES);
    memcpy(key + STORE_AGENT_BYTES, id, STORE_ID_BYTES);
    dosis_buf_init_fixed(&value, order, sizeof(order));
    rc = store_get(&reader->snap, DB_PLAATS, dosis_slice(key, sizeof(key)),
        &value);
    if (rc != DOSIS_OK) {
        return rc;
    }
    position.order = dosis_be64_get(order);
    return store_page_seek(c, agent, position);
}


dosis_rc_t
store_find_row(dosis_reader_t *reader, const uint8_t agent[16],
    const uint8_t id[16], dosis_slice_t *ret_row)
{
    dosis_rc_t rc;
    store_cursor_t c;

    rc = store_cursor_open(&reader->snap, DB_AGENT, &c);
    if (rc != DOSIS_OK) {
        return rc;
    }
    rc = store_cursor_seek(&c, dosis_slice(agent, STORE_AGENT_BYTES));
    if (rc == DOSIS_OK) {
        rc = memcmp(c.key.data, agent, STORE_AGENT_BYTES) == 0
                 ? find_in(reader, &c, id, ret_row)
                 : DOSIS_EFORMAT;
    }
    if (rc == DOSIS_ENOTFOUND && is_big_head(reader)) {
        rc = seek_big(reader, &c, agent, id);
        if (rc == DOSIS_OK) {
            rc = find_in(reader, &c, id, ret_row);
        }
    } else {
        while (rc == DOSIS_ENOTFOUND
               && store_cursor_next(&c) == DOSIS_OK
               && memcmp(c.key.data, agent, STORE_AGENT_BYTES) == 0) {
            rc = find_in(reader, &c, id, ret_row);
        }
    }
    store_cursor_close(&c);
    return rc == DOSIS_ENOTFOUND ? DOSIS_EFORMAT : rc;
}


dosis_rc_t
store_find_held(dosis_reader_t *reader, const uint8_t id[16],
    store_held_t *held)
{
    dosis_rc_t rc;
    dosis_slice_t bytes;
    store_row_t row;

    rc = store_sleutel_get(&reader->snap, id, held);
    if (rc == DOSIS_ENOTFOUND) {
        return DOSIS_OK;
    }
    if (rc != DOSIS_OK || held->state != HELD_LIVE) {
        return rc;
    }
    rc = held->agents == 0
             ? DOSIS_EFORMAT
             : store_find_row(reader, held->agent[0], id, &bytes);
    if (rc == DOSIS_OK) {
        rc = store_row_read(bytes, &row);
    }
    if (rc == DOSIS_OK) {
        held->head = row.head;
    }
    return rc;
}


int
store_find_agent(dosis_reader_t *reader, const store_held_t *held,
    const dosis_agent_t *agent)
{
    int i;
    uint8_t blind[STORE_AGENT_BYTES];

    store_agent_blind(reader->crypt, agent, blind);
    for (i = 0; i < held->agents; i++) {
        if (memcmp(held->agent[i], blind, STORE_AGENT_BYTES) == 0) {
            return i;
        }
    }
    return -1;
}
