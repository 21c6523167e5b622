/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What a source reads of itself: bounded work per page, cursors of its own,
 * and the last result of a dossier against a plain model of what came in.
 */

#include "../lib/store_fixture.h"
#include "../lib/tap.h"
#include "store/dosis_source.h"
#include "store/store_txn.h"

#define OTHER_BRON "urn://proef/ander"
#define BODY_MAX   ((size_t) 8 << 20)
#define CURSOR_MAX 512
#define MANY       5200
#define MODEL      7
#define STEPS      600


static dosis_delivery_t
push(fixture_t *f, const char *bron, const char *nummer, const char *rest)
{
    char json[1024];

    (void) snprintf(json, sizeof(json),
        "{\"Identificatie\":{\"Bron\":\"%s\",\"DossierNummer\":\"%s\"},"
        "\"Status\":{\"VlaamsFase\":\"Behandeling\",\"VlaamsCode\":"
        "\"InBehandeling\"},\"Agenten\":[{\"Identificatie\":\"V0001001\","
        "\"Toegangsrechten\":[{\"Code\":\"Lezer\"}]}]%s}",
        bron, nummer, rest);
    return fixture_push(f, json);
}


/* --- pages --------------------------------------------------------------- */

typedef struct {
    const char *bron;
    const char *client;
    dosis_slice_t after;
    uint32_t limit;
    int64_t now_ns;
} ask_t;

/* Rows of the page, or the negative code; cursor gets Volgende, or "". */
static int
page_of(fixture_t *f, const ask_t *ask, char cursor[CURSOR_MAX])
{
    int rows = 0;
    dosis_rc_t rc;
    dosis_buf_t body;
    dosis_json_t *root;
    dosis_slice_t next;
    dosis_source_page_t page = { .client = dosis_slice_of(ask->client),
        .after = ask->after, .limit = ask->limit, .now_ns = ask->now_ns };

    dosis_buf_init(&body, BODY_MAX);
    fixture_must(dosis_reader_begin(f->reader), "begin");
    page.bron =
        dosis_ref_bron(dosis_reader_ref(f->reader), dosis_slice_of(ask->bron));
    rc = dosis_source_dossiers(f->reader, &page, &body);
    dosis_reader_end(f->reader);
    if (rc == DOSIS_OK) {
        fixture_must(dosis_json_parse(dosis_buf_slice(&body), &root, NULL),
            "json");
        rows = (int) dosis_json_count(dosis_json_get(root, "Dossiers"));
        next = dosis_json_string(dosis_json_get(root, "Volgende"));
        (void) snprintf(cursor, CURSOR_MAX, "%.*s", (int) next.len,
            next.len > 0 ? next.data : "");
        dosis_json_free(root);
    }
    dosis_buf_done(&body);
    return rc == DOSIS_OK ? rows : (int) rc;
}


static void
test_cursor(fixture_t *f)
{
    char cursor[CURSOR_MAX], unused[CURSOR_MAX];
    ask_t ask = { FIXTURE_BRON, "proef", { NULL, 0 }, 2, FIXTURE_NOW };

    (void) push(f, FIXTURE_BRON, "a", ",\"Naam\":\"A\",\"WijzigingsDatum\":"
                                      "\"2026-01-01\"");
    (void) push(f, FIXTURE_BRON, "b", ",\"Naam\":\"B\",\"WijzigingsDatum\":"
                                      "\"2026-01-01\"");
    (void) push(f, FIXTURE_BRON, "c", ",\"Naam\":\"C\",\"WijzigingsDatum\":"
                                      "\"2026-01-01\"");
    CHECK(page_of(f, &ask, cursor) == 2 && cursor[0] != '\0',
        "a page is as long as asked and says that more follows");
    ask.after = dosis_slice_of(cursor);
    CHECK(page_of(f, &ask, unused) == 1 && unused[0] == '\0',
        "the next one ends the list");
    ask.now_ns += 86400 * DOSIS_NS_PER_S;
    CHECK(page_of(f, &ask, unused) == 1, "a cursor lives a day");
    ask.now_ns += DOSIS_NS_PER_S;
    CHECK(page_of(f, &ask, unused) == (int) DOSIS_EEXPIRED,
        "and not longer");
    ask.now_ns = FIXTURE_NOW;
    ask.client = "ander";
    CHECK(page_of(f, &ask, unused) == (int) DOSIS_EINPUT,
        "it is of one client");
    ask.client = "proef";
    ask.bron = OTHER_BRON;
    CHECK(page_of(f, &ask, unused) == (int) DOSIS_EINPUT, "of one source");
    ask.after = dosis_slice(NULL, 0);
    CHECK(page_of(f, &ask, unused) == 0 && unused[0] == '\0',
        "another source has none of these");
}


/* Withdrawn ones are looked at and left out: work is bounded by looking. */
static void
test_bounded(fixture_t *f)
{
    char cursor[CURSOR_MAX] = "", nummer[32];
    int rows, total = 0, pages = 0;
    unsigned n;
    dosis_txn_t *txn;
    dosis_delivery_t d;
    ask_t ask = { OTHER_BRON, "proef", { NULL, 0 }, 500, FIXTURE_NOW };

    fixture_must(dosis_txn_begin(f->writer, FIXTURE_NOW, &txn), "begin");
    for (n = 0; n < MANY; n++) {
        char json[512];
        bool live = n % 1000 == 0;

        (void) snprintf(nummer, sizeof(nummer), "m%u", n);
        (void) snprintf(json, sizeof(json),
            "{\"Identificatie\":{\"Bron\":\"" OTHER_BRON "\","
            "\"DossierNummer\":\"%s\"},\"Naam\":\"M\",\"TypeDossierCode\":"
            "\"DossierVerwijzing\",\"Agenten\":[{\"Identificatie\":"
            "\"V0001002\"}]}", nummer);
        d = fixture_delivery(f, json);
        dosis_deliver(txn, &d);
        if (!live) {
            d.withdraw = true;
            dosis_deliver(txn, &d);
        }
    }
    fixture_must(dosis_txn_commit(txn), "commit");

    do {
        ask.after = dosis_slice_of(cursor);
        rows = page_of(f, &ask, cursor);
        total += rows;
        pages++;
    } while (rows >= 0 && cursor[0] != '\0' && pages < 100);
    CHECK(total == 6, "what was not withdrawn is found");
    CHECK(pages == 2, "over two pages: one looks at 5,000 at most");
}


/* --- the last result ----------------------------------------------------- */

static bool
last_is(fixture_t *f, const char *nummer, const char *upload)
{
    bool same;
    dosis_rc_t rc;
    dosis_buf_t body;
    dosis_json_t *root = NULL;
    const dosis_bron_t *bron;

    dosis_buf_init(&body, BODY_MAX);
    fixture_must(dosis_reader_begin(f->reader), "begin");
    bron = dosis_ref_bron(dosis_reader_ref(f->reader),
        DOSIS_SLICE(FIXTURE_BRON));
    rc = dosis_result_of_dossier(f->reader, bron, dosis_slice_of(nummer),
        &body);
    dosis_reader_end(f->reader);
    if (rc == DOSIS_OK) {
        fixture_must(dosis_json_parse(dosis_buf_slice(&body), &root, NULL),
            "json");
    }
    same = upload[0] == '\0'
        ? rc == DOSIS_ENOTFOUND
        : rc == DOSIS_OK
              && dosis_slice_eq(
                     dosis_json_string(dosis_json_get(root, "UploadId")),
                     dosis_slice_of(upload));
    dosis_json_free(root);
    dosis_buf_done(&body);
    return same;
}


static unsigned
next_random(unsigned *state)
{
    *state = *state * 1103515245u + 12345u;
    return *state >> 16;
}


/*
 * One of: new content, the same content, an older one, a refusal, a
 * withdrawal; the model keeps only which came last.
 */
static void
model_step(fixture_t *f, unsigned *state, unsigned step,
    char last[MODEL][64])
{
    char rest[256], nummer[32], date[32];
    unsigned at = next_random(state) % MODEL;
    unsigned what = next_random(state) % 6;
    dosis_delivery_t d;

    (void) snprintf(nummer, sizeof(nummer), "model-%u", at);
    (void) snprintf(date, sizeof(date), "20%02u-01-01",
        what == 2 ? 10 : 20 + step * 6 / STEPS);
    (void) snprintf(rest, sizeof(rest),
        ",\"UploadId\":\"00000000-0000-4000-8000-%012u\",\"Naam\":%s,"
        "\"WijzigingsDatum\":\"%s\"", step,
        what == 3 ? "3" : what == 0 ? "\"een\"" : "\"twee\"", date);
    if (what == 5) {
        d = fixture_withdraw(f, nummer, 0);
        if (d.resultaat != DOSIS_ONBEKEND) {
            last[at][0] = '?';    /* it has no UploadId here */
        }
        return;
    }
    d = push(f, FIXTURE_BRON, nummer, rest);
    (void) snprintf(last[at], sizeof(last[at]), "%.*s",
        (int) d.dossier.upload_id.len, d.dossier.upload_id.data);
}


static void
test_model(fixture_t *f)
{
    char last[MODEL][64] = { { 0 } }, nummer[32];
    unsigned step, at, wrong = 0, state = 7;

    for (step = 0; step < STEPS; step++) {
        model_step(f, &state, step, last);
        for (at = 0; at < MODEL; at++) {
            (void) snprintf(nummer, sizeof(nummer), "model-%u", at);
            wrong += last[at][0] != '?' && !last_is(f, nummer, last[at]);
        }
    }
    CHECK(wrong == 0, "the last result is of what came in last, each time");
}


/* The clock of the host goes back: receipts do not. */
static void
test_clock(fixture_t *f)
{
    unsigned clock = f->clock;
    const char *rest = ",\"Naam\":\"K\",\"WijzigingsDatum\":\"2026-02-0%u\","
                       "\"UploadId\":\"00000000-0000-4000-9000-%012u\"";
    char text[256];

    (void) snprintf(text, sizeof(text), rest, 1u, 1u);
    (void) push(f, FIXTURE_BRON, "klok", text);
    f->clock = 0;
    (void) snprintf(text, sizeof(text), rest, 2u, 2u);
    (void) push(f, FIXTURE_BRON, "klok", text);
    CHECK(last_is(f, "klok", "00000000-0000-4000-9000-000000000002"),
        "an unchanged one is found after the clock went back");
    f->clock = clock + 10;
}


int
main(void)
{
    fixture_t f;
    dosis_verify_t report;

    fixture_begin(&f);
    fixture_put(&f, DOSIS_REF_BRON,
        DOSIS_SLICE("{\"Bron\":\"" OTHER_BRON "\",\"Naam\":\"Ander\"}"));
    test_cursor(&f);
    test_bounded(&f);
    test_model(&f);
    test_clock(&f);
    CHECK(fixture_is_whole(&f, &report), "verify finds nothing");
    fixture_end(&f);
    return tap_done();
}
