/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Checkpoints made while others write: whatever a loss of power leaves of both,
 * opening it brings back every committed transaction and nothing else.
 */

#include <errno.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../lib/journal_fixture.h"
#include "../lib/tap.h"
#include "store/store_checkpoint.h"
#include "store/store_env.h"

#define PUSHES_MAX 9000 /* a few seconds, twice what it takes */

static unsigned bad_msync;    /* which call from now on fails, or 0 */


/* In the place of the C library's. */
int
msync(void *at, size_t bytes, int flags)
{
    if (bad_msync > 0 && --bad_msync == 0) {
        errno = EIO;
        return -1;
    }
    return (int) syscall(SYS_msync, at, bytes, flags);
}


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
    unsigned n = 500001;
    dosis_journal_t state;
    store_env_t *env = store_env_take(f->store);

    fixture_must(push(f, 500000, 1), "push");
    store_journal_announce(&env->journal, env->journal.slot.txn + 1);
    do {
        push_many(f, n, n + 100);
        n += 100;
    } while (env->journal.coming != 0 && n < 500001 + PUSHES_MAX);
    fixture_must(dosis_store_journal(f->store, &state), "state");
    CHECK(state.freed_bytes < 2 * store_checkpoint_freed(env).coming
              && state.checkpoint > 0 && env->journal.coming == 0,
        "a checkpoint that never comes is not waited for");
    store_env_give(f->store, env);
}


static bool
is_said_bulk(store_env_t *env)
{
    store_journal_heed(&env->journal);
    return env->journal.bulk;
}


/* As by another process; a push of this one comes in between. */
static void
test_bulk_elsewhere(fixture_t *f)
{
    unsigned n = 530001;
    uint64_t before;
    dosis_journal_t state;
    store_env_t *env = store_env_take(f->store);

    fixture_must(push(f, 530000, 1), "push");
    fixture_must(dosis_store_checkpoint(f->store), "checkpoint");
    before = env->journal.slot.number;
    store_journal_say_bulk(&env->journal, true);
    do {
        push_many(f, n, n + 100);
        n += 100;
        fixture_must(dosis_store_journal(f->store, &state), "state");
    } while (state.checkpoint == before && n < 530001 + PUSHES_MAX
             && state.freed_bytes <= store_checkpoint_freed(env).most);
    CHECK(state.checkpoint == before
              && state.freed_bytes > store_checkpoint_freed(env).most,
        "by the measure of who writes much: no checkpoint yet");
    fixture_must(dosis_store_checkpoint(f->store), "checkpoint");
    CHECK(!is_said_bulk(env), "after one of its end the measure is as it was");
    dosis_store_bulk(f->store, true);
    fixture_must(push(f, n, 1), "push");
    CHECK(is_said_bulk(env), "who begins to write much says so");
    fixture_must(dosis_store_checkpoint(f->store), "checkpoint");
    CHECK(is_said_bulk(env), "also behind a checkpoint");
    dosis_store_bulk(f->store, false);
    fixture_must(push(f, n + 1, 1), "push");
    CHECK(is_said_bulk(env), "and until there is one of all of it");
    fixture_must(dosis_store_checkpoint(f->store), "checkpoint");
    CHECK(!is_said_bulk(env), "no longer");
    store_env_give(f->store, env);
}


/* --- going round --------------------------------------------------------- */

#define FEW_RECORDS ((uint64_t) 512 << 10)    /* some 128 commits */

static bool
is_round(const fixture_t *f)
{
    bool round;
    store_env_t *env = store_env_take(f->store);

    round = store_journal_is_round(&env->journal);
    store_env_give(f->store, env);
    return round;
}


static void
set_most(const fixture_t *f, uint64_t bytes)
{
    store_env_t *env = store_env_take(f->store);

    env->journal.most = bytes;
    store_env_give(f->store, env);
}


static uint64_t
checkpoint_of(const fixture_t *f)
{
    dosis_journal_t state;

    fixture_must(dosis_store_journal(f->store, &state), "state");
    return state.checkpoint;
}


/* Records on both sides of the turn count. */
static unsigned
lose_round(fixture_t *f, const image_t *data)
{
    unsigned i, bad;
    image_t lost, after = take_image(f, "g1.mdb"),
                  journal = take_image(f, "g1.jrnl");
    uint64_t print = print_of(f);

    bad = !comes_back(f, &after, &journal, print);
    for (i = 0; i < 3; i++) {
        lost = lose_power(data, &after);
        bad += !comes_back(f, &lost, &journal, print);
        free(lost.bytes);
    }
    free(after.bytes);
    free(journal.bytes);
    return bad;
}


static void
test_round(fixture_t *f)
{
    unsigned made, n = 600000, rounds = 0, bad = 0;
    uint64_t first;
    image_t data;

    set_most(f, FEW_RECORDS);
    push_many(f, n, n + 1);
    first = checkpoint_of(f);
    for (made = 1; made <= 24; made++) {
        n = push_beside(f, n + 1);
        data = take_image(f, "g1.mdb");
        push_many(f, n, n + 20);
        n += 20;
        if (is_round(f)) {
            rounds++;
            bad += lose_round(f, &data);
        }
        free(data.bytes);
    }
    CHECK(rounds >= 3, "records go round, again and again");
    CHECK(checkpoint_of(f) - first <= made,
        "and nobody who writes had to make a checkpoint");
    CHECK(bad == 0, "on both sides of the turn they come back");
}


/* Gone round, and longer than what is left before those that count. */
static void
test_long_record(fixture_t *f)
{
    unsigned n = 700000;
    uint64_t before, print;
    image_t data, journal;

    while (!is_round(f)) {
        n = push_beside(f, n + 1);
        push_many(f, n, n + 20);
        n += 20;
    }
    before = checkpoint_of(f);
    fixture_must(push_together(f, n + 1, 400), "push_together");
    CHECK(checkpoint_of(f) == before + 1, "a long record: a checkpoint first");
    CHECK(!is_round(f), "then it lies where all begin");
    data = take_image(f, "g1.mdb");
    journal = take_image(f, "g1.jrnl");
    print = print_of(f);
    CHECK(comes_back(f, &data, &journal, print), "and it comes back");
    push_many(f, n + 1000, n + 1040);
    CHECK(fixture_is_whole(f, &(dosis_verify_t) { 0 }), "work goes on");
    free(data.bytes);
    free(journal.bytes);
}


/* One that ends where those begin that count: between the two, and behind. */
static dosis_rc_t
push_exactly(fixture_t *f, unsigned n, uint64_t bytes)
{
    dosis_rc_t rc;
    dosis_txn_t *txn;
    static char nothing[FEW_RECORDS];
    const dosis_slice_t key = DOSIS_SLICE("proef");

    rc = dosis_txn_begin(f->writer, FIXTURE_NOW + (int64_t) n, &txn);
    if (rc != DOSIS_OK) {
        return rc;
    }
    store_journal_note(&txn->snap.env->journal, REDO_PUT, DB_META, key,
        dosis_slice(nothing, bytes - STORE_PAGE_BYTES / 2));
    store_journal_note(&txn->snap.env->journal, REDO_DELETE, DB_META, key,
        dosis_slice(NULL, 0));
    return dosis_txn_commit(txn);
}


static uint64_t
left_before_begin(const fixture_t *f)
{
    uint64_t left;
    store_env_t *env = store_env_take(f->store);

    left = env->journal.slot.begin - store_journal_end(&env->journal);
    store_env_give(f->store, env);
    return left;
}


static void
test_full_round(fixture_t *f)
{
    unsigned n = 750000;
    fixture_t other;
    image_t data, journal;

    (void) push_beside(f, n);
    for (n += 100; !is_round(f); n++) {
        if (n % 20 == 0) {
            n = push_beside(f, n);
        }
        fixture_must(push(f, n, n % 37), "push");
    }
    fixture_must(push_exactly(f, n, left_before_begin(f)), "push_exactly");
    push_many(f, n + 1, n + 3);
    data = take_image(f, "g1.mdb");
    journal = take_image(f, "g1.jrnl");
    other = other_store(f, &data, &journal);
    if (CHECK(try_open(&other, false) == DOSIS_OK,
            "a record up to the first that counts: the next is not upon it")) {
        dosis_store_close(other.store);
        CHECK(comes_back(f, &data, &journal, print_of(f)), "all come back");
    }
    remove_store(&other);
    free(data.bytes);
    free(journal.bytes);
}


static void
test_round_alone(fixture_t *f)
{
    uint64_t before = checkpoint_of(f), made;

    push_many(f, 800000, 800400);
    made = checkpoint_of(f) - before;
    CHECK(made >= 2 && made <= 8,
        "without an engine: a checkpoint only when there is no room");
    set_most(f, STORE_JOURNAL_BYTES);
}


/* What is read is older than the checkpoint: none of it is since. */
static void
test_state_of_before(fixture_t *f)
{
    unsigned n = 820000;
    dosis_journal_t state = { 0 };
    store_snap_t before = { .env = store_env_take(f->store) };

    do {
        push_many(f, n, n + 2);
        fixture_must(store_lmdb_begin(before.env, false, &before.txn), "read");
        n = push_beside(f, n + 2);
        fixture_must(store_checkpoint_state(&before, &state), "state");
        mdb_txn_abort(before.txn);
    } while (begin_of(f) == STORE_JOURNAL_BEGIN);
    store_env_give(f->store, before.env);
    CHECK(state.bytes == 0 && state.freed_bytes == 0 && !state.due,
        "read of before a checkpoint: no records since");
}


static size_t
position_bytes(fixture_t *f)
{
    dosis_slice_t value = { 0 };
    size_t len;

    fixture_must(dosis_reader_begin(f->reader), "read");
    fixture_must(store_get_raw(&f->reader->snap, DB_META,
        DOSIS_SLICE("journaal"), &value), "position");
    len = value.len;
    dosis_reader_end(f->reader);
    return len;
}


/* 0.5.0 takes another length for none: it had a checkpoint for each commit. */
static void
test_position(fixture_t *f)
{
    store_env_t *env = store_env_take(f->store);

    env->format = STORE_FORMAT_BESIDE;
    fixture_must(push(f, 830000, 1), "push");
    CHECK(position_bytes(f) == 24, "in format 3 the position is as it was");
    env->format = DOSIS_STORE_FORMAT;
    fixture_must(push(f, 830001, 1), "push");
    CHECK(position_bytes(f) == 32, "in format 4 it tells of the turn");
    store_env_give(f->store, env);
}


/* A version that knows no other way is in the store as well. */
static void
test_halting(fixture_t *f)
{
    store_env_t *env = store_env_take(f->store);

    env->format = STORE_FORMAT_HALTING;
    (void) push_beside(f, 510000);
    CHECK(begin_of(f) == STORE_JOURNAL_BEGIN,
        "in a store of an older format records begin anew each time");
    env->format = DOSIS_STORE_FORMAT;
    store_env_give(f->store, env);
}


/* What the last record is called. */
static bool
is_called(fixture_t *f, store_env_t *env, const char name[8])
{
    char head[8];

    push_many(f, 520000, 520001);
    return pread(env->journal.fd, head, sizeof(head), (off_t) env->journal.at)
               == (ssize_t) sizeof(head)
           && memcmp(head, name, sizeof(head)) == 0;
}


/* 0.5.0 brings back what it can read before it looks at the format. */
static void
test_names(fixture_t *f)
{
    store_env_t *env = store_env_take(f->store);

    CHECK(is_called(f, env, "DOSISRND"),
        "a version that knows no rounds does not know these records");
    env->format = STORE_FORMAT_BESIDE;
    env->journal.rounds = false;
    CHECK(is_called(f, env, "DOSISREC"),
        "but those of a store that it may have open");
    env->format = DOSIS_STORE_FORMAT;
    env->journal.rounds = true;
    store_env_give(f->store, env);
}


/* A part of the file that could not be synced: no checkpoint can be trusted. */
static void
test_failed_part(fixture_t *f)
{
    push_many(f, 540000, 540150);
    bad_msync = 2;
    CHECK(dosis_store_checkpoint(f->store) == DOSIS_EIO && bad_msync == 0,
        "a part that could not be synced: no checkpoint");
    CHECK(push(f, 540150, 1) == DOSIS_EIO, "and nobody writes");
    fixture_close(f);
    fixture_open(f);
    CHECK(push(f, 540150, 1) == DOSIS_OK
              && fixture_is_whole(f, &(dosis_verify_t) { 0 }),
        "until it was opened anew, and is whole");
}


int
main(void)
{
    fixture_t f;

    fixture_begin(&f);
    push_many(&f, 0, 200);
    test_beside(&f);
    test_round(&f);
    test_long_record(&f);
    test_full_round(&f);
    test_round_alone(&f);
    test_state_of_before(&f);
    test_position(&f);
    test_halting(&f);
    test_names(&f);
    test_left_coming(&f);
    test_bulk_elsewhere(&f);
    test_failed_part(&f);
    fixture_end(&f);
    return tap_done();
}
