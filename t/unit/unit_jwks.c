/* SPDX-License-Identifier: EUPL-1.2 */

#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>

#include "crypto/dosis_jwks.h"
#include "t/lib/mint.h"
#include "t/lib/tap.h"

#define SET_MAX (2 << 20)

static EVP_PKEY *rsa, *rsa_small, *ec;
static char rsa_n[512], ec_x[64], ec_y[64];


static void
number_text(char *to, size_t room, const EVP_PKEY *key, const char *param)
{
    dosis_buf_t buf;

    dosis_buf_init_fixed(&buf, to, room - 1);
    mint_add_number(&buf, key, param, strcmp(param, "n") == 0 ? 0 : 32);
    mint_must(buf.rc == DOSIS_OK);
    to[buf.len] = '\0';
}


/* How many usable keys, or the code. */
static int
parse(const char *json, size_t len)
{
    dosis_jwks_t *set = NULL;
    dosis_rc_t rc = dosis_jwks_parse(dosis_slice(json, len), &set);
    int count = rc == DOSIS_OK ? (int) dosis_jwks_count(set) : (int) rc;

    dosis_jwks_free(set);
    return count;
}


static void
test_documents(void)
{
    static const struct {
        const char *json;
        const char *fact;
    } rows[] = {
        { "", "nothing is no key set" },
        { "{", "half a document is no key set" },
        { "[]", "an array is no key set" },
        { "null", "null is no key set" },
        { "\"keys\"", "a string is no key set" },
        { "{}", "an object without keys is no key set" },
        { "{\"keys\":null}", "keys must be an array: null" },
        { "{\"keys\":{}}", "keys must be an array: object" },
        { "{\"keys\":\"\"}", "keys must be an array: string" },
        { "{\"keys\":[]}", "no keys is no key set" },
        { "{\"keys\":[null,1,\"x\",[],{}]}", "what is no key is no key" },
        { "{\"keys\":[],\"keys\":[]}", "a doubled member is refused" },
    };
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        CHECK(parse(rows[i].json, strlen(rows[i].json)) == DOSIS_EFORMAT,
            rows[i].fact);
    }
}


/* Written with $N, $X, $Y for the numbers of real keys, $S a small modulus. */
static void
expand(dosis_buf_t *to, const char *template, const char *small)
{
    const char *const values[] = { rsa_n, ec_x, ec_y, small };
    const char *const names = "NXYS";
    const char *pos;

    dosis_buf_reset(to);
    for (pos = template; *pos != '\0'; pos++) {
        if (*pos == '$') {
            pos++;
            dosis_buf_add_slice(
                to, dosis_slice_of(values[strchr(names, *pos) - names]));
        } else {
            dosis_buf_add_byte(to, *pos);
        }
    }
    mint_must(to->rc == DOSIS_OK);
}


#define RSA(more) "{\"kty\":\"RSA\",\"n\":\"$N\",\"e\":\"AQAB\"" more "}"
#define EC(more)                                                               \
    "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"$X\",\"y\":\"$Y\"" more "}"
#define KID(kid) ",\"kid\":\"" kid "\""

/* Each row: the keys of a set, and how many are usable, or a code. */
static const struct {
    const char *keys;
    int want;
    const char *fact;
} key_rows[] = {
    { RSA(KID("a")), 1, "an RSA key with a kid is usable" },
    { EC(KID("a")), 1, "an EC key with a kid is usable" },
    { RSA(KID("a")) "," EC(KID("b")), 2, "both in one set" },
    { RSA(KID("a") ",\"use\":\"sig\""), 1, "use sig is usable" },
    { RSA(KID("a") ",\"alg\":\"RS256\""), 1, "alg RS256 for RSA is usable" },
    { EC(KID("a") ",\"alg\":\"ES256\""), 1, "alg ES256 for EC is usable" },
    { RSA(KID("a") ",\"key_ops\":[\"verify\"]"), 1,
        "key_ops verify is usable" },
    { RSA(KID("a") ",\"x5t\":\"z\",\"iat\":1"), 1,
        "members unknown to us are passed over" },
    { EC(KID("a")) ",{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"$X\"}", 1,
        "a key of another kind is passed over" },
    { EC(KID("a")) ",null,7,{},{\"kty\":7}", 1,
        "what is no key beside a key is passed over" },
    { RSA(""), DOSIS_EFORMAT, "a key without kid is not usable" },
    { RSA(KID("")), DOSIS_EFORMAT, "a key with an empty kid is not usable" },
    { RSA(",\"kid\":7"), DOSIS_EFORMAT, "a kid that is a number is none" },
    { RSA(KID("a") ",\"use\":\"enc\""), DOSIS_EFORMAT,
        "use enc is not usable" },
    { RSA(KID("a") ",\"use\":null"), DOSIS_EFORMAT, "use null is not usable" },
    { RSA(KID("a") ",\"alg\":\"RS512\""), DOSIS_EFORMAT,
        "an RSA key for another algorithm is not usable" },
    { RSA(KID("a") ",\"alg\":\"ES256\""), DOSIS_EFORMAT,
        "an RSA key cannot be for ES256" },
    { EC(KID("a") ",\"alg\":\"RS256\""), DOSIS_EFORMAT,
        "an EC key cannot be for RS256" },
    { RSA(KID("a") ",\"alg\":\"HS256\""), DOSIS_EFORMAT,
        "an RSA key cannot be for HS256" },
    { RSA(KID("a") ",\"alg\":\"none\""), DOSIS_EFORMAT,
        "an RSA key cannot be for none" },
    { RSA(KID("a") ",\"key_ops\":[\"encrypt\"]"), DOSIS_EFORMAT,
        "key_ops without verify is not usable" },
    { RSA(KID("a") ",\"key_ops\":[]"), DOSIS_EFORMAT,
        "empty key_ops is not usable" },
    { "{\"kty\":\"rsa\",\"n\":\"$N\",\"e\":\"AQAB\",\"kid\":\"a\"}",
        DOSIS_EFORMAT, "kty has one spelling" },
    { "{\"kty\":\"RSA\",\"n\":\"$S\",\"e\":\"AQAB\",\"kid\":\"a\"}",
        DOSIS_EFORMAT, "an RSA key of 1024 bits is not usable" },
    { "{\"kty\":\"RSA\",\"n\":\"$N=\",\"e\":\"AQAB\",\"kid\":\"a\"}",
        DOSIS_EFORMAT, "a modulus with padding is none" },
    { "{\"kty\":\"RSA\",\"n\":\"$N\",\"kid\":\"a\"}", DOSIS_EFORMAT,
        "an RSA key without exponent is not usable" },
    { "{\"kty\":\"RSA\",\"e\":\"AQAB\",\"kid\":\"a\"}", DOSIS_EFORMAT,
        "an RSA key without modulus is not usable" },
    { "{\"kty\":\"RSA\",\"n\":\"$N\",\"e\":\"AQ\",\"kid\":\"a\"}",
        DOSIS_EFORMAT, "exponent 1 signs for everybody" },
    { "{\"kty\":\"RSA\",\"n\":\"$N\",\"e\":\"AA\",\"kid\":\"a\"}",
        DOSIS_EFORMAT, "exponent 0 is not usable" },
    { "{\"kty\":\"RSA\",\"n\":\"$N\",\"e\":\"AQAA\",\"kid\":\"a\"}",
        DOSIS_EFORMAT, "an even exponent is not usable" },
    { "{\"kty\":\"RSA\",\"n\":\"$N\",\"e\":\"$N\",\"kid\":\"a\"}",
        DOSIS_EFORMAT, "an exponent beyond 64 bits is not usable" },
    { "{\"kty\":\"EC\",\"crv\":\"P-384\",\"x\":\"$X\",\"y\":\"$Y\","
      "\"kid\":\"a\"}",
        DOSIS_EFORMAT, "another curve is not usable" },
    { "{\"kty\":\"EC\",\"x\":\"$X\",\"y\":\"$Y\",\"kid\":\"a\"}", DOSIS_EFORMAT,
        "an EC key without curve is not usable" },
    { "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"$Y\",\"y\":\"$X\","
      "\"kid\":\"a\"}",
        DOSIS_EFORMAT, "a point not on the curve is not usable" },
    { "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"$X\",\"kid\":\"a\"}",
        DOSIS_EFORMAT, "half a point is not usable" },
    { "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AAAA$X\",\"y\":\"$Y\","
      "\"kid\":\"a\"}",
        DOSIS_EFORMAT, "a coordinate has exactly 32 bytes" },
    { RSA(KID("a") ",\"d\":\"AQAB\""), DOSIS_EFORMAT, "a private RSA key" },
    { EC(KID("a") ",\"d\":\"AQAB\""), DOSIS_EFORMAT, "a private EC key" },
    { RSA(KID("a")) "," EC(",\"d\":\"AQAB\""), DOSIS_EFORMAT,
        "a private key spoils the set, even an unusable one" },
    { RSA(KID("a")) ",{\"kty\":\"OKP\",\"d\":\"AQAB\"}", DOSIS_EFORMAT,
        "a private key of another kind spoils the set" },
    { RSA(KID("a")) ",{\"kty\":\"oct\",\"k\":\"AQAB\"}", DOSIS_EFORMAT,
        "a symmetric key spoils the set" },
    { RSA(KID("a") ",\"dp\":null"), DOSIS_EFORMAT,
        "a private member counts whatever is in it" },
    { RSA(KID("a")) "," EC(KID("a")), DOSIS_EFORMAT,
        "two keys with one kid are both passed over" },
    { RSA(KID("a")) "," EC(KID("a")) "," EC(KID("b")), 1,
        "and the others stay" },
    { RSA(KID("a")) "," EC(KID("a")) "," RSA(KID("a")) "," EC(KID("b")), 1,
        "three with one kid are passed over too" },
    { RSA(KID("a")) "," RSA(KID("a") ",\"use\":\"enc\""), 1,
        "an unusable key does not claim its kid" },
};


static void
test_keys(void)
{
    static char memory[16384], wrapped[16384];
    char small[256];
    dosis_buf_t buf;
    size_t i;
    int len;

    number_text(small, sizeof(small), rsa_small, OSSL_PKEY_PARAM_RSA_N);
    dosis_buf_init_fixed(&buf, memory, sizeof(memory));
    for (i = 0; i < sizeof(key_rows) / sizeof(*key_rows); i++) {
        expand(&buf, key_rows[i].keys, small);
        len = snprintf(wrapped, sizeof(wrapped), "{\"keys\":[%.*s]}",
            (int) buf.len, buf.data);
        CHECK(parse(wrapped, (size_t) len) == key_rows[i].want,
            key_rows[i].fact);
    }
    CHECK(ERR_peek_error() == 0, "no failure is left in the error queue");
}


/* An odd modulus of so many bits; nobody needs to know its factors here. */
static int
parse_rsa_bits(size_t bits)
{
    uint8_t n[1100];
    char memory[2048];
    dosis_buf_t buf;

    memset(n, 0xa5, sizeof(n));
    n[0] = (uint8_t) (1 << (bits - 1) % 8);
    dosis_buf_init_fixed(&buf, memory, sizeof(memory));
    DOSIS_BUF_LIT(&buf, "{\"keys\":[{\"kid\":\"a\",\"kty\":\"RSA\",\"n\":\"");
    dosis_base64url_encode(&buf, dosis_slice(n, (bits + 7) / 8));
    DOSIS_BUF_LIT(&buf, "\",\"e\":\"AQAB\"}]}");
    mint_must(buf.rc == DOSIS_OK);
    return parse(buf.data, buf.len);
}


static void
test_bits(void)
{
    static const struct {
        size_t bits;
        int want;
        const char *fact;
    } rows[] = {
        { 2047, DOSIS_EFORMAT, "2047 bits are too few" },
        { 2048, 1, "2048 bits are enough" },
        { 4096, 1, "4096 bits are fine" },
        { 8192, 1, "8192 bits are the most" },
        { 8193, DOSIS_EFORMAT, "8193 bits are too many" },
        { 8800, DOSIS_EFORMAT, "8800 bits are too many" },
    };
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        CHECK(parse_rsa_bits(rows[i].bits) == rows[i].want, rows[i].fact);
    }
}


static int
parse_many(dosis_buf_t *buf, size_t count)
{
    char kid[32];
    size_t i;

    dosis_buf_reset(buf);
    DOSIS_BUF_LIT(buf, "{\"keys\":[");
    for (i = 0; i < count; i++) {
        snprintf(kid, sizeof(kid), "k%zu", i);
        mint_add_jwk(buf, ec, kid, "");
        dosis_buf_add(buf, ",", i + 1 < count ? 1 : 0);
    }
    DOSIS_BUF_LIT(buf, "]}");
    mint_must(buf->rc == DOSIS_OK);
    return parse(buf->data, buf->len);
}


static int
parse_kid_of(dosis_buf_t *buf, size_t len)
{
    char kid[300];

    memset(kid, 'k', len);
    kid[len] = '\0';
    dosis_buf_reset(buf);
    DOSIS_BUF_LIT(buf, "{\"keys\":[");
    mint_add_jwk(buf, ec, kid, "");
    DOSIS_BUF_LIT(buf, "]}");
    mint_must(buf->rc == DOSIS_OK);
    return parse(buf->data, buf->len);
}


static void
test_ceilings(void)
{
    dosis_buf_t buf;

    dosis_buf_init(&buf, SET_MAX);
    CHECK(parse_many(&buf, 64) == 64, "a set holds 64 keys");
    CHECK(parse_many(&buf, 65) == DOSIS_EFORMAT, "65 keys are refused");
    CHECK(parse_kid_of(&buf, 200) == 1, "a kid has up to 200 bytes");
    CHECK(parse_kid_of(&buf, 201) == DOSIS_EFORMAT,
        "a key with a longer one is passed over");
    mint_must(parse_kid_of(&buf, 10) == 1);
    memset(dosis_buf_grow(&buf, (1 << 20) - buf.len), ' ',
        (1 << 20) - buf.len);
    CHECK(parse(buf.data, 1 << 20) == 1, "a document has up to 1 MiB");
    dosis_buf_add_byte(&buf, ' ');
    CHECK(parse(buf.data, buf.len) == DOSIS_EFORMAT,
        "a longer one is refused unread");
    dosis_buf_done(&buf);
}


static dosis_jwks_t *
set_of_two(void)
{
    static char memory[4096];
    dosis_buf_t buf;
    dosis_jwks_t *set;

    dosis_buf_init_fixed(&buf, memory, sizeof(memory));
    DOSIS_BUF_LIT(&buf, "{\"keys\":[");
    mint_add_jwk(&buf, rsa, "the rsa", "");
    dosis_buf_add_byte(&buf, ',');
    mint_add_jwk(&buf, ec, "the ec", "\"use\":\"sig\",");
    DOSIS_BUF_LIT(&buf, "]}");
    mint_must(dosis_jwks_parse(dosis_buf_slice(&buf), &set) == DOSIS_OK);
    return set;
}


static bool
alg_is(const dosis_jwks_t *set, dosis_slice_t kid, const char *want)
{
    const char *alg = dosis_jwks_alg(set, kid);

    if (want == NULL) {
        return alg == NULL && !dosis_jwks_has(set, kid);
    }
    return alg != NULL && strcmp(alg, want) == 0 && dosis_jwks_has(set, kid);
}


static void
test_lookup(void)
{
    static const struct {
        dosis_slice_t kid;
        const char *alg;
        const char *fact;
    } rows[] = {
        { { "the rsa", 7 }, "RS256", "an RSA key is pinned to RS256" },
        { { "the ec", 6 }, "ES256", "an EC key is pinned to ES256" },
        { { "the", 3 }, NULL, "a beginning is no kid" },
        { { "the ecX", 7 }, NULL, "a longer one is another kid" },
        { { "the ec\0", 7 }, NULL, "a NUL behind it makes another kid" },
        { { "THE EC", 6 }, NULL, "kids have one spelling" },
        { { NULL, 0 }, NULL, "no kid is no key's" },
    };
    dosis_jwks_t *set = set_of_two();
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        CHECK(alg_is(set, rows[i].kid, rows[i].alg), rows[i].fact);
    }
    dosis_jwks_free(set);
    dosis_jwks_free(NULL);
}


static void
test_verify(void)
{
    dosis_slice_t text = DOSIS_SLICE("signed text");
    dosis_slice_t kids[] = { DOSIS_SLICE("the rsa"), DOSIS_SLICE("the ec") };
    dosis_jwks_t *set = set_of_two();
    uint8_t sig[2][1024];
    dosis_slice_t sigs[2];

    sigs[0] = dosis_slice(sig[0], mint_sign(rsa, MINT_RS256, text, sig[0]));
    sigs[1] = dosis_slice(sig[1], mint_sign(ec, MINT_ES256, text, sig[1]));
    CHECK(dosis_jwks_verify(set, kids[0], text, sigs[0]) == DOSIS_OK,
        "an RS256 signature verifies");
    CHECK(dosis_jwks_verify(set, kids[1], text, sigs[1]) == DOSIS_OK,
        "an ES256 signature verifies");
    CHECK(dosis_jwks_verify(set, kids[0], text, sigs[1]) == DOSIS_EDENIED
            && dosis_jwks_verify(set, kids[1], text, sigs[0]) == DOSIS_EDENIED,
        "neither does under the other key");
    CHECK(dosis_jwks_verify(set, kids[0], DOSIS_SLICE("signed texT"), sigs[0])
                == DOSIS_EDENIED
            && dosis_jwks_verify(set, kids[1], DOSIS_SLICE(""), sigs[1])
                == DOSIS_EDENIED,
        "neither does over another text");
    CHECK(dosis_jwks_verify(set, DOSIS_SLICE("no one"), text, sigs[0])
            == DOSIS_EDENIED,
        "an unknown kid verifies nothing");
    CHECK(ERR_peek_error() == 0, "no failure is left in the error queue");
    dosis_jwks_free(set);
}


int
main(void)
{
    rsa = mint_rsa(2048);
    rsa_small = mint_rsa(1024);
    ec = mint_ec("P-256");
    number_text(rsa_n, sizeof(rsa_n), rsa, OSSL_PKEY_PARAM_RSA_N);
    number_text(ec_x, sizeof(ec_x), ec, OSSL_PKEY_PARAM_EC_PUB_X);
    number_text(ec_y, sizeof(ec_y), ec, OSSL_PKEY_PARAM_EC_PUB_Y);
    test_documents();
    test_keys();
    test_bits();
    test_ceilings();
    test_lookup();
    test_verify();
    EVP_PKEY_free(rsa);
    EVP_PKEY_free(rsa_small);
    EVP_PKEY_free(ec);
    return tap_done();
}
