/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Checkpoints made while others write: whatever a loss of power leaves of both,
 * opening it brings back every committed transaction and nothing else.
 */

#include "../lib/journal_fixture.h"
#include "../lib/tap.h"
#include "store/store_env.h"

/* Where the records of the newest checkpoint begin. */
static uint64_t
begin_of(const fixture_t *f)
{
    store_slot_t slot;
    store_env_t *env = store_env_take(f->store);

    fixture_must(store_journal_peek(&env->journal, &slot), "slot");
    store_env_give(f->store, env);
    return slot.begin;
}


/* A checkpoint, and commits before, during and after it. */
static unsigned
push_beside(fixture_t *f, unsigned n)
{
    fixture_beside_t checkpoint;

    push_many(f, n, n + 12);
    fixture_beside_begin(f, &checkpoint);
    push_many(f, n + 12, n + 15);
    fixture_beside_end(&checkpoint);
    return n + 15;
}


static void
test_beside(fixture_t *f)
{
    unsigned round, i, n = 400000, bad = 0, rolled = 0;
    image_t lost;
    scene_t s;

    for (round = 0; round < 12; round++) {
        n = push_beside(f, n);
        if (begin_of(f) == STORE_JOURNAL_BEGIN) {
            continue;
        }
        rolled++;
        s.data = take_image(f, "g1.mdb");
        push_many(f, n, n + 12);
        n += 12;
        s.after = take_image(f, "g1.mdb");
        s.journal = take_image(f, "g1.jrnl");
        s.print = print_of(f);
        bad += !comes_back(f, &s.data, &s.journal, s.print);
        for (i = 0; i < 4; i++) {
            lost = lose_power(&s.data, &s.after);
            bad += !comes_back(f, &lost, &s.journal, s.print);
            free(lost.bytes);
        }
        scene_done(&s);
    }
    CHECK(rolled >= 3, "checkpoints are made beside commits");
    CHECK(bad == 0, "any sectors reached the disk: it comes back each time");
    fixture_must(dosis_store_checkpoint(f->store), "checkpoint");
    CHECK(begin_of(f) == STORE_JOURNAL_BEGIN,
        "when nobody writes the records begin anew");
}


/* Who made one has died on the way: the others go on, and make their own. */
static void
test_left_coming(fixture_t *f)
{
    dosis_journal_t state;
    store_env_t *env = store_env_take(f->store);

    fixture_must(push(f, 500000, 1), "push");
    store_journal_announce(&env->journal, env->journal.slot.txn + 1);
    push_many(f, 500001, 501200);
    fixture_must(dosis_store_journal(f->store, &state), "state");
    CHECK(state.freed_bytes < 2 * STORE_FREED_COMING
              && state.checkpoint > 0 && env->journal.coming == 0,
        "a checkpoint that never comes is not waited for");
    store_env_give(f->store, env);
}


/* A version that knows no other way is in the store as well. */
static void
test_halting(fixture_t *f)
{
    store_env_t *env = store_env_take(f->store);

    env->rolling = false;
    (void) push_beside(f, 510000);
    CHECK(begin_of(f) == STORE_JOURNAL_BEGIN,
        "in a store of an older format records begin anew each time");
    env->rolling = true;
    store_env_give(f->store, env);
}


int
main(void)
{
    fixture_t f;

    fixture_begin(&f);
    push_many(&f, 0, 200);
    test_beside(&f);
    test_halting(&f);
    test_left_coming(&f);
    fixture_end(&f);
    return tap_done();
}
