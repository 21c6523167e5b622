/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Trouble below the store: what each error is, a full map, a full disk. What
 * was committed stays, reading goes on, and room is all it takes to go on.
 */

#include <errno.h>
#include <sched.h>
#include <sys/mount.h>

#include "../lib/journal_fixture.h"
#include "../lib/tap.h"
#include "store/store_txn.h"

#define PUSHES_MAX 20000
#define PAGE       4096
#define DISK       "size=6m,mode=0777"

static const struct {
    int mdb;
    dosis_rc_t rc;
    dosis_rc_t told;     /* what a client is told of it */
    const char *fact;
} errors[] = {
    { MDB_SUCCESS, DOSIS_OK, DOSIS_OK, "success is no trouble" },
    { MDB_MAP_FULL, DOSIS_EFULL, DOSIS_EFULL, "a full map is full" },
    { ENOSPC, DOSIS_EFULL, DOSIS_EFULL, "a full disk is full" },
    { EDQUOT, DOSIS_EFULL, DOSIS_EFULL, "a used quota is full" },
    { MDB_MAP_RESIZED, DOSIS_EBUSY, DOSIS_EBUSY, "a grown map is busy" },
    { MDB_READERS_FULL, DOSIS_EBUSY, DOSIS_EBUSY, "no reader left is busy" },
    { EROFS, DOSIS_EDENIED, DOSIS_EBUSY, "read-only is told as busy" },
    { EACCES, DOSIS_EDENIED, DOSIS_EBUSY, "a closed file is told as busy" },
    { EIO, DOSIS_EIO, DOSIS_EBUSY, "a failing disk is told as busy" },
    { ENOMEM, DOSIS_ENOMEM, DOSIS_EBUSY, "no memory is told as busy" },
    { MDB_CORRUPTED, DOSIS_EFORMAT, DOSIS_EBUSY, "damage is told as busy" },
    { MDB_PANIC, DOSIS_EIO, DOSIS_EBUSY, "a given-up store is told as busy" },
};


static void
test_errors(void)
{
    size_t i;

    for (i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
        CHECK(store_lmdb_rc(errors[i].mdb) == errors[i].rc
                  && dosis_store_trouble(errors[i].rc) == errors[i].told,
            errors[i].fact);
    }
    CHECK(dosis_store_trouble(DOSIS_EKEY) == DOSIS_EBUSY,
        "a key that does not fit is told as busy");
}


/* The n-th dossier, for an agent of its own; how its commit ended. */
static dosis_rc_t
try_push(fixture_t *f, unsigned n)
{
    return push(f, n, n);
}


static unsigned
rows_of(fixture_t *f, unsigned n)
{
    char kbo[11];
    dosis_buf_t body;
    dosis_answer_t answer = { 0 };
    dosis_question_t q = { 0 };

    fixture_kbo(n, kbo);
    dosis_buf_init(&body, (size_t) 1 << 20);
    fixture_must(fixture_list(f, kbo, &q, &body, &answer), "list");
    dosis_buf_done(&body);
    return answer.rows;
}


/* Pushes from `from` on until one fails; its number, and how, in ret_rc. */
static unsigned
push_until_full(fixture_t *f, unsigned from, dosis_rc_t *ret_rc)
{
    unsigned n = from;

    *ret_rc = DOSIS_OK;
    while (n < from + PUSHES_MAX) {
        *ret_rc = try_push(f, n);
        if (*ret_rc != DOSIS_OK) {
            break;
        }
        n++;
    }
    return n;
}


/* What was committed is there, the rest is not, and the store is whole. */
static bool
holds_exactly(fixture_t *f, unsigned count)
{
    unsigned n;
    dosis_verify_t report;

    for (n = 0; n < count; n++) {
        if (rows_of(f, n) != 1) {
            return false;
        }
    }
    return rows_of(f, count) == 0 && fixture_is_whole(f, &report);
}


/* Every slot of a reader has its block: a full disk cannot take one away. */
static bool
lock_file_is_whole(const fixture_t *f)
{
    char path[128];
    struct stat st;

    (void) snprintf(path, sizeof(path), "%s/g1.mdb-lock", f->dir);
    return stat(path, &st) == 0 && st.st_size > PAGE
           && st.st_blocks * 512 >= st.st_size;
}


static void
test_map(void)
{
    unsigned count, failed;
    dosis_rc_t rc;
    fixture_t f;

    fixture_begin(&f);
    fixture_close(&f);
    f.map_bytes = DOSIS_STORE_MAP_MIN;
    fixture_open(&f);
    count = push_until_full(&f, 0, &rc);
    CHECK(rc == DOSIS_EFULL && count > 100, "a map fills up: EFULL");
    CHECK(try_push(&f, count) == DOSIS_EFULL, "and stays full");
    CHECK(holds_exactly(&f, count), "all that was committed can be read");
    fixture_close(&f);
    fixture_open(&f);
    failed = try_push(&f, count) != DOSIS_OK;
    CHECK(failed && holds_exactly(&f, count), "opened anew it still is");
    fixture_close(&f);
    f.map_bytes = 2 * DOSIS_STORE_MAP_MIN;
    fixture_open(&f);
    CHECK(try_push(&f, count) == DOSIS_OK && holds_exactly(&f, count + 1),
        "a higher ceiling is all it takes");
    fixture_end(&f);
}


/* Takes all room of the file system but so many bytes. */
static FILE *
take_room(off_t leave)
{
    static const char zeros[PAGE];
    FILE *file = fopen("/tmp/ballast", "w");
    off_t size = 0;

    if (file == NULL) {
        printf("Bail out! no ballast\n");
        exit(1);
    }
    setbuf(file, NULL);
    while (fwrite(zeros, 1, PAGE, file) == PAGE) {
        size += PAGE;
    }
    if (ftruncate(fileno(file), size > leave ? size - leave : 0) != 0) {
        printf("Bail out! no room made\n");
        exit(1);
    }
    return file;
}


/* A commit that finds so many pages of room, and then plenty of it. */
static void
test_disk_with(fixture_t *f, off_t pages, unsigned *count)
{
    unsigned n;
    dosis_rc_t rc;
    FILE *ballast = take_room(pages * PAGE);
    char fact[80];

    n = push_until_full(f, *count, &rc);
    (void) snprintf(fact, sizeof(fact),
        "a disk with %d pages left fills up: EFULL", (int) pages);
    CHECK(rc == DOSIS_EFULL && n < *count + PUSHES_MAX, fact);
    CHECK(try_push(f, n) == DOSIS_EFULL, "and stays full");
    CHECK(holds_exactly(f, n), "all that was committed can be read");
    (void) fclose(ballast);
    (void) unlink("/tmp/ballast");
    CHECK(try_push(f, n) == DOSIS_OK && holds_exactly(f, n + 1),
        "with room again the same writer writes");
    *count = n + 1;
}


/* A disk of our own, in a name space that ends with this program. */
static bool
mount_disk(void)
{
    if (unshare(CLONE_NEWNS) != 0
        || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0
        || mount("none", "/tmp", "tmpfs", 0, DISK) != 0) {
        printf("# SKIP a full disk: no file system of our own: %s\n",
            strerror(errno));
        return false;
    }
    return true;
}


static void
test_disk(void)
{
    off_t pages;
    unsigned count = 0;
    fixture_t f;

    if (!mount_disk()) {
        return;
    }
    fixture_begin(&f);
    CHECK(lock_file_is_whole(&f), "the lock file has no holes");
    for (pages = 0; pages < 24; pages += 3) {
        test_disk_with(&f, pages, &count);
    }
    fixture_end(&f);
}


/* Perhaps by root, who looks at a store just put back. */
static void
test_lock_file_is_shared(void)
{
    fixture_t f;
    struct stat data, lock;
    char path[2][128];
    mode_t before = umask(0077);

    fixture_begin(&f);
    fixture_close(&f);
    (void) snprintf(path[0], sizeof(path[0]), "%s/g1.mdb", f.dir);
    (void) snprintf(path[1], sizeof(path[1]), "%s/g1.mdb-lock", f.dir);
    (void) unlink(path[1]);
    (void) chmod(path[0], 0660);
    if (geteuid() != 0 || chown(path[0], 4711, 4712) != 0) {
        printf("# not root: the owner stays as it is\n");
    }
    fixture_open(&f);
    (void) umask(before);
    CHECK(stat(path[0], &data) == 0 && stat(path[1], &lock) == 0
              && data.st_uid == lock.st_uid && data.st_gid == lock.st_gid
              && (lock.st_mode & 0777) == 0660,
        "whoever looks first: the lock file is of who has the store");
    fixture_end(&f);
}


int
main(void)
{
    test_errors();
    test_lock_file_is_shared();
    test_map();
    test_disk();
    return tap_done();
}
