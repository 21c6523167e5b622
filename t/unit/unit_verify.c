/* SPDX-License-Identifier: EUPL-1.2 */
/* A value that was damaged, in whatever database, is a finding and no more. */
#include <string.h>

#include "store/store_txn.h"
#include "t/lib/store_fixture.h"
#include "t/lib/tap.h"

static const char dossier[] =
    "{\"Identificatie\":{\"Bron\":\"" FIXTURE_BRON "\",\"DossierNummer\":"
    "\"d1\"},\"Naam\":\"Een dossier\",\"WijzigingsDatum\":\"2026-03-01\","
    "\"UploadId\":\"11111111-2222-4333-8444-555555555555\","
    "\"Status\":{\"VlaamsFase\":\"Behandeling\",\"VlaamsCode\":"
    "\"InBehandeling\"},\"Agenten\":[{\"Identificatie\":\"%s\","
    "\"Toegangsrechten\":[{\"Code\":\"Lezer\"}]}]}";

static const struct {
    store_db_t db;
    const char *fact;
} sealed[] = {
    { DB_AGENT, "a page" },
    { DB_SLEUTEL, "the agents of a dossier" },
    { DB_HISTORIE, "a version" },
    { DB_LOG, "an operation" },
    { DB_UPLOAD, "an upload" },
    { DB_RESULTAAT, "a result" },
    { DB_REFERENTIE, "reference data" },
};


/* Flips the last bit of the first value, in the file, wherever it stands. */
static void
flip(fixture_t *f, store_db_t db)
{
    char path[128], value[4096];
    static char file[4 << 20];
    char *at;
    size_t len, size;
    FILE *io;
    store_cursor_t c;

    fixture_must(dosis_reader_begin(f->reader), "begin");
    fixture_must(store_cursor_open(&f->reader->snap, db, &c), "cursor");
    fixture_must(store_cursor_seek(&c, dosis_slice("", 0)), "first");
    len = c.value.len;
    memcpy(value, c.value.data, len);
    store_cursor_close(&c);
    dosis_reader_end(f->reader);
    fixture_close(f);
    (void) snprintf(path, sizeof(path), "%s/g1.mdb", f->dir);
    io = fopen(path, "r+");
    size = io != NULL ? fread(file, 1, sizeof(file), io) : 0;
    for (at = file; (at = memmem(at, size - (size_t) (at - file), value, len))
                    != NULL; at += len) {
        at[len - 1] ^= 1;
    }
    rewind(io);
    if (fwrite(file, 1, size, io) != size || fclose(io) != 0) {
        fixture_must(DOSIS_EIO, path);
    }
    fixture_open(f);
}


static void
test_damage(fixture_t *f, store_db_t db, const char *fact)
{
    dosis_rc_t rc;
    dosis_verify_t report;

    flip(f, db);
    rc = dosis_verify(f->store, NULL, NULL, &report);
    CHECK(rc == DOSIS_OK && report.findings > 0, fact);
}


int
main(void)
{
    size_t i;
    char kbo[11], json[1024];
    fixture_t f;
    dosis_delivery_t d;
    dosis_verify_t report;

    fixture_begin(&f);
    fixture_kbo(1, kbo);
    (void) snprintf(json, sizeof(json), dossier, kbo);
    d = fixture_push(&f, json);
    CHECK(d.rc == DOSIS_OK, "a dossier comes in");
    CHECK(fixture_is_whole(&f, &report), "an undamaged store has no finding");
    for (i = 0; i < sizeof(sealed) / sizeof(sealed[0]); i++) {
        test_damage(&f, sealed[i].db, sealed[i].fact);
    }
    fixture_end(&f);
    return tap_done();
}
