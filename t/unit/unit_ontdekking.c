/* SPDX-License-Identifier: EUPL-1.2 */
/* A discovery document, of the issuer that was asked or of nobody. */

#include "domain/dosis_ontdekking.h"

#include <stdlib.h>
#include <string.h>

#include "tap.h"

#define ARENA_BYTES ((size_t) 64 << 10)
#define ISS "https://a.be/op"
#define LOCAL "http://127.0.0.1:81"
#define DOCUMENT(iss, more) "{\"issuer\":\"" iss "\"" more "}"
#define KEYS(url) ",\"jwks_uri\":\"" url "\""
#define ASK(url) ",\"introspection_endpoint\":\"" url "\""

typedef struct {
    const char *iss;
    const char *json;
    dosis_rc_t rc;
    const char *keys; /* when it is DOSIS_OK */
    const char *ask;
    const char *fact;
} row_t;

static const row_t rows[] = {
    { ISS, DOCUMENT(ISS, KEYS("https://a.be/k")), DOSIS_OK, "https://a.be/k",
        "", "keys alone" },
    { ISS, DOCUMENT(ISS, KEYS("https://b.be/k") ASK("https://c.be/i")),
        DOSIS_OK, "https://b.be/k", "https://c.be/i",
        "keys and questions at other hosts" },
    { ISS, DOCUMENT(ISS, KEYS("https://a.be/k") ",\"more\":[1,{\"a\":null}]"),
        DOSIS_OK, "https://a.be/k", "", "what we do not know is passed over" },
    { LOCAL, DOCUMENT(LOCAL, KEYS(LOCAL "/k") ASK("http://localhost:1/i")),
        DOSIS_OK, LOCAL "/k", "http://localhost:1/i",
        "within the machine plain http" },
    { LOCAL, DOCUMENT(LOCAL, KEYS("https://a.be/k")), DOSIS_OK,
        "https://a.be/k", "", "and from there to https" },
    { ISS, DOCUMENT("https://a.be/op/", KEYS("https://a.be/k")),
        DOSIS_EDENIED, NULL, NULL, "another issuer by a slash" },
    { ISS, DOCUMENT("https://A.be/op", KEYS("https://a.be/k")),
        DOSIS_EDENIED, NULL, NULL, "another one by a capital" },
    { ISS, DOCUMENT(ISS "\\u0000", KEYS("https://a.be/k")), DOSIS_EDENIED,
        NULL, NULL, "another one by a byte 0" },
    { ISS, "{\"jwks_uri\":\"https://a.be/k\"}", DOSIS_EDENIED, NULL, NULL,
        "of nobody" },
    { ISS, "{\"issuer\":1,\"jwks_uri\":\"https://a.be/k\"}", DOSIS_EDENIED,
        NULL, NULL, "an issuer that is no text" },
    { "", DOCUMENT("", KEYS("https://a.be/k")), DOSIS_EDENIED, NULL, NULL,
        "no name is nobody's name" },
    { ISS, DOCUMENT(ISS, ""), DOSIS_EFORMAT, NULL, NULL, "no keys" },
    { ISS, DOCUMENT(ISS, ",\"jwks_uri\":[\"https://a.be/k\"]"), DOSIS_EFORMAT,
        NULL, NULL, "keys in a list" },
    { ISS, DOCUMENT(ISS, KEYS("http://a.be/k")), DOSIS_EFORMAT, NULL, NULL,
        "keys by plain http" },
    { ISS, DOCUMENT(ISS, KEYS("http://127.0.0.1/k")), DOSIS_EFORMAT, NULL,
        NULL, "an issuer outside sends nobody around inside" },
    { ISS, DOCUMENT(ISS, KEYS("file:///etc/passwd")), DOSIS_EFORMAT, NULL,
        NULL, "a file" },
    { ISS, DOCUMENT(ISS, KEYS("https://a.be/k#x")), DOSIS_EFORMAT, NULL, NULL,
        "a fragment" },
    { ISS, DOCUMENT(ISS, KEYS("https://a.be/k\\r\\nX: y")), DOSIS_EFORMAT,
        NULL, NULL, "a line of its own" },
    { ISS, DOCUMENT(ISS, KEYS("https://a.be/k") ASK("http://a.be/i")),
        DOSIS_OK, "https://a.be/k", "",
        "a question by plain http is not asked" },
    { ISS, "[]", DOSIS_EFORMAT, NULL, NULL, "a list" },
    { ISS, "\"" ISS "\"", DOSIS_EFORMAT, NULL, NULL, "a text" },
    { ISS, "", DOSIS_EFORMAT, NULL, NULL, "nothing" },
    { ISS, "<html></html>", DOSIS_EFORMAT, NULL, NULL, "a page" },
};


static bool
holds(const row_t *row)
{
    dosis_arena_t *arena = dosis_arena_create(ARENA_BYTES);
    dosis_ontdekking_t found;
    dosis_rc_t rc = dosis_ontdekking_read(
        dosis_slice_of(row->json), dosis_slice_of(row->iss), arena, &found);
    bool as_said = rc == row->rc
        && (rc != DOSIS_OK
            || (dosis_slice_eq(found.sleutels, dosis_slice_of(row->keys))
                && dosis_slice_eq(
                    found.introspectie, dosis_slice_of(row->ask))));

    if (!as_said) {
        printf("# rc=%s\n", dosis_rc_name(rc));
    }
    dosis_arena_free(arena);
    return as_said;
}


static bool
address_is(const char *iss, const char *wanted)
{
    dosis_buf_t text;
    bool same;

    dosis_buf_init(&text, 256);
    dosis_ontdekking_add_address(&text, dosis_slice_of(iss));
    same = dosis_slice_eq(dosis_buf_slice(&text), dosis_slice_of(wanted));
    dosis_buf_done(&text);
    return same;
}


/* As long as a document may be, and a byte more: blanks behind a good one. */
static void
check_size(void)
{
    static const char good[] = DOCUMENT(ISS, KEYS("https://a.be/k"));
    size_t len = DOSIS_ONTDEKKING_TEXT_MAX;
    dosis_arena_t *arena = dosis_arena_create(ARENA_BYTES);
    char *text = malloc(len + 1);
    dosis_ontdekking_t found;

    memset(text, ' ', len + 1);
    memcpy(text, good, sizeof(good) - 1);
    CHECK(dosis_ontdekking_read(
              dosis_slice(text, len), DOSIS_SLICE(ISS), arena, &found)
            == DOSIS_OK,
        "the longest document");
    CHECK(dosis_ontdekking_read(
              dosis_slice(text, len + 1), DOSIS_SLICE(ISS), arena, &found)
            == DOSIS_EFORMAT,
        "a byte more is none");
    free(text);
    dosis_arena_free(arena);
}


int
main(void)
{
    size_t i;

    dosis_json_init();
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        CHECK(holds(&rows[i]), rows[i].fact);
    }
    CHECK(address_is("https://a.be/op",
              "https://a.be/op/.well-known/openid-configuration"),
        "the address stands behind the issuer");
    CHECK(address_is("https://a.be/",
              "https://a.be/.well-known/openid-configuration"),
        "with one slash between them");
    check_size();
    return tap_done();
}
