/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_siphash.h: SipHash-1-3, 64 bits under a key: where to look in a table
 * that strangers fill. It finds; a full comparison decides.
 *
 * Layer      base
 * Threads    pure
 * Blocking   never
 * Memory     none
 * Errors     none
 */

#ifndef DOSIS_BASE_DOSIS_SIPHASH_H
#define DOSIS_BASE_DOSIS_SIPHASH_H

#include <stdint.h>

#include "base/dosis_slice.h"

#define DOSIS_SIPHASH_KEY 16

#define DOSIS_SIPHASH_BLOCK 32 /* words of a block */

uint64_t dosis_siphash(const uint8_t key[DOSIS_SIPHASH_KEY],
    dosis_slice_t text);

/*
 * For hundreds of bytes, at a third of the cost: NH (the first step of UMAC,
 * RFC 4418, with words of 64 bits) folds each 256 bytes into 16, and SipHash
 * goes over what that leaves. Without the key, whoever chooses two texts makes
 * them meet once in 2^63 or so. All bytes of the key at random.
 */
typedef struct {
    uint8_t sip[DOSIS_SIPHASH_KEY];
    uint64_t word[DOSIS_SIPHASH_BLOCK];
} dosis_siphash_long_t;

uint64_t dosis_siphash_long(
    const dosis_siphash_long_t *key, dosis_slice_t text);

#endif
