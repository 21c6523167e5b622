/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Lists over any number of agents against a model that knows nothing of pages:
 * random dossiers, random questions, random filters, both orders, every page
 * size; at rest, and while others write.
 */

#include "../lib/store_fixture.h"
#include "../lib/tap.h"
#include "base/dosis_text.h"
#include "store/store_record.h"

#define AGENTS       14
#define DOSSIERS     700
#define SUBJECTS_MAX AGENTS
#define ROUNDS       400
#define BATCH        50
#define DAY_NS       (INT64_C(86400) * DOSIS_NS_PER_S)
#define FIRST_DAY    INT64_C(20454)    /* 2026-01-01 */
#define DAYS         40

static const char *const rights[] = { "Lezer", "Ander", "Derde" };
static const char *const fasen[] = { "Samenstelling", "Behandeling",
    "Beslissing", "Afgerond" };
static const char *const codes[] = { "InBehandeling", "DossierOnvolledig" };
static const char *const rollen[] = { "", "Aanvrager", "Indiener" };
static const char *const producten[] = { "", "1984", "2001" };
static const char *const bronnen[] = { "urn://proef/bron", "urn://proef/twee" };

#define PICK(list) ((int) (below(sizeof(list) / sizeof((list)[0]))))

/* What the model knows of one dossier. */
typedef struct {
    bool live;
    int bron;
    int agents;
    int agent[6];
    int right[6];           /* one each */
    int rol[6];
    bool publiek;
    bool reference;
    int fase, code, product;
    bool actie;
    int deadline;           /* day, or -1 */
    int64_t date_ns;
    uint64_t versie;
    uint8_t id[16];
    bool moved;             /* since the walk began */
} model_t;

/* A question as the model understands it. */
typedef struct {
    int subjects;
    int agent[SUBJECTS_MAX];
    unsigned held[SUBJECTS_MAX];        /* bit per right */
    int fase, code, bron, product, rol; /* -1: not asked */
    int actie, open;                    /* -1: not asked */
    int64_t sinds_ns, tot_ns;           /* 0: not asked */
    bool by_action;
} ask_t;

static model_t model[DOSSIERS];
static dosis_arena_t *asking;    /* of one question */
static char kbo[AGENTS][11];
static uint32_t state = 20261125;


static uint32_t
below(uint32_t n)
{
    state = state * 1664525 + 1013904223;
    return (uint32_t) (((uint64_t) state * n) >> 32);
}


/* --- writing -------------------------------------------------------------- */

static int
draw_agents(model_t *m)
{
    int i, k, n = 1 + (int) below(4);

    m->agents = 0;
    for (i = 0; i < n; i++) {
        int agent = below(3) == 0 ? 0 : (int) below(AGENTS);

        for (k = 0; k < m->agents && m->agent[k] != agent; k++) {
            continue;
        }
        if (k == m->agents) {
            m->agent[k] = agent;
            m->right[k] = PICK(rights);
            m->rol[k] = PICK(rollen);
            m->agents++;
        }
    }
    return m->agents;
}


static void
draw(model_t *m)
{
    (void) draw_agents(m);
    m->publiek = below(12) == 0;
    m->reference = below(10) == 0;
    m->fase = PICK(fasen);
    m->code = PICK(codes);
    m->product = PICK(producten);
    m->actie = !m->reference && below(3) == 0;
    m->deadline = m->actie && below(3) > 0 ? (int) below(20) : -1;
}


static const char *
json_of(const model_t *m, int number, int serial)
{
    int i;
    size_t n;
    char date[32], voor[40] = "", status[300] = "";
    static char text[4096];
    dosis_buf_t buf;

    dosis_buf_init_fixed(&buf, date, sizeof(date));
    dosis_time_add_utc(&buf, m->date_ns);
    if (m->deadline >= 0) {
        (void) snprintf(voor, sizeof(voor), ",\"Voor\":\"2027-01-%02d\"",
            1 + m->deadline);
    }
    if (!m->reference) {
        (void) snprintf(status, sizeof(status),
            "\"Status\":{\"VlaamsFase\":\"%s\",\"VlaamsCode\":\"%s\","
            "\"Actie\":{\"ActieNodig\":%s%s}},",
            fasen[m->fase], codes[m->code], m->actie ? "true" : "false", voor);
    }
    n = (size_t) snprintf(text, sizeof(text),
        "{\"Identificatie\":{\"Bron\":\"%s\",\"DossierNummer\":\"n%d\"},"
        "\"Naam\":\"naam %d\",\"TypeDossierCode\":\"%s\","
        "\"WijzigingsDatum\":\"%.*s\",%s\"IsPubliek\":%s,"
        "\"Producten\":[%s%s%s],\"Agenten\":[",
        bronnen[m->bron], number, serial,
        m->reference ? "DossierVerwijzing" : "DossierStatus", (int) buf.len,
        date, status, m->publiek ? "true" : "false",
        m->product ? "{\"Id\":\"" : "", producten[m->product],
        m->product ? "\"}" : "");
    for (i = 0; i < m->agents; i++) {
        n += (size_t) snprintf(text + n, sizeof(text) - n,
            "%s{\"Identificatie\":\"%s\",\"Toegangsrechten\":[{\"Code\":"
            "\"%s\"}]%s%s%s}", i > 0 ? "," : "", kbo[m->agent[i]],
            rights[m->right[i]], m->rol[i] ? ",\"Rol\":\"" : "",
            rollen[m->rol[i]], m->rol[i] ? "\"" : "");
    }
    (void) snprintf(text + n, sizeof(text) - n, "]}");
    return text;
}


/* Delivers these, in one commit. */
static void
store_some(fixture_t *f, const int *number, int count)
{
    int i;
    dosis_txn_t *txn;
    static int serial;
    static dosis_delivery_t d[BATCH];

    for (i = 0; i < count; i++) {
        d[i] = fixture_delivery(f,
            json_of(&model[number[i]], number[i], ++serial));
        if (d[i].refused) {
            printf("Bail out! refused: %s %s\n", f->problems.item[0].field,
                f->problems.item[0].text);
            exit(1);
        }
    }
    fixture_must(dosis_txn_begin(f->writer,
        FIXTURE_NOW + (int64_t) ++f->clock * DOSIS_NS_PER_MS, &txn), "begin");
    for (i = 0; i < count; i++) {
        dosis_deliver(txn, &d[i]);
        fixture_must(d[i].rc, "deliver");
        model[number[i]].live = true;
        model[number[i]].versie = d[i].versie;
        memcpy(model[number[i]].id, d[i].id, 16);
    }
    fixture_must(dosis_txn_commit(txn), "commit");
    dosis_arena_reset(f->arena);
}


static void
store_all(fixture_t *f)
{
    int i, n = 0, number[BATCH];

    for (i = 0; i < DOSSIERS; i++) {
        draw(&model[i]);
        model[i].bron = PICK(bronnen);
        model[i].date_ns = (FIRST_DAY + below(DAYS)) * DAY_NS;
        number[n++] = i;
        if (n == BATCH || i + 1 == DOSSIERS) {
            store_some(f, number, n);
            n = 0;
        }
    }
}


/* Changes, withdraws or revives some, always with a newer date. */
static void
disturb(fixture_t *f, int count)
{
    int i;

    for (i = 0; i < count; i++) {
        int at = (int) below(DOSSIERS);
        model_t *m = &model[at];
        char number[16];

        m->moved = true;
        m->date_ns += (int64_t) (1 + below(5)) * DAY_NS / 4;
        if (m->live && below(4) == 0) {
            dosis_delivery_t d = { .withdraw = true,
                .problems = &f->problems, .warnings = &f->warnings,
                .client = DOSIS_SLICE("proef") };

            (void) snprintf(number, sizeof(number), "n%d", at);
            d.dossier.bron = dosis_slice_of(bronnen[m->bron]);
            d.dossier.nummer = dosis_slice_of(number);
            d.dossier.has_wijziging = true;
            d.dossier.wijziging_ns = m->date_ns;
            fixture_must(dosis_reader_begin(f->reader), "begin");
            fixture_must(dosis_delivery_prepare(f->reader, &d, f->arena),
                "prepare");
            dosis_reader_end(f->reader);
            fixture_deliver(f, &d);
            m->live = false;
        } else {
            draw(m);
            store_some(f, &at, 1);
        }
    }
}


/* --- the model answers ---------------------------------------------------- */

static bool
passes(const ask_t *ask, const model_t *m)
{
    bool open = !m->reference && strcmp(fasen[m->fase], "Afgerond") != 0;

    return (ask->fase < 0 || (!m->reference && m->fase == ask->fase))
           && (ask->code < 0 || (!m->reference && m->code == ask->code))
           && (ask->bron < 0 || m->bron == ask->bron)
           && (ask->product < 0 || m->product == ask->product)
           && (ask->actie < 0 || m->actie == (ask->actie == 1))
           && (ask->open < 0 || open == (ask->open == 1))
           && (ask->sinds_ns == 0 || m->date_ns >= ask->sinds_ns)
           && (ask->tot_ns == 0 || m->date_ns < ask->tot_ns);
}


static bool
shows(const ask_t *ask, const model_t *m)
{
    int i, k;

    for (i = 0; m->live && passes(ask, m) && i < ask->subjects; i++) {
        for (k = 0; k < m->agents; k++) {
            if (m->agent[k] == ask->agent[i]
                && (m->publiek || (ask->held[i] & (1u << m->right[k])))
                && (ask->rol < 0 || m->rol[k] == ask->rol)) {
                return true;
            }
        }
    }
    return false;
}


static bool by_action;

static int
phase_of(const model_t *m)
{
    return !m->actie ? 2 : m->deadline < 0 ? 1 : 0;
}


static int
cmp_model(const void *a, const void *b)
{
    const model_t *x = *(const model_t *const *) a;
    const model_t *y = *(const model_t *const *) b;

    if (by_action && phase_of(x) != phase_of(y)) {
        return phase_of(x) - phase_of(y);
    }
    if (by_action && phase_of(x) == 0 && x->deadline != y->deadline) {
        return x->deadline - y->deadline;
    }
    if (x->reference != y->reference) {
        return x->reference ? 1 : -1;
    }
    if (x->date_ns != y->date_ns) {
        return x->date_ns > y->date_ns ? -1 : 1;
    }
    return memcmp(x->id, y->id, 16);
}


static int
expected(const ask_t *ask, const model_t **want)
{
    int i, n = 0;

    for (i = 0; i < DOSSIERS; i++) {
        if (shows(ask, &model[i])) {
            want[n++] = &model[i];
        }
    }
    by_action = ask->by_action;
    qsort(want, (size_t) n, sizeof(want[0]), cmp_model);
    return n;
}


/* --- asking --------------------------------------------------------------- */

static void
draw_ask(ask_t *ask)
{
    int i, k;

    memset(ask, 0, sizeof(*ask));
    ask->subjects = below(3) == 0 ? 1 : 1 + (int) below(SUBJECTS_MAX);
    for (i = 0; i < ask->subjects; i++) {
        do {
            ask->agent[i] = (int) below(AGENTS);
            for (k = 0; ask->agent[k] != ask->agent[i]; k++) {
                continue;
            }
        } while (k < i);
        ask->held[i] = below(8);
    }
    ask->fase = below(5) == 0 ? PICK(fasen) : -1;
    ask->code = below(6) == 0 ? PICK(codes) : -1;
    ask->bron = below(6) == 0 ? PICK(bronnen) : -1;
    ask->product = below(6) == 0 ? 1 + (int) below(2) : -1;
    ask->rol = below(6) == 0 ? 1 + (int) below(2) : -1;
    ask->actie = below(5) == 0 ? (int) below(2) : -1;
    ask->open = below(5) == 0 ? (int) below(2) : -1;
    ask->sinds_ns = below(4) == 0
                        ? (FIRST_DAY + below(DAYS)) * DAY_NS : 0;
    ask->tot_ns = below(4) == 0
                      ? (FIRST_DAY + below(DAYS)) * DAY_NS : 0;
    ask->by_action = below(2) == 0;
}


static void
take(fixture_t *f, dosis_filter_t *filter, dosis_filter_kind_t kind,
    const char *text)
{
    if (dosis_filter_take(filter, dosis_reader_ref(f->reader), asking, kind,
            dosis_slice_of(text)) != NULL) {
        printf("Bail out! a filter does not take %s\n", text);
        exit(1);
    }
}


static void
take_moment(dosis_filter_t *filter, dosis_filter_kind_t kind, int64_t ns)
{
    if (ns != 0 && dosis_filter_take_moment(filter, kind, ns) != NULL) {
        printf("Bail out! a filter does not take a moment\n");
        exit(1);
    }
}


static void
fill_filter(fixture_t *f, const ask_t *ask, dosis_filter_t *filter)
{
    const struct {
        dosis_filter_kind_t kind;
        int at;
        const char *const *list;
    } lists[] = {
        { DOSIS_FILTER_FASE, ask->fase, fasen },
        { DOSIS_FILTER_CODE, ask->code, codes },
        { DOSIS_FILTER_BRON, ask->bron, bronnen },
        { DOSIS_FILTER_PRODUCT, ask->product, producten },
        { DOSIS_FILTER_ROL, ask->rol, rollen },
    };
    size_t i;

    memset(filter, 0, sizeof(*filter));
    for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        if (lists[i].at >= 0) {
            take(f, filter, lists[i].kind, lists[i].list[lists[i].at]);
        }
    }
    if (ask->actie >= 0) {
        take(f, filter, DOSIS_FILTER_ACTIE_NODIG,
            ask->actie ? "true" : "false");
    }
    if (ask->open >= 0) {
        take(f, filter, DOSIS_FILTER_OPEN, ask->open ? "TRUE" : "false");
    }
    take_moment(filter, DOSIS_FILTER_SINDS, ask->sinds_ns);
    take_moment(filter, DOSIS_FILTER_TOT, ask->tot_ns);
    take(f, filter, DOSIS_FILTER_SORTEER,
        ask->by_action ? "actie" : "-wijzigingsdatum");
}


/* One walk through all pages. */
typedef struct {
    dosis_question_t q;
    dosis_filter_t filter;
    dosis_subject_t subject[SUBJECTS_MAX];
    dosis_slice_t held[SUBJECTS_MAX][3];
    char after[512];
    uint8_t id[4 * DOSSIERS][16];
    uint64_t versie[4 * DOSSIERS];
    int rows;
    int calls;
    bool more;
    bool within;       /* every call kept its ceilings */
} walk_t;

static walk_t w;


static void
begin_walk(fixture_t *f, const ask_t *ask)
{
    int i, k;

    dosis_arena_reset(asking);
    memset(&w, 0, sizeof(w));
    w.within = true;
    for (i = 0; i < ask->subjects; i++) {
        if (dosis_agent_parse(dosis_slice_of(kbo[ask->agent[i]]), DOSIS_STRENG,
                &w.subject[i].agent) != NULL) {
            printf("Bail out! no agent\n");
            exit(1);
        }
        w.subject[i].rechten = w.held[i];
        for (k = 0; k < 3; k++) {
            if (ask->held[i] & (1u << k)) {
                w.held[i][w.subject[i].rechten_count++] =
                    dosis_slice_of(rights[k]);
            }
        }
    }
    w.q.subject = w.subject;
    w.q.subjects = (size_t) ask->subjects;
    w.q.binding = DOSIS_SLICE("proef");
    w.q.filter = &w.filter;
    w.q.limit = 1 + below(below(2) == 0 ? 9 : DOSIS_PAGE_ROWS_MAX);
    w.q.examine = ask->by_action || below(2) == 0 ? 0 : 50 + below(200);
    w.q.now_ns = FIXTURE_NOW;
    fixture_must(dosis_reader_begin(f->reader), "begin");
    fill_filter(f, ask, &w.filter);
    dosis_reader_end(f->reader);
}


static void
take_rows(const dosis_json_t *list)
{
    size_t i;
    const dosis_json_t *row;

    for (i = 0; i < dosis_json_count(list); i++) {
        row = dosis_json_at(list, i);
        if (w.rows == 4 * DOSSIERS
            || !dosis_id_decode(w.id[w.rows],
                dosis_json_string(dosis_json_get(row, "DossierId")))) {
            printf("Bail out! too many rows, or no DossierId\n");
            exit(1);
        }
        w.versie[w.rows++] =
            (uint64_t) dosis_json_int(dosis_json_get(row, "Versie"));
    }
}


/* One page more. */
static void
next_page(fixture_t *f)
{
    dosis_rc_t rc;
    dosis_buf_t body;
    dosis_json_t *json;
    dosis_answer_t answer;
    dosis_slice_t next;
    uint32_t ceiling = w.q.examine != 0 ? w.q.examine : DOSIS_EXAMINED_MAX;

    dosis_buf_init(&body, (size_t) 4 << 20);
    fixture_must(dosis_reader_begin(f->reader), "begin");
    rc = dosis_list(f->reader, &w.q, &body, &answer);
    dosis_reader_end(f->reader);
    fixture_must(rc, "list");
    fixture_must(dosis_json_parse(dosis_buf_slice(&body), &json, NULL),
        "the answer is JSON");
    take_rows(dosis_json_get(json, "Dossiers"));
    next = dosis_json_string(dosis_json_get(json, "Volgende"));
    w.more = next.len > 0;
    w.within = w.within && answer.rows <= w.q.limit
               && answer.examined <= ceiling && w.more == answer.more
               && dosis_json_count(dosis_json_get(json, "Dossiers"))
                      == answer.rows;
    (void) snprintf(w.after, sizeof(w.after), "%.*s", (int) next.len,
        next.len > 0 ? next.data : "");
    w.q.after = dosis_slice_of(w.after);
    w.calls++;
    dosis_json_free(json);
    dosis_buf_done(&body);
}


static void
print_ask(const ask_t *ask, int rows)
{
    printf("# %d subjects, limit %u, examine %u, %s, fase %d code %d bron %d "
           "product %d rol %d actie %d open %d, %d rows wanted, %d found\n",
        ask->subjects, w.q.limit, w.q.examine,
        ask->by_action ? "by action" : "by date", ask->fase, ask->code,
        ask->bron, ask->product, ask->rol, ask->actie, ask->open, rows,
        w.rows);
}


/* At rest: exactly the model's list, in its order. */
static bool
at_rest(fixture_t *f, const ask_t *ask)
{
    int i, n;
    bool same;
    static const model_t *want[DOSSIERS];

    begin_walk(f, ask);
    do {
        next_page(f);
    } while (w.more && w.calls < 10 * DOSSIERS);
    n = expected(ask, want);
    same = n == w.rows && w.within && !w.more;
    for (i = 0; same && i < n; i++) {
        same = memcmp(want[i]->id, w.id[i], 16) == 0
               && want[i]->versie == w.versie[i];
    }
    if (!same) {
        print_ask(ask, n);
    }
    return same;
}


static bool
shown(const uint8_t id[16], uint64_t versie, int from)
{
    int i;

    for (i = from; i < w.rows; i++) {
        if (memcmp(w.id[i], id, 16) == 0 && w.versie[i] == versie) {
            return true;
        }
    }
    return false;
}


/* While others write: nothing twice, nothing missed that stood still. */
static bool
in_motion(fixture_t *f, const ask_t *ask)
{
    int i, n, quiet = 0;
    bool good = true;
    static const model_t *want[DOSSIERS];
    static model_t before[DOSSIERS];

    for (i = 0; i < DOSSIERS; i++) {
        model[i].moved = false;
    }
    begin_walk(f, ask);
    n = expected(ask, want);
    memcpy(before, model, sizeof(before));
    do {
        next_page(f);
        if (w.calls < 25) {
            disturb(f, 3);
        }
    } while (w.more && w.calls < 10 * DOSSIERS);
    for (i = 0; i < w.rows; i++) {
        good = good && !shown(w.id[i], w.versie[i], i + 1);
    }
    for (i = 0; i < n; i++) {
        int at = (int) (want[i] - model);

        if (!model[at].moved) {
            quiet++;
            good = good && shown(before[at].id, before[at].versie, 0);
        }
    }
    if (!good || !w.within) {
        print_ask(ask, quiet);
    }
    return good && w.within;
}


static void
test_questions(fixture_t *f)
{
    int i, rest = 0, motion = 0, rows = 0, pages = 0, several = 0;
    ask_t ask;

    for (i = 0; i < ROUNDS; i++) {
        draw_ask(&ask);
        rest += at_rest(f, &ask);
        rows += w.rows;
        pages += w.calls;
        several += w.calls > 1 && ask.subjects > 1;
    }
    printf("# %d rows in %d pages\n", rows, pages);
    CHECK(rest == ROUNDS, "every list is what the model says, in its order");
    CHECK(rows > 10000 && pages > 2000 && several > 100,
        "and there was enough of it to mean something");
    for (i = 0; i < ROUNDS / 8; i++) {
        draw_ask(&ask);
        motion += in_motion(f, &ask);
    }
    CHECK(motion == ROUNDS / 8,
        "while others write: nothing twice, nothing missed that stood still");
    for (i = rest = 0; i < ROUNDS / 8; i++) {
        draw_ask(&ask);
        rest += at_rest(f, &ask);
    }
    CHECK(rest == ROUNDS / 8, "and at rest again every list is right");
}


/* --- cursors -------------------------------------------------------------- */

static dosis_rc_t
ask_once(fixture_t *f)
{
    dosis_rc_t rc;
    dosis_buf_t body;
    dosis_answer_t answer;

    dosis_buf_init(&body, (size_t) 4 << 20);
    fixture_must(dosis_reader_begin(f->reader), "begin");
    rc = dosis_list(f->reader, &w.q, &body, &answer);
    dosis_reader_end(f->reader);
    dosis_buf_done(&body);
    return rc;
}


/* A cursor answers its own question only: each change makes another one. */
static void
test_cursors(fixture_t *f, bool by_date)
{
    ask_t ask = { .subjects = 3, .agent = { 0, 1, 2 }, .held = { 7, 7, 7 },
        .fase = -1, .code = -1, .bron = -1, .product = -1, .rol = -1,
        .actie = -1, .open = -1, .by_action = !by_date };
    dosis_subject_t first;

    begin_walk(f, &ask);
    w.q.limit = 5;
    w.q.examine = 0;
    next_page(f);
    CHECK(w.more && ask_once(f) == DOSIS_OK, "a cursor goes on");
    w.q.limit = 7;
    CHECK(ask_once(f) == DOSIS_OK, "with another page size too");
    w.q.subjects = 2;
    CHECK(ask_once(f) == DOSIS_EINPUT, "not with an agent less");
    w.q.subjects = 3;
    w.subject[2].rechten_count = 2;
    CHECK(ask_once(f) == DOSIS_EINPUT, "nor with a right less for one");
    w.subject[2].rechten_count = 3;
    first = w.subject[0];
    w.subject[0].rechten_count = w.subject[1].rechten_count = 2;
    w.subject[0].rechten = w.held[0];
    CHECK(ask_once(f) == DOSIS_EINPUT, "nor with other rights for two");
    w.subject[0] = first;
    w.subject[1].rechten_count = 3;
    w.filter.open = true;
    w.filter.given |= DOSIS_FILTER(DOSIS_FILTER_OPEN);
    CHECK(ask_once(f) == DOSIS_EINPUT, "nor with a filter more");
    w.filter.open = false;
    w.filter.given &= ~DOSIS_FILTER(DOSIS_FILTER_OPEN);
    w.filter.sorteer_actie = by_date;
    CHECK(ask_once(f) == DOSIS_EINPUT, "nor in another order");
    w.filter.sorteer_actie = !by_date;
    w.q.binding = DOSIS_SLICE("ander");
    CHECK(ask_once(f) == DOSIS_EINPUT, "nor for another client");
    w.q.binding = DOSIS_SLICE("proef");
    CHECK(ask_once(f) == DOSIS_OK, "its own question it still answers");
    w.q.now_ns += (DOSIS_CURSOR_TTL_S + 1) * DOSIS_NS_PER_S;
    CHECK(ask_once(f) == DOSIS_EEXPIRED, "but not after a day");
}


int
main(void)
{
    unsigned i;
    dosis_verify_t report;
    static fixture_t f;

    fixture_begin(&f);
    asking = dosis_arena_create(65536);
    fixture_put(&f, DOSIS_REF_BRON,
        DOSIS_SLICE("{\"Bron\":\"urn://proef/twee\",\"Naam\":\"Twee\"}"));
    for (i = 0; i < AGENTS; i++) {
        fixture_kbo(i, kbo[i]);
    }
    store_all(&f);
    test_questions(&f);
    test_cursors(&f, true);
    test_cursors(&f, false);
    CHECK(fixture_is_whole(&f, &report), "the store is whole");
    dosis_arena_free(asking);
    fixture_end(&f);
    return tap_done();
}
