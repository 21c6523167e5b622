/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * fuzz_introspectie: what an issuer's introspection answers: JSON as it comes,
 * a signed answer as it comes, and a payload that is signed with a key of the
 * issuer; and whether a text is an opaque token.
 *
 * Input: a byte; then the answer, or the payload.
 */

#include "../lib/mint.h"
#include "base/dosis_json.h"
#include "crypto/dosis_introspectie.h"
#include "fuzz.h"

#define NOW_S INT64_C(1795521600)
#define MAX_S 60
#define ROOM 65536
#define ISSUER "https://uitgever.example.be"
#define SIGNED "application/token-introspection+jwt"
#define HEADER "{\"alg\":\"ES256\",\"kid\":\"es\",\"typ\":\"%s\"}"

static EVP_PKEY *key;
static dosis_jwt_issuer_t issuer;
static dosis_introspectie_asked_t asked = { &issuer,
    { "dosis-rs", 8 }, NOW_S, 30, MAX_S };
static unsigned accepted_count;


/* What is accepted is whole, of this issuer, for us, and good now. */
static void
accepted(dosis_slice_t claims, int64_t exp_s)
{
    const dosis_jwt_policy_t clock = { .now_s = NOW_S, .leeway_s = 30 };
    dosis_jwt_t jwt = { 0 };
    dosis_json_t *root = NULL;

    accepted_count++;
    MUST(dosis_json_parse(claims, &root, NULL) == DOSIS_OK);
    MUST(dosis_jwt_claims(root, &issuer, &clock, &jwt) == DOSIS_JWT_OK);
    MUST(jwt.exp_s == exp_s && exp_s + 30 > NOW_S);
    dosis_json_free(root);
}


static void
read_answer(const char *type, dosis_slice_t body)
{
    static char memory[DOSIS_INTROSPECTIE_MAX + 1024];
    dosis_buf_t claims;
    dosis_introspectie_said_t said = { .claims = &claims };
    dosis_rc_t rc;

    dosis_buf_init_fixed(&claims, memory, sizeof(memory));
    rc = dosis_introspectie_read(&asked, dosis_slice_of(type), body, &said);
    MUST(rc == DOSIS_OK || rc == DOSIS_EDENIED || rc == DOSIS_EFORMAT);
    if (rc == DOSIS_EDENIED) {
        MUST(said.reason != DOSIS_JWT_OK);
        MUST(dosis_jwt_reason_of(
                 dosis_slice_of(dosis_jwt_reason_text(said.reason)))
            == said.reason);
    }
    if (rc == DOSIS_OK) {
        accepted(dosis_buf_slice(&claims), said.exp_s);
    }
}


static dosis_slice_t
sign(const char *typ, dosis_slice_t payload)
{
    static char text[ROOM];
    char header[200];
    dosis_buf_t token;

    (void) snprintf(header, sizeof(header), HEADER, typ);
    dosis_buf_init_fixed(&token, text, sizeof(text));
    mint_token(
        &token, dosis_slice_of(header), payload, key, MINT_ES256);
    return dosis_buf_slice(&token);
}


static void
read_member(dosis_slice_t payload)
{
    static char text[ROOM];
    dosis_buf_t body;

    dosis_buf_init_fixed(&body, text, sizeof(text));
    DOSIS_BUF_LIT(&body, "{\"active\":true,\"jwt\":\"");
    dosis_buf_add_slice(&body, sign("JWT", payload));
    DOSIS_BUF_LIT(&body, "\"}");
    read_answer("application/json", dosis_buf_slice(&body));
}


static void
read_form(dosis_slice_t text)
{
    size_t i;

    if (!dosis_introspectie_is_opaque(text)) {
        return;
    }
    MUST(text.len > 0 && text.len <= DOSIS_JWT_MAX);
    for (i = 0; i < text.len; i++) {
        MUST(text.data[i] > ' ' && text.data[i] <= '~');
    }
}


int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    static char text[4096];
    dosis_buf_t set;
    dosis_jwks_t *keys;

    (void) argc;
    (void) argv;
    dosis_json_init();
    key = mint_ec("P-256");
    dosis_buf_init_fixed(&set, text, sizeof(text));
    DOSIS_BUF_LIT(&set, "{\"keys\":[");
    mint_add_jwk(&set, key, "es", "");
    DOSIS_BUF_LIT(&set, "]}");
    MUST(dosis_jwks_parse(dosis_buf_slice(&set), &keys) == DOSIS_OK);
    issuer = (dosis_jwt_issuer_t){ DOSIS_SLICE(ISSUER), DOSIS_SLICE("dosis"),
        keys };

    /* or nothing below would mean anything */
    read_answer(
        "application/json", DOSIS_SLICE("{\"active\":true,\"aud\":\"dosis\"}"));
    MUST(accepted_count == 1);
    read_answer(SIGNED,
        sign(DOSIS_INTROSPECTIE_TYP,
            DOSIS_SLICE("{\"iss\":\"" ISSUER "\",\"aud\":\"dosis-rs\","
                        "\"token_introspection\":"
                        "{\"active\":true,\"aud\":\"dosis\"}}")));
    MUST(accepted_count == 2);
    read_member(DOSIS_SLICE("{\"aud\":\"dosis\"}"));
    MUST(accepted_count == 3);

    return 0;
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    dosis_slice_t input = dosis_slice(data, size);

    if (size > ROOM / 4) {
        return 0;
    }
    switch (fuzz_choice(&input, 5)) {
    case 0:
        read_answer("application/json", input);
        break;
    case 1:
        read_answer(SIGNED, input);
        break;
    case 2:
        read_answer(SIGNED, sign(DOSIS_INTROSPECTIE_TYP, input));
        break;
    case 3:
        read_member(input);
        break;
    default:
        read_form(input);
        break;
    }

    return 0;
}
