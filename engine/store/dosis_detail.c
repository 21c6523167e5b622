/* SPDX-License-Identifier: EUPL-1.2 */
#include "store/store_detail.h"
#include "store/store_find.h"

/* One dossier, looked at by one subject after another. */
typedef struct {
    dosis_reader_t *reader;
    const uint8_t *id;
    dosis_slice_t bytes;           /* the copy last looked at */
    bool seen;
    const dosis_agent_t *own;      /* who sees it; NULL: anybody may */
} detail_t;


/* One copy as one subject sees it. own: the copy is of that subject. */
static dosis_rc_t
look(detail_t *detail, const uint8_t agent[STORE_AGENT_BYTES],
    const dosis_subject_t *subject, bool own)
{
    dosis_rc_t rc;
    store_row_t row;
    dosis_verdict_t verdict;
    dosis_reader_t *reader = detail->reader;

    rc = store_find_row(reader, agent, detail->id, &detail->bytes);
    if (rc == DOSIS_OK) {
        rc = store_row_read(detail->bytes, &row);
    }
    if (rc == DOSIS_OK) {
        rc = store_view_judge(reader, subject, &row, own, &verdict);
    }
    if (rc == DOSIS_OK && dosis_verdict_sees(verdict)) {
        detail->seen = true;
        detail->own = verdict == DOSIS_SEEN_OWN ? &subject->agent : NULL;
    }
    return rc;
}


/* The first subject that sees it as an agent, else as anybody may. */
static dosis_rc_t
find_viewer(detail_t *detail, const dosis_question_t *question,
    const store_held_t *held)
{
    int at;
    size_t i;
    dosis_rc_t rc = DOSIS_OK;

    for (i = 0; rc == DOSIS_OK && !detail->seen && i < question->subjects;
         i++) {
        at = store_find_agent(detail->reader, held,
            &question->subject[i].agent);
        if (at >= 0) {
            rc = look(detail, held->agent[at], &question->subject[i], true);
        }
    }
    if (rc == DOSIS_OK && !detail->seen && question->subjects > 0) {
        rc = look(detail, held->agent[0], question->subject, false);
    }
    return rc;
}


dosis_rc_t
store_detail_admit(dosis_reader_t *reader, const dosis_question_t *question,
    const uint8_t id[16], store_admitted_t *admitted)
{
    dosis_rc_t rc;
    store_held_t held;
    detail_t detail = { .reader = reader, .id = id };

    rc = store_sleutel_get(&reader->snap, id, &held);
    if (rc == DOSIS_OK && (held.state != HELD_LIVE || held.agents == 0)) {
        rc = DOSIS_ENOTFOUND;
    }
    if (rc == DOSIS_OK) {
        rc = find_viewer(&detail, question, &held);
    }
    if (rc == DOSIS_OK) {
        rc = detail.seen
                 ? store_view_read(reader, detail.bytes, &admitted->view)
                 : DOSIS_ENOTFOUND;
    }
    if (rc != DOSIS_OK) {
        return rc;
    }
    admitted->own = detail.own;
    return store_view_in_scope(question->loket, &admitted->view)
               ? DOSIS_OK
               : DOSIS_ENOTFOUND;
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
        rc = store_view_add_detail(reader, &admitted.view, admitted.own,
            question->door, body);
    }
    ret_answer->rows = rc == DOSIS_OK;
    if (rc == DOSIS_OK) {
        dosis_shown_add(question->shown, id);
    }
    return rc;
}
