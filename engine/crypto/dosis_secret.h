/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_secret.h: key bytes: locked in memory, wiped on free, no way to print.
 *
 * Layer      crypto
 * Threads    read-only after creation
 * Blocking   load reads one small file; not for the nginx event loop
 * Memory     create and load give a secret, free takes and wipes it
 * Errors     DOSIS_EIO file not there or unreadable, DOSIS_EDENIED file mode
 *            wider than 0640 (anything for others, or write for the group),
 *            DOSIS_EFORMAT not 32 bytes as 64 hex digits and a newline
 */

#ifndef DOSIS_CRYPTO_DOSIS_SECRET_H
#define DOSIS_CRYPTO_DOSIS_SECRET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/dosis_rc.h"

#define DOSIS_SECRET_BYTES 32

typedef struct dosis_secret_s dosis_secret_t;

/* bytes: 32; copied. */
DOSIS_CHECK dosis_rc_t dosis_secret_create(
    const uint8_t bytes[DOSIS_SECRET_BYTES], dosis_secret_t **ret_secret);

/* From the system's randomness. */
DOSIS_CHECK dosis_rc_t dosis_secret_generate(dosis_secret_t **ret_secret);

/* From a file of 64 hex digits. */
DOSIS_CHECK dosis_rc_t dosis_secret_load(const char *path,
    dosis_secret_t **ret_secret);

/* Writes such a file, mode 0640, fsynced; DOSIS_ECONFLICT when it exists. */
DOSIS_CHECK dosis_rc_t dosis_secret_save(const char *path,
    const dosis_secret_t *secret);

/* Borrowed. */
const uint8_t *dosis_secret_bytes(const dosis_secret_t *secret);

/* NULL is fine. */
void dosis_secret_free(dosis_secret_t *secret);

/*
 * Random bytes, drawn from the system 4 KiB at a time per process (a child
 * never repeats its parent's: the kernel wipes the pool at fork; where it
 * cannot, every call asks the system). Safe from any thread. The pool and a
 * fetched SHA-256 are the only globals of this layer.
 */
DOSIS_CHECK dosis_rc_t dosis_random(void *to, size_t len);

/* HMAC-SHA256(secret, label) as a new secret: one key per purpose. */
DOSIS_CHECK dosis_rc_t dosis_secret_derive(const dosis_secret_t *secret,
    const char *label, dosis_secret_t **ret_secret);

/*
 * From here on this process leaves no core, and no other process of its user
 * may read its memory: it holds keys and plain text. Does nothing in a build
 * with AddressSanitizer, whose leak check must read it.
 */
void dosis_secret_guard(void);

/* SHA-256 of the bytes. Without memory for it the process is aborted. */
void dosis_sha256(uint8_t to[32], const void *data, size_t len);

#endif
