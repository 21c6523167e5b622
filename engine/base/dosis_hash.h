/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_hash.h: a fingerprint that is quick and no secret, 64 bits: FNV-1a by
 * the byte, multiplying and folding by the word.
 * Begin with DOSIS_HASH_BEGIN, mix in what there is. Who could gain by two
 * texts with one fingerprint must not get it: that takes crypto.
 *
 * Layer      base
 * Threads    pure
 * Blocking   never
 * Memory     none
 * Errors     none
 */

#ifndef DOSIS_BASE_DOSIS_HASH_H
#define DOSIS_BASE_DOSIS_HASH_H

#include <stddef.h>
#include <stdint.h>

#define DOSIS_HASH_BEGIN UINT64_C(0xcbf29ce484222325)

static inline uint64_t
dosis_hash_mix(uint64_t hash, const void *data, size_t len)
{
    size_t i;
    const uint8_t *p = data;

    for (i = 0; i < len; i++) {
        hash = (hash ^ p[i]) * UINT64_C(0x100000001b3);
    }
    return hash;
}

/* Eight bytes in one step; its upper half goes down, or it would be lost. */
static inline uint64_t
dosis_hash_word(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
    hash ^= hash >> 32;
    hash *= UINT64_C(0xd6e8feb86659fd93);
    return hash ^ hash >> 29;
}

#endif
