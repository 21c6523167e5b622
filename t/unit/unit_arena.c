/* SPDX-License-Identifier: EUPL-1.2 */

#include "../lib/tap.h"
#include "base/dosis_arena.h"

#include <stdalign.h>
#include <stdint.h>

#define PIECES 3000
#define CEILING (1024 * 1024)

static uint8_t *pieces[PIECES];


static size_t
piece_size(size_t i)
{
    return (i * 37) % 500 + (i % 100 == 0 ? 20000 : 0);
}


/* Each piece is written in full, then all are read again. */
static void
check_pieces_stay_apart(dosis_arena_t *arena)
{
    size_t i;
    size_t j;
    bool aligned = true;
    bool kept = true;

    for (i = 0; i < PIECES; i++) {
        pieces[i] = dosis_arena_alloc(arena, piece_size(i));
        if (pieces[i] == NULL) {
            CHECK(false, "every piece below the ceiling is given");
            return;
        }
        aligned = aligned && (uintptr_t) pieces[i] % alignof(max_align_t) == 0;
        memset(pieces[i], (int) (i % 251), piece_size(i));
    }
    for (i = 0; i < PIECES; i++) {
        for (j = 0; j < piece_size(i); j++) {
            kept = kept && pieces[i][j] == i % 251;
        }
    }
    CHECK(aligned, "every piece is aligned for any type");
    CHECK(kept, "no piece overlaps another");
}


static size_t
count_until_full(dosis_arena_t *arena, size_t bytes)
{
    size_t count = 0;

    while (count <= CEILING && dosis_arena_alloc(arena, bytes) != NULL) {
        count++;
    }
    return count;
}


static void
check_ceiling(void)
{
    dosis_arena_t *arena = dosis_arena_create(CEILING);
    size_t first;

    CHECK(arena != NULL, "an arena is made");
    CHECK(dosis_arena_alloc(arena, CEILING + 1) == NULL,
        "a piece over the ceiling is refused");
    CHECK(dosis_arena_alloc(arena, SIZE_MAX) == NULL,
        "a piece of any size at all is refused in peace");
    CHECK(dosis_arena_alloc(arena, SIZE_MAX - 7) == NULL,
        "a size that would wrap when rounded is refused");
    CHECK(dosis_arena_copy(arena, dosis_slice("x", SIZE_MAX)).data == NULL,
        "a copy whose size would wrap is refused");

    first = count_until_full(arena, 64);
    CHECK(first == CEILING / 64, "the ceiling is reached, not passed");
    CHECK(dosis_arena_alloc(arena, 1) == NULL, "a full arena stays full");
    CHECK(dosis_arena_zalloc(arena, 1) == NULL,
        "a full arena gives no zeroed piece either");

    dosis_arena_reset(arena);
    CHECK(count_until_full(arena, 64) == first,
        "after a reset it gives as much as the first time");
    dosis_arena_reset(arena);
    CHECK(dosis_arena_alloc(arena, CEILING) != NULL,
        "one piece may take all of it");
    dosis_arena_free(arena);
}


static void
check_small(void)
{
    dosis_arena_t *arena = dosis_arena_create(8);

    CHECK(dosis_arena_alloc(arena, 64) == NULL,
        "the ceiling holds below the size of the first block");
    dosis_arena_free(arena);

    arena = dosis_arena_create(0);
    CHECK(arena != NULL && dosis_arena_alloc(arena, 1) == NULL,
        "an arena with ceiling 0 gives nothing");
    dosis_arena_free(arena);
}


static void
check_first_block(void)
{
    dosis_arena_t *arena = dosis_arena_create_of(CEILING, 2 * CEILING);
    char *one, *other, *again;

    CHECK(arena != NULL && dosis_arena_taken(arena) == 0,
        "nothing is taken of a new one");
    one = dosis_arena_alloc(arena, CEILING - 64);
    other = dosis_arena_alloc(arena, 64);
    CHECK(one != NULL && other == one + CEILING - 64,
        "a first block of that size holds pieces of any size");
    CHECK(dosis_arena_taken(arena) == CEILING, "what is taken is counted");
    CHECK(dosis_arena_alloc(arena, CEILING) != NULL,
        "behind it there is more, up to the ceiling");
    dosis_arena_reset(arena);
    again = dosis_arena_alloc(arena, 64);
    CHECK(again == one && dosis_arena_taken(arena) == 64,
        "a reset keeps the first block, and begins it anew");
    dosis_arena_free(arena);
}


static void
check_copy(dosis_arena_t *arena)
{
    char from[] = "dossier\0met nul";
    dosis_slice_t copy;

    copy = dosis_arena_copy(arena, dosis_slice(from, sizeof(from) - 1));
    CHECK(dosis_slice_eq(copy, dosis_slice(from, sizeof(from) - 1)),
        "a copy has the same bytes, NUL included");
    CHECK(copy.data != NULL && copy.data[copy.len] == '\0',
        "a copy ends in a NUL that is not counted");
    from[0] = 'X';
    CHECK(copy.data != NULL && copy.data[0] == 'd',
        "a copy does not follow its original");

    copy = dosis_arena_copy(arena, dosis_slice("", 0));
    CHECK(copy.data == NULL && copy.len == 0, "a copy of nothing is absent");
}


static void
check_zeroed(dosis_arena_t *arena)
{
    uint8_t *memory;
    size_t i;
    bool zero = true;

    memory = dosis_arena_alloc(arena, 3000);
    CHECK(memory != NULL, "a piece of the first block is given");
    memset(memory, 0xAA, 3000);
    dosis_arena_reset(arena);
    memory = dosis_arena_zalloc(arena, 3000);
    for (i = 0; memory != NULL && i < 3000; i++) {
        zero = zero && memory[i] == 0;
    }
    CHECK(memory != NULL && zero, "zalloc zeroes memory that was used before");
}


static void
check_empty_piece(dosis_arena_t *arena)
{
    void *one = dosis_arena_alloc(arena, 0);
    void *two = dosis_arena_alloc(arena, 0);

    CHECK(one != NULL && two != NULL && one != two,
        "empty pieces have addresses of their own");
}


int
main(void)
{
    dosis_arena_t *arena = dosis_arena_create(16 * CEILING);

    check_pieces_stay_apart(arena);
    dosis_arena_reset(arena);
    check_pieces_stay_apart(arena);
    check_copy(arena);
    check_zeroed(arena);
    check_empty_piece(arena);
    dosis_arena_free(arena);

    check_ceiling();
    check_small();
    check_first_block();
    dosis_arena_free(NULL);
    dosis_arena_reset(NULL);
    CHECK(true, "reset and free accept NULL");

    return tap_done();
}
