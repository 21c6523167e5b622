/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * fuzz_jwks: a key set document. What is accepted holds usable public keys
 * only, each pinned to one algorithm, and none of them takes zeroes for a
 * signature.
 */

#include "base/dosis_json.h"
#include "crypto/dosis_jwks.h"
#include "fuzz.h"

#define SIGNATURE_MAX 1024


int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void) argc;
    (void) argv;
    dosis_json_init();

    return 0;
}


static void
key_check(const dosis_jwks_t *set, dosis_slice_t kid)
{
    static const char zeroes[SIGNATURE_MAX];
    static const size_t lengths[] = { 0, 63, 64, 65, 256, SIGNATURE_MAX };
    const char *alg = dosis_jwks_alg(set, kid);

    MUST(alg != NULL && dosis_jwks_knows(dosis_slice_of(alg)));
    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        MUST(dosis_jwks_verify(set, kid, DOSIS_SLICE("tekst"),
                 dosis_slice(zeroes, lengths[i]))
            == DOSIS_EDENIED);
    }
}


static void
set_check(const dosis_jwks_t *set, dosis_slice_t text)
{
    dosis_json_t *root;
    const dosis_json_t *list;
    size_t found = 0;

    MUST(dosis_jwks_count(set) > 0 && dosis_jwks_count(set) <= DOSIS_JWKS_MAX);
    MUST(dosis_json_parse(text, &root, NULL) == DOSIS_OK);
    list = dosis_json_get(root, "keys");
    for (size_t i = 0; i < dosis_json_count(list); i++) {
        const dosis_json_t *jwk = dosis_json_at(list, i);
        dosis_slice_t kid = dosis_json_string(dosis_json_get(jwk, "kid"));

        MUST(dosis_json_get(jwk, "d") == NULL
            && dosis_json_get(jwk, "k") == NULL);
        if (dosis_jwks_has(set, kid)) {
            found++;
            key_check(set, kid);
        }
    }
    /* A kid may also stand in a key that was passed over. */
    MUST(found >= dosis_jwks_count(set));
    MUST(!dosis_jwks_has(set, dosis_slice(NULL, 0)));
    MUST(dosis_jwks_alg(set, DOSIS_SLICE("geen van deze")) == NULL);
    dosis_json_free(root);
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    dosis_slice_t text = dosis_slice(data, size);
    dosis_jwks_t *set = NULL;
    dosis_rc_t rc = dosis_jwks_parse(text, &set);

    MUST(rc == DOSIS_OK || rc == DOSIS_EFORMAT || rc == DOSIS_ELIMIT);
    MUST((rc == DOSIS_OK) == (set != NULL));
    if (rc == DOSIS_OK) {
        set_check(set, text);
    }
    dosis_jwks_free(set);

    return 0;
}
