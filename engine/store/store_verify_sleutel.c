/* SPDX-License-Identifier: EUPL-1.2 */
#include "store/store_page.h"
#include "store/store_verify.h"

#define OTHER_PAGES  ((size_t) 4096)


/* Rows of this dossier in the page at the cursor; the last one is kept. */
static unsigned
count_in_page(store_verify_t *v, const store_cursor_t *c, const uint8_t id[16],
    dosis_buf_t *keep)
{
    unsigned n = 0;
    dosis_slice_t bytes;
    store_row_t row;
    store_page_view_t view;

    dosis_buf_reset(&v->other);
    if (store_open_value(store_verify_snap(v), DB_AGENT, c->key, c->value,
            &v->other)
            != DOSIS_OK
        || store_page_view(dosis_buf_slice(&v->other), &view) != DOSIS_OK) {
        return 0;
    }
    while (store_page_next(&view, &bytes)) {
        if (store_row_read(bytes, &row) == DOSIS_OK
            && memcmp(row.head.id, id, STORE_ID_BYTES) == 0
            && row.head.kind == ROW_LIVE) {
            dosis_buf_reset(keep);
            dosis_buf_add_slice(keep, bytes);
            n++;
        }
    }
    return n;
}


/* A big agent's rows were each checked against `plaats`: find it there. */
static unsigned
count_big(store_verify_t *v, store_cursor_t *c, const uint8_t *agent,
    const uint8_t id[16], dosis_buf_t *keep)
{
    char plaats[STORE_AGENT_BYTES + STORE_ID_BYTES];
    store_position_t position = { 0, id };

    memcpy(plaats, agent, STORE_AGENT_BYTES);
    memcpy(plaats + STORE_AGENT_BYTES, id, STORE_ID_BYTES);
    if (!store_verify_fetch(
            v, DB_PLAATS, dosis_slice(plaats, sizeof(plaats)), &v->other)
        || v->other.len != 8) {
        return 0;
    }
    position.order = dosis_be64_get(v->other.data);
    return store_page_seek(c, agent, position) == DOSIS_OK
               ? count_in_page(v, c, id, keep)
               : 0;
}


static unsigned
count_rows(store_verify_t *v, const uint8_t *agent, const uint8_t id[16],
    dosis_buf_t *keep)
{
    unsigned n = 0;
    dosis_rc_t rc;
    dosis_slice_t head = dosis_slice(agent, STORE_AGENT_BYTES);
    store_cursor_t c;

    if (store_cursor_open(store_verify_snap(v), DB_AGENT, &c) != DOSIS_OK) {
        return 0;
    }
    if (store_verify_flags(v, head) & PAGE_GROOT) {
        n = count_big(v, &c, agent, id, keep);
    } else {
        for (rc = store_cursor_seek(&c, head);
             rc == DOSIS_OK
             && memcmp(c.key.data, agent, STORE_AGENT_BYTES) == 0;
             rc = store_cursor_next(&c)) {
            n += count_in_page(v, &c, id, keep);
        }
    }
    store_cursor_close(&c);
    return n;
}


static bool
same_shared_part(dosis_slice_t a, dosis_slice_t b)
{
    store_row_t one, two;

    return store_row_read(a, &one) == DOSIS_OK
           && store_row_read(b, &two) == DOSIS_OK
           && memcmp(a.data, b.data, STORE_HEAD_BYTES) == 0
           && dosis_slice_eq(one.content, two.content);
}


static const char *
check_copies(store_verify_t *v, const uint8_t *id, const store_held_t *held)
{
    int i;
    bool has_lang;
    dosis_rc_t rc;
    store_row_t row;
    dosis_slice_t ignored;
    dosis_buf_t keep;
    const char *problem = NULL;

    dosis_buf_init(&keep, OTHER_PAGES);
    for (i = 0; problem == NULL && i < held->agents; i++) {
        if (count_rows(v, held->agent[i], id, i == 0 ? &v->copy : &keep)
            != 1) {
            problem = "an agent whose pages do not hold the dossier once";
        } else if (i > 0
                   && !same_shared_part(dosis_buf_slice(&v->copy),
                       dosis_buf_slice(&keep))) {
            problem = "copies that differ";
        }
    }
    dosis_buf_done(&keep);
    if (problem != NULL) {
        return problem;
    }
    rc = store_row_read(dosis_buf_slice(&v->copy), &row);
    if (rc != DOSIS_OK
        || !store_verify_history_is_of(v, row.head.history, id)) {
        return "a dossier whose newest history entry is not there";
    }
    has_lang = store_get_raw(store_verify_snap(v), DB_LANG,
                   dosis_slice(id, STORE_ID_BYTES), &ignored) == DOSIS_OK;
    return has_lang == ((row.head.flags & ROW_LANG) != 0)
               ? NULL
               : "a dossier and its long members that do not match";
}


const char *
store_verify_sleutel(store_verify_t *v, dosis_slice_t key)
{
    const uint8_t *id = (const uint8_t *) key.data;
    store_held_t held;

    if (key.len != STORE_ID_BYTES
        || store_sleutel_read(dosis_buf_slice(&v->value), &held)
               != DOSIS_OK) {
        return "an entry of sleutel that does not read";
    }
    if (held.state == HELD_WITHDRAWN) {
        store_verify_count(v, &v->report->withdrawn, 1);
        return held.head.history == 0
                       || store_verify_history_is_of(v, held.head.history, id)
                   ? NULL
                   : "a withdrawal whose newest history entry is not there";
    }
    store_verify_count(v, &v->report->dossiers, 1);
    return held.agents == 0 ? "a live dossier without agents"
                            : check_copies(v, id, &held);
}


const char *
store_verify_lang(store_verify_t *v, dosis_slice_t key)
{
    store_held_t held;
    store_content_t content = { 0 };

    if (store_content_read(dosis_buf_slice(&v->value), &content) != DOSIS_OK) {
        return "long members that do not read";
    }
    return key.len == STORE_ID_BYTES
                   && store_verify_held(v, (const uint8_t *) key.data, &held)
                   && held.state == HELD_LIVE
               ? NULL
               : "long members without a live dossier";
}
