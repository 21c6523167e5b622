/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_jwt.h: verify a compact JWS token. Signature first, claims after.
 *
 * Layer      crypto
 * Threads    pure; key sets are only read
 * Blocking   never
 * Memory     payload is given: a tree to free with dosis_json_free()
 * Errors     DOSIS_EDENIED with the reason; DOSIS_ENOMEM
 *
 * Order: length <= 8192, three parts, strict base64url; header JSON without
 * duplicate members; `crit` refused; `typ` absent, "JWT" or "at+jwt"; `kid`
 * required; the key found by `kid` in an issuer's set must be pinned to the
 * header's `alg` (RS256, PS256, ES256, EdDSA; never none, never HS*); EVP
 * verify (ES256: 64 raw bytes); only then the payload is read: `iss` must be
 * the issuer whose key verified it; `aud` (string or array) must hold that
 * issuer's audience; `exp` required; `nbf`, `iat` not in the future; leeway_s
 * on each; numeric strings accepted for times; `cnf`, when there, must bind
 * the token to a client certificate (`x5t#S256`, RFC 8705) and to nothing we
 * cannot check: a token bound to a key is worth nothing to who stole it, and
 * would be if the binding were passed over. The certificate itself is looked
 * at where the connection is.
 */

#ifndef DOSIS_CRYPTO_DOSIS_JWT_H
#define DOSIS_CRYPTO_DOSIS_JWT_H

#include "base/dosis_json.h"
#include "crypto/dosis_certificate.h"
#include "crypto/dosis_jwks.h"

#define DOSIS_JWT_MAX 8192

typedef struct {
    dosis_slice_t issuer;
    dosis_slice_t audience;
    const dosis_jwks_t *keys;    /* borrowed */
} dosis_jwt_issuer_t;

typedef struct {
    const dosis_jwt_issuer_t *issuers;
    size_t count;
    int64_t now_s;               /* seconds since 1970 */
    int64_t leeway_s;            /* at most 60 is used */
} dosis_jwt_policy_t;

typedef enum {
    DOSIS_JWT_OK,
    DOSIS_JWT_TOO_LONG,
    DOSIS_JWT_MALFORMED,
    DOSIS_JWT_CRITICAL,      /* `crit` present */
    DOSIS_JWT_ALGORITHM,     /* none, HS*, unknown, or not this key's */
    DOSIS_JWT_UNKNOWN_KEY,   /* no issuer has this kid */
    DOSIS_JWT_SIGNATURE,
    DOSIS_JWT_ISSUER,
    DOSIS_JWT_AUDIENCE,
    DOSIS_JWT_EXPIRED,
    DOSIS_JWT_TOO_EARLY,     /* nbf or iat in the future */
    DOSIS_JWT_BINDING,       /* cnf that is none, or not only x5t#S256 */
    DOSIS_JWT_CERTIFICATE,   /* said by who compares: another one, or none */
    DOSIS_JWT_INACTIVE,      /* said by its issuer, of an opaque token */
    DOSIS_JWT_TYPE           /* token_type: no bearer token */
} dosis_jwt_reason_t;

/* To what a token is bound. */
typedef struct {
    bool bound;
    uint8_t sha256[DOSIS_CERTIFICATE_THUMBPRINT]; /* of a certificate, in DER */
} dosis_jwt_binding_t;

typedef struct {
    dosis_json_t *payload;   /* given */
    size_t issuer;           /* index in the policy */
    int64_t exp_s;
    dosis_jwt_binding_t binding;
} dosis_jwt_t;

/* ret_reason is always set. ret_jwt only on DOSIS_OK. */
DOSIS_CHECK dosis_rc_t dosis_jwt_verify(dosis_slice_t token,
    const dosis_jwt_policy_t *policy, dosis_jwt_t *ret_jwt,
    dosis_jwt_reason_t *ret_reason);

/*
 * The claims of a token whose issuer is certain, judged as verify does; sets
 * exp_s and binding. policy: only its clock is used.
 */
dosis_jwt_reason_t dosis_jwt_claims(const dosis_json_t *payload,
    const dosis_jwt_issuer_t *issuer, const dosis_jwt_policy_t *policy,
    dosis_jwt_t *jwt);

/* Of these `iss` and `aud` alone: of this issuer, and for its audience? */
dosis_jwt_reason_t dosis_jwt_parties(
    const dosis_json_t *payload, const dosis_jwt_issuer_t *issuer);

/*
 * The signature alone, of something that is no access token: adds its payload,
 * as signed. typ: what its header must say; NULL: what that of a token may.
 */
DOSIS_CHECK dosis_rc_t dosis_jwt_open(dosis_slice_t text, const char *typ,
    const dosis_jwks_t *keys, dosis_buf_t *ret_payload,
    dosis_jwt_reason_t *ret_reason);

/*
 * What a token says of itself, unverified: good for nothing but to look for
 * the key that would verify it. false: no token of ours, or a text is longer
 * than any that could be known.
 */
#define DOSIS_JWT_NAME_MAX 200

typedef struct {
    char iss[DOSIS_JWT_NAME_MAX];
    size_t iss_len;
    char kid[DOSIS_JWT_NAME_MAX];
    size_t kid_len;
    int64_t exp_s;
} dosis_jwt_names_t;

bool dosis_jwt_names(dosis_slice_t token, dosis_jwt_names_t *ret);

/* A short English phrase for error_description; never NULL. */
const char *dosis_jwt_reason_text(dosis_jwt_reason_t reason);

/* And back; DOSIS_JWT_INACTIVE for a phrase that is none of these. */
dosis_jwt_reason_t dosis_jwt_reason_of(dosis_slice_t text);

#endif
