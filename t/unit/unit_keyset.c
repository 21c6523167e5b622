/* SPDX-License-Identifier: EUPL-1.2 */
/* What is published of a key set: new keys at once, old ones for a while. */

#include "crypto/dosis_keyset.h"
#include "tap.h"

#define KEY(kid, x)                                                            \
    "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"" kid "\",\"x\":\"" x      \
    "\",\"x5c\":[\"zz\"]}"
#define A KEY("a", "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")
#define B KEY("b", "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")
#define SET(keys) "{\"keys\":[" keys "]}"


static dosis_rc_t
make(const char *held, const char *fetched, int64_t now, int64_t overlap,
    dosis_buf_t *out)
{
    const dosis_keyset_news_t news = {
        .iss = DOSIS_SLICE("https://x"),
        .held = dosis_slice_of(held),
        .fetched = dosis_slice_of(fetched),
        .now_s = now,
        .overlap_s = overlap,
    };

    dosis_buf_init(out, DOSIS_KEYSET_TEXT_MAX);

    dosis_rc_t rc = dosis_keyset_make(&news, out);

    dosis_buf_add_byte(out, '\0');
    return rc;
}


/* Bit 1: a counts then, bit 2: b. */
static unsigned
counting(const char *text, int64_t now, int64_t *until)
{
    dosis_jwks_t *set;
    unsigned bits = 0;

    if (dosis_keyset_read(dosis_slice_of(text), now, &set, until)
        == DOSIS_OK) {
        bits = (dosis_jwks_has(set, DOSIS_SLICE("a")) ? 1u : 0)
            | (dosis_jwks_has(set, DOSIS_SLICE("b")) ? 2u : 0);
        dosis_jwks_free(set);
    }
    return bits;
}


int
main(void)
{
    dosis_buf_t one, same, two, none, late;
    int64_t until;

    dosis_json_init();
    CHECK(make("", SET(B "," A), 1000, 60, &one) == DOSIS_OK
            && make(one.data, SET(A "," B), 2000, 60, &same) == DOSIS_OK
            && strcmp(one.data, same.data) == 0,
        "the same keys are the same text");
    CHECK(strstr(one.data, "x5c") == NULL, "of a key only what it needs");
    CHECK(make(one.data, SET(B), 1000, 60, &two) == DOSIS_OK
            && counting(two.data, 1059, &until) == 3 && until == 1060,
        "a key that is left out counts for the overlap");
    CHECK(counting(two.data, 1060, &until) == 2 && until == INT64_MAX,
        "and no longer");
    CHECK(make(two.data, "", 1060, 60, &late) == DOSIS_OK
            && strstr(late.data, "\"Vervallen\":[]") != NULL
            && counting(late.data, 0, &until) == 2,
        "without news only what has expired goes");
    CHECK(make(one.data, SET(B), 1000, 0, &none) == DOSIS_OK
            && counting(none.data, 1000, &until) == 2,
        "without an overlap it is gone at once");
    dosis_buf_done(&none);
    CHECK(make(one.data, SET(""), 1000, 60, &none) == DOSIS_EFORMAT,
        "no key is no set");
    dosis_buf_done(&one);
    dosis_buf_done(&same);
    dosis_buf_done(&two);
    dosis_buf_done(&none);
    dosis_buf_done(&late);
    return tap_done();
}
