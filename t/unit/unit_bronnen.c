/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What a list tells of its sources: the hour of the last accepted delivery,
 * as of this snapshot and these registrations, however often it was asked
 * before.
 */

#include "../lib/store_fixture.h"
#include "../lib/tap.h"
#include "store/store_bronnen.h"

#define HOUR_NS  (3600 * DOSIS_NS_PER_S)
#define SOURCES  (STORE_BRON_SLOTS + 2)
#define FIRST_NS (FIXTURE_NOW / HOUR_NS * HOUR_NS)

static char kbo[11];
static int64_t asked_ns = FIRST_NS;


static void
name_of(unsigned n, char name[64])
{
    (void) snprintf(name, 64, "urn://proef/bron-%u", n);
}


/* rest: more members, with a comma in front. */
static void
register_source(fixture_t *f, unsigned n, const char *naam, const char *rest)
{
    char name[64];
    static char json[2048];

    name_of(n, name);
    (void) snprintf(json, sizeof(json),
        "{\"Bron\":\"%s\",\"Naam\":\"%s\"%s}", name, naam, rest);
    fixture_put(f, DOSIS_REF_BRON, dosis_slice_of(json));
}


/* One dossier of that source, at that moment. */
static void
push_at(fixture_t *f, unsigned n, int64_t now_ns, bool good)
{
    char name[64], json[1024];
    dosis_txn_t *txn;
    dosis_delivery_t d;

    name_of(n, name);
    (void) snprintf(json, sizeof(json),
        "{\"Identificatie\":{\"Bron\":\"%s\",\"DossierNummer\":\"n\"},"
        "\"Naam\":\"N\",\"WijzigingsDatum\":\"2026-01-01\",\"Status\":{"
        "\"VlaamsFase\":\"%s\",\"VlaamsCode\":\"InBehandeling\"},"
        "\"Agenten\":[{\"Identificatie\":\"%s\",\"Toegangsrechten\":"
        "[{\"Code\":\"Lezer\"}]}]}",
        name, good ? "Behandeling" : "Weg", kbo);
    d = fixture_delivery(f, json);
    fixture_must(dosis_txn_begin(f->writer, now_ns, &txn), "begin");
    dosis_deliver(txn, &d);
    fixture_must(dosis_txn_commit(txn), "commit");
    dosis_arena_reset(f->arena);
}


/* Does the list say this of that source? */
static bool
says(fixture_t *f, unsigned n, const char *what)
{
    bool said;
    char name[64], *at;
    dosis_buf_t body;
    dosis_answer_t answer;
    dosis_question_t q = { .now_ns = asked_ns };

    name_of(n, name);
    (void) snprintf(name + strlen(name), 8, "\",\"");
    dosis_buf_init(&body, (size_t) 4 << 20);
    fixture_must(fixture_list(f, kbo, &q, &body, &answer), "list");
    dosis_buf_add_byte(&body, '\0');
    at = strstr(body.data, "\"Bronnen\":");
    at = at == NULL ? NULL : strstr(at, name);
    if (at != NULL) {
        at[strcspn(at, "}")] = '\0';
    }
    said = at != NULL && strstr(at, what) != NULL;
    if (!said) {
        printf("# %s: %s\n", name, at == NULL ? "not there" : at);
    }
    dosis_buf_done(&body);
    return said;
}


static bool
heard_at(fixture_t *f, unsigned n, int64_t ns)
{
    char text[128];
    dosis_buf_t buf;

    dosis_buf_init_fixed(&buf, text, sizeof(text) - 1);
    DOSIS_BUF_LIT(&buf, "\"LaatstGehoord\":\"");
    dosis_time_add_utc(&buf, ns);
    DOSIS_BUF_LIT(&buf, "\"");
    text[buf.len] = '\0';
    return says(f, n, text);
}


static void
test_hours(fixture_t *f)
{
    push_at(f, 1, FIRST_NS + 5, true);
    CHECK(heard_at(f, 1, FIRST_NS), "heard in this hour");
    push_at(f, 1, FIRST_NS + HOUR_NS - 1, true);
    CHECK(heard_at(f, 1, FIRST_NS), "the last moment of it is still it");
    push_at(f, 1, FIRST_NS + HOUR_NS, true);
    CHECK(heard_at(f, 1, FIRST_NS + HOUR_NS), "the next one is the next");
    push_at(f, 1, FIRST_NS + 3 * HOUR_NS, false);
    CHECK(heard_at(f, 1, FIRST_NS + HOUR_NS),
        "what is refused was not heard");
    push_at(f, 1, FIRST_NS, true);
    CHECK(heard_at(f, 1, FIRST_NS + HOUR_NS),
        "a clock that went back takes nothing away");
}


static void
test_many(fixture_t *f)
{
    unsigned i, right = 0;

    for (i = 1; i <= SOURCES; i++) {
        push_at(f, i, FIRST_NS + (int64_t) i * HOUR_NS, true);
    }
    for (i = 1; i <= SOURCES; i++) {
        right += heard_at(f, i, FIRST_NS + (int64_t) i * HOUR_NS);
    }
    CHECK(right == SOURCES, "more sources than are kept: each its own hour");
}


/* Its end comes in the hour and the state of the store that are kept. */
static void
test_pauses(fixture_t *f)
{
    const int64_t before = asked_ns;
    static const char set[] =
        "{\"Bron\":\"%s\",\"Tot\":\"2026-03-01T10:00:30Z\"}";
    char name[64], json[160];
    int64_t tot;

    (void) dosis_time_parse(DOSIS_SLICE("2026-03-01T10:00:30Z"), &tot);
    asked_ns = tot - 1;
    CHECK(says(f, 2, "\"Toestand\":\"Actueel\""), "nothing is paused");
    name_of(2, name);
    (void) snprintf(json, sizeof(json), set, name);
    fixture_put(f, DOSIS_REF_PAUZE, dosis_slice_of(json));
    CHECK(says(f, 2, "\"Toestand\":\"Gepauzeerd\"")
              && says(f, 1, "\"Toestand\":\"Actueel\""),
        "a source that is paused says so, another does not");
    asked_ns = tot;
    CHECK(says(f, 2, "\"Toestand\":\"Actueel\""),
        "at its end it is as before, though nothing was written");
    (void) snprintf(json, sizeof(json), set, "*");
    fixture_put(f, DOSIS_REF_PAUZE, dosis_slice_of(json));
    asked_ns = tot - 1;
    CHECK(says(f, 1, "\"Toestand\":\"Gepauzeerd\""),
        "of the register: each source is");
    asked_ns = before;
}


static void
test_registrations(fixture_t *f)
{
    size_t i;
    static char naam[2 * DOSIS_NAAM_MAX + 1];    /* quotes, escaped */

    CHECK(says(f, 2, "\"Toestand\":\"Actueel\"")
              && says(f, 2, "\"Naam\":\"Bron\""),
        "a source that is on is Actueel");
    register_source(f, 2, "Anders", ",\"Actief\":false");
    CHECK(says(f, 2, "\"Toestand\":\"Uit\"")
              && says(f, 2, "\"Naam\":\"Anders\""),
        "switched off it is Uit, under its new name at once");
    for (i = 0; i < DOSIS_NAAM_MAX; i++) {
        memcpy(naam + 2 * i, "\\\"", 2);
    }
    register_source(f, 3, naam, "");
    CHECK(says(f, 3, naam) && says(f, 3, naam),
        "a name longer than what is kept is shown whole, twice");
}


/* Heard in the second hour; a rhythm of a day. */
static void
test_rhythm(fixture_t *f)
{
    const int64_t heard = FIRST_NS + 2 * HOUR_NS;

    register_source(f, 2, "Bron", ",\"RitmeUren\":24");
    asked_ns = heard + 25 * HOUR_NS - 1;
    CHECK(says(f, 2, "\"Toestand\":\"Actueel\""), "within its rhythm: Actueel");
    asked_ns = heard + 25 * HOUR_NS;
    CHECK(says(f, 2, "\"Toestand\":\"Verouderd\""),
        "not heard within it, and nothing written since: Verouderd");
    CHECK(says(f, 1, "\"Toestand\":\"Actueel\""),
        "one without a rhythm is never late");
    register_source(f, 2, "Bron", ",\"RitmeUren\":24,\"Actief\":false");
    CHECK(says(f, 2, "\"Toestand\":\"Uit\""), "switched off comes first");
    register_source(f, 2, "Bron", ",\"RitmeUren\":24");
    push_at(f, 2, asked_ns, true);
    CHECK(says(f, 2, "\"Toestand\":\"Actueel\""), "heard again: Actueel");
}


int
main(void)
{
    unsigned i;
    static fixture_t f;

    fixture_begin(&f);
    fixture_kbo(1, kbo);
    for (i = 1; i <= SOURCES; i++) {
        register_source(&f, i, "Bron", "");
    }
    test_hours(&f);
    test_many(&f);
    test_pauses(&f);
    test_registrations(&f);
    test_rhythm(&f);
    fixture_end(&f);
    return tap_done();
}
