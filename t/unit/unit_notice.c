/* SPDX-License-Identifier: EUPL-1.2 */
/* The board between workers and the engine: a hint, of one size. */

#include "store/dosis_notice.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tap.h"

#define NOW INT64_C(100000)

static char dir[] = "/tmp/dosis-notice-XXXXXX";
static char path[sizeof(dir) + sizeof(DOSIS_NOTICE_FILE)];


static bool
ask(dosis_notice_t *board, uint32_t issuer, const char *kid, uint64_t version,
    int64_t now_ms)
{
    const dosis_notice_ask_t what = { .issuer = issuer,
        .kid = dosis_slice_of(kid),
        .version = version,
        .now_ms = now_ms };

    return dosis_notice_ask(board, &what);
}


static off_t
size_of_file(void)
{
    struct stat info;

    return stat(path, &info) == 0 ? info.st_size : -1;
}


static void
check_files(void)
{
    dosis_notice_t *board = NULL, *other = NULL;
    struct stat info;

    CHECK(dosis_notice_open(dir, &board) == DOSIS_ENOTFOUND,
        "before the engine there is no board");
    CHECK(dosis_notice_create(dir, &board) == DOSIS_OK, "the engine makes it");
    CHECK(stat(path, &info) == 0 && (info.st_mode & 0777) == 0660,
        "for its group and nobody else");
    CHECK(info.st_size == 17432, "of the size that store-format.md says");
    CHECK(dosis_notice_open(dir, &other) == DOSIS_OK, "a worker opens it");
    dosis_notice_close(board);
    dosis_notice_close(other);
    dosis_notice_close(NULL);
    CHECK(dosis_notice_create("/nowhere/at/all", &board) == DOSIS_ENOTFOUND,
        "without a directory there is none");
}


static bool
opens_as(dosis_rc_t wanted)
{
    dosis_notice_t *board = NULL;
    dosis_rc_t rc = dosis_notice_open(dir, &board);

    if (rc == DOSIS_OK) {
        dosis_notice_close(board);
    }
    return rc == wanted;
}


/* Ends with a whole board. */
static bool
mends(void)
{
    dosis_notice_t *board = NULL;

    if (dosis_notice_create(dir, &board) != DOSIS_OK) {
        return false;
    }
    dosis_notice_close(board);
    return opens_as(DOSIS_OK);
}


static void
check_strange_files(void)
{
    off_t size = size_of_file();
    int fd;

    CHECK(truncate(path, size / 2) == 0 && opens_as(DOSIS_EFORMAT),
        "half of one is none");
    CHECK(mends() && size_of_file() == size, "and is made whole");
    CHECK(truncate(path, size + 1) == 0 && opens_as(DOSIS_EFORMAT),
        "a byte too many is none");
    CHECK(mends() && size_of_file() == size, "and is made anew");
    CHECK(truncate(path, 0) == 0 && opens_as(DOSIS_EFORMAT),
        "an empty file is none");
    CHECK(mends(), "and is filled");
    fd = open(path, O_WRONLY | O_CLOEXEC);
    CHECK(fd >= 0 && pwrite(fd, "somebody", 8, 0) == 8
            && opens_as(DOSIS_EFORMAT),
        "a file of that size that is something else is none");
    (void) close(fd);
    CHECK(mends(), "and is written over");
    CHECK(unlink(path) == 0 && mkdir(path, 0700) == 0
            && !opens_as(DOSIS_OK) && !mends(),
        "a directory of that name is none");
    CHECK(rmdir(path) == 0 && symlink("/dev/null", path) == 0
            && opens_as(DOSIS_EDENIED) && !mends(),
        "a link is not followed");
    (void) unlink(path);
}


static void
check_asking(dosis_notice_t *engine, dosis_notice_t *worker)
{
    CHECK(!ask(worker, 7, "k", 1, NOW), "of an issuer without a seat: not yet");
    dosis_notice_seat(engine, 3, 7);
    CHECK(dosis_notice_asked(engine, 3) == 0, "nobody has asked");
    CHECK(!ask(worker, 7, "k", 1, NOW), "first asked for: not yet");
    CHECK(dosis_notice_asked(engine, 3) == NOW, "the engine sees when");
    dosis_notice_fetched(engine, 3, NOW, 5);
    CHECK(!ask(worker, 7, "k", 5, NOW + 10),
        "a fetch that began no later says nothing");
    dosis_notice_fetched(engine, 3, NOW + 5, 6);
    CHECK(!ask(worker, 7, "k", 5, NOW + 10),
        "nor one whose result this worker has not read");
    CHECK(ask(worker, 7, "k", 6, NOW + 10), "after one that did: no such key");
    CHECK(!ask(worker, 7, "other", 6, NOW + 10), "another key is another one");
    CHECK(!ask(worker, 8, "k", 6, NOW + 10), "as is that of another issuer");
    CHECK(!ask(worker, 0, "k", 6, NOW + 10), "and of nobody");
    CHECK(!ask(worker, 7, "", 6, NOW + 10), "no name is a name");
    CHECK(!ask(worker, 7, "k", 6, NOW - 1),
        "a moment before it was asked for makes it new");
}


static void
check_forgetting(dosis_notice_t *engine, dosis_notice_t *worker)
{
    int64_t later = NOW + 10 + DOSIS_NOTICE_FORGET_MS + 1;

    (void) ask(worker, 7, "old", 6, NOW);
    dosis_notice_fetched(engine, 3, NOW + 5, 6);
    CHECK(ask(worker, 7, "old", 6, NOW + 10), "remembered");
    CHECK(!ask(worker, 7, "old", 6, later), "forgotten it is asked for anew");
    dosis_notice_seat(engine, 3, 9);
    CHECK(!ask(worker, 7, "old", 6, later + 1),
        "a seat of another one is not his");
    CHECK(dosis_notice_asked(engine, 3) == 0, "and nobody has asked there");
}


/* As one who invents kids: many more than there is room for. */
static void
check_bounds(dosis_notice_t *engine, dosis_notice_t *worker)
{
    char kid[400];
    off_t size = size_of_file();
    bool taken = false;
    int i;

    dosis_notice_seat(engine, DOSIS_NOTICE_SEATS - 1, 11);
    for (i = 0; i < 20 * DOSIS_NOTICE_KIDS; i++) {
        (void) snprintf(kid, sizeof(kid), "kid-%d", i);
        taken = taken || ask(worker, 11, kid, 1, NOW + i);
    }
    CHECK(!taken, "many invented kids: each is asked for");
    CHECK(size_of_file() == size, "the board does not grow");
    memset(kid, 'k', sizeof(kid) - 1);
    kid[sizeof(kid) - 1] = '\0';
    CHECK(!ask(worker, 11, kid, 1, NOW * 2), "a very long one is one");
    dosis_notice_fetched(engine, DOSIS_NOTICE_SEATS - 1, NOW * 2 + 1, 1);
    CHECK(ask(worker, 11, kid, 1, NOW * 2 + 2), "and is answered");
}


/* Bytes of anybody, past the mark at its beginning. */
static void
check_torn(dosis_notice_t *engine, dosis_notice_t *worker)
{
    unsigned char byte = 1;
    off_t at, size = size_of_file();
    int fd = open(path, O_WRONLY | O_CLOEXEC), answers = 0;

    for (at = 8; fd >= 0 && at < size; at++) {
        byte = (unsigned char) (byte * 5 + at + 3); /* anything */
        if (pwrite(fd, &byte, 1, at) != 1) {
            break;
        }
        if (at % 64 == 0) {
            answers += ask(worker, 11, "torn", 1, NOW * 3) ? 1 : 0;
        }
    }
    (void) close(fd);
    CHECK(at == size, "overwritten in its midst it is read on");
    (void) answers; /* either: it is a hint */
    for (at = 0; at < DOSIS_NOTICE_SEATS; at++) {
        dosis_notice_seat(engine, (size_t) at, 0);
    }
    dosis_notice_seat(engine, 0, 11);
    CHECK(!ask(worker, 11, "torn", 1, NOW * 4), "seats given anew hold again");
    dosis_notice_fetched(engine, 0, NOW * 4 + 1, 1);
    CHECK(ask(worker, 11, "torn", 1, NOW * 4 + 2), "and so do their answers");
}


/* A worker keeps its map when the engine starts again. */
static void
check_restart(dosis_notice_t **engine, dosis_notice_t *worker)
{
    dosis_notice_close(*engine);
    CHECK(dosis_notice_create(dir, engine) == DOSIS_OK, "made once more");
    CHECK(!ask(worker, 11, "torn", 1, NOW * 4 + 3), "what was on it is gone");
    dosis_notice_seat(*engine, 1, 11);
    (void) ask(worker, 11, "torn", 1, NOW * 5);
    CHECK(dosis_notice_asked(*engine, 1) == NOW * 5,
        "and the worker that had it open writes on the new one");
}


int
main(void)
{
    dosis_notice_t *engine = NULL, *worker = NULL;

    if (mkdtemp(dir) == NULL) {
        return 1;
    }
    (void) snprintf(path, sizeof(path), "%s/%s", dir, DOSIS_NOTICE_FILE);
    check_files();
    check_strange_files();
    if (dosis_notice_create(dir, &engine) == DOSIS_OK
        && dosis_notice_open(dir, &worker) == DOSIS_OK) {
        check_asking(engine, worker);
        check_forgetting(engine, worker);
        check_bounds(engine, worker);
        check_torn(engine, worker);
        check_restart(&engine, worker);
    } else {
        CHECK(false, "a board for both");
    }
    dosis_notice_close(engine);
    dosis_notice_close(worker);
    (void) unlink(path);
    CHECK(rmdir(dir) == 0, "nothing else stands in the directory");
    return tap_done();
}
