/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * A delivered file: put, run, cancelled, over; who finds it, and what it is
 * on the wire.
 */

#include "../lib/store_fixture.h"
#include "../lib/tap.h"
#include "store/dosis_oplading.h"
#include "store/dosis_source.h"
#include "store/store_txn.h"

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
            && got.bytes == 1000 && got.peildatum_ns == clock_ns - 5
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
    bool end;
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
    bool end;
    dosis_oplading_t o, got;

    fixture_must(next(f, 2, &o), "next");    /* as a job read it before */
    CHECK(o.nummer == 3 && cancel(f, klant, 2, &got) == DOSIS_OK
            && got.toestand == DOSIS_OPLADING_GEANNULEERD
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


int
main(void)
{
    fixture_t f;
    dosis_verify_t report;

    fixture_begin(&f);
    comes_in(&f);
    runs(&f);
    ends_while_it_waits(&f);
    ceilings(&f);
    CHECK(fixture_is_whole(&f, &report), "the store is whole");
    fixture_end(&f);
    return tap_done();
}
