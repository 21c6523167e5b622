/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_devkey.h: a pair of keys: make, keep, publish. In files they are those
 * of a development issuer; DOSIS's own are sealed in the store
 * (store/dosis_signing.h).
 *
 * Layer      crypto
 * Threads    a key belongs to one thread
 * Blocking   generate takes up to a second; load and save touch the disk
 * Memory     generate and load give a key, free takes it
 * Errors     DOSIS_ENOTFOUND no such file, DOSIS_ECONFLICT it exists,
 *            DOSIS_EFORMAT it is no private key of that kind
 */

#ifndef DOSIS_CRYPTO_DOSIS_DEVKEY_H
#define DOSIS_CRYPTO_DOSIS_DEVKEY_H

#include "base/dosis_buf.h"

typedef struct dosis_devkey_s dosis_devkey_t;

typedef enum {
    DOSIS_DEVKEY_RS256, /* RSA, 2048 bits */
    DOSIS_DEVKEY_ES256, /* P-256 */
    DOSIS_DEVKEY_PS256, /* RSA, 2048 bits */
    DOSIS_DEVKEY_EDDSA  /* Ed25519 */
} dosis_devkey_kind_t;

DOSIS_CHECK dosis_rc_t dosis_devkey_generate(
    dosis_devkey_kind_t kind, dosis_devkey_t **ret_key);

/* From a PEM file without a pass phrase. */
DOSIS_CHECK dosis_rc_t dosis_devkey_load(
    const char *path, dosis_devkey_kind_t kind, dosis_devkey_t **ret_key);

/* As a PEM file (PKCS #8), mode 0600. */
DOSIS_CHECK dosis_rc_t dosis_devkey_save(
    const char *path, const dosis_devkey_t *key);

/* Adds what save writes; wipe it after use. */
DOSIS_CHECK dosis_rc_t dosis_devkey_add_pem(
    dosis_buf_t *buf, const dosis_devkey_t *key);

/* Adds the public key as a JWK object; kid: a literal without escapes. */
DOSIS_CHECK dosis_rc_t dosis_devkey_add_jwk(
    dosis_buf_t *buf, const dosis_devkey_t *key, const char *kid);

/*
 * Adds the JWS signature over message, in base64url. For PS256 and EdDSA,
 * which dosis_mint.h does not know; DOSIS_EINPUT for others.
 */
DOSIS_CHECK dosis_rc_t dosis_devkey_sign(
    dosis_buf_t *buf, const dosis_devkey_t *key, dosis_slice_t message);

/* NULL is fine. */
void dosis_devkey_free(dosis_devkey_t *key);

#endif
