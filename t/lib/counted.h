/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * counted.h: the same numbers twice: added up from the rows that the list
 * shows, and as the overview says them. For unit programs.
 */

#ifndef DOSIS_T_LIB_COUNTED_H
#define DOSIS_T_LIB_COUNTED_H

#include "store_fixture.h"

#include "store/dosis_overview.h"

#define COUNTED_FASEN 6

typedef struct {
    int64_t aantal;
    int64_t open;
    int64_t actie_nodig;
    int64_t zonder_fase;
    int64_t fase[COUNTED_FASEN];
    char termijn[11];              /* the earliest deadline, or empty */
    bool minstens;
} counted_t;

static const char *const counted_fasen[COUNTED_FASEN] = { "Samenstelling",
    "Behandeling", "Beslissing", "Beroep", "Uitvoering", "Afgerond" };


static inline dosis_slice_t
counted_text(const dosis_json_t *object, const char *name)
{
    return dosis_json_string(dosis_json_get(object, name));
}


static inline void
counted_row(const dosis_json_t *row, counted_t *c)
{
    int i;
    dosis_slice_t fase, voor;
    const dosis_json_t *status = dosis_json_get(row, "Status");
    const dosis_json_t *actie = dosis_json_get(status, "Actie");

    c->aantal++;
    c->zonder_fase += status == NULL;
    fase = counted_text(status, "VlaamsFase");
    for (i = 0; i < COUNTED_FASEN; i++) {
        c->fase[i] += dosis_slice_eq(fase, dosis_slice_of(counted_fasen[i]));
    }
    c->open += status != NULL && !dosis_slice_eq(fase, DOSIS_SLICE("Afgerond"));
    if (!dosis_json_bool(dosis_json_get(actie, "ActieNodig"))) {
        return;
    }
    c->actie_nodig++;
    voor = counted_text(actie, "Voor");
    if (voor.len == 10
        && (c->termijn[0] == '\0' || memcmp(voor.data, c->termijn, 10) < 0)) {
        memcpy(c->termijn, voor.data, 10);
    }
}


/* From every page of the list. */
static inline counted_t
counted_list(fixture_t *f, const dosis_question_t *asked)
{
    size_t i;
    static char after[1024];
    counted_t c = { 0 };
    dosis_answer_t answer;
    dosis_buf_t body;
    dosis_json_t *root;
    dosis_question_t q = *asked;

    dosis_buf_init(&body, (size_t) 16 << 20);
    do {
        dosis_buf_reset(&body);
        fixture_must(dosis_reader_begin(f->reader), "reader begin");
        fixture_must(dosis_list(f->reader, &q, &body, &answer), "list");
        dosis_reader_end(f->reader);
        fixture_must(dosis_json_parse(dosis_buf_slice(&body), &root, NULL),
            "json of a list");
        for (i = 0; i < answer.rows; i++) {
            counted_row(dosis_json_at(dosis_json_get(root, "Dossiers"), i),
                &c);
        }
        (void) snprintf(after, sizeof(after), "%.*s",
            (int) counted_text(root, "Volgende").len,
            counted_text(root, "Volgende").data);
        q.after = dosis_slice_of(after);
        dosis_json_free(root);
    } while (answer.more);
    dosis_buf_done(&body);
    return c;
}


static inline counted_t
counted_members(const dosis_json_t *object)
{
    size_t i;
    dosis_slice_t text = counted_text(object, "EersteTermijn");
    const dosis_json_t *fasen = dosis_json_get(object, "Fasen");
    counted_t c = {
        .aantal = dosis_json_int(dosis_json_get(object, "Aantal")),
        .open = dosis_json_int(dosis_json_get(object, "Open")),
        .actie_nodig = dosis_json_int(dosis_json_get(object, "ActieNodig")),
        .zonder_fase = dosis_json_int(dosis_json_get(object, "ZonderFase")),
        .minstens = dosis_json_bool(dosis_json_get(object, "Minstens")),
    };

    for (i = 0; i < COUNTED_FASEN; i++) {
        c.fase[i] = dosis_slice_eq(counted_text(dosis_json_at(fasen, i),
                                       "VlaamsFase"),
                        dosis_slice_of(counted_fasen[i]))
                        ? dosis_json_int(dosis_json_get(
                              dosis_json_at(fasen, i), "Aantal"))
                        : -1;
    }
    if (text.len == 10) {
        memcpy(c.termijn, text.data, 10);
    }
    return c;
}


/* As the overview says it, of the one subject. */
static inline counted_t
counted_overview(fixture_t *f, const dosis_question_t *asked)
{
    counted_t c, all;
    dosis_answer_t answer;
    dosis_buf_t body;
    dosis_json_t *root;

    dosis_buf_init(&body, (size_t) 1 << 20);
    fixture_must(dosis_reader_begin(f->reader), "reader begin");
    fixture_must(dosis_overview(f->reader, asked, &body, &answer),
        "overview");
    dosis_reader_end(f->reader);
    fixture_must(dosis_json_parse(dosis_buf_slice(&body), &root, NULL),
        "json of an overview");
    c = counted_members(dosis_json_at(dosis_json_get(root, "Agenten"), 0));
    all = counted_members(dosis_json_get(root, "Totaal"));
    if (memcmp(&c, &all, sizeof(c)) != 0) {
        c.aantal = -1;             /* equal to nothing */
    }
    dosis_json_free(root);
    dosis_buf_done(&body);
    return c;
}


static inline void
counted_print(const char *what, const counted_t *c)
{
    int i;

    printf("# %s: aantal=%lld open=%lld actie=%lld zonder=%lld termijn=%s"
           " minstens=%d fasen=", what, (long long) c->aantal,
        (long long) c->open, (long long) c->actie_nodig,
        (long long) c->zonder_fase, c->termijn, c->minstens);
    for (i = 0; i < COUNTED_FASEN; i++) {
        printf("%lld ", (long long) c->fase[i]);
    }
    printf("\n");
}


static inline bool
counted_agree(fixture_t *f, const dosis_question_t *asked)
{
    counted_t listed = counted_list(f, asked);
    counted_t said = counted_overview(f, asked);

    if (memcmp(&listed, &said, sizeof(said)) == 0) {
        return true;
    }
    counted_print("listed", &listed);
    counted_print("said  ", &said);
    return false;
}

#endif
