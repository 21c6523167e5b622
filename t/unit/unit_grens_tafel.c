/* SPDX-License-Identifier: EUPL-1.2 */
/* unit_grens_tafel.c: buckets of many, in memory that processes share. */
#include "domain/dosis_grens_tafel.h"

#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../lib/tap.h"

#define S INT64_C(1000000000)
#define BYTES DOSIS_GRENS_TAFEL_MIN

static const uint8_t key[DOSIS_SIPHASH_KEY] = { 7 };
static const dosis_grens_t three = { .per_s = 1, .stoot = 3 };


static dosis_grens_tafel_t *
table(void)
{
    void *memory = mmap(NULL, BYTES, PROT_READ | PROT_WRITE,
        MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    return dosis_grens_tafel_init(memory, BYTES, key);
}


static unsigned
pass(dosis_grens_tafel_t *tafel, uint64_t wie, int64_t now, unsigned count)
{
    unsigned passed = 0;
    dosis_grens_stand_t stand = { 0 };

    while (count-- > 0) {
        passed += dosis_grens_tafel_take(tafel, wie, now, &three, &stand)
            && !stand.held;
    }
    return passed;
}


static uint64_t
number(dosis_grens_tafel_t *tafel, unsigned n)
{
    char name[16];

    (void) snprintf(name, sizeof(name), "client-%u", n);
    return dosis_grens_tafel_wie(tafel, 0, dosis_slice_of(name));
}


static void
check_apart(void)
{
    dosis_grens_tafel_t *tafel = table();
    uint64_t a = dosis_grens_tafel_wie(tafel, 0, DOSIS_SLICE("a"));
    uint64_t b = dosis_grens_tafel_wie(tafel, 0, DOSIS_SLICE("b"));
    uint64_t other = dosis_grens_tafel_wie(tafel, 1, DOSIS_SLICE("a"));

    CHECK(pass(tafel, a, S, 9) == 3 && pass(tafel, b, S, 9) == 3,
        "two do not share");
    CHECK(pass(tafel, other, S, 9) == 3, "nor do two kinds of one");
    CHECK(pass(tafel, a, 3 * S, 9) == 2, "what was taken is remembered");
    dosis_grens_tafel_owe(tafel, b, 9 * S, &three, 5);
    CHECK(pass(tafel, b, 11 * S, 1) == 0 && pass(tafel, b, 12 * S, 1) == 1,
        "and what is owed");
}


/* All rows are filled many times over; nothing grows, nothing is refused. */
static void
check_full(void)
{
    dosis_grens_tafel_t *tafel = table();
    unsigned i, fresh = 0, again = 0;

    for (i = 0; i < 10000; i++) {
        fresh += pass(tafel, number(tafel, i), S, 1);
    }
    CHECK(fresh == 10000, "a full table gives everybody a place");
    CHECK(dosis_grens_tafel_evicted(tafel) > 9000,
        "by taking that of another, and counts them");
    for (i = 0; i < 10000; i++) {
        again += pass(tafel, number(tafel, i), 1000 * S, 4);
    }
    CHECK(again == 30000, "who was forgotten has his burst, and no more");
}


/* What is full again is given first: it loses nothing. */
static void
check_order(void)
{
    dosis_grens_tafel_t *tafel = table();
    uint64_t busy = number(tafel, 0);
    unsigned i;

    for (i = 1; i < 5000; i++) {
        (void) pass(tafel, busy, i * S, 9);
        (void) pass(tafel, number(tafel, i), i * S, 1);
    }
    CHECK(pass(tafel, busy, 4999 * S, 9) == 0,
        "one that is busy is not pushed out by those that come once");
    CHECK(dosis_grens_tafel_evicted(tafel) == 0, "nobody lost anything");
}


/* The row of the only one who asks stays held, as by a process that died. */
static void
check_dead_holder(void)
{
    dosis_grens_tafel_t *tafel = table();
    uint64_t wie = number(tafel, 0);
    dosis_grens_stand_t stand;
    int64_t *words = (int64_t *) tafel;
    size_t i;

    for (i = 4; i < BYTES / sizeof(*words); i += 16) {
        words[i] = 5 * S | 1; /* rows of 128 bytes behind a head of 32 */
    }
    CHECK(!dosis_grens_tafel_take(tafel, wie, 5 * S, &three, &stand),
        "a row that is held is not waited for");
    CHECK(dosis_grens_tafel_take(tafel, wie, 7 * S, &three, &stand)
            && !stand.held,
        "one whose holder died is taken over");
}


/* Two processes on one bucket: together they take what there is. */
static void
check_processes(void)
{
    const dosis_grens_t many = { .per_s = 1, .stoot = 100000 };
    dosis_grens_tafel_t *tafel = table();
    unsigned *counted = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    uint64_t wie = number(tafel, 0);
    dosis_grens_stand_t stand;
    unsigned i, passed = 0;
    pid_t child = fork();

    for (i = 0; i < 20000; i++) {
        passed += dosis_grens_tafel_take(tafel, wie, S, &many, &stand);
    }
    if (child == 0) {
        *counted = passed;
        _exit(0);
    }
    CHECK(waitpid(child, NULL, 0) == child, "the other ended");
    CHECK(dosis_grens_tafel_take(tafel, wie, S, &many, &stand)
            && stand.left == 100000 - passed - *counted - 1,
        "nothing that one of two processes took is lost");
}


int
main(void)
{
    check_apart();
    check_full();
    check_order();
    check_dead_holder();
    check_processes();
    return tap_done();
}
