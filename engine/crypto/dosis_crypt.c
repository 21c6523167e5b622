/* SPDX-License-Identifier: EUPL-1.2 */

/*
 * For SHA256_Update and its like. What replaced them allocates twice for each
 * HMAC, which costs more than the HMAC of a short text; see hmac_t.
 */
#define OPENSSL_SUPPRESS_DEPRECATED

#include "crypto/dosis_crypt.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/sha.h>

#include "crypto/crypto_keyring.h"

/* A sealed value: key id | nonce | ciphertext | tag. */
#define ID_BYTES 4
#define NONCE_BYTES 24
#define TAG_BYTES DOSIS_XAES_TAG_BYTES
#define HEAD_BYTES (ID_BYTES + NONCE_BYTES)
#define DERIVE_BYTES 12 /* of the nonce; the other 12 are the GCM nonce */
#define KEY_BYTES DOSIS_SECRET_BYTES
#define BLOCK_BYTES 16
#define AAD_HEAD_BYTES (ID_BYTES + 2)
#define AAD_BYTES 64
#define RENEW 1024 /* values sealed under one derived key */
#define SOURCE_BYTES 128 /* a longer one is blinded each time */

_Static_assert(HEAD_BYTES + TAG_BYTES == DOSIS_SEAL_OVERHEAD, "store format");

/* One data key: ready to derive, and the CMAC subkey K1 that XAES needs. */
typedef struct {
    uint32_t id;
    uint8_t k1[BLOCK_BYTES];
    EVP_CIPHER_CTX *ecb;
} xaes_key_t;

/* HMAC-SHA256 (RFC 2104): both blocks of the key are hashed once. */
typedef struct {
    SHA256_CTX inner;
    SHA256_CTX outer;
} hmac_t;

struct dosis_crypt_s {
    EVP_CIPHER_CTX *gcm;
    EVP_CIPHER_CTX *sealing; /* with the key derived from: */
    uint8_t prefix[DERIVE_BYTES];
    unsigned sealed; /* under it; 0: none */
    hmac_t blind[DOSIS_BLIND_MAX];
    char source[SOURCE_BYTES]; /* blinded last, see dosis_blind_dossier() */
    size_t source_len;         /* 0: none */
    uint8_t source_blind[DOSIS_BLIND_BYTES];
    size_t count;
    xaes_key_t key[DOSIS_KEYRING_MAX]; /* the last is active */
};

/* One run of GCM: what stays the same for sealing and opening. */
typedef struct {
    bool seal;
    const uint8_t *iv;
    dosis_slice_t aad[2];
    dosis_slice_t in;
    uint8_t *out;
} gcm_run_t;

static const char *const blind_labels[DOSIS_BLIND_MAX] = {
    [DOSIS_BLIND_AGENT] = "dosis blind agent v1",
    [DOSIS_BLIND_UPLOAD] = "dosis blind upload v1",
    [DOSIS_BLIND_BRON] = "dosis blind bron v1",
    [DOSIS_BLIND_DOSSIER] = "dosis blind dossier v1",
    [DOSIS_BLIND_CONTENT] = "dosis blind content v1",
    [DOSIS_BLIND_REFERENCE] = "dosis blind reference v1",
    [DOSIS_BLIND_CLASS] = "dosis blind class v1",
    [DOSIS_BLIND_TICKET] = "dosis blind ticket v1",
};

static void
put_u32(uint8_t to[4], uint32_t value)
{
    to[0] = (uint8_t) (value >> 24);
    to[1] = (uint8_t) (value >> 16);
    to[2] = (uint8_t) (value >> 8);
    to[3] = (uint8_t) value;
}


static uint32_t
get_u32(const uint8_t from[4])
{
    return (uint32_t) from[0] << 24 | (uint32_t) from[1] << 16
        | (uint32_t) from[2] << 8 | from[3];
}


/* A context for one cipher; NULL when memory is out. */
static EVP_CIPHER_CTX *
cipher_create(const char *name)
{
    EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, name, NULL);
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();

    if (cipher == NULL || ctx == NULL
        || !EVP_EncryptInit_ex2(ctx, cipher, NULL, NULL, NULL)) {
        EVP_CIPHER_CTX_free(ctx);
        ctx = NULL;
    }
    EVP_CIPHER_free(cipher);
    return ctx;
}


static void
xaes_key_done(xaes_key_t *key)
{
    EVP_CIPHER_CTX_free(key->ecb);
    OPENSSL_cleanse(key, sizeof(*key));
}


/* K1 = AES(0) doubled in GF(2^128), as CMAC does (SP 800-38B 6.1). */
static dosis_rc_t
xaes_key_init(xaes_key_t *key, const uint8_t bytes[KEY_BYTES])
{
    static const uint8_t zero[BLOCK_BYTES];
    uint8_t l[BLOCK_BYTES];
    int n;
    size_t i;

    key->ecb = cipher_create("AES-256-ECB");
    if (key->ecb == NULL
        || !EVP_EncryptInit_ex2(key->ecb, NULL, bytes, NULL, NULL)
        || !EVP_CIPHER_CTX_set_padding(key->ecb, 0)
        || !EVP_EncryptUpdate(key->ecb, l, &n, zero, sizeof(zero))) {
        ERR_clear_error();
        return DOSIS_ENOMEM;
    }
    for (i = 0; i < BLOCK_BYTES - 1; i++) {
        key->k1[i] = (uint8_t) (l[i] << 1 | l[i + 1] >> 7);
    }
    key->k1[i] = (uint8_t) (l[i] << 1 ^ (0x87 & -(l[0] >> 7)));
    OPENSSL_cleanse(l, sizeof(l));
    return DOSIS_OK;
}


/* The key for this nonce: AES of two blocks, M1 ^ K1 and M2 ^ K1. */
static bool
xaes_derive(const xaes_key_t *key, const uint8_t nonce[DERIVE_BYTES],
    uint8_t derived[KEY_BYTES])
{
    uint8_t m[2 * BLOCK_BYTES] = { 0, 1, 'X', 0 };
    int n;
    size_t i;

    memcpy(m + 4, nonce, DERIVE_BYTES);
    memcpy(m + BLOCK_BYTES, m, BLOCK_BYTES);
    m[BLOCK_BYTES + 1] = 2;
    for (i = 0; i < BLOCK_BYTES; i++) {
        m[i] ^= key->k1[i];
        m[BLOCK_BYTES + i] ^= key->k1[i];
    }
    return EVP_EncryptUpdate(key->ecb, derived, &n, m, sizeof(m)) == 1;
}


/* derived NULL: gcm has its key. */
static bool
gcm_run(EVP_CIPHER_CTX *gcm, const gcm_run_t *run,
    const uint8_t derived[KEY_BYTES], uint8_t tag[TAG_BYTES])
{
    uint8_t none[BLOCK_BYTES];
    int n;
    size_t i;

    if (!EVP_CipherInit_ex2(gcm, NULL, derived, run->iv, run->seal, NULL)) {
        return false;
    }
    for (i = 0; i < 2; i++) {
        if (run->aad[i].len > 0
            && !EVP_CipherUpdate(gcm, NULL, &n,
                (const uint8_t *) run->aad[i].data, (int) run->aad[i].len)) {
            return false;
        }
    }
    /* without output an update would count as AAD */
    if (run->in.len > 0
        && !EVP_CipherUpdate(gcm, run->out, &n, (const uint8_t *) run->in.data,
            (int) run->in.len)) {
        return false;
    }
    if (!run->seal
        && !EVP_CIPHER_CTX_ctrl(gcm, EVP_CTRL_AEAD_SET_TAG, TAG_BYTES, tag)) {
        return false;
    }
    return EVP_CipherFinal_ex(gcm, none, &n) == 1
        && (!run->seal
            || EVP_CIPHER_CTX_ctrl(gcm, EVP_CTRL_AEAD_GET_TAG, TAG_BYTES, tag));
}


/* Lengths go to the library as int. */
static bool
lengths_fit(const gcm_run_t *run)
{
    return run->in.len <= INT_MAX && run->aad[0].len <= INT_MAX
        && run->aad[1].len <= INT_MAX;
}


static dosis_rc_t
xaes_seal(EVP_CIPHER_CTX *gcm, const xaes_key_t *key, gcm_run_t *run,
    const uint8_t nonce[NONCE_BYTES])
{
    uint8_t derived[KEY_BYTES];
    bool ok;

    if (!lengths_fit(run)) {
        return DOSIS_ELIMIT;
    }
    run->seal = true;
    run->iv = nonce + DERIVE_BYTES;
    ok = xaes_derive(key, nonce, derived)
        && gcm_run(gcm, run, derived, run->out + run->in.len);
    OPENSSL_cleanse(derived, sizeof(derived));
    if (!ok) {
        ERR_clear_error();
        return DOSIS_EIO;
    }
    return DOSIS_OK;
}


/* run->in: ciphertext and tag. */
static dosis_rc_t
xaes_open(EVP_CIPHER_CTX *gcm, const xaes_key_t *key, gcm_run_t *run,
    const uint8_t nonce[NONCE_BYTES])
{
    uint8_t derived[KEY_BYTES], tag[TAG_BYTES];
    bool ok;

    if (!lengths_fit(run) || run->in.len < TAG_BYTES) {
        return DOSIS_EFORMAT;
    }
    run->in.len -= TAG_BYTES;
    memcpy(tag, run->in.data + run->in.len, TAG_BYTES);
    run->seal = false;
    run->iv = nonce + DERIVE_BYTES;
    ok = xaes_derive(key, nonce, derived) && gcm_run(gcm, run, derived, tag);
    OPENSSL_cleanse(derived, sizeof(derived));
    if (!ok) {
        OPENSSL_cleanse(run->out, run->in.len);
        ERR_clear_error();
        return DOSIS_EFORMAT;
    }
    return DOSIS_OK;
}


static dosis_rc_t
keys_init(dosis_crypt_t *crypt, const dosis_keyring_t *ring)
{
    dosis_rc_t rc = DOSIS_OK;

    while (crypt->count < ring->count && rc == DOSIS_OK) {
        rc = xaes_key_init(&crypt->key[crypt->count],
            dosis_secret_bytes(ring->key[crypt->count].secret));
        crypt->key[crypt->count].id = ring->key[crypt->count].id;
        crypt->count++;
    }
    return rc;
}


/* One block of the key, each byte changed by `pad`. */
static void
hmac_block(SHA256_CTX *sha, const uint8_t key[KEY_BYTES], uint8_t pad)
{
    uint8_t block[SHA256_CBLOCK];
    size_t i;

    memset(block, pad, sizeof(block));
    for (i = 0; i < KEY_BYTES; i++) {
        block[i] ^= key[i];
    }
    SHA256_Init(sha);
    SHA256_Update(sha, block, sizeof(block));
    OPENSSL_cleanse(block, sizeof(block));
}


static dosis_rc_t
blinds_init(dosis_crypt_t *crypt, const dosis_secret_t *shared)
{
    dosis_secret_t *key;
    dosis_rc_t rc;
    size_t i;

    for (i = 0; i < DOSIS_BLIND_MAX; i++) {
        rc = dosis_secret_derive(shared, blind_labels[i], &key);
        if (rc != DOSIS_OK) {
            return rc;
        }
        hmac_block(&crypt->blind[i].inner, dosis_secret_bytes(key), 0x36);
        hmac_block(&crypt->blind[i].outer, dosis_secret_bytes(key), 0x5c);
        dosis_secret_free(key);
    }
    return DOSIS_OK;
}


dosis_rc_t
dosis_crypt_create(const dosis_keyring_t *ring, dosis_crypt_t **ret_crypt)
{
    dosis_crypt_t *crypt;
    dosis_rc_t rc;

    if (ring->shared == NULL || ring->count == 0) {
        return DOSIS_EKEY;
    }
    crypt = calloc(1, sizeof(*crypt));
    if (crypt == NULL) {
        return DOSIS_ENOMEM;
    }
    crypt->gcm = cipher_create("AES-256-GCM");
    crypt->sealing = cipher_create("AES-256-GCM");
    rc = crypt->gcm == NULL || crypt->sealing == NULL ? DOSIS_ENOMEM
                                                      : keys_init(crypt, ring);
    if (rc == DOSIS_OK) {
        rc = blinds_init(crypt, ring->shared);
    }
    if (rc != DOSIS_OK) {
        dosis_crypt_free(crypt);
        return rc;
    }
    *ret_crypt = crypt;
    return DOSIS_OK;
}


void
dosis_crypt_free(dosis_crypt_t *crypt)
{
    size_t i;

    if (crypt == NULL) {
        return;
    }
    for (i = 0; i < crypt->count; i++) {
        xaes_key_done(&crypt->key[i]);
    }
    OPENSSL_cleanse(crypt->blind, sizeof(crypt->blind));
    EVP_CIPHER_CTX_free(crypt->gcm);
    EVP_CIPHER_CTX_free(crypt->sealing);
    free(crypt);
}


/* In one piece with the index key, when that is short: one call less. */
static void
aad_fill(
    gcm_run_t *run, uint8_t to[AAD_BYTES], uint32_t id, dosis_place_t place)
{
    put_u32(to, id);
    to[ID_BYTES] = place.database;
    to[ID_BYTES + 1] = place.version;
    run->aad[0] = dosis_slice(to, AAD_HEAD_BYTES);
    run->aad[1] = place.key;
    if (place.key.len > 0 && place.key.len <= AAD_BYTES - AAD_HEAD_BYTES) {
        memcpy(to + AAD_HEAD_BYTES, place.key.data, place.key.len);
        run->aad[0].len += place.key.len;
        run->aad[1].len = 0;
    }
}


/*
 * A derived key serves some values, each with 12 bytes of nonce of its own at
 * random: to derive it and to get it ready costs twice what sealing a short
 * value does.
 */
static dosis_rc_t
sealing_renew(dosis_crypt_t *crypt, const xaes_key_t *key)
{
    uint8_t derived[KEY_BYTES];
    dosis_rc_t rc;
    bool ok;

    if (crypt->sealed > 0 && crypt->sealed < RENEW) {
        crypt->sealed++;
        return DOSIS_OK;
    }
    crypt->sealed = 0;
    rc = dosis_random(crypt->prefix, sizeof(crypt->prefix));
    if (rc != DOSIS_OK) {
        return rc;
    }
    ok = xaes_derive(key, crypt->prefix, derived)
        && EVP_EncryptInit_ex2(crypt->sealing, NULL, derived, NULL, NULL);
    OPENSSL_cleanse(derived, sizeof(derived));
    if (!ok) {
        ERR_clear_error();
        return DOSIS_EIO;
    }
    crypt->sealed = 1;
    return DOSIS_OK;
}


dosis_rc_t
dosis_seal(
    dosis_crypt_t *crypt, dosis_place_t place, dosis_slice_t plain, void *to)
{
    const xaes_key_t *key = &crypt->key[crypt->count - 1];
    uint8_t *out = to;
    uint8_t aad[AAD_BYTES];
    gcm_run_t run = { .in = plain, .out = out + HEAD_BYTES };
    dosis_rc_t rc;

    rc = sealing_renew(crypt, key);
    if (rc == DOSIS_OK) {
        rc = dosis_random(
            out + ID_BYTES + DERIVE_BYTES, NONCE_BYTES - DERIVE_BYTES);
    }
    if (rc != DOSIS_OK) {
        return rc;
    }
    if (!lengths_fit(&run)) {
        return DOSIS_ELIMIT;
    }
    put_u32(out, key->id);
    memcpy(out + ID_BYTES, crypt->prefix, DERIVE_BYTES);
    aad_fill(&run, aad, key->id, place);
    run.seal = true;
    run.iv = out + ID_BYTES + DERIVE_BYTES;
    if (!gcm_run(crypt->sealing, &run, NULL, run.out + plain.len)) {
        crypt->sealed = 0;
        ERR_clear_error();
        return DOSIS_EIO;
    }
    return DOSIS_OK;
}


/* Newest first: most values are sealed under the active key. */
static const xaes_key_t *
key_find(const dosis_crypt_t *crypt, uint32_t id)
{
    size_t i;

    for (i = crypt->count; i > 0; i--) {
        if (crypt->key[i - 1].id == id) {
            return &crypt->key[i - 1];
        }
    }
    return NULL;
}


dosis_rc_t
dosis_open(dosis_crypt_t *crypt, dosis_place_t place, dosis_slice_t sealed,
    void *to, size_t *ret_len)
{
    const uint8_t *from = (const uint8_t *) sealed.data;
    const xaes_key_t *key;
    uint8_t aad[AAD_BYTES];
    gcm_run_t run = { .out = to };
    dosis_rc_t rc;

    if (sealed.len < DOSIS_SEAL_OVERHEAD) {
        return DOSIS_EFORMAT;
    }
    key = key_find(crypt, get_u32(from));
    if (key == NULL) {
        OPENSSL_cleanse(to, sealed.len - DOSIS_SEAL_OVERHEAD);
        return DOSIS_EKEY;
    }
    aad_fill(&run, aad, key->id, place);
    run.in = dosis_slice(from + HEAD_BYTES, sealed.len - HEAD_BYTES);
    rc = xaes_open(crypt->gcm, key, &run, from + ID_BYTES);
    if (rc == DOSIS_OK) {
        *ret_len = sealed.len - DOSIS_SEAL_OVERHEAD;
    }
    return rc;
}


void
dosis_blind(dosis_crypt_t *crypt, dosis_blind_t purpose,
    const dosis_slice_t *parts, size_t count, uint8_t to[DOSIS_BLIND_BYTES])
{
    const hmac_t *hmac = &crypt->blind[purpose];
    SHA256_CTX sha = hmac->inner;
    uint8_t digest[SHA256_DIGEST_LENGTH], len[4];
    size_t i;

    for (i = 0; i < count; i++) {
        put_u32(len, (uint32_t) parts[i].len);
        SHA256_Update(&sha, len, sizeof(len));
        SHA256_Update(&sha, parts[i].data, parts[i].len);
    }
    SHA256_Final(digest, &sha);
    sha = hmac->outer;
    SHA256_Update(&sha, digest, sizeof(digest));
    SHA256_Final(digest, &sha);
    memcpy(to, digest, DOSIS_BLIND_BYTES);
}


/* One delivery after another is of the same source. */
static void
blind_source(
    dosis_crypt_t *crypt, dosis_slice_t bron, uint8_t to[DOSIS_BLIND_BYTES])
{
    if (bron.len > 0 && bron.len == crypt->source_len
        && memcmp(bron.data, crypt->source, bron.len) == 0) {
        memcpy(to, crypt->source_blind, DOSIS_BLIND_BYTES);
        return;
    }
    dosis_blind(crypt, DOSIS_BLIND_BRON, &bron, 1, to);
    if (bron.len > 0 && bron.len <= SOURCE_BYTES) {
        memcpy(crypt->source, bron.data, bron.len);
        memcpy(crypt->source_blind, to, DOSIS_BLIND_BYTES);
        crypt->source_len = bron.len;
    }
}


void
dosis_blind_dossier(dosis_crypt_t *crypt, dosis_slice_t bron,
    dosis_slice_t nummer, uint8_t to[DOSIS_BLIND_BYTES])
{
    dosis_slice_t parts[2] = { bron, nummer };
    uint8_t source[DOSIS_BLIND_BYTES], dossier[DOSIS_BLIND_BYTES];

    blind_source(crypt, bron, source);
    dosis_blind(crypt, DOSIS_BLIND_DOSSIER, parts, 2, dossier);
    memcpy(to, source, 4);
    memcpy(to + 4, dossier, DOSIS_BLIND_BYTES - 4);
}


/* One value under a key used once: a context for the call. */
static dosis_rc_t
xaes_once(const uint8_t bytes[KEY_BYTES], gcm_run_t *run,
    const uint8_t nonce[NONCE_BYTES],
    dosis_rc_t (*seal_or_open)(
        EVP_CIPHER_CTX *, const xaes_key_t *, gcm_run_t *, const uint8_t *))
{
    xaes_key_t key = { 0 };
    EVP_CIPHER_CTX *gcm = cipher_create("AES-256-GCM");
    dosis_rc_t rc;

    rc = gcm == NULL ? DOSIS_ENOMEM : xaes_key_init(&key, bytes);
    if (rc == DOSIS_OK) {
        rc = seal_or_open(gcm, &key, run, nonce);
    }
    EVP_CIPHER_CTX_free(gcm);
    xaes_key_done(&key);
    return rc;
}


dosis_rc_t
dosis_xaes_seal(const uint8_t key[32], const uint8_t nonce[24],
    dosis_slice_t aad, dosis_slice_t plain, void *to)
{
    gcm_run_t run = { .aad = { aad }, .in = plain, .out = to };

    return xaes_once(key, &run, nonce, xaes_seal);
}


dosis_rc_t
dosis_xaes_open(const uint8_t key[32], const uint8_t nonce[24],
    dosis_slice_t aad, dosis_slice_t sealed, void *to)
{
    gcm_run_t run = { .aad = { aad }, .in = sealed, .out = to };

    return xaes_once(key, &run, nonce, xaes_open);
}
