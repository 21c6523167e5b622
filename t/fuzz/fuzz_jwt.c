/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * fuzz_jwt: a token as it comes, and header and payload that are signed with a
 * key of the issuer. The keys are made at the start: no input can be a
 * forgery by luck, and one that is accepted breaks a promise.
 *
 * Input: a byte; then the token, or header NUL payload.
 */

#include "../lib/mint.h"
#include "base/dosis_json.h"
#include "crypto/dosis_jwt.h"
#include "fuzz.h"

#define NOW_S INT64_C(1795521600)
#define LEEWAY_S 30
#define TOKEN_MAX 32768
#define ISSUER "https://uitgever.example.be"

static EVP_PKEY *key;
static dosis_jwks_t *keys;
static dosis_jwt_issuer_t issuers[2];
static dosis_jwt_policy_t policy = { .issuers = issuers,
    .count = 2,
    .now_s = NOW_S,
    .leeway_s = LEEWAY_S };


static void sign_and_verify(dosis_slice_t input);
static unsigned accepted_count;


int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    static char text[4096];
    dosis_buf_t set;
    EVP_PKEY *rsa = mint_rsa(2048);

    (void) argc;
    (void) argv;
    dosis_json_init();
    key = mint_ec("P-256");
    dosis_buf_init_fixed(&set, text, sizeof(text));
    DOSIS_BUF_LIT(&set, "{\"keys\":[");
    mint_add_jwk(&set, key, "es", "");
    DOSIS_BUF_LIT(&set, ",");
    mint_add_jwk(&set, rsa, "rs", "");
    DOSIS_BUF_LIT(&set, "]}");
    EVP_PKEY_free(rsa);
    MUST(dosis_jwks_parse(dosis_buf_slice(&set), &keys) == DOSIS_OK);
    issuers[0] = (dosis_jwt_issuer_t){ DOSIS_SLICE("https://ander.example.be"),
        DOSIS_SLICE("dosis"), keys };
    issuers[1] = (dosis_jwt_issuer_t){ DOSIS_SLICE(ISSUER),
        DOSIS_SLICE("dosis"), keys };

    /* or nothing below would mean anything */
    sign_and_verify(DOSIS_SLICE("{\"alg\":\"ES256\",\"kid\":\"es\"}\0"
                                "{\"iss\":\"" ISSUER "\",\"aud\":\"dosis\","
                                "\"exp\":1795525200}"));
    MUST(accepted_count == 1);

    return 0;
}


static dosis_rc_t
verify(dosis_slice_t token, int64_t now_s, dosis_jwt_t *ret_jwt,
    dosis_jwt_reason_t *ret_reason)
{
    dosis_rc_t rc;

    *ret_reason = (dosis_jwt_reason_t) -1;
    policy.now_s = now_s;
    rc = dosis_jwt_verify(token, &policy, ret_jwt, ret_reason);
    MUST(rc == DOSIS_OK || rc == DOSIS_EDENIED);
    MUST(*ret_reason <= DOSIS_JWT_BINDING);
    MUST((rc == DOSIS_OK) == (*ret_reason == DOSIS_JWT_OK));
    MUST(dosis_jwt_reason_text(*ret_reason)[0] != '\0');

    return rc;
}


static void
denied(dosis_slice_t token, int64_t now_s)
{
    dosis_jwt_t jwt;
    dosis_jwt_reason_t reason;

    MUST(verify(token, now_s, &jwt, &reason) == DOSIS_EDENIED);
}


/* What is accepted is so for a reason, and no longer than it says. */
static void
accepted(dosis_buf_t *token, const dosis_jwt_t *jwt)
{
    size_t at = jwt->exp_s < 0 ? 0 : (size_t) jwt->exp_s % token->len;

    accepted_count++;
    MUST(dosis_json_kind(jwt->payload) == DOSIS_JSON_OBJECT);
    MUST(dosis_slice_eq(dosis_json_string(dosis_json_get(jwt->payload, "iss")),
        issuers[jwt->issuer].issuer));
    MUST(dosis_json_get(jwt->payload, "aud") != NULL);
    MUST(jwt->exp_s + LEEWAY_S > NOW_S);
    denied(dosis_buf_slice(token), jwt->exp_s + LEEWAY_S);

    token->data[at] ^= 1;
    denied(dosis_buf_slice(token), NOW_S);
    token->data[at] ^= 1;
    token->len--;
    denied(dosis_buf_slice(token), NOW_S);
}


static void
sign_and_verify(dosis_slice_t input)
{
    static char text[TOKEN_MAX];
    const char *nul =
        input.len == 0 ? NULL : memchr(input.data, '\0', input.len);
    dosis_slice_t header = input;
    dosis_slice_t payload = { NULL, 0 };
    dosis_buf_t token;
    dosis_jwt_t jwt;
    dosis_jwt_reason_t reason;

    if (nul != NULL) {
        header.len = (size_t) (nul - input.data);
        payload = dosis_slice(nul + 1, input.len - header.len - 1);
    }
    if (input.len > TOKEN_MAX / 2) {
        return;
    }
    dosis_buf_init_fixed(&token, text, sizeof(text));
    mint_token(&token, header, payload, key, MINT_ES256);
    if (verify(dosis_buf_slice(&token), NOW_S, &jwt, &reason) == DOSIS_OK) {
        accepted(&token, &jwt);
        dosis_json_free(jwt.payload);
    }
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    dosis_slice_t input = dosis_slice(data, size);

    if (fuzz_choice(&input, 2) == 0) {
        denied(input, NOW_S);
    } else {
        sign_and_verify(input);
    }

    return 0;
}
