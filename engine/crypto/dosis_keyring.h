/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_keyring.h: the keys of one store: data keys by id, one of them
 * active, and the shared secret from which the blinding keys come.
 *
 * Layer      crypto
 * Threads    filled by one thread, then read-only and shared
 * Blocking   never
 * Memory     create gives, free takes; secrets added are taken
 * Errors     DOSIS_ECONFLICT id there already, DOSIS_ELIMIT the ring is full,
 *            DOSIS_EKEY a wrapped key does not open with this key-encryption
 *            key and label, DOSIS_EFORMAT id 0, or no wrapped key at all
 *
 * Data keys seal values and may rotate. The shared secret never rotates and
 * is the same on every site: DossierId, content fingerprints and blinded
 * index keys come from it (one derived key each).
 */

#ifndef DOSIS_CRYPTO_DOSIS_KEYRING_H
#define DOSIS_CRYPTO_DOSIS_KEYRING_H

#include "base/dosis_buf.h"
#include "crypto/dosis_secret.h"

typedef struct dosis_keyring_s dosis_keyring_t;

#define DOSIS_KEYRING_MAX 64    /* data keys */

DOSIS_CHECK dosis_rc_t dosis_keyring_create(dosis_keyring_t **ret_ring);

/* NULL is fine; wipes. */
void dosis_keyring_free(dosis_keyring_t *ring);

/* id: 1 .. 2^32-1. The last one added is active. Takes secret, always. */
DOSIS_CHECK dosis_rc_t dosis_keyring_add(dosis_keyring_t *ring, uint32_t id,
    dosis_secret_t *secret);

/* Takes secret, always; DOSIS_ECONFLICT when already set. */
DOSIS_CHECK dosis_rc_t dosis_keyring_set_shared(dosis_keyring_t *ring,
    dosis_secret_t *secret);

/*
 * One secret sealed under another (XAES-256-GCM, AAD = label), as kept in the
 * store: a version byte, 24 B nonce, 32 B, 16 B tag.
 */
#define DOSIS_WRAPPED_BYTES 73
DOSIS_CHECK dosis_rc_t dosis_key_wrap(const dosis_secret_t *kek,
    const char *label, const dosis_secret_t *secret,
    uint8_t to[DOSIS_WRAPPED_BYTES]);
DOSIS_CHECK dosis_rc_t dosis_key_unwrap(const dosis_secret_t *kek,
    const char *label, dosis_slice_t wrapped, dosis_secret_t **ret_secret);

#endif
