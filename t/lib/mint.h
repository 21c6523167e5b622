/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * mint.h: keys, key sets and tokens for tests, honest and forged. What cannot
 * be made ends the program.
 */

#ifndef DOSIS_T_LIB_MINT_H
#define DOSIS_T_LIB_MINT_H

#include <stdlib.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/encoder.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include "base/dosis_text.h"

typedef enum {
    MINT_RS256,
    MINT_PS256,
    MINT_PS256_LONG, /* with the longest salt there is room for */
    MINT_PS256_BARE, /* with none */
    MINT_EDDSA,
    MINT_ES256,
    MINT_ES256_DER /* as the library makes it, not as a JWS wants it */
} mint_kind_t;

static inline void
mint_must(bool holds)
{
    if (!holds) {
        abort();
    }
}


static inline EVP_PKEY *
mint_rsa(size_t bits)
{
    EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "RSA", bits);

    mint_must(key != NULL);
    return key;
}


static inline EVP_PKEY *
mint_ed25519(void)
{
    EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");

    mint_must(key != NULL);
    return key;
}


static inline EVP_PKEY *
mint_ec(const char *curve)
{
    EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", curve);

    mint_must(key != NULL);
    return key;
}


/* One number of a key as base64url; width 0: as many bytes as needed. */
static inline void
mint_add_number(
    dosis_buf_t *to, const EVP_PKEY *key, const char *param, int width)
{
    uint8_t bytes[2048];
    BIGNUM *number = NULL;

    mint_must(EVP_PKEY_get_bn_param(key, param, &number) == 1);
    width = width == 0 ? BN_num_bytes(number) : width;
    mint_must(BN_bn2binpad(number, bytes, width) == width);
    BN_free(number);
    dosis_base64url_encode(to, dosis_slice(bytes, (size_t) width));
}


/* {"kid":"...",<extra>"kty":...}; extra: members with a comma behind, or "". */
static inline void
mint_add_jwk(
    dosis_buf_t *to, const EVP_PKEY *key, const char *kid, const char *extra)
{
    uint8_t point[32];
    size_t len = sizeof(point);

    dosis_buf_addf(to, "{\"kid\":\"%s\",%s", kid, extra);
    if (EVP_PKEY_is_a(key, "ED25519") == 1) {
        mint_must(EVP_PKEY_get_raw_public_key(key, point, &len) == 1);
        DOSIS_BUF_LIT(to, "\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"");
        dosis_base64url_encode(to, dosis_slice(point, len));
    } else if (EVP_PKEY_is_a(key, "RSA") == 1) {
        DOSIS_BUF_LIT(to, "\"kty\":\"RSA\",\"n\":\"");
        mint_add_number(to, key, OSSL_PKEY_PARAM_RSA_N, 0);
        DOSIS_BUF_LIT(to, "\",\"e\":\"");
        mint_add_number(to, key, OSSL_PKEY_PARAM_RSA_E, 0);
    } else {
        DOSIS_BUF_LIT(to, "\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"");
        mint_add_number(to, key, OSSL_PKEY_PARAM_EC_PUB_X, 32);
        DOSIS_BUF_LIT(to, "\",\"y\":\"");
        mint_add_number(to, key, OSSL_PKEY_PARAM_EC_PUB_Y, 32);
    }
    DOSIS_BUF_LIT(to, "\"}");
}


/* The public key as bytes: "PEM" or "DER", in that structure. */
static inline void
mint_add_public(dosis_buf_t *to, const EVP_PKEY *key, const char *format,
    const char *structure)
{
    OSSL_ENCODER_CTX *ctx = OSSL_ENCODER_CTX_new_for_pkey(
        key, EVP_PKEY_PUBLIC_KEY, format, structure, NULL);
    unsigned char *bytes = NULL;
    size_t len;

    mint_must(ctx != NULL && OSSL_ENCODER_to_data(ctx, &bytes, &len) == 1);
    dosis_buf_add(to, bytes, len);
    OPENSSL_free(bytes);
    OSSL_ENCODER_CTX_free(ctx);
}


/* r and s from DER, 32 bytes each. */
static inline size_t
mint_raw(uint8_t *sig, size_t len)
{
    const uint8_t *from = sig;
    ECDSA_SIG *pair = d2i_ECDSA_SIG(NULL, &from, (long) len);

    mint_must(pair != NULL
        && BN_bn2binpad(ECDSA_SIG_get0_r(pair), sig, 32) == 32
        && BN_bn2binpad(ECDSA_SIG_get0_s(pair), sig + 32, 32) == 32);
    ECDSA_SIG_free(pair);
    return 64;
}


static inline void
mint_pad(EVP_PKEY_CTX *options, mint_kind_t kind)
{
    int salt = RSA_PSS_SALTLEN_DIGEST;

    if (kind != MINT_PS256 && kind != MINT_PS256_LONG
        && kind != MINT_PS256_BARE) {
        return;
    }
    if (kind != MINT_PS256) {
        salt = kind == MINT_PS256_BARE ? 0 : RSA_PSS_SALTLEN_MAX;
    }
    mint_must(
        EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING) == 1
        && EVP_PKEY_CTX_set_rsa_pss_saltlen(options, salt) == 1);
}


/* Returns the length; sig has room for 1024. */
static inline size_t
mint_sign(EVP_PKEY *key, mint_kind_t kind, dosis_slice_t text, uint8_t *sig)
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    EVP_PKEY_CTX *options;
    size_t len = 1024;

    mint_must(ctx != NULL
        && EVP_DigestSignInit_ex(ctx, &options,
               kind == MINT_EDDSA ? NULL : "SHA256", NULL, NULL, key, NULL)
            == 1);
    mint_pad(options, kind);
    mint_must(EVP_DigestSign(ctx, sig, &len, (const uint8_t *) text.data,
                  text.len)
        == 1);
    EVP_MD_CTX_free(ctx);
    return kind == MINT_ES256 ? mint_raw(sig, len) : len;
}


/* base64url(header).base64url(payload), into an empty buffer. */
static inline void
mint_start(dosis_buf_t *to, dosis_slice_t header, dosis_slice_t payload)
{
    dosis_buf_reset(to);
    dosis_base64url_encode(to, header);
    dosis_buf_add_byte(to, '.');
    dosis_base64url_encode(to, payload);
}


/* .base64url(sig) */
static inline void
mint_end(dosis_buf_t *to, const void *sig, size_t len)
{
    dosis_buf_add_byte(to, '.');
    dosis_base64url_encode(to, dosis_slice(sig, len));
    mint_must(to->rc == DOSIS_OK);
}


static inline void
mint_token(dosis_buf_t *to, dosis_slice_t header, dosis_slice_t payload,
    EVP_PKEY *key, mint_kind_t kind)
{
    uint8_t sig[1024];
    size_t len;

    mint_start(to, header, payload);
    len = mint_sign(key, kind, dosis_buf_slice(to), sig);
    mint_end(to, sig, len);
}

#endif
