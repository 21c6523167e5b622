/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * An explanation says what the detail and the list do, for every kind of
 * dossier, subject and counter; and who may hear one.
 */

#include "../lib/store_fixture.h"
#include "../lib/tap.h"
#include "base/dosis_text.h"
#include "store/dosis_uitleg.h"

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))
#define OPEN "urn://proef/open"

static fixture_t f;
static char kbo[3][11]; /* an agent, one without rights, none at all */
static dosis_buf_t body;

/* Deliveries, by their number. */
static const struct {
    const char *bron;
    const char *more;
    const char *rechten;
} dossiers[] = {
    { FIXTURE_BRON, "", "{\"Code\":\"Lezer\"}" },
    { FIXTURE_BRON, "", "" },
    { OPEN, "", "" },
    { FIXTURE_BRON, ",\"IsPubliek\":true", "" },
    { FIXTURE_BRON, ",\"IsVertrouwelijk\":true", "{\"Code\":\"Lezer\"}" },
    { FIXTURE_BRON, "", "{\"Code\":\"Lezer\"}" }, /* withdrawn */
};

#define DOSSIERS ROWS(dossiers)
#define WITHDRAWN 5

static uint8_t id[DOSSIERS][16];


static void
deliver_all(void)
{
    char text[1024], number[8];
    dosis_delivery_t d;
    size_t i;

    for (i = 0; i < DOSSIERS; i++) {
        (void) snprintf(text, sizeof(text),
            "{\"Identificatie\":{\"Bron\":\"%s\",\"DossierNummer\":\"%zu\"},"
            "\"Naam\":\"Naam\",\"WijzigingsDatum\":\"2026-01-01T10:00:00Z\","
            "\"Status\":{\"VlaamsFase\":\"Behandeling\","
            "\"VlaamsCode\":\"InBehandeling\"},"
            "\"Producten\":[{\"Id\":\"1984\"}]%s,\"Agenten\":["
            "{\"Identificatie\":\"%s\",\"Toegangsrechten\":[%s]}]}",
            dossiers[i].bron, i, dossiers[i].more, kbo[0],
            dossiers[i].rechten);
        d = fixture_push(&f, text);
        memcpy(id[i], d.id, sizeof(id[i]));
    }
    (void) snprintf(number, sizeof(number), "%d", WITHDRAWN);
    (void) fixture_withdraw(&f, number, 0);
}


static dosis_subject_t
subject(unsigned agent, bool lezer, bool assured)
{
    static const dosis_slice_t lezer_right[] = { { "Lezer", 5 } };
    dosis_subject_t of = { .vertrouwelijk = assured,
        .rechten = lezer_right,
        .rechten_count = lezer };

    (void) dosis_agent_parse(
        dosis_slice_of(kbo[agent]), DOSIS_STRENG, &of.agent);
    return of;
}


static dosis_rc_t
explain(const dosis_uitleg_t *asked, const uint8_t of[16], dosis_json_t **ret)
{
    dosis_rc_t rc;

    *ret = NULL;
    dosis_buf_reset(&body);
    fixture_must(dosis_reader_begin(f.reader), "reader begin");
    rc = dosis_uitleg(f.reader, asked, of, &body);
    dosis_reader_end(f.reader);
    if (rc == DOSIS_OK) {
        fixture_must(
            dosis_json_parse(dosis_buf_slice(&body), ret, NULL), "json");
    }
    return rc;
}


static bool
says(const dosis_json_t *json, const char *name)
{
    return dosis_json_bool(dosis_json_get(json, name));
}


/* What the doors themselves show to that subject. */
static bool
detail_shows(const dosis_subject_t *who, const uint8_t of[16])
{
    static dosis_buf_t shown;
    dosis_answer_t answer;
    dosis_rc_t rc;
    const dosis_question_t q = { .subject = who,
        .subjects = 1,
        .now_ns = FIXTURE_NOW + DOSIS_NS_PER_S,
        .limit = 1,
        .examine = DOSIS_EXAMINED_MAX };

    dosis_buf_init(&shown, (size_t) 1 << 20);
    fixture_must(dosis_reader_begin(f.reader), "reader begin");
    rc = dosis_detail(f.reader, &q, of, &shown, &answer);
    dosis_reader_end(f.reader);
    dosis_buf_done(&shown);
    return rc == DOSIS_OK;
}


static bool
list_shows(const dosis_subject_t *who, const uint8_t of[16])
{
    char text[DOSIS_ID_TEXT + 1];
    dosis_buf_t shown;
    dosis_answer_t answer;
    bool found;
    dosis_question_t q = { .subject = who,
        .subjects = 1,
        .now_ns = FIXTURE_NOW + DOSIS_NS_PER_S,
        .limit = DOSIS_PAGE_ROWS_MAX };

    dosis_buf_init(&shown, (size_t) 1 << 20);
    fixture_must(dosis_reader_begin(f.reader), "reader begin");
    fixture_must(dosis_list(f.reader, &q, &shown, &answer), "list");
    dosis_reader_end(f.reader);
    dosis_id_encode(text, of);
    found = memmem(shown.data, shown.len, text, DOSIS_ID_TEXT) != NULL;
    dosis_buf_done(&shown);
    return found;
}


/* Every dossier, agent, right and assurance, at both doors. */
static void
check_doors(void)
{
    char fact[96];
    size_t i, seen = 0;
    dosis_json_t *json;
    dosis_subject_t who;
    const size_t cases = DOSSIERS * 2 * 2 * 2;
    const uint8_t *of;

    for (i = 0; i < cases; i++) {
        of = id[i % DOSSIERS];
        who = subject(i / DOSSIERS % 2 ? 2 : 0, i / DOSSIERS / 2 % 2,
            i / DOSSIERS / 4 % 2);
        const dosis_uitleg_t asked = { .beheer = true,
            .subject = &who,
            .subjects = 1 };

        (void) snprintf(fact, sizeof(fact),
            "dossier %zu, agent %zu, right %zu, assured %zu", i % DOSSIERS,
            i / DOSSIERS % 2, i / DOSSIERS / 2 % 2, i / DOSSIERS / 4 % 2);
        if (!CHECK(explain(&asked, of, &json) == DOSIS_OK, fact)) {
            continue;
        }
        CHECK(says(json, "Zichtbaar") == detail_shows(&who, of),
            "... as the detail");
        CHECK(says(json, "InLijst") == list_shows(&who, of),
            "... as the list");
        seen += says(json, "Zichtbaar");
        dosis_json_free(json);
    }
    CHECK(seen > 5 && seen < cases, "some are seen, and some are not");
}


/* The rules up to the one that decides. */
static void
check_steps(void)
{
    static const struct {
        size_t dossier;
        unsigned agent;
        const char *decides;
    } rows[] = {
        { 0, 0, "Recht" }, { 1, 0, "GeenRecht" },
        { 2, 0, "ZonderRechtIedereen" }, { 3, 0, "Publiek" },
        { 3, 2, "PubliekOpId" }, { 4, 0, "Vertrouwelijk" },
        { 5, 0, "Ingetrokken" }, { 0, 2, "GeenAgent" },
    };
    size_t i, count;
    dosis_json_t *json;
    const dosis_json_t *door, *steps;

    for (i = 0; i < ROWS(rows); i++) {
        dosis_subject_t who = subject(rows[i].agent, true, false);
        const dosis_uitleg_t asked = { .beheer = true,
            .subject = &who,
            .subjects = 1 };

        if (!CHECK(explain(&asked, id[rows[i].dossier], &json) == DOSIS_OK,
                rows[i].decides)) {
            continue;
        }
        door = dosis_json_get(
            dosis_json_at(dosis_json_get(json, "Agenten"), 0), "Detail");
        steps = dosis_json_get(door, "Stappen");
        count = dosis_json_count(steps);
        CHECK(dosis_slice_eq(dosis_json_string(dosis_json_get(door, "Beslist")),
                  dosis_slice_of(rows[i].decides)),
            "... decides");
        CHECK(count > 0 && says(dosis_json_at(steps, count - 1), "Geldt"),
            "... as the last step");
        dosis_json_free(json);
    }
}


static dosis_rc_t
ask_as(const char *client, bool beheer, const uint8_t of[16])
{
    dosis_rc_t rc;
    dosis_json_t *json;
    dosis_subject_t who = subject(0, true, false);
    const dosis_uitleg_t asked = { .client = dosis_slice_of(client),
        .beheer = beheer,
        .subject = &who,
        .subjects = 1 };

    rc = explain(&asked, of, &json);
    dosis_json_free(json);
    return rc;
}


static void
check_who(void)
{
    const uint8_t unknown[16] = { 0 };

    CHECK(ask_as("x", true, id[0]) == DOSIS_OK, "an operator hears of any");
    CHECK(ask_as("proef", false, id[0]) == DOSIS_OK,
        "who delivers for its source hears");
    CHECK(ask_as("proef", false, id[WITHDRAWN]) == DOSIS_OK,
        "of a withdrawn one too");
    CHECK(ask_as("proef", false, id[2]) == DOSIS_ENOTFOUND,
        "of another source not");
    CHECK(ask_as("ander", false, id[0]) == DOSIS_ENOTFOUND,
        "who delivers for nothing hears nothing");
    CHECK(ask_as("x", true, unknown) == DOSIS_ENOTFOUND,
        "what is not there: the same answer");
    CHECK(body.len == 0, "and nothing beside it");
}


/* One of several; and what a counter's registration takes away. */
static void
check_several(void)
{
    static const struct {
        const char *loket;
        bool sees;
    } rows[] = { { "loket", true }, { "loket-ander", false },
        { "loket-uit", false }, { "loket-soort", false },
        { "loket-product", false }, { "proef", false }, { "niemand", false } };
    dosis_json_t *json;
    size_t i;
    dosis_subject_t two[2] = { subject(2, true, false),
        subject(0, true, false) };
    dosis_uitleg_t asked = { .beheer = true, .subject = two, .subjects = 2 };

    if (CHECK(explain(&asked, id[0], &json) == DOSIS_OK, "two subjects")) {
        CHECK(says(json, "Zichtbaar"), "one that sees it is enough");
        CHECK(dosis_json_count(dosis_json_get(json, "Agenten")) == 2,
            "each is explained");
        dosis_json_free(json);
    }
    asked.subject = &two[1];
    asked.subjects = 1;
    for (i = 0; i < ROWS(rows); i++) {
        asked.loket = dosis_slice_of(rows[i].loket);
        if (CHECK(explain(&asked, id[0], &json) == DOSIS_OK, rows[i].loket)) {
            CHECK(says(json, "Zichtbaar") == rows[i].sees
                    && says(json, "InLijst") == rows[i].sees,
                "... shows it, or not, by its registration");
            CHECK(dosis_json_count(dosis_json_get(json, "Vooraf")) == 5,
                "... in five steps");
            dosis_json_free(json);
        }
    }
}


static void
register_all(void)
{
    static const char *const clients[] = {
        "{\"Client\":\"proef\",\"Naam\":\"P\",\"Bronnen\":[\"" FIXTURE_BRON
        "\"]}",
        "{\"Client\":\"loket\",\"Naam\":\"L\",\"Loket\":{}}",
        "{\"Client\":\"loket-ander\",\"Naam\":\"L\",\"Loket\":{\"Bronnen\":[\""
        OPEN "\"]}}",
        "{\"Client\":\"loket-uit\",\"Naam\":\"L\",\"Actief\":false,"
        "\"Loket\":{}}",
        "{\"Client\":\"loket-soort\",\"Naam\":\"L\",\"Loket\":{"
        "\"AgentSoorten\":[\"INSZ\"]}}",
        "{\"Client\":\"loket-product\",\"Naam\":\"L\",\"Loket\":{"
        "\"Producten\":[\"2001\"]}}",
    };
    size_t i;

    fixture_put(&f, DOSIS_REF_BRON,
        DOSIS_SLICE("{\"Bron\":\"" OPEN "\",\"Naam\":\"Open\","
                    "\"ZonderRecht\":\"iedereen\"}"));
    for (i = 0; i < ROWS(clients); i++) {
        fixture_put(&f, DOSIS_REF_CLIENT, dosis_slice_of(clients[i]));
    }
}


int
main(void)
{
    unsigned i;

    fixture_begin(&f);
    for (i = 0; i < 3; i++) {
        fixture_kbo(i, kbo[i]);
    }
    dosis_buf_init(&body, (size_t) 1 << 20);
    register_all();
    deliver_all();
    check_doors();
    check_steps();
    check_who();
    check_several();
    dosis_buf_done(&body);
    fixture_end(&f);
    return tap_done();
}
