/* SPDX-License-Identifier: EUPL-1.2 */

#include "../lib/store_fixture.h"
#include "../lib/tap.h"
#include "store/dosis_intake.h"

#define UPLOAD "\"UploadId\":\"00000000-0000-4000-8000-00000000000a\","
#define BODY(bron, upload, naam)                                             \
    "{\"Identificatie\":{\"Bron\":\"" bron "\",\"DossierNummer\":\"1\"},"    \
    upload "\"Naam\":\"" naam "\",\"WijzigingsDatum\":\"2026-03-01\","       \
    "\"TypeDossierCode\":\"DossierStatus\",\"Status\":{\"VlaamsFase\":"      \
    "\"Behandeling\",\"VlaamsCode\":\"InBehandeling\"},\"Agenten\":["        \
    "{\"Identificatie\":\"0123456749\",\"Toegangsrechten\":"                 \
    "[{\"Code\":\"Lezer\"}]}]}"

static const struct {
    const char *fact;
    const char *client;
    const char *json;
    dosis_rc_t rc;
    bool refused;
} rows[] = {
    { "a good one", "eigen", BODY(FIXTURE_BRON, UPLOAD, "x"), DOSIS_OK,
        false },
    { "one without UploadId", "eigen", BODY(FIXTURE_BRON, "", "x"), DOSIS_OK,
        false },
    { "a bad one that can be kept", "eigen", BODY(FIXTURE_BRON, UPLOAD, ""),
        DOSIS_OK, true },
    { "a bad one without UploadId", "eigen", BODY(FIXTURE_BRON, "", ""),
        DOSIS_EINPUT, false },
    { "a source that is none of the client's", "ander",
        BODY(FIXTURE_BRON, UPLOAD, "x"), DOSIS_EDENIED, false },
    { "a source that nobody knows", "eigen",
        BODY("urn://niemand", UPLOAD, "x"), DOSIS_EDENIED, false },
    { "a source that is switched off", "eigen",
        BODY("urn://proef/uit", UPLOAD, "x"), DOSIS_EDENIED, false },
    { "a client that is switched off", "uit",
        BODY(FIXTURE_BRON, UPLOAD, "x"), DOSIS_EDENIED, false },
    { "a client that is not registered", "niemand",
        BODY(FIXTURE_BRON, UPLOAD, "x"), DOSIS_EDENIED, false },
    { "no source at all", "eigen", "{" UPLOAD "\"Naam\":\"x\"}",
        DOSIS_EINPUT, false },
    { "a blank source, and another behind it", "eigen",
        "{\"Identificatie\":{\"Bron\":\" \",\"bron\":\"" FIXTURE_BRON "\"},"
        UPLOAD "\"Naam\":\"x\"}",
        DOSIS_EINPUT, false },
    { "no object", "eigen", "[]", DOSIS_EINPUT, false },
};


static dosis_rc_t
take(fixture_t *f, const char *client, const char *json, dosis_delivery_t *d)
{
    dosis_rc_t rc;
    dosis_json_t *root;
    const dosis_intake_t intake = { .reader = f->reader,
        .client = dosis_slice_of(client), .arena = f->arena,
        .now_ns = FIXTURE_NOW, .future_ns = 86400 * DOSIS_NS_PER_S };

    fixture_must(dosis_json_parse(dosis_slice_of(json), &root, NULL), "json");
    fixture_must(dosis_reader_begin(f->reader), "begin");
    rc = dosis_intake_json(&intake, root, d);
    dosis_reader_end(f->reader);
    dosis_json_free(root);
    return rc;
}


static void
check_rows(fixture_t *f)
{
    size_t i;
    dosis_delivery_t d;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        CHECK(take(f, rows[i].client, rows[i].json, &d) == rows[i].rc
                  && d.refused == rows[i].refused,
            rows[i].fact);
        CHECK((d.problems->count > 0)
                  == (d.refused || rows[i].rc == DOSIS_EINPUT),
            "has problems when it is refused, and only then");
        CHECK(rows[i].rc != DOSIS_OK || d.dossier.upload_id.len == 36,
            "has an UploadId when it goes on");
    }
}


static void
check_source_settings(fixture_t *f)
{
    dosis_delivery_t d;
    static const char body[] =
        "{\"Identificatie\":{\"Bron\":\"%s\",\"DossierNummer\":\"1\"},"
        "\"Naam\":\"x\",\"WijzigingsDatum\":\"2026-03-01\","
        "\"Status\":{\"VlaamsFase\":\"Behandeling\",\"VlaamsCode\":"
        "\"InBehandeling\"},\"Agenten\":[{\"Identificatie\":\"0123456700\","
        "\"Toegangsrechten\":[{\"Code\":\"Lezer\"}]}]}";
    char text[512];

    (void) snprintf(text, sizeof(text), body, FIXTURE_BRON);
    CHECK(take(f, "eigen", text, &d) == DOSIS_EINPUT,
        "a wrong check digit is refused by a strict source");
    (void) snprintf(text, sizeof(text), body, "urn://proef/vorm");
    CHECK(take(f, "eigen", text, &d) == DOSIS_OK,
        "and taken by one that looks at the form only");
}


static void
check_pause(fixture_t *f)
{
    char text[512];
    static char body[1024];
    dosis_delivery_t d;

    (void) snprintf(text, sizeof(text),
        "{\"Bron\":\"%s\",\"Reden\":\"Even niet\"}", FIXTURE_BRON);
    fixture_put(f, DOSIS_REF_PAUZE, dosis_slice_of(text));
    (void) snprintf(body, sizeof(body),
        "{\"Identificatie\":{\"Bron\":\"%s\",\"DossierNummer\":\"n\"}}",
        FIXTURE_BRON);
    CHECK(take(f, "eigen", body, &d) == DOSIS_EPAUSED && !d.refused
            && d.retry_s == DOSIS_PAUZE_RETRY_S && d.problems->count == 1
            && strcmp(d.problems->item[0].text, "Gepauzeerd: Even niet") == 0,
        "a source that is paused: come back, whatever else is wrong");
    CHECK(take(f, "ander", body, &d) == DOSIS_EDENIED,
        "who may not deliver for it learns nothing of it");
    (void) snprintf(body, sizeof(body),
        "{\"Identificatie\":{\"Bron\":\"urn://proef/vorm\","
        "\"DossierNummer\":\"n\"}}");
    CHECK(take(f, "eigen", body, &d) == DOSIS_EINPUT,
        "another source is judged as ever");
}


int
main(void)
{
    fixture_t f;

    fixture_begin(&f);
    fixture_put(&f, DOSIS_REF_BRON,
        DOSIS_SLICE("{\"Bron\":\"urn://proef/uit\",\"Naam\":\"Uit\","
                    "\"Actief\":false}"));
    fixture_put(&f, DOSIS_REF_BRON,
        DOSIS_SLICE("{\"Bron\":\"urn://proef/vorm\",\"Naam\":\"Vorm\","
                    "\"Strengheid\":\"vorm\"}"));
    fixture_put(&f, DOSIS_REF_CLIENT,
        DOSIS_SLICE("{\"Client\":\"eigen\",\"Naam\":\"Eigen\",\"Bronnen\":[\""
                    FIXTURE_BRON "\",\"urn://proef/uit\","
                    "\"urn://proef/vorm\"]}"));
    fixture_put(&f, DOSIS_REF_CLIENT,
        DOSIS_SLICE("{\"Client\":\"ander\",\"Naam\":\"Ander\","
                    "\"Bronnen\":[\"urn://proef/vorm\"]}"));
    fixture_put(&f, DOSIS_REF_CLIENT,
        DOSIS_SLICE("{\"Client\":\"uit\",\"Naam\":\"Uit\",\"Actief\":false,"
                    "\"Bronnen\":[\"" FIXTURE_BRON "\"]}"));
    check_rows(&f);
    check_source_settings(&f);
    check_pause(&f);
    fixture_end(&f);
    return tap_done();
}
