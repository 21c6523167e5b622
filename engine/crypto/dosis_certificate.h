/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_certificate.h: the thumbprint of a client certificate: SHA-256 of its
 * DER, to which a token may be bound (RFC 8705, `x5t#S256`).
 *
 * Layer      crypto
 * Threads    pure
 * Blocking   never
 * Memory     the caller's
 * Errors     DOSIS_EFORMAT: no certificate in that form; DOSIS_ENOMEM
 *
 * Nothing of a certificate is believed here: who ended the TLS connection has
 * seen the proof that the client holds its key.
 */

#ifndef DOSIS_CRYPTO_DOSIS_CERTIFICATE_H
#define DOSIS_CRYPTO_DOSIS_CERTIFICATE_H

#include <stdint.h>

#include "base/dosis_rc.h"
#include "base/dosis_slice.h"

#define DOSIS_CERTIFICATE_THUMBPRINT 32
#define DOSIS_CERTIFICATE_MAX 16384 /* bytes of either text */

/* Of the first block of a PEM text, which must be a certificate. */
DOSIS_CHECK dosis_rc_t dosis_certificate_of_pem(
    dosis_slice_t pem, uint8_t to[DOSIS_CERTIFICATE_THUMBPRINT]);

/*
 * Of a header that an edge sets: PEM with percent encoding, as NGINX has it in
 * $ssl_client_escaped_cert; or base64 of the DER between colons (RFC 9440).
 */
DOSIS_CHECK dosis_rc_t dosis_certificate_of_header(
    dosis_slice_t value, uint8_t to[DOSIS_CERTIFICATE_THUMBPRINT]);

#endif
