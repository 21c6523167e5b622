/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_args.h: the query of an address: name=value pairs with & between.
 *
 * Layer      base
 * Threads    pure
 * Blocking   never
 * Memory     pairs point into the query; decoded texts lie in the arena
 * Errors     DOSIS_EFORMAT a broken escape, a NUL, no UTF-8; DOSIS_ENOMEM the
 *            arena is full
 */

#ifndef DOSIS_BASE_DOSIS_ARGS_H
#define DOSIS_BASE_DOSIS_ARGS_H

#include "base/dosis_arena.h"
#include "base/dosis_rc.h"

/*
 * Takes the next pair from *query, both still encoded; empty pairs are passed
 * over. false: there is none, and *query is empty. Without = there is no value.
 */
bool dosis_args_next(dosis_slice_t *query, dosis_slice_t *ret_name,
    dosis_slice_t *ret_value);

/* Percent-decoded, a plus as a blank. data is never NULL on DOSIS_OK. */
DOSIS_CHECK dosis_rc_t dosis_args_decode(dosis_arena_t *arena,
    dosis_slice_t from, dosis_slice_t *ret_text);

#endif
