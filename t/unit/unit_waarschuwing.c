/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Warnings of a file: kept up to a ceiling, read back by page, apart from what
 * was refused, and gone when the file is over.
 */

#include "../lib/store_fixture.h"
#include "../lib/tap.h"
#include "domain/dosis_rule.h"
#include "store/dosis_oplading.h"
#include "store/store_txn.h"

#define UUID     "00000000-0000-4000-8000-%012u"
#define BODY_MAX ((size_t) 8 << 20)
#define TTL_NS   (DOSIS_UPLOAD_TTL_S * DOSIS_NS_PER_S)

static int64_t clock_ns = FIXTURE_NOW;
static dosis_buf_t body;


static dosis_txn_t *
begin(fixture_t *f)
{
    dosis_txn_t *txn;

    fixture_must(dosis_txn_begin(f->writer, clock_ns, &txn), "begin");
    return txn;
}


static dosis_oplading_t
put(fixture_t *f, unsigned n)
{
    static char text[8][64];
    bool again;
    char *uuid = text[n % 8];
    dosis_txn_t *txn = begin(f);
    dosis_oplading_t o = { .client = DOSIS_SLICE("proef"),
        .bytes = 100,
        .ontvangen_ns = clock_ns };

    (void) snprintf(uuid, sizeof(text[0]), UUID, n);
    o.upload_id = dosis_slice_of(uuid);
    fixture_must(dosis_oplading_put(txn, &o, &again), "put");
    fixture_must(dosis_txn_commit(txn), "commit");
    return o;
}


static void
end(fixture_t *f, dosis_oplading_t *o)
{
    bool wanted;
    dosis_txn_t *txn = begin(f);

    o->toestand = DOSIS_OPLADING_KLAAR;
    fixture_must(dosis_oplading_note(txn, o, &wanted), "note");
    fixture_must(dosis_txn_commit(txn), "commit");
}


static void
warn(dosis_txn_t *txn, dosis_oplading_t *o, uint64_t lijn, dosis_slice_t nummer)
{
    dosis_err_t err = { 0 };
    dosis_waarschuwing_t w = { .lijn = lijn, .nummer = nummer,
        .warnings = &err };

    dosis_rule_broken(&err, DOSIS_RULE_GEEN_RECHTEN, "Toegangsrechten", NULL);
    err.item[0].line = (uint32_t) lijn + 1;
    dosis_rule_broken(&err, DOSIS_RULE_SLEUTEL_OPNIEUW, "", NULL);
    dosis_oplading_warn(txn, o, &w);
    o->waarschuwingen++;
}


/* The page of warnings behind that cursor. */
static dosis_json_t *
page_of(fixture_t *f, const dosis_oplading_t *o, dosis_slice_t after,
    uint32_t limit, dosis_rc_t *ret_rc)
{
    dosis_json_t *root = NULL;
    dosis_afkeuringen_page_t page = { .after = after, .limit = limit,
        .now_ns = clock_ns };

    dosis_buf_reset(&body);
    fixture_must(dosis_reader_begin(f->reader), "read");
    *ret_rc = dosis_oplading_waarschuwingen(f->reader, o, &page, &body);
    dosis_reader_end(f->reader);
    if (*ret_rc == DOSIS_OK) {
        fixture_must(dosis_json_parse(dosis_buf_slice(&body), &root, NULL),
            "json");
    }
    return root;
}


static size_t
count_of(const dosis_json_t *root, const char *name)
{
    return dosis_json_count(dosis_json_get(root, name));
}


static bool
says(const dosis_json_t *object, const char *name, const char *text)
{
    return dosis_slice_eq(dosis_json_string(dosis_json_get(object, name)),
        dosis_slice_of(text));
}


static bool
counts(const dosis_json_t *root, int64_t total, int64_t kept)
{
    return dosis_json_int(dosis_json_get(root, "Totaal")) == total
        && dosis_json_int(dosis_json_get(root, "Bewaard")) == kept;
}


/* Of refused rows, in body. */
static dosis_rc_t
refused(fixture_t *f, const dosis_oplading_t *o, dosis_slice_t after)
{
    dosis_afkeuringen_page_t page = { .after = after, .limit = 3,
        .now_ns = clock_ns };
    dosis_rc_t rc;

    dosis_buf_reset(&body);
    fixture_must(dosis_reader_begin(f->reader), "read");
    rc = dosis_oplading_fouten(f->reader, o, &page, &body);
    dosis_reader_end(f->reader);
    return rc;
}


static void
one_page(fixture_t *f, const dosis_oplading_t *o)
{
    dosis_rc_t rc;
    dosis_json_t *root = page_of(f, o, dosis_slice(NULL, 0), 500, &rc);
    const dosis_json_t *first, *said,
        *all = dosis_json_get(root, "Waarschuwingen");

    first = dosis_json_at(all, 0);
    said = dosis_json_at(dosis_json_get(first, "Waarschuwingen"), 0);
    CHECK(dosis_json_count(all) == 4 && counts(root, 4, 4)
            && dosis_json_string(dosis_json_get(root, "Volgende")).len == 0,
        "dossiers with a warning are one page, of this file alone");
    CHECK(dosis_json_int(dosis_json_get(first, "LijnNummer")) == 10
            && says(first, "DossierNummer", "d1")
            && count_of(first, "Waarschuwingen") == 2
            && says(said, "Code", "GeenRechten")
            && says(said, "Veld", "Toegangsrechten")
            && strncmp(dosis_json_string(
                           dosis_json_get(said, "Omschrijving")).data,
                   "(lijn 11) ", 10) == 0,
        "by line, with dossier, code, column and text");
    CHECK(dosis_json_string(
              dosis_json_get(dosis_json_at(all, 2), "DossierNummer")).len == 0
            && dosis_json_string(
                   dosis_json_get(dosis_json_at(all, 3), "DossierNummer")).len
                == 0,
        "a number that is too long, or no text, is not told");
    dosis_json_free(root);
}


static void
warnings(fixture_t *f)
{
    char cursor[256];
    static char too_long[DOSIS_NUMMER_MAX + 1];
    dosis_rc_t rc;
    dosis_json_t *root;
    dosis_slice_t next;
    dosis_oplading_t o = put(f, 1), other = put(f, 2);
    dosis_txn_t *txn = begin(f);

    memset(too_long, 'n', sizeof(too_long));
    warn(txn, &o, 20, DOSIS_SLICE("d2"));
    warn(txn, &o, 10, DOSIS_SLICE("d1"));
    warn(txn, &o, 40, DOSIS_SLICE("\xE9"));
    warn(txn, &o, 30, dosis_slice(too_long, sizeof(too_long)));
    warn(txn, &o, 10, DOSIS_SLICE("d1"));
    o.waarschuwingen--;
    warn(txn, &other, 7, DOSIS_SLICE("ander"));
    fixture_must(dosis_txn_commit(txn), "commit");
    one_page(f, &o);
    root = page_of(f, &o, dosis_slice(NULL, 0), 3, &rc);
    next = dosis_json_string(dosis_json_get(root, "Volgende"));
    (void) snprintf(cursor, sizeof(cursor), "%.*s", (int) next.len, next.data);
    CHECK(count_of(root, "Waarschuwingen") == 3 && next.len > 0,
        "as many as asked for, and a cursor");
    dosis_json_free(root);
    root = page_of(f, &o, dosis_slice_of(cursor), 3, &rc);
    CHECK(count_of(root, "Waarschuwingen") == 1, "the rest behind it");
    dosis_json_free(root);
    CHECK(page_of(f, &other, dosis_slice_of(cursor), 3, &rc) == NULL
            && rc == DOSIS_EINPUT
            && refused(f, &o, dosis_slice_of(cursor)) == DOSIS_EINPUT,
        "it is of one file, and of no refused rows");
    CHECK(refused(f, &o, dosis_slice(NULL, 0)) == DOSIS_OK
            && dosis_slice_eq(dosis_buf_slice(&body),
                DOSIS_SLICE("{\"Fouten\":[],\"Ontbrekend\":[],\"Totaal\":0,"
                            "\"Bewaard\":0,\"Volgende\":null}")),
        "a warning refuses nothing");
    clock_ns += (DOSIS_CURSOR_TTL_S + 1) * DOSIS_NS_PER_S;
    CHECK(page_of(f, &o, dosis_slice_of(cursor), 3, &rc) == NULL
            && rc == DOSIS_EEXPIRED,
        "and of a day");
    end(f, &o);
    end(f, &other);
}


/* As many bytes as one can have. */
static void
warn_at_length(dosis_txn_t *txn, dosis_oplading_t *o, uint64_t lijn)
{
    static char field[DOSIS_ERR_FIELD_MAX + 1], text[DOSIS_ERR_TEXT_MAX + 1];
    dosis_err_t err = { 0 };
    unsigned i;
    dosis_waarschuwing_t w = { .lijn = lijn, .warnings = &err };

    memset(field, 'v', DOSIS_ERR_FIELD_MAX);
    memset(text, 't', DOSIS_ERR_TEXT_MAX);
    for (i = 0; i < DOSIS_ERR_MAX; i++) {
        dosis_err_add(&err, "SleutelOpnieuw", field, "%s", text);
    }
    dosis_oplading_warn(txn, o, &w);
    o->waarschuwingen++;
}


static void
warnings_have_an_end(fixture_t *f)
{
    unsigned i;
    dosis_rc_t rc;
    dosis_json_t *root;
    dosis_oplading_t many = put(f, 3), large = put(f, 4);
    dosis_txn_t *txn = begin(f);
    int64_t kept;

    for (i = 2; i < DOSIS_WAARSCHUWINGEN_MAX + 7; i++) {
        warn(txn, &many, i, DOSIS_SLICE("d"));
        warn_at_length(txn, &large, i);
    }
    fixture_must(dosis_txn_commit(txn), "commit");
    root = page_of(f, &many, dosis_slice(NULL, 0), 1, &rc);
    CHECK(counts(root, DOSIS_WAARSCHUWINGEN_MAX + 5, DOSIS_WAARSCHUWINGEN_MAX),
        "of so many dossiers they are kept, the rest is counted");
    dosis_json_free(root);
    root = page_of(f, &large, dosis_slice(NULL, 0), 1, &rc);
    kept = dosis_json_int(dosis_json_get(root, "Bewaard"));
    CHECK(kept > 500 && kept < 700
            && counts(root, DOSIS_WAARSCHUWINGEN_MAX + 5, kept),
        "and of no more than 4 MiB");
    dosis_json_free(root);
    end(f, &many);
    end(f, &large);
}


/* --- over ---------------------------------------------------------------- */

static bool
sweep(fixture_t *f)
{
    bool stale;
    dosis_txn_t *txn;

    fixture_must(dosis_reader_begin(f->reader), "read");
    stale = dosis_oplading_stale(f->reader, clock_ns);
    dosis_reader_end(f->reader);
    if (stale) {
        txn = begin(f);
        dosis_oplading_sweep(txn);
        fixture_must(dosis_txn_commit(txn), "commit");
    }
    return stale;
}


static size_t
entries(fixture_t *f)
{
    size_t n = 0;
    dosis_rc_t rc;
    store_cursor_t c;

    fixture_must(dosis_reader_begin(f->reader), "read");
    fixture_must(
        store_cursor_open(&f->reader->snap, DB_AFKEURING, &c), "cursor");
    for (rc = store_cursor_seek(&c, dosis_slice(NULL, 0)); rc == DOSIS_OK;
         rc = store_cursor_next(&c)) {
        n++;
    }
    store_cursor_close(&c);
    dosis_reader_end(f->reader);
    return n;
}


static void
is_over(fixture_t *f)
{
    unsigned turns = 0, broken = 0;
    dosis_verify_t report;

    CHECK(entries(f) > DOSIS_WAARSCHUWINGEN_MAX && !sweep(f),
        "they stay with their file");
    clock_ns += TTL_NS;
    while (sweep(f) && turns < 100) {
        turns++;
        broken += !fixture_is_whole(f, &report);
    }
    CHECK(turns > 6 && broken == 0 && entries(f) == 0,
        "and go with it, bit by bit, and it stays whole");
}


int
main(void)
{
    fixture_t f;
    dosis_verify_t report;

    fixture_begin(&f);
    dosis_buf_init(&body, BODY_MAX);
    warnings(&f);
    warnings_have_an_end(&f);
    CHECK(fixture_is_whole(&f, &report), "the store is whole");
    is_over(&f);
    dosis_buf_done(&body);
    fixture_end(&f);
    return tap_done();
}
