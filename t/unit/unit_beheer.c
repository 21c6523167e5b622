/* SPDX-License-Identifier: EUPL-1.2 */
/* What an operator is shown: pages by name, with a ceiling, and the state. */

#include "../lib/store_fixture.h"
#include "../lib/tap.h"
#include "store/dosis_beheer.h"

#define MANY     1000 /* sources of one client: as many as it may have */
#define BODY_MAX (2 * DOSIS_BEHEER_BYTES)

typedef dosis_rc_t (*door_pt)(dosis_reader_t *reader,
    const dosis_beheer_page_t *page, dosis_buf_t *body);


/* "a b|next" of a page: the names in it, and where it goes on. */
static const char *
shown(fixture_t *f, door_pt door, const char *after, uint32_t limit)
{
    static char text[4096];
    size_t i, at = 0;
    dosis_buf_t body;
    dosis_json_t *root;
    const dosis_json_t *rows, *row;
    bool sources = door == dosis_beheer_bronnen;
    const dosis_beheer_page_t page = { dosis_slice_of(after), limit,
        FIXTURE_NOW };

    dosis_buf_init(&body, BODY_MAX);
    fixture_must(dosis_reader_begin(f->reader), "begin");
    fixture_must(door(f->reader, &page, &body), "page");
    dosis_reader_end(f->reader);
    fixture_must(dosis_json_parse(dosis_buf_slice(&body), &root, NULL), "json");
    rows = dosis_json_get(root, sources ? "Bronnen" : "Clienten");
    for (i = 0; i < dosis_json_count(rows); i++) {
        row = dosis_json_get(
            dosis_json_at(rows, i), sources ? "Bron" : "Client");
        at += (size_t) snprintf(text + at, sizeof(text) - at, "%s%.*s",
            i > 0 ? " " : "", (int) dosis_json_string(row).len,
            dosis_json_string(row).data);
    }
    row = dosis_json_get(root, "Volgende");
    (void) snprintf(text + at, sizeof(text) - at, "|%.*s",
        (int) dosis_json_string(row).len,
        dosis_json_string(row).len > 0 ? dosis_json_string(row).data : "");
    dosis_json_free(root);
    dosis_buf_done(&body);
    return text;
}


static void
test_sources(fixture_t *f)
{
    static const struct {
        const char *after;
        uint32_t limit;
        const char *shown;
    } rows[] = {
        { "", 10, "urn://a urn://proef/bron urn://z|" },
        { "", 1, "urn://a|urn://a" },
        { "", 3, "urn://a urn://proef/bron urn://z|" },
        { "urn://a", 1, "urn://proef/bron|urn://proef/bron" },
        { "urn://b", 1, "urn://proef/bron|urn://proef/bron" },
        { "urn://proef/bron", 1, "urn://z|" },
        { "urn://z", 1, "|" },
    };

    fixture_put(f, DOSIS_REF_BRON,
        DOSIS_SLICE("{\"Bron\":\"urn://z\",\"Naam\":\"Z\"}"));
    fixture_put(f, DOSIS_REF_BRON,
        DOSIS_SLICE("{\"Bron\":\"urn://a\",\"Naam\":\"A\"}"));
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        CHECK(strcmp(shown(f, dosis_beheer_bronnen, rows[i].after,
                         rows[i].limit),
                  rows[i].shown)
                == 0,
            rows[i].shown);
    }
}


/* A client with all the sources that it may have, each as long as can be. */
static void
put_client(fixture_t *f, const char *name)
{
    dosis_buf_t json;

    dosis_buf_init(&json, (size_t) 1 << 20);
    dosis_buf_addf(
        &json, "{\"Client\":\"%s\",\"Naam\":\"N\",\"Bronnen\":[", name);
    for (unsigned i = 0; i < MANY; i++) {
        dosis_buf_addf(&json, "%s\"urn://%0194u\"", i > 0 ? "," : "", i);
    }
    DOSIS_BUF_LIT(&json, "]}");
    fixture_put(f, DOSIS_REF_CLIENT, dosis_buf_slice(&json));
    dosis_buf_done(&json);
}


static void
test_clients(fixture_t *f)
{
    char name[16];

    CHECK(strcmp(shown(f, dosis_beheer_clienten, "", 10), "|") == 0,
        "no clients");
    for (unsigned i = 1; i <= 9; i++) {
        (void) snprintf(name, sizeof(name), "c%u", i);
        put_client(f, name);
    }
    CHECK(strcmp(shown(f, dosis_beheer_clienten, "", 500),
              "c1 c2 c3 c4 c5 c6|c6")
            == 0,
        "a page ends when it grows large");
    CHECK(strcmp(shown(f, dosis_beheer_clienten, "c6", 500), "c7 c8 c9|") == 0,
        "and goes on behind the last one shown");
}


static int64_t
number_at(const dosis_json_t *root, const char *group, const char *name)
{
    return dosis_json_int(dosis_json_get(dosis_json_get(root, group), name));
}


static void
test_state(fixture_t *f)
{
    char spool[128], file[160];
    dosis_buf_t body;
    dosis_json_t *root;
    const dosis_beheer_plaats_t here = { f->dir, DOSIS_SLICE("1.2"),
        FIXTURE_NOW };

    (void) snprintf(spool, sizeof(spool), "%s/spool", f->dir);
    (void) snprintf(file, sizeof(file), "%s/x", spool);
    (void) mkdir(spool, 0700);
    FILE *to = fopen(file, "w");
    if (to != NULL) {
        (void) fputs("12345", to);
        (void) fclose(to);
    }

    dosis_buf_init(&body, BODY_MAX);
    fixture_must(dosis_reader_begin(f->reader), "begin");
    fixture_must(dosis_beheer_toestand(f->reader, &here, &body), "state");
    dosis_reader_end(f->reader);
    fixture_must(dosis_json_parse(dosis_buf_slice(&body), &root, NULL), "json");
    CHECK(number_at(root, "Opslag", "Bytes") > 4096
            && number_at(root, "Opslag", "VrijeBytes") > 0,
        "the store, and the room that is left");
    CHECK(number_at(root, "Spool", "Bytes") == 5, "what the spool takes");
    CHECK(dosis_json_kind(dosis_json_get(
              dosis_json_get(root, "Motor"), "LaatstGehoord"))
            == DOSIS_JSON_NULL,
        "an engine that was never there");
    CHECK(number_at(root, "Uploads", "Wachtend") == 0
            && number_at(root, "Uploads", "Bezig") == 0,
        "no file waits");
    dosis_json_free(root);
    dosis_buf_done(&body);
    (void) unlink(file);
    (void) rmdir(spool);
}


int
main(void)
{
    fixture_t f;

    fixture_begin(&f);
    test_sources(&f);
    test_clients(&f);
    test_state(&f);
    fixture_end(&f);
    return tap_done();
}
