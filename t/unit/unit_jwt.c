/* SPDX-License-Identifier: EUPL-1.2 */

#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/hmac.h>

#include "crypto/dosis_jwt.h"
#include "t/lib/mint.h"
#include "t/lib/tap.h"

#define NOW   1800000000
#define ROOM  65536

/* Who signs: keys of issuer a, of issuer b, and of nobody. */
enum {
    A_RSA,
    A_EC,
    A_PS,
    A_ED,
    A_SHARED,
    B_RSA,
    B_EC,
    B_SHARED,
    THIEF_RSA,
    THIEF_EC,
    KEYS
};

static EVP_PKEY *keys[KEYS];
static dosis_buf_t token;

/*
 * a and b use one kid, "shared", for keys of their own. c has the key set of
 * a under another name and audience.
 */
static dosis_jwt_issuer_t issuers[3];
static dosis_jwt_policy_t policy = { issuers, 3, NOW, 60 };


static bool
is_rsa(int key)
{
    return EVP_PKEY_is_a(keys[key], "RSA") == 1;
}


static mint_kind_t
kind_of(int key)
{
    if (key == A_PS) {
        return MINT_PS256;
    }
    if (key == A_ED) {
        return MINT_EDDSA;
    }
    return is_rsa(key) ? MINT_RS256 : MINT_ES256;
}


static dosis_jwks_t *
set_of(int rsa, int ec, int shared, const char *name)
{
    static char memory[8192];
    char kid[16];
    dosis_buf_t buf;
    dosis_jwks_t *set;

    dosis_buf_init_fixed(&buf, memory, sizeof(memory));
    DOSIS_BUF_LIT(&buf, "{\"keys\":[");
    snprintf(kid, sizeof(kid), "%s-rsa", name);
    mint_add_jwk(&buf, keys[rsa], kid, "");
    dosis_buf_add_byte(&buf, ',');
    snprintf(kid, sizeof(kid), "%s-ec", name);
    mint_add_jwk(&buf, keys[ec], kid, "");
    dosis_buf_add_byte(&buf, ',');
    mint_add_jwk(&buf, keys[A_PS], "a-ps", "\"alg\":\"PS256\",");
    dosis_buf_add_byte(&buf, ',');
    mint_add_jwk(&buf, keys[A_ED], "a-ed", "");
    dosis_buf_add_byte(&buf, ',');
    mint_add_jwk(&buf, keys[shared], "shared", "");
    DOSIS_BUF_LIT(&buf, "]}");
    mint_must(dosis_jwks_parse(dosis_buf_slice(&buf), &set) == DOSIS_OK);
    return set;
}


/* The reason; DOSIS_JWT_OK only with a payload, else -1. */
static int
verdict(dosis_slice_t text)
{
    dosis_jwt_t jwt = { .issuer = 99 };
    dosis_jwt_reason_t reason = (dosis_jwt_reason_t) 99;
    dosis_rc_t rc = dosis_jwt_verify(text, &policy, &jwt, &reason);
    bool whole;

    if (rc == DOSIS_OK) {
        whole = reason == DOSIS_JWT_OK && jwt.issuer < policy.count
            && dosis_json_kind(jwt.payload) == DOSIS_JSON_OBJECT;
    } else {
        whole = rc == DOSIS_EDENIED && reason != DOSIS_JWT_OK
            && jwt.payload == NULL && jwt.issuer == 99;
    }
    dosis_json_free(jwt.payload);
    return whole ? (int) reason : -1;
}


/* Mints with that key, in the way of its kind, and asks. */
static int
verdict_of(const char *header, const char *payload, int key)
{
    mint_token(&token, dosis_slice_of(header), dosis_slice_of(payload),
        keys[key], kind_of(key));
    return verdict(dosis_buf_slice(&token));
}


#define ISS_AUD "\"iss\":\"https://a.example\",\"aud\":\"dosis\""
#define GOOD    "{" ISS_AUD ",\"exp\":1800000100}"
#define RS(more) "{\"alg\":\"RS256\"" more "}"
#define ES(more) "{\"alg\":\"ES256\"" more "}"
#define PS(more) "{\"alg\":\"PS256\"" more "}"
#define ED(more) "{\"alg\":\"EdDSA\"" more "}"
#define KID(kid) ",\"kid\":\"" kid "\""

static const struct {
    const char *header;
    int key;
    int reason;
    const char *fact;
} header_rows[] = {
    { RS(KID("a-rsa")), A_RSA, DOSIS_JWT_OK, "an honest RS256 token" },
    { ES(KID("a-ec")), A_EC, DOSIS_JWT_OK, "an honest ES256 token" },
    { PS(KID("a-ps")), A_PS, DOSIS_JWT_OK, "an honest PS256 token" },
    { ED(KID("a-ed")), A_ED, DOSIS_JWT_OK, "an honest EdDSA token" },
    { RS(KID("a-ps")), A_PS, DOSIS_JWT_ALGORITHM,
        "RS256 in the header, a PS256 kid" },
    { PS(KID("a-ps")), A_RSA, DOSIS_JWT_SIGNATURE,
        "an RS256 signature of another key under a PS256 kid" },
    { ED(KID("a-ps")), A_ED, DOSIS_JWT_ALGORITHM,
        "EdDSA in the header, a PS256 kid" },
    { PS(KID("a-ed")), A_PS, DOSIS_JWT_ALGORITHM,
        "PS256 in the header, an Ed25519 kid" },
    { ES(KID("a-ed")), A_ED, DOSIS_JWT_ALGORITHM,
        "ES256 in the header, an Ed25519 kid" },
    { ED(KID("a-ed")), A_EC, DOSIS_JWT_SIGNATURE,
        "an ES256 signature, 64 bytes too, under an Ed25519 kid" },
    { "{\"alg\":\"Ed25519\",\"kid\":\"a-ed\"}", A_ED, DOSIS_JWT_ALGORITHM,
        "EdDSA by another name" },
    { "{\"alg\":\"HS256\",\"kid\":\"a-ed\"}", A_ED, DOSIS_JWT_ALGORITHM,
        "HS256 under an Ed25519 kid" },
    { RS(KID("a-rsa") ",\"typ\":\"JWT\""), A_RSA, DOSIS_JWT_OK, "typ JWT" },
    { RS(KID("a-rsa") ",\"typ\":\"at+jwt\""), A_RSA, DOSIS_JWT_OK,
        "typ at+jwt" },
    { RS(KID("a-rsa") ",\"typ\":\"dpop+jwt\""), A_RSA, DOSIS_JWT_MALFORMED,
        "another typ" },
    { RS(KID("a-rsa") ",\"typ\":\"\""), A_RSA, DOSIS_JWT_MALFORMED,
        "an empty typ" },
    { RS(KID("a-rsa") ",\"typ\":null"), A_RSA, DOSIS_JWT_MALFORMED,
        "typ null" },
    { RS(KID("a-rsa") ",\"cty\":\"x\",\"zz\":[1]"), A_RSA, DOSIS_JWT_OK,
        "header members unknown to us" },
    { RS(KID("a-rsa") ",\"crit\":[\"exp\"]"), A_RSA, DOSIS_JWT_CRITICAL,
        "crit with a known name" },
    { RS(KID("a-rsa") ",\"crit\":[\"b64\"],\"b64\":false"), A_RSA,
        DOSIS_JWT_CRITICAL, "crit with b64" },
    { RS(KID("a-rsa") ",\"crit\":[]"), A_RSA, DOSIS_JWT_CRITICAL,
        "empty crit" },
    { RS(KID("a-rsa") ",\"crit\":null"), A_RSA, DOSIS_JWT_CRITICAL,
        "crit null" },
    { RS(""), A_RSA, DOSIS_JWT_MALFORMED, "no kid" },
    { RS(KID("")), A_RSA, DOSIS_JWT_MALFORMED, "an empty kid" },
    { RS(",\"kid\":1"), A_RSA, DOSIS_JWT_MALFORMED, "a kid that is a number" },
    { RS(",\"kid\":[\"a-rsa\"]"), A_RSA, DOSIS_JWT_MALFORMED,
        "a kid that is an array" },
    { RS(KID("zz")), A_RSA, DOSIS_JWT_UNKNOWN_KEY, "an unknown kid" },
    { RS(KID("A-RSA")), A_RSA, DOSIS_JWT_UNKNOWN_KEY,
        "a kid in other letters" },
    { RS(KID("a-rsa\\u0000")), A_RSA, DOSIS_JWT_UNKNOWN_KEY,
        "a kid with a NUL behind it" },
    { RS(KID("../../dev/null")), A_RSA, DOSIS_JWT_UNKNOWN_KEY,
        "a kid that is a path" },
    { RS(KID("a-rsa")), THIEF_RSA, DOSIS_JWT_SIGNATURE,
        "signed by nobody's RSA key" },
    { ES(KID("a-ec")), THIEF_EC, DOSIS_JWT_SIGNATURE,
        "signed by nobody's EC key" },
    { RS(KID("b-rsa")), A_RSA, DOSIS_JWT_SIGNATURE,
        "the kid of another issuer, the signature of its own" },
    { RS(KID("b-rsa")), B_RSA, DOSIS_JWT_ISSUER,
        "the kid and signature of another issuer" },
    { ES(KID("b-ec")), B_EC, DOSIS_JWT_ISSUER, "the same with EC" },
    { ES(KID("a-rsa")), A_RSA, DOSIS_JWT_ALGORITHM,
        "ES256 in the header, an RSA kid, its RSA signature" },
    { ES(KID("a-rsa")), A_EC, DOSIS_JWT_ALGORITHM,
        "ES256 in the header, an RSA kid, an EC signature" },
    { RS(KID("a-ec")), A_EC, DOSIS_JWT_ALGORITHM,
        "RS256 in the header, an EC kid, its EC signature" },
    { RS(KID("a-ec")), A_RSA, DOSIS_JWT_ALGORITHM,
        "RS256 in the header, an EC kid, an RSA signature" },
    { ES(KID("a-ec")), A_RSA, DOSIS_JWT_SIGNATURE,
        "an RSA signature under an EC kid" },
    { RS(KID("a-rsa")), A_EC, DOSIS_JWT_SIGNATURE,
        "an EC signature under an RSA kid" },
    { "{\"kid\":\"a-rsa\"}", A_RSA, DOSIS_JWT_MALFORMED, "no alg" },
    { "{\"alg\":null,\"kid\":\"a-rsa\"}", A_RSA, DOSIS_JWT_MALFORMED,
        "alg null" },
    { "{\"alg\":[\"RS256\"],\"kid\":\"a-rsa\"}", A_RSA, DOSIS_JWT_MALFORMED,
        "alg in an array" },
    { "{\"alg\":\"\",\"kid\":\"a-rsa\"}", A_RSA, DOSIS_JWT_ALGORITHM,
        "an empty alg" },
    { "{\"alg\":\"rs256\",\"kid\":\"a-rsa\"}", A_RSA, DOSIS_JWT_ALGORITHM,
        "alg in other letters" },
    { "{\"alg\":\"RS256\\u0000\",\"kid\":\"a-rsa\"}", A_RSA,
        DOSIS_JWT_ALGORITHM, "alg with a NUL behind it" },
    { "{\"alg\":\"RS384\",\"kid\":\"a-rsa\"}", A_RSA, DOSIS_JWT_ALGORITHM,
        "RS384" },
    { "{\"alg\":\"PS256\",\"kid\":\"a-rsa\"}", A_RSA, DOSIS_JWT_ALGORITHM,
        "PS256" },
    { "{\"alg\":\"ES384\",\"kid\":\"a-ec\"}", A_EC, DOSIS_JWT_ALGORITHM,
        "ES384" },
    { "{\"alg\":\"ES256K\",\"kid\":\"a-ec\"}", A_EC, DOSIS_JWT_ALGORITHM,
        "ES256K" },
    { "{\"alg\":\"EdDSA\",\"kid\":\"a-ec\"}", A_EC, DOSIS_JWT_ALGORITHM,
        "EdDSA" },
    { "{\"alg\":\"RS256\",\"alg\":\"RS256\",\"kid\":\"a-rsa\"}", A_RSA,
        DOSIS_JWT_MALFORMED, "alg twice" },
    { "{\"alg\":\"none\",\"alg\":\"RS256\",\"kid\":\"a-rsa\"}", A_RSA,
        DOSIS_JWT_MALFORMED, "alg none and RS256" },
    { RS(KID("a-rsa") KID("a-rsa")), A_RSA, DOSIS_JWT_MALFORMED, "kid twice" },
    { "[\"RS256\",\"a-rsa\"]", A_RSA, DOSIS_JWT_MALFORMED,
        "a header that is an array" },
    { "\"RS256\"", A_RSA, DOSIS_JWT_MALFORMED, "a header that is a string" },
    { "", A_RSA, DOSIS_JWT_MALFORMED, "an empty header" },
    { "{}", A_RSA, DOSIS_JWT_MALFORMED, "a header without members" },
    { RS(KID("a-rsa")) "x", A_RSA, DOSIS_JWT_MALFORMED,
        "something behind the header" },
    { "{\"alg\":\"RS256\",\"kid\":\"\xff\"}", A_RSA, DOSIS_JWT_MALFORMED,
        "a header that is no UTF-8" },
    { ES(KID("shared")), A_SHARED, DOSIS_JWT_OK,
        "a kid two issuers use, the key of the first" },
    { ES(KID("shared")), B_SHARED, DOSIS_JWT_ISSUER,
        "that kid, the key of the second, the name of the first" },
    { ES(KID("shared")), THIEF_EC, DOSIS_JWT_SIGNATURE,
        "that kid, nobody's key" },
};


static void
test_headers(void)
{
    size_t i;

    for (i = 0; i < sizeof(header_rows) / sizeof(*header_rows); i++) {
        CHECK(verdict_of(header_rows[i].header, GOOD, header_rows[i].key)
                == header_rows[i].reason,
            header_rows[i].fact);
    }
}


#define TIMES(more) "{" ISS_AUD "," more "}"
#define EXP         "\"exp\":1800000100,"
#define CNF(cnf)    TIMES("\"exp\":1800000100,\"cnf\":" cnf)
#define THUMB       "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define AUD(aud)                                                               \
    "{\"iss\":\"https://a.example\",\"exp\":1800000100,\"aud\":" aud "}"
#define ISS(iss) "{\"aud\":\"dosis\",\"exp\":1800000100,\"iss\":" iss "}"

/* All signed by issuer a, leeway 60. */
static const struct {
    const char *payload;
    int reason;
    const char *fact;
} claim_rows[] = {
    { ISS("\"https://a.example\""), DOSIS_JWT_OK, "the issuer itself" },
    { ISS("\"https://a.example/\""), DOSIS_JWT_ISSUER,
        "iss with a slash more" },
    { ISS("\"HTTPS://a.example\""), DOSIS_JWT_ISSUER, "iss in other letters" },
    { ISS("\"https://b.example\""), DOSIS_JWT_ISSUER, "iss of issuer b" },
    { ISS("\"https://evil.example\""), DOSIS_JWT_ISSUER, "iss of nobody" },
    { ISS("\"\""), DOSIS_JWT_ISSUER, "an empty iss" },
    { ISS("[\"https://a.example\"]"), DOSIS_JWT_ISSUER, "iss in an array" },
    { ISS("null"), DOSIS_JWT_ISSUER, "iss null" },
    { "{\"aud\":\"dosis\",\"exp\":1800000100}", DOSIS_JWT_ISSUER, "no iss" },
    { AUD("[\"dosis\"]"), DOSIS_JWT_OK, "aud in an array" },
    { AUD("[\"x\",7,null,\"dosis\"]"), DOSIS_JWT_OK, "aud among others" },
    { AUD("[]"), DOSIS_JWT_AUDIENCE, "an empty aud array" },
    { AUD("[[\"dosis\"]]"), DOSIS_JWT_AUDIENCE, "aud two arrays deep" },
    { AUD("[\"dosi\",\"dosiss\"]"), DOSIS_JWT_AUDIENCE, "aud almost" },
    { AUD("\"dosis other\""), DOSIS_JWT_AUDIENCE, "aud in a list with blanks" },
    { AUD("\"DOSIS\""), DOSIS_JWT_AUDIENCE, "aud in other letters" },
    { AUD("\"\""), DOSIS_JWT_AUDIENCE, "an empty aud" },
    { AUD("null"), DOSIS_JWT_AUDIENCE, "aud null" },
    { AUD("7"), DOSIS_JWT_AUDIENCE, "aud a number" },
    { AUD("{\"dosis\":\"dosis\"}"), DOSIS_JWT_AUDIENCE, "aud an object" },
    { "{\"iss\":\"https://a.example\",\"exp\":1800000100}", DOSIS_JWT_AUDIENCE,
        "no aud" },
    { AUD("\"dosis-c\""), DOSIS_JWT_AUDIENCE, "the audience of issuer c" },
    { TIMES("\"exp\":1799999941"), DOSIS_JWT_OK, "exp within the leeway" },
    { TIMES("\"exp\":1799999940"), DOSIS_JWT_EXPIRED, "exp at its end" },
    { TIMES("\"exp\":1000000000"), DOSIS_JWT_EXPIRED, "exp long past" },
    { TIMES("\"exp\":0"), DOSIS_JWT_EXPIRED, "exp 0" },
    { TIMES("\"exp\":-1"), DOSIS_JWT_EXPIRED, "exp before 1970" },
    { TIMES("\"exp\":\"1800000100\""), DOSIS_JWT_OK, "exp as text" },
    { TIMES("\"exp\":\"1000000000\""), DOSIS_JWT_EXPIRED, "exp as text, past" },
    { TIMES("\"exp\":1800000100.75"), DOSIS_JWT_OK, "exp with a fraction" },
    { TIMES("\"exp\":1.8000001e9"), DOSIS_JWT_OK, "exp with an exponent" },
    { TIMES("\"exp\":1e9"), DOSIS_JWT_EXPIRED, "exp with an exponent, past" },
    { TIMES("\"exp\":-1e18"), DOSIS_JWT_MALFORMED, "exp a real too far back" },
    { TIMES("\"exp\":1e300"), DOSIS_JWT_MALFORMED, "exp a huge real" },
    { TIMES("\"exp\":1e999"), DOSIS_JWT_MALFORMED, "exp beyond every real" },
    { TIMES("\"exp\":9007199254740992"), DOSIS_JWT_OK, "exp 2^53" },
    { TIMES("\"exp\":9007199254740993"), DOSIS_JWT_MALFORMED, "exp 2^53 + 1" },
    { TIMES("\"exp\":9223372036854775807"), DOSIS_JWT_MALFORMED,
        "exp the highest of 64 bits" },
    { TIMES("\"exp\":-9223372036854775808"), DOSIS_JWT_MALFORMED,
        "exp the lowest of 64 bits" },
    { TIMES("\"exp\":9223372036854775808"), DOSIS_JWT_MALFORMED,
        "exp beyond 64 bits" },
    { TIMES("\"exp\":\"9007199254740993\""), DOSIS_JWT_MALFORMED,
        "exp as text, 2^53 + 1" },
    { TIMES("\"exp\":\"99999999999999999999\""), DOSIS_JWT_MALFORMED,
        "exp as text, 20 digits" },
    { TIMES("\"exp\":\"\""), DOSIS_JWT_MALFORMED, "exp as empty text" },
    { TIMES("\"exp\":\" 1800000100\""), DOSIS_JWT_MALFORMED,
        "exp as text with a blank" },
    { TIMES("\"exp\":\"-1\""), DOSIS_JWT_MALFORMED, "exp as text with a sign" },
    { TIMES("\"exp\":\"0x7fffffff\""), DOSIS_JWT_MALFORMED,
        "exp as hexadecimal text" },
    { TIMES("\"exp\":null"), DOSIS_JWT_MALFORMED, "exp null" },
    { TIMES("\"exp\":true"), DOSIS_JWT_MALFORMED, "exp true" },
    { TIMES("\"exp\":[1800000100]"), DOSIS_JWT_MALFORMED, "exp in an array" },
    { "{" ISS_AUD "}", DOSIS_JWT_MALFORMED, "no exp" },
    { TIMES(EXP "\"nbf\":1800000060"), DOSIS_JWT_OK, "nbf within the leeway" },
    { TIMES(EXP "\"nbf\":1800000061"), DOSIS_JWT_TOO_EARLY, "nbf beyond it" },
    { TIMES(EXP "\"nbf\":\"1800000061\""), DOSIS_JWT_TOO_EARLY,
        "nbf as text, beyond it" },
    { TIMES(EXP "\"nbf\":9007199254740992"), DOSIS_JWT_TOO_EARLY, "nbf 2^53" },
    { TIMES(EXP "\"nbf\":9007199254740993"), DOSIS_JWT_MALFORMED,
        "nbf 2^53 + 1" },
    { TIMES(EXP "\"nbf\":-5"), DOSIS_JWT_OK, "nbf before 1970" },
    { TIMES(EXP "\"nbf\":null"), DOSIS_JWT_MALFORMED, "nbf null" },
    { TIMES(EXP "\"nbf\":\"soon\""), DOSIS_JWT_MALFORMED, "nbf a word" },
    { TIMES(EXP "\"iat\":1800000060"), DOSIS_JWT_OK, "iat within the leeway" },
    { TIMES(EXP "\"iat\":1800000061"), DOSIS_JWT_TOO_EARLY, "iat beyond it" },
    { TIMES(EXP "\"iat\":{}"), DOSIS_JWT_MALFORMED, "iat an object" },
    { TIMES("\"exp\":5,\"nbf\":1900000000"), DOSIS_JWT_EXPIRED,
        "past and future at once" },
    { TIMES(EXP "\"exp\":1800000100"), DOSIS_JWT_MALFORMED, "exp twice" },
    { CNF("{\"x5t#S256\":\"" THUMB "A\"}"), DOSIS_JWT_OK,
        "bound to a certificate" },
    { CNF("{\"x5t#S256\":\"" THUMB "\"}"), DOSIS_JWT_BINDING,
        "bound to a thumbprint that is too short" },
    { CNF("{\"x5t#S256\":\"" THUMB "AA\"}"), DOSIS_JWT_BINDING,
        "bound to a thumbprint that is too long" },
    { CNF("{\"x5t#S256\":\"" THUMB "A=\"}"), DOSIS_JWT_BINDING,
        "bound to a thumbprint with padding" },
    { CNF("{\"x5t#S256\":\"" THUMB "B\"}"), DOSIS_JWT_BINDING,
        "bound to a thumbprint with a stray bit" },
    { CNF("{\"x5t#S256\":\"\"}"), DOSIS_JWT_BINDING,
        "bound to an empty thumbprint" },
    { CNF("{\"x5t#S256\":null}"), DOSIS_JWT_BINDING,
        "bound to a thumbprint null" },
    { CNF("{\"x5t#s256\":\"" THUMB "A\"}"), DOSIS_JWT_BINDING,
        "bound by a name in other letters" },
    { CNF("{\"jkt\":\"" THUMB "A\"}"), DOSIS_JWT_BINDING,
        "bound to a key, which is not checked here" },
    { CNF("{\"x5t#S256\":\"" THUMB "A\",\"jkt\":\"" THUMB "A\"}"),
        DOSIS_JWT_BINDING, "bound to a certificate and to a key" },
    { CNF("{}"), DOSIS_JWT_BINDING, "bound to nothing" },
    { CNF("null"), DOSIS_JWT_BINDING, "cnf null" },
    { CNF("[]"), DOSIS_JWT_BINDING, "cnf an array" },
    { CNF("\"" THUMB "A\""), DOSIS_JWT_BINDING, "cnf a text" },
    { "[" GOOD "]", DOSIS_JWT_MALFORMED, "a payload in an array" },
    { "\"x\"", DOSIS_JWT_MALFORMED, "a payload that is a string" },
    { "null", DOSIS_JWT_MALFORMED, "a payload that is null" },
    { "", DOSIS_JWT_MALFORMED, "an empty payload" },
    { GOOD "}", DOSIS_JWT_MALFORMED, "something behind the payload" },
    { "{" ISS_AUD ",\"exp\":1800000100,\"x\":\"\xc3\"}", DOSIS_JWT_MALFORMED,
        "a payload that is no UTF-8" },
};


static void
test_claims(void)
{
    size_t i;

    for (i = 0; i < sizeof(claim_rows) / sizeof(*claim_rows); i++) {
        CHECK(verdict_of(ES(KID("a-ec")), claim_rows[i].payload, A_EC)
                == claim_rows[i].reason,
            claim_rows[i].fact);
    }
}


/* The policy's own numbers, at exp = 1800000100 and nbf = 1800000000. */
static void
test_leeway(void)
{
    static const struct {
        int64_t now_s;
        int64_t leeway_s;
        int reason;
        const char *fact;
    } rows[] = {
        { 1800000099, 0, DOSIS_JWT_OK, "a second before exp, no leeway" },
        { 1800000100, 0, DOSIS_JWT_EXPIRED, "at exp, no leeway" },
        { 1800000159, 60, DOSIS_JWT_OK, "59 seconds after exp, leeway 60" },
        { 1800000160, 60, DOSIS_JWT_EXPIRED, "60 after exp, leeway 60" },
        { 1800000160, 3600, DOSIS_JWT_EXPIRED, "no more leeway than 60" },
        { 1800000100, -5, DOSIS_JWT_EXPIRED, "no less leeway than 0" },
        { 1800000099, -5, DOSIS_JWT_OK, "and 0 is as said" },
        { 1799999999, 0, DOSIS_JWT_TOO_EARLY, "a second before nbf" },
        { 1799999940, 3600, DOSIS_JWT_OK, "60 before nbf, leeway 60" },
        { 1799999939, 3600, DOSIS_JWT_TOO_EARLY, "61 before nbf" },
    };
    dosis_jwt_policy_t kept = policy;
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        policy.now_s = rows[i].now_s;
        policy.leeway_s = rows[i].leeway_s;
        CHECK(verdict_of(ES(KID("a-ec")),
                  TIMES(EXP "\"nbf\":1800000000"), A_EC)
                == rows[i].reason,
            rows[i].fact);
    }
    policy = kept;
}


/* Which issuer accepts, and what comes out. */
static void
test_issuers(void)
{
    static const struct {
        const char *payload;
        const char *header;
        int key;
        size_t issuer;
        const char *fact;
    } rows[] = {
        { GOOD, RS(KID("a-rsa")), A_RSA, 0, "a token of issuer a" },
        { "{\"iss\":\"https://b.example\",\"aud\":\"dosis\","
          "\"exp\":1800000100}",
            RS(KID("b-rsa")), B_RSA, 1, "a token of issuer b" },
        { "{\"iss\":\"https://b.example\",\"aud\":\"dosis\","
          "\"exp\":1800000100}",
            ES(KID("shared")), B_SHARED, 1,
            "a token of issuer b under the kid a has too" },
        { "{\"iss\":\"https://c.example\",\"aud\":\"dosis-c\","
          "\"exp\":1800000100}",
            RS(KID("a-rsa")), A_RSA, 2,
            "a token of issuer c, who shares its keys with a" },
    };
    dosis_jwt_reason_t reason;
    dosis_jwt_t jwt;
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        mint_token(&token, dosis_slice_of(rows[i].header),
            dosis_slice_of(rows[i].payload), keys[rows[i].key],
            is_rsa(rows[i].key) ? MINT_RS256 : MINT_ES256);
        jwt = (dosis_jwt_t) { 0 };
        CHECK(dosis_jwt_verify(dosis_buf_slice(&token), &policy, &jwt, &reason)
                    == DOSIS_OK
                && jwt.issuer == rows[i].issuer && jwt.exp_s == 1800000100
                && dosis_json_string(dosis_json_get(jwt.payload, "iss")).len
                    == 17,
            rows[i].fact);
        dosis_json_free(jwt.payload);
    }
    CHECK(verdict_of(RS(KID("a-rsa")),
              "{\"iss\":\"https://c.example\",\"aud\":\"dosis\","
              "\"exp\":1800000100}",
              A_RSA)
            == DOSIS_JWT_AUDIENCE,
        "the audience of a is not that of c");
}


/* A policy that was not filled in accepts nothing. */
static void
test_empty_policy(void)
{
    const char *empty = "{\"iss\":\"\",\"aud\":\"\",\"exp\":1800000100}";
    dosis_jwt_issuer_t kept = issuers[0];

    issuers[0].issuer = dosis_slice(NULL, 0);
    CHECK(verdict_of(ES(KID("a-ec")), empty, A_EC) == DOSIS_JWT_ISSUER,
        "no issuer configured: an empty iss is not it");
    issuers[0] = kept;
    issuers[0].audience = dosis_slice(NULL, 0);
    CHECK(verdict_of(ES(KID("a-ec")), AUD("\"\""), A_EC) == DOSIS_JWT_AUDIENCE,
        "no audience configured: an empty aud is not it");
    issuers[0] = kept;
    issuers[0].keys = NULL;
    CHECK(verdict_of(ES(KID("b-ec")),
              "{\"iss\":\"https://b.example\",\"aud\":\"dosis\","
              "\"exp\":1800000100}",
              B_EC)
            == DOSIS_JWT_OK,
        "an issuer without keys yet does not disturb another");
    issuers[0] = kept;
    policy.count = 0;
    CHECK(verdict_of(ES(KID("a-ec")), GOOD, A_EC) == DOSIS_JWT_UNKNOWN_KEY,
        "no issuers: no key is known");
    policy.count = 3;
}


/* `none`, with and without a signature, in every mix of letters. */
static void
test_none(void)
{
    char header[64];
    dosis_slice_t payload = DOSIS_SLICE(GOOD);
    size_t letters, i;
    bool bare = true, known = true, signed_too = true;

    for (letters = 0; letters < 16; letters++) {
        memcpy(header, "{\"alg\":\"none\"}", 15);
        for (i = 0; i < 4; i++) {
            header[8 + i] ^= (letters >> i & 1) ? 0x20 : 0;
        }
        mint_start(&token, dosis_slice_of(header), payload);
        dosis_buf_add_byte(&token, '.');
        bare = bare && verdict(dosis_buf_slice(&token)) == DOSIS_JWT_ALGORITHM;
        memcpy(header + 13, ",\"kid\":\"a-rsa\"}", 16);
        mint_start(&token, dosis_slice_of(header), payload);
        dosis_buf_add_byte(&token, '.');
        known = known
                && verdict(dosis_buf_slice(&token)) == DOSIS_JWT_ALGORITHM;
        signed_too = signed_too
            && verdict_of(header, GOOD, A_RSA) == DOSIS_JWT_ALGORITHM;
    }
    CHECK(bare, "none without a kid, in every capitalisation");
    CHECK(known, "none with a known kid, in every capitalisation");
    CHECK(signed_too, "none with a good signature, in every capitalisation");
}


/* A token whose secret is something public: HS256 and its sisters. */
static bool
forged_is_refused(dosis_slice_t secret, const char *alg, const char *kid,
    int reason)
{
    char header[128];
    uint8_t mac[EVP_MAX_MD_SIZE];
    unsigned len;
    const EVP_MD *md = EVP_sha256();

    md = strstr(alg, "384") != NULL ? EVP_sha384() : md;
    md = strstr(alg, "512") != NULL ? EVP_sha512() : md;
    snprintf(header, sizeof(header), "{\"alg\":\"%s\",\"kid\":\"%s\"}", alg,
        kid);
    mint_start(&token, dosis_slice_of(header), DOSIS_SLICE(GOOD));
    mint_must(HMAC(md, secret.data, (int) secret.len, (uint8_t *) token.data,
                  token.len, mac, &len)
        != NULL);
    mint_end(&token, mac, len);
    return verdict(dosis_buf_slice(&token)) == reason;
}


static void
secret_add(dosis_buf_t *to, int key, size_t form)
{
    const char *n = is_rsa(key) ? OSSL_PKEY_PARAM_RSA_N
                                : OSSL_PKEY_PARAM_EC_PUB_X;
    char text[1024];
    dosis_buf_t number;

    dosis_buf_reset(to);
    switch (form) {
    case 0:
    case 1:
        mint_add_public(to, keys[key], "PEM", "SubjectPublicKeyInfo");
        to->len -= form; /* once without its last newline */
        break;
    case 2:
        mint_add_public(to, keys[key], "DER", "SubjectPublicKeyInfo");
        break;
    case 3:
        mint_add_jwk(to, keys[key], "a-rsa", "");
        break;
    case 4:
        mint_add_number(to, keys[key], n, is_rsa(key) ? 0 : 32);
        break;
    case 5:
        dosis_buf_init_fixed(&number, text, sizeof(text));
        mint_add_number(&number, keys[key], n, is_rsa(key) ? 0 : 32);
        mint_must(dosis_base64url_decode(to, dosis_buf_slice(&number))
            == DOSIS_OK);
        break;
    case 6:
        mint_add_public(to, keys[key], "PEM",
            is_rsa(key) ? "type-specific" : "SubjectPublicKeyInfo");
        break;
    default:
        mint_add_public(to, keys[key], "DER",
            is_rsa(key) ? "type-specific" : "SubjectPublicKeyInfo");
    }
    mint_must(to->rc == DOSIS_OK && to->len > 0);
}


static void
test_hmac(void)
{
    static const char *const facts[] = {
        "HMAC under the PEM",
        "HMAC under the PEM without its last newline",
        "HMAC under the DER",
        "HMAC under the JWK text",
        "HMAC under the modulus as text",
        "HMAC under the modulus bytes",
        "HMAC under the PKCS #1 PEM",
        "HMAC under the PKCS #1 DER",
    };
    static const struct {
        const char *alg;
        const char *kid;
        int key;
        int reason;
    } rows[] = {
        { "HS256", "a-rsa", A_RSA, DOSIS_JWT_ALGORITHM },
        { "HS384", "a-rsa", A_RSA, DOSIS_JWT_ALGORITHM },
        { "HS512", "a-rsa", A_RSA, DOSIS_JWT_ALGORITHM },
        { "hs256", "a-rsa", A_RSA, DOSIS_JWT_ALGORITHM },
        { "HS256", "a-ec", A_EC, DOSIS_JWT_ALGORITHM },
        { "HS256", "unknown", A_RSA, DOSIS_JWT_ALGORITHM },
        { "RS256", "a-rsa", A_RSA, DOSIS_JWT_SIGNATURE },
        { "ES256", "a-ec", A_EC, DOSIS_JWT_SIGNATURE },
        { "ES256", "a-rsa", A_RSA, DOSIS_JWT_ALGORITHM },
    };
    dosis_buf_t secret;
    size_t form, i;
    bool ok;

    dosis_buf_init(&secret, ROOM);
    for (form = 0; form < sizeof(facts) / sizeof(*facts); form++) {
        ok = true;
        for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
            secret_add(&secret, rows[i].key, form);
            ok = ok
                && forged_is_refused(dosis_buf_slice(&secret), rows[i].alg,
                    rows[i].kid, rows[i].reason);
        }
        CHECK(ok, facts[form]);
    }
    dosis_buf_done(&secret);
    CHECK(forged_is_refused(dosis_slice("", 0), "HS256", "a-rsa",
              DOSIS_JWT_ALGORITHM),
        "HMAC under nothing");
}


/* Other keys offered in the header itself are never looked at. */
static void
test_own_key(void)
{
    static const char *const names[] = { "jwk", "jku", "x5c", "x5u" };
    static const char *const facts[] = {
        "the thief's key in jwk",
        "the thief's key set in jku",
        "the thief's certificate in x5c",
        "the thief's certificate in x5u",
    };
    char header[4096], memory[2048];
    dosis_buf_t jwk;
    size_t i;

    dosis_buf_init_fixed(&jwk, memory, sizeof(memory));
    mint_add_jwk(&jwk, keys[THIEF_RSA], "a-rsa", "");
    for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
        snprintf(header, sizeof(header),
            "{\"alg\":\"RS256\",\"kid\":\"a-rsa\",\"%s\":%.*s}", names[i],
            (int) jwk.len, jwk.data);
        CHECK(verdict_of(header, GOOD, THIEF_RSA) == DOSIS_JWT_SIGNATURE,
            facts[i]);
    }
}


/* An ES256 token of issuer a with these bytes as its signature. */
static int
verdict_of_sig(const uint8_t *sig, size_t len)
{
    mint_start(&token, DOSIS_SLICE(ES(KID("a-ec"))), DOSIS_SLICE(GOOD));
    mint_end(&token, sig, len);
    return verdict(dosis_buf_slice(&token));
}


static void
test_es256_forms(void)
{
    static const uint8_t order[32] = { 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0xff,
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa, 0xad, 0xa7,
        0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51 };
    uint8_t good[1024] = { 0 }, sig[1024];
    size_t len;

    mint_start(&token, DOSIS_SLICE(ES(KID("a-ec"))), DOSIS_SLICE(GOOD));
    len = mint_sign(keys[A_EC], MINT_ES256, dosis_buf_slice(&token), good);
    CHECK(len == 64 && verdict_of_sig(good, 64) == DOSIS_JWT_OK,
        "64 raw bytes are a signature");
    CHECK(verdict_of_sig(good, 63) == DOSIS_JWT_SIGNATURE, "63 are not");
    CHECK(verdict_of_sig(good, 65) == DOSIS_JWT_SIGNATURE, "65 are not");
    CHECK(verdict_of_sig(good, 0) == DOSIS_JWT_SIGNATURE, "none are not");
    CHECK(verdict_of_sig(good, 128) == DOSIS_JWT_SIGNATURE, "128 are not");
    memset(sig, 0, sizeof(sig));
    CHECK(verdict_of_sig(sig, 64) == DOSIS_JWT_SIGNATURE, "r = s = 0");
    memcpy(sig, good, 32);
    CHECK(verdict_of_sig(sig, 64) == DOSIS_JWT_SIGNATURE, "s = 0");
    memset(sig, 0, 32);
    memcpy(sig + 32, good + 32, 32);
    CHECK(verdict_of_sig(sig, 64) == DOSIS_JWT_SIGNATURE, "r = 0");
    memcpy(sig, order, 32);
    CHECK(verdict_of_sig(sig, 64) == DOSIS_JWT_SIGNATURE,
        "r = the order of the curve");
    memcpy(sig, good, 32);
    memcpy(sig + 32, order, 32);
    CHECK(verdict_of_sig(sig, 64) == DOSIS_JWT_SIGNATURE,
        "s = the order of the curve");
    memset(sig, 0xff, 64);
    CHECK(verdict_of_sig(sig, 64) == DOSIS_JWT_SIGNATURE, "all bits set");
    memcpy(sig, good + 32, 32);
    memcpy(sig + 32, good, 32);
    CHECK(verdict_of_sig(sig, 64) == DOSIS_JWT_SIGNATURE, "r and s swapped");
    mint_start(&token, DOSIS_SLICE(ES(KID("a-ec"))), DOSIS_SLICE(GOOD));
    len = mint_sign(keys[A_EC], MINT_ES256_DER, dosis_buf_slice(&token), sig);
    CHECK(verdict_of_sig(sig, len) == DOSIS_JWT_SIGNATURE,
        "a good signature in DER");
}


static void
test_rs256_forms(void)
{
    dosis_slice_t header = DOSIS_SLICE(RS(KID("a-rsa")));
    dosis_slice_t payload = DOSIS_SLICE(GOOD);
    uint8_t sig[1024] = { 0 };
    static const size_t lengths[] = { 0, 1, 255, 257, 512 };
    bool ok = true;
    size_t i, len;

    mint_token(&token, header, payload, keys[A_RSA], MINT_PS256);
    CHECK(verdict(dosis_buf_slice(&token)) == DOSIS_JWT_SIGNATURE,
        "a PSS signature is no RS256");
    mint_start(&token, header, payload);
    len = mint_sign(keys[A_RSA], MINT_RS256, dosis_buf_slice(&token), sig);
    mint_must(len == 256);
    for (i = 0; i < sizeof(lengths) / sizeof(*lengths); i++) {
        mint_start(&token, header, payload);
        mint_end(&token, sig, lengths[i]);
        ok = ok && verdict(dosis_buf_slice(&token)) == DOSIS_JWT_SIGNATURE;
    }
    CHECK(ok, "an RS256 signature has the length of its modulus");
    memset(sig, 0, 256);
    mint_start(&token, header, payload);
    mint_end(&token, sig, 256);
    CHECK(verdict(dosis_buf_slice(&token)) == DOSIS_JWT_SIGNATURE,
        "0 to the power e is no signature");
    sig[255] = 1;
    mint_start(&token, header, payload);
    mint_end(&token, sig, 256);
    CHECK(verdict(dosis_buf_slice(&token)) == DOSIS_JWT_SIGNATURE,
        "1 to the power e is no signature");
}


static void
test_ps256_forms(void)
{
    static const struct {
        mint_kind_t kind;
        int reason;
        const char *fact;
    } rows[] = {
        { MINT_PS256, DOSIS_JWT_OK, "a salt as long as the hash" },
        { MINT_PS256_LONG, DOSIS_JWT_SIGNATURE, "a longer salt" },
        { MINT_PS256_BARE, DOSIS_JWT_SIGNATURE, "no salt" },
        { MINT_RS256, DOSIS_JWT_SIGNATURE, "the padding of RS256" },
    };
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        mint_token(&token, DOSIS_SLICE(PS(KID("a-ps"))), DOSIS_SLICE(GOOD),
            keys[A_PS], rows[i].kind);
        CHECK(
            verdict(dosis_buf_slice(&token)) == rows[i].reason, rows[i].fact);
    }
}


static void
test_binding(void)
{
    dosis_jwt_reason_t reason;
    dosis_jwt_t jwt = { .issuer = 99 };
    uint8_t zeros[32] = { 0 };

    (void) verdict_of(
        ES(KID("a-ec")), CNF("{\"x5t#S256\":\"" THUMB "A\"}"), A_EC);
    CHECK(dosis_jwt_verify(dosis_buf_slice(&token), &policy, &jwt, &reason)
                == DOSIS_OK
            && jwt.binding.bound
            && memcmp(jwt.binding.sha256, zeros, sizeof(zeros)) == 0,
        "a thumbprint is given as it stands in the token");
    dosis_json_free(jwt.payload);
    (void) verdict_of(ES(KID("a-ec")), GOOD, A_EC);
    CHECK(dosis_jwt_verify(dosis_buf_slice(&token), &policy, &jwt, &reason)
                == DOSIS_OK
            && !jwt.binding.bound,
        "a token without cnf is bound to nothing");
    dosis_json_free(jwt.payload);
}


/* Every letter of a good token counts, each put in six other ways. */
static bool
every_letter_counts(const char *header, int key)
{
    static const char letters[] = "ABMZaz09-_";
    static char copy[8192];
    dosis_slice_t text;
    size_t i, k;
    bool ok;

    ok = verdict_of(header, GOOD, key) == DOSIS_JWT_OK;
    text = dosis_buf_slice(&token);
    mint_must(text.len < sizeof(copy));
    for (i = 0; i < text.len; i++) {
        memcpy(copy, text.data, text.len);
        for (k = 0; k < sizeof(letters); k++) {
            copy[i] = letters[k];
            ok = ok
                && (copy[i] == text.data[i]
                    || verdict(dosis_slice(copy, text.len)) > DOSIS_JWT_OK);
        }
    }
    return ok;
}


/* Every beginning of a good token is refused. */
static bool
no_beginning_passes(const char *header, int key)
{
    size_t len;
    bool ok;

    ok = verdict_of(header, GOOD, key) == DOSIS_JWT_OK;
    for (len = 0; len < token.len; len++) {
        ok = ok && verdict(dosis_slice(token.data, len)) > DOSIS_JWT_OK;
    }
    return ok;
}


static void
test_tampering(void)
{
    CHECK(every_letter_counts(RS(KID("a-rsa")), A_RSA),
        "no letter of an RS256 token can be changed");
    CHECK(every_letter_counts(ES(KID("a-ec")), A_EC),
        "no letter of an ES256 token can be changed");
    CHECK(every_letter_counts(ED(KID("a-ed")), A_ED),
        "no letter of an EdDSA token can be changed");
    CHECK(no_beginning_passes(RS(KID("a-rsa")), A_RSA),
        "no beginning of an RS256 token passes");
    CHECK(no_beginning_passes(ES(KID("a-ec")), A_EC),
        "no beginning of an ES256 token passes");
}


/* Each row: put where (0 front, 1 end, 2 before each dot), and what. */
static void
test_forms(void)
{
    static const struct {
        int where;
        dosis_slice_t what;
        const char *fact;
    } rows[] = {
        { 0, { " ", 1 }, "a blank in front" },
        { 0, { "Bearer ", 7 }, "the scheme in front" },
        { 0, { "\"", 1 }, "a quote in front" },
        { 0, { ".", 1 }, "a dot in front" },
        { 1, { " ", 1 }, "a blank behind" },
        { 1, { "\n", 1 }, "a newline behind" },
        { 1, { "\r\n", 2 }, "a line end behind" },
        { 1, { "\0", 1 }, "a NUL behind" },
        { 1, { "=", 1 }, "one padding sign behind" },
        { 1, { "==", 2 }, "two padding signs behind" },
        { 1, { ".", 1 }, "a dot behind" },
        { 1, { ".e30", 4 }, "a fourth part" },
        { 1, { ".e30.e30", 8 }, "five parts, as an encrypted token" },
        { 1, { "B", 1 }, "a letter behind" },
        { 1, { "\xc3\xa9", 2 }, "a letter beyond ASCII behind" },
        { 2, { "=", 1 }, "padding in the middle" },
        { 2, { " ", 1 }, "a blank in the middle" },
        { 2, { ".", 1 }, "an empty part in the middle" },
        { 2, { "+", 1 }, "a plus, of the other alphabet" },
        { 2, { "/", 1 }, "a slash, of the other alphabet" },
    };
    static char copy[8192];
    dosis_buf_t text;
    size_t i, k;

    mint_must(verdict_of(ES(KID("a-ec")), GOOD, A_EC) == DOSIS_JWT_OK);
    dosis_buf_init_fixed(&text, copy, sizeof(copy));
    for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        dosis_buf_reset(&text);
        if (rows[i].where == 0) {
            dosis_buf_add_slice(&text, rows[i].what);
        }
        for (k = 0; k < token.len; k++) {
            if (rows[i].where == 2 && token.data[k] == '.') {
                dosis_buf_add_slice(&text, rows[i].what);
            }
            dosis_buf_add_byte(&text, token.data[k]);
        }
        if (rows[i].where == 1) {
            dosis_buf_add_slice(&text, rows[i].what);
        }
        CHECK(verdict(dosis_buf_slice(&text)) == DOSIS_JWT_MALFORMED,
            rows[i].fact);
    }
}


static void
test_not_tokens(void)
{
    static const struct {
        dosis_slice_t text;
        const char *fact;
    } rows[] = {
        { { NULL, 0 }, "nothing is no token" },
        { { "", 0 }, "an empty text is no token" },
        { { ".", 1 }, "one dot is no token" },
        { { "..", 2 }, "two dots are no token" },
        { { "...", 3 }, "three dots are no token" },
        { { "e30", 3 }, "one part is no token" },
        { { "e30.e30", 7 }, "two parts are no token" },
        { { "e30.e30.", 8 }, "an empty header object is no token" },
        { { ".e30.e30", 8 }, "no header is no token" },
        { { "e31.e30.e30", 11 }, "stray bits are no token" },
    };
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        CHECK(verdict(rows[i].text) == DOSIS_JWT_MALFORMED, rows[i].fact);
    }
}


/* The last letter of a 64-byte signature has 4 bits to spare. */
static void
test_stray_bits(void)
{
    static const char alphabet[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    const char *at;
    size_t value, bits;
    bool ok = true;
    char *last;

    mint_must(verdict_of(ES(KID("a-ec")), GOOD, A_EC) == DOSIS_JWT_OK);
    last = &token.data[token.len - 1];
    at = strchr(alphabet, *last);
    mint_must(at != NULL);
    value = (size_t) (at - alphabet);
    for (bits = 1; bits < 16; bits++) {
        *last = alphabet[value | bits];
        ok = ok && verdict(dosis_buf_slice(&token)) == DOSIS_JWT_MALFORMED;
    }
    *last = alphabet[value];
    CHECK(ok, "a good token with stray bits is another text, and refused");
    CHECK(verdict(dosis_buf_slice(&token)) == DOSIS_JWT_OK,
        "and without them it passes");
}


/* A good token of exactly that length; false when none can be made. */
static bool
token_of_length(size_t want)
{
    static char payload[16384];
    size_t pad = 0;
    int len;

    do {
        len = snprintf(payload, sizeof(payload), TIMES(EXP "\"x\":\"%0*d\""),
            (int) pad + 1, 0);
        mint_token(&token, DOSIS_SLICE(ES(KID("a-ec"))),
            dosis_slice(payload, (size_t) len), keys[A_EC], MINT_ES256);
        pad += token.len + 8 < want ? (want - token.len) * 3 / 4 - 4 : 1;
    } while (token.len < want);
    return token.len == want;
}


static void
test_lengths(void)
{
    CHECK(token_of_length(DOSIS_JWT_MAX)
            && verdict(dosis_buf_slice(&token)) == DOSIS_JWT_OK,
        "a token of 8192 bytes passes");
    CHECK((token_of_length(DOSIS_JWT_MAX + 1)
              || token_of_length(DOSIS_JWT_MAX + 2))
            && verdict(dosis_buf_slice(&token)) == DOSIS_JWT_TOO_LONG,
        "a longer one does not");
    CHECK((token_of_length(9 * 1024) || token_of_length(9 * 1024 + 1))
            && verdict(dosis_buf_slice(&token)) == DOSIS_JWT_TOO_LONG,
        "nor does one of 9 KiB");
}


static void
test_texts(void)
{
    const char *one;
    int i, k;
    bool ok = true;

    for (i = DOSIS_JWT_OK; i <= DOSIS_JWT_TOO_EARLY; i++) {
        one = dosis_jwt_reason_text((dosis_jwt_reason_t) i);
        ok = ok && one != NULL && strlen(one) > 8
            && strpbrk(one, "\"\\") == NULL;
        for (k = DOSIS_JWT_OK; ok && k < i; k++) {
            ok = strcmp(one, dosis_jwt_reason_text((dosis_jwt_reason_t) k))
                != 0;
        }
    }
    CHECK(ok, "each reason has a text of its own, fit for a header");
    CHECK(dosis_jwt_reason_text((dosis_jwt_reason_t) 4711) != NULL,
        "a reason that is none has a text too");
}


static void
setup(void)
{
    static const char *const names[] = { "https://a.example",
        "https://b.example", "https://c.example" };
    size_t i;

    for (i = 0; i < KEYS; i++) {
        if (i == A_RSA || i == A_PS || i == B_RSA || i == THIEF_RSA) {
            keys[i] = mint_rsa(2048);
        } else {
            keys[i] = i == A_ED ? mint_ed25519() : mint_ec("P-256");
        }
    }
    for (i = 0; i < 3; i++) {
        issuers[i].issuer = dosis_slice_of(names[i]);
        issuers[i].audience =
            i == 2 ? DOSIS_SLICE("dosis-c") : DOSIS_SLICE("dosis");
        issuers[i].keys = i == 1 ? set_of(B_RSA, B_EC, B_SHARED, "b")
                                 : set_of(A_RSA, A_EC, A_SHARED, "a");
    }
    dosis_buf_init(&token, ROOM);
}


/* --- what it says of itself, before anybody knows ------------------------ */

#define NAMES_HEADER "{\"alg\":\"ES256\",\"kid\":\"k1\"}"
#define NAMES_PAYLOAD "{\"iss\":\"https://a.be\",\"exp\":1800000100}"
#define T10 "tententent"
#define T100 T10 T10 T10 T10 T10 T10 T10 T10 T10 T10
#define T200 T100 T100

static bool
names_of(const char *header, const char *payload, dosis_jwt_names_t *ret)
{
    mint_token(&token, dosis_slice_of(header), dosis_slice_of(payload),
        keys[A_EC], MINT_ES256);
    return dosis_jwt_names(dosis_buf_slice(&token), ret);
}


typedef struct {
    const char *header;
    const char *payload;
    bool told;
    const char *fact;
} names_row_t;

static const names_row_t names_rows[] = {
    { NAMES_HEADER, NAMES_PAYLOAD, true, "a token" },
    { NAMES_HEADER, "{\"iss\":\"" T200 "\",\"exp\":1}", true,
        "the longest issuer" },
    { NAMES_HEADER, "{\"iss\":\"" T200 "x\",\"exp\":1}", false,
        "a byte more is nobody's" },
    { "{\"alg\":\"ES256\",\"kid\":\"" T200 "\"}", NAMES_PAYLOAD, true,
        "the longest kid" },
    { "{\"alg\":\"ES256\",\"kid\":\"" T200 "x\"}", NAMES_PAYLOAD, false,
        "a byte more is no kid of anybody" },
    { NAMES_HEADER, "{\"iss\":\"\",\"exp\":1}", false, "an empty issuer" },
    { NAMES_HEADER, "{\"iss\":[\"https://a.be\"],\"exp\":1}", false,
        "an issuer in a list" },
    { NAMES_HEADER, "{\"exp\":1}", false, "no issuer" },
    { NAMES_HEADER, "{\"iss\":\"https://a.be\"}", false, "no end" },
    { NAMES_HEADER, "{\"iss\":\"https://a.be\",\"exp\":\"x\"}", false,
        "an end that is no time" },
    { NAMES_HEADER, "{\"iss\":\"a\",\"iss\":\"b\",\"exp\":1}", false,
        "two issuers" },
    { NAMES_HEADER, "[]", false, "claims in a list" },
    { NAMES_HEADER, "", false, "no claims" },
    { "{\"alg\":\"ES256\"}", NAMES_PAYLOAD, false, "no kid" },
    { "{\"alg\":\"none\",\"kid\":\"k1\"}", NAMES_PAYLOAD, false,
        "no signature" },
    { "{\"alg\":\"HS256\",\"kid\":\"k1\"}", NAMES_PAYLOAD, false,
        "an algorithm that no key of ours has" },
    { "{\"alg\":\"ES256\",\"kid\":\"k1\",\"crit\":[]}", NAMES_PAYLOAD, false,
        "what would be refused anyway" },
    { "{\"alg\":\"ES256\",\"kid\":\"k1\",\"typ\":\"dpop+jwt\"}", NAMES_PAYLOAD,
        false, "no access token" },
};


static void
names_texts(void)
{
    static char filler[DOSIS_JWT_MAX + 1];
    dosis_jwt_names_t told;

    memset(filler, 'A', sizeof(filler));
    CHECK(!dosis_jwt_names(dosis_slice(NULL, 0), &told), "nothing");
    CHECK(!dosis_jwt_names(DOSIS_SLICE(".."), &told), "two dots");
    CHECK(!dosis_jwt_names(DOSIS_SLICE("2YotnFZFEjr1zCsicMWpAA"), &told),
        "an opaque token");
    CHECK(!dosis_jwt_names(dosis_slice(filler, sizeof(filler)), &told),
        "longer than a token is");
}


static void
test_names(void)
{
    dosis_jwt_names_t told;
    size_t i;

    for (i = 0; i < sizeof(names_rows) / sizeof(names_rows[0]); i++) {
        memset(&told, 0, sizeof(told));
        CHECK(names_of(names_rows[i].header, names_rows[i].payload, &told)
                == names_rows[i].told,
            names_rows[i].fact);
    }
    CHECK(names_of(NAMES_HEADER, NAMES_PAYLOAD, &told)
            && dosis_slice_eq(dosis_slice(told.iss, told.iss_len),
                DOSIS_SLICE("https://a.be"))
            && dosis_slice_eq(
                dosis_slice(told.kid, told.kid_len), DOSIS_SLICE("k1"))
            && told.exp_s == 1800000100,
        "it says who, by which key, until when");
    names_texts();
}


int
main(void)
{
    size_t i;

    setup();
    test_headers();
    test_claims();
    test_leeway();
    test_issuers();
    test_empty_policy();
    test_none();
    test_hmac();
    test_own_key();
    test_es256_forms();
    test_rs256_forms();
    test_ps256_forms();
    test_binding();
    test_tampering();
    test_forms();
    test_not_tokens();
    test_stray_bits();
    test_lengths();
    test_texts();
    test_names();
    CHECK(ERR_peek_error() == 0, "no failure is left in the error queue");
    for (i = 0; i < 3; i++) {
        dosis_jwks_free((dosis_jwks_t *) issuers[i].keys);
    }
    for (i = 0; i < KEYS; i++) {
        EVP_PKEY_free(keys[i]);
    }
    dosis_buf_done(&token);
    return tap_done();
}
