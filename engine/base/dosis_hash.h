/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_hash.h: a fingerprint that is quick and no secret: FNV-1a, 64 bits.
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

#endif
