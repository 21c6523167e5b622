/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_mint.h: signs claims into a token. The one door to the token library,
 * which only mints: it once took a forged token for good, so verifying is
 * dosis_jwt.h.
 *
 * Layer      crypto
 * Threads    pure
 * Blocking   never; up to a millisecond of work, reading the PEM is most of it
 * Memory     adds to buf; what is borrowed is not kept
 * Errors     DOSIS_EINPUT the claims are no JSON object, or longer than
 *            DOSIS_MINT_CLAIMS_MAX; DOSIS_EKEY the PEM is no private key of
 *            that algorithm without a pass phrase; DOSIS_ELIMIT no room
 */

#ifndef DOSIS_CRYPTO_DOSIS_MINT_H
#define DOSIS_CRYPTO_DOSIS_MINT_H

#include "base/dosis_buf.h"

#define DOSIS_MINT_CLAIMS_MAX 32768 /* bytes of JSON */
#define DOSIS_MINT_PEM_MAX 16384

typedef struct {
    const char *alg;   /* "ES256" (P-256) or "RS256" (2048 bits or more) */
    const char *kid;   /* NULL: no such header */
    dosis_slice_t pem; /* PKCS #8, or as OpenSSL writes it */
} dosis_mint_t;

/* Can it sign with this algorithm? */
bool dosis_mint_knows(const char *alg);

/*
 * Adds the compact token (header alg, typ "JWT" and kid); nothing is added on
 * failure. claims: the payload, whole: iss, exp and the like are the caller's.
 */
DOSIS_CHECK dosis_rc_t dosis_mint(
    dosis_buf_t *buf, const dosis_mint_t *mint, dosis_slice_t claims);

#endif
