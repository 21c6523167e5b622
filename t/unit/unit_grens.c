/* SPDX-License-Identifier: EUPL-1.2 */
/* unit_grens.c: so many at once, so many a second, whatever the clock does. */
#include "domain/dosis_grens.h"

#include "../lib/tap.h"

#define S INT64_C(1000000000)
#define MS INT64_C(1000000)

static const dosis_grens_t two_a_second = { .per_s = 2, .stoot = 5 };


/* How many of so many pass at that moment. */
static unsigned
pass(int64_t *vol, int64_t now, const dosis_grens_t *grens, unsigned count)
{
    unsigned passed = 0;

    while (count-- > 0) {
        passed += !dosis_grens_take(vol, now, grens).held;
    }
    return passed;
}


static void
check_burst(void)
{
    int64_t vol = 0;
    dosis_grens_stand_t stand;

    stand = dosis_grens_take(&vol, 100 * S, &two_a_second);
    CHECK(!stand.held && stand.left == 4 && stand.full_s == 1,
        "the first leaves four, and is made up for in half a second");
    CHECK(pass(&vol, 100 * S, &two_a_second, 10) == 4, "a burst of five");
    stand = dosis_grens_take(&vol, 100 * S, &two_a_second);
    CHECK(stand.held && stand.left == 0 && stand.retry_s == 1
            && stand.full_s == 3,
        "the sixth is held for a second, and three fill it");
    CHECK(pass(&vol, 100 * S + 499 * MS, &two_a_second, 1) == 0
            && pass(&vol, 100 * S + 500 * MS, &two_a_second, 2) == 1,
        "half a second later one passes, not a moment before");
    CHECK(pass(&vol, 200 * S, &two_a_second, 10) == 5,
        "after a while the burst is there again, and no more than that");
}


static void
check_sustained(void)
{
    int64_t vol = 0, now;
    unsigned passed = 0;

    for (now = 10 * S; now < 70 * S; now += 10 * MS) {
        passed += pass(&vol, now, &two_a_second, 1);
    }
    CHECK(passed == 5 + 2 * 60 - 1,
        "in a minute: the burst, and two for each second");
}


static void
check_debt(void)
{
    int64_t vol = 0;
    dosis_grens_stand_t stand;

    CHECK(pass(&vol, S, &two_a_second, 1) == 1, "a list comes in as one");
    dosis_grens_owe(&vol, S, &two_a_second, 9);
    stand = dosis_grens_take(&vol, S, &two_a_second);
    CHECK(stand.held && stand.retry_s == 3,
        "ten were in it: the next waits until six are made up for");
    dosis_grens_owe(&vol, S, &two_a_second, UINT32_MAX);
    stand = dosis_grens_take(&vol, S, &two_a_second);
    CHECK(stand.held && stand.retry_s == (1000 + 1 + 1) / 2,
        "no more is owed than the longest list");
}


static void
check_clock(void)
{
    int64_t vol = 0;

    CHECK(pass(&vol, 1000000 * S, &two_a_second, 9) == 5, "a burst");
    CHECK(pass(&vol, 500 * S, &two_a_second, 9) == 0
            && pass(&vol, (500 + 501) * S, &two_a_second, 1) == 1,
        "the clock goes back a week: held no longer than a debt is");
    vol = INT64_MAX;
    CHECK(pass(&vol, S, &two_a_second, 1) == 0
            && pass(&vol, 503 * S, &two_a_second, 1) == 1,
        "so is what stands there by mistake");
}


static void
check_settings(void)
{
    const dosis_grens_t plain = { .per_s = 3, .stoot = 0 };
    const dosis_grens_t large = { DOSIS_GRENS_MAX, DOSIS_GRENS_MAX };
    const dosis_grens_t slow = { 1, DOSIS_GRENS_MAX };
    int64_t vol = 0;

    CHECK(dosis_grens_stoot(&plain) == 3 && dosis_grens_venster(&plain) == 1
            && pass(&vol, S, &plain, 9) == 3,
        "no burst given: as many as in a second");
    CHECK(dosis_grens_venster(&two_a_second) == 3
            && dosis_grens_venster(&large) == 1
            && dosis_grens_venster(&slow) == DOSIS_GRENS_MAX,
        "the window is what an empty one needs");
    vol = 0;
    CHECK(pass(&vol, S, &large, 2 * DOSIS_GRENS_MAX) == DOSIS_GRENS_MAX,
        "the largest numbers hold");
    vol = 0;
    CHECK(pass(&vol, S, &two_a_second, 5) == 5
            && pass(&vol, S + 2 * MS, &large, 1) == 0
            && pass(&vol, S + 4 * MS, &large, 9) == 9,
        "a wider limit soon forgets what a narrow one held");
    vol = 0;
    CHECK(pass(&vol, S, &large, DOSIS_GRENS_MAX) == DOSIS_GRENS_MAX
            && pass(&vol, S, &two_a_second, 9) == 3,
        "a narrower one counts what is to be made up for as time");
}


int
main(void)
{
    check_burst();
    check_sustained();
    check_debt();
    check_clock();
    check_settings();
    return tap_done();
}
