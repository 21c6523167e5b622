/* SPDX-License-Identifier: EUPL-1.2 */

#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>

#include "crypto/dosis_jwks.h"
#include "t/lib/mint.h"
#include "t/lib/tap.h"

#define SET_MAX (2 << 20)

static EVP_PKEY *rsa, *rsa_small, *ec, *ed;
static char rsa_n[512], ec_x[64], ec_y[64];
static char ed_x[] = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";


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


/* $N, $X, $Y, $E stand for the numbers of real keys, $S for a small modulus. */
static void
expand(dosis_buf_t *to, const char *template, const char *small)
{
    const char *const values[] = { rsa_n, ec_x, ec_y, ed_x, small };
    const char *const names = "NXYES";
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
#define ED(more) OKP("Ed25519", "$E", more)
#define OKP(crv, x, more)                                                      \
    "{\"kty\":\"OKP\",\"crv\":\"" crv "\",\"x\":\"" x "\"" more "}"
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
    { RSA(KID("a") ",\"alg\":\"PS256\""), 1, "alg PS256 for RSA is usable" },
    { ED(KID("a")), 1, "an Ed25519 key with a kid is usable" },
    { ED(KID("a") ",\"alg\":\"EdDSA\""), 1, "alg EdDSA for it too" },
    { ED(KID("a") ",\"alg\":\"ES256\""), DOSIS_EFORMAT,
        "an Ed25519 key cannot be for ES256" },
    { EC(KID("a") ",\"alg\":\"EdDSA\""), DOSIS_EFORMAT,
        "an EC key cannot be for EdDSA" },
    { EC(KID("a") ",\"alg\":\"PS256\""), DOSIS_EFORMAT,
        "an EC key cannot be for PS256" },
    { OKP("Ed448", "$E", KID("a")), DOSIS_EFORMAT,
        "Ed448 is not usable" },
    { OKP("X25519", "$E", KID("a")), DOSIS_EFORMAT,
        "a key to agree on keys is not usable" },
    { OKP("Ed25519", "AAAA$E", KID("a")), DOSIS_EFORMAT,
        "a point has exactly 32 bytes" },
    { OKP("Ed25519", "", KID("a")), DOSIS_EFORMAT, "an empty point is none" },
    { ED(KID("a") ",\"d\":\"AQAB\""), DOSIS_EFORMAT,
        "a private Ed25519 key" },
    { OKP("Ed25519", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", KID("a")),
        DOSIS_EFORMAT, "a point of order 4 signs for everybody" },
    { OKP("Ed25519", "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", KID("a")),
        DOSIS_EFORMAT, "so does the neutral one" },
    { OKP("Ed25519", "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAIA", KID("a")),
        DOSIS_EFORMAT, "with a sign too" },
    { OKP("Ed25519", "7P_______________________________________38", KID("a")),
        DOSIS_EFORMAT, "so does one of order 2" },
    { OKP("Ed25519", "JuiVj8KyJ7BFw_SJ8u-Y8NXfrAXTxjM5sTgCiG1T_AU", KID("a")),
        DOSIS_EFORMAT, "so does one of order 8" },
    { OKP("Ed25519", "xxdqcD1N2E-6PAt2DRBnDyogU_osOczGTsf9d5KsA3o", KID("a")),
        DOSIS_EFORMAT, "so does the other one of order 8" },
    { EC(KID("a")) ",{\"kty\":\"AKP\",\"pub\":\"$X\"}", 1,
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
    CHECK(parse_many(&buf, 65) == DOSIS_ELIMIT, "65 keys are too many");
    CHECK(parse_kid_of(&buf, 200) == 1, "a kid has up to 200 bytes");
    CHECK(parse_kid_of(&buf, 201) == DOSIS_EFORMAT,
        "a key with a longer one is passed over");
    mint_must(parse_kid_of(&buf, 10) == 1);
    memset(dosis_buf_grow(&buf, (1 << 20) - buf.len), ' ',
        (1 << 20) - buf.len);
    CHECK(parse(buf.data, 1 << 20) == 1, "a document has up to 1 MiB");
    dosis_buf_add_byte(&buf, ' ');
    CHECK(parse(buf.data, buf.len) == DOSIS_ELIMIT,
        "a longer one is refused unread");
    dosis_buf_done(&buf);
}


/* Each of many keys is found under its own name, and verifies. */
static void
test_many(void)
{
    dosis_buf_t buf;
    dosis_jwks_t *set;
    dosis_slice_t text = DOSIS_SLICE("signed text");
    uint8_t sig[1024];
    char kid[32];
    bool ok = true;
    size_t i, len;

    dosis_buf_init(&buf, SET_MAX);
    mint_must(parse_many(&buf, 50) == 50
        && dosis_jwks_parse(dosis_buf_slice(&buf), &set) == DOSIS_OK);
    len = mint_sign(ec, MINT_ES256, text, sig);
    for (i = 0; i < 50; i++) {
        snprintf(kid, sizeof(kid), "k%zu", i);
        ok = ok
            && dosis_jwks_verify(
                   set, dosis_slice_of(kid), text, dosis_slice(sig, len))
                == DOSIS_OK;
    }
    CHECK(ok, "each of 50 keys is found by its kid");
    CHECK(!dosis_jwks_has(set, DOSIS_SLICE("k50")), "another one is not");
    dosis_jwks_free(set);
    dosis_buf_done(&buf);
}


#define PS_KEY                                                                 \
    "{\"kty\":\"RSA\",\"alg\":\"PS256\",\"kid\":\"v\",\"e\":\"AQAB\","         \
    "\"n\":\""                                                                 \
    "orRRoH0KpfluRVZxUTVQUUqKW0YuvvcXCU-h_ugiJOY3-XRtP3yv0xh42AMltu9a"         \
    "FwD2WQO0aUKeidbqyIRQl7WrOTGJ25JRLtincRoSU_rNIPecFegkfz0-QuRuSMmO"         \
    "JUov6XZTE6A-_48X4aApOXofomqNzib0kO2BKZYV2YFMItphBCjgnH2WWFlCZvXA"         \
    "IdD87KCNlFoSvoLeTR7Oa0wDFFtdNJXU7VQR64eNrwX9evw-Ca2g8RJkIvWQl1oZ"         \
    "aYFvSGmLy7obTZyuedRg2Pn4Xnl1AF2bwixOWsD3waRdElaaYoB9O5oC5aUw53MG"         \
    "b0U9H1tMLpz3ggKD90K51Q"                                                   \
    "\"}"

/* Published ones: RFC 8037, A.4; Wycheproof, RSASSA-PSS 2048, 3 and 7. */
static const struct {
    const char *jwk;
    const char *message; /* hex */
    const char *signature;
    const char *fact;
} vectors[] = {
    { "{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"kid\":\"v\",\"x\":"
      "\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}",
        "65794a68624763694f694a465a45525451534a392e52586868625842735a5342"
        "765a6942465a4449314e54453549484e705a323570626d63",
        "860c98d2297f3060a33f42739672d61b53cf3adefed3d3c672f320dc021b411e"
        "9d59b8628dc351e248b88b29468e0e41855b0fb7d83bb15be902bfccb8cd0a02",
        "EdDSA: RFC 8037, A.4" },
    { PS_KEY, "54657374",
        "401eb03cdb47ca88033e3030f6bdecbac8f5c8fc1dd6a13d23d379ed9a2b3098"
        "91d13d74fea9d21d159b9e6d8f37efa2489962e24555f56dd434ff1d31ce4f9f"
        "5abd3f22cbea8b691d6a11e44efb83e2bca155e6a164325e0fde2a8865afd5c9"
        "f51161a9d615f62af7ec2e31b3e5ab649c164490d31d88cfae35b84aea792569"
        "0f929a144b6d2f48e8fb894a52deecd1b9a6496990c4ecf1588699a42cacd10c"
        "53af350514e4291ea9a058e77f101e32c1c0cefa61d945f7bc931f8bd19e7ba3"
        "169358a60e5a8b0123bc3199b9fdcafe8e519c41ba675491a27b85e44ef2d772"
        "77c10fe107293c8290186913bc9a99b640d8da041b64f31eab1d35920985f4a5",
        "PS256: a short message" },
    { PS_KEY,
        "e0e1e2e3e4e5e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff",
        "8bdd6db90323f3bf26a36a4ab5b92180c96881bd32b66317c4b48c2ba1421f84"
        "34000c06adde4264c6ea2d5346468c6d5e97cb13d3cb932e523ac57b59c814fa"
        "0397ca6dcc9bec4be1147d77abcd318a6aba1af46ede2f5640da06511a006fd1"
        "bd5fb8e04be22789956adc47bbec7988be477150f9b24a07dff51530e8f0c14c"
        "fef7d25ca141f512939987b7eb0825633d41a48742bd7f56d4db9733d92ac0f3"
        "6b4041f51332695f551ec91076da2301120c438eb9ec197cbe318d4571b6b790"
        "98d17eded0ca47747a143e34f882ad6e3f490f3a710ff7ec1bffce022027165d"
        "96281e593180c67f44aeda9ce6605e6b8e5eac1347695dab211a965bb3d3f928",
        "PS256: a message of 32 bytes" },
};


static dosis_rc_t
verify_hex(const dosis_jwks_t *set, const char *message, const char *signature)
{
    uint8_t bytes[2][512];
    size_t len[2] = { strlen(message) / 2, strlen(signature) / 2 };

    mint_must(dosis_hex_decode(bytes[0], len[0], dosis_slice_of(message))
        && dosis_hex_decode(bytes[1], len[1], dosis_slice_of(signature)));
    return dosis_jwks_verify(set, DOSIS_SLICE("v"),
        dosis_slice(bytes[0], len[0]), dosis_slice(bytes[1], len[1]));
}


static void
test_vectors(void)
{
    char json[2048];
    dosis_jwks_t *set;
    size_t i;

    for (i = 0; i < sizeof(vectors) / sizeof(*vectors); i++) {
        snprintf(json, sizeof(json), "{\"keys\":[%s]}", vectors[i].jwk);
        mint_must(dosis_jwks_parse(dosis_slice_of(json), &set) == DOSIS_OK);
        CHECK(verify_hex(set, vectors[i].message, vectors[i].signature)
                == DOSIS_OK,
            vectors[i].fact);
        CHECK(verify_hex(set, "00", vectors[i].signature) == DOSIS_EDENIED,
            "and of nothing else");
        dosis_jwks_free(set);
    }
}


static dosis_jwks_t *
set_of_all(void)
{
    static char memory[4096];
    dosis_buf_t buf;
    dosis_jwks_t *set;

    dosis_buf_init_fixed(&buf, memory, sizeof(memory));
    DOSIS_BUF_LIT(&buf, "{\"keys\":[");
    mint_add_jwk(&buf, rsa, "the rsa", "");
    dosis_buf_add_byte(&buf, ',');
    mint_add_jwk(&buf, ec, "the ec", "\"use\":\"sig\",");
    dosis_buf_add_byte(&buf, ',');
    mint_add_jwk(&buf, rsa, "the ps", "\"alg\":\"PS256\",");
    dosis_buf_add_byte(&buf, ',');
    mint_add_jwk(&buf, ed, "the ed", "");
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
        { { "the ps", 6 }, "PS256", "or to PS256, when it says so" },
        { { "the ed", 6 }, "EdDSA", "an Ed25519 key is pinned to EdDSA" },
        { { "the", 3 }, NULL, "a beginning is no kid" },
        { { "the ecX", 7 }, NULL, "a longer one is another kid" },
        { { "the ec\0", 7 }, NULL, "a NUL behind it makes another kid" },
        { { "THE EC", 6 }, NULL, "kids have one spelling" },
        { { NULL, 0 }, NULL, "no kid is no key's" },
    };
    dosis_jwks_t *set = set_of_all();
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        CHECK(alg_is(set, rows[i].kid, rows[i].alg), rows[i].fact);
    }
    dosis_jwks_free(set);
    dosis_jwks_free(NULL);
}


/* Signed in each way; each key takes its own way only. */
static void
test_verify(void)
{
    static const struct {
        dosis_slice_t kid;
        EVP_PKEY **key;
        mint_kind_t kind;
    } rows[] = {
        { { "the rsa", 7 }, &rsa, MINT_RS256 },
        { { "the ps", 6 }, &rsa, MINT_PS256 },
        { { "the ec", 6 }, &ec, MINT_ES256 },
        { { "the ed", 6 }, &ed, MINT_EDDSA },
    };
    enum {
        WAYS = sizeof(rows) / sizeof(*rows)
    };
    dosis_slice_t text = DOSIS_SLICE("signed text");
    dosis_jwks_t *set = set_of_all();
    uint8_t bytes[1024];
    dosis_slice_t sig;
    size_t i, k;

    for (i = 0; i < WAYS; i++) {
        sig = dosis_slice(
            bytes, mint_sign(*rows[i].key, rows[i].kind, text, bytes));
        for (k = 0; k < WAYS; k++) {
            CHECK((dosis_jwks_verify(set, rows[k].kid, text, sig) == DOSIS_OK)
                    == (i == k),
                i == k ? "a signature verifies under its key"
                       : "and under no other key or algorithm");
        }
        CHECK(dosis_jwks_verify(set, rows[i].kid, DOSIS_SLICE("signed texT"),
                  sig)
                == DOSIS_EDENIED,
            "nor over another text");
    }
    CHECK(dosis_jwks_verify(set, DOSIS_SLICE("no one"), text, sig)
            == DOSIS_EDENIED,
        "an unknown kid verifies nothing");
    CHECK(dosis_jwks_knows(DOSIS_SLICE("EdDSA"))
            && !dosis_jwks_knows(DOSIS_SLICE("none"))
            && !dosis_jwks_knows(DOSIS_SLICE("HS256"))
            && !dosis_jwks_knows(DOSIS_SLICE("")),
        "algorithms have names");
    CHECK(ERR_peek_error() == 0, "no failure is left in the error queue");
    dosis_jwks_free(set);
}


int
main(void)
{
    rsa = mint_rsa(2048);
    rsa_small = mint_rsa(1024);
    ec = mint_ec("P-256");
    ed = mint_ed25519();
    number_text(rsa_n, sizeof(rsa_n), rsa, OSSL_PKEY_PARAM_RSA_N);
    number_text(ec_x, sizeof(ec_x), ec, OSSL_PKEY_PARAM_EC_PUB_X);
    number_text(ec_y, sizeof(ec_y), ec, OSSL_PKEY_PARAM_EC_PUB_Y);
    test_documents();
    test_keys();
    test_bits();
    test_ceilings();
    test_many();
    test_lookup();
    test_verify();
    test_vectors();
    EVP_PKEY_free(rsa);
    EVP_PKEY_free(rsa_small);
    EVP_PKEY_free(ec);
    EVP_PKEY_free(ed);
    return tap_done();
}
