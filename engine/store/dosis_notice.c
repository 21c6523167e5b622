/* SPDX-License-Identifier: EUPL-1.2 */

#include "store/dosis_notice.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/dosis_file.h"
#include "base/dosis_siphash.h"
#include "crypto/dosis_secret.h"

#define NOTICE_MAGIC UINT64_C(0x31726f4273736944)
#define NOTICE_MODE 0660
#define NOTICE_KID_MAX 256

typedef struct {
    uint32_t issuer;
    uint32_t unused;
    int64_t asked_ms;
    int64_t begun_ms;
    uint64_t version;
} notice_seat_t;

/* key is written last: whoever finds its own sees a moment not before it. */
typedef struct {
    int64_t at_ms;
    uint64_t key;
} notice_kid_t;

typedef struct {
    uint64_t magic;
    uint8_t hash_key[DOSIS_SIPHASH_KEY];
    notice_seat_t seat[DOSIS_NOTICE_SEATS];
    notice_kid_t kid[DOSIS_NOTICE_KIDS];
} notice_board_t;

struct dosis_notice_s {
    notice_board_t *board;
};

#define GET(place) __atomic_load_n(&(place), __ATOMIC_ACQUIRE)
#define SET(place, value) __atomic_store_n(&(place), (value), __ATOMIC_RELEASE)


static int
open_file(const char *dir, int flags)
{
    char path[PATH_MAX];
    int n = snprintf(path, sizeof(path), "%s/%s", dir, DOSIS_NOTICE_FILE);

    if (n < 0 || (size_t) n >= sizeof(path)) {
        errno = ENAMETOOLONG;
        return -1;
    }
    return open(path, flags | O_RDWR | O_CLOEXEC | O_NOFOLLOW, NOTICE_MODE);
}


/* Takes the descriptor. */
static dosis_rc_t
map(int fd, dosis_notice_t **ret_notice)
{
    dosis_notice_t *notice = calloc(1, sizeof(*notice));
    dosis_rc_t rc = DOSIS_ENOMEM;

    if (notice != NULL) {
        notice->board = mmap(NULL, sizeof(notice_board_t),
            PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        rc = notice->board == MAP_FAILED ? dosis_file_rc() : DOSIS_OK;
    }
    close(fd);
    if (rc != DOSIS_OK) {
        free(notice);
        return rc;
    }
    *ret_notice = notice;
    return DOSIS_OK;
}


/* Written out in full: a hole could not be filled on a full disk. */
static dosis_rc_t
write_board(int fd)
{
    notice_board_t *empty = calloc(1, sizeof(*empty));
    dosis_rc_t rc = DOSIS_ENOMEM;
    ssize_t n;

    if (empty == NULL) {
        return rc;
    }
    rc = dosis_random(empty->hash_key, sizeof(empty->hash_key));
    empty->magic = NOTICE_MAGIC;
    if (rc == DOSIS_OK) {
        n = pwrite(fd, empty, sizeof(*empty), 0);
        rc = n == (ssize_t) sizeof(*empty) ? DOSIS_OK
            : n < 0                        ? dosis_file_rc()
                                           : DOSIS_EFULL;
    }
    free(empty);
    return rc;
}


/* A longer one is of another version: shortened, who maps it would die. */
static int
open_own(const char *dir)
{
    char path[PATH_MAX];
    struct stat info;
    int fd = open_file(dir, O_CREAT);

    if (fd < 0 || fstat(fd, &info) != 0
        || info.st_size <= (off_t) sizeof(notice_board_t)) {
        return fd;
    }
    close(fd);
    (void) snprintf(path, sizeof(path), "%s/%s", dir, DOSIS_NOTICE_FILE);
    return unlink(path) == 0 ? open_file(dir, O_CREAT) : -1;
}


/* The same file goes on: workers have it mapped. */
dosis_rc_t
dosis_notice_create(const char *dir, dosis_notice_t **ret_notice)
{
    int fd = open_own(dir);
    dosis_rc_t rc;

    if (fd < 0) {
        return dosis_file_rc();
    }
    (void) fchmod(fd, NOTICE_MODE);
    rc = write_board(fd);
    if (rc != DOSIS_OK) {
        close(fd);
        return rc;
    }
    return map(fd, ret_notice);
}


dosis_rc_t
dosis_notice_open(const char *dir, dosis_notice_t **ret_notice)
{
    int fd = open_file(dir, 0);
    struct stat info;
    dosis_rc_t rc;

    if (fd < 0) {
        return dosis_file_rc();
    }
    if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)
        || info.st_size != (off_t) sizeof(notice_board_t)) {
        close(fd);
        return DOSIS_EFORMAT;
    }
    rc = map(fd, ret_notice);
    if (rc == DOSIS_OK && (*ret_notice)->board->magic != NOTICE_MAGIC) {
        dosis_notice_close(*ret_notice);
        *ret_notice = NULL;
        return DOSIS_EFORMAT;
    }
    return rc;
}


void
dosis_notice_close(dosis_notice_t *notice)
{
    if (notice != NULL) {
        (void) munmap(notice->board, sizeof(*notice->board));
        free(notice);
    }
}


/* --- a worker ------------------------------------------------------------ */

static notice_seat_t *
seat_find(notice_board_t *board, uint32_t issuer)
{
    size_t i;

    for (i = 0; i < DOSIS_NOTICE_SEATS; i++) {
        if (GET(board->seat[i].issuer) == issuer) {
            return &board->seat[i];
        }
    }
    return NULL;
}


/* Under a key of this board: nobody can aim at a kid of another. */
static uint64_t
kid_key(const notice_board_t *board, const dosis_notice_ask_t *ask)
{
    char text[sizeof(ask->issuer) + NOTICE_KID_MAX];
    size_t len =
        ask->kid.len < NOTICE_KID_MAX ? ask->kid.len : NOTICE_KID_MAX;
    uint64_t key;

    memcpy(text, &ask->issuer, sizeof(ask->issuer));
    if (len > 0) {
        memcpy(text + sizeof(ask->issuer), ask->kid.data, len);
    }
    key = dosis_siphash(
        board->hash_key, dosis_slice(text, sizeof(ask->issuer) + len));
    return key == 0 ? 1 : key;
}


/* Another kid in its place makes it new: it waits longer, no more. */
static int64_t
first_asked(notice_board_t *board, const dosis_notice_ask_t *ask)
{
    uint64_t key = kid_key(board, ask);
    notice_kid_t *kid = &board->kid[key % DOSIS_NOTICE_KIDS];
    int64_t at;

    if (GET(kid->key) == key) {
        at = GET(kid->at_ms);
        if (at > 0 && at <= ask->now_ms
            && at > ask->now_ms - DOSIS_NOTICE_FORGET_MS) {
            return at;
        }
    }
    SET(kid->at_ms, ask->now_ms);
    SET(kid->key, key);
    return ask->now_ms;
}


bool
dosis_notice_ask(dosis_notice_t *notice, const dosis_notice_ask_t *ask)
{
    notice_board_t *board = notice->board;
    notice_seat_t *seat = seat_find(board, ask->issuer);
    int64_t at, begun;

    if (seat == NULL || ask->issuer == 0) {
        return false;
    }
    at = first_asked(board, ask);
    begun = GET(seat->begun_ms);
    if (begun > at && begun <= ask->now_ms
        && GET(seat->version) <= ask->version) {
        return true;
    }
    SET(seat->asked_ms, ask->now_ms);
    return false;
}


/* --- the engine ---------------------------------------------------------- */

void
dosis_notice_seat(dosis_notice_t *notice, size_t i, uint32_t issuer)
{
    notice_seat_t *seat = &notice->board->seat[i];

    SET(seat->issuer, 0);
    SET(seat->begun_ms, 0);
    SET(seat->asked_ms, 0);
    SET(seat->version, 0);
    SET(seat->issuer, issuer);
}


int64_t
dosis_notice_asked(const dosis_notice_t *notice, size_t seat)
{
    return GET(notice->board->seat[seat].asked_ms);
}


void
dosis_notice_fetched(
    dosis_notice_t *notice, size_t i, int64_t begun_ms, uint64_t version)
{
    notice_seat_t *seat = &notice->board->seat[i];

    SET(seat->version, version);
    SET(seat->begun_ms, begun_ms);
}
