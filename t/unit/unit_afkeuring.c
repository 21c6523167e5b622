/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Refused rows of a file: kept up to a ceiling, read back by page and as a
 * CSV file, listed in the result of the file, and gone when it is over.
 */

#include "../lib/store_fixture.h"
#include "../lib/tap.h"
#include "domain/dosis_rule.h"
#include "store/dosis_oplading.h"
#include "store/dosis_source.h"
#include "store/store_txn.h"

#define UUID     "00000000-0000-4000-8000-%012u"
#define BODY_MAX ((size_t) 8 << 20)
#define BOM      "\xEF\xBB\xBF"
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
        .bestand = DOSIS_SLICE("een \"lijst\".csv"),
        .bytes = 100,
        .ontvangen_ns = clock_ns };

    (void) snprintf(uuid, sizeof(text[0]), UUID, n);
    o.upload_id = dosis_slice_of(uuid);
    fixture_must(dosis_oplading_put(txn, &o, &again), "put");
    fixture_must(dosis_txn_commit(txn), "commit");
    return o;
}


static void
end(fixture_t *f, dosis_oplading_t *o, dosis_toestand_t toestand)
{
    bool wanted;
    dosis_txn_t *txn = begin(f);

    o->toestand = toestand;
    fixture_must(dosis_oplading_note(txn, o, &wanted), "note");
    fixture_must(dosis_txn_commit(txn), "commit");
}


static dosis_err_t
problems_of(uint32_t line)
{
    dosis_err_t err = { 0 };

    dosis_rule_broken(&err, DOSIS_RULE_VELD_ONTBREEKT, "Naam", NULL);
    err.item[0].line = line;
    return err;
}


static void
refuse(fixture_t *f, dosis_oplading_t *o, uint64_t lijn, dosis_slice_t tekst)
{
    dosis_txn_t *txn = begin(f);
    dosis_err_t err = problems_of((uint32_t) lijn);
    dosis_afkeuring_t a = { .lijn = lijn, .tekst = tekst, .problems = &err };

    dosis_oplading_refuse(txn, o, &a);
    fixture_must(dosis_txn_commit(txn), "commit");
    o->fouten++;
}


/* --- pages --------------------------------------------------------------- */

/* The page behind that cursor, parsed; NULL: rc is not DOSIS_OK. */
static dosis_json_t *
page_of(fixture_t *f, const dosis_oplading_t *o, dosis_slice_t after,
    uint32_t limit, dosis_rc_t *ret_rc)
{
    dosis_json_t *root = NULL;
    dosis_afkeuringen_page_t page = { .after = after, .limit = limit,
        .now_ns = clock_ns };

    dosis_buf_reset(&body);
    fixture_must(dosis_reader_begin(f->reader), "read");
    *ret_rc = dosis_oplading_fouten(f->reader, o, &page, &body);
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


/* Of seven rows and three dossiers. */
static void
not_of_another_source(fixture_t *f, dosis_oplading_t o)
{
    dosis_rc_t rc;
    dosis_json_t *root;

    o.bron = DOSIS_SLICE("urn:die/men/niet/meer/levert");
    root = page_of(f, &o, dosis_slice(NULL, 0), 500, &rc);
    CHECK(count_of(root, "Fouten") == 7 && count_of(root, "Ontbrekend") == 0
            && dosis_json_string(dosis_json_get(root, "Volgende")).len == 0,
        "but not to who may deliver for that source no more");
    dosis_json_free(root);
}


static void
pages(fixture_t *f)
{
    unsigned i, rows = 0, missing = 0, turns = 0;
    char nummer[16], cursor[256] = "";
    dosis_rc_t rc;
    dosis_json_t *root;
    const dosis_json_t *row, *fout;
    dosis_oplading_t o = put(f, 1), other = put(f, 2);
    dosis_txn_t *txn;
    size_t len;

    fixture_put(f, DOSIS_REF_CLIENT,
        DOSIS_SLICE("{\"Client\":\"proef\",\"Naam\":\"Proef\",\"Actief\":true,"
                    "\"Bronnen\":[\"" FIXTURE_BRON "\"]}"));
    o.bron = DOSIS_SLICE(FIXTURE_BRON);
    refuse(f, &other, 9, DOSIS_SLICE("een ander"));
    for (i = 7; i > 0; i--) {
        refuse(f, &o, 10 * i, DOSIS_SLICE("a;\"b\";c"));
    }
    refuse(f, &o, 10, DOSIS_SLICE("nog eens"));
    o.fouten--;
    txn = begin(f);
    for (i = 0; i < 3; i++) {
        (void) snprintf(nummer, sizeof(nummer), "m%u", i);
        dosis_oplading_missing(txn, &o, dosis_slice_of(nummer));
    }
    fixture_must(dosis_txn_commit(txn), "commit");
    root = page_of(f, &o, dosis_slice(NULL, 0), 500, &rc);
    row = dosis_json_at(dosis_json_get(root, "Fouten"), 1);
    fout = dosis_json_at(dosis_json_get(row, "Fouten"), 0);
    CHECK(count_of(root, "Fouten") == 7 && count_of(root, "Ontbrekend") == 3
            && dosis_json_int(dosis_json_get(root, "Totaal")) == 7
            && dosis_json_int(dosis_json_get(root, "Bewaard")) == 7
            && dosis_json_string(dosis_json_get(root, "Volgende")).len == 0,
        "all of it is one page, of this file alone; a line stands once");
    CHECK(dosis_json_int(dosis_json_get(row, "LijnNummer")) == 20
            && says(row, "Rij", "a;\"b\";c") && count_of(row, "Fouten") == 1
            && says(fout, "Code", "VeldOntbreekt")
            && says(fout, "Veld", "Naam"),
        "by line, as it stood there, with what is wrong");
    CHECK(says(dosis_json_at(dosis_json_get(root, "Ontbrekend"), 2),
              "DossierNummer", "m2"),
        "with what the file lacks");
    dosis_json_free(root);
    not_of_another_source(f, o);
    do {
        root = page_of(f, &o, dosis_slice_of(cursor), 4, &rc);
        rows += (unsigned) count_of(root, "Fouten");
        missing += (unsigned) count_of(root, "Ontbrekend");
        turns++;
        len = dosis_json_string(dosis_json_get(root, "Volgende")).len;
        if (len > 0) {
            memcpy(cursor,
                dosis_json_string(dosis_json_get(root, "Volgende")).data, len);
            cursor[len] = '\0';
        }
        dosis_json_free(root);
    } while (len > 0 && turns < 9);
    CHECK(rows == 7 && missing == 3 && turns == 3,
        "page by page it is the same, none twice");
    CHECK(page_of(f, &other, dosis_slice_of(cursor), 4, &rc) == NULL
            && rc == DOSIS_EINPUT,
        "a cursor is of one file");
    clock_ns += (DOSIS_CURSOR_TTL_S + 1) * DOSIS_NS_PER_S;
    CHECK(page_of(f, &o, dosis_slice_of(cursor), 4, &rc) == NULL
            && rc == DOSIS_EEXPIRED,
        "and of a day");
}


/* --- as CSV -------------------------------------------------------------- */

static void
csv(fixture_t *f, const dosis_oplading_t *o, unsigned *ret_pieces)
{
    dosis_afkeuringen_csv_t piece = { 0 };

    dosis_buf_reset(&body);
    *ret_pieces = 0;
    while (!piece.done && *ret_pieces < 100) {
        fixture_must(dosis_reader_begin(f->reader), "read");
        fixture_must(
            dosis_oplading_fouten_csv(f->reader, o, &piece, &body), "csv");
        dosis_reader_end(f->reader);
        (*ret_pieces)++;
    }
}


static void
set_kop(fixture_t *f, const dosis_oplading_t *o, const char *kop)
{
    dosis_txn_t *txn = begin(f);

    dosis_oplading_kop(txn, o, dosis_slice_of(kop));
    fixture_must(dosis_txn_commit(txn), "commit");
}


static bool
body_is(const char *text)
{
    bool is = dosis_slice_eq(dosis_buf_slice(&body), dosis_slice_of(text));

    if (!is) {
        printf("# %.*s\n", (int) body.len, body.data);
    }
    return is;
}


static void
as_csv(fixture_t *f)
{
    static char long_row[60000];
    unsigned i, pieces;
    dosis_oplading_t o = put(f, 3);

    set_kop(f, &o, "Bron,DossierNummer,Naam");
    refuse(f, &o, 2, DOSIS_SLICE("urn:a,\"1\"\"2\","));
    refuse(f, &o, 3, DOSIS_SLICE("urn:a,\"open"));
    refuse(f, &o, 4, DOSIS_SLICE("=urn:a,@caf\xE9"));
    csv(f, &o, &pieces);
    CHECK(body_is(BOM "Fout,Bron,DossierNummer,Naam\r\n"
                      "\"lijn 2: Naam: Dit veld is verplicht.\","
                      "urn:a,\"1\"\"2\",\r\n"
                      "\"lijn 3: Naam: Dit veld is verplicht.\","
                      "\"urn:a,\"\"open\"\r\n"
                      "\"lijn 4: Naam: Dit veld is verplicht.\","
                      "=urn:a,@caf\xC3\xA9\r\n"),
        "as CSV: Fout first, then the row as it came, formulas too; what is no"
        " row is one cell");
    set_kop(f, &o, "Naam;Fout;Bron");
    o.nummer = put(f, 4).nummer;
    set_kop(f, &o, BOM "Naam;fout;Bron\r\n");
    refuse(f, &o, 2, DOSIS_SLICE("x;lijn 9: oud;\"y;z\""));
    csv(f, &o, &pieces);
    CHECK(body_is(BOM "Fout;\"Naam\";\"Bron\"\r\n"
                      "\"lijn 2: Naam: Dit veld is verplicht.\";"
                      "\"x\";\"y;z\"\r\n"),
        "the column Fout of a report that was sent again is not repeated");
    memset(long_row, 'x', sizeof(long_row));
    for (i = 3; i < 15; i++) {
        refuse(f, &o, i, dosis_slice(long_row, sizeof(long_row)));
    }
    csv(f, &o, &pieces);
    CHECK(pieces == 3 && body.len > 600000,
        "a long report comes in pieces");
}


static dosis_json_t *
result_of(fixture_t *f, dosis_slice_t client, dosis_slice_t upload,
    dosis_rc_t *ret_rc)
{
    dosis_json_t *root = NULL;

    dosis_buf_reset(&body);
    fixture_must(dosis_reader_begin(f->reader), "read");
    *ret_rc = dosis_result_of_upload(
        f->reader, client, upload, clock_ns, &body);
    dosis_reader_end(f->reader);
    if (*ret_rc == DOSIS_OK) {
        fixture_must(dosis_json_parse(dosis_buf_slice(&body), &root, NULL),
            "json");
    }
    return root;
}


/* Two rows of one dossier: what is wrong stands in the second. */
static void
of_one_dossier(fixture_t *f)
{
    unsigned i, pieces;
    dosis_rc_t rc;
    dosis_json_t *root;
    const dosis_json_t *fouten;
    dosis_oplading_t o = put(f, 8);
    dosis_err_t err = problems_of(3);
    dosis_afkeuring_t a = { .tekst = DOSIS_SLICE("x"), .problems = &err };
    dosis_txn_t *txn = begin(f);

    for (i = 2; i < 4; i++) {
        a.lijn = i;
        dosis_oplading_refuse(txn, &o, &a);
    }
    fixture_must(dosis_txn_commit(txn), "commit");
    csv(f, &o, &pieces);
    CHECK(body_is(BOM "Fout;\"\"\r\n"
                      "\"lijn 2: (lijn 3) Naam: Dit veld is verplicht.\";x\r\n"
                      "\"lijn 3: Naam: Dit veld is verplicht.\";x\r\n"),
        "as CSV each row says in which line of its dossier it is wrong");
    root = page_of(f, &o, dosis_slice(NULL, 0), 500, &rc);
    fouten = dosis_json_get(root, "Fouten");
    CHECK(says(dosis_json_at(dosis_json_get(dosis_json_at(fouten, 0),
                                 "Fouten"), 0),
              "Omschrijving", "(lijn 3) Dit veld is verplicht.")
            && says(dosis_json_at(dosis_json_get(dosis_json_at(fouten, 1),
                                      "Fouten"), 0),
                "Omschrijving", "Dit veld is verplicht."),
        "and so it does in a page");
    dosis_json_free(root);
    end(f, &o, DOSIS_OPLADING_KLAAR);
    root = result_of(f, o.client, o.upload_id, &rc);
    CHECK(count_of(root, "Fouten") == 1
            && dosis_json_int(dosis_json_get(
                   dosis_json_at(dosis_json_get(root, "Fouten"), 0),
                   "LijnNummer")) == 3,
        "the result of the file tells it once, by its line");
    dosis_json_free(root);
}


/* --- ceilings ------------------------------------------------------------ */

static void
ceilings(fixture_t *f)
{
    unsigned i, odd = 0;
    dosis_rc_t rc;
    dosis_json_t *root;
    dosis_oplading_t o = put(f, 5);
    dosis_err_t err = problems_of(0);
    dosis_afkeuring_t a = { .tekst = DOSIS_SLICE("rij"), .problems = &err };
    dosis_txn_t *txn = begin(f);

    for (i = 0; i < DOSIS_AFKEURINGEN_MAX + 5; i++) {
        a.lijn = i + 2;
        odd += i == DOSIS_AFKEURINGEN_MAX - 1
            && (dosis_oplading_has_room(txn, &o, 2, 6)
                || !dosis_oplading_has_room(txn, &o, 1, 6)
                || dosis_oplading_has_room(
                    txn, &o, 1, DOSIS_AFKEURINGEN_BYTES));
        dosis_oplading_refuse(txn, &o, &a);
        dosis_oplading_missing(txn, &o, DOSIS_SLICE("m"));
        o.fouten++;
    }
    fixture_must(dosis_txn_commit(txn), "commit");
    CHECK(odd == 0, "rows of one dossier have room together, or none has");
    root = page_of(f, &o, dosis_slice(NULL, 0), 1, &rc);
    CHECK(dosis_json_int(dosis_json_get(root, "Bewaard"))
                == DOSIS_AFKEURINGEN_MAX
            && dosis_json_int(dosis_json_get(root, "Totaal"))
                == DOSIS_AFKEURINGEN_MAX + 5,
        "so many rows are kept, the rest is counted");
    dosis_json_free(root);
    end(f, &o, DOSIS_OPLADING_KLAAR);
}


/* --- results ------------------------------------------------------------- */

static void
result_of_file(fixture_t *f)
{
    dosis_rc_t rc;
    dosis_json_t *root;
    const dosis_json_t *fout;
    dosis_oplading_t o = put(f, 6);

    CHECK(result_of(f, o.client, o.upload_id, &rc) == NULL
            && rc == DOSIS_ENOTFOUND,
        "a file that waits has no result yet");
    end(f, &o, DOSIS_OPLADING_BEZIG);
    refuse(f, &o, 12, DOSIS_SLICE("rij"));
    CHECK(result_of(f, o.client, o.upload_id, &rc) == NULL
            && rc == DOSIS_ENOTFOUND,
        "nor has one that runs");
    end(f, &o, DOSIS_OPLADING_KLAAR);
    root = result_of(f, o.client, o.upload_id, &rc);
    fout = dosis_json_at(dosis_json_get(root, "Fouten"), 0);
    CHECK(rc == DOSIS_OK && says(root, "Bestand", "een \"lijst\".csv")
            && !dosis_json_bool(dosis_json_get(root, "Succes"))
            && count_of(root, "Fouten") == 1
            && dosis_json_int(dosis_json_get(fout, "LijnNummer")) == 12
            && says(fout, "Omschrijving", "Naam: Dit veld is verplicht.")
            && says(root, "Fout", "Geweigerde rijen: 1.")
            && dosis_json_string(dosis_json_get(root, "TijdstipVerwerking"))
                    .len > 0
            && dosis_json_bool(dosis_json_get(root, "VerwerktVoorOpvraging")),
        "ended, it lists its refused rows by line");
    dosis_json_free(root);
    CHECK(result_of(f, DOSIS_SLICE("ander"), o.upload_id, &rc) == NULL
            && rc == DOSIS_ENOTFOUND,
        "to its own client");
    root = result_of(f, o.client,
        DOSIS_SLICE("00000000-0000-4000-8000-000000000005"), &rc);
    CHECK(count_of(root, "Fouten") == DOSIS_BESTAND_FOUTEN,
        "a thousand of them, at most");
    dosis_json_free(root);
    o = put(f, 7);
    end(f, &o, DOSIS_OPLADING_KLAAR);
    root = result_of(f, o.client, o.upload_id, &rc);
    CHECK(rc == DOSIS_OK && dosis_json_bool(dosis_json_get(root, "Succes"))
            && count_of(root, "Fouten") == 0,
        "one without any has succeeded");
    dosis_json_free(root);
}


static const char rij[] =
    "{\"Identificatie\":{\"Bron\":\"" FIXTURE_BRON "\",\"DossierNummer\":"
    "\"%s\"},\"Naam\":\"Een dossier\",\"WijzigingsDatum\":\"2026-03-01\","
    "\"UploadId\":\"" UUID "\","
    "\"Status\":{\"VlaamsFase\":\"Behandeling\",\"VlaamsCode\":"
    "\"InBehandeling\"},\"Agenten\":[%s]}";


static dosis_delivery_t
row(fixture_t *f, const dosis_oplading_t *o, unsigned upload, bool refused)
{
    char json[1024], kbo[11], agent[64], nummer[16];
    dosis_delivery_t d;

    fixture_kbo(1, kbo);
    (void) snprintf(agent, sizeof(agent), "{\"Identificatie\":\"%s\"}", kbo);
    (void) snprintf(nummer, sizeof(nummer), "n%u", upload);
    (void) snprintf(json, sizeof(json), rij, nummer, upload,
        refused ? "" : agent);
    d = fixture_delivery(f, json);
    d.oplading = o->nummer;
    if (refused) {
        f->problems.item[0].line = 77;
    }
    return d;
}


static dosis_json_t *
of_dossier(fixture_t *f, const char *nummer)
{
    dosis_json_t *root;

    dosis_buf_reset(&body);
    fixture_must(dosis_reader_begin(f->reader), "read");
    fixture_must(dosis_result_of_dossier(f->reader,
                     dosis_ref_bron(dosis_reader_ref(f->reader),
                         DOSIS_SLICE(FIXTURE_BRON)),
                     dosis_slice_of(nummer), &body),
        "of_dossier");
    dosis_reader_end(f->reader);
    fixture_must(
        dosis_json_parse(dosis_buf_slice(&body), &root, NULL), "json");
    return root;
}


static void
results_of_rows(fixture_t *f)
{
    bool again;
    dosis_rc_t rc;
    dosis_json_t *root;
    dosis_oplading_t o = put(f, 8), twice;
    dosis_delivery_t d = row(f, &o, 800, false);
    dosis_txn_t *txn;

    d.unasked = true;
    fixture_deliver(f, &d);
    fixture_deliver(f, &d);
    CHECK(d.rc == DOSIS_OK && !d.repeated && d.resultaat == DOSIS_ONGEWIJZIGD
            && result_of(f, d.client, d.dossier.upload_id, &rc) == NULL
            && rc == DOSIS_ENOTFOUND,
        "an UploadId that nobody asked for is no key");
    root = of_dossier(f, "n800");
    CHECK(says(root, "Bestand", "een \"lijst\".csv")
            && dosis_slice_eq(
                dosis_json_string(dosis_json_get(root, "UploadId")),
                d.dossier.upload_id),
        "the result of a row names its file");
    dosis_json_free(root);
    d = row(f, &o, 801, true);
    d.unasked = true;
    fixture_deliver(f, &d);
    root = of_dossier(f, "n801");
    CHECK(d.rc == DOSIS_EINPUT && says(root, "Bestand", "een \"lijst\".csv")
            && dosis_json_int(dosis_json_get(
                   dosis_json_at(dosis_json_get(root, "Fouten"), 0),
                   "LijnNummer")) == 77,
        "that of a refused one its line too");
    dosis_json_free(root);
    d = row(f, &o, 8, false);
    fixture_deliver(f, &d);
    CHECK(d.rc == DOSIS_ECONFLICT, "the UploadId of a file is of no dossier");
    d = row(f, &o, 802, false);
    fixture_deliver(f, &d);
    twice = o;
    twice.upload_id = d.dossier.upload_id;
    txn = begin(f);
    CHECK(d.rc == DOSIS_OK
            && dosis_oplading_put(txn, &twice, &again) == DOSIS_ECONFLICT,
        "nor that of a dossier of a file");
    dosis_txn_abort(txn);
    d = row(f, &o, 803, true);
    fixture_deliver(f, &d);
    twice.upload_id = d.dossier.upload_id;
    txn = begin(f);
    CHECK(d.rc == DOSIS_EINPUT
            && dosis_oplading_put(txn, &twice, &again) == DOSIS_OK && !again,
        "but one that was refused gives it up");
    fixture_must(dosis_txn_commit(txn), "commit");
    end(f, &o, DOSIS_OPLADING_KLAAR);
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
entries(fixture_t *f, store_db_t db)
{
    size_t n = 0;
    dosis_rc_t rc;
    store_cursor_t c;

    fixture_must(dosis_reader_begin(f->reader), "read");
    fixture_must(store_cursor_open(&f->reader->snap, db, &c), "cursor");
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
    unsigned i, turns = 0, broken = 0;
    dosis_json_t *root;
    dosis_verify_t report;
    dosis_oplading_t o;

    CHECK(!sweep(f), "nothing is over yet");
    for (i = 1; i < 5; i++) {
        fixture_must(dosis_reader_begin(f->reader), "read");
        fixture_must(dosis_oplading_next(f->reader, 0, f->arena, &o), "next");
        dosis_reader_end(f->reader);
        end(f, &o, DOSIS_OPLADING_MISLUKT);
    }
    clock_ns += TTL_NS;
    while (sweep(f) && turns < 1000) {
        broken += turns++ % 20 == 3 && !fixture_is_whole(f, &report);
    }
    CHECK(turns > 20000 / 256 && broken == 0,
        "a month after their end they go, bit by bit, and it stays whole");
    CHECK(entries(f, DB_AFKEURING) == 0 && entries(f, DB_OPLADING) == 3,
        "with all their rows; what still waits stays");
    root = of_dossier(f, "n800");
    CHECK(dosis_json_string(dosis_json_get(root, "Bestand")).data == NULL
            || dosis_json_string(dosis_json_get(root, "Bestand")).len == 0,
        "a result names no file that is gone");
    dosis_json_free(root);
}


int
main(void)
{
    fixture_t f;
    dosis_verify_t report;

    fixture_begin(&f);
    dosis_buf_init(&body, BODY_MAX);
    pages(&f);
    as_csv(&f);
    ceilings(&f);
    of_one_dossier(&f);
    result_of_file(&f);
    results_of_rows(&f);
    CHECK(fixture_is_whole(&f, &report), "the store is whole");
    is_over(&f);
    CHECK(fixture_is_whole(&f, &report), "and is so behind them");
    dosis_buf_done(&body);
    fixture_end(&f);
    return tap_done();
}
