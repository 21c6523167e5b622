/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdio.h>

#include "base/dosis_json.h"
#include "store/store_mark.h"
#include "store/store_view.h"

#define BRONNEN_MAX 64      /* sources named in one page */

/* One list call: where it is and what it has seen. */
typedef struct {
    dosis_reader_t *reader;
    const dosis_question_t *question;
    dosis_buf_t *out;
    dosis_answer_t *answer;
    bool has_after;
    bool full;                        /* rows or examined at the ceiling */
    store_mark_t after;
    store_mark_t last;                /* the last row examined */
    uint64_t hash;
    uint32_t bron[BRONNEN_MAX];
    unsigned bronnen;
} walk_t;


/* FNV-1a over what a row shows; a weak tag, not a secret. */
static uint64_t
mix(uint64_t hash, const void *data, size_t len)
{
    size_t i;
    const uint8_t *p = data;

    for (i = 0; i < len; i++) {
        hash = (hash ^ p[i]) * UINT64_C(0x100000001b3);
    }
    return hash;
}


static bool
is_after(const store_head_t *head, const store_mark_t *mark)
{
    if (head->order != mark->order) {
        return head->order > mark->order;
    }
    return memcmp(head->id, mark->id, STORE_ID_BYTES) > 0;
}


static void
note_bron(walk_t *walk, uint32_t bron)
{
    unsigned i;

    for (i = 0; i < walk->bronnen; i++) {
        if (walk->bron[i] == bron) {
            return;
        }
    }
    if (walk->bronnen < BRONNEN_MAX) {
        walk->bron[walk->bronnen++] = bron;
    }
}


static dosis_rc_t
show_row(walk_t *walk, dosis_slice_t bytes)
{
    dosis_rc_t rc;
    store_view_t view;
    const store_head_t *head = &view.row.head;

    rc = store_view_read(walk->reader, bytes, &view);
    if (rc != DOSIS_OK
        || !store_view_in_scope(walk->question->loket, &view)) {
        return rc;
    }
    if (walk->answer->rows > 0) {
        dosis_buf_add_byte(walk->out, ',');
    }
    walk->answer->rows++;
    walk->hash = mix(walk->hash, head->id, STORE_ID_BYTES);
    walk->hash = mix(walk->hash, head->content, sizeof(head->content));
    walk->hash = mix(walk->hash, &head->versie, sizeof(head->versie));
    walk->hash = mix(walk->hash, &head->stamp.date_ns,
        sizeof(head->stamp.date_ns));
    note_bron(walk, head->bron);
    return store_view_add_row(walk->reader, &view, walk->out);
}


static dosis_rc_t
visit_row(walk_t *walk, dosis_slice_t bytes)
{
    dosis_rc_t rc;
    store_row_t row;
    dosis_verdict_t verdict;

    rc = store_row_read(bytes, &row);
    if (rc != DOSIS_OK) {
        return rc;
    }
    if (walk->has_after && !is_after(&row.head, &walk->after)) {
        return DOSIS_OK;
    }
    if (walk->answer->rows == walk->question->limit
        || walk->answer->examined == DOSIS_EXAMINED_MAX) {
        walk->full = true;
        return DOSIS_OK;
    }
    walk->answer->examined++;
    walk->last.order = row.head.order;
    memcpy(walk->last.id, row.head.id, STORE_ID_BYTES);
    rc = store_view_judge(walk->reader, walk->question, &row, true, &verdict);
    if (rc != DOSIS_OK || !dosis_verdict_sees(verdict)) {
        return rc;
    }
    return show_row(walk, bytes);
}


static dosis_rc_t
visit_page(walk_t *walk, const store_cursor_t *c)
{
    dosis_rc_t rc;
    dosis_buf_t *page = &walk->reader->page;
    dosis_slice_t row;
    store_page_view_t view;

    dosis_buf_reset(page);
    rc = store_open_value(&walk->reader->snap, DB_AGENT, c->key, c->value,
        page);
    if (rc == DOSIS_OK) {
        rc = store_page_view(dosis_buf_slice(page), &view);
    }
    while (rc == DOSIS_OK && !walk->full && store_page_next(&view, &row)) {
        rc = visit_row(walk, row);
    }
    return rc == DOSIS_OK && !walk->full && view.rows != 0 ? DOSIS_EFORMAT
                                                           : rc;
}


static dosis_rc_t
walk_pages(walk_t *walk, const uint8_t agent[16])
{
    dosis_rc_t rc;
    store_cursor_t c;
    store_position_t from = { walk->after.order, walk->after.id };

    rc = store_cursor_open(&walk->reader->snap, DB_AGENT, &c);
    if (rc != DOSIS_OK) {
        return rc;
    }
    rc = walk->has_after
             ? store_page_seek(&c, agent, from)
             : store_cursor_seek(&c, dosis_slice(agent, STORE_AGENT_BYTES));
    while (rc == DOSIS_OK && !walk->full
           && memcmp(c.key.data, agent, STORE_AGENT_BYTES) == 0) {
        rc = visit_page(walk, &c);
        if (rc == DOSIS_OK && !walk->full) {
            rc = store_cursor_next(&c);
        }
    }
    store_cursor_close(&c);
    return rc == DOSIS_ENOTFOUND ? DOSIS_OK : rc;
}


static dosis_rc_t
add_next(walk_t *walk)
{
    dosis_rc_t rc = DOSIS_OK;

    walk->answer->more = walk->full;
    DOSIS_BUF_LIT(walk->out, "],\"Volgende\":");
    if (!walk->full) {
        DOSIS_BUF_LIT(walk->out, "null");
        return DOSIS_OK;
    }
    dosis_buf_add_byte(walk->out, '"');
    rc = store_mark_write(walk->reader, walk->question, &walk->last,
        walk->out);
    dosis_buf_add_byte(walk->out, '"');
    walk->hash = mix(walk->hash, walk->last.id, STORE_ID_BYTES);
    return rc;
}


static void
add_bronnen(walk_t *walk)
{
    unsigned i;
    const dosis_bron_t *bron;

    DOSIS_BUF_LIT(walk->out, ",\"Bronnen\":[");
    for (i = 0; i < walk->bronnen; i++) {
        bron = dosis_ref_bron_nummer(walk->reader->ref, walk->bron[i]);
        if (i > 0) {
            dosis_buf_add_byte(walk->out, ',');
        }
        DOSIS_BUF_LIT(walk->out, "{\"Bron\":");
        dosis_json_add_string(walk->out, bron->bron);
        DOSIS_BUF_LIT(walk->out, ",\"Naam\":");
        dosis_json_add_string(walk->out, bron->naam);
        dosis_buf_add_byte(walk->out, '}');
    }
    DOSIS_BUF_LIT(walk->out, "]}");
}


dosis_rc_t
dosis_list(dosis_reader_t *reader, const dosis_question_t *question,
    dosis_buf_t *body, dosis_answer_t *ret_answer)
{
    uint8_t agent[STORE_AGENT_BYTES];
    uint64_t version = dosis_ref_version(reader->ref);
    dosis_rc_t rc = DOSIS_OK;
    walk_t walk = {
        .reader = reader,
        .question = question,
        .out = body,
        .answer = ret_answer,
        .has_after = question->after.len > 0,
        .hash = UINT64_C(0xcbf29ce484222325),
    };

    memset(ret_answer, 0, sizeof(*ret_answer));
    if (walk.has_after) {
        rc = store_mark_read(reader, question, &walk.after);
    }
    if (rc != DOSIS_OK) {
        return rc;
    }
    store_agent_blind(reader->crypt, &question->subject->agent, agent);
    DOSIS_BUF_LIT(body, "{\"Dossiers\":[");
    rc = walk_pages(&walk, agent);
    if (rc == DOSIS_OK) {
        rc = add_next(&walk);
    }
    if (rc != DOSIS_OK) {
        return rc;
    }
    add_bronnen(&walk);
    walk.hash = mix(walk.hash, &version, sizeof(version));
    (void) snprintf(ret_answer->etag, sizeof(ret_answer->etag),
        "W/\"%016llx\"", (unsigned long long) walk.hash);
    return body->rc;
}
