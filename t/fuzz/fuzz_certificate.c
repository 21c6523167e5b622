/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * fuzz_certificate: a client certificate as a file or as a header of an edge:
 * a thumbprint, or none; the same one in both forms.
 */

#include "base/dosis_text.h"
#include "crypto/dosis_certificate.h"
#include "fuzz.h"

#define ESCAPED_MAX 16384
#define ESCAPE 3 /* %0A */


int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void) argc;
    (void) argv;

    return 0;
}


/* Every byte escaped, as NGINX might have done. */
static void
same_when_escaped(dosis_slice_t pem, const uint8_t *want)
{
    static char text[ESCAPED_MAX];
    uint8_t got[DOSIS_CERTIFICATE_THUMBPRINT];
    dosis_buf_t escaped;
    size_t i;

    if (pem.len > ESCAPED_MAX / ESCAPE) {
        return;
    }
    dosis_buf_init_fixed(&escaped, text, sizeof(text));
    for (i = 0; i < pem.len; i++) {
        dosis_buf_addf(&escaped, "%%%02X", (unsigned) (uint8_t) pem.data[i]);
    }
    MUST(dosis_certificate_of_header(dosis_buf_slice(&escaped), got)
        == DOSIS_OK);
    MUST(memcmp(got, want, sizeof(got)) == 0);
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    dosis_slice_t text = dosis_slice(data, size);
    uint8_t sha256[DOSIS_CERTIFICATE_THUMBPRINT];
    dosis_rc_t rc;

    rc = dosis_certificate_of_header(text, sha256);
    MUST(rc == DOSIS_OK || rc == DOSIS_EFORMAT);
    rc = dosis_certificate_of_pem(text, sha256);
    MUST(rc == DOSIS_OK || rc == DOSIS_EFORMAT);
    if (rc == DOSIS_OK) {
        same_when_escaped(text, sha256);
    }

    return 0;
}
