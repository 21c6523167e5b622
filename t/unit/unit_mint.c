/* SPDX-License-Identifier: EUPL-1.2 */

#include <openssl/pem.h>

#include "crypto/dosis_jwt.h"
#include "crypto/dosis_mint.h"
#include "t/lib/mint.h"
#include "t/lib/tap.h"

#define NOW 1800000000
#define CLAIMS                                                               \
    "{\"iss\":\"https://a.example\",\"aud\":\"dosis\",\"exp\":1800000060,"   \
    "\"naam\":\"caf\xc3\xa9 \\\"x\\\"\"}"

static char room[65536];


/* Of the private key; pass: NULL is none. */
static void
pem_of(dosis_buf_t *to, EVP_PKEY *key, const char *pass)
{
    BIO *bio = BIO_new(BIO_s_mem());
    char *at;
    long len;

    mint_must(bio != NULL
        && PEM_write_bio_PKCS8PrivateKey(bio, key,
               pass != NULL ? EVP_aes_128_cbc() : NULL, pass,
               pass != NULL ? (int) strlen(pass) : 0, NULL, NULL)
            == 1);
    len = BIO_get_mem_data(bio, &at);
    dosis_buf_init(to, 65536);
    dosis_buf_add(to, at, (size_t) len);
    BIO_free(bio);
}


static dosis_rc_t
try(dosis_buf_t *out, EVP_PKEY *key, const char *alg, const char *claims)
{
    dosis_buf_t pem;
    dosis_mint_t mint = { .alg = alg, .kid = "k" };
    dosis_rc_t rc;

    pem_of(&pem, key, NULL);
    mint.pem = dosis_buf_slice(&pem);
    dosis_buf_init_fixed(out, room, sizeof(room));
    rc = dosis_mint(out, &mint, dosis_slice_of(claims));
    dosis_buf_done(&pem);
    return rc;
}


static dosis_jwt_reason_t
judge(dosis_slice_t token, EVP_PKEY *key, const char *alg)
{
    char memory[4096], extra[32];
    dosis_jwt_issuer_t issuer = { .issuer = dosis_slice_of("https://a.example"),
        .audience = dosis_slice_of("dosis") };
    dosis_jwt_policy_t policy = { &issuer, 1, NOW, 60 };
    dosis_jwt_reason_t reason = DOSIS_JWT_MALFORMED;
    dosis_jwks_t *set = NULL;
    dosis_jwt_t jwt = { 0 };
    dosis_buf_t text;

    snprintf(extra, sizeof(extra), "\"alg\":\"%s\",", alg);
    dosis_buf_init_fixed(&text, memory, sizeof(memory));
    DOSIS_BUF_LIT(&text, "{\"keys\":[");
    mint_add_jwk(&text, key, "k", extra);
    DOSIS_BUF_LIT(&text, "]}");
    mint_must(dosis_jwks_parse(dosis_buf_slice(&text), &set) == DOSIS_OK);
    issuer.keys = set;
    if (dosis_jwt_verify(token, &policy, &jwt, &reason) == DOSIS_OK) {
        dosis_json_free(jwt.payload);
    }
    dosis_jwks_free(set);
    return reason;
}


static void
good(EVP_PKEY *ec, EVP_PKEY *rsa)
{
    dosis_buf_t out;

    CHECK(try(&out, ec, "ES256", CLAIMS) == DOSIS_OK, "ES256 signs");
    CHECK(judge(dosis_buf_slice(&out), ec, "ES256") == DOSIS_JWT_OK,
        "and what it signed is good");
    CHECK(try(&out, rsa, "RS256", CLAIMS) == DOSIS_OK, "RS256 signs");
    CHECK(judge(dosis_buf_slice(&out), rsa, "RS256") == DOSIS_JWT_OK,
        "and what it signed is good");
}


static void
headers(EVP_PKEY *ec)
{
    static const char start[] = "ey";
    dosis_mint_t mint = { .alg = "ES256" };
    char memory[256];
    dosis_buf_t pem, out, header;
    dosis_slice_t first;

    pem_of(&pem, ec, NULL);
    mint.pem = dosis_buf_slice(&pem);
    dosis_buf_init_fixed(&out, room, sizeof(room));
    DOSIS_BUF_LIT(&out, "before ");
    CHECK(dosis_mint(&out, &mint, dosis_slice_of(CLAIMS)) == DOSIS_OK
            && memcmp(out.data, "before ", 7) == 0
            && memcmp(out.data + 7, start, 2) == 0,
        "the token is added to what is there");
    first = dosis_slice(out.data + 7,
        (size_t) ((char *) memchr(out.data, '.', out.len) - out.data) - 7);
    dosis_buf_init_fixed(&header, memory, sizeof(memory));
    mint_must(dosis_base64url_decode(&header, first) == DOSIS_OK);
    dosis_buf_add_byte(&header, '\0');
    CHECK(strstr(header.data, "\"typ\":\"JWT\"") != NULL
            && strstr(header.data, "\"alg\":\"ES256\"") != NULL,
        "the header says alg and typ");
    CHECK(strstr(header.data, "kid") == NULL, "no kid when none is given");
    out.max = out.cap = 40;
    out.len = 7;
    CHECK(dosis_mint(&out, &mint, dosis_slice_of(CLAIMS)) == DOSIS_ELIMIT,
        "no room is told");
    dosis_buf_done(&pem);
}


static void
refused(EVP_PKEY *ec, EVP_PKEY *rsa)
{
    EVP_PKEY *big = mint_ec("P-384");
    EVP_PKEY *small = mint_rsa(1024);
    dosis_mint_t mint = { .alg = "ES256" };
    dosis_buf_t out, pem;

    CHECK(try(&out, rsa, "ES256", CLAIMS) == DOSIS_EKEY
            && try(&out, ec, "RS256", CLAIMS) == DOSIS_EKEY && out.len == 0,
        "a key of another kind is refused");
    CHECK(try(&out, big, "ES256", CLAIMS) == DOSIS_EKEY,
        "a key on another curve is refused");
    CHECK(try(&out, small, "RS256", CLAIMS) == DOSIS_EKEY,
        "a short RSA key is refused");
    CHECK(try(&out, ec, "none", CLAIMS) == DOSIS_EKEY
            && try(&out, ec, "HS256", CLAIMS) == DOSIS_EKEY
            && !dosis_mint_knows("HS256") && dosis_mint_knows("ES256"),
        "none and HS256 are no algorithms here");
    CHECK(try(&out, ec, "ES256", "[1]") == DOSIS_EINPUT
            && try(&out, ec, "ES256", "") == DOSIS_EINPUT
            && try(&out, ec, "ES256", "{\"a\":\"\xff\"}") == DOSIS_EINPUT,
        "claims that are no JSON object are refused");
    CHECK(dosis_mint(&out, &mint, dosis_slice_of(CLAIMS)) == DOSIS_EKEY,
        "no key is no key");
    pem_of(&pem, ec, "geheim");
    mint.pem = dosis_buf_slice(&pem);
    CHECK(dosis_mint(&out, &mint, dosis_slice_of(CLAIMS)) == DOSIS_EKEY,
        "a key with a pass phrase is refused, and nobody is asked for it");
    dosis_buf_done(&pem);
    EVP_PKEY_free(big);
    EVP_PKEY_free(small);
}


int
main(void)
{
    EVP_PKEY *ec = mint_ec("P-256");
    EVP_PKEY *rsa = mint_rsa(2048);

    good(ec, rsa);
    headers(ec);
    refused(ec, rsa);
    EVP_PKEY_free(ec);
    EVP_PKEY_free(rsa);
    return tap_done();
}
