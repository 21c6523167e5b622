/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_crypt.h: seal and open one value; blind one index key.
 *
 * Layer      crypto
 * Threads    one context per thread, never shared; the ring may be shared
 * Blocking   never
 * Memory     create gives, free takes; the ring is borrowed until free
 * Errors     DOSIS_EKEY unknown key id, DOSIS_EFORMAT too short or the tag
 *            does not hold (wrong key, place, version or bytes: one answer)
 *
 * A sealed value: key id 4 B | nonce 24 B | ciphertext | tag 16 B.
 * Construction: XAES-256-GCM (C2SP): the first 12 nonce bytes derive a key
 * for this value, the last 12 are the GCM nonce. AAD: key id 4 B | database
 * 1 B | format version 1 B | index key; so no value can be moved.
 */

#ifndef DOSIS_CRYPTO_DOSIS_CRYPT_H
#define DOSIS_CRYPTO_DOSIS_CRYPT_H

#include "base/dosis_buf.h"
#include "crypto/dosis_keyring.h"

typedef struct dosis_crypt_s dosis_crypt_t;

#define DOSIS_SEAL_OVERHEAD  44
#define DOSIS_BLIND_BYTES    16

/* DOSIS_EKEY when the ring has no data key or no shared secret yet. */
DOSIS_CHECK dosis_rc_t dosis_crypt_create(const dosis_keyring_t *ring,
    dosis_crypt_t **ret_crypt);

/* NULL is fine; wipes. */
void dosis_crypt_free(dosis_crypt_t *crypt);

/*
 * Where a value lives. database: the number of the LMDB database, or one of
 * ours for what never enters the store (cursors, handles).
 */
typedef struct {
    uint8_t database;
    uint8_t version;
    dosis_slice_t key;
} dosis_place_t;

/* to: plain.len + DOSIS_SEAL_OVERHEAD bytes, not overlapping plain. */
DOSIS_CHECK dosis_rc_t dosis_seal(dosis_crypt_t *crypt, dosis_place_t place,
    dosis_slice_t plain, void *to);

/*
 * to: room for sealed.len - DOSIS_SEAL_OVERHEAD bytes. On failure the bytes
 * at to are wiped.
 */
DOSIS_CHECK dosis_rc_t dosis_open(dosis_crypt_t *crypt, dosis_place_t place,
    dosis_slice_t sealed, void *to, size_t *ret_len);

/*
 * One key per purpose, derived from the shared secret with
 * dosis_secret_derive(). The labels are part of the store format:
 *
 *   "dosis blind agent v1"       "dosis blind dossier v1"
 *   "dosis blind upload v1"      "dosis blind content v1"
 *   "dosis blind bron v1"        "dosis blind reference v1"
 *   "dosis blind class v1"       "dosis blind ticket v1"
 */
typedef enum {
    DOSIS_BLIND_AGENT,       /* who a dossier is about */
    DOSIS_BLIND_UPLOAD,      /* (client, UploadId) */
    DOSIS_BLIND_BRON,        /* first 4 bytes of a DossierId */
    DOSIS_BLIND_DOSSIER,     /* last 12 bytes of a DossierId */
    DOSIS_BLIND_CONTENT,     /* content fingerprint */
    DOSIS_BLIND_REFERENCE,   /* text -> number in `referentie` */
    DOSIS_BLIND_CLASS,       /* what decides who sees a row */
    DOSIS_BLIND_TICKET,      /* of a click-through: ticket, cookie, asker */
    DOSIS_BLIND_MAX
} dosis_blind_t;

/*
 * HMAC-SHA256 under that purpose's key over the parts, each preceded by its
 * length in 4 bytes (big-endian), cut to 16 bytes. Without memory for it the
 * process is aborted: no other answer is safe.
 */
void dosis_blind(dosis_crypt_t *crypt, dosis_blind_t purpose,
    const dosis_slice_t *parts, size_t count, uint8_t to[DOSIS_BLIND_BYTES]);

/* 4 B of blinded bron | 12 B of blinded (bron, nummer). */
void dosis_blind_dossier(dosis_crypt_t *crypt, dosis_slice_t bron,
    dosis_slice_t nummer, uint8_t to[DOSIS_BLIND_BYTES]);

#define DOSIS_XAES_TAG_BYTES 16

/*
 * XAES-256-GCM with a given key, nonce and AAD: for wrapped keys and test
 * vectors. Slower than seal and open: a context per call.
 */
DOSIS_CHECK dosis_rc_t dosis_xaes_seal(const uint8_t key[32],
    const uint8_t nonce[24], dosis_slice_t aad, dosis_slice_t plain,
    void *to /* plain.len + 16 */);

/* DOSIS_EFORMAT when the tag does not hold; to is then wiped. */
DOSIS_CHECK dosis_rc_t dosis_xaes_open(const uint8_t key[32],
    const uint8_t nonce[24], dosis_slice_t aad, dosis_slice_t sealed,
    void *to /* sealed.len - 16 */);

#endif
