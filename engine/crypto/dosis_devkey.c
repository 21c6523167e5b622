/* SPDX-License-Identifier: EUPL-1.2 */

#include "crypto/dosis_devkey.h"

#include <stdlib.h>

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "base/dosis_file.h"
#include "base/dosis_text.h"

#define DEVKEY_RSA_BITS 2048
#define DEVKEY_PEM_MAX 16384
#define DEVKEY_NUMBER_MAX 1024 /* bytes of the largest modulus */
#define DEVKEY_SIGNATURE_MAX 1024

struct dosis_devkey_s {
    EVP_PKEY *pkey;
    dosis_devkey_kind_t kind;
};

/* One public number of a key, and its name in a JWK. */
typedef struct {
    const char *member;
    const char *param;
} devkey_number_t;

typedef struct {
    const char *type;    /* of OpenSSL */
    const char *group;   /* of an EC key */
    const char *members; /* of the JWK, the same for each such key */
    const char *digest;  /* when it is signed with here */
    size_t width;        /* bytes per number, 0 = as many as needed */
    devkey_number_t number[2];
} devkey_row_t;

static const devkey_row_t devkey_kinds[] = {
    [DOSIS_DEVKEY_RS256] = { "RSA", NULL,
        "\"kty\":\"RSA\",\"alg\":\"RS256\"", NULL, 0,
        { { "n", OSSL_PKEY_PARAM_RSA_N }, { "e", OSSL_PKEY_PARAM_RSA_E } } },
    [DOSIS_DEVKEY_ES256] = { "EC", "P-256",
        "\"kty\":\"EC\",\"crv\":\"P-256\",\"alg\":\"ES256\"", NULL, 32,
        { { "x", OSSL_PKEY_PARAM_EC_PUB_X },
            { "y", OSSL_PKEY_PARAM_EC_PUB_Y } } },
    [DOSIS_DEVKEY_PS256] = { "RSA", NULL,
        "\"kty\":\"RSA\",\"alg\":\"PS256\"", "SHA256", 0,
        { { "n", OSSL_PKEY_PARAM_RSA_N }, { "e", OSSL_PKEY_PARAM_RSA_E } } },
    [DOSIS_DEVKEY_EDDSA] = { "ED25519", NULL,
        "\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"alg\":\"EdDSA\"", NULL, 0,
        { { "x", NULL }, { NULL, NULL } } },
};


static const devkey_row_t *
row_of(const dosis_devkey_t *key)
{
    return &devkey_kinds[key->kind];
}


/* Takes pkey, always. */
static dosis_rc_t
devkey_wrap(EVP_PKEY *pkey, dosis_devkey_kind_t kind, dosis_devkey_t **ret_key)
{
    dosis_devkey_t *key = calloc(1, sizeof(*key));

    if (key == NULL) {
        EVP_PKEY_free(pkey);
        return DOSIS_ENOMEM;
    }
    key->pkey = pkey;
    key->kind = kind;
    *ret_key = key;
    return DOSIS_OK;
}


dosis_rc_t
dosis_devkey_generate(dosis_devkey_kind_t kind, dosis_devkey_t **ret_key)
{
    const devkey_row_t *row = &devkey_kinds[kind];
    EVP_PKEY *pkey;

    if (kind == DOSIS_DEVKEY_RS256 || kind == DOSIS_DEVKEY_PS256) {
        pkey =
            EVP_PKEY_Q_keygen(NULL, NULL, row->type, (size_t) DEVKEY_RSA_BITS);
    } else {
        pkey = EVP_PKEY_Q_keygen(NULL, NULL, row->type, row->group);
    }
    if (pkey == NULL) {
        return DOSIS_EIO;
    }
    return devkey_wrap(pkey, kind, ret_key);
}


/* A key with a pass phrase is none of ours; never ask at the terminal. */
static int
no_pass_phrase(char *to, int size, int writing, void *payload)
{
    (void) to;
    (void) size;
    (void) writing;
    (void) payload;
    return -1;
}


dosis_rc_t
dosis_devkey_load(
    const char *path, dosis_devkey_kind_t kind, dosis_devkey_t **ret_key)
{
    char pem[DEVKEY_PEM_MAX];
    dosis_buf_t text;
    EVP_PKEY *pkey = NULL;
    BIO *bio;
    dosis_rc_t rc;

    dosis_buf_init_fixed(&text, pem, sizeof(pem));
    rc = dosis_file_read(path, sizeof(pem), &text);
    if (rc == DOSIS_OK) {
        bio = BIO_new_mem_buf(text.data, (int) text.len);
        pkey = PEM_read_bio_PrivateKey(bio, NULL, no_pass_phrase, NULL);
        BIO_free(bio);
        rc = pkey == NULL ? DOSIS_EFORMAT : DOSIS_OK;
    }
    explicit_bzero(pem, sizeof(pem));
    if (rc != DOSIS_OK) {
        return rc;
    }
    if (!EVP_PKEY_is_a(pkey, devkey_kinds[kind].type)) {
        EVP_PKEY_free(pkey);
        return DOSIS_EFORMAT;
    }
    return devkey_wrap(pkey, kind, ret_key);
}


dosis_rc_t
dosis_devkey_add_pem(dosis_buf_t *buf, const dosis_devkey_t *key)
{
    dosis_rc_t rc = DOSIS_EIO;
    char *pem;
    long len;
    BIO *bio = BIO_new(BIO_s_secmem());

    if (bio != NULL
        && PEM_write_bio_PKCS8PrivateKey(
               bio, key->pkey, NULL, NULL, 0, NULL, NULL)
            == 1) {
        len = BIO_get_mem_data(bio, &pem);
        dosis_buf_add(buf, pem, (size_t) len);
        rc = buf->rc;
    }
    BIO_free(bio);
    return rc;
}


dosis_rc_t
dosis_devkey_save(const char *path, const dosis_devkey_t *key)
{
    char memory[DEVKEY_PEM_MAX];
    dosis_buf_t pem;
    dosis_rc_t rc;

    dosis_buf_init_fixed(&pem, memory, sizeof(memory));
    rc = dosis_devkey_add_pem(&pem, key);
    if (rc == DOSIS_OK) {
        rc = dosis_file_create(path, 0600, dosis_buf_slice(&pem));
    }
    explicit_bzero(memory, sizeof(memory));
    return rc;
}


/* Bytes of one number: big-endian, of Ed25519 the point as it is. */
static dosis_rc_t
number_read(const EVP_PKEY *pkey, const devkey_number_t *number, size_t width,
    dosis_buf_t *to)
{
    unsigned char bytes[DEVKEY_NUMBER_MAX];
    BIGNUM *value = NULL;
    size_t len = sizeof(bytes);
    bool done = false;

    if (number->param == NULL) {
        done = EVP_PKEY_get_raw_public_key(pkey, bytes, &len) == 1;
    } else if (EVP_PKEY_get_bn_param(pkey, number->param, &value) == 1) {
        len = width != 0 ? width : (size_t) BN_num_bytes(value);
        done = len <= sizeof(bytes)
            && BN_bn2binpad(value, bytes, (int) len) == (int) len;
    }
    BN_free(value);
    if (!done) {
        return DOSIS_EFORMAT;
    }
    dosis_base64url_encode(to, dosis_slice(bytes, len));
    return to->rc;
}


dosis_rc_t
dosis_devkey_add_jwk(
    dosis_buf_t *buf, const dosis_devkey_t *key, const char *kid)
{
    const devkey_row_t *row = row_of(key);
    dosis_rc_t rc = DOSIS_OK;
    size_t i;

    dosis_buf_addf(
        buf, "{%s,\"use\":\"sig\",\"kid\":\"%s\"", row->members, kid);
    for (i = 0; rc == DOSIS_OK && i < 2 && row->number[i].member != NULL; i++) {
        dosis_buf_addf(buf, ",\"%s\":\"", row->number[i].member);
        rc = number_read(key->pkey, &row->number[i], row->width, buf);
        dosis_buf_add_byte(buf, '"');
    }
    dosis_buf_add_byte(buf, '}');
    return rc == DOSIS_OK ? buf->rc : rc;
}


/* PS256 has a salt as long as the hash; Ed25519 has no options. */
static bool
sign_init(EVP_MD_CTX *ctx, const dosis_devkey_t *key)
{
    char pad[] = OSSL_PKEY_RSA_PAD_MODE_PSS;
    char salt[] = OSSL_PKEY_RSA_PSS_SALT_LEN_DIGEST;
    const OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(
            OSSL_SIGNATURE_PARAM_PAD_MODE, pad, 0),
        OSSL_PARAM_construct_utf8_string(
            OSSL_SIGNATURE_PARAM_PSS_SALTLEN, salt, 0),
        OSSL_PARAM_construct_end(),
    };

    return EVP_DigestSignInit_ex(ctx, NULL, row_of(key)->digest, NULL, NULL,
               key->pkey, key->kind == DOSIS_DEVKEY_PS256 ? params : NULL)
        == 1;
}


dosis_rc_t
dosis_devkey_sign(
    dosis_buf_t *buf, const dosis_devkey_t *key, dosis_slice_t message)
{
    unsigned char signature[DEVKEY_SIGNATURE_MAX];
    size_t len = sizeof(signature);
    EVP_MD_CTX *ctx;
    dosis_rc_t rc = DOSIS_EIO;

    if (key->kind != DOSIS_DEVKEY_PS256 && key->kind != DOSIS_DEVKEY_EDDSA) {
        return DOSIS_EINPUT;
    }
    ctx = EVP_MD_CTX_new();
    if (ctx != NULL && sign_init(ctx, key)
        && EVP_DigestSign(ctx, signature, &len,
               (const unsigned char *) message.data, message.len)
            == 1) {
        dosis_base64url_encode(buf, dosis_slice(signature, len));
        rc = buf->rc;
    }
    EVP_MD_CTX_free(ctx);
    ERR_clear_error();
    return rc;
}


void
dosis_devkey_free(dosis_devkey_t *key)
{
    if (key == NULL) {
        return;
    }
    EVP_PKEY_free(key->pkey);
    free(key);
}
