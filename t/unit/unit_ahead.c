/* SPDX-License-Identifier: EUPL-1.2 */
/* The end of the data file: pages that LMDB has not written yet. */

#include <linux/magic.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "../lib/journal_fixture.h"
#include "../lib/tap.h"
#include "store/store_ahead.h"
#include "store/store_env.h"

#define AHEAD_PAGES (STORE_AHEAD_LEAST / STORE_PAGE_BYTES / 2)
#define SMALL_MAP   ((size_t) 2 << 20)

typedef struct {
    uint64_t used;    /* bytes, as LMDB has it */
    uint64_t size;    /* of the file */
    uint64_t blocks;  /* of it, on disk */
} end_t;


static end_t
end_of(const fixture_t *f)
{
    int fd = -1;
    MDB_envinfo info;
    struct stat st = { 0 };
    store_env_t *env = store_env_take(f->store);

    (void) mdb_env_info(env->env, &info);
    (void) mdb_env_get_fd(env->env, &fd);
    (void) fstat(fd, &st);
    store_env_give(f->store, env);
    return (end_t) { ((uint64_t) info.me_last_pgno + 1) * STORE_PAGE_BYTES,
        (uint64_t) st.st_size, (uint64_t) st.st_blocks * 512 };
}


/* Of the pages from there on, how many the system has in memory. */
static size_t
resident(const fixture_t *f, uint64_t from, size_t pages)
{
    size_t i, count = 0;
    unsigned char seen[STORE_AHEAD_MOST / STORE_PAGE_BYTES];
    int fd = open(path_of(f->dir, "g1.mdb"), O_RDONLY);
    void *map = mmap(NULL, pages * STORE_PAGE_BYTES, PROT_READ, MAP_SHARED, fd,
        (off_t) from);

    if (map == MAP_FAILED
        || mincore(map, pages * STORE_PAGE_BYTES, seen) != 0) {
        printf("Bail out! not mapped\n");
        exit(1);
    }
    for (i = 0; i < pages; i++) {
        count += seen[i] & 1;
    }
    (void) munmap(map, pages * STORE_PAGE_BYTES);
    (void) close(fd);
    return count;
}


static void
test_ahead(fixture_t *f)
{
    end_t end, later;
    unsigned n, bad = 0;

    for (n = 0; n < 400; n++) {
        end = end_of(f);
        fixture_must(push(f, n, n % 37), "push");
        later = end_of(f);
        /* as it was when the transaction began */
        bad += later.size < end.used + STORE_AHEAD_LEAST
            || (later.size > end.used + STORE_AHEAD_MOST
                && later.size != end.size);
    }
    CHECK(bad == 0, "the file is longer than what it holds, and not too long");
    CHECK(later.blocks < later.used + STORE_AHEAD_STEP,
        "what is ahead takes no room on disk");
}


static bool
is_in_memory(const fixture_t *f)
{
    /* a few may have been taken back */
    return resident(f, end_of(f).used, AHEAD_PAGES) > AHEAD_PAGES / 10 * 9;
}


/* As after a start of the machine: the file is as long, nothing in memory. */
static void
test_memory(fixture_t *f)
{
    int fd;
    struct statfs fs = { 0 };

    if (statfs(f->dir, &fs) != 0 || fs.f_type == TMPFS_MAGIC) {
        CHECK(true, "# SKIP a file system in memory");
        CHECK(true, "# SKIP a file system in memory");
        return;
    }
    CHECK(is_in_memory(f), "it is in memory");
    fixture_close(f);
    fd = open(path_of(f->dir, "g1.mdb"), O_RDWR);
    if (fd < 0 || fsync(fd) != 0
        || posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED) != 0) {
        printf("Bail out! still in memory\n");
        exit(1);
    }
    (void) close(fd);
    fixture_open(f);
    fixture_must(push(f, 1000, 1), "push");
    CHECK(is_in_memory(f), "also when another had made the file as long");
}


/* To write is all it takes. */
static void
test_copy(fixture_t *f)
{
    struct stat st = { 0 };
    const char *path = path_of(f->dir, "copy.mdb");
    end_t end = end_of(f);
    store_env_t *env = store_env_take(f->store);

    fixture_must(store_lmdb_copy(env, path), "copy");
    store_env_give(f->store, env);
    CHECK(stat(path, &st) == 0 && (uint64_t) st.st_size <= end.used,
        "a copy is not longer than what it holds");
    (void) unlink(path);
}


static void
test_map(void)
{
    struct stat st = { 0 };
    fixture_t small = { 0 };
    store_env_t env = { 0 };
    const dosis_store_options_t options = { .map_bytes = SMALL_MAP };

    (void) snprintf(small.dir, sizeof(small.dir), "/tmp/dosis-unit-XXXXXX");
    if (mkdtemp(small.dir) == NULL) {
        printf("Bail out! no other folder\n");
        exit(1);
    }
    fixture_must(store_lmdb_open(path_of(small.dir, "g1.mdb"), &options, true,
        &env), "open");
    store_ahead_make(&env);
    store_lmdb_close(&env);
    CHECK(stat(path_of(small.dir, "g1.mdb"), &st) == 0
              && (size_t) st.st_size == SMALL_MAP,
        "never longer than the map");
    (void) unlink(path_of(small.dir, "g1.mdb"));
    (void) unlink(path_of(small.dir, "g1.mdb-lock"));
    (void) rmdir(small.dir);
}


/* The system would end this process by SIGXFSZ. */
static void
test_limit(fixture_t *f)
{
    end_t end = end_of(f);
    struct rlimit limit, old;
    store_env_t *env = store_env_take(f->store);

    (void) getrlimit(RLIMIT_FSIZE, &old);
    limit = old;
    limit.rlim_cur = (rlim_t) (end.used + STORE_AHEAD_STEP);
    (void) setrlimit(RLIMIT_FSIZE, &limit);
    env->ahead = false;
    if (truncate(path_of(f->dir, "g1.mdb"), (off_t) end.used) == 0) {
        store_ahead_make(env);
    }
    (void) setrlimit(RLIMIT_FSIZE, &old);
    store_env_give(f->store, env);
    CHECK(end_of(f).size == end.used + STORE_AHEAD_STEP,
        "never past what the process may write");
}


int
main(void)
{
    fixture_t f;

    fixture_begin(&f);
    test_ahead(&f);
    test_memory(&f);
    test_copy(&f);
    test_map();
    test_limit(&f);
    fixture_end(&f);
    return tap_done();
}
