/* SPDX-License-Identifier: EUPL-1.2 */
#include "store/store_ahead.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/store_journal.h"

/* The system reads no more at once, and leaves the rest. */
#define READ_BYTES ((uint64_t) 128 << 10)


/* A hole: zeros, without the disk. */
static void
read_ahead(int fd, uint64_t from, uint64_t to)
{
    for (; from < to; from += READ_BYTES) {
        (void) posix_fadvise(fd, (off_t) from,
            (off_t) (to - from < READ_BYTES ? to - from : READ_BYTES),
            POSIX_FADV_WILLNEED);
    }
}


/* Past that limit the system would end this process. */
static uint64_t
may_write(uint64_t end)
{
    struct rlimit limit;

    return getrlimit(RLIMIT_FSIZE, &limit) == 0 && end > limit.rlim_cur
        ? limit.rlim_cur
        : end;
}


void
store_ahead_make(store_env_t *env)
{
    int fd;
    uint64_t used, size, end;
    MDB_envinfo info;
    struct stat st;
    const bool first = !env->ahead;

    if (mdb_env_info(env->env, &info) != MDB_SUCCESS
        || mdb_env_get_fd(env->env, &fd) != MDB_SUCCESS
        || fstat(fd, &st) != 0) {
        return;
    }
    env->ahead = true;
    used = ((uint64_t) info.me_last_pgno + 1) * STORE_PAGE_BYTES;
    size = (uint64_t) st.st_size;
    if (!first && size >= used + STORE_AHEAD_LEAST) {
        return;
    }
    end = used + STORE_AHEAD_MOST;
    end = may_write(end > info.me_mapsize ? info.me_mapsize : end);
    if (size < end && ftruncate(fd, (off_t) end) != 0) {
        end = size;
    }
    /* what another made may be in memory no more */
    read_ahead(fd, first ? used : size, end);
}
