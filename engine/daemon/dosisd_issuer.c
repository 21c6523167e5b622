/* SPDX-License-Identifier: EUPL-1.2 */
#include "daemon/dosisd_issuer.h"

#include <string.h>
#include <sys/stat.h>

#include "base/dosis_file.h"
#include "base/dosis_json.h"
#include "base/dosis_text.h"
#include "crypto/dosis_mint.h"
#include "crypto/dosis_secret.h"

#define ASSERTION_S 60
#define ASSERTION_TYPE                                                         \
    "urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer"
#define CLAIMS_MAX 4096
#define UUID_BYTES 16

/* The algorithms that a private key may be of, the usual one first. */
static const char *const algorithms[] = { "ES256", "RS256" };


/* One value of a form: all but the unreserved as %XX. */
static void
add_escaped(dosis_buf_t *to, dosis_slice_t text)
{
    size_t i;

    for (i = 0; i < text.len; i++) {
        char c = text.data[i];

        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
            || (c >= '0' && c <= '9')
            || (c != '\0' && strchr("-._~", c) != NULL)) {
            dosis_buf_add_byte(to, c);
        } else {
            dosis_buf_addf(to, "%%%02X", (unsigned char) c);
        }
    }
}


static void
wipe(dosis_buf_t *buf)
{
    if (buf->data != NULL) {
        explicit_bzero(buf->data, buf->len);
    }
    dosis_buf_done(buf);
}


/* Without the newline behind it. */
static dosis_rc_t
file_read(const char *path, dosis_buf_t *to)
{
    struct stat info;
    dosis_rc_t rc;

    rc = dosis_file_read(path, DOSIS_MINT_PEM_MAX, to);
    if (rc != DOSIS_OK) {
        return rc;
    }
    if (stat(path, &info) != 0 || (info.st_mode & 0027) != 0) {
        return DOSIS_EDENIED;
    }
    while (to->len > 0
        && (to->data[to->len - 1] == '\n' || to->data[to->len - 1] == '\r')) {
        to->len--;
    }
    return to->len > 0 ? DOSIS_OK : DOSIS_EFORMAT;
}


/* base64url is made; here it becomes the other alphabet, with its padding. */
static void
add_base64(dosis_buf_t *to, dosis_slice_t bytes)
{
    size_t i, start = to->len;

    dosis_base64url_encode(to, bytes);
    for (i = start; i < to->len; i++) {
        if (to->data[i] == '-') {
            to->data[i] = '+';
        } else if (to->data[i] == '_') {
            to->data[i] = '/';
        }
    }
    while ((to->len - start) % 4 != 0 && to->rc == DOSIS_OK) {
        dosis_buf_add_byte(to, '=');
    }
}


/* client_secret_basic: both escaped as in a form (RFC 6749, 2.3.1). */
static void
add_basic(const dosisd_issuer_t *issuer, dosis_slice_t secret, dosis_buf_t *to)
{
    dosis_buf_t pair;

    dosis_buf_init(&pair, DOSISD_ISSUER_FORM_MAX);
    add_escaped(&pair, issuer->client);
    dosis_buf_add_byte(&pair, ':');
    add_escaped(&pair, secret);
    DOSIS_BUF_LIT(to, "Basic ");
    add_base64(to, dosis_buf_slice(&pair));
    to->rc = to->rc == DOSIS_OK ? pair.rc : to->rc;
    wipe(&pair);
}


/* RFC 7523, 3: who we are, for whom, once, for a minute. */
static dosis_rc_t
add_claims(const dosisd_issuer_t *issuer, int64_t now_s, dosis_buf_t *to)
{
    uint8_t random[UUID_BYTES];
    char jti[DOSIS_UUID_TEXT + 1];
    dosis_rc_t rc;

    rc = dosis_random(random, sizeof(random));
    if (rc != DOSIS_OK) {
        return rc;
    }
    dosis_uuid_encode(jti, random);
    dosis_buf_add_byte(to, '{');
    dosis_json_add_member(to, "iss", issuer->client);
    dosis_buf_add_byte(to, ',');
    dosis_json_add_member(to, "sub", issuer->client);
    dosis_buf_add_byte(to, ',');
    dosis_json_add_member(to, "aud", issuer->audience);
    dosis_buf_addf(to, ",\"jti\":\"%s\",\"iat\":%lld,\"exp\":%lld}", jti,
        (long long) now_s, (long long) (now_s + ASSERTION_S));
    return to->rc;
}


static dosis_rc_t
add_signed(const dosisd_issuer_t *issuer, dosis_slice_t pem,
    dosis_slice_t claims, dosis_buf_t *form)
{
    dosis_rc_t rc = DOSIS_EKEY;
    size_t i;

    for (i = 0; rc == DOSIS_EKEY
         && i < sizeof(algorithms) / sizeof(algorithms[0]);
         i++) {
        const dosis_mint_t mint = { .alg = algorithms[i],
            .kid = issuer->kid,
            .pem = pem };

        rc = dosis_mint(form, &mint, claims);
    }
    return rc;
}


static dosis_rc_t
add_assertion(const dosisd_issuer_t *issuer, dosis_slice_t pem, int64_t now_s,
    dosis_buf_t *form)
{
    char memory[CLAIMS_MAX];
    dosis_buf_t claims;
    dosis_rc_t rc;

    dosis_buf_init_fixed(&claims, memory, sizeof(memory));
    rc = add_claims(issuer, now_s, &claims);
    if (rc != DOSIS_OK) {
        return rc;
    }
    DOSIS_BUF_LIT(form, "&client_id=");
    add_escaped(form, issuer->client);
    DOSIS_BUF_LIT(
        form, "&client_assertion_type=" ASSERTION_TYPE "&client_assertion=");
    return add_signed(issuer, pem, dosis_buf_slice(&claims), form);
}


dosis_rc_t
dosisd_issuer_form(const dosisd_issuer_t *issuer, dosis_slice_t token,
    int64_t now_s, dosis_buf_t *form, dosis_buf_t *authorization)
{
    dosis_buf_t secret;
    dosis_rc_t rc;

    dosis_buf_init(&secret, DOSIS_MINT_PEM_MAX);
    DOSIS_BUF_LIT(form, "token=");
    add_escaped(form, token);
    DOSIS_BUF_LIT(form, "&token_type_hint=access_token");
    rc = issuer->file == NULL ? DOSIS_ENOTFOUND
                              : file_read(issuer->file, &secret);
    if (rc == DOSIS_OK && issuer->assertion) {
        rc = add_assertion(issuer, dosis_buf_slice(&secret), now_s, form);
    } else if (rc == DOSIS_OK) {
        add_basic(issuer, dosis_buf_slice(&secret), authorization);
        rc = authorization->rc;
    }
    wipe(&secret);
    return rc == DOSIS_OK ? form->rc : rc;
}
