/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_digest.h: SHA-256 of a file of any length; the UploadId of a row that
 * has none.
 *
 * Layer      crypto
 * Threads    any
 * Blocking   of a file: reads all of it; never on the nginx event loop
 * Memory     one block, given back
 * Errors     DOSIS_ENOTFOUND, DOSIS_EIO, DOSIS_ENOMEM
 */

#ifndef DOSIS_CRYPTO_DOSIS_DIGEST_H
#define DOSIS_CRYPTO_DOSIS_DIGEST_H

#include <stdint.h>

#include "base/dosis_rc.h"

/* ret_bytes: its length. */
DOSIS_CHECK dosis_rc_t dosis_digest_file(
    const char *path, uint8_t to[32], uint64_t *ret_bytes);

/*
 * UUIDv5 (RFC 9562) of (file, line): the same whenever that row is read.
 * bestand: what names the file, 16 bytes at random; text: 36 characters, NUL.
 */
DOSIS_CHECK dosis_rc_t dosis_digest_upload_id(
    const uint8_t bestand[16], uint64_t lijn, char text[37]);

#endif
