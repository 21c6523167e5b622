/* SPDX-License-Identifier: EUPL-1.2 */
#include "store/store_page.h"
#include "store/store_side_check.h"
#include "store/store_verify.h"


static bool
plaats_agrees(store_verify_t *v, dosis_slice_t key, const store_head_t *head)
{
    char plaats[STORE_AGENT_BYTES + STORE_ID_BYTES];

    memcpy(plaats, key.data, STORE_AGENT_BYTES);
    memcpy(plaats + STORE_AGENT_BYTES, head->id, STORE_ID_BYTES);
    return store_verify_fetch(
               v, DB_PLAATS, dosis_slice(plaats, sizeof(plaats)), &v->other)
           && v->other.len == 8
           && dosis_be64_get(v->other.data) == head->order;
}


static const char *
check_live_row(store_verify_t *v, dosis_slice_t key, const store_row_t *row)
{
    int i;
    store_held_t held;
    store_content_t content = { 0 };

    if (!store_verify_held(v, row->head.id, &held) || held.state != HELD_LIVE) {
        return "a live row whose dossier sleutel does not hold";
    }
    for (i = 0; i < held.agents; i++) {
        if (memcmp(held.agent[i], key.data, STORE_AGENT_BYTES) == 0) {
            return store_content_read(row->content, &content) == DOSIS_OK
                       ? NULL
                       : "a row whose content does not read";
        }
    }
    return "a live row under an agent that sleutel does not name";
}


static const char *
check_row(store_verify_t *v, dosis_slice_t key, const store_row_t *row,
    uint8_t flags)
{
    store_part_t part;

    if (store_part_read(row->part, &part) != DOSIS_OK) {
        return "a row whose part of the agent does not read";
    }
    if ((flags & PAGE_GROOT) && !plaats_agrees(v, key, &row->head)) {
        return "a row of a big agent that plaats does not find";
    }
    return row->head.kind == ROW_LIVE ? check_live_row(v, key, row) : NULL;
}


static bool
is_newer(const store_head_t *a, const store_head_t *b)
{
    return a->order < b->order
           || (a->order == b->order
               && memcmp(a->id, b->id, STORE_ID_BYTES) < 0);
}


static bool
is_page_key(dosis_slice_t key, const store_head_t *newest)
{
    char expected[STORE_PAGE_KEY];
    store_position_t position = { newest->order, newest->id };

    if (key.len == STORE_AGENT_BYTES) {
        return true;
    }
    store_page_key(expected, (const uint8_t *) key.data, position);
    return dosis_slice_eq(key, dosis_slice(expected, sizeof(expected)));
}


const char *
store_verify_page(store_verify_t *v, dosis_slice_t key)
{
    uint8_t flags;
    unsigned n = 0;
    const char *problem = NULL;
    dosis_slice_t bytes;
    store_row_t row;
    store_head_t before = { 0 };
    store_page_view_t view;

    if (store_page_view(dosis_buf_slice(&v->value), &view) != DOSIS_OK) {
        return "a page of an unknown form";
    }
    flags = store_verify_flags(v, key);
    if ((flags & PAGE_ZIJ) && key.len == STORE_AGENT_BYTES) {
        problem = store_side_check_counts(store_verify_snap(v),
            (const uint8_t *) key.data);
    }
    while (problem == NULL && store_page_next(&view, &bytes)) {
        if (store_row_read(bytes, &row) != DOSIS_OK) {
            return "a row that does not read";
        }
        if (n == 0 ? !is_page_key(key, &row.head)
                   : !is_newer(&before, &row.head)) {
            return n == 0 ? "a page key that is not its newest row"
                          : "rows out of order";
        }
        before = row.head;
        problem = check_row(v, key, &row, flags);
        if (problem == NULL && (flags & PAGE_ZIJ)) {
            problem = store_side_check_row(store_verify_snap(v),
                (const uint8_t *) key.data, bytes);
        }
        n++;
    }
    if (problem != NULL) {
        return problem;
    }
    store_verify_count(v, &v->report->pages, 1);
    store_verify_count(v, &v->report->rows, n);
    if (view.rows != 0 || view.rest.len != 0) {
        return "a page that is cut short or has bytes left";
    }
    return n == 0 && key.len != STORE_AGENT_BYTES ? "an empty page" : NULL;
}


const char *
store_verify_plaats(store_verify_t *v, dosis_slice_t key)
{
    unsigned n = 0;
    dosis_slice_t bytes;
    store_cursor_t c;
    store_position_t position;
    store_page_view_t view;

    if (key.len != STORE_AGENT_BYTES + STORE_ID_BYTES || v->value.len != 8) {
        return "an entry of plaats that does not read";
    }
    position.order = dosis_be64_get(v->value.data);
    position.id = (const uint8_t *) key.data + STORE_AGENT_BYTES;
    if (store_cursor_open(store_verify_snap(v), DB_AGENT, &c) != DOSIS_OK) {
        return "pages that cannot be read";
    }
    dosis_buf_reset(&v->other);
    if (store_page_seek(&c, (const uint8_t *) key.data, position) == DOSIS_OK
        && store_open_value(store_verify_snap(v), DB_AGENT, c.key, c.value,
               &v->other)
               == DOSIS_OK
        && store_page_view(dosis_buf_slice(&v->other), &view) == DOSIS_OK) {
        while (store_page_next(&view, &bytes)) {
            n += memcmp(bytes.data + 2, position.id, STORE_ID_BYTES) == 0;
        }
    }
    store_cursor_close(&c);
    return n == 1 ? NULL : "an entry of plaats without its row";
}
