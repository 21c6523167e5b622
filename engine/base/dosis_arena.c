/* SPDX-License-Identifier: EUPL-1.2 */

#include "base/dosis_arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>

#define ARENA_ALIGN ((size_t) alignof(max_align_t))
#define ARENA_FIRST_BYTES 4096
#define ARENA_BLOCK_BYTES 32768
#define ARENA_BLOCK_MAX_BYTES ((size_t) 1 << 20)
#define ARENA_LARGE_BYTES 8192
#define ARENA_MAX_BYTES (SIZE_MAX / 4) /* no sum of sizes wraps */

/* Its memory follows it. */
typedef struct arena_block_s {
    alignas(max_align_t) struct arena_block_s *next;
    size_t used;
    size_t size;
} arena_block_t;

struct dosis_arena_s {
    size_t max;
    size_t taken;
    arena_block_t *current; /* being filled; the chain ends at first */
    arena_block_t *first;   /* kept by reset */
    arena_block_t *large;   /* one piece each */
};


static arena_block_t *
arena_block_create(size_t size)
{
    arena_block_t *block;

    block = malloc(sizeof(*block) + size);
    if (block == NULL) {
        return NULL;
    }
    block->next = NULL;
    block->used = 0;
    block->size = size;
    return block;
}


static void *
arena_block_take(arena_block_t *block, size_t bytes)
{
    char *memory = (char *) (block + 1) + block->used;

    block->used += bytes;
    return memory;
}


dosis_arena_t *
dosis_arena_create(size_t max_bytes)
{
    return dosis_arena_create_of(ARENA_FIRST_BYTES, max_bytes);
}


size_t
dosis_arena_taken(const dosis_arena_t *arena)
{
    return arena->taken;
}


dosis_arena_t *
dosis_arena_create_of(size_t first_bytes, size_t max_bytes)
{
    dosis_arena_t *arena;

    arena = malloc(sizeof(*arena));
    if (arena == NULL) {
        return NULL;
    }

    arena->max = max_bytes;
    arena->taken = 0;
    arena->large = NULL;
    arena->first = arena_block_create(first_bytes);
    if (arena->first == NULL) {
        free(arena);
        return NULL;
    }
    arena->current = arena->first;
    return arena;
}


/* Frees the chain up to, and without, `end`. */
static void
arena_block_free_until(arena_block_t *block, const arena_block_t *end)
{
    arena_block_t *next;

    while (block != end) {
        next = block->next;
        free(block);
        block = next;
    }
}


void
dosis_arena_reset(dosis_arena_t *arena)
{
    if (arena == NULL) {
        return;
    }

    arena_block_free_until(arena->current, arena->first);
    arena_block_free_until(arena->large, NULL);
    arena->large = NULL;
    arena->first->used = 0;
    arena->current = arena->first;
    arena->taken = 0;
}


void
dosis_arena_free(dosis_arena_t *arena)
{
    if (arena == NULL) {
        return;
    }
    dosis_arena_reset(arena);
    free(arena->first);
    free(arena);
}


/* A block of its own, for what would leave too much of a block unused. */
static void *
arena_take_large(dosis_arena_t *arena, size_t bytes)
{
    arena_block_t *block;

    block = arena_block_create(bytes);
    if (block == NULL) {
        return NULL;
    }
    block->next = arena->large;
    arena->large = block;
    return arena_block_take(block, bytes);
}


/* Blocks grow with the arena: large ones go back to the system when freed. */
static size_t
arena_block_bytes(const dosis_arena_t *arena)
{
    size_t bytes = ARENA_BLOCK_BYTES;

    while (bytes < arena->taken / 4 && bytes < ARENA_BLOCK_MAX_BYTES) {
        bytes *= 2;
    }
    return bytes;
}


static void *
arena_take_new(dosis_arena_t *arena, size_t bytes)
{
    arena_block_t *block;

    block = arena_block_create(arena_block_bytes(arena));
    if (block == NULL) {
        return NULL;
    }
    block->next = arena->current;
    arena->current = block;
    return arena_block_take(block, bytes);
}


/* A multiple of the alignment; an empty piece has an address of its own. */
static size_t
arena_round(size_t bytes)
{
    if (bytes == 0) {
        return ARENA_ALIGN;
    }
    return (bytes + ARENA_ALIGN - 1) & ~(ARENA_ALIGN - 1);
}


void *
dosis_arena_alloc(dosis_arena_t *arena, size_t bytes)
{
    void *memory;
    size_t size;
    size_t left = arena->max - arena->taken;
    arena_block_t *block = arena->current;

    if (bytes > ARENA_MAX_BYTES) {
        return NULL;
    }
    size = arena_round(bytes);
    if (size > left) {
        return NULL;
    }

    if (size <= block->size - block->used) {
        memory = arena_block_take(block, size);
    } else if (size > ARENA_LARGE_BYTES) {
        memory = arena_take_large(arena, size);
    } else {
        memory = arena_take_new(arena, size);
    }

    if (memory != NULL) {
        arena->taken += size;
    }
    return memory;
}


void *
dosis_arena_zalloc(dosis_arena_t *arena, size_t bytes)
{
    void *memory;

    memory = dosis_arena_alloc(arena, bytes);
    if (memory != NULL) {
        memset(memory, 0, bytes);
    }
    return memory;
}


dosis_slice_t
dosis_arena_copy(dosis_arena_t *arena, dosis_slice_t from)
{
    char *to;

    if (from.len == 0 || from.len > ARENA_MAX_BYTES) {
        return dosis_slice(NULL, 0);
    }

    to = dosis_arena_alloc(arena, from.len + 1);
    if (to == NULL) {
        return dosis_slice(NULL, 0);
    }
    memcpy(to, from.data, from.len);
    to[from.len] = '\0';
    return dosis_slice(to, from.len);
}
