/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/dosis_wire.h"
#include "store/store_page.h"


dosis_rc_t
store_page_view(dosis_slice_t bytes, store_page_view_t *ret_view)
{
    if (bytes.len < STORE_PAGE_HEADER || bytes.data[0] != STORE_PAGE_FORMAT) {
        return DOSIS_EFORMAT;
    }
    ret_view->flags = (uint8_t) bytes.data[1];
    ret_view->rows = dosis_be16_get(bytes.data + 2);
    ret_view->rest = dosis_slice(bytes.data + STORE_PAGE_HEADER,
        bytes.len - STORE_PAGE_HEADER);
    return DOSIS_OK;
}


bool
store_page_next(store_page_view_t *view, dosis_slice_t *ret_row)
{
    size_t len;

    if (view->rows == 0 || view->rest.len < 2) {
        return false;
    }
    len = dosis_be16_get(view->rest.data);
    if (len < STORE_HEAD_BYTES || len > view->rest.len - 2) {
        return false;
    }
    *ret_row = dosis_slice(view->rest.data + 2, len);
    view->rest.data += 2 + len;
    view->rest.len -= 2 + len;
    view->rows--;
    return true;
}


void
store_page_key(char key[STORE_PAGE_KEY], const uint8_t agent[16],
    store_position_t position)
{
    memcpy(key, agent, STORE_AGENT_BYTES);
    dosis_be64(key + STORE_AGENT_BYTES, position.order);
    memcpy(key + STORE_AGENT_BYTES + 8, position.id, STORE_ID_BYTES);
}


store_position_t
store_position_of(const char *row)
{
    return (store_position_t) { dosis_be64_get(row + STORE_ROW_ORDER),
        (const uint8_t *) row + STORE_ROW_ID };
}


int
store_position_cmp(store_position_t a, store_position_t b)
{
    if (a.order != b.order) {
        return a.order < b.order ? -1 : 1;
    }
    return memcmp(a.id, b.id, STORE_ID_BYTES);
}


dosis_rc_t
store_page_seek(store_cursor_t *cursor, const uint8_t agent[16],
    store_position_t position)
{
    char key[STORE_PAGE_KEY];
    dosis_rc_t rc;

    store_page_key(key, agent, position);
    rc = store_cursor_seek(cursor, dosis_slice(key, sizeof(key)));
    if (rc == DOSIS_OK
        && dosis_slice_eq(cursor->key, dosis_slice(key, sizeof(key)))) {
        return DOSIS_OK;
    }
    if (rc == DOSIS_OK) {
        rc = store_cursor_prev(cursor);
    } else if (rc == DOSIS_ENOTFOUND) {
        rc = store_cursor_last(cursor);
    }
    if (rc == DOSIS_OK && !store_is_agents(cursor->key, agent)) {
        rc = DOSIS_ENOTFOUND;
    }
    return rc;
}


void
store_agent_blind(dosis_crypt_t *crypt, const dosis_agent_t *agent,
    uint8_t to[STORE_AGENT_BYTES])
{
    char soort = (char) agent->soort;
    dosis_slice_t parts[2] = { { &soort, 1 }, dosis_agent_id(agent) };

    dosis_blind(crypt, DOSIS_BLIND_AGENT, parts, 2, to);
}
