/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_digest.h: SHA-256 of a file of any length.
 *
 * Layer      crypto
 * Threads    any
 * Blocking   reads the whole file; never on the nginx event loop
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

#endif
