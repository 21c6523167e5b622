/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The list of refused deliveries keeps its ceiling, per source; what falls off
 * it can still be asked for by UploadId, for thirty days.
 */

#include "../lib/store_fixture.h"
#include "../lib/tap.h"
#include "store/dosis_source.h"
#include "store/store_failure.h"

#define OTHER_BRON "urn://proef/ander"
#define CEILING    10
#define UUID_FORM  "00000000-0000-4000-8000-%012u"
#define BODY_MAX   ((size_t) 1 << 20)


/* A refused delivery; its number is in its UploadId. */
static void
refuse(fixture_t *f, const char *bron, unsigned n)
{
    char json[512];
    dosis_delivery_t d;

    (void) snprintf(json, sizeof(json),
        "{\"Identificatie\":{\"Bron\":\"%s\",\"DossierNummer\":\"n%u\"},"
        "\"UploadId\":\"" UUID_FORM "\",\"Naam\":\"zonder agenten\"}",
        bron, n, n);
    d = fixture_push(f, json);
    if (d.rc != DOSIS_EINPUT) {
        printf("Bail out! not refused: %s\n", dosis_rc_name(d.rc));
        exit(1);
    }
}


static uint64_t
counted(fixture_t *f, const char *bron, bool by_meta)
{
    uint64_t count = 0;
    const dosis_bron_t *known;

    fixture_must(dosis_reader_begin(f->reader), "begin");
    known = dosis_ref_bron(dosis_reader_ref(f->reader), dosis_slice_of(bron));
    fixture_must(by_meta
            ? store_failure_counted(&f->reader->snap, known->nummer, &count)
            : store_failure_count(&f->reader->snap, known->nummer, &count),
        "count");
    dosis_reader_end(f->reader);
    return count;
}


/* The numbers of the refusals listed, newest first; returns how many. */
static size_t
listed(fixture_t *f, const char *bron, unsigned *ret, size_t max)
{
    char cursor[256];
    size_t i, count;
    dosis_buf_t body, next;
    dosis_json_t *root;
    dosis_source_page_t page = { .client = DOSIS_SLICE("proef"),
        .limit = DOSIS_PAGE_ROWS_MAX, .now_ns = FIXTURE_NOW };

    dosis_buf_init(&body, BODY_MAX);
    dosis_buf_init_fixed(&next, cursor, sizeof(cursor));
    fixture_must(dosis_reader_begin(f->reader), "begin");
    page.bron =
        dosis_ref_bron(dosis_reader_ref(f->reader), dosis_slice_of(bron));
    fixture_must(dosis_source_failures(f->reader, &page, &body, &next),
        "failures");
    dosis_reader_end(f->reader);
    fixture_must(dosis_json_parse(dosis_buf_slice(&body), &root, NULL),
        "json");
    count = dosis_json_count(root);
    for (i = 0; i < count && i < max; i++) {
        dosis_slice_t id = dosis_json_string(
            dosis_json_get(dosis_json_at(root, i), "UploadId"));

        ret[i] = (unsigned) strtoul(id.data + 24, NULL, 10);
    }
    dosis_json_free(root);
    dosis_buf_done(&body);
    return count;
}


/* The client of all deliveries here, and its sources. */
static void
put_client(fixture_t *f, const char *bronnen)
{
    char json[256];

    (void) snprintf(json, sizeof(json),
        "{\"Client\":\"proef\",\"Naam\":\"Proef\",\"Bronnen\":[\"%s\"]}",
        bronnen);
    fixture_put(f, DOSIS_REF_CLIENT, dosis_slice_of(json));
}


static dosis_rc_t
result_of(fixture_t *f, unsigned n, int64_t now_ns)
{
    char id[64];
    dosis_rc_t rc;
    dosis_buf_t body;

    (void) snprintf(id, sizeof(id), UUID_FORM, n);
    dosis_buf_init(&body, BODY_MAX);
    fixture_must(dosis_reader_begin(f->reader), "begin");
    rc = dosis_result_of_upload(f->reader, DOSIS_SLICE("proef"),
        dosis_slice_of(id), now_ns, &body);
    dosis_reader_end(f->reader);
    dosis_buf_done(&body);
    return rc;
}


static void
test_ceiling(fixture_t *f)
{
    unsigned n, seen[CEILING + 1] = { 0 };

    f->writer->failures_max = CEILING;
    for (n = 1; n <= CEILING; n++) {
        refuse(f, FIXTURE_BRON, n);
    }
    refuse(f, OTHER_BRON, 900);
    CHECK(listed(f, FIXTURE_BRON, seen, CEILING + 1) == CEILING
              && seen[0] == CEILING && seen[CEILING - 1] == 1,
        "up to the ceiling all are listed");
    refuse(f, FIXTURE_BRON, 11);
    refuse(f, FIXTURE_BRON, 12);
    CHECK(listed(f, FIXTURE_BRON, seen, CEILING + 1) == CEILING
              && seen[0] == 12 && seen[CEILING - 1] == 3,
        "beyond it the oldest fall off");
    CHECK(listed(f, OTHER_BRON, seen, CEILING + 1) == 1 && seen[0] == 900,
        "another source keeps its own");
    CHECK(counted(f, FIXTURE_BRON, true) == CEILING
              && counted(f, FIXTURE_BRON, false) == CEILING,
        "the counter says what is there");
    CHECK(result_of(f, 1, FIXTURE_NOW) == DOSIS_OK,
        "what fell off is still known by its UploadId");
}


static void
test_lowered(fixture_t *f)
{
    unsigned seen[CEILING];

    f->writer->failures_max = 5;
    refuse(f, FIXTURE_BRON, 13);
    CHECK(listed(f, FIXTURE_BRON, seen, CEILING) == CEILING - 1,
        "a lowered ceiling takes two at a time");
    refuse(f, FIXTURE_BRON, 14);
    refuse(f, FIXTURE_BRON, 15);
    refuse(f, FIXTURE_BRON, 16);
    refuse(f, FIXTURE_BRON, 17);
    CHECK(listed(f, FIXTURE_BRON, seen, CEILING) == 5 && seen[0] == 17,
        "until it is reached");
}


/* The same UploadId again: one entry, or none once it is accepted. */
static void
test_replaced(fixture_t *f)
{
    static const char mended[] =
        "{\"Identificatie\":{\"Bron\":\"" FIXTURE_BRON "\","
        "\"DossierNummer\":\"n17\"},\"UploadId\":"
        "\"00000000-0000-4000-8000-000000000017\",\"Naam\":\"heel\","
        "\"TypeDossierCode\":\"DossierVerwijzing\","
        "\"Agenten\":[{\"Identificatie\":\"V0001001\"}]}";
    unsigned seen[CEILING];
    dosis_delivery_t d;

    refuse(f, FIXTURE_BRON, 17);
    CHECK(listed(f, FIXTURE_BRON, seen, CEILING) == 5 && seen[0] == 17
              && seen[1] == 16,
        "refused again under its UploadId: listed once");
    d = fixture_push(f, mended);
    CHECK(d.rc == DOSIS_OK && d.resultaat == DOSIS_NIEUW
              && listed(f, FIXTURE_BRON, seen, CEILING) == 4
              && seen[0] == 16,
        "mended: not listed any more");
    CHECK(counted(f, FIXTURE_BRON, true) == 4, "the counter follows");
    d = fixture_push(f, mended);
    CHECK(d.repeated && listed(f, FIXTURE_BRON, seen, CEILING) == 4,
        "a repeat of it changes nothing");
    refuse(f, FIXTURE_BRON, 19);
}


/* An older store has entries and no counter. */
static void
test_never_counted(fixture_t *f)
{
    dosis_txn_t *txn;
    dosis_verify_t report;
    unsigned seen[CEILING];

    fixture_must(dosis_txn_begin(f->writer, FIXTURE_NOW, &txn), "begin");
    store_txn_del(txn, DB_META, DOSIS_SLICE("fouten/1"));
    fixture_must(dosis_txn_commit(txn), "commit");
    CHECK(counted(f, FIXTURE_BRON, true) == 0
              && counted(f, FIXTURE_BRON, false) == 5,
        "a store of before has no counter");
    CHECK(fixture_is_whole(f, &report), "and is whole");
    refuse(f, FIXTURE_BRON, 18);
    CHECK(counted(f, FIXTURE_BRON, true) == 5
              && listed(f, FIXTURE_BRON, seen, CEILING) == 5,
        "at the next refusal they are counted");
}


static void
test_verify(fixture_t *f)
{
    dosis_txn_t *txn;
    dosis_verify_t report;

    CHECK(fixture_is_whole(f, &report), "verify finds nothing");
    fixture_must(dosis_txn_begin(f->writer, FIXTURE_NOW, &txn), "begin");
    fixture_must(store_meta_put(&txn->snap, "fouten/1", 4), "put");
    fixture_must(dosis_txn_commit(txn), "commit");
    CHECK(!fixture_is_whole(f, &report) && report.findings >= 1,
        "verify finds a counter that is wrong");
    fixture_must(dosis_txn_begin(f->writer, FIXTURE_NOW, &txn), "begin");
    fixture_must(store_meta_put(&txn->snap, "fouten/1", 5), "put");
    fixture_must(dosis_txn_commit(txn), "commit");
    CHECK(fixture_is_whole(f, &report), "and none when it is mended");
}


static void
test_default(fixture_t *f)
{
    fixture_close(f);
    fixture_open(f);
    CHECK(f->writer->failures_max == DOSIS_FAILURES_MAX,
        "the ceiling of a writer is the one published");
}


static void
test_thirty_days(fixture_t *f)
{
    const int64_t day_ns = INT64_C(86400) * DOSIS_NS_PER_S;

    CHECK(result_of(f, 18, FIXTURE_NOW + 30 * day_ns) == DOSIS_OK,
        "an upload is known for thirty days");
    CHECK(result_of(f, 18, FIXTURE_NOW + 30 * day_ns + DOSIS_NS_PER_S)
              == DOSIS_ENOTFOUND,
        "then it is unknown");
    CHECK(result_of(f, 999, FIXTURE_NOW) == DOSIS_ENOTFOUND,
        "as one that never was");

    put_client(f, OTHER_BRON);
    CHECK(result_of(f, 18, FIXTURE_NOW) == DOSIS_ENOTFOUND,
        "and to a client that may not deliver for the source any more");
    put_client(f, FIXTURE_BRON "\",\"" OTHER_BRON);
}


int
main(void)
{
    fixture_t f;

    fixture_begin(&f);
    fixture_put(&f, DOSIS_REF_BRON,
        DOSIS_SLICE("{\"Bron\":\"" OTHER_BRON "\",\"Naam\":\"Ander\"}"));
    put_client(&f, FIXTURE_BRON "\",\"" OTHER_BRON);
    test_ceiling(&f);
    test_lowered(&f);
    test_replaced(&f);
    test_never_counted(&f);
    test_verify(&f);
    test_default(&f);
    test_thirty_days(&f);
    fixture_end(&f);
    return tap_done();
}
