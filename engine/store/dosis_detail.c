/* SPDX-License-Identifier: EUPL-1.2 */
#include "store/store_find.h"
#include "store/store_view.h"


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
show(dosis_reader_t *reader, const dosis_question_t *question,
    dosis_slice_t bytes, bool own, dosis_buf_t *body)
{
    dosis_rc_t rc;
    store_view_t view;
    dosis_verdict_t verdict;

    rc = store_view_read(reader, bytes, &view);
    if (rc == DOSIS_OK) {
        rc = store_view_judge(reader, question, &view.row, own, &verdict);
    }
    if (rc != DOSIS_OK) {
        return rc;
    }
    if (!dosis_verdict_sees(verdict)
        || !store_view_in_scope(question->loket, &view)) {
        return DOSIS_ENOTFOUND;
    }
    return store_view_add_detail(reader, &view,
        verdict == DOSIS_SEEN_OWN ? &question->subject->agent : NULL, body);
}


dosis_rc_t
dosis_detail(dosis_reader_t *reader, const dosis_question_t *question,
    const uint8_t id[16], dosis_buf_t *body, dosis_answer_t *ret_answer)
{
    bool own;
    char bytes[STORE_SLEUTEL_MAX];
    dosis_rc_t rc;
    dosis_buf_t value;
    dosis_slice_t row;
    store_held_t held;
    const uint8_t *agent;

    memset(ret_answer, 0, sizeof(*ret_answer));
    dosis_buf_init_fixed(&value, bytes, sizeof(bytes));
    rc = store_get(&reader->snap, DB_SLEUTEL, dosis_slice(id, STORE_ID_BYTES),
        &value);
    if (rc == DOSIS_OK) {
        rc = store_sleutel_read(dosis_buf_slice(&value), &held);
    }
    if (rc != DOSIS_OK) {
        return rc;
    }
    agent = choose_copy(reader, question, &held, &own);
    if (held.state != HELD_LIVE || agent == NULL) {
        return DOSIS_ENOTFOUND;
    }
    rc = store_find_row(reader, agent, id, &row);
    if (rc == DOSIS_OK) {
        store_view_etag(ret_answer->etag, sizeof(ret_answer->etag),
            (const uint8_t *) row.data + 56,
            dosis_ref_version(reader->ref));
        rc = show(reader, question, row, own, body);
    }
    ret_answer->rows = rc == DOSIS_OK;
    return rc;
}
