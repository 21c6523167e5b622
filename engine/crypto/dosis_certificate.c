/* SPDX-License-Identifier: EUPL-1.2 */

#include "crypto/dosis_certificate.h"

#include <string.h>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "base/dosis_text.h"
#include "crypto/dosis_secret.h"

#define PERCENT_DIGITS 2


static dosis_rc_t
pem_read(BIO *bio, uint8_t *to)
{
    char *name = NULL, *header = NULL;
    unsigned char *der = NULL;
    long len = 0;
    dosis_rc_t rc = DOSIS_EFORMAT;

    if (PEM_read_bio(bio, &name, &header, &der, &len) == 1
        && strcmp(name, PEM_STRING_X509) == 0 && header[0] == '\0' && len > 0) {
        dosis_sha256(to, der, (size_t) len);
        rc = DOSIS_OK;
    }
    OPENSSL_free(name);
    OPENSSL_free(header);
    OPENSSL_free(der);
    ERR_clear_error();
    return rc;
}


dosis_rc_t
dosis_certificate_of_pem(
    dosis_slice_t pem, uint8_t to[DOSIS_CERTIFICATE_THUMBPRINT])
{
    dosis_rc_t rc;
    BIO *bio;

    if (pem.len == 0 || pem.len > DOSIS_CERTIFICATE_MAX) {
        return DOSIS_EFORMAT;
    }
    bio = BIO_new_mem_buf(pem.data, (int) pem.len);
    if (bio == NULL) {
        return DOSIS_ENOMEM;
    }
    rc = pem_read(bio, to);
    BIO_free(bio);
    return rc;
}


/* Base64 with padding, and nothing else; a colon stands behind it. */
static dosis_rc_t
bytes_read(dosis_slice_t text, uint8_t *to)
{
    uint8_t der[DOSIS_CERTIFICATE_MAX];
    size_t pads = 0;
    int len;

    while (pads < 2 && pads < text.len
        && text.data[text.len - 1 - pads] == '=') {
        pads++;
    }
    if (text.len == 0 || text.len % 4 != 0
        || strspn(text.data,
               "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
               "0123456789+/")
            < text.len - pads) {
        return DOSIS_EFORMAT;
    }
    len = EVP_DecodeBlock(
        der, (const unsigned char *) text.data, (int) text.len);
    if (len <= (int) pads) {
        return DOSIS_EFORMAT;
    }
    dosis_sha256(to, der, (size_t) len - pads);
    return DOSIS_OK;
}


/* A plus sign is one: that is base64, not a form. */
static dosis_rc_t
percent_decode(dosis_buf_t *to, dosis_slice_t text)
{
    size_t i;
    uint8_t byte;

    for (i = 0; i < text.len; i++) {
        byte = (uint8_t) text.data[i];
        if (byte == '%') {
            if (text.len - i <= PERCENT_DIGITS
                || !dosis_hex_decode(&byte, 1,
                    dosis_slice(text.data + i + 1, PERCENT_DIGITS))) {
                return DOSIS_EFORMAT;
            }
            i += PERCENT_DIGITS;
        }
        dosis_buf_add_byte(to, (char) byte);
    }
    return to->rc;
}


dosis_rc_t
dosis_certificate_of_header(
    dosis_slice_t value, uint8_t to[DOSIS_CERTIFICATE_THUMBPRINT])
{
    char memory[DOSIS_CERTIFICATE_MAX];
    dosis_buf_t pem;
    dosis_rc_t rc;

    value = dosis_text_trim(value);
    if (value.len < 2 || value.len > DOSIS_CERTIFICATE_MAX) {
        return DOSIS_EFORMAT;
    }
    if (value.data[0] == ':' && value.data[value.len - 1] == ':') {
        return bytes_read(dosis_slice(value.data + 1, value.len - 2), to);
    }
    dosis_buf_init_fixed(&pem, memory, sizeof(memory));
    rc = percent_decode(&pem, value);
    return rc == DOSIS_OK ? dosis_certificate_of_pem(dosis_buf_slice(&pem), to)
                          : rc;
}
