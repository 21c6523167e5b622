/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_introspectie.h: what an issuer answers when it is asked about an opaque
 * token (RFC 7662), as the claims of a token.
 *
 * Layer      crypto
 * Threads    pure; the key set is only read
 * Blocking   never
 * Memory     claims go into the caller's buffer
 * Errors     DOSIS_EDENIED with the reason: the issuer has answered, and the
 *            token is none for us. DOSIS_EFORMAT: that is no answer; nothing is
 *            known of the token. DOSIS_ELIMIT, DOSIS_ENOMEM.
 *
 * Three forms, of at most DOSIS_INTROSPECTIE_MAX bytes:
 *
 *   an object                `active` true or false, and the claims
 *   an object with `jwt`     the same, and the claims are those of this token,
 *                            which a key of the issuer must have signed
 *   a signed answer          (RFC 9701) signed by the issuer, for us: `iss`,
 *                            `aud`, `iat`; the object is in its member
 *                            `token_introspection`
 *
 * `token_type`, when there, is Bearer. An answer may leave out `iss`: who was
 * asked is certain; and `exp`: then the token is good for max_s from now. All
 * else is judged as that of a signed token, by the same function.
 */

#ifndef DOSIS_CRYPTO_DOSIS_INTROSPECTIE_H
#define DOSIS_CRYPTO_DOSIS_INTROSPECTIE_H

#include "crypto/dosis_jwt.h"

#define DOSIS_INTROSPECTIE_MAX 16384

/* Of its header `typ`, and of the media type behind `application/`. */
#define DOSIS_INTROSPECTIE_TYP "token-introspection+jwt"

typedef struct {
    const dosis_jwt_issuer_t *issuer; /* who was asked; its keys may be NULL */
    dosis_slice_t client;             /* by which name we asked */
    int64_t now_s;
    int64_t leeway_s;
    int64_t max_s; /* of a token that does not say when it expires */
} dosis_introspectie_asked_t;

typedef struct {
    dosis_buf_t *claims; /* the caller's */
    int64_t exp_s;       /* theirs */
    dosis_jwt_reason_t reason;
} dosis_introspectie_said_t;

/*
 * type: the Content-Type as it came. Adds the claims, one JSON object with
 * `iss` and `exp`, to said->claims; sets the reason on EDENIED.
 */
DOSIS_CHECK dosis_rc_t dosis_introspectie_read(
    const dosis_introspectie_asked_t *asked, dosis_slice_t type,
    dosis_slice_t body, dosis_introspectie_said_t *said);

/*
 * May this be an opaque token, to be asked about? Of the characters of RFC
 * 6750, at most DOSIS_JWT_MAX, and not of the form of a signed token.
 */
bool dosis_introspectie_is_opaque(dosis_slice_t token);

#endif
