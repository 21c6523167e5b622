/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The journal: whatever a loss of power leaves of the data file, opening it
 * brings back every committed transaction and nothing else. Loss of power is
 * played: of each sector written since the checkpoint, the old or the new.
 */

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "../lib/journal_fixture.h"
#include "../lib/tap.h"
#include "base/dosis_hash.h"
#include "base/dosis_wire.h"
#include "store/store_checkpoint.h"
#include "store/store_txn.h"

#define CEILING_PUSHES 6000 /* three times what it takes */

#define SLOT_AT(n) ((n) % 2 * (16 << 10))


static uint64_t
slot_number(const image_t *journal)
{
    uint64_t a = dosis_be64_get(journal->bytes + SLOT_AT(0) + 8);
    uint64_t b = dosis_be64_get(journal->bytes + SLOT_AT(1) + 8);

    return a > b ? a : b;
}


/* --- power --------------------------------------------------------------- */

/* A checkpoint, and after it so many commits. */
static scene_t
play(fixture_t *f, unsigned from, unsigned to)
{
    scene_t s;
    uint64_t number;

    fixture_must(push(f, from, 0), "push");
    fixture_must(dosis_store_checkpoint(f->store), "checkpoint");
    s.data = take_image(f, "g1.mdb");
    s.journal = take_image(f, "g1.jrnl");
    number = slot_number(&s.journal);
    free(s.journal.bytes);
    push_many(f, from + 1, to);
    s.after = take_image(f, "g1.mdb");
    s.journal = take_image(f, "g1.jrnl");
    s.print = print_of(f);
    CHECK(slot_number(&s.journal) == number,
        "commits come after one checkpoint");
    return s;
}


static void
test_power(const fixture_t *f, const scene_t *s)
{
    unsigned i, bad = 0;
    image_t lost;

    CHECK(comes_back(f, &s->after, &s->journal, s->print),
        "killed: all that was committed comes back");
    CHECK(comes_back(f, &s->data, &s->journal, s->print),
        "no page reached the disk: all that was committed comes back");
    for (i = 0; i < 25; i++) {
        lost = lose_power(&s->data, &s->after);
        bad += !comes_back(f, &lost, &s->journal, s->print);
        free(lost.bytes);
    }
    CHECK(bad == 0, "any sectors reached the disk: it comes back each time");
}


/* The disk as it was when power went during the recovery itself. */
static void
test_power_again(const fixture_t *f, const scene_t *s)
{
    unsigned i, bad = 0;
    image_t lost, then, again;
    fixture_t other;

    for (i = 0; i < 10; i++) {
        lost = lose_power(&s->data, &s->after);
        other = other_store(f, &lost, &s->journal);
        fixture_open(&other);
        then = take_image(&other, "g1.mdb");
        again = lose_power(&lost, &then);
        bad += !comes_back(f, &again, &s->journal, s->print);
        fixture_close(&other);
        remove_store(&other);
        free(lost.bytes);
        free(then.bytes);
        free(again.bytes);
    }
    CHECK(bad == 0, "power lost during a recovery: the next one does it");
}


/* A checkpoint is under way: its slot may be half there. */
static void
test_torn_slot(fixture_t *f, const scene_t *s)
{
    uint64_t number = slot_number(&s->journal) + 1;
    image_t journal, torn = { calloc(1, FILE_MAX), s->journal.len };
    unsigned i, bad = 0;

    fixture_must(dosis_store_checkpoint(f->store), "checkpoint");
    journal = take_image(f, "g1.jrnl");
    CHECK(slot_number(&journal) == number, "another checkpoint was made");
    for (i = 0; i < 24; i++) {
        memcpy(torn.bytes, s->journal.bytes, torn.len);
        memcpy(torn.bytes + SLOT_AT(number) + i * SECTOR,
            journal.bytes + SLOT_AT(number) + i * SECTOR, SECTOR);
        bad += !comes_back(f, &s->data, &torn, s->print);
    }
    CHECK(bad == 0, "a torn slot is none: the older one holds");
    CHECK(comes_back(f, &s->after, &journal, s->print),
        "a whole one makes the records before it old");
    free(journal.bytes);
    free(torn.bytes);
}


/* --- records ------------------------------------------------------------- */

static bool
is_refused(const fixture_t *f, const image_t *data, const image_t *journal)
{
    dosis_rc_t rc;
    fixture_t other = other_store(f, data, journal);

    rc = try_open(&other, false);
    if (rc == DOSIS_OK) {
        dosis_store_close(other.store);
    }
    remove_store(&other);
    return rc == DOSIS_EFORMAT;
}


/* The journal as it was one commit before, with part of the next record. */
static void
tear(image_t *torn, const image_t *old, const image_t *new)
{
    size_t at, last = 0;

    memcpy(torn->bytes, old->bytes, old->len);
    torn->len = old->len;
    for (at = STORE_JOURNAL_BEGIN; at < old->len; at += SECTOR) {
        if (memcmp(old->bytes + at, new->bytes + at, SECTOR) == 0) {
            continue;
        }
        if (draw(4) != 0) {
            memcpy(torn->bytes + at, new->bytes + at, SECTOR);
            last = at;
        }
    }
    memcpy(torn->bytes + last, old->bytes + last, SECTOR);
}


static void
test_torn_record(fixture_t *f)
{
    image_t data, old, new, torn = { calloc(1, FILE_MAX), 0 };
    unsigned i, bad = 0;
    uint64_t print;

    fixture_must(dosis_store_checkpoint(f->store), "checkpoint");
    data = take_image(f, "g1.mdb");
    push_many(f, 5000, 5004);
    print = print_of(f);
    old = take_image(f, "g1.jrnl");
    push_many(f, 5004, 5005);
    new = take_image(f, "g1.jrnl");
    for (i = 0; i < 12; i++) {
        tear(&torn, &old, &new);
        bad += !comes_back(f, &data, &torn, print);
    }
    CHECK(bad == 0, "a torn record is none");
    free(data.bytes);
    data = take_image(f, "g1.mdb");
    CHECK(is_refused(f, &data, &torn),
        "a file that holds what its journal does not is refused");
    free(data.bytes);
    free(old.bytes);
    free(new.bytes);
    free(torn.bytes);
}


/* A record on disk whose transaction never was: by a process that died. */
static void
test_orphan(fixture_t *f)
{
    image_t data, journal;
    uint64_t print;
    dosis_txn_t *txn;

    fixture_must(dosis_txn_begin(f->writer, FIXTURE_NOW, &txn), "begin");
    fixture_must(store_meta_put(&txn->snap, "proef", 1), "put");
    fixture_must(store_journal_append(&txn->snap.env->journal,
        store_snap_id(&txn->snap)), "append");
    dosis_txn_abort(txn);
    fixture_must(push(f, 6000, 1), "push");
    print = print_of(f);
    data = take_image(f, "g1.mdb");
    journal = take_image(f, "g1.jrnl");
    CHECK(comes_back(f, &data, &journal, print),
        "the next commit writes over an orphan");
    free(data.bytes);
    free(journal.bytes);
}


/* Of the data file, without what is ahead of it. */
static uint64_t
used_bytes(const fixture_t *f)
{
    MDB_envinfo info;
    store_env_t *env = store_env_take(f->store);

    (void) mdb_env_info(env->env, &info);
    store_env_give(f->store, env);
    return ((uint64_t) info.me_last_pgno + 1) * STORE_PAGE_BYTES;
}


/* LMDB cannot write, after the journal could. */
static void
test_failed_commit(fixture_t *f)
{
    struct rlimit limit, old;
    image_t data, journal;
    unsigned n;
    dosis_rc_t rc = DOSIS_OK;
    uint64_t print = 0;

    (void) signal(SIGXFSZ, SIG_IGN);
    (void) getrlimit(RLIMIT_FSIZE, &old);
    limit = old;
    limit.rlim_cur = (rlim_t) used_bytes(f) + 65536;
    (void) setrlimit(RLIMIT_FSIZE, &limit);
    for (n = 6100; rc == DOSIS_OK && n < 6400; n++) {
        print = print_of(f);
        rc = push(f, n, 1);
    }
    (void) setrlimit(RLIMIT_FSIZE, &old);
    CHECK(rc == DOSIS_EIO, "a commit that LMDB cannot write fails");
    data = take_image(f, "g1.mdb");
    journal = take_image(f, "g1.jrnl");
    CHECK(comes_back(f, &data, &journal, print), "and is not brought back");
    CHECK(push(f, n, 1) == DOSIS_OK, "the next one works");
    free(data.bytes);
    free(journal.bytes);
}


/* --- formats ------------------------------------------------------------- */

static void
test_missing(const fixture_t *f, const scene_t *s)
{
    image_t zeros = { calloc(1, FILE_MAX), 65536 }, old = s->data;

    CHECK(is_refused(f, &s->after, NULL), "without its journal: refused");
    CHECK(is_refused(f, &s->after, &zeros), "with an empty one: refused");
    free(zeros.bytes);
    old = take_image(f, "g1.jrnl");
    CHECK(is_refused(f, &s->data, &old),
        "a file older than its journal is refused");
    free(old.bytes);
}


/* As version 0.2.0 left it: plain LMDB, format 1. */
static void
make_plain(fixture_t *f)
{
    store_env_t env;
    store_snap_t snap = { .env = &env };
    dosis_store_options_t options = { .map_bytes = (size_t) 1 << 30 };

    fixture_must(store_lmdb_open(path_of(f->dir, "g1.mdb"), &options, false,
        &env), "plain");
    fixture_must(store_lmdb_begin(&env, true, &snap.txn), "begin");
    fixture_must(store_meta_put(&snap, "formaat", 1), "format");
    fixture_must(store_lmdb_rc(mdb_txn_commit(snap.txn)), "commit");
    store_lmdb_close(&env);
    (void) unlink(path_of(f->dir, "g1.jrnl"));
}


static void
test_upgrade(fixture_t *f)
{
    dosis_store_state_t state;
    dosis_store_options_t options = { .dir = f->dir, .kek = f->kek,
        .read_only = true, .map_bytes = (size_t) 1 << 30 };
    dosis_verify_t report;
    dosis_rc_t rc;

    fixture_close(f);
    make_plain(f);
    rc = dosis_store_open(&options, &f->store);
    CHECK(rc == DOSIS_OK && fixture_is_whole(f, &report)
              && access(path_of(f->dir, "g1.jrnl"), F_OK) != 0,
        "a store of format 1 opens read-only as it is");
    dosis_store_close(f->store);
    fixture_open(f);
    fixture_must(dosis_store_state(f->store, &state), "state");
    CHECK(state.format == 4 && fixture_is_whole(f, &report)
              && access(path_of(f->dir, "g1.jrnl"), F_OK) == 0,
        "opened to write it is of format 4, with a journal");
    CHECK(push(f, 7000, 3) == DOSIS_OK, "and is written");
    fixture_close(f);
    fixture_open(f);
    CHECK(fixture_is_whole(f, &report), "and opens again");
}


/* --- processes ----------------------------------------------------------- */

/* A second process that writes `each` times at each byte it reads. */
static pid_t
begin_writer(fixture_t *f, int pipes[2], unsigned each)
{
    int in[2], out[2];
    char byte;
    unsigned n = 100000;
    pid_t pid;

    if (pipe(in) != 0 || pipe(out) != 0) {
        exit(1);
    }
    pid = fork();
    if (pid == 0) {
        (void) close(in[1]);
        (void) close(out[0]);
        fixture_open(f);
        while (read(in[0], &byte, 1) == 1) {
            push_many(f, n, n + each);
            n += each;
            if (byte == 'c') {
                fixture_must(dosis_store_checkpoint(f->store), "checkpoint");
            }
            if (write(out[1], &byte, 1) != 1) {
                break;
            }
        }
        fixture_close(f);
        _exit(0);
    }
    (void) close(in[0]);
    (void) close(out[1]);
    pipes[0] = out[0];
    pipes[1] = in[1];
    return pid;
}


static void
tell(const int pipes[2], char byte)
{
    if (write(pipes[1], &byte, 1) != 1 || read(pipes[0], &byte, 1) != 1) {
        printf("Bail out! the other process is gone\n");
        exit(1);
    }
}


static void
end_writer(pid_t pid, const int pipes[2])
{
    (void) close(pipes[1]);
    (void) close(pipes[0]);
    (void) waitpid(pid, NULL, 0);
}


/* Turn by turn, with a checkpoint now and then: pages are used again. */
static void
test_growth(fixture_t *f)
{
    int pipes[2];
    unsigned round;
    uint64_t early = 0;
    pid_t pid;
    dosis_verify_t report;

    fixture_close(f);
    pid = begin_writer(f, pipes, 10);
    fixture_open(f);
    for (round = 0; round < 60; round++) {
        tell(pipes, round % 3 == 0 ? 'c' : 'w');
        push_many(f, 200000 + round % 20 * 10, 200000 + round % 20 * 10 + 10);
        if (round == 20) {
            early = used_bytes(f);
        }
    }
    CHECK(used_bytes(f) < 2 * early, "two writers: the file does not run away");
    CHECK(fixture_is_whole(f, &report), "and is whole");
    end_writer(pid, pipes);
}


static uint64_t
freed_most(const fixture_t *f)
{
    store_env_t *env = store_env_take(f->store);
    uint64_t most = store_checkpoint_freed(env).most;

    store_env_give(f->store, env);
    return most;
}


/* Alone, without anybody who makes checkpoints: it makes its own in time. */
static void
test_ceiling(fixture_t *f)
{
    unsigned n = 300000;
    uint64_t before = used_bytes(f), most = freed_most(f), first;
    dosis_journal_t state;

    fixture_must(dosis_store_journal(f->store, &state), "state");
    first = state.checkpoint;
    do {
        push_many(f, n, n + 100);
        n += 100;
        fixture_must(dosis_store_journal(f->store, &state), "state");
    } while (state.checkpoint < first + 2 && n < 300000 + CEILING_PUSHES);
    CHECK(state.checkpoint >= first + 2 && used_bytes(f) < before + 3 * most,
        "it makes them: the file grows by less than what three keep");
    CHECK(state.freed_bytes < 2 * most && state.bytes < STORE_JOURNAL_BYTES / 4,
        "for the pages that were freed, long before for the records");
}


static bool
has_pin(const fixture_t *f)
{
    store_env_t *env = store_env_take(f->store);
    bool pinned = env->pin.id != 0;

    store_env_give(f->store, env);
    return pinned;
}


static void
test_idle(fixture_t *f)
{
    int pipes[2];
    pid_t pid;

    fixture_close(f);
    pid = begin_writer(f, pipes, 2);
    fixture_open(f);
    fixture_must(push(f, 1, 1), "push");
    CHECK(has_pin(f), "who has just written has a pin");
    dosis_store_rest(f->store);
    CHECK(has_pin(f), "and keeps it");
    tell(pipes, 'c');
    tell(pipes, 'c');
    dosis_store_rest(f->store);
    CHECK(!has_pin(f), "nothing came since a checkpoint: who is idle drops it");
    CHECK(push(f, 2, 1) == DOSIS_OK && has_pin(f), "and has one to write");
    end_writer(pid, pipes);
}


static uint64_t
checkpoint_of(const fixture_t *f)
{
    dosis_journal_t state;

    fixture_must(dosis_store_journal(f->store, &state), "state");
    return state.checkpoint;
}


/* Another writes, and rests between; this one does now and then. */
static void
test_keeps_up(fixture_t *f)
{
    int pipes[2];
    unsigned i, kept = 0;
    uint64_t before;
    pid_t pid;

    fixture_close(f);
    pid = begin_writer(f, pipes, 2);
    fixture_open(f);
    fixture_must(push(f, 1, 2), "push");
    for (i = 0; i < 12; i++) {
        tell(pipes, 'c');
        tell(pipes, 'w');
        dosis_store_rest(f->store);
    }
    before = checkpoint_of(f);
    fixture_must(push(f, 2, 2), "push");
    CHECK(checkpoint_of(f) == before,
        "who wrote lately makes no checkpoint of what others wrote");
    for (i = 0; i < 300; i++) {
        if (i % 100 == 0) {
            tell(pipes, 'c');
            tell(pipes, 'w');
        }
        dosis_store_rest(f->store);
        kept += i == 200 && has_pin(f);
    }
    CHECK(kept == 1, "nor loses what it needs for that");
    CHECK(!has_pin(f), "who did not for a minute keeps no pages from others");
    end_writer(pid, pipes);
}


/* Killed in the middle, then read by one that comes later. */
static void
test_killed(fixture_t *f)
{
    int pipes[2], status;
    pid_t pid;
    unsigned round, bad = 0;
    dosis_verify_t report;

    fixture_close(f);
    for (round = 0; round < 8; round++) {
        pid = begin_writer(f, pipes, 20);
        tell(pipes, 'w');
        if (write(pipes[1], "w", 1) != 1) {
            bad++;
        }
        (void) usleep((useconds_t) draw(4000));
        (void) kill(pid, SIGKILL);
        (void) waitpid(pid, &status, 0);
        (void) close(pipes[0]);
        (void) close(pipes[1]);
        fixture_open(f);
        bad += !fixture_is_whole(f, &report);
        fixture_close(f);
    }
    fixture_open(f);
    CHECK(bad == 0, "a writer killed at any moment leaves a whole store");
}


/* A sync that failed: nobody writes until all have closed it. */
static void
test_broken(fixture_t *f)
{
    store_env_t *env = store_env_take(f->store);
    dosis_txn_t *txn;

    store_journal_break(&env->journal, true);
    store_env_give(f->store, env);
    CHECK(dosis_txn_begin(f->writer, FIXTURE_NOW, &txn) == DOSIS_EIO,
        "after a failed sync nobody writes");
    CHECK(dosis_store_checkpoint(f->store) == DOSIS_EIO,
        "nor makes a checkpoint");
    fixture_close(f);
    fixture_open(f);
    CHECK(push(f, 8000, 5) == DOSIS_OK, "opened anew it is written");
}


/* Looks for a quarter of a minute at most: another process has to get there. */
static bool
is_wanted_soon(const dosis_txn_t *txn)
{
    unsigned looks;
    static const struct timespec moment = { .tv_nsec = 1000000 };

    for (looks = 0; looks < 15000 && !dosis_txn_is_wanted(txn); looks++) {
        (void) nanosleep(&moment, NULL);
    }
    return dosis_txn_is_wanted(txn);
}


/* With the lock held: another process that wants it. */
static void
test_wanted(fixture_t *f)
{
    int pipes[2], status = -1;
    pid_t pid;
    dosis_txn_t *txn;
    const char byte = 'w';

    fixture_close(f);
    pid = begin_writer(f, pipes, 1);
    fixture_open(f);
    tell(pipes, byte);
    fixture_must(dosis_txn_begin(f->writer, FIXTURE_NOW, &txn), "begin");
    CHECK(!dosis_txn_is_wanted(txn), "nobody waits for the lock");
    CHECK(write(pipes[1], &byte, 1) == 1 && is_wanted_soon(txn),
        "another process waits for it: who has it sees that");
    (void) kill(pid, SIGKILL);
    (void) waitpid(pid, &status, 0);
    CHECK(!dosis_txn_is_wanted(txn), "it was killed: nobody waits any more");
    dosis_txn_abort(txn);
    end_writer(pid, pipes);
    CHECK(push(f, 3, 1) == DOSIS_OK, "and the lock is free");
}


/* Someone is alone in it, as during a recovery. */
static void
test_hurry(fixture_t *f)
{
    int fd;
    dosis_rc_t rc;
    struct timespec before, after;
    struct flock how = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 1 };

    fixture_close(f);
    fd = open(path_of(f->dir, "g1.jrnl"), O_RDWR | O_CLOEXEC);
    if (fd < 0 || fcntl(fd, F_OFD_SETLK, &how) != 0) {
        printf("Bail out! no lock\n");
        exit(1);
    }
    (void) clock_gettime(CLOCK_MONOTONIC, &before);
    rc = try_open(f, true);
    (void) clock_gettime(CLOCK_MONOTONIC, &after);
    CHECK(rc == DOSIS_EBUSY && after.tv_sec - before.tv_sec < 5,
        "who is in a hurry does not wait for another's recovery");
    (void) close(fd);
    rc = try_open(f, true);
    CHECK(rc == DOSIS_OK, "and opens it when that is over");
    if (rc == DOSIS_OK) {
        dosis_store_close(f->store);
    }
    fixture_open(f);
}


int
main(void)
{
    fixture_t f;
    scene_t s;

    fixture_begin(&f);
    push_many(&f, 0, 200);
    s = play(&f, 200, 320);
    test_power(&f, &s);
    test_power_again(&f, &s);
    test_torn_slot(&f, &s);
    test_missing(&f, &s);
    scene_done(&s);
    test_torn_record(&f);
    test_orphan(&f);
    test_failed_commit(&f);
    test_upgrade(&f);
    test_broken(&f);
    test_hurry(&f);
    test_growth(&f);
    test_ceiling(&f);
    test_idle(&f);
    test_keeps_up(&f);
    test_wanted(&f);
    test_killed(&f);
    fixture_end(&f);
    return tap_done();
}
