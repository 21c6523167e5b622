/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * What a source has, as it was delivered: the very content, each dossier once,
 * however many there are; and the same as rows of a CSV file.
 */

#include "../lib/store_fixture.h"
#include "../lib/tap.h"
#include "domain/dosis_csv_schrijf.h"
#include "store/dosis_export.h"

#define MANY 5200
#define TEXT_MAX 65536

/* Everything that there is, and what JSON has to escape. */
static const char whole[] =
    "{\"Identificatie\":{\"Bron\":\"" FIXTURE_BRON "\","
    "\"DossierNummer\":\"a;1\"},\"Naam\":\"Een \\\"naam\\\" \\\\ \\u00e9\","
    "\"WijzigingsDatum\":\"2026-09-20T11:16:50.123456789Z\","
    "\"Status\":{\"VlaamsFase\":\"Behandeling\",\"VlaamsCode\":"
    "\"DossierOnvolledig\",\"EDRL\":\"Ontvangen\",\"Detail1\":\"een\\ntwee\","
    "\"Detail2\":\"2\",\"StreefDatum\":\"2026-12-24\",\"Actie\":{"
    "\"ActieNodig\":true,\"Actie\":\"Bezorg\",\"Voor\":\"2026-12-15\"}},"
    "\"Doorverwijzing\":\"https://loket.example.be/dossier/123\","
    "\"TypeDossierCode\":\"DossierStatus\","
    "\"Producten\":[{\"Id\":\"1984\"},{\"Id\":\"2001\"}],"
    "\"DossierBeheerder\":{\"Naam\":\"bN\",\"Dienst\":\"bD\","
    "\"Telefoon\":\"bT\",\"Email\":\"bE\",\"Website\":\"bW\","
    "\"Adres\":{\"Straat\":\"aS\",\"Gemeente\":\"aG\"}},"
    "\"Agenten\":[{\"Identificatie\":\"0123456749\",\"Toegangsrechten\":["
    "{\"Code\":\"Lezer - kmo\"},{\"Code\":\"Beheer\"}],\"Rol\":\"Aanvrager\"},"
    "{\"Identificatie\":\"V0001001\"}],\"IsVertrouwelijk\":true,"
    "\"StreefDatum\":\"2027-01-31\",\"UpdateFrequentieCode\":\"IedereMinuut\","
    "\"MogelijkeVlaamseFases\":[\"Behandeling\",\"Beslissing\"]}";

#define KEY                                                                    \
    "\xEF\xBB\xBF"                                                             \
    "Bron;DossierNummer;UploadId;Naam;WijzigingsDatum;TypeDossier;"            \
    "StatusVlaamsFase;StatusVlaamsCode;StatusDetail1;StatusDetail2;"           \
    "StatusEDRL;StatusActieNodig;StatusActie;StatusActieVoor;StreefDatum;"     \
    "IsPubliek;IsVertrouwelijk;Doorverwijzing;ProductId;AgentIdentificatie;"   \
    "Toegangsrechten;AgentRol;DossierBeheerderNaam;DossierBeheerderDienst;"    \
    "DossierBeheerderTelefoon;DossierBeheerderEmail;"                          \
    "DossierBeheerderWebsite\r\n"
#define FRONT                                                                  \
    FIXTURE_BRON ";\"a;1\";;\"Een \"\"naam\"\" \\ \xC3\xA9\";"                 \
    "2026-09-20T11:16:50.123456789Z;DossierStatus;Behandeling;"                \
    "DossierOnvolledig;\"een\ntwee\";2;Ontvangen;true;Bezorg;2026-12-15;"      \
    "2027-01-30T23:00:00.000Z;false;true;"                                     \
    "https://loket.example.be/dossier/123;1984;"
#define BACK "bN;bD;bT;bE;bW\r\n"

typedef struct {
    char canonical[TEXT_MAX];
    size_t len;
    int64_t wijziging_ns;
    dosis_buf_t csv;
    unsigned missing;
    unsigned count;
    bool seen[MANY];
    unsigned twice;
    const dosis_codelijsten_t *lijsten;
} seen_t;


static size_t
canonical(char *to, const dosis_dossier_t *dossier,
    const dosis_codelijsten_t *lijsten)
{
    dosis_buf_t buf;

    dosis_buf_init_fixed(&buf, to, TEXT_MAX);
    dosis_dossier_canonical(&buf, dossier, lijsten);
    fixture_must(buf.rc, "canonical");
    return buf.len;
}


static dosis_rc_t
on_dossier(const dosis_dossier_t *dossier, void *payload)
{
    seen_t *seen = payload;
    unsigned long nummer;

    seen->count++;
    if (dosis_slice_eq(dossier->nummer, DOSIS_SLICE("a;1"))) {
        seen->len = canonical(seen->canonical, dossier, seen->lijsten);
        seen->wijziging_ns = dossier->wijziging_ns;
        seen->missing = dosis_csv_schrijf(&seen->csv, dossier, seen->lijsten);
        return DOSIS_OK;
    }
    nummer = strtoul(dossier->nummer.data, NULL, 10);
    if (nummer < MANY) {
        seen->twice += seen->seen[nummer];
        seen->seen[nummer] = true;
    }
    return DOSIS_OK;
}


/* All calls that it takes; their number, or the negative code. */
static int
export_all(fixture_t *f, const char *bron, seen_t *seen)
{
    dosis_export_t at = { .bron = dosis_slice_of(bron),
        .on_dossier = on_dossier, .payload = seen };
    bool more = true;
    int calls = 0;
    dosis_rc_t rc = DOSIS_OK;

    at.arena = dosis_arena_create((size_t) 1 << 20);
    while (rc == DOSIS_OK && more) {
        more = false;
        fixture_must(dosis_reader_begin(f->reader), "begin");
        seen->lijsten = dosis_ref_lijsten(dosis_reader_ref(f->reader));
        rc = dosis_export_next(f->reader, &at, &more);
        dosis_reader_end(f->reader);
        calls++;
    }
    dosis_arena_free(at.arena);
    return rc == DOSIS_OK ? calls : (int) rc;
}


static void
test_one(fixture_t *f, seen_t *seen)
{
    static char delivered[TEXT_MAX];
    size_t len;
    dosis_delivery_t d = fixture_push(f, whole);

    CHECK(d.rc == DOSIS_OK && d.resultaat == DOSIS_NIEUW, "delivered");
    dosis_csv_schrijf_kop(&seen->csv);
    CHECK(export_all(f, FIXTURE_BRON, seen) == 1 && seen->count == 1,
        "what came in comes out");
    fixture_must(dosis_reader_begin(f->reader), "begin");
    len = canonical(delivered, &d.dossier,
        dosis_ref_lijsten(dosis_reader_ref(f->reader)));
    dosis_reader_end(f->reader);
    CHECK(len == seen->len && memcmp(delivered, seen->canonical, len) == 0,
        "with the same canonical content, each member of it");
    CHECK(seen->wijziging_ns == d.dossier.wijziging_ns,
        "and its date to the nanosecond");
    CHECK(dosis_slice_eq(dosis_buf_slice(&seen->csv),
              DOSIS_SLICE(KEY FRONT "0123456749;Beheer|Lezer-kmo;Aanvrager;"
                  BACK FRONT "V0001001;;;" BACK)),
        "as CSV: the columns of the template, a row for each agent");
    CHECK(seen->missing
            == (1u << DOSIS_CSV_MIST_ADRES | 1u << DOSIS_CSV_MIST_PRODUCTEN
                | 1u << DOSIS_CSV_MIST_FASEN | 1u << DOSIS_CSV_MIST_FREQUENTIE
                | 1u << DOSIS_CSV_MIST_STREEF),
        "what CSV has no column for is told");
}


static void
test_columns(void)
{
    char text[2048];
    size_t i;
    dosis_buf_t names;

    dosis_buf_init_fixed(&names, text, sizeof(text));
    for (i = 0; i < dosis_csv_kolom_count(); i++) {
        dosis_buf_addf(
            &names, "%s%s", i > 0 ? ";" : "", dosis_csv_kolom(i)->naam);
    }
    CHECK(names.len + 5 == sizeof(KEY) - 1
            && memcmp(names.data, KEY + 3, names.len) == 0,
        "they are the columns that a delivery may have, in their order");
}


static void
push_number(fixture_t *f, dosis_txn_t *txn, unsigned nummer)
{
    char json[512];
    dosis_delivery_t d;

    (void) snprintf(json, sizeof(json),
        "{\"Identificatie\":{\"Bron\":\"" FIXTURE_BRON "\","
        "\"DossierNummer\":\"%u\"},\"Naam\":\"Dossier\",\"WijzigingsDatum\":"
        "\"2026-09-20T11:16:50\",\"Status\":{\"VlaamsFase\":\"Behandeling\","
        "\"VlaamsCode\":\"InBehandeling\"},\"Agenten\":[{\"Identificatie\":"
        "\"V0001001\",\"Toegangsrechten\":[{\"Code\":\"Lezer|schrijver\"}]}]}",
        nummer);
    d = fixture_delivery(f, json);
    dosis_deliver(txn, &d);
}


static void
test_many(fixture_t *f, seen_t *seen)
{
    unsigned i, gone = 0;
    int calls;
    dosis_txn_t *txn;

    fixture_must(dosis_txn_begin(f->writer, FIXTURE_NOW, &txn), "begin");
    for (i = 0; i < MANY; i++) {
        push_number(f, txn, i);
    }
    fixture_must(dosis_txn_commit(txn), "commit");
    (void) fixture_withdraw(f, "7", 0);
    memset(seen->seen, 0, sizeof(seen->seen));
    seen->count = 0;
    calls = export_all(f, FIXTURE_BRON, seen);
    for (i = 0; i < MANY; i++) {
        gone += !seen->seen[i];
    }
    CHECK(calls > 1, "many take more than one snapshot");
    CHECK(seen->count == MANY && seen->twice == 0 && gone == 1
            && !seen->seen[7],
        "each of them once, without the one that was withdrawn");
    CHECK(export_all(f, "urn://proef/niemand", seen) == DOSIS_ENOTFOUND,
        "a source that nobody knows");
}


int
main(void)
{
    static seen_t seen;
    fixture_t f;

    fixture_begin(&f);
    dosis_buf_init(&seen.csv, TEXT_MAX);
    test_columns();
    test_one(&f, &seen);
    test_many(&f, &seen);
    dosis_buf_done(&seen.csv);
    fixture_end(&f);
    return tap_done();
}
