/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Registrations one by one: a file's entry counts when it has changed, a
 * removed one is gone and its number stays.
 */

#include "../lib/store_fixture.h"
#include "../lib/tap.h"
#include "store/dosis_ref_put.h"

#define JSON(naam) "{\"Bron\":\"urn://x\",\"Naam\":\"" naam "\"}"

typedef enum { PUT, PUT_FILE, REMOVE } how_t;

static dosis_err_t err;


/* One transaction; an abort when it is refused. */
static dosis_rc_t
act(fixture_t *f, how_t how, dosis_ref_kind_t kind, const char *text)
{
    dosis_txn_t *txn;
    dosis_rc_t rc;
    dosis_slice_t s = dosis_slice_of(text);

    err = (dosis_err_t){ 0 };
    fixture_must(dosis_txn_begin(f->writer, FIXTURE_NOW, &txn), "begin");
    rc = how == PUT       ? dosis_ref_put(txn, kind, s, &err)
        : how == PUT_FILE ? dosis_ref_put_file(txn, kind, s, &err)
                          : dosis_ref_remove(txn, kind, s, &err);
    if (rc == DOSIS_OK) {
        fixture_must(dosis_txn_commit(txn), "commit");
    } else {
        dosis_txn_abort(txn);
    }
    return rc;
}


static const dosis_bron_t *
bron(fixture_t *f, const char *name)
{
    const dosis_bron_t *found;

    fixture_must(dosis_reader_begin(f->reader), "reader begin");
    found = dosis_ref_bron(dosis_reader_ref(f->reader), dosis_slice_of(name));
    dosis_reader_end(f->reader);
    return found;
}


static uint64_t
version(fixture_t *f)
{
    uint64_t now;

    fixture_must(dosis_reader_begin(f->reader), "reader begin");
    now = dosis_ref_version(dosis_reader_ref(f->reader));
    dosis_reader_end(f->reader);
    return now;
}


static bool
is_named(fixture_t *f, const char *naam)
{
    const dosis_bron_t *found = bron(f, "urn://x");

    return found != NULL && dosis_slice_eq(found->naam, dosis_slice_of(naam));
}


static void
test_file(fixture_t *f)
{
    uint64_t before;

    CHECK(act(f, PUT_FILE, DOSIS_REF_BRON, JSON("file")) == DOSIS_OK
            && is_named(f, "file"),
        "what a file says first is taken");
    before = version(f);
    CHECK(act(f, PUT_FILE, DOSIS_REF_BRON, JSON("file")) == DOSIS_OK
            && version(f) == before,
        "said again it writes nothing");
    CHECK(act(f, PUT, DOSIS_REF_BRON, JSON("hand")) == DOSIS_OK
            && act(f, PUT_FILE, DOSIS_REF_BRON, JSON("file")) == DOSIS_OK
            && is_named(f, "hand"),
        "nor does it undo a change");
    CHECK(act(f, PUT_FILE, DOSIS_REF_BRON, JSON("new")) == DOSIS_OK
            && is_named(f, "new"),
        "an entry that has changed counts again");
    CHECK(act(f, PUT_FILE, DOSIS_REF_BRON, "{\"Bron\":\"urn://x\"}")
                == DOSIS_EINPUT
            && is_named(f, "new"),
        "one that is refused does not");
    CHECK(act(f, REMOVE, DOSIS_REF_BRON, "urn://x") == DOSIS_OK
            && act(f, PUT_FILE, DOSIS_REF_BRON, JSON("new")) == DOSIS_OK
            && bron(f, "urn://x") == NULL,
        "a file that says the same does not bring back what was removed");
    CHECK(act(f, PUT_FILE, DOSIS_REF_BRON, JSON("back")) == DOSIS_OK
            && is_named(f, "back"),
        "a changed entry does");
}


static void
test_remove(fixture_t *f)
{
    uint32_t number = bron(f, "urn://x")->nummer;
    uint64_t before = version(f);
    const dosis_bron_t *left;

    CHECK(act(f, REMOVE, DOSIS_REF_BRON, "urn://nothing") == DOSIS_ENOTFOUND,
        "what is not there cannot be removed");
    CHECK(act(f, REMOVE, DOSIS_REF_BRON, "urn://x") == DOSIS_OK
            && bron(f, "urn://x") == NULL && version(f) > before,
        "a source is gone for whoever looks next");
    fixture_must(dosis_reader_begin(f->reader), "reader begin");
    left = dosis_ref_bron_nummer(dosis_reader_ref(f->reader), number);
    CHECK(left != NULL && left->verwijderd && !left->actief
            && dosis_slice_eq(left->bron, DOSIS_SLICE("urn://x")),
        "its number still tells its name");
    dosis_reader_end(f->reader);
    CHECK(act(f, REMOVE, DOSIS_REF_BRON, "urn://x") == DOSIS_ENOTFOUND,
        "it cannot be removed twice");
    CHECK(act(f, PUT, DOSIS_REF_BRON, JSON("again")) == DOSIS_OK
            && bron(f, "urn://x")->nummer == number
            && !bron(f, "urn://x")->verwijderd,
        "registered again it has its old number");
    CHECK(act(f, PUT, DOSIS_REF_CLIENT, "{\"Client\":\"c\",\"Naam\":\"n\"}")
                == DOSIS_OK
            && act(f, REMOVE, DOSIS_REF_CLIENT, "c") == DOSIS_OK
            && act(f, REMOVE, DOSIS_REF_CLIENT, "c") == DOSIS_ENOTFOUND,
        "a client is removed without a trace");
}


/* A dossier of the source, live or withdrawn, keeps it. */
static void
test_in_use(fixture_t *f)
{
    char kbo[11], text[512];
    dosis_delivery_t d;

    CHECK(act(f, REMOVE, DOSIS_REF_BRON, FIXTURE_BRON) == DOSIS_OK
            && act(f, PUT, DOSIS_REF_BRON,
                   "{\"Bron\":\"" FIXTURE_BRON "\",\"Naam\":\"Proef\"}")
                == DOSIS_OK,
        "a source without a dossier may go, and come back");
    fixture_kbo(7, kbo);
    (void) snprintf(text, sizeof(text),
        "{\"Identificatie\":{\"Bron\":\"" FIXTURE_BRON "\","
        "\"DossierNummer\":\"1\"},\"Naam\":\"n\",\"WijzigingsDatum\":"
        "\"2026-01-01\",\"Status\":{\"VlaamsFase\":\"Behandeling\","
        "\"VlaamsCode\":\"InBehandeling\"},\"Agenten\":[{\"Identificatie\":"
        "\"%s\",\"Toegangsrechten\":[{\"Code\":\"Lezer\"}]}]}",
        kbo);
    d = fixture_push(f, text);
    CHECK(d.rc == DOSIS_OK
            && act(f, REMOVE, DOSIS_REF_BRON, FIXTURE_BRON) == DOSIS_ECONFLICT
            && err.count == 1 && strcmp(err.item[0].code, "BronInGebruik") == 0
            && strstr(err.item[0].text, " 1 dossiers") != NULL,
        "with one it stays, and the reason says how many");
    d = fixture_withdraw(f, "1", 0);
    CHECK(d.rc == DOSIS_OK
            && act(f, REMOVE, DOSIS_REF_BRON, FIXTURE_BRON) == DOSIS_ECONFLICT,
        "withdrawn it still counts");
    CHECK(bron(f, FIXTURE_BRON) != NULL, "and nothing has changed");
}


typedef struct {
    uint32_t number[64];
    unsigned count;
    unsigned most;
} seen_t;


static bool
see(void *payload, uint32_t nummer, dosis_slice_t json)
{
    seen_t *seen = payload;

    (void) json;
    if (seen->count == seen->most) {
        return false;
    }
    seen->number[seen->count++] = nummer;
    return true;
}


static void
test_each(fixture_t *f)
{
    char text[64];
    unsigned i;
    seen_t all = { .most = 64 }, two = { .most = 2 }, rest = { .most = 64 };
    bool ordered = true;

    for (i = 0; i < 5; i++) {
        (void) snprintf(
            text, sizeof(text), "{\"Bron\":\"urn://e/%u\",\"Naam\":\"n\"}", i);
        fixture_must(act(f, PUT, DOSIS_REF_BRON, text), "put");
    }
    fixture_must(act(f, REMOVE, DOSIS_REF_BRON, "urn://e/2"), "remove");
    fixture_must(dosis_reader_begin(f->reader), "reader begin");
    fixture_must(
        dosis_ref_each(f->reader, DOSIS_REF_BRON, 0, see, &all), "each");
    fixture_must(
        dosis_ref_each(f->reader, DOSIS_REF_BRON, 0, see, &two), "each");
    fixture_must(
        dosis_ref_each(f->reader, DOSIS_REF_BRON, two.number[1], see, &rest),
        "each");
    dosis_reader_end(f->reader);
    for (i = 1; i < all.count; i++) {
        ordered = ordered && all.number[i] > all.number[i - 1];
    }
    CHECK(all.count == 6 && ordered,
        "all but the removed ones are walked, in order of number");
    CHECK(two.count == 2 && rest.count == 4 && rest.number[0] == all.number[2],
        "a walk can stop and go on");
}


static void
test_judged(fixture_t *f)
{
    CHECK(act(f, PUT, DOSIS_REF_BRON,
              "{\"Bron\":\"urn://m\",\"Naam\":\"n\",\"Mapping\":{\"Fase\":"
              "{\"x\":\"Nergens\",\"y\":\"Beroep\"}}}")
                == DOSIS_EINPUT
            && err.count == 1
            && strcmp(err.item[0].field, "/Mapping/Fase/x") == 0
            && bron(f, "urn://m") == NULL,
        "a mapping to a code that is in no list is refused");
    CHECK(act(f, PUT, DOSIS_REF_BRON,
              "{\"Bron\":\"urn://m\",\"Naam\":\"n\",\"Mapping\":{\"Fase\":"
              "{\"y\":\"Beroep\"}}}")
                == DOSIS_OK
            && bron(f, "urn://m")->fasen.count == 1,
        "one to a code of the list is kept");
}


int
main(void)
{
    fixture_t f;
    dosis_verify_t report;

    fixture_begin(&f);
    test_file(&f);
    test_remove(&f);
    test_in_use(&f);
    test_each(&f);
    test_judged(&f);
    CHECK(fixture_is_whole(&f, &report), "verify finds nothing");
    fixture_close(&f);
    fixture_open(&f);
    CHECK(bron(&f, "urn://e/2") == NULL && bron(&f, "urn://e/3") != NULL,
        "opened again, what was removed is not there");
    fixture_end(&f);
    return tap_done();
}
