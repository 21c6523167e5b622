/* SPDX-License-Identifier: EUPL-1.2 */

#include "../lib/store_fixture.h"
#include "../lib/tap.h"
#include "store/store_result.h"

#define DAY (86400 * DOSIS_NS_PER_S)
#define BODY(naam)                                                           \
    "{\"Identificatie\":{\"Bron\":\"" FIXTURE_BRON "\",\"DossierNummer\":"   \
    "\"U-1\"},\"UploadId\":\"00000000-0000-4000-8000-00000000000a\","        \
    "\"Naam\":\"" naam "\",\"WijzigingsDatum\":\"2026-03-01\","              \
    "\"TypeDossierCode\":\"DossierStatus\",\"Status\":{\"VlaamsFase\":"      \
    "\"Behandeling\",\"VlaamsCode\":\"InBehandeling\"},\"Agenten\":["        \
    "{\"Identificatie\":\"0123456749\",\"Toegangsrechten\":"                 \
    "[{\"Code\":\"Lezer\"}]}]}"


/* As fixture_push, so long after the fixture's now. */
static dosis_delivery_t
push_at(fixture_t *f, const char *json, int64_t after_ns)
{
    dosis_txn_t *txn;
    dosis_delivery_t d = fixture_delivery(f, json);

    fixture_must(dosis_txn_begin(f->writer, FIXTURE_NOW + after_ns, &txn),
        "begin");
    dosis_deliver(txn, &d);
    fixture_must(dosis_txn_commit(txn), "commit");
    return d;
}


static void
check_memory(fixture_t *f)
{
    dosis_delivery_t d = push_at(f, BODY("eerste"), 0);

    CHECK(d.rc == DOSIS_OK && d.resultaat == DOSIS_NIEUW, "the first time");
    d = push_at(f, BODY("eerste"), 30 * DAY - 1);
    CHECK(d.repeated && d.resultaat == DOSIS_NIEUW,
        "just before 30 days a repeat answers as the first time");
    d = push_at(f, BODY("tweede"), 30 * DAY - 1);
    CHECK(d.rc == DOSIS_ECONFLICT, "and other content is a conflict");
    d = push_at(f, BODY("eerste"), 30 * DAY);
    CHECK(!d.repeated && d.resultaat == DOSIS_ONGEWIJZIGD,
        "after 30 days the same is a delivery of its own");
    d = push_at(f, BODY("tweede"), 60 * DAY);
    CHECK(d.rc == DOSIS_OK && d.resultaat == DOSIS_GEWIJZIGD,
        "and after 30 more so is other content");
}


/* Under one lock several deliveries of one dossier see each other. */
static void
check_one_transaction(fixture_t *f)
{
    dosis_txn_t *txn;
    dosis_delivery_t d[3] = { fixture_delivery(f, BODY("derde")),
        fixture_delivery(f, BODY("derde")), fixture_delivery(f, BODY("x")) };

    fixture_must(dosis_txn_begin(f->writer, FIXTURE_NOW + 200 * DAY, &txn),
        "begin");
    CHECK(dosis_txn_bytes(txn) < 4096, "nothing is in a new transaction");
    for (int i = 0; i < 3; i++) {
        dosis_deliver(txn, &d[i]);
    }
    CHECK(dosis_txn_bytes(txn) > 4096 && dosis_txn_bytes(txn) < (1 << 18),
        "what it takes is told, in pages");
    fixture_must(dosis_txn_commit(txn), "commit");
    CHECK(d[0].resultaat == DOSIS_GEWIJZIGD && !d[0].repeated,
        "in one transaction the first is stored");
    CHECK(d[1].repeated && d[1].versie == d[0].versie,
        "the same again is its repeat");
    CHECK(d[2].rc == DOSIS_ECONFLICT, "and other content its rival");
}


int
main(void)
{
    fixture_t f;
    dosis_verify_t report;

    fixture_begin(&f);
    check_memory(&f);
    check_one_transaction(&f);
    CHECK(fixture_is_whole(&f, &report), "the store is whole");
    fixture_end(&f);
    return tap_done();
}
