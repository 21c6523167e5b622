/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/dosis_hash.h"
#include "base/dosis_text.h"
#include "store/store_bronnen.h"
#include "store/store_list.h"

#define PART_CHANGE 8     /* bytes of a part before the class held now */


/* --- one row -------------------------------------------------------------- */

/* The content is the same in all copies: it is read and held once. */
static dosis_rc_t
read_content(const store_list_t *list, const store_copy_t *copy,
    store_view_t *view, bool *ret_wanted)
{
    dosis_rc_t rc = store_view_of(list->reader, &copy->row, view);

    *ret_wanted = rc == DOSIS_OK
                  && store_view_in_scope(list->question->loket, view)
                  && store_filter_content(list->question->filter,
                      &view->content);
    return rc;
}


/* All of a part behind its sequence number. */
static dosis_slice_t
class_of(const store_row_t *row)
{
    return row->part.len <= PART_CHANGE
               ? dosis_slice(NULL, 0)
               : dosis_slice(row->part.data + PART_CHANGE,
                   row->part.len - PART_CHANGE);
}


static bool
was_judged(const store_judged_t *judged, const store_copy_t *copy)
{
    const store_head_t *head = &copy->row.head;
    dosis_slice_t class = class_of(&copy->row);

    return class.len != 0 && class.len == judged->len
           && judged->subject == copy->subject && judged->bron == head->bron
           && judged->kind == head->kind && judged->flags == head->flags
           && memcmp(judged->class, class.data, class.len) == 0;
}


static void
note_judged(store_judged_t *judged, const store_copy_t *copy, bool sees)
{
    dosis_slice_t class = class_of(&copy->row);

    judged->len = 0;
    if (class.len == 0 || class.len > sizeof(judged->class)) {
        return;
    }
    judged->subject = copy->subject;
    judged->bron = copy->row.head.bron;
    judged->kind = copy->row.head.kind;
    judged->flags = copy->row.head.flags;
    memcpy(judged->class, class.data, class.len);
    judged->len = (uint8_t) class.len;
    judged->sees = sees;
}


/* What the head and the access function say of one copy. */
static dosis_rc_t
admits(store_list_t *list, const store_copy_t *copy, bool *ret_sees)
{
    dosis_rc_t rc;
    dosis_verdict_t verdict;

    *ret_sees = false;
    if (!store_filter_head(list->question->filter, &copy->row.head)) {
        return DOSIS_OK;
    }
    if (was_judged(&list->judged, copy)) {
        *ret_sees = list->judged.sees;
        return DOSIS_OK;
    }
    rc = store_view_judge(list->reader, copy->subject, &copy->row, true,
        &verdict);
    if (rc == DOSIS_OK) {
        *ret_sees = dosis_verdict_sees(verdict);
        note_judged(&list->judged, copy, *ret_sees);
    }
    return rc;
}


dosis_rc_t
store_list_judge(store_list_t *list, const store_copy_t *copy,
    unsigned copies, store_view_t *ret_view, const store_copy_t **ret_copy)
{
    unsigned i;
    bool yes, read = false;
    dosis_rc_t rc;

    *ret_copy = NULL;
    for (i = 0; i < copies; i++) {
        rc = admits(list, &copy[i], &yes);
        if (rc == DOSIS_OK && yes && !read) {
            read = true;
            rc = read_content(list, &copy[i], ret_view, &yes);
            if (!yes) {
                return rc;
            }
        }
        if (rc == DOSIS_OK && yes) {
            rc = store_filter_rol(list->question->filter, &ret_view->content,
                &copy[i].subject->agent, &yes);
        }
        if (rc != DOSIS_OK || yes) {
            *ret_copy = &copy[i];
            return rc;
        }
    }
    return DOSIS_OK;
}


static void
note_bron(store_list_t *list, uint32_t bron)
{
    unsigned i;

    for (i = 0; i < list->bronnen; i++) {
        if (list->bron[i] == bron) {
            return;
        }
    }
    list->bron[list->bronnen++] = bron;
}


static uint64_t
mix_16(uint64_t hash, const uint8_t bytes[16])
{
    return dosis_hash_word(dosis_hash_word(hash, dosis_be64_get(bytes)),
        dosis_be64_get(bytes + 8));
}


dosis_rc_t
store_list_show(store_list_t *list, const store_view_t *view)
{
    uint64_t hash = list->hash;
    const store_head_t *head = &view->row.head;

    if (list->answer->rows > 0) {
        dosis_buf_add_byte(list->out, ',');
    }
    list->answer->rows++;
    dosis_shown_add(list->question->shown, head->id);
    hash = mix_16(hash, head->id);
    hash = mix_16(hash, head->content);
    hash = dosis_hash_word(hash, head->versie);
    list->hash = dosis_hash_word(hash, (uint64_t) head->stamp.date_ns);
    note_bron(list, head->bron);
    return store_view_add_row(list->reader, view, list->question->door,
        list->out);
}


dosis_rc_t
store_list_take(store_list_t *list, store_walk_t *walk,
    const store_view_t *view)
{
    dosis_rc_t rc;

    if (walk->full) {
        walk->enough = true;
        return DOSIS_OK;
    }
    rc = store_list_show(list, view);
    walk->full = list->answer->rows == list->question->limit;
    return rc;
}


bool
store_list_is_cut(const store_list_t *list, const store_walk_t *walk)
{
    return walk->stopped && !walk->full && list->budget < DOSIS_EXAMINED_MAX;
}


/* --- newest first --------------------------------------------------------- */

static dosis_rc_t
see(store_walk_t *walk, const store_copy_t *copy, unsigned copies)
{
    dosis_rc_t rc;
    store_view_t view;
    store_list_t *list = walk->context;
    const store_copy_t *seen;

    rc = store_list_judge(list, copy, copies, &view, &seen);
    return rc != DOSIS_OK || seen == NULL ? rc
                                          : store_list_take(list, walk, &view);
}


dosis_rc_t
store_list_by_date(store_list_t *list, store_mark_t *mark)
{
    dosis_rc_t rc;
    store_walk_t walk = {
        .reader = list->reader,
        .question = list->question,
        .see = see,
        .context = list,
        .after = mark->at,
        .budget = list->budget,
    };

    rc = store_walk(&walk);
    mark->at = walk.last;
    list->answer->examined = walk.examined;
    list->answer->more = walk.stopped;
    list->answer->cut = store_list_is_cut(list, &walk);
    return rc;
}


/* --- the answer ----------------------------------------------------------- */

static dosis_rc_t
add_next(store_list_t *list, const store_mark_t *mark)
{
    dosis_rc_t rc;

    DOSIS_BUF_LIT(list->out, "],\"Volgende\":");
    if (!list->answer->more) {
        DOSIS_BUF_LIT(list->out, "null");
        return DOSIS_OK;
    }
    dosis_buf_add_byte(list->out, '"');
    rc = store_mark_write(list->reader, list->question, mark, list->out);
    dosis_buf_add_byte(list->out, '"');
    list->hash = dosis_hash_mix(list->hash, mark->at.id, STORE_ID_BYTES);
    list->hash = dosis_hash_mix(list->hash, mark->shown.id, STORE_ID_BYTES);
    list->hash = dosis_hash_mix(list->hash, &mark->phase, sizeof(mark->phase));
    return rc;
}


static dosis_rc_t
add_all(store_list_t *list, store_mark_t *mark)
{
    dosis_rc_t rc;
    const dosis_filter_t *filter = list->question->filter;

    DOSIS_BUF_LIT(list->out, "{\"Dossiers\":[");
    rc = filter != NULL && filter->sorteer_actie
             ? store_list_by_action(list, mark)
             : store_list_by_date(list, mark);
    if (rc == DOSIS_OK) {
        rc = add_next(list, mark);
    }
    if (rc == DOSIS_OK) {
        rc = store_bronnen_add(list->reader, list->bron, list->bronnen,
            list->question->now_ns, list->out);
        DOSIS_BUF_LIT(list->out, "}");
    }
    return rc;
}


static void
add_etag(uint64_t hash, char to[DOSIS_ETAG_MAX])
{
    char bytes[sizeof(hash)];

    dosis_be64(bytes, hash);
    memcpy(to, "W/\"", 3);
    dosis_hex_encode(to + 3, dosis_slice(bytes, sizeof(bytes)));
    memcpy(to + 3 + 2 * sizeof(bytes), "\"", 2);
}


dosis_rc_t
dosis_list(dosis_reader_t *reader, const dosis_question_t *question,
    dosis_buf_t *body, dosis_answer_t *ret_answer)
{
    uint64_t version = dosis_ref_version(reader->ref);
    dosis_rc_t rc;
    store_mark_t mark;
    store_list_t list;

    memset(ret_answer, 0, sizeof(*ret_answer));
    list.reader = reader;
    list.question = question;
    list.out = body;
    list.answer = ret_answer;
    list.budget = question->examine != 0 ? question->examine
                                         : DOSIS_EXAMINED_MAX;
    list.hash = DOSIS_HASH_BEGIN;
    list.bronnen = 0;
    list.judged.len = 0;
    rc = store_mark_read(reader, question, &mark);
    if (rc == DOSIS_OK) {
        rc = add_all(&list, &mark);
    }
    if (rc != DOSIS_OK) {
        return rc;
    }
    add_etag(dosis_hash_word(list.hash, version), ret_answer->etag);
    return body->rc;
}
