/* SPDX-License-Identifier: EUPL-1.2 */

#include <stdlib.h>
#include <string.h>

#include "crypto/dosis_introspectie.h"
#include "t/lib/mint.h"
#include "t/lib/tap.h"

#define NOW 1800000000
#define ISS "\"iss\":\"https://a.example\""
#define AUD "\"aud\":\"dosis\""
#define EXP "\"exp\":1800000100"
#define YES "\"active\":true,"
#define BROKEN (-2) /* no answer */
#define STRANGE (-1)

static EVP_PKEY *ours, *thief;
static dosis_jwt_issuer_t issuer;
static dosis_introspectie_asked_t asked = { &issuer,
    { "dosis-rs", 8 }, NOW, 30, 60 };

/* Of the last answer. */
static char claims_memory[DOSIS_INTROSPECTIE_MAX + 1024];
static dosis_buf_t claims;
static int64_t exp_s;


/* The reason, DOSIS_JWT_OK only with claims; or BROKEN. */
static int
verdict(const char *type, dosis_slice_t body)
{
    dosis_introspectie_said_t said = { .claims = &claims,
        .reason = (dosis_jwt_reason_t) 99 };
    dosis_json_t *root = NULL;
    dosis_rc_t rc;
    bool whole;

    dosis_buf_init_fixed(&claims, claims_memory, sizeof(claims_memory));
    rc = dosis_introspectie_read(&asked, dosis_slice_of(type), body, &said);
    exp_s = said.exp_s;
    if (rc == DOSIS_EFORMAT) {
        return BROKEN;
    }
    if (rc == DOSIS_EDENIED) {
        return said.reason == DOSIS_JWT_OK ? STRANGE : (int) said.reason;
    }
    whole = rc == DOSIS_OK && said.reason == DOSIS_JWT_OK
        && dosis_json_parse(dosis_buf_slice(&claims), &root, NULL) == DOSIS_OK
        && dosis_slice_eq(dosis_json_string(dosis_json_get(root, "iss")),
               issuer.issuer)
        && dosis_json_get(root, "exp") != NULL;
    dosis_json_free(root);
    return whole ? DOSIS_JWT_OK : STRANGE;
}


static int
verdict_of(const char *body)
{
    return verdict("application/json", dosis_slice_of(body));
}


static const struct {
    const char *body;
    int reason;
    const char *fact;
} plain_rows[] = {
    { "{" YES ISS "," AUD "," EXP "}", DOSIS_JWT_OK, "all that there may be" },
    { "{" YES AUD "," EXP "}", DOSIS_JWT_OK, "no iss: who was asked is known" },
    { "{" YES AUD "}", DOSIS_JWT_OK, "no exp" },
    { " \n{ \"aud\":[\"x\",\"dosis\"],\"active\":true }\n", DOSIS_JWT_OK,
        "blanks, and an audience in a list" },
    { "{" YES AUD ",\"score\":0.5,\"deep\":{\"a\":[[[[[[[[[1]]]]]]]]]}}",
        DOSIS_JWT_OK, "members that we do not know" },
    { "{" YES AUD ",\"token_type\":\"bearer\"}", DOSIS_JWT_OK, "a bearer" },
    { "{" YES AUD ",\"token_type\":\"DPoP\"}", DOSIS_JWT_TYPE,
        "a token of another type" },
    { "{" YES AUD ",\"token_type\":null}", DOSIS_JWT_TYPE,
        "a token of no type" },
    { "{\"active\":false}", DOSIS_JWT_INACTIVE, "not active" },
    { "{\"active\":false," AUD "," EXP "}", DOSIS_JWT_INACTIVE,
        "not active, and all the rest" },
    { "{" YES "\"iss\":\"https://b.example\"," AUD "}", DOSIS_JWT_ISSUER,
        "of another issuer" },
    { "{" YES "\"iss\":null," AUD "}", DOSIS_JWT_ISSUER, "iss null" },
    { "{" YES EXP "}", DOSIS_JWT_AUDIENCE, "no audience" },
    { "{" YES "\"aud\":\"andere\"}", DOSIS_JWT_AUDIENCE, "another audience" },
    { "{" YES "\"aud\":[]}", DOSIS_JWT_AUDIENCE, "an empty audience" },
    { "{" YES AUD ",\"exp\":1799999000}", DOSIS_JWT_EXPIRED, "expired" },
    { "{" YES AUD ",\"exp\":1799999980}", DOSIS_JWT_OK,
        "expired within the leeway" },
    { "{" YES AUD ",\"exp\":null}", DOSIS_JWT_MALFORMED, "exp null" },
    { "{" YES AUD ",\"exp\":\"soon\"}", DOSIS_JWT_MALFORMED,
        "exp that is no time" },
    { "{" YES AUD ",\"nbf\":1800000100}", DOSIS_JWT_TOO_EARLY,
        "not valid yet" },
    { "{" YES AUD ",\"cnf\":{\"jkt\":\"abc\"}}", DOSIS_JWT_BINDING,
        "bound to a key" },
    { "{" YES AUD ",\"cnf\":null}", DOSIS_JWT_BINDING, "bound to nothing" },
    { "{" YES AUD ",\"cnf\":{\"x5t#S256\":"
      "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"}}",
        DOSIS_JWT_OK, "bound to a certificate" },
    { "{" AUD "," EXP "}", BROKEN, "no word of active" },
    { "{\"active\":\"true\"," AUD "}", BROKEN, "active as a text" },
    { "{\"active\":1," AUD "}", BROKEN, "active as a number" },
    { "{\"active\":null," AUD "}", BROKEN, "active null" },
    { "{\"active\":false," YES AUD "}", BROKEN, "active twice" },
    { "[{" YES AUD "}]", BROKEN, "a list" },
    { "true", BROKEN, "a word" },
    { "", BROKEN, "nothing" },
    { "{" YES AUD "}x", BROKEN, "something behind it" },
    { "{" YES AUD, BROKEN, "cut off" },
    { "<html></html>", BROKEN, "a page" },
    { "{" YES AUD ",\"x\":\"\xff\"}", BROKEN, "no UTF-8" },
};


static void
check_plain(void)
{
    size_t i;

    for (i = 0; i < sizeof(plain_rows) / sizeof(plain_rows[0]); i++) {
        CHECK(verdict_of(plain_rows[i].body) == plain_rows[i].reason,
            plain_rows[i].fact);
    }
    CHECK(verdict_of("{" YES AUD "}") == DOSIS_JWT_OK && exp_s == NOW + 60,
        "without exp it is good for as long as it is remembered");
    CHECK(verdict_of("{" YES AUD "," EXP "}") == DOSIS_JWT_OK
            && exp_s == NOW + 100,
        "with exp until then");
}


static void
check_length(void)
{
    static char body[DOSIS_INTROSPECTIE_MAX + 2];
    const char *start = "{" YES AUD "}";

    memset(body, ' ', sizeof(body));
    memcpy(body, start, strlen(start));
    CHECK(verdict("application/json",
              dosis_slice(body, DOSIS_INTROSPECTIE_MAX))
            == DOSIS_JWT_OK,
        "an answer as long as may be");
    CHECK(verdict("application/json",
              dosis_slice(body, DOSIS_INTROSPECTIE_MAX + 1))
            == BROKEN,
        "a byte more");
}


/* --- signed -------------------------------------------------------------- */

static char token_memory[65536];
static dosis_buf_t token;


static dosis_slice_t
signed_by(EVP_PKEY *key, const char *typ, const char *payload)
{
    char header[200];

    snprintf(header, sizeof(header),
        "{\"alg\":\"ES256\",\"kid\":\"a\",\"typ\":\"%s\"}", typ);
    mint_token(&token, dosis_slice_of(header), dosis_slice_of(payload), key,
        MINT_ES256);
    return dosis_buf_slice(&token);
}


#define ANSWER "application/token-introspection+jwt"
#define TYP DOSIS_INTROSPECTIE_TYP
#define FOR_US ISS ",\"aud\":\"dosis-rs\",\"iat\":1800000000,"
#define HOLDS(object) "\"token_introspection\":" object

static const struct {
    bool thief;
    const char *typ;
    const char *payload;
    int reason;
    const char *fact;
} signed_rows[] = {
    { false, TYP, "{" FOR_US HOLDS("{" YES AUD "}") "}", DOSIS_JWT_OK,
        "a signed answer" },
    { false, TYP, "{" FOR_US HOLDS("{\"active\":false}") "}",
        DOSIS_JWT_INACTIVE, "signed, not active" },
    { true, TYP, "{" FOR_US HOLDS("{" YES AUD "}") "}", BROKEN,
        "signed by somebody else" },
    { true, TYP, "{" FOR_US HOLDS("{\"active\":false}") "}", BROKEN,
        "signed by somebody else, not active" },
    { false, "JWT", "{" FOR_US HOLDS("{" YES AUD "}") "}", BROKEN,
        "a signed answer that says it is a token" },
    { false, TYP,
        "{\"iss\":\"https://b.example\",\"aud\":\"dosis-rs\","
        HOLDS("{" YES AUD "}") "}",
        BROKEN, "of another issuer" },
    { false, TYP, "{" ISS ",\"aud\":\"iemand\"," HOLDS("{" YES AUD "}") "}",
        BROKEN, "for somebody else" },
    { false, TYP, "{" FOR_US "\"active\":true," AUD "}", BROKEN,
        "without its member" },
    { false, TYP, "{" FOR_US HOLDS("[]") "}", BROKEN,
        "with a member that is a list" },
    { false, TYP, "{" FOR_US HOLDS("{" YES "\"aud\":\"andere\"}") "}",
        DOSIS_JWT_AUDIENCE, "of a token for another audience" },
};


static void
check_signed(void)
{
    size_t i;
    dosis_slice_t text;

    for (i = 0; i < sizeof(signed_rows) / sizeof(signed_rows[0]); i++) {
        text = signed_by(signed_rows[i].thief ? thief : ours,
            signed_rows[i].typ, signed_rows[i].payload);
        CHECK(verdict(ANSWER, text) == signed_rows[i].reason,
            signed_rows[i].fact);
    }
    text = signed_by(ours, TYP, "{" FOR_US HOLDS("{" YES AUD "}") "}");
    CHECK(verdict(ANSWER "; charset=utf-8", text) == DOSIS_JWT_OK,
        "with a parameter behind its type");
    CHECK(verdict("application/json", text) == BROKEN,
        "a signed answer that says it is JSON");
    CHECK(verdict(ANSWER, DOSIS_SLICE("{" YES AUD "}")) == BROKEN,
        "JSON that says it is signed");
    issuer.keys = NULL;
    CHECK(verdict(ANSWER, text) == BROKEN, "an issuer without keys");
}


static const struct {
    bool thief;
    const char *payload;
    int reason;
    const char *fact;
} member_rows[] = {
    { false, "{" ISS "," AUD "," EXP "}", DOSIS_JWT_OK, "a signed member" },
    { true, "{" ISS "," AUD "," EXP "}", BROKEN,
        "a member that somebody else signed" },
    { false, "{" ISS ",\"aud\":\"andere\"," EXP "}", DOSIS_JWT_AUDIENCE,
        "what is signed counts, not what stands beside it" },
    { false, "{" ISS "," AUD ",\"exp\":1799999000}", DOSIS_JWT_EXPIRED,
        "a signed member that has expired" },
    { false, "{\"iss\":\"https://b.example\"," AUD "}", DOSIS_JWT_ISSUER,
        "a signed member of another issuer" },
    { false, "{}", DOSIS_JWT_AUDIENCE, "a signed member that says nothing" },
};


static void
check_member(void)
{
    static char body[8192];
    dosis_slice_t text;
    size_t i;

    for (i = 0; i < sizeof(member_rows) / sizeof(member_rows[0]); i++) {
        text = signed_by(member_rows[i].thief ? thief : ours, "JWT",
            member_rows[i].payload);
        snprintf(body, sizeof(body), "{" YES AUD "," EXP ",\"jwt\":\"%.*s\"}",
            (int) text.len, text.data);
        CHECK(verdict_of(body) == member_rows[i].reason, member_rows[i].fact);
    }
    CHECK(verdict_of("{" YES AUD ",\"jwt\":null}") == BROKEN,
        "a member that is null");
    CHECK(verdict_of("{\"active\":false,\"jwt\":\"x\"}") == DOSIS_JWT_INACTIVE,
        "not active, whatever is signed");
}


/* --- forms --------------------------------------------------------------- */

static const struct {
    const char *text;
    bool opaque;
    const char *fact;
} form_rows[] = {
    { "2YotnFZFEjr1zCsicMWpAA", true, "letters and digits" },
    { "a", true, "one letter" },
    { "a-._~+/=", true, "all that may stand in it" },
    { "v1.public.abc", true, "two dots, and no header" },
    { "eyJhbGciOiJub25lIn0.e30.", false, "a signed token, though unsigned" },
    { "eyJhbGciOiJFUzI1NiJ9.eyJ9.abc", false, "a signed token" },
    { "ewogImFsZyI6IngifQ.e30.abc", false, "a header with a newline in it" },
    { "eyJhbGciOiJFUzI1NiJ9", true, "a header alone" },
    { "", false, "nothing" },
    { "a b", false, "a blank" },
    { "a\r\nb", false, "a line" },
    { "a\xc3\xa9", false, "another alphabet" },
    { "a,b", false, "a comma" },
};


static void
check_forms(void)
{
    static char longest[DOSIS_JWT_MAX + 1];
    size_t i;

    for (i = 0; i < sizeof(form_rows) / sizeof(form_rows[0]); i++) {
        CHECK(dosis_introspectie_is_opaque(dosis_slice_of(form_rows[i].text))
                == form_rows[i].opaque,
            form_rows[i].fact);
    }
    memset(longest, 'a', sizeof(longest));
    CHECK(dosis_introspectie_is_opaque(dosis_slice(longest, DOSIS_JWT_MAX)),
        "as long as may be");
    CHECK(!dosis_introspectie_is_opaque(
              dosis_slice(longest, DOSIS_JWT_MAX + 1)),
        "a byte more is none");
    CHECK(!dosis_introspectie_is_opaque(dosis_slice("a\0b", 3)), "a NUL");
    CHECK(dosis_jwt_reason_of(dosis_slice_of(
              dosis_jwt_reason_text(DOSIS_JWT_AUDIENCE)))
            == DOSIS_JWT_AUDIENCE,
        "a reason is found by its text");
    CHECK(dosis_jwt_reason_of(DOSIS_SLICE("?")) == DOSIS_JWT_INACTIVE,
        "a text that is no reason");
}


int
main(void)
{
    static char set_memory[4096];
    dosis_buf_t set;
    dosis_jwks_t *keys = NULL;

    dosis_json_init();
    ours = mint_ec("P-256");
    thief = mint_ec("P-256");
    dosis_buf_init_fixed(&token, token_memory, sizeof(token_memory));
    dosis_buf_init_fixed(&set, set_memory, sizeof(set_memory));
    DOSIS_BUF_LIT(&set, "{\"keys\":[");
    mint_add_jwk(&set, ours, "a", "");
    DOSIS_BUF_LIT(&set, "]}");
    mint_must(dosis_jwks_parse(dosis_buf_slice(&set), &keys) == DOSIS_OK);
    issuer = (dosis_jwt_issuer_t){ DOSIS_SLICE("https://a.example"),
        DOSIS_SLICE("dosis"), keys };
    check_plain();
    check_length();
    check_member();
    check_signed();
    check_forms();
    dosis_jwks_free(keys);
    EVP_PKEY_free(ours);
    EVP_PKEY_free(thief);
    return tap_done();
}
