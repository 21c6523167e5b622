/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_arena.h: memory for one unit of work, freed in one call.
 *
 * Layer      base
 * Threads    one thread at a time; may be handed over between threads
 * Blocking   never
 * Memory     everything taken from an arena lives until reset or free
 * Errors     NULL when the ceiling is reached or memory is out
 */

#ifndef DOSIS_BASE_DOSIS_ARENA_H
#define DOSIS_BASE_DOSIS_ARENA_H

#include "base/dosis_slice.h"

typedef struct dosis_arena_s dosis_arena_t;

/* max_bytes: the ceiling on everything taken. NULL when memory is out. */
dosis_arena_t *dosis_arena_create(size_t max_bytes);

/* The same with a first block of that size, for who fills it many times. */
dosis_arena_t *dosis_arena_create_of(size_t first_bytes, size_t max_bytes);

/* What is taken from it. */
size_t dosis_arena_taken(const dosis_arena_t *arena);

/* Taken memory is gone; the first block is kept for reuse. NULL is fine. */
void dosis_arena_reset(dosis_arena_t *arena);

/* NULL is fine. */
void dosis_arena_free(dosis_arena_t *arena);

/* Aligned for any type, not zeroed. */
void *dosis_arena_alloc(dosis_arena_t *arena, size_t bytes);

/* As alloc, zeroed. */
void *dosis_arena_zalloc(dosis_arena_t *arena, size_t bytes);

/*
 * A copy with a NUL behind it (not counted). On failure, or for an empty
 * slice, data is NULL and len 0; check data when from.len > 0.
 */
dosis_slice_t dosis_arena_copy(dosis_arena_t *arena, dosis_slice_t from);

#endif
