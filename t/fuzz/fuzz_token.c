/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * fuzz_token: bytes as what comes with a request, or from an issuer: a token,
 * a key set, a client certificate. No token is good, for nobody signed it.
 *
 *   clang -fsanitize=fuzzer,address,undefined ... && fuzz_token corpus
 */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/dosis_json.h"
#include "crypto/dosis_certificate.h"
#include "crypto/dosis_jwt.h"

/* Not assert(): it must hold in every build. */
#define MUST(condition)                                                        \
    do {                                                                       \
        if (!(condition)) {                                                    \
            fprintf(stderr, "broken: %s\n", #condition);                       \
            abort();                                                           \
        }                                                                      \
    } while (0)

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static dosis_jwks_t *keys;


/* RFC 8037, A.2: its private half is published, but in no token here. */
int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void) argc;
    (void) argv;
    dosis_json_init();
    MUST(dosis_jwks_parse(
             DOSIS_SLICE("{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\","
                         "\"kid\":\"k\",\"x\":"
                         "\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}]}"),
             &keys)
        == DOSIS_OK);

    return 0;
}


static void
as_token(dosis_slice_t text)
{
    const dosis_jwt_issuer_t issuer = { DOSIS_SLICE("https://a.example"),
        DOSIS_SLICE("dosis"), keys };
    const dosis_jwt_policy_t policy = { &issuer, 1, 1800000000, 60 };
    dosis_jwt_reason_t reason = DOSIS_JWT_OK;
    dosis_jwt_t jwt;

    MUST(dosis_jwt_verify(text, &policy, &jwt, &reason) == DOSIS_EDENIED);
    MUST(reason != DOSIS_JWT_OK && dosis_jwt_reason_text(reason)[0] != '\0');
}


static void
as_key_set(dosis_slice_t text)
{
    dosis_jwks_t *set = NULL;
    dosis_rc_t rc = dosis_jwks_parse(text, &set);

    MUST(rc == DOSIS_OK || rc == DOSIS_EFORMAT || rc == DOSIS_ELIMIT);
    MUST((rc == DOSIS_OK) == (set != NULL));
    MUST(set == NULL
        || (dosis_jwks_count(set) > 0
            && dosis_jwks_count(set) <= DOSIS_JWKS_MAX));
    dosis_jwks_free(set);
}


static void
as_certificate(dosis_slice_t text)
{
    uint8_t pem[DOSIS_CERTIFICATE_THUMBPRINT];
    uint8_t header[DOSIS_CERTIFICATE_THUMBPRINT];
    dosis_rc_t a = dosis_certificate_of_pem(text, pem);
    dosis_rc_t b = dosis_certificate_of_header(text, header);

    MUST(a == DOSIS_OK || a == DOSIS_EFORMAT);
    MUST(b == DOSIS_OK || b == DOSIS_EFORMAT || b == DOSIS_ELIMIT);
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    dosis_slice_t text = dosis_slice(data, size);

    as_token(text);
    as_key_set(text);
    as_certificate(text);

    return 0;
}
