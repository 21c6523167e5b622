/* SPDX-License-Identifier: EUPL-1.2 */
#include "store/store_detail.h"
#include "store/store_held.h"


/* The row of that agent: into reader->page, then in *ret_row. */
static dosis_rc_t
find_in(dosis_reader_t *reader, const store_cursor_t *c, const uint8_t id[16],
    dosis_slice_t *ret_row)
{
    dosis_rc_t rc;
    dosis_slice_t row;
    store_page_view_t view;

    dosis_buf_reset(&reader->page);
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
store_detail_row(dosis_reader_t *reader, const uint8_t agent[16],
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


/* Which agent's copy is read: the subject's own, else the first. */
static const uint8_t *
choose_copy(dosis_reader_t *reader, const dosis_question_t *question,
    const store_held_t *held, bool *ret_own)
{
    int i;
    uint8_t agent[STORE_AGENT_BYTES];

    store_agent_blind(reader->crypt, &question->subject->agent, agent);
    for (i = 0; i < held->agents; i++) {
        if (memcmp(held->agent[i], agent, STORE_AGENT_BYTES) == 0) {
            *ret_own = true;
            return held->agent[i];
        }
    }
    *ret_own = false;
    return held->agents > 0 ? held->agent[0] : NULL;
}


static dosis_rc_t
judge(dosis_reader_t *reader, const dosis_question_t *question,
    dosis_slice_t bytes, store_admitted_t *admitted)
{
    dosis_rc_t rc;
    dosis_verdict_t verdict;

    rc = store_view_read(reader, bytes, &admitted->view);
    if (rc == DOSIS_OK) {
        rc = store_view_judge(reader, question, &admitted->view.row,
            admitted->own, &verdict);
    }
    if (rc != DOSIS_OK) {
        return rc;
    }
    admitted->own = verdict == DOSIS_SEEN_OWN;
    return dosis_verdict_sees(verdict)
                   && store_view_in_scope(question->loket, &admitted->view)
               ? DOSIS_OK
               : DOSIS_ENOTFOUND;
}


dosis_rc_t
store_detail_admit(dosis_reader_t *reader, const dosis_question_t *question,
    const uint8_t id[16], store_admitted_t *admitted)
{
    char bytes[STORE_SLEUTEL_MAX];
    dosis_rc_t rc;
    dosis_buf_t value;
    dosis_slice_t row;
    store_held_t held;
    const uint8_t *agent;

    dosis_buf_init_fixed(&value, bytes, sizeof(bytes));
    rc = store_get(&reader->snap, DB_SLEUTEL, dosis_slice(id, STORE_ID_BYTES),
        &value);
    if (rc == DOSIS_OK) {
        rc = store_sleutel_read(dosis_buf_slice(&value), &held);
    }
    if (rc != DOSIS_OK) {
        return rc;
    }
    agent = choose_copy(reader, question, &held, &admitted->own);
    if (held.state != HELD_LIVE || agent == NULL) {
        return DOSIS_ENOTFOUND;
    }
    rc = store_detail_row(reader, agent, id, &row);
    return rc == DOSIS_OK ? judge(reader, question, row, admitted) : rc;
}


dosis_rc_t
dosis_detail(dosis_reader_t *reader, const dosis_question_t *question,
    const uint8_t id[16], dosis_buf_t *body, dosis_answer_t *ret_answer)
{
    dosis_rc_t rc;
    store_admitted_t admitted;

    memset(ret_answer, 0, sizeof(*ret_answer));
    rc = store_detail_admit(reader, question, id, &admitted);
    if (rc == DOSIS_OK && question->has_moment) {
        rc = store_detail_add_moment(reader, question, &admitted, body,
            ret_answer);
    } else if (rc == DOSIS_OK) {
        store_view_etag(ret_answer->etag, sizeof(ret_answer->etag),
            admitted.view.row.head.content, dosis_ref_version(reader->ref));
        rc = store_view_add_detail(reader, &admitted.view,
            admitted.own ? &question->subject->agent : NULL, body);
    }
    ret_answer->rows = rc == DOSIS_OK;
    return rc;
}
