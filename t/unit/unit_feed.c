/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The feed: random deliveries, and subjects of every kind that mirror what
 * they may see from it alone, page by page. Whenever one has read to the end,
 * its mirror equals the list; and it never hears of a dossier that it could
 * not see at some moment. Then what a cursor is bound to, and when it ends.
 */

#include "../lib/store_fixture.h"
#include "../lib/tap.h"
#include "base/dosis_text.h"
#include "domain/dosis_identity.h"
#include "store/dosis_feed.h"

#define OPEN     "urn://proef/open"
#define DOSSIERS 90          /* that change */
#define BULK     420         /* more of the big agent */
#define SLOTS    4096        /* power of two */
#define ROUNDS   2200
#define NUMBERS  (DOSSIERS + BULK)

static const char person[] = "85073000754";

/* Who mirrors. agent: an index, 4 is the person; -1 ends. */
static const struct {
    const char *fact;
    struct {
        int agent;
        const char *recht;
    } asks[3];
    bool vertrouwelijk;
    bool narrow_product;
    bool narrow_bron;
} subjects[] = {
    { "a company with a right", { { 0, "Lezer" }, { -1, NULL } }, 0, 0, 0 },
    { "with assurance", { { 1, "Lezer" }, { -1, NULL } }, 1, 0, 0 },
    { "without rights", { { 2, NULL }, { -1, NULL } }, 0, 0, 0 },
    { "a person", { { 4, NULL }, { -1, NULL } }, 0, 0, 0 },
    { "several at once",
        { { 0, "Lezer" }, { 1, "Schrijver" }, { 4, NULL } }, 0, 0, 0 },
    { "a counter of one product", { { 0, "Lezer" }, { -1, NULL } }, 0, 1, 0 },
    { "a counter of one source", { { 1, "Lezer" }, { -1, NULL } }, 0, 0, 1 },
    { "a big agent", { { 3, "Lezer" }, { -1, NULL } }, 0, 0, 0 },
    { "a big and a small one", { { 3, "Lezer" }, { 0, "Schrijver" },
        { -1, NULL } }, 1, 0, 0 },
};

#define SUBJECTS (sizeof(subjects) / sizeof(subjects[0]))

typedef struct {
    char id[DOSIS_ID_TEXT + 1];
    uint32_t versie[SUBJECTS];      /* in its mirror; 0: not there */
    uint32_t listed[SUBJECTS];      /* by the list, just now */
    bool ever[SUBJECTS];            /* it could be seen at some moment */
} slot_t;

typedef struct {
    dosis_subject_t subject[3];
    dosis_slice_t recht[3];
    dosis_client_t loket;
    dosis_slice_t narrowed;
    dosis_question_t q;
    char after[DOSIS_FEED_MARK_MAX];
    unsigned restarts;
    unsigned events;
} mirror_t;

static slot_t slots[SLOTS];
static mirror_t mirrors[SUBJECTS];
static unsigned betrayed, differed, compared;


/* xorshift: repeatable. */
static unsigned
draw(unsigned below)
{
    static uint32_t x = 2463534242u;

    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    return x % below;
}


static slot_t *
slot_of(dosis_slice_t id)
{
    size_t i, at = 0;

    for (i = 8; i < id.len; i++) {
        at = at * 31 + (uint8_t) id.data[i];
    }
    for (at &= SLOTS - 1;; at = (at + 1) & (SLOTS - 1)) {
        if (slots[at].id[0] == '\0') {
            memcpy(slots[at].id, id.data, DOSIS_ID_TEXT);
        }
        if (memcmp(slots[at].id, id.data, DOSIS_ID_TEXT) == 0) {
            return &slots[at];
        }
    }
}


/* --- deliveries ----------------------------------------------------------- */

static size_t
add_agent(char *to, size_t size, int agent, const char *rechten)
{
    char kbo[11];

    fixture_kbo((unsigned) agent, kbo);
    return (size_t) snprintf(to, size,
        "%s{\"Identificatie\":\"%s\",\"Toegangsrechten\":[%s]}",
        to[-1] == '[' ? "" : ",", agent == 4 ? person : kbo, rechten);
}


static const char *
drawn_json(unsigned nummer)
{
    static const char *const rechten[] = { "", "{\"Code\":\"Lezer\"}",
        "{\"Code\":\"Schrijver\"}", "{\"Code\":\"Raadpleger\"}",
        "{\"Code\":\"Lezer\"},{\"Code\":\"Schrijver\"}" };
    static char text[2048];
    bool publiek = draw(4) == 0, some = false;
    int i;
    size_t n;

    n = (size_t) snprintf(text, sizeof(text),
        "{\"Identificatie\":{\"Bron\":\"%s\",\"DossierNummer\":\"f%u\"},"
        "\"Naam\":\"inhoud %u\",\"WijzigingsDatum\":\"2026-0%u-%02u\","
        "\"IsPubliek\":%s,\"IsVertrouwelijk\":%s,"
        "\"Producten\":[{\"Id\":\"%s\"}],\"Status\":{\"VlaamsFase\":"
        "\"Behandeling\",\"VlaamsCode\":\"InBehandeling\"},\"Agenten\":[",
        nummer % 3 == 0 ? OPEN : FIXTURE_BRON, nummer, draw(6),
        1 + draw(8), 1 + draw(28), publiek ? "true" : "false",
        draw(4) == 0 ? "true" : "false", draw(2) ? "1984" : "2001");
    for (i = 0; i < 5; i++) {
        if ((i == 4 && publiek) || (draw(3) == 0 && (some || i < 3))) {
            continue;
        }
        some = true;
        n += add_agent(text + n, sizeof(text) - n, i, rechten[draw(5)]);
    }
    (void) snprintf(text + n, sizeof(text) - n, "]}");
    return text;
}


/* Many in one transaction, so that the one agent becomes big. */
static void
load_bulk(fixture_t *f)
{
    unsigned i;
    dosis_txn_t *txn;
    static dosis_delivery_t d[BULK];

    for (i = 0; i < BULK; i++) {
        static char text[512];
        char kbo[11];

        fixture_kbo(3, kbo);
        (void) snprintf(text, sizeof(text),
            "{\"Identificatie\":{\"Bron\":\"" FIXTURE_BRON "\","
            "\"DossierNummer\":\"b%u\"},\"Naam\":\"%s\",\"WijzigingsDatum\":"
            "\"2026-01-%02u\",\"Status\":{\"VlaamsFase\":\"Behandeling\","
            "\"VlaamsCode\":\"InBehandeling\"},\"Agenten\":[{"
            "\"Identificatie\":\"%s\",\"Toegangsrechten\":[{\"Code\":"
            "\"Lezer\"}]}]}",
            i, "een naam die lang genoeg is om bladzijden te vullen",
            1 + i % 28, kbo);
        d[i] = fixture_delivery(f, text);
    }
    fixture_must(dosis_txn_begin(f->writer, FIXTURE_NOW, &txn), "begin");
    for (i = 0; i < BULK; i++) {
        dosis_deliver(txn, &d[i]);
    }
    fixture_must(dosis_txn_commit(txn), "commit");
}


/* Who sees that dossier as its agent, at this moment. */
static void
note_ever(fixture_t *f, const uint8_t id[16])
{
    unsigned s;
    char text[DOSIS_ID_TEXT + 1];
    dosis_buf_t body;
    dosis_answer_t answer;

    dosis_id_encode(text, id);
    dosis_buf_init(&body, (size_t) 1 << 20);
    fixture_must(dosis_reader_begin(f->reader), "reader begin");
    for (s = 0; s < SUBJECTS; s++) {
        dosis_buf_reset(&body);
        if (dosis_detail(f->reader, &mirrors[s].q, id, &body, &answer)
                == DOSIS_OK
            && memmem(body.data, body.len, "\"Agenten\"", 9) != NULL) {
            slot_of(dosis_slice_of(text))->ever[s] = true;
        }
    }
    dosis_reader_end(f->reader);
    dosis_buf_done(&body);
}


static void
step(fixture_t *f)
{
    char name[16];
    dosis_delivery_t d;
    unsigned nummer = draw(DOSSIERS);

    if (nummer % 3 != 0 && draw(6) == 0) {
        (void) snprintf(name, sizeof(name), "f%u", nummer);
        (void) fixture_withdraw(f, name, 0);
        return;
    }
    d = fixture_push(f, drawn_json(nummer));
    note_ever(f, d.id);
}


/* --- asking --------------------------------------------------------------- */

static void
mirror_init(mirror_t *m, unsigned s)
{
    unsigned i;
    char kbo[11];
    dosis_slice_t id;

    m->q = (dosis_question_t) { .subject = m->subject,
        .binding = DOSIS_SLICE("proef"), .now_ns = FIXTURE_NOW };
    for (i = 0; i < 3 && subjects[s].asks[i].agent >= 0
                && (i == 0 || subjects[s].asks[i].agent != 0
                    || subjects[s].asks[i].recht != NULL);
         i++) {
        fixture_kbo((unsigned) subjects[s].asks[i].agent % 8, kbo);
        id = dosis_slice_of(subjects[s].asks[i].agent == 4 ? person : kbo);
        if (dosis_agent_parse(id, DOSIS_STRENG, &m->subject[i].agent)
            != NULL) {
            printf("Bail out! no agent\n");
            exit(1);
        }
        m->subject[i].vertrouwelijk = subjects[s].vertrouwelijk;
        if (subjects[s].asks[i].recht != NULL) {
            m->recht[i] = dosis_slice_of(subjects[s].asks[i].recht);
            m->subject[i].rechten = &m->recht[i];
            m->subject[i].rechten_count = 1;
        }
    }
    m->q.subjects = i;
    if (subjects[s].narrow_product || subjects[s].narrow_bron) {
        m->narrowed = subjects[s].narrow_product ? DOSIS_SLICE("1984")
                                                 : DOSIS_SLICE(OPEN);
        m->loket.producten = m->loket.loket_bronnen = &m->narrowed;
        m->loket.producten_count = subjects[s].narrow_product;
        m->loket.loket_bronnen_count = subjects[s].narrow_bron;
        m->q.loket = &m->loket;
    }
}


/* What the list door shows of subject s, all pages: into listed. */
static void
list_all(fixture_t *f, unsigned s)
{
    static char after[1024];
    size_t i;
    dosis_buf_t body;
    dosis_answer_t answer;
    dosis_json_t *root;
    const dosis_json_t *row;
    slot_t *slot;
    dosis_question_t q = mirrors[s].q;

    for (i = 0; i < SLOTS; i++) {
        slots[i].listed[s] = 0;
    }
    q.limit = DOSIS_PAGE_ROWS_MAX;
    q.after = dosis_slice(NULL, 0);
    dosis_buf_init(&body, (size_t) 8 << 20);
    do {
        dosis_buf_reset(&body);
        fixture_must(dosis_reader_begin(f->reader), "reader begin");
        fixture_must(dosis_list(f->reader, &q, &body, &answer), "list");
        dosis_reader_end(f->reader);
        fixture_must(dosis_json_parse(dosis_buf_slice(&body), &root, NULL),
            "json");
        for (i = 0; (row = dosis_json_at(dosis_json_get(root, "Dossiers"), i))
                    != NULL;
             i++) {
            slot = slot_of(
                dosis_json_string(dosis_json_get(row, "DossierId")));
            slot->listed[s] =
                (uint32_t) dosis_json_int(dosis_json_get(row, "Versie"));
            slot->ever[s] = true;
        }
        q.after = dosis_json_string(dosis_json_get(root, "Volgende"));
        (void) snprintf(after, sizeof(after), "%.*s", (int) q.after.len,
            q.after.len > 0 ? q.after.data : "");
        q.after = dosis_slice_of(after);
        dosis_json_free(root);
    } while (q.after.len > 0);
    dosis_buf_done(&body);
}


static bool
is_type(dosis_slice_t type, const char *name)
{
    char text[64];

    (void) snprintf(text, sizeof(text), "be.vlaanderen.dosis.dossier.%s.v1",
        name);
    return dosis_slice_eq(type, dosis_slice_of(text));
}


static void
apply(unsigned s, const dosis_json_t *event)
{
    dosis_slice_t type = dosis_json_string(dosis_json_get(event, "type"));
    const dosis_json_t *data = dosis_json_get(event, "data");
    slot_t *slot;

    slot = slot_of(dosis_json_string(dosis_json_get(event, "subject")));
    mirrors[s].events++;
    if (!slot->ever[s]) {
        printf("# subject %u never saw %s\n", s, slot->id);
        betrayed++;
    }
    if (is_type(type, "nieuw") || is_type(type, "gewijzigd")) {
        slot->versie[s] =
            (uint32_t) dosis_json_int(dosis_json_get(data, "Versie"));
        betrayed += dosis_json_get(data, "Naam") == NULL;
        return;
    }
    slot->versie[s] = 0;
    betrayed += !is_type(type, "ingetrokken") && !is_type(type, "verloren");
    betrayed += dosis_json_count(data) != 2;
}


static void
forget(unsigned s)
{
    size_t i;

    for (i = 0; i < SLOTS; i++) {
        slots[i].versie[s] = 0;
    }
    mirrors[s].after[0] = '\0';
}


/* One page of the feed; true when it was the last. */
static bool
poll_once(fixture_t *f, unsigned s, uint32_t limit)
{
    size_t i;
    dosis_rc_t rc;
    dosis_buf_t body;
    dosis_feed_t feed;
    dosis_json_t *root;
    const dosis_json_t *event;
    mirror_t *m = &mirrors[s];

    m->q.limit = limit;
    m->q.after = dosis_slice_of(m->after);
    dosis_buf_init(&body, (size_t) 8 << 20);
    fixture_must(dosis_reader_begin(f->reader), "reader begin");
    rc = dosis_feed(f->reader, &m->q, DOSIS_FEED_JSON, &body, &feed);
    dosis_reader_end(f->reader);
    if (rc == DOSIS_EEXPIRED) {
        m->restarts++;
        forget(s);
        dosis_buf_done(&body);
        return false;
    }
    fixture_must(rc, "feed");
    fixture_must(dosis_json_parse(dosis_buf_slice(&body), &root, NULL),
        "feed json");
    for (i = 0; (event = dosis_json_at(dosis_json_get(root, "Wijzigingen"),
                     i)) != NULL;
         i++) {
        apply(s, event);
    }
    (void) snprintf(m->after, sizeof(m->after), "%s", feed.next);
    dosis_json_free(root);
    dosis_buf_done(&body);
    return !feed.more;
}


static void
compare(fixture_t *f, unsigned s)
{
    size_t i;
    unsigned wrong = 0;

    list_all(f, s);
    for (i = 0; i < SLOTS; i++) {
        wrong += slots[i].versie[s] != slots[i].listed[s];
    }
    differed += wrong > 0;
    compared++;
}


static void
test_mirrors(fixture_t *f)
{
    unsigned i, s, restarts = 0, events = 0;
    dosis_verify_t report;

    for (s = 0; s < SUBJECTS; s++) {
        mirror_init(&mirrors[s], s);
    }
    load_bulk(f);
    list_all(f, 7);
    list_all(f, 8);
    for (i = 1; i <= ROUNDS; i++) {
        step(f);
        s = draw(SUBJECTS);
        if (draw(2) == 0 && poll_once(f, s, 1 + draw(draw(2) ? 40 : 5))) {
            compare(f, s);
        }
        if (i % 300 == 0) {
            dosis_arena_reset(f->arena);
        }
    }
    CHECK(compared > 50 && differed == 0,
        "read to the end, a mirror equals the list");
    CHECK(betrayed == 0, "and no more was told than could be seen once");
    for (s = 0; s < SUBJECTS; s++) {
        while (!poll_once(f, s, 1 + draw(500))) {
        }
        differed = 0;
        compare(f, s);
        CHECK(differed == 0 && mirrors[s].events > 30, subjects[s].fact);
        restarts += mirrors[s].restarts;
        events += mirrors[s].events;
    }
    printf("# %u comparisons, %u events, %u restarts\n", compared, events,
        restarts);
    CHECK(restarts == 0, "and none had to begin anew");
    CHECK(fixture_is_whole(f, &report), "and verify finds nothing");
}


int
main(void)
{
    fixture_t f;

    fixture_begin(&f);
    fixture_put(&f, DOSIS_REF_BRON,
        DOSIS_SLICE("{\"Bron\":\"" OPEN "\",\"Naam\":\"Open\","
                    "\"ZonderRecht\":\"iedereen\"}"));
    test_mirrors(&f);
    fixture_end(&f);
    return tap_done();
}
