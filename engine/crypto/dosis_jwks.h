/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_jwks.h: a key set document (RFC 7517) to public keys, each pinned to
 * one algorithm.
 *
 * Layer      crypto
 * Threads    read-only after parse
 * Blocking   never
 * Memory     parse gives, free takes
 * Errors     DOSIS_EFORMAT: the document is no key set, or not one usable
 *            key is in it. Keys of other kinds, uses or algorithms are passed
 *            over, as RFC 7517 section 5 asks. DOSIS_ELIMIT: it is beyond the
 *            ceilings below.
 *
 * Usable: kty RSA with 2048-8192 bits (RS256, PS256), kty EC with crv P-256
 * (ES256), kty OKP with crv Ed25519 (EdDSA); `kid` present and unique, `use`
 * absent or "sig". A key has one algorithm: its `alg`; without one, RS256,
 * ES256 or EdDSA by its kty. A private part is refused (EFORMAT): a key set
 * is public. Two usable keys with one `kid` are both passed over: a token
 * could not say which one it means.
 */

#ifndef DOSIS_CRYPTO_DOSIS_JWKS_H
#define DOSIS_CRYPTO_DOSIS_JWKS_H

#include "base/dosis_rc.h"
#include "base/dosis_slice.h"

typedef struct dosis_jwks_s dosis_jwks_t;

#define DOSIS_JWKS_MAX       64          /* keys, unusable ones counted too */
#define DOSIS_JWKS_KID_MAX   200         /* bytes; a longer one is unusable */
#define DOSIS_JWKS_TEXT_MAX  (1 << 20)   /* bytes of the document */

DOSIS_CHECK dosis_rc_t dosis_jwks_parse(dosis_slice_t json,
    dosis_jwks_t **ret_set);

/* NULL is fine. */
void dosis_jwks_free(dosis_jwks_t *set);

size_t dosis_jwks_count(const dosis_jwks_t *set);
bool dosis_jwks_has(const dosis_jwks_t *set, dosis_slice_t kid);

/* Is this the name of an algorithm that a key may be pinned to? */
bool dosis_jwks_knows(dosis_slice_t alg);

/* "RS256", "PS256", "ES256" or "EdDSA"; NULL when no key has this kid. */
const char *dosis_jwks_alg(const dosis_jwks_t *set, dosis_slice_t kid);

/*
 * Does signature (as in a JWS, decoded) hold over message, under this key and
 * its pinned algorithm? DOSIS_EDENIED when not, or when no key has this kid.
 */
DOSIS_CHECK dosis_rc_t dosis_jwks_verify(const dosis_jwks_t *set,
    dosis_slice_t kid, dosis_slice_t message, dosis_slice_t signature);

#endif
