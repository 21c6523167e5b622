/* SPDX-License-Identifier: EUPL-1.2 */
#include "store/store_ahead.h"

#include <fcntl.h>
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


void
store_ahead_make(const store_env_t *env)
{
    int fd;
    uint64_t used, size, end;
    MDB_envinfo info;
    struct stat st;

    if (mdb_env_info(env->env, &info) != MDB_SUCCESS
        || mdb_env_get_fd(env->env, &fd) != MDB_SUCCESS
        || fstat(fd, &st) != 0) {
        return;
    }
    used = ((uint64_t) info.me_last_pgno + 1) * STORE_PAGE_BYTES;
    size = (uint64_t) st.st_size;
    end = used + STORE_AHEAD_MOST;
    end = end > info.me_mapsize ? info.me_mapsize : end;
    if (size >= used + STORE_AHEAD_LEAST || size >= end
        || ftruncate(fd, (off_t) end) != 0) {
        return;
    }
    read_ahead(fd, size, end);
}
