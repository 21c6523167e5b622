/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What came in of a dossier, and what it showed at a moment: what a detail
 * said then is what it says now of then, whatever came in later. And rights
 * of now, agents of now, and history that is not kept any more.
 */

#include "../lib/store_fixture.h"
#include "../lib/tap.h"
#include "base/dosis_wire.h"
#include "store/dosis_history.h"
#include "store/store_txn.h"

#define STEPS 120

static char kbo[3][11];
static const dosis_slice_t recht[] = { { "Lezer", 5 } };
static dosis_subject_t subject[3];
static uint64_t seed = 88172645463325252ULL;

/* What the detail said after a step, and when that was. */
typedef struct {
    int64_t at;
    dosis_rc_t rc;
    dosis_buf_t body;
} shown_t;


static unsigned
draw(unsigned below)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (unsigned) (seed % below);
}


static int64_t
clock_of(const fixture_t *f)
{
    return FIXTURE_NOW + (int64_t) f->clock * DOSIS_NS_PER_MS;
}


static dosis_delivery_t
push(fixture_t *f, const char *nummer, const char *datum, const char *naam,
    const char *rest)
{
    char json[2048];
    dosis_delivery_t d;

    (void) snprintf(json, sizeof(json),
        "{\"Identificatie\":{\"Bron\":\"" FIXTURE_BRON "\","
        "\"DossierNummer\":\"%s\"},\"Naam\":\"%s\","
        "\"WijzigingsDatum\":\"%s\",\"Status\":{\"VlaamsFase\":"
        "\"Behandeling\",\"VlaamsCode\":\"InBehandeling\",\"Detail1\":"
        "\"een\",\"Detail2\":\"geheim\"},%s}", nummer, naam, datum, rest);
    d = fixture_push(f, json);
    if (d.rc != DOSIS_OK) {
        printf("Bail out! %s\n", f->problems.item[0].text);
        exit(1);
    }
    return d;
}


/* "Agenten" of the agents with a bit in who. */
static const char *
agents(unsigned who)
{
    unsigned i;
    bool first = true;
    static char text[512];
    dosis_buf_t json;

    dosis_buf_init_fixed(&json, text, sizeof(text) - 1);
    DOSIS_BUF_LIT(&json, "\"Agenten\":[");
    for (i = 0; i < 3; i++) {
        if (who & (1u << i)) {
            dosis_buf_addf(&json, "%s{\"Identificatie\":\"%s\","
                "\"Toegangsrechten\":[{\"Code\":\"Lezer\"}]}",
                first ? "" : ",", kbo[i]);
            first = false;
        }
    }
    dosis_buf_add_byte(&json, ']');
    text[json.len] = '\0';
    return text;
}


static dosis_question_t
question(unsigned who)
{
    return (dosis_question_t) { .subject = &subject[who],
        .subjects = 1,
        .now_ns = FIXTURE_NOW, .limit = DOSIS_PAGE_ROWS_MAX };
}


static dosis_rc_t
detail(fixture_t *f, const dosis_question_t *q, const uint8_t id[16],
    dosis_buf_t *body)
{
    dosis_rc_t rc;
    dosis_answer_t answer;

    dosis_buf_reset(body);
    fixture_must(dosis_reader_begin(f->reader), "reader begin");
    rc = dosis_detail(f->reader, q, id, body, &answer);
    dosis_reader_end(f->reader);
    dosis_buf_add_byte(body, '\0');
    return rc;
}


static dosis_rc_t
detail_at(fixture_t *f, unsigned who, const uint8_t id[16], int64_t at,
    dosis_buf_t *body)
{
    dosis_question_t q = question(who);

    q.has_moment = true;
    q.moment_ns = at;
    return detail(f, &q, id, body);
}


static dosis_rc_t
history(fixture_t *f, const dosis_question_t *q, const uint8_t id[16],
    dosis_buf_t *body)
{
    dosis_rc_t rc;
    dosis_answer_t answer;

    dosis_buf_reset(body);
    fixture_must(dosis_reader_begin(f->reader), "reader begin");
    rc = dosis_history(f->reader, q, id, body, &answer);
    dosis_reader_end(f->reader);
    dosis_buf_add_byte(body, '\0');
    return rc;
}


static unsigned
times(const char *text, const char *what)
{
    unsigned n = 0;

    for (text = strstr(text, what); text != NULL;
         text = strstr(text + 1, what)) {
        n++;
    }
    return n;
}


/* --- the property -------------------------------------------------------- */

static void
step(fixture_t *f, unsigned n)
{
    char datum[32], naam[32];

    if (draw(6) == 0) {
        (void) fixture_withdraw(f, "random",
            draw(2) == 0 ? 0 : FIXTURE_NOW - draw(400) * INT64_C(86400)
                                   * DOSIS_NS_PER_S);
        return;
    }
    (void) snprintf(datum, sizeof(datum), "202%u-%02u-%02u", 4 + draw(3),
        1 + draw(9), 1 + draw(28));
    (void) snprintf(naam, sizeof(naam), "Stap %u", n);
    (void) push(f, "random", datum, naam, agents(1 + 2 * draw(2)));
}


static void
test_random(fixture_t *f)
{
    unsigned i, wrong = 0, hidden = 0;
    static shown_t shown[STEPS];
    dosis_buf_t body;
    dosis_delivery_t d;
    dosis_question_t q = question(0);

    d = push(f, "random", "2024-01-01", "Begin", agents(1));
    for (i = 0; i < STEPS; i++) {
        step(f, i);
        dosis_buf_init(&shown[i].body, 65536);
        shown[i].at = clock_of(f);
        shown[i].rc = detail(f, &q, d.id, &shown[i].body);
        hidden += shown[i].rc == DOSIS_ENOTFOUND;
    }
    d = push(f, "random", "2026-09-20", "Einde", agents(1));
    dosis_buf_init(&body, 65536);
    for (i = 0; i < STEPS; i++) {
        wrong += detail_at(f, 0, d.id, shown[i].at, &body) != shown[i].rc
                 || (shown[i].rc == DOSIS_OK
                     && strcmp(body.data, shown[i].body.data) != 0);
        dosis_buf_done(&shown[i].body);
    }
    CHECK(wrong == 0, "at every moment it shows what it showed then");
    CHECK(hidden > 5 && hidden < STEPS - 20,
        "withdrawn at some of them, and shown at others");
    dosis_buf_done(&body);
}


/* --- one dossier by hand ------------------------------------------------- */

static void
test_entries(fixture_t *f)
{
    int64_t before = clock_of(f);
    dosis_buf_t body;
    dosis_delivery_t d;
    dosis_question_t q = question(0);

    dosis_buf_init(&body, 65536);
    d = push(f, "hand", "2026-02-01", "Eerste", agents(3));
    (void) push(f, "hand", "2026-02-03", "Derde", agents(3));
    (void) push(f, "hand", "2026-02-02", "Tweede", agents(3));
    (void) push(f, "hand", "2026-02-03", "Derde", agents(3));
    (void) fixture_withdraw(f, "hand", 0);
    CHECK(history(f, &q, d.id, &body) == DOSIS_ENOTFOUND,
        "a withdrawn dossier has no history to show");
    CHECK(detail_at(f, 0, d.id, before + DOSIS_NS_PER_MS, &body)
              == DOSIS_ENOTFOUND,
        "nor a past");
    (void) push(f, "hand", "2026-02-05", "Vijfde", agents(1));
    CHECK(history(f, &q, d.id, &body) == DOSIS_OK
              && times(body.data, "\"Ontvangen\"") == 5,
        "an entry for each delivery, but not for an unchanged one");
    CHECK(strstr(body.data, "\"Hersteld\"") < strstr(body.data,
              "\"Ingetrokken\"")
              && strstr(body.data, "\"Ingetrokken\"") < strstr(body.data,
                     "\"Verouderd\"")
              && strstr(body.data, "\"Verouderd\"") < strstr(body.data,
                     "\"Gewijzigd\"")
              && strstr(body.data, "\"Gewijzigd\"") < strstr(body.data,
                     "\"Nieuw\""),
        "the newest receipt first, each with its result");
    CHECK(strstr(body.data, "geheim") == NULL
              && strstr(body.data, kbo[1]) == NULL
              && strstr(body.data, kbo[0]) == NULL,
        "without Detail2, without agents");
    CHECK(strstr(body.data, "\"Volgende\":null,\"Ingekort\":false") != NULL,
        "and it is whole");
    CHECK(detail_at(f, 0, d.id, before, &body) == DOSIS_ENOTFOUND,
        "before it existed there was nothing");
    CHECK(detail_at(f, 0, d.id, before + 3 * DOSIS_NS_PER_MS, &body)
                  == DOSIS_OK
              && strstr(body.data, "Derde") != NULL
              && strstr(body.data, "geheim") == NULL
              && strstr(body.data, kbo[1]) == NULL,
        "an outdated one never showed; nor do other agents of then");
    q = question(1);
    CHECK(history(f, &q, d.id, &body) == DOSIS_ENOTFOUND
              && detail_at(f, 1, d.id, before + DOSIS_NS_PER_MS, &body)
                     == DOSIS_ENOTFOUND,
        "an agent of then that is none now sees nothing of it");
    (void) push(f, "hand", "2026-02-06", "Zesde", agents(5));
    CHECK(detail_at(f, 2, d.id, before + DOSIS_NS_PER_MS, &body) == DOSIS_OK
              && strstr(body.data, "Eerste") != NULL
              && strstr(body.data, "\"Agenten\"") == NULL,
        "an agent of now sees what was before it, without agents");
    dosis_buf_done(&body);
}


static void
test_confidential(fixture_t *f)
{
    int64_t at;
    char rest[512];
    dosis_buf_t body;
    dosis_delivery_t d;
    dosis_question_t q = question(0);

    dosis_buf_init(&body, 65536);
    d = push(f, "vertrouwd", "2026-02-01", "Open", agents(1));
    at = clock_of(f);
    (void) snprintf(rest, sizeof(rest), "\"IsVertrouwelijk\":true,%s",
        agents(1));
    (void) push(f, "vertrouwd", "2026-02-02", "Dicht", rest);
    CHECK(detail_at(f, 0, d.id, at, &body) == DOSIS_ENOTFOUND
              && history(f, &q, d.id, &body) == DOSIS_ENOTFOUND,
        "confidential now: what was open then is closed too");
    subject[0].vertrouwelijk = true;
    CHECK(detail_at(f, 0, d.id, at, &body) == DOSIS_OK
              && history(f, &q, d.id, &body) == DOSIS_OK,
        "with the assurance of now it opens");
    subject[0].vertrouwelijk = false;
    (void) push(f, "vertrouwd", "2026-02-03", "Weer open", agents(1));
    CHECK(history(f, &q, d.id, &body) == DOSIS_OK
              && times(body.data, "\"Ontvangen\"") == 3,
        "and open now: all of it is");
    dosis_buf_done(&body);
}


static void
test_pages(fixture_t *f)
{
    unsigned i, pages = 0, entries = 0;
    char datum[32], naam[32];
    static char after[512];
    const char *next;
    dosis_buf_t body;
    dosis_delivery_t d = { 0 }, other;
    dosis_question_t q = question(0);

    dosis_buf_init(&body, 1 << 20);
    for (i = 0; i < 25; i++) {
        (void) snprintf(datum, sizeof(datum), "2026-03-%02u", 1 + i);
        (void) snprintf(naam, sizeof(naam), "Blad %u", i);
        d = push(f, "pages", datum, naam, agents(1));
    }
    other = push(f, "pages-2", "2026-03-01", "Ander", agents(1));
    q.limit = 10;
    do {
        fixture_must(history(f, &q, d.id, &body), "history");
        entries += times(body.data, "\"Ontvangen\"");
        next = strstr(body.data, "\"Volgende\":\"");
        if (next != NULL) {
            (void) snprintf(after, sizeof(after), "%.*s",
                (int) strcspn(next + 12, "\""), next + 12);
            q.after = dosis_slice_of(after);
        }
        pages++;
    } while (next != NULL && pages < 10);
    CHECK(pages == 3 && entries == 25, "pages of ten show every entry once");
    CHECK(history(f, &q, other.id, &body) == DOSIS_EINPUT,
        "a cursor of another dossier is none");
    q.after = DOSIS_SLICE("AAAA");
    CHECK(history(f, &q, d.id, &body) == DOSIS_EINPUT, "nor is any text");
    dosis_buf_done(&body);
}


/* --- not kept any more --------------------------------------------------- */

/* Everything in `historie` before that sequence, as retention would. */
static void
forget_before(fixture_t *f, uint64_t seq)
{
    char key[8];
    uint64_t i;
    dosis_txn_t *txn;

    fixture_must(dosis_txn_begin(f->writer, FIXTURE_NOW, &txn), "begin");
    for (i = 1; i < seq; i++) {
        dosis_be64(key, i);
        store_txn_del(txn, DB_HISTORIE, dosis_slice(key, sizeof(key)));
    }
    fixture_must(dosis_txn_commit(txn), "commit");
}


static uint64_t
last_entry(fixture_t *f)
{
    uint64_t seq;

    fixture_must(dosis_reader_begin(f->reader), "reader begin");
    fixture_must(store_last_seq(&f->reader->snap, DB_HISTORIE, &seq), "last");
    dosis_reader_end(f->reader);
    return seq;
}


static void
test_trimmed(fixture_t *f)
{
    int64_t first, second;
    dosis_buf_t body;
    dosis_delivery_t d;
    dosis_question_t q = question(0);

    dosis_buf_init(&body, 65536);
    d = push(f, "kort", "2026-04-01", "Eerste", agents(1));
    first = clock_of(f);
    (void) push(f, "kort", "2026-04-02", "Tweede", agents(1));
    second = clock_of(f);
    CHECK(fixture_is_whole(f, &(dosis_verify_t) { 0 }),
        "verify finds nothing so far");
    forget_before(f, last_entry(f));
    CHECK(detail_at(f, 0, d.id, second, &body) == DOSIS_OK
              && strstr(body.data, "Tweede") != NULL,
        "what is kept is shown");
    CHECK(detail_at(f, 0, d.id, first, &body) == DOSIS_EEXPIRED,
        "what was shown and is not kept: expired");
    CHECK(detail_at(f, 0, d.id, first - 1, &body) == DOSIS_EEXPIRED,
        "before that nobody knows any more: expired too");
    CHECK(detail_at(f, 1, d.id, first, &body) == DOSIS_ENOTFOUND,
        "but only to whom may see it now");
    CHECK(history(f, &q, d.id, &body) == DOSIS_OK
              && times(body.data, "\"Ontvangen\"") == 1
              && strstr(body.data, "\"Volgende\":null,\"Ingekort\":true")
                     != NULL,
        "a history says that it was cut short");
    dosis_buf_done(&body);
}


int
main(void)
{
    unsigned i;
    fixture_t f;

    fixture_begin(&f);
    for (i = 0; i < 3; i++) {
        fixture_kbo(80 + i, kbo[i]);
        if (dosis_agent_parse(dosis_slice_of(kbo[i]), DOSIS_STRENG,
                &subject[i].agent)
            != NULL) {
            printf("Bail out! no agent\n");
            return 1;
        }
        subject[i].rechten = recht;
        subject[i].rechten_count = 1;
    }
    test_random(&f);
    test_entries(&f);
    test_confidential(&f);
    test_pages(&f);
    test_trimmed(&f);
    fixture_end(&f);
    return tap_done();
}
