/* SPDX-License-Identifier: EUPL-1.2 */

#include "crypto/dosis_jwks.h"

#include <stdlib.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include "base/dosis_json.h"
#include "base/dosis_text.h"

#define RSA_BITS_MIN 2048
#define RSA_BITS_MAX 8192
#define RSA_E_BITS 64
#define P256_BYTES 32
#define P256_DER_MAX 80 /* two integers of at most 33 bytes, and heads */
#define ED25519_BYTES 32
#define ED25519_SIGNATURE 64

typedef struct {
    const char *kty;
    const char *alg;
    EVP_PKEY *(*build)(const dosis_json_t *jwk);
    dosis_rc_t (*verify)(
        EVP_PKEY *key, dosis_slice_t message, dosis_slice_t signature);
} jwks_kind_t;

typedef struct {
    char kid[DOSIS_JWKS_KID_MAX];
    size_t kid_len;
    const jwks_kind_t *kind;
    EVP_PKEY *pkey;
} jwks_key_t;

struct dosis_jwks_s {
    size_t count;
    jwks_key_t key[DOSIS_JWKS_MAX];
};

/* Members that hold a secret, of any key type in the registry. */
static const char *const private_members[] = { "d", "p", "q", "dp", "dq", "qi",
    "oth", "k", "priv" };

static bool
text_is(const dosis_json_t *value, const char *text)
{
    return dosis_json_kind(value) == DOSIS_JSON_STRING
        && dosis_slice_eq(dosis_json_string(value), dosis_slice_of(text));
}


static bool
absent_or(const dosis_json_t *value, const char *text)
{
    return value == NULL || text_is(value, text);
}


/* A big number of at most max_bits from base64url; NULL when it is none. */
static BIGNUM *
number_read(const dosis_json_t *value, size_t max_bits)
{
    uint8_t memory[RSA_BITS_MAX / 8 + 1];
    dosis_buf_t bytes;
    BIGNUM *number;

    dosis_buf_init_fixed(&bytes, memory, sizeof(memory));
    if (dosis_base64url_decode(&bytes, dosis_json_string(value)) != DOSIS_OK) {
        return NULL;
    }
    number = BN_bin2bn(memory, (int) bytes.len, NULL);
    if (number != NULL && BN_num_bits(number) > (int) max_bits) {
        BN_free(number);
        return NULL;
    }
    return number;
}


static EVP_PKEY *
key_from_params(const char *type, OSSL_PARAM *params)
{
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, type, NULL);
    EVP_PKEY *pkey = NULL;

    if (ctx == NULL || EVP_PKEY_fromdata_init(ctx) != 1
        || EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_PUBLIC_KEY, params) != 1) {
        pkey = NULL;
    }
    EVP_PKEY_CTX_free(ctx);
    return pkey;
}


static EVP_PKEY *
rsa_from_numbers(const BIGNUM *n, const BIGNUM *e)
{
    OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
    OSSL_PARAM *params = NULL;
    EVP_PKEY *pkey = NULL;

    if (build != NULL && OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, n)
        && OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, e)) {
        params = OSSL_PARAM_BLD_to_param(build);
    }
    if (params != NULL) {
        pkey = key_from_params("RSA", params);
    }
    OSSL_PARAM_free(params);
    OSSL_PARAM_BLD_free(build);
    return pkey;
}


/* Odd, and e > 1: an even or trivial one signs for everybody. */
static EVP_PKEY *
rsa_build(const dosis_json_t *jwk)
{
    BIGNUM *n = number_read(dosis_json_get(jwk, "n"), RSA_BITS_MAX);
    BIGNUM *e = number_read(dosis_json_get(jwk, "e"), RSA_E_BITS);
    EVP_PKEY *pkey = NULL;

    if (n != NULL && e != NULL && BN_num_bits(n) >= RSA_BITS_MIN && BN_is_odd(n)
        && BN_is_odd(e) && !BN_is_one(e)) {
        pkey = rsa_from_numbers(n, e);
    }
    BN_free(n);
    BN_free(e);
    return pkey;
}


/* A number of a curve: exactly so many bytes (RFC 7518, 6.2.1.2). */
static bool
coordinate_read(uint8_t *to, size_t len, const dosis_json_t *value)
{
    dosis_buf_t bytes;

    dosis_buf_init_fixed(&bytes, to, len);
    return dosis_base64url_decode(&bytes, dosis_json_string(value)) == DOSIS_OK
        && bytes.len == len;
}


/* The library refuses a point that is not on the curve. */
static EVP_PKEY *
ec_build(const dosis_json_t *jwk)
{
    uint8_t point[1 + 2 * P256_BYTES] = { POINT_CONVERSION_UNCOMPRESSED };
    char group[] = "P-256";
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
        OSSL_PARAM_construct_octet_string(
            OSSL_PKEY_PARAM_PUB_KEY, point, sizeof(point)),
        OSSL_PARAM_construct_end(),
    };

    if (!text_is(dosis_json_get(jwk, "crv"), "P-256")
        || !coordinate_read(point + 1, P256_BYTES, dosis_json_get(jwk, "x"))
        || !coordinate_read(point + 1 + P256_BYTES, P256_BYTES,
            dosis_json_get(jwk, "y"))) {
        return NULL;
    }
    return key_from_params("EC", params);
}


/*
 * The y of every point of order 8 or less, written in each way (RFC 8032,
 * 5.1.3), the sign of x aside: such a key signs for everybody.
 */
static const char *const ed25519_weak[] = {
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
};

static bool
ed25519_is_weak(const uint8_t point[ED25519_BYTES])
{
    uint8_t y[ED25519_BYTES];
    char hex[2 * ED25519_BYTES + 1];
    size_t i;

    memcpy(y, point, sizeof(y));
    y[ED25519_BYTES - 1] &= 0x7f;
    dosis_hex_encode(hex, dosis_slice(y, sizeof(y)));
    for (i = 0; i < sizeof(ed25519_weak) / sizeof(*ed25519_weak); i++) {
        if (strcmp(hex, ed25519_weak[i]) == 0) {
            return true;
        }
    }
    return false;
}


static EVP_PKEY *
ed25519_build(const dosis_json_t *jwk)
{
    uint8_t point[ED25519_BYTES];

    if (!text_is(dosis_json_get(jwk, "crv"), "Ed25519")
        || !coordinate_read(point, sizeof(point), dosis_json_get(jwk, "x"))
        || ed25519_is_weak(point)) {
        return NULL;
    }
    return EVP_PKEY_new_raw_public_key_ex(
        NULL, "ED25519", NULL, point, sizeof(point));
}


/* digest: NULL where the algorithm has its own; params: NULL, or padding. */
static dosis_rc_t
evp_verify(EVP_PKEY *key, const char *digest, const OSSL_PARAM *params,
    dosis_slice_t message, dosis_slice_t signature)
{
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    dosis_rc_t rc = DOSIS_EDENIED;

    if (ctx == NULL
        || EVP_DigestVerifyInit_ex(ctx, NULL, digest, NULL, NULL, key, params)
            != 1) {
        rc = DOSIS_ENOMEM;
    } else if (EVP_DigestVerify(ctx, (const uint8_t *) signature.data,
                   signature.len, (const uint8_t *) message.data, message.len)
        == 1) {
        rc = DOSIS_OK;
    }
    EVP_MD_CTX_free(ctx);
    return rc;
}


/* Without more the library pads by PKCS #1 v1.5, as RS256 wants. */
static dosis_rc_t
rs256_verify(EVP_PKEY *key, dosis_slice_t message, dosis_slice_t signature)
{
    return evp_verify(key, "SHA256", NULL, message, signature);
}


/* Both hashes SHA-256, and a salt as long as one (RFC 7518, 3.5). */
static dosis_rc_t
ps256_verify(EVP_PKEY *key, dosis_slice_t message, dosis_slice_t signature)
{
    char pad[] = OSSL_PKEY_RSA_PAD_MODE_PSS, mgf1[] = "SHA256";
    char salt[] = OSSL_PKEY_RSA_PSS_SALT_LEN_DIGEST;
    const OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(
            OSSL_SIGNATURE_PARAM_PAD_MODE, pad, 0),
        OSSL_PARAM_construct_utf8_string(
            OSSL_SIGNATURE_PARAM_MGF1_DIGEST, mgf1, 0),
        OSSL_PARAM_construct_utf8_string(
            OSSL_SIGNATURE_PARAM_PSS_SALTLEN, salt, 0),
        OSSL_PARAM_construct_end(),
    };

    return evp_verify(key, "SHA256", params, message, signature);
}


static dosis_rc_t
eddsa_verify(EVP_PKEY *key, dosis_slice_t message, dosis_slice_t signature)
{
    if (signature.len != ED25519_SIGNATURE) {
        return DOSIS_EDENIED;
    }
    return evp_verify(key, NULL, NULL, message, signature);
}


/* A JWS holds r and s, 32 bytes each; the library wants them in DER. */
static dosis_rc_t
es256_verify(EVP_PKEY *key, dosis_slice_t message, dosis_slice_t signature)
{
    const uint8_t *raw = (const uint8_t *) signature.data;
    uint8_t der[P256_DER_MAX], *end = der;
    ECDSA_SIG *sig;
    BIGNUM *r, *s;
    dosis_rc_t rc = DOSIS_ENOMEM;
    int len;

    if (signature.len != 2 * P256_BYTES) {
        return DOSIS_EDENIED;
    }
    sig = ECDSA_SIG_new();
    r = BN_bin2bn(raw, P256_BYTES, NULL);
    s = BN_bin2bn(raw + P256_BYTES, P256_BYTES, NULL);
    if (sig == NULL || r == NULL || s == NULL || !ECDSA_SIG_set0(sig, r, s)) {
        BN_free(r);
        BN_free(s);
        ECDSA_SIG_free(sig);
        return rc;
    }
    len = i2d_ECDSA_SIG(sig, &end);
    if (len > 0) {
        rc = evp_verify(
            key, "SHA256", NULL, message, dosis_slice(der, (size_t) len));
    }
    ECDSA_SIG_free(sig);
    return rc;
}


/* The first of its kty is that of a key without `alg`. */
static const jwks_kind_t kinds[] = {
    { "RSA", "RS256", rsa_build, rs256_verify },
    { "RSA", "PS256", rsa_build, ps256_verify },
    { "EC", "ES256", ec_build, es256_verify },
    { "OKP", "EdDSA", ed25519_build, eddsa_verify },
};

static bool
holds_secret(const dosis_json_t *jwk)
{
    size_t i;

    for (i = 0; i < sizeof(private_members) / sizeof(*private_members); i++) {
        if (dosis_json_get(jwk, private_members[i]) != NULL) {
            return true;
        }
    }
    return false;
}


/* `key_ops` absent, or an array with "verify" in it (RFC 7517, 4.3). */
static bool
may_verify(const dosis_json_t *ops)
{
    size_t i;

    for (i = 0; i < dosis_json_count(ops); i++) {
        if (text_is(dosis_json_at(ops, i), "verify")) {
            return true;
        }
    }
    return ops == NULL;
}


/* What kind of key this is, if all but its numbers is as we need it. */
static const jwks_kind_t *
kind_find(const dosis_json_t *jwk)
{
    size_t i;
    dosis_slice_t kid = dosis_json_string(dosis_json_get(jwk, "kid"));

    if (kid.len == 0 || kid.len > DOSIS_JWKS_KID_MAX
        || !absent_or(dosis_json_get(jwk, "use"), "sig")
        || !may_verify(dosis_json_get(jwk, "key_ops"))) {
        return NULL;
    }
    for (i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
        if (text_is(dosis_json_get(jwk, "kty"), kinds[i].kty)
            && absent_or(dosis_json_get(jwk, "alg"), kinds[i].alg)) {
            return &kinds[i];
        }
    }
    return NULL;
}


static const jwks_key_t *
key_find(const dosis_jwks_t *set, dosis_slice_t kid)
{
    size_t i;

    for (i = 0; i < set->count; i++) {
        if (dosis_slice_eq(
                kid, dosis_slice(set->key[i].kid, set->key[i].kid_len))) {
            return &set->key[i];
        }
    }
    return NULL;
}


/* Adds the key, or passes it over. The set has room. */
static void
key_add(dosis_jwks_t *set, const dosis_json_t *jwk)
{
    const jwks_kind_t *kind = kind_find(jwk);
    jwks_key_t *key = &set->key[set->count];
    dosis_slice_t kid;
    EVP_PKEY *pkey;

    if (kind == NULL) {
        return;
    }
    pkey = kind->build(jwk);
    if (pkey == NULL) {
        return;
    }
    kid = dosis_json_string(dosis_json_get(jwk, "kid"));
    memcpy(key->kid, kid.data, kid.len);
    key->kid_len = kid.len;
    key->kind = kind;
    key->pkey = pkey;
    set->count++;
}


static bool
is_twice(const dosis_jwks_t *set, size_t index)
{
    const jwks_key_t *key = &set->key[index];
    size_t i;

    for (i = 0; i < set->count; i++) {
        if (i != index && set->key[i].kid_len == key->kid_len
            && memcmp(set->key[i].kid, key->kid, key->kid_len) == 0) {
            return true;
        }
    }
    return false;
}


/* Takes out every key whose kid is not its own. */
static void
twice_remove(dosis_jwks_t *set)
{
    bool twice[DOSIS_JWKS_MAX];
    size_t i, kept = 0;

    for (i = 0; i < set->count; i++) {
        twice[i] = is_twice(set, i);
    }
    for (i = 0; i < set->count; i++) {
        if (twice[i]) {
            EVP_PKEY_free(set->key[i].pkey);
        } else {
            set->key[kept] = set->key[i];
            kept++;
        }
    }
    set->count = kept;
}


static dosis_rc_t
keys_read(dosis_jwks_t *set, const dosis_json_t *root)
{
    const dosis_json_t *keys = dosis_json_get(root, "keys");
    size_t i, count = dosis_json_count(keys);

    if (dosis_json_kind(keys) != DOSIS_JSON_ARRAY) {
        return DOSIS_EFORMAT;
    }
    if (count > DOSIS_JWKS_MAX) {
        return DOSIS_ELIMIT;
    }
    for (i = 0; i < count; i++) {
        if (holds_secret(dosis_json_at(keys, i))) {
            return DOSIS_EFORMAT;
        }
    }
    for (i = 0; i < count; i++) {
        key_add(set, dosis_json_at(keys, i));
    }
    twice_remove(set);
    return set->count == 0 ? DOSIS_EFORMAT : DOSIS_OK;
}


dosis_rc_t
dosis_jwks_parse(dosis_slice_t json, dosis_jwks_t **ret_set)
{
    dosis_jwks_t *set;
    dosis_json_t *root = NULL;
    dosis_rc_t rc;

    if (json.len > DOSIS_JWKS_TEXT_MAX) {
        return DOSIS_ELIMIT;
    }
    rc = dosis_json_parse(json, &root, NULL);
    if (rc != DOSIS_OK) {
        return rc == DOSIS_ENOMEM ? rc : DOSIS_EFORMAT;
    }
    set = calloc(1, sizeof(*set));
    rc = set == NULL ? DOSIS_ENOMEM : keys_read(set, root);
    dosis_json_free(root);
    /* a key passed over must leave no trace for the next user of the queue */
    ERR_clear_error();
    if (rc != DOSIS_OK) {
        dosis_jwks_free(set);
        return rc;
    }
    *ret_set = set;
    return DOSIS_OK;
}


void
dosis_jwks_free(dosis_jwks_t *set)
{
    size_t i;

    if (set == NULL) {
        return;
    }
    for (i = 0; i < set->count; i++) {
        EVP_PKEY_free(set->key[i].pkey);
    }
    free(set);
}


size_t
dosis_jwks_count(const dosis_jwks_t *set)
{
    return set->count;
}


bool
dosis_jwks_has(const dosis_jwks_t *set, dosis_slice_t kid)
{
    return key_find(set, kid) != NULL;
}


bool
dosis_jwks_knows(dosis_slice_t alg)
{
    size_t i;

    for (i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
        if (dosis_slice_eq(alg, dosis_slice_of(kinds[i].alg))) {
            return true;
        }
    }
    return false;
}


const char *
dosis_jwks_alg(const dosis_jwks_t *set, dosis_slice_t kid)
{
    const jwks_key_t *key = key_find(set, kid);

    return key == NULL ? NULL : key->kind->alg;
}


dosis_rc_t
dosis_jwks_verify(const dosis_jwks_t *set, dosis_slice_t kid,
    dosis_slice_t message, dosis_slice_t signature)
{
    const jwks_key_t *key = key_find(set, kid);
    dosis_rc_t rc;

    if (key == NULL) {
        return DOSIS_EDENIED;
    }
    rc = key->kind->verify(key->pkey, message, signature);
    if (rc != DOSIS_OK) {
        ERR_clear_error();
    }
    return rc;
}
