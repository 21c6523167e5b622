/* SPDX-License-Identifier: EUPL-1.2 */

#include "crypto/dosis_mint.h"

#include <stdlib.h>
#include <string.h>

#include <jwt.h>
#include <openssl/err.h>

/* base64url of the signature: 64 bytes of P-256; at least 256 of RSA. */
typedef struct {
    const char *alg;
    size_t min;
    size_t max;
} mint_row_t;

static const mint_row_t mint_rows[] = {
    { "ES256", 86, 86 },
    { "RS256", 342, 1366 },
};


static const mint_row_t *
row_of(const char *alg)
{
    size_t i;

    for (i = 0; i < sizeof(mint_rows) / sizeof(mint_rows[0]); i++) {
        if (strcmp(alg, mint_rows[i].alg) == 0) {
            return &mint_rows[i];
        }
    }
    return NULL;
}


bool
dosis_mint_knows(const char *alg)
{
    return row_of(alg) != NULL;
}


/*
 * Of a key with a pass phrase the library would ask it at the terminal; of a
 * public one, or none, it says so itself.
 */
static bool
pem_fits(dosis_slice_t pem)
{
    static const char locked[] = "ENCRYPTED";

    return pem.len > 0 && pem.len <= DOSIS_MINT_PEM_MAX
        && memmem(pem.data, pem.len, locked, sizeof(locked) - 1) == NULL;
}


/* A key of another size or curve than the algorithm's shows in the length. */
static bool
signature_fits(const char *token, const mint_row_t *row)
{
    size_t len = strlen(strrchr(token, '.') + 1);

    return len >= row->min && len <= row->max;
}


/* text: the claims as a C string. */
static dosis_rc_t
mint_text(dosis_buf_t *buf, const dosis_mint_t *mint, const char *text)
{
    const mint_row_t *row = row_of(mint->alg);
    dosis_rc_t rc = DOSIS_EINPUT;
    char *token = NULL;
    jwt_t *jwt = NULL;

    if (jwt_new(&jwt) != 0) {
        return DOSIS_ENOMEM;
    }
    if (text[0] == '{' && jwt_add_grants_json(jwt, text) == 0
        && (mint->kid == NULL || jwt_add_header(jwt, "kid", mint->kid) == 0)) {
        rc = DOSIS_EKEY;
        if (jwt_set_alg(jwt, jwt_str_alg(mint->alg),
                (const unsigned char *) mint->pem.data, (int) mint->pem.len)
            == 0) {
            token = jwt_encode_str(jwt);
        }
        if (token != NULL && signature_fits(token, row)) {
            dosis_buf_add(buf, token, strlen(token));
            rc = buf->rc;
        }
    }
    free(token);
    jwt_free(jwt);
    ERR_clear_error();
    return rc;
}


dosis_rc_t
dosis_mint(dosis_buf_t *buf, const dosis_mint_t *mint, dosis_slice_t claims)
{
    dosis_buf_t text;
    dosis_rc_t rc;

    if (row_of(mint->alg) == NULL || !pem_fits(mint->pem)) {
        return DOSIS_EKEY;
    }
    if (claims.len > DOSIS_MINT_CLAIMS_MAX
        || memchr(claims.data, '\0', claims.len) != NULL) {
        return DOSIS_EINPUT;
    }
    dosis_buf_init(&text, DOSIS_MINT_CLAIMS_MAX + 1);
    dosis_buf_add_slice(&text, claims);
    dosis_buf_add_byte(&text, '\0');
    rc = text.rc;
    if (rc == DOSIS_OK) {
        rc = mint_text(buf, mint, text.data);
    }
    dosis_buf_done(&text);
    return rc;
}
