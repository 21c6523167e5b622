/* SPDX-License-Identifier: EUPL-1.2 */
/* unit_certificate.c: one thumbprint, in whatever form a certificate comes. */
#include "crypto/dosis_certificate.h"

#include <stdio.h>
#include <string.h>

#include <openssl/err.h>

#include "base/dosis_text.h"
#include "crypto/dosis_secret.h"

#include "../lib/tap.h"

/* Bytes that stand for a DER: what they mean is not looked at. */
#define DER "\x30\x03\x02\x01\x2a"
#define HEAD "-----BEGIN CERTIFICATE-----\n"
#define TAIL "-----END CERTIFICATE-----\n"
#define PEM HEAD "MAMCASo=\n" TAIL

static const struct {
    bool header; /* dosis_certificate_of_header */
    const char *text;
    dosis_rc_t rc;
    const char *fact;
} rows[] = {
    { false, PEM, DOSIS_OK, "PEM" },
    { false, "a line before\n" PEM, DOSIS_OK, "PEM with a line before it" },
    { false, PEM HEAD "AAAA\n" TAIL, DOSIS_OK, "the first of a chain" },
    { false, "", DOSIS_EFORMAT, "nothing" },
    { false, "x", DOSIS_EFORMAT, "a letter" },
    { false, HEAD TAIL, DOSIS_EFORMAT, "PEM without bytes" },
    { false, HEAD "MAMC", DOSIS_EFORMAT, "half a PEM" },
    { false, HEAD "MAM*ASo=\n" TAIL, DOSIS_EFORMAT, "PEM with a stray sign" },
    { false, HEAD "Proc-Type: 4,ENCRYPTED\n\nMAMCASo=\n" TAIL, DOSIS_EFORMAT,
        "PEM with headers" },
    { false,
        "-----BEGIN PRIVATE KEY-----\nMAMCASo=\n-----END PRIVATE KEY-----\n",
        DOSIS_EFORMAT, "a key" },
    { true,
        "-----BEGIN%20CERTIFICATE-----%0AMAMCASo%3D%0A"
        "-----END%20CERTIFICATE-----%0A",
        DOSIS_OK, "a header as NGINX makes it" },
    { true,
        "-----BEGIN CERTIFICATE-----%0aMAMCASo=%0a-----END CERTIFICATE-----",
        DOSIS_OK, "a header with fewer escapes" },
    { true, ":MAMCASo=:", DOSIS_OK, "a header of RFC 9440" },
    { true, " :MAMCASo=: ", DOSIS_OK, "with blanks around it" },
    { true, "::", DOSIS_EFORMAT, "of no bytes" },
    { true, ":", DOSIS_EFORMAT, "of one colon" },
    { true, ":====:", DOSIS_EFORMAT, "of padding" },
    { true, ":MAMCASo:", DOSIS_EFORMAT, "without its padding" },
    { true, ":MAMC ASo=:", DOSIS_EFORMAT, "with a blank in it" },
    { true, ":MAMCASo=MAMC:", DOSIS_EFORMAT, "with padding in the middle" },
    { true, ":MAM-ASo=:", DOSIS_EFORMAT, "in the other alphabet" },
    { true, ":MAMCASo=", DOSIS_EFORMAT, "without its last colon" },
    { true, "MAMCASo=", DOSIS_EFORMAT, "bare base64" },
    { true, "", DOSIS_EFORMAT, "an empty header" },
    { true, "%", DOSIS_EFORMAT, "a percent sign" },
    { true, "-----BEGIN%20CERTIFICATE-----%0", DOSIS_EFORMAT,
        "an escape that is cut off" },
    { true, "%zz", DOSIS_EFORMAT, "an escape of no digits" },
};


static dosis_rc_t
thumbprint(bool header, const char *text, uint8_t to[32])
{
    return header ? dosis_certificate_of_header(dosis_slice_of(text), to)
                  : dosis_certificate_of_pem(dosis_slice_of(text), to);
}


/* The most there may be, and a byte more: both are no certificate. */
static void
test_ceiling(void)
{
    static char text[DOSIS_CERTIFICATE_MAX + 8];
    uint8_t got[32];
    size_t len;

    memset(text, 'A', sizeof(text));
    text[0] = ':';
    for (len = DOSIS_CERTIFICATE_MAX - 2; len < sizeof(text); len++) {
        text[len - 1] = ':';
        CHECK(dosis_certificate_of_header(dosis_slice(text, len), got)
                == ((len - 2) % 4 == 0 && len <= DOSIS_CERTIFICATE_MAX
                        ? DOSIS_OK
                        : DOSIS_EFORMAT),
            "a header has a ceiling");
        text[len - 1] = 'A';
        CHECK(dosis_certificate_of_pem(dosis_slice(text, len), got)
                == DOSIS_EFORMAT,
            "so has a PEM");
    }
}


int
main(void)
{
    uint8_t want[32], got[32];
    dosis_rc_t rc;
    size_t i;

    dosis_sha256(want, DER, sizeof(DER) - 1);
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        memset(got, 0, sizeof(got));
        rc = thumbprint(rows[i].header, rows[i].text, got);
        CHECK(rc == rows[i].rc
                && (rc != DOSIS_OK || memcmp(got, want, sizeof(want)) == 0),
            rows[i].fact);
    }
    test_ceiling();
    CHECK(ERR_peek_error() == 0, "no failure is left in the error queue");
    return tap_done();
}
