/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A delivered file: put, run, cancelled, over; who finds it, and what it is
 * on the wire.
 */

#include "../lib/store_fixture.h"
#include "../lib/tap.h"
#include "store/dosis_oplading.h"
#include "store/dosis_source.h"
#include "../lib/store_file.h"
#include "store/store_oplading.h"

#define UUID     "00000000-0000-4000-8000-%012u"
#define BODY_MAX ((size_t) 1 << 20)

static const dosis_slice_t klant = { "klant", 5 };
static const dosis_slice_t ander = { "ander", 5 };

static int64_t clock_ns = FIXTURE_NOW;


static dosis_slice_t
uuid(unsigned n)
{
    static char text[8][64];
    static unsigned at;
    char *to = text[at++ % 8];

    (void) snprintf(to, sizeof(text[0]), UUID, n);
    return dosis_slice_of(to);
}


static dosis_oplading_t
file(unsigned n)
{
    return (dosis_oplading_t) { .client = klant,
        .upload_id = uuid(n),
        .bestand = DOSIS_SLICE("dossiers.csv"),
        .spool = { 1, (uint8_t) n },
        .bytes = 1000,
        .print = 77,
        .ontvangen_ns = clock_ns };
}


static dosis_txn_t *
begin(fixture_t *f)
{
    dosis_txn_t *txn;

    fixture_must(dosis_txn_begin(f->writer, clock_ns, &txn), "begin");
    return txn;
}


static dosis_rc_t
put(fixture_t *f, dosis_oplading_t *o, bool *again)
{
    dosis_txn_t *txn = begin(f);
    dosis_rc_t rc = dosis_oplading_put(txn, o, again);

    fixture_must(dosis_txn_commit(txn), "commit");
    return rc;
}


static dosis_rc_t
note(fixture_t *f, const dosis_oplading_t *o, bool *end)
{
    dosis_txn_t *txn = begin(f);
    dosis_rc_t rc = dosis_oplading_note(txn, o, end);

    fixture_must(dosis_txn_commit(txn), "commit");
    return rc;
}


static dosis_rc_t
cancel(fixture_t *f, dosis_slice_t client, unsigned n, dosis_oplading_t *o)
{
    dosis_txn_t *txn = begin(f);
    dosis_rc_t rc = dosis_oplading_cancel(txn, client, uuid(n), f->arena, o);

    fixture_must(dosis_txn_commit(txn), "commit");
    return rc;
}


static dosis_rc_t
cancel_nummer(
    fixture_t *f, uint64_t nummer, dosis_oplading_t *o, bool *ret_done)
{
    dosis_txn_t *txn = begin(f);
    dosis_rc_t rc
        = dosis_oplading_cancel_nummer(txn, nummer, f->arena, o, ret_done);

    fixture_must(dosis_txn_commit(txn), "commit");
    return rc;
}


static dosis_rc_t
of_nummer(fixture_t *f, uint64_t nummer, dosis_oplading_t *o)
{
    dosis_rc_t rc;

    fixture_must(dosis_reader_begin(f->reader), "read");
    rc = dosis_oplading_of_nummer(f->reader, nummer, f->arena, o);
    dosis_reader_end(f->reader);
    return rc;
}


static dosis_rc_t
of(fixture_t *f, dosis_slice_t client, unsigned n, dosis_oplading_t *o)
{
    dosis_rc_t rc;

    fixture_must(dosis_reader_begin(f->reader), "read");
    rc = dosis_oplading_of(f->reader, client, uuid(n), f->arena, o);
    dosis_reader_end(f->reader);
    return rc;
}


static dosis_rc_t
next(fixture_t *f, uint64_t after, dosis_oplading_t *o)
{
    dosis_rc_t rc;

    fixture_must(dosis_reader_begin(f->reader), "read");
    rc = dosis_oplading_next(f->reader, after, f->arena, o);
    dosis_reader_end(f->reader);
    return rc;
}


static dosis_rc_t
admit(fixture_t *f, dosis_slice_t client, uint64_t bytes)
{
    dosis_rc_t rc;

    fixture_must(dosis_reader_begin(f->reader), "read");
    rc = dosis_oplading_admit(f->reader, client, bytes);
    dosis_reader_end(f->reader);
    return rc;
}


/* --- put ----------------------------------------------------------------- */

static void
comes_in(fixture_t *f)
{
    bool again;
    dosis_oplading_t a = file(1), b = file(1), c = file(2), got;

    CHECK(put(f, &a, &again) == DOSIS_OK && !again && a.nummer == 1
            && a.toestand == DOSIS_OPLADING_WACHTEND,
        "a file waits under a number");
    CHECK(put(f, &b, &again) == DOSIS_OK && again && b.nummer == a.nummer,
        "sent again with its UploadId it is the same one");
    b.bytes++;
    CHECK(put(f, &b, &again) == DOSIS_ECONFLICT && !again,
        "a longer one under that UploadId is a conflict");
    b = file(1);
    b.print++;
    CHECK(put(f, &b, &again) == DOSIS_ECONFLICT && !again,
        "and so is one as long with other bytes");
    b = file(1);
    b.proef = true;
    CHECK(put(f, &b, &again) == DOSIS_ECONFLICT,
        "and so is one with another option");
    b = file(1);
    b.client = ander;
    CHECK(put(f, &b, &again) == DOSIS_OK && !again,
        "an UploadId is of one client");
    c.volledig = c.intrekken = true;
    c.bron = DOSIS_SLICE(FIXTURE_BRON);
    c.peildatum_ns = clock_ns - 5;
    fixture_must(put(f, &c, &again), "put");
    CHECK(of(f, klant, 2, &got) == DOSIS_OK && got.nummer == c.nummer
            && got.volledig && got.intrekken && !got.proef && !got.gzip
            && got.bytes == 1000 && got.print == 77
            && got.peildatum_ns == clock_ns - 5
            && got.ontvangen_ns == clock_ns
            && memcmp(got.spool, c.spool, DOSIS_SPOOL_ID) == 0
            && dosis_slice_eq(got.client, klant)
            && dosis_slice_eq(got.bron, c.bron)
            && dosis_slice_eq(got.bestand, c.bestand)
            && dosis_slice_eq(got.upload_id, c.upload_id),
        "it is found with all that was put in");
    CHECK(of(f, ander, 2, &got) == DOSIS_ENOTFOUND
            && of(f, klant, 99, &got) == DOSIS_ENOTFOUND,
        "another client does not find it, nor anybody what is not there");
}


static void
runs(fixture_t *f)
{
    bool done, end;
    dosis_oplading_t o, got;

    CHECK(next(f, 0, &o) == DOSIS_OK && o.nummer == 1, "the oldest is next");
    CHECK(next(f, 1, &got) == DOSIS_OK && got.nummer == 2
            && next(f, 3, &got) == DOSIS_ENOTFOUND,
        "and those behind it, until the last");
    o.toestand = DOSIS_OPLADING_BEZIG;
    o.begonnen_ns = clock_ns;
    o.gelezen = 500;
    o.rijen = 10;
    o.dossiers = 8;
    o.tellingen[DOSIS_NIEUW] = 7;
    o.tellingen[DOSIS_GEWEIGERD] = 1;
    o.fouten = 2;
    o.positie[0] = UINT64_MAX;
    o.positie[3] = 4;
    CHECK(note(f, &o, &end) == DOSIS_OK && !end && next(f, 0, &got) == DOSIS_OK
            && got.nummer == 1 && got.toestand == DOSIS_OPLADING_BEZIG
            && got.rijen == 10 && got.tellingen[DOSIS_NIEUW] == 7
            && got.positie[0] == UINT64_MAX && got.positie[3] == 4
            && got.gelezen == 500 && got.fouten == 2,
        "one that runs is next until it has ended, as far as it is");
    CHECK(cancel(f, ander, 2, &got) == DOSIS_ENOTFOUND
            && cancel(f, klant, 1, &got) == DOSIS_OK && got.annuleren
            && got.toestand == DOSIS_OPLADING_BEZIG,
        "its client alone may cancel it: it runs on until the job sees it");
    CHECK(cancel_nummer(f, 0, &got, &done) == DOSIS_ENOTFOUND
            && cancel_nummer(f, 77, &got, &done) == DOSIS_ENOTFOUND
            && of_nummer(f, 77, &got) == DOSIS_ENOTFOUND
            && of_nummer(f, 1, &got) == DOSIS_OK
            && dosis_slice_eq(got.client, klant)
            && dosis_slice_eq(got.upload_id, uuid(1))
            && cancel_nummer(f, 1, &got, &done) == DOSIS_OK && got.annuleren
            && got.toestand == DOSIS_OPLADING_BEZIG && !done,
        "by its number it is the same one, and asked for already");
    o.rijen = 20;
    CHECK(note(f, &o, &end) == DOSIS_OK && end
            && of(f, klant, 1, &got) == DOSIS_OK && got.annuleren
            && got.rijen == 20,
        "which is at its next note, that loses nothing of it");
    o.toestand = DOSIS_OPLADING_GEANNULEERD;
    CHECK(note(f, &o, &end) == DOSIS_OK && !end
            && of(f, klant, 1, &got) == DOSIS_OK && got.klaar_ns == clock_ns
            && got.toestand == DOSIS_OPLADING_GEANNULEERD
            && next(f, 0, &got) == DOSIS_OK && got.nummer == 2,
        "ended it is not next any more");
    CHECK(cancel(f, klant, 1, &got) == DOSIS_OK
            && got.toestand == DOSIS_OPLADING_GEANNULEERD,
        "cancelled twice is cancelled");
}


static void
ends_while_it_waits(fixture_t *f)
{
    bool done, end;
    dosis_oplading_t o, got;

    fixture_must(next(f, 2, &o), "next");    /* as a job read it before */
    CHECK(o.nummer == 3 && cancel_nummer(f, 3, &got, &done) == DOSIS_OK
            && got.toestand == DOSIS_OPLADING_GEANNULEERD && done
            && next(f, 2, &got) == DOSIS_ENOTFOUND,
        "one that waits is cancelled at once");
    o.toestand = DOSIS_OPLADING_BEZIG;
    o.rijen = 3;
    CHECK(note(f, &o, &end) == DOSIS_OK && end
            && of(f, klant, 2, &got) == DOSIS_OK && got.rijen == 3
            && got.toestand == DOSIS_OPLADING_GEANNULEERD,
        "a job that had begun is told, and what it did is counted");
    o.nummer = 999;
    CHECK(note(f, &o, &end) == DOSIS_ENOTFOUND, "one that is not there is not");
}


/* Under number 300: nothing else of it is looked at. */
static void
fails(fixture_t *f)
{
    bool again, end;
    dosis_oplading_t o = file(300), next = file(300), got;

    fixture_must(put(f, &o, &again), "put");
    o.toestand = DOSIS_OPLADING_MISLUKT;
    fixture_must(note(f, &o, &end), "note");
    CHECK(put(f, &next, &again) == DOSIS_OK && !again
            && next.nummer != o.nummer
            && of(f, klant, 300, &got) == DOSIS_OK
            && got.nummer == next.nummer
            && got.toestand == DOSIS_OPLADING_WACHTEND,
        "one that failed is run again when it is sent again");
    next.toestand = DOSIS_OPLADING_MISLUKT;
    fixture_must(note(f, &next, &end), "note");
    o = file(300);
    o.print++;
    CHECK(put(f, &o, &again) == DOSIS_OK && !again,
        "and so is one that was mended");
    fixture_must(cancel(f, klant, 300, &got), "cancel");
}


/* --- ceilings ------------------------------------------------------------ */

static void
ceilings(fixture_t *f)
{
    unsigned i, in = 0;
    bool again;
    size_t count;
    static uint8_t id[DOSIS_OPLADINGEN_MAX][DOSIS_SPOOL_ID];
    dosis_oplading_t o, got;

    for (i = 0; i < DOSIS_OPLADINGEN_CLIENT + 3; i++) {
        o = file(100 + i);
        in += put(f, &o, &again) == DOSIS_OK;
    }
    CHECK(in == DOSIS_OPLADINGEN_CLIENT
            && admit(f, klant, 1) == DOSIS_ELIMIT,
        "so many of a client wait, and no more");
    CHECK(admit(f, ander, 1) == DOSIS_OK
            && admit(f, ander, DOSIS_OPLADINGEN_BYTES - 1000) == DOSIS_OK
            && admit(f, ander, DOSIS_OPLADINGEN_BYTES - 999) == DOSIS_ELIMIT,
        "another has its own ceiling, in bytes as well");
    fixture_must(dosis_reader_begin(f->reader), "read");
    fixture_must(dosis_oplading_spools(f->reader, id, &count), "spools");
    dosis_reader_end(f->reader);
    CHECK(count == in + 1 && id[1][0] == 1 && id[1][1] == 100,
        "their spool files are known by name");
    for (i = 0; i < in; i++) {
        fixture_must(cancel(f, klant, 100 + i, &got), "cancel");
    }
    CHECK(admit(f, klant, 1) == DOSIS_OK, "what has ended makes room");
    for (i = 0, in = 0; i < DOSIS_OPLADINGEN_MAX + 3; i++) {
        char name[16];

        o = file(1000 + i);
        (void) snprintf(name, sizeof(name), "klant-%u", i / 15);
        o.client = dosis_slice_of(name);
        in += put(f, &o, &again) == DOSIS_OK;
    }
    CHECK(in + 1 == DOSIS_OPLADINGEN_MAX && admit(f, klant, 1) == DOSIS_ELIMIT,
        "and so many of all clients together");
}


/* --- on the wire --------------------------------------------------------- */

/* The page behind that cursor, parsed; NULL: rc is not DOSIS_OK. */
static dosis_json_t *
page_of(fixture_t *f, dosis_slice_t client, dosis_slice_t after,
    dosis_rc_t *ret_rc)
{
    dosis_buf_t body;
    dosis_json_t *root = NULL;
    const dosis_opladingen_page_t page = { .client = client, .after = after,
        .limit = 10, .now_ns = clock_ns };

    dosis_buf_init(&body, BODY_MAX);
    fixture_must(dosis_reader_begin(f->reader), "read");
    *ret_rc = dosis_opladingen(f->reader, &page, &body);
    dosis_reader_end(f->reader);
    if (*ret_rc == DOSIS_OK) {
        fixture_must(
            dosis_json_parse(dosis_buf_slice(&body), &root, NULL), "json");
    }
    dosis_buf_done(&body);
    return root;
}


static dosis_slice_t
text_of(const dosis_json_t *object, const char *name)
{
    return dosis_json_string(dosis_json_get(object, name));
}


/* All pages: how many, with or without a client's name, newest first. */
static unsigned
listed(fixture_t *f, dosis_slice_t client, char last[256])
{
    char cursor[256] = "";
    unsigned n = 0, turns = 0;
    size_t i, count;
    dosis_rc_t rc;
    dosis_json_t *root;
    const dosis_json_t *one;
    dosis_slice_t next;

    do {
        root = page_of(f, client, dosis_slice_of(cursor), &rc);
        count = dosis_json_count(dosis_json_get(root, "Uploads"));
        for (i = 0; i < count; i++) {
            one = dosis_json_at(dosis_json_get(root, "Uploads"), i);
            n += (text_of(one, "Client").len > 0) == (client.data == NULL);
        }
        next = text_of(root, "Volgende");
        if (next.len > 0) {
            (void) snprintf(
                cursor, sizeof(cursor), "%.*s", (int) next.len, next.data);
            memcpy(last, cursor, sizeof(cursor));
        }
        count = next.len;
        dosis_json_free(root);
    } while (count > 0 && ++turns < 100);
    return n;
}


static void
lists(fixture_t *f)
{
    char cursor[256], ignored[256];
    dosis_rc_t rc;
    dosis_json_t *root;
    unsigned mine = listed(f, klant, cursor);

    CHECK(mine == 5 + DOSIS_OPLADINGEN_CLIENT && listed(f, ander, ignored) == 1,
        "a client lists all of its own, page by page");
    CHECK(listed(f, dosis_slice(NULL, 0), ignored)
            == mine + DOSIS_OPLADINGEN_MAX,
        "an operator everybody's, with whose it is");
    CHECK(page_of(f, ander, dosis_slice_of(cursor), &rc) == NULL
            && rc == DOSIS_EINPUT
            && page_of(f, klant, DOSIS_SLICE("x"), &rc) == NULL
            && rc == DOSIS_EINPUT,
        "a cursor is of one client");
    clock_ns += (DOSIS_CURSOR_TTL_S + 1) * DOSIS_NS_PER_S;
    CHECK(page_of(f, klant, dosis_slice_of(cursor), &rc) == NULL
            && rc == DOSIS_EEXPIRED,
        "and of a day");
    root = page_of(f, klant, dosis_slice(NULL, 0), &rc);
    CHECK(dosis_slice_eq(text_of(dosis_json_at(
                             dosis_json_get(root, "Uploads"), 0), "UploadId"),
              uuid(100 + DOSIS_OPLADINGEN_CLIENT - 1)),
        "the newest stands first");
    dosis_json_free(root);
}


static const struct {
    const char *fact;
    dosis_oplading_t oplading;
    const char *json;
} wire[] = {
    { "one that waits",
        { .upload_id = { "u", 1 }, .toestand = DOSIS_OPLADING_WACHTEND,
            .ontvangen_ns = FIXTURE_NOW, .bytes = 10 },
        "{\"UploadId\":\"u\",\"Bestand\":null,\"Toestand\":\"Wachtend\","
        "\"Ontvangen\":\"2026-09-21T14:13:20.000Z\",\"Begonnen\":null,"
        "\"Klaar\":null,\"Bytes\":10,\"Gzip\":false,\"Proef\":false,"
        "\"Volledig\":null,\"Lijnen\":null,\"Verwerkt\":0,\"Dossiers\":0,"
        "\"Resultaten\":{\"Nieuw\":0,\"Gewijzigd\":0,\"Ongewijzigd\":0,"
        "\"Verouderd\":0,\"Hersteld\":0,\"Geweigerd\":0},\"Fouten\":0,"
        "\"Waarschuwingen\":0,\"Percentage\":0.0,\"Snelheid\":null,"
        "\"Fout\":null}" },
    { "one that runs",
        { .upload_id = { "u", 1 }, .bestand = { "a\"b.csv", 7 },
            .toestand = DOSIS_OPLADING_BEZIG, .ontvangen_ns = FIXTURE_NOW,
            .begonnen_ns = FIXTURE_NOW, .bytes = 3000, .gelezen = 1000,
            .gzip = true, .proef = true, .rijen = 100, .dossiers = 90,
            .tellingen = { 1, 2, 3, 4, 5, 6, 7, 8, 9 }, .fouten = 10,
            .waarschuwingen = 11 },
        "{\"UploadId\":\"u\",\"Bestand\":\"a\\\"b.csv\","
        "\"Toestand\":\"Bezig\","
        "\"Ontvangen\":\"2026-09-21T14:13:20.000Z\","
        "\"Begonnen\":\"2026-09-21T14:13:20.000Z\","
        "\"Klaar\":null,\"Bytes\":3000,\"Gzip\":true,\"Proef\":true,"
        "\"Volledig\":null,\"Lijnen\":null,\"Verwerkt\":100,"
        "\"Dossiers\":90,"
        "\"Resultaten\":{\"Nieuw\":2,\"Gewijzigd\":3,\"Ongewijzigd\":4,"
        "\"Verouderd\":5,\"Hersteld\":6,\"Geweigerd\":1},\"Fouten\":10,"
        "\"Waarschuwingen\":11,\"Percentage\":33.3,\"Snelheid\":50,"
        "\"Fout\":null}" },
    { "one that has ended",
        { .upload_id = { "u", 1 }, .toestand = DOSIS_OPLADING_KLAAR,
            .ontvangen_ns = FIXTURE_NOW, .begonnen_ns = FIXTURE_NOW,
            .klaar_ns = FIXTURE_NOW + DOSIS_NS_PER_S, .bytes = 10,
            .volledig = true, .bron = { "urn:a", 5 },
            .peildatum_ns = FIXTURE_NOW, .intrekken = true,
            .ontbrekend = 3, .rijen = 7,
            .fout_code = { "TeVeelOntbrekend", 16 },
            .fout = { "Er ontbreekt te veel.", 21 } },
        "{\"UploadId\":\"u\",\"Bestand\":null,\"Toestand\":\"Klaar\","
        "\"Ontvangen\":\"2026-09-21T14:13:20.000Z\","
        "\"Begonnen\":\"2026-09-21T14:13:20.000Z\","
        "\"Klaar\":\"2026-09-21T14:13:21.000Z\",\"Bytes\":10,"
        "\"Gzip\":false,\"Proef\":false,"
        "\"Volledig\":{\"Bron\":\"urn:a\","
        "\"Peildatum\":\"2026-09-21T14:13:20.000Z\",\"Intrekken\":true,"
        "\"Ontbrekend\":3,\"Ingetrokken\":0},"
        "\"Lijnen\":7,\"Verwerkt\":7,\"Dossiers\":0,"
        "\"Resultaten\":{\"Nieuw\":0,\"Gewijzigd\":0,\"Ongewijzigd\":0,"
        "\"Verouderd\":0,\"Hersteld\":0,\"Geweigerd\":0},\"Fouten\":0,"
        "\"Waarschuwingen\":0,\"Percentage\":100.0,\"Snelheid\":7,"
        "\"Fout\":{\"Code\":\"TeVeelOntbrekend\","
        "\"Omschrijving\":\"Er ontbreekt te veel.\"}}" },
};


static void
on_the_wire(void)
{
    size_t i;
    dosis_buf_t body;

    dosis_buf_init(&body, BODY_MAX);
    for (i = 0; i < sizeof(wire) / sizeof(wire[0]); i++) {
        dosis_buf_reset(&body);
        dosis_oplading_json(&body, &wire[i].oplading,
            FIXTURE_NOW + 2 * DOSIS_NS_PER_S);
        if (!CHECK(dosis_slice_eq(dosis_buf_slice(&body),
                       dosis_slice_of(wire[i].json)),
                wire[i].fact)) {
            printf("# %.*s\n", (int) body.len, body.data);
        }
    }
    dosis_buf_done(&body);
}


/* --- whole or not -------------------------------------------------------- */

static void
change(fixture_t *f, store_db_t db, dosis_slice_t key, const dosis_slice_t *put)
{
    dosis_txn_t *txn = begin(f);

    if (put != NULL) {
        fixture_must(store_lmdb_put(&txn->snap, db, key, *put), "put");
    } else {
        fixture_must(store_del(&txn->snap, db, key), "del");
    }
    fixture_must(dosis_txn_commit(txn), "commit");
}


/* Whether verify sees that each entry of these two databases is not there. */
static void
is_missed(fixture_t *f, store_db_t db, dosis_slice_t key, const char *fact)
{
    char bytes[STORE_OPLADING_MAX];
    dosis_slice_t value;
    dosis_verify_t report;

    fixture_must(dosis_reader_begin(f->reader), "read");
    fixture_must(store_get_raw(&f->reader->snap, db, key, &value), "get");
    memcpy(bytes, value.data, value.len);
    value.data = bytes;
    dosis_reader_end(f->reader);
    change(f, db, key, NULL);
    CHECK(!fixture_is_whole(f, &report), fact);
    change(f, db, key, &value);
}


static void
is_verified(fixture_t *f)
{
    char key[STORE_OPLADING_KEY], row[STORE_AFKEURING_KEY];
    uint8_t owner[STORE_OWNER_BYTES];
    uint64_t last = 0;
    dosis_oplading_t makes_room;
    dosis_txn_t *txn;

    fixture_must(
        cancel(f, DOSIS_SLICE("klant-0"), 1000, &makes_room), "cancel");
    txn = begin(f);
    file_live(txn, 3);
    fixture_must(store_meta_get(&txn->snap, "opladingen", &last), "meta");
    fixture_must(dosis_txn_commit(txn), "commit");
    store_oplading_owner(f->reader->crypt, DOSIS_SLICE("proef"), owner);
    is_missed(f, DB_OPLADING, store_oplading_key(key, OPLADING_RECORD, last),
        "verify misses a record");
    is_missed(f, DB_OPLADING, store_oplading_key(key, OPLADING_WAITS, last),
        "that it waits");
    is_missed(f, DB_OPLADING, store_oplading_key_of(key, owner, last),
        "that it is of a client");
    is_missed(f, DB_AFKEURING,
        store_afkeuring_key(row, last, AFKEURING_RIJ, 2),
        "a refused row that was counted");
    is_missed(f, DB_AFKEURING,
        store_afkeuring_key(row, last, AFKEURING_WAARSCHUWING, 3),
        "a warning that was counted");
}


int
main(void)
{
    fixture_t f;
    dosis_verify_t report;

    fixture_begin(&f);
    comes_in(&f);
    runs(&f);
    ends_while_it_waits(&f);
    fails(&f);
    ceilings(&f);
    lists(&f);
    on_the_wire();
    is_verified(&f);
    CHECK(fixture_is_whole(&f, &report), "the store is whole");
    fixture_end(&f);
    return tap_done();
}
