/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * An overview says what the list shows: over random deliveries, in any order,
 * with agents and rights that change, of agents that grow big and lose all.
 * And what a ceiling does, and a store of before there were side rows.
 */

#include "../lib/counted.h"
#include "../lib/tap.h"
#include "store/store_side.h"
#include "store/store_txn.h"

#define AGENTS   5
#define DOSSIERS 1100
#define ROUNDS   60
#define BATCH    50
#define OPEN     "urn://proef/open"
#define DAY_NS   (INT64_C(86400) * DOSIS_NS_PER_S)

static const char *const rechten[] = { "Lezer", "Beheerder", "Lezer - kmo",
    "Raadpleger" };
static const char *const bronnen[] = { FIXTURE_BRON, OPEN };
static char agent[AGENTS][16];
static uint64_t seed = UINT64_C(0x9e3779b97f4a7c15);


static unsigned
draw(unsigned below)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (unsigned) (seed % below);
}


/* --- deliveries ---------------------------------------------------------- */

static void
add_agents(dosis_buf_t *json, bool spread)
{
    unsigned i, k;
    bool first = true;

    DOSIS_BUF_LIT(json, ",\"Agenten\":[");
    for (i = 0; i < AGENTS; i++) {
        /* the first agent is in nearly all, and grows big */
        if (i == 0 ? spread && draw(8) == 0 : draw(3) != 0) {
            continue;
        }
        dosis_buf_addf(json, "%s{\"Identificatie\":\"%s\","
            "\"Toegangsrechten\":[", first ? "" : ",", agent[i]);
        first = false;
        for (k = draw(3); k > 0; k--) {
            dosis_buf_addf(json, "{\"Code\":\"%s\"}%s", rechten[draw(3)],
                k > 1 ? "," : "");
        }
        DOSIS_BUF_LIT(json, "]}");
    }
    if (first) {
        dosis_buf_addf(json, "{\"Identificatie\":\"%s\"}", agent[0]);
    }
    dosis_buf_add_byte(json, ']');
}


static void
add_status(dosis_buf_t *json)
{
    dosis_buf_addf(json, ",\"Status\":{\"VlaamsFase\":\"%s\","
        "\"VlaamsCode\":\"InBehandeling\"", counted_fasen[draw(6)]);
    if (draw(3) == 0) {
        dosis_buf_addf(json, ",\"Actie\":{\"ActieNodig\":%s,\"Actie\":\"x\"",
            draw(4) > 0 ? "true" : "false");
        if (draw(3) > 0) {
            dosis_buf_addf(json, ",\"Voor\":\"20%02u-%02u-%02u\"",
                20 + draw(20), 1 + draw(12), 1 + draw(28));
        }
        dosis_buf_add_byte(json, '}');
    }
    dosis_buf_add_byte(json, '}');
}


/* A random state of the n-th dossier, dated anywhere in two years. */
static const char *
random_json(unsigned n)
{
    static char text[8192];
    dosis_buf_t json;

    dosis_buf_init_fixed(&json, text, sizeof(text) - 1);
    dosis_buf_addf(&json, "{\"Identificatie\":{\"Bron\":\"%s\","
        "\"DossierNummer\":\"r%u\"},\"Naam\":\"Ronde %u\","
        "\"WijzigingsDatum\":\"202%u-%02u-%02uT%02u:%02u:00Z\","
        "\"IsPubliek\":%s,\"IsVertrouwelijk\":%s,"
        "\"Producten\":[{\"Id\":\"%s\"}]", bronnen[n % 2], n, draw(40),
        4 + draw(2), 1 + draw(12), 1 + draw(28), draw(24), draw(60),
        draw(12) == 0 ? "true" : "false", draw(8) == 0 ? "true" : "false",
        draw(2) == 0 ? "1984" : "2001");
    if (draw(10) > 0) {
        add_status(&json);
    } else {
        DOSIS_BUF_LIT(&json, ",\"TypeDossierCode\":\"DossierReferentie\"");
    }
    add_agents(&json, true);
    dosis_buf_addf(&json, "}");
    text[json.len] = '\0';
    return text;
}


static dosis_delivery_t
random_withdrawal(fixture_t *f, unsigned n)
{
    char nummer[16];
    dosis_delivery_t d = { .withdraw = true, .problems = &f->problems,
        .warnings = &f->warnings, .client = DOSIS_SLICE("proef") };

    (void) snprintf(nummer, sizeof(nummer), "r%u", n);
    d.dossier.bron = dosis_slice_of(bronnen[n % 2]);
    d.dossier.nummer = dosis_arena_copy(f->arena, dosis_slice_of(nummer));
    d.dossier.has_wijziging = draw(2) == 0;
    d.dossier.wijziging_ns = FIXTURE_NOW - draw(600) * DAY_NS;
    fixture_must(dosis_reader_begin(f->reader), "reader begin");
    fixture_must(dosis_delivery_prepare(f->reader, &d, f->arena), "prepare");
    dosis_reader_end(f->reader);
    return d;
}


/* One commit of some random deliveries among the first so many dossiers. */
static void
random_batch(fixture_t *f, unsigned dossiers, unsigned count)
{
    unsigned i, n;
    static dosis_delivery_t d[BATCH];
    dosis_txn_t *txn;

    for (i = 0; i < count; i++) {
        n = draw(dossiers);
        d[i] = draw(10) == 0 ? random_withdrawal(f, n)
                             : fixture_delivery(f, random_json(n));
        if (d[i].refused) {
            printf("Bail out! %s\n", f->problems.item[0].text);
            exit(1);
        }
    }
    fixture_must(dosis_txn_begin(f->writer,
        FIXTURE_NOW + (int64_t) ++f->clock * DOSIS_NS_PER_MS, &txn), "begin");
    for (i = 0; i < count; i++) {
        dosis_deliver(txn, &d[i]);
    }
    fixture_must(dosis_txn_commit(txn), "commit");
    dosis_arena_reset(f->arena);
}


/* --- who asks ------------------------------------------------------------ */

typedef struct {
    dosis_slice_t held[2];
    dosis_subject_t subject;
    dosis_question_t q;
} asker_t;


static void
ask_as(asker_t *a, const char *id, const dosis_client_t *loket)
{
    memset(a, 0, sizeof(*a));
    a->subject.rechten = a->held;
    if (dosis_agent_parse(dosis_slice_of(id), DOSIS_VORM, &a->subject.agent)
        != NULL) {
        printf("Bail out! %s is no agent\n", id);
        exit(1);
    }
    a->q = (dosis_question_t) { .subject = &a->subject, .subjects = 1,
        .loket = loket,
        .limit = DOSIS_PAGE_ROWS_MAX, .now_ns = FIXTURE_NOW };
}


static bool
all_agree(fixture_t *f, const dosis_client_t *loket)
{
    unsigned i, k;
    bool agree = true;
    asker_t a;

    for (i = 0; i < AGENTS; i++) {
        for (k = 0; k < 4; k++) {
            ask_as(&a, agent[i], loket);
            a.held[0] = dosis_slice_of(rechten[k]);
            a.held[1] = dosis_slice_of(rechten[(k + 1) % 4]);
            a.subject.rechten_count = k > 2 ? 2 : k;
            a.subject.vertrouwelijk = k % 2 == 0;
            agree = counted_agree(f, &a.q) && agree;
        }
    }
    return agree;
}


static uint8_t
head_flags(fixture_t *f, const char *id)
{
    uint8_t key[STORE_AGENT_BYTES];
    asker_t a;
    dosis_buf_t page;
    store_page_view_t view = { 0 };

    ask_as(&a, id, NULL);
    dosis_buf_init(&page, 4096);
    fixture_must(dosis_reader_begin(f->reader), "reader begin");
    store_agent_blind(f->reader->crypt, &a.subject.agent, key);
    fixture_must(store_get(&f->reader->snap, DB_AGENT,
        dosis_slice(key, sizeof(key)), &page), "head page");
    dosis_reader_end(f->reader);
    fixture_must(store_page_view(dosis_buf_slice(&page), &view), "view");
    dosis_buf_done(&page);
    return view.flags;
}


static uint64_t
entries(fixture_t *f, const char *name)
{
    size_t i;
    dosis_store_state_t state;

    fixture_must(dosis_store_state(f->store, &state), "state");
    for (i = 0; i < state.databases; i++) {
        if (strcmp(state.database[i].name, name) == 0) {
            return state.database[i].entries;
        }
    }
    return UINT64_MAX;
}


/* --- the property -------------------------------------------------------- */

static void
test_random(fixture_t *f)
{
    unsigned round, grown = 0, wrong = 0, torn = 0;
    static const dosis_slice_t one[] = { { OPEN, sizeof(OPEN) - 1 } };
    static const dosis_slice_t product[] = { { "1984", 4 } };
    dosis_client_t loket[3] = { { .is_loket = true }, { .is_loket = true },
        { .is_loket = true } };
    dosis_verify_t report;

    loket[1].loket_bronnen = (dosis_slice_t *) one;
    loket[1].loket_bronnen_count = 1;
    loket[2].producten = (dosis_slice_t *) product;
    loket[2].producten_count = 1;
    for (round = 0; round < ROUNDS; round++) {
        random_batch(f, round < 20 ? 20 * (round + 1) : DOSSIERS,
            1 + draw(BATCH));
        grown += round > 0 && (head_flags(f, agent[0]) & PAGE_ZIJ) != 0;
        wrong += !all_agree(f, round % 2 == 0 ? NULL : &loket[round % 3]);
        if (round % 6 == 5) {
            torn += !fixture_is_whole(f, &report);
        }
    }
    CHECK(grown > 10 && grown < ROUNDS - 5,
        "the first agent is small for some rounds, then big");
    CHECK(wrong == 0, "every count equals the rows listed, in every round");
    CHECK(torn == 0, "and the store is whole each time");
    CHECK(entries(f, "telling") > 20 && entries(f, "termijn") > 20,
        "there is something to count");
}


/* Everything withdrawn: a big agent with nothing to show. */
static void
test_back(fixture_t *f)
{
    unsigned n;
    dosis_delivery_t d;
    dosis_verify_t report;

    for (n = 0; n < DOSSIERS; n++) {
        d = random_withdrawal(f, n);
        d.dossier.has_wijziging = false;
        fixture_deliver(f, &d);
        dosis_arena_reset(f->arena);
    }
    CHECK(entries(f, "telling") == 0 && entries(f, "termijn") == 0,
        "all withdrawn: no count and no deadline stays");
    CHECK(entries(f, "volg") > 100, "but the changes do");
    CHECK(all_agree(f, NULL), "counts and list agree on nothing");
    CHECK(fixture_is_whole(f, &report), "and the store is whole");
    random_batch(f, DOSSIERS, BATCH);
    CHECK(all_agree(f, NULL), "what comes back is counted");
}


/* One by one over the edge: no delivery makes a difference in the answer. */
static void
test_seam(fixture_t *f)
{
    unsigned i, wrong = 0;
    char kbo[11], json[512];
    asker_t a;
    dosis_delivery_t d;

    fixture_kbo(70, kbo);
    ask_as(&a, kbo, NULL);
    a.held[0] = DOSIS_SLICE("Lezer");
    a.subject.rechten_count = 1;
    for (i = 0; i == 0 || !(head_flags(f, kbo) & PAGE_GROOT); i++) {
        (void) snprintf(json, sizeof(json),
            "{\"Identificatie\":{\"Bron\":\"" FIXTURE_BRON "\","
            "\"DossierNummer\":\"s%u\"},\"Naam\":\"Naad\","
            "\"WijzigingsDatum\":\"2026-01-%02uT10:00:00\",\"Status\":"
            "{\"VlaamsFase\":\"%s\",\"VlaamsCode\":\"InBehandeling\","
            "\"Actie\":{\"ActieNodig\":true,\"Voor\":\"2027-01-%02u\"}},"
            "\"Agenten\":[{\"Identificatie\":\"%s\",\"Toegangsrechten\":"
            "[{\"Code\":\"%s\"}]}]}", i, 1 + i * 11 % 28,
            counted_fasen[i % 6], 28 - i % 27, kbo,
            rechten[i % 2]);
        d = fixture_push(f, json);
        dosis_arena_reset(f->arena);
        wrong += d.resultaat != DOSIS_NIEUW || i > 5000
                 || !counted_agree(f, &a.q);
    }
    CHECK(i > 100 && wrong == 0,
        "growing from small to big, every answer was right");
    CHECK(counted_agree(f, &a.q) && (head_flags(f, kbo) & PAGE_ZIJ),
        "the write that made it big made its side rows");
}


/* --- ceilings ------------------------------------------------------------ */

static void
push_class(fixture_t *f, const char *kbo, unsigned n, unsigned right)
{
    char json[512];

    (void) snprintf(json, sizeof(json),
        "{\"Identificatie\":{\"Bron\":\"" FIXTURE_BRON "\","
        "\"DossierNummer\":\"k%u\"},\"Naam\":\"Klasse\","
        "\"WijzigingsDatum\":\"2026-02-01\",\"Status\":"
        "{\"VlaamsFase\":\"Behandeling\",\"VlaamsCode\":\"InBehandeling\"},"
        "\"Agenten\":[{\"Identificatie\":\"%s\",\"Toegangsrechten\":"
        "[{\"Code\":\"Lezer\"},{\"Code\":\"Recht %u\"}]}]}", n, kbo, right);
    (void) fixture_push(f, json);
    dosis_arena_reset(f->arena);
}


static void
test_classes(fixture_t *f)
{
    unsigned n;
    char kbo[11];
    asker_t a;
    counted_t said, listed;

    fixture_kbo(71, kbo);
    ask_as(&a, kbo, NULL);
    a.held[0] = DOSIS_SLICE("Lezer");
    a.subject.rechten_count = 1;
    for (n = 0; n < 400; n++) {
        push_class(f, kbo, n, n % DOSIS_CLASSES_MAX);
    }
    CHECK((head_flags(f, kbo) & PAGE_ZIJ) && counted_agree(f, &a.q),
        "sixty-four classes are counted exactly");
    push_class(f, kbo, n, DOSIS_CLASSES_MAX);
    said = counted_overview(f, &a.q);
    listed = counted_list(f, &a.q);
    CHECK(said.minstens && said.aantal < listed.aantal
              && said.aantal >= listed.aantal - 8,
        "one more: a lower bound, and it says so");
}


static void
test_shared(fixture_t *f)
{
    unsigned i;
    char json[512], kbo[2][11];
    asker_t a[2];
    counted_t all;
    dosis_answer_t answer;
    dosis_buf_t body;
    dosis_json_t *root;
    dosis_subject_t both[2];

    for (i = 0; i < 2; i++) {
        fixture_kbo(72 + i, kbo[i]);
        ask_as(&a[i], kbo[i], NULL);
        both[i] = a[i].subject;
        both[i].rechten_count = 1;
        a[i].held[0] = DOSIS_SLICE("Lezer");
    }
    (void) snprintf(json, sizeof(json),
        "{\"Identificatie\":{\"Bron\":\"" FIXTURE_BRON "\","
        "\"DossierNummer\":\"shared\"},\"Naam\":\"Samen\","
        "\"WijzigingsDatum\":\"2026-02-01\",\"Status\":"
        "{\"VlaamsFase\":\"Behandeling\",\"VlaamsCode\":\"InBehandeling\"},"
        "\"Agenten\":[{\"Identificatie\":\"%s\",\"Toegangsrechten\":"
        "[{\"Code\":\"Lezer\"}]},{\"Identificatie\":\"%s\","
        "\"Toegangsrechten\":[{\"Code\":\"Lezer\"}]}]}", kbo[0], kbo[1]);
    (void) fixture_push(f, json);
    dosis_buf_init(&body, 65536);
    fixture_must(dosis_reader_begin(f->reader), "reader begin");
    a[0].q.subject = both;
    a[0].q.subjects = 2;
    fixture_must(dosis_overview(f->reader, &a[0].q, &body, &answer),
        "overview");
    dosis_reader_end(f->reader);
    fixture_must(dosis_json_parse(dosis_buf_slice(&body), &root, NULL),
        "json");
    all = counted_members(dosis_json_get(root, "Totaal"));
    CHECK(all.aantal == 2 && all.open == 2
              && dosis_json_count(dosis_json_get(root, "Agenten")) == 2,
        "a dossier that two asked agents share counts once for each");
    CHECK(dosis_slice_eq(counted_text(root, "GedeeldTelt"),
              DOSIS_SLICE("perAgent")),
        "and the answer says so");
    dosis_json_free(root);
    dosis_buf_done(&body);
}


int
main(void)
{
    unsigned i;
    fixture_t f;
    dosis_verify_t report;

    fixture_begin(&f);
    fixture_put(&f, DOSIS_REF_BRON,
        DOSIS_SLICE("{\"Bron\":\"" OPEN "\",\"Naam\":\"Open\","
                    "\"ZonderRecht\":\"iedereen\"}"));
    for (i = 0; i < AGENTS; i++) {
        fixture_kbo(50 + i, agent[i]);
    }
    (void) snprintf(agent[4], sizeof(agent[4]), "OVO002949");
    test_random(&f);
    test_back(&f);
    test_seam(&f);
    test_classes(&f);
    test_shared(&f);
    CHECK(fixture_is_whole(&f, &report), "verify finds nothing");
    fixture_end(&f);
    return tap_done();
}
