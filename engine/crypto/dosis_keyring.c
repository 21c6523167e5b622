/* SPDX-License-Identifier: EUPL-1.2 */

#include "crypto/dosis_keyring.h"

#include <stdlib.h>

#include <openssl/crypto.h>

#include "crypto/crypto_keyring.h"
#include "crypto/dosis_crypt.h"

/* A wrapped key: version 1 B | nonce 24 B | ciphertext 32 B, tag 16 B. */
#define WRAP_VERSION 1
#define WRAP_NONCE_BYTES 24
#define WRAP_NONCE_AT 1
#define WRAP_SEALED_AT (WRAP_NONCE_AT + WRAP_NONCE_BYTES)
#define WRAP_SEALED_BYTES (DOSIS_WRAPPED_BYTES - WRAP_SEALED_AT)

_Static_assert(WRAP_SEALED_BYTES == DOSIS_SECRET_BYTES + DOSIS_XAES_TAG_BYTES,
    "a wrapped key is one secret and its tag");

dosis_rc_t
dosis_keyring_create(dosis_keyring_t **ret_ring)
{
    dosis_keyring_t *ring = calloc(1, sizeof(*ring));

    if (ring == NULL) {
        return DOSIS_ENOMEM;
    }
    *ret_ring = ring;
    return DOSIS_OK;
}


void
dosis_keyring_free(dosis_keyring_t *ring)
{
    size_t i;

    if (ring == NULL) {
        return;
    }
    for (i = 0; i < ring->count; i++) {
        dosis_secret_free(ring->key[i].secret);
    }
    dosis_secret_free(ring->shared);
    free(ring);
}


/* Whether this key may be added, and if not why. */
static dosis_rc_t
keyring_admits(const dosis_keyring_t *ring, uint32_t id)
{
    size_t i;

    if (id == 0) {
        return DOSIS_EFORMAT;
    }
    for (i = 0; i < ring->count; i++) {
        if (ring->key[i].id == id) {
            return DOSIS_ECONFLICT;
        }
    }
    return ring->count == DOSIS_KEYRING_MAX ? DOSIS_ELIMIT : DOSIS_OK;
}


dosis_rc_t
dosis_keyring_add(dosis_keyring_t *ring, uint32_t id, dosis_secret_t *secret)
{
    dosis_rc_t rc = keyring_admits(ring, id);

    if (rc != DOSIS_OK) {
        dosis_secret_free(secret);
        return rc;
    }
    ring->key[ring->count].id = id;
    ring->key[ring->count].secret = secret;
    ring->count++;
    return DOSIS_OK;
}


dosis_rc_t
dosis_keyring_set_shared(dosis_keyring_t *ring, dosis_secret_t *secret)
{
    if (ring->shared != NULL) {
        dosis_secret_free(secret);
        return DOSIS_ECONFLICT;
    }
    ring->shared = secret;
    return DOSIS_OK;
}


dosis_rc_t
dosis_key_wrap(const dosis_secret_t *kek, const char *label,
    const dosis_secret_t *secret, uint8_t to[DOSIS_WRAPPED_BYTES])
{
    dosis_slice_t plain =
        dosis_slice(dosis_secret_bytes(secret), DOSIS_SECRET_BYTES);
    dosis_rc_t rc;

    rc = dosis_random(to + WRAP_NONCE_AT, WRAP_NONCE_BYTES);
    if (rc != DOSIS_OK) {
        return rc;
    }
    to[0] = WRAP_VERSION;
    return dosis_xaes_seal(dosis_secret_bytes(kek), to + WRAP_NONCE_AT,
        dosis_slice_of(label), plain, to + WRAP_SEALED_AT);
}


dosis_rc_t
dosis_key_unwrap(const dosis_secret_t *kek, const char *label,
    dosis_slice_t wrapped, dosis_secret_t **ret_secret)
{
    const uint8_t *from = (const uint8_t *) wrapped.data;
    uint8_t bytes[DOSIS_SECRET_BYTES];
    dosis_rc_t rc;

    if (wrapped.len != DOSIS_WRAPPED_BYTES || from[0] != WRAP_VERSION) {
        return DOSIS_EFORMAT;
    }
    rc = dosis_xaes_open(dosis_secret_bytes(kek), from + WRAP_NONCE_AT,
        dosis_slice_of(label),
        dosis_slice(from + WRAP_SEALED_AT, WRAP_SEALED_BYTES), bytes);
    if (rc == DOSIS_EFORMAT) {
        rc = DOSIS_EKEY;
    }
    if (rc == DOSIS_OK) {
        rc = dosis_secret_create(bytes, ret_secret);
    }
    OPENSSL_cleanse(bytes, sizeof(bytes));
    return rc;
}
