/* SPDX-License-Identifier: EUPL-1.2 */
#include <stdio.h>

#include "base/dosis_hash.h"
#include "base/dosis_json.h"
#include "base/dosis_time.h"
#include "store/dosis_overview.h"
#include "store/store_side.h"
#include "store/store_view.h"

#define FASE_CLOSED DOSIS_SLICE("Afgerond")

/* What was counted so far: of one agent, or of all. */
typedef struct {
    store_tally_t tally;
    bool has_deadline;
    uint32_t deadline;              /* the earliest one */
    bool minstens;                  /* a ceiling was reached */
} counts_t;

/* A class of a big agent, judged. */
typedef struct {
    uint8_t key[STORE_CLASS_KEY];
    bool admitted;
} judged_t;

typedef struct {
    dosis_reader_t *reader;
    const dosis_question_t *question;
    const dosis_subject_t *subject; /* that is counted now */
    uint8_t agent[STORE_AGENT_BYTES];
    counts_t counts;
    uint32_t examined;
    uint32_t most;                  /* rows in the whole call */
    bool cut;
    judged_t class[DOSIS_CLASSES_MAX];
    unsigned classes;
} count_t;


/* false: the ceiling of the call is reached, and the counts are a bound. */
static bool
may_examine(count_t *count)
{
    if (count->examined == count->most) {
        count->counts.minstens = true;
        count->cut = true;
        return false;
    }
    count->examined++;
    return true;
}


static void
note_deadline(counts_t *counts, uint32_t deadline)
{
    if (deadline != STORE_NO_DEADLINE
        && (!counts->has_deadline || deadline < counts->deadline)) {
        counts->has_deadline = true;
        counts->deadline = deadline;
    }
}


static void
add_counts(counts_t *to, const counts_t *from)
{
    int i;

    to->tally.rijen += from->tally.rijen;
    to->tally.zonder_fase += from->tally.zonder_fase;
    to->tally.actie_nodig += from->tally.actie_nodig;
    for (i = 0; i < STORE_FASEN; i++) {
        to->tally.fase[i] += from->tally.fase[i];
    }
    if (from->has_deadline) {
        note_deadline(to, from->deadline);
    }
    to->minstens |= from->minstens || from->tally.fase[0] > 0;
}


/* --- from the pages ------------------------------------------------------ */

static dosis_rc_t
count_row(count_t *count, dosis_slice_t bytes)
{
    dosis_rc_t rc;
    store_row_t row;
    store_view_t view;
    store_facts_t facts;
    dosis_verdict_t verdict;

    rc = store_row_read(bytes, &row);
    if (rc == DOSIS_OK) {
        rc = store_view_judge(count->reader, count->subject, &row, true,
            &verdict);
    }
    if (rc != DOSIS_OK || !dosis_verdict_sees(verdict)) {
        return rc;
    }
    rc = store_view_read(count->reader, bytes, &view);
    if (rc != DOSIS_OK
        || !store_view_in_scope(count->question->loket, &view)) {
        return rc;
    }
    store_facts_fill(&view.row.head, &view.content, &facts);
    store_tally_count(&count->counts.tally, &facts, 1);
    if (facts.actie_nodig) {
        note_deadline(&count->counts, facts.deadline);
    }
    return DOSIS_OK;
}


static dosis_rc_t
count_page(count_t *count, const store_cursor_t *c, bool *ret_full)
{
    dosis_rc_t rc;
    dosis_buf_t *page = &count->reader->page;
    dosis_slice_t row;
    store_page_view_t view;

    dosis_buf_reset(page);
    rc = store_open_value(&count->reader->snap, DB_AGENT, c->key, c->value,
        page);
    if (rc == DOSIS_OK) {
        rc = store_page_view(dosis_buf_slice(page), &view);
    }
    while (rc == DOSIS_OK && store_page_next(&view, &row)) {
        if (!may_examine(count)) {
            *ret_full = true;
            return DOSIS_OK;
        }
        rc = count_row(count, row);
    }
    return rc == DOSIS_OK && view.rows != 0 ? DOSIS_EFORMAT : rc;
}


static dosis_rc_t
count_pages(count_t *count)
{
    bool full = false;
    dosis_rc_t rc;
    store_cursor_t c;

    rc = store_cursor_open(&count->reader->snap, DB_AGENT, &c);
    if (rc != DOSIS_OK) {
        return rc;
    }
    rc = store_cursor_seek(&c,
        dosis_slice(count->agent, STORE_AGENT_BYTES));
    while (rc == DOSIS_OK && store_is_agents(c.key, count->agent)) {
        rc = count_page(count, &c, &full);
        if (rc != DOSIS_OK || full) {
            break;
        }
        rc = store_cursor_next(&c);
    }
    store_cursor_close(&c);
    return rc == DOSIS_ENOTFOUND ? DOSIS_OK : rc;
}


/* --- from the side rows -------------------------------------------------- */

/* Once for all rows of the class: they cannot be told apart. */
static dosis_rc_t
judge_class(count_t *count, const store_bucket_t *bucket, bool *ret_admitted)
{
    dosis_rc_t rc;
    dosis_verdict_t verdict;
    store_access_t what = { true, bucket->class.flags, bucket->bron,
        &bucket->class };

    rc = store_view_judge_class(count->reader, count->subject, &what,
        &verdict);
    *ret_admitted = rc == DOSIS_OK && dosis_verdict_sees(verdict)
                    && store_view_bron_in_scope(count->question->loket,
                        dosis_ref_bron_nummer(count->reader->ref,
                            bucket->bron));
    return rc;
}


static dosis_rc_t
count_classes(count_t *count, store_side_walk_t *walk)
{
    dosis_rc_t rc;
    judged_t class, *held = count->class;
    counts_t more = { 0 };

    rc = store_tallies_next(walk, class.key, &more.tally);
    while (rc == DOSIS_OK) {
        if (count->classes == DOSIS_CLASSES_MAX || !may_examine(count)) {
            count->counts.minstens = true;
            break;
        }
        rc = judge_class(count, &more.tally.bucket, &class.admitted);
        if (rc != DOSIS_OK) {
            break;
        }
        held[count->classes++] = class;
        if (class.admitted) {
            add_counts(&count->counts, &more);
        }
        rc = store_tallies_next(walk, class.key, &more.tally);
    }
    return rc == DOSIS_ENOTFOUND ? DOSIS_OK : rc;
}


/* Of a class that was not judged it says no: those counts are a bound too. */
static bool
is_admitted(const count_t *count, const uint8_t key[STORE_CLASS_KEY])
{
    unsigned i;

    for (i = 0; i < count->classes; i++) {
        if (memcmp(count->class[i].key, key, STORE_CLASS_KEY) == 0) {
            return count->class[i].admitted;
        }
    }
    return false;
}


static dosis_rc_t
find_deadline(count_t *count, store_side_walk_t *walk)
{
    dosis_rc_t rc = DOSIS_OK;
    store_termijn_t termijn;

    while (rc == DOSIS_OK) {
        rc = store_termijnen_next(walk, &termijn);
        if (rc != DOSIS_OK || termijn.deadline == STORE_NO_DEADLINE) {
            break;
        }
        if (!may_examine(count)) {
            break;
        }
        if (is_admitted(count, termijn.key)) {
            note_deadline(&count->counts, termijn.deadline);
            break;
        }
    }
    return rc == DOSIS_ENOTFOUND ? DOSIS_OK : rc;
}


static dosis_rc_t
count_side_rows(count_t *count)
{
    dosis_rc_t rc;
    store_side_walk_t walk;

    rc = store_tallies_open(&count->reader->snap, count->agent, &walk);
    if (rc == DOSIS_OK) {
        rc = count_classes(count, &walk);
    }
    store_side_close(&walk);
    if (rc != DOSIS_OK || count->counts.tally.actie_nodig == 0) {
        return rc;
    }
    rc = store_termijnen_open(&count->reader->snap, count->agent, NULL,
        &walk);
    if (rc == DOSIS_OK) {
        rc = find_deadline(count, &walk);
    }
    store_side_close(&walk);
    return rc;
}


/* --- one agent ----------------------------------------------------------- */

static dosis_rc_t
has_side_rows(count_t *count, bool *ret_has)
{
    dosis_rc_t rc;
    dosis_buf_t *page = &count->reader->page;
    store_page_view_t view;

    *ret_has = false;
    dosis_buf_reset(page);
    rc = store_get(&count->reader->snap, DB_AGENT,
        dosis_slice(count->agent, STORE_AGENT_BYTES), page);
    if (rc == DOSIS_OK) {
        rc = store_page_view(dosis_buf_slice(page), &view);
    }
    if (rc == DOSIS_OK) {
        *ret_has = (view.flags & PAGE_ZIJ) != 0;
    }
    return rc == DOSIS_ENOTFOUND ? DOSIS_OK : rc;
}


/* Products are no part of a class: a counter limited to some reads rows. */
static dosis_rc_t
count_agent(count_t *count, const dosis_subject_t *subject)
{
    bool side;
    dosis_rc_t rc;

    memset(&count->counts, 0, sizeof(count->counts));
    count->classes = 0;
    count->subject = subject;
    store_agent_blind(count->reader->crypt, &subject->agent, count->agent);
    rc = has_side_rows(count, &side);
    if (rc != DOSIS_OK) {
        return rc;
    }
    if (count->question->loket != NULL
        && count->question->loket->producten_count > 0) {
        side = false;
    }
    return side ? count_side_rows(count) : count_pages(count);
}


/* --- the answer ---------------------------------------------------------- */

/* Every phase of the list, also those with nothing in them. */
static void
add_fasen(const dosis_codelijst_t *lijst, const store_tally_t *tally,
    dosis_buf_t *out)
{
    size_t i;
    const dosis_codewaarde_t *waarde;

    DOSIS_BUF_LIT(out, ",\"Fasen\":[");
    for (i = 0; lijst != NULL && i < dosis_codelijst_count(lijst); i++) {
        waarde = dosis_codelijst_at(lijst, i);
        dosis_buf_addf(out, "%s{\"VlaamsFase\":", i > 0 ? "," : "");
        dosis_json_add_string(out, waarde->code);
        dosis_buf_addf(out, ",\"Aantal\":%u}",
            waarde->nummer < STORE_FASEN ? tally->fase[waarde->nummer] : 0);
    }
    dosis_buf_add_byte(out, ']');
}


/* Without the opening brace: the members of one agent, or of all. */
static void
add_members(const dosis_reader_t *reader, const counts_t *counts,
    dosis_buf_t *out)
{
    uint16_t closed = 0;
    const store_tally_t *t = &counts->tally;
    const dosis_codelijst_t *fase = dosis_ref_lijsten(reader->ref)->fase;

    if (fase != NULL) {
        closed = dosis_codelijst_nummer(fase, FASE_CLOSED);
    }
    dosis_buf_addf(out,
        "\"Aantal\":%u,\"Open\":%u,\"ActieNodig\":%u,\"ZonderFase\":%u,"
        "\"EersteTermijn\":", t->rijen, t->rijen - t->zonder_fase
            - (closed > 0 && closed < STORE_FASEN ? t->fase[closed] : 0),
        t->actie_nodig, t->zonder_fase);
    if (counts->has_deadline) {
        dosis_buf_add_byte(out, '"');
        dosis_date_add(out, store_deadline_day(counts->deadline));
        dosis_buf_add_byte(out, '"');
    } else {
        DOSIS_BUF_LIT(out, "null");
    }
    add_fasen(fase, t, out);
    dosis_buf_addf(out, ",\"Minstens\":%s}",
        counts->minstens || t->fase[0] > 0 ? "true" : "false");
}


static void
set_etag(const dosis_buf_t *body, char *to, size_t size)
{
    uint64_t hash = dosis_hash_mix(DOSIS_HASH_BEGIN, body->data, body->len);

    (void) snprintf(to, size, "W/\"%016llx\"", (unsigned long long) hash);
}


dosis_rc_t
dosis_overview(dosis_reader_t *reader, const dosis_question_t *question,
    dosis_buf_t *body, dosis_answer_t *ret_answer)
{
    size_t i;
    dosis_rc_t rc;
    counts_t all = { 0 };
    const dosis_subject_t *subject = question->subject;
    count_t count = {
        .reader = reader,
        .question = question,
        .most = question->examine != 0 ? question->examine
                                       : DOSIS_EXAMINED_MAX,
    };

    memset(ret_answer, 0, sizeof(*ret_answer));
    DOSIS_BUF_LIT(body, "{\"Agenten\":[");
    for (i = 0; i < question->subjects; i++) {
        rc = count_agent(&count, &subject[i]);
        if (rc != DOSIS_OK) {
            return rc;
        }
        add_counts(&all, &count.counts);
        dosis_buf_addf(body, "%s{\"Identificatie\":", i > 0 ? "," : "");
        dosis_json_add_string(body, dosis_agent_id(&subject[i].agent));
        dosis_buf_add_byte(body, ',');
        add_members(reader, &count.counts, body);
    }
    DOSIS_BUF_LIT(body, "],\"Totaal\":{");
    add_members(reader, &all, body);
    DOSIS_BUF_LIT(body, ",\"GedeeldTelt\":\"perAgent\"}");
    ret_answer->rows = all.tally.rijen;
    ret_answer->examined = count.examined;
    ret_answer->more = all.minstens;
    ret_answer->cut = count.cut;
    set_etag(body, ret_answer->etag, sizeof(ret_answer->etag));
    return body->rc;
}
