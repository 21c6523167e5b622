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

uint64_t dosis_siphash(const uint8_t key[DOSIS_SIPHASH_KEY],
    dosis_slice_t text);

#endif
