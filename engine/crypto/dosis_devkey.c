/* SPDX-License-Identifier: EUPL-1.2 */

#include "crypto/dosis_devkey.h"

#include <stdlib.h>

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "base/dosis_file.h"
#include "base/dosis_text.h"

#define DEVKEY_RSA_BITS 2048
#define DEVKEY_PEM_MAX 16384
#define DEVKEY_NUMBER_MAX 1024 /* bytes of the largest modulus */

struct dosis_devkey_s {
    EVP_PKEY *pkey;
    dosis_devkey_kind_t kind;
};

/* One public number of a key, and its name in a JWK. */
typedef struct {
    const char *member;
    const char *param;
} devkey_number_t;

static const struct {
    const char *type;    /* of OpenSSL */
    const char *members; /* of the JWK, the same for each such key */
    size_t width;        /* bytes per number, 0 = as many as needed */
    devkey_number_t number[2];
} devkey_kinds[] = {
    [DOSIS_DEVKEY_RS256] = { "RSA", "\"kty\":\"RSA\",\"alg\":\"RS256\"", 0,
        { { "n", OSSL_PKEY_PARAM_RSA_N }, { "e", OSSL_PKEY_PARAM_RSA_E } } },
    [DOSIS_DEVKEY_ES256] = { "EC",
        "\"kty\":\"EC\",\"crv\":\"P-256\",\"alg\":\"ES256\"", 32,
        { { "x", OSSL_PKEY_PARAM_EC_PUB_X },
            { "y", OSSL_PKEY_PARAM_EC_PUB_Y } } },
};


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
    EVP_PKEY *pkey;

    if (kind == DOSIS_DEVKEY_RS256) {
        pkey = EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t) DEVKEY_RSA_BITS);
    } else {
        pkey = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
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
dosis_devkey_save(const char *path, const dosis_devkey_t *key)
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
        rc = dosis_file_create(path, 0600, dosis_slice(pem, (size_t) len));
    }
    BIO_free(bio);
    return rc;
}


static dosis_rc_t
add_number(dosis_buf_t *buf, const EVP_PKEY *pkey,
    const devkey_number_t *number, size_t width)
{
    unsigned char bytes[DEVKEY_NUMBER_MAX];
    BIGNUM *value = NULL;
    dosis_rc_t rc = DOSIS_EFORMAT;
    size_t len;

    if (EVP_PKEY_get_bn_param(pkey, number->param, &value) == 1) {
        len = width != 0 ? width : (size_t) BN_num_bytes(value);
        if (len <= sizeof(bytes)
            && BN_bn2binpad(value, bytes, (int) len) == (int) len) {
            dosis_buf_addf(buf, ",\"%s\":\"", number->member);
            dosis_base64url_encode(buf, dosis_slice(bytes, len));
            dosis_buf_add_byte(buf, '"');
            rc = buf->rc;
        }
    }
    BN_free(value);
    return rc;
}


dosis_rc_t
dosis_devkey_add_jwk(
    dosis_buf_t *buf, const dosis_devkey_t *key, const char *kid)
{
    dosis_rc_t rc = DOSIS_OK;
    size_t i;

    dosis_buf_addf(buf, "{%s,\"use\":\"sig\",\"kid\":\"%s\"",
        devkey_kinds[key->kind].members, kid);
    for (i = 0; rc == DOSIS_OK && i < 2; i++) {
        rc = add_number(buf, key->pkey, &devkey_kinds[key->kind].number[i],
            devkey_kinds[key->kind].width);
    }
    dosis_buf_add_byte(buf, '}');
    return rc == DOSIS_OK ? buf->rc : rc;
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
