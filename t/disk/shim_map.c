/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Maps. What is written through one is not seen: LMDB does so in its lock file
 * alone, which is no data. What is read through one can fail: by a signal,
 * since there is no call to fail.
 */
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "t/disk/shim.h"

#define BREAK_SIGNAL (SIGRTMIN + 7)
#define READABLE     8192    /* bytes: without LMDB's roots nothing begins */
#define MAPS_MAX     16

static struct {
    char *at;
    size_t size;
} map[MAPS_MAX];
static unsigned maps;


/* In the place of the file comes one without a byte. */
static void
break_maps(int signo)
{
    unsigned i;
    int empty = (int) syscall(SYS_memfd_create, "empty", 0);

    (void) signo;
    for (i = 0; i < maps && i < MAPS_MAX && empty >= 0; i++) {
        (void) syscall(SYS_mmap, map[i].at + READABLE, map[i].size - READABLE,
            PROT_READ, MAP_SHARED | MAP_FIXED, empty, 0L);
    }
}


static void
remember(void *at, size_t size)
{
    struct sigaction action = { .sa_flags = SA_RESTART };
    unsigned n = __atomic_fetch_add(&maps, 1, __ATOMIC_SEQ_CST) % MAPS_MAX;

    map[n].at = at;
    map[n].size = size;
    action.sa_handler = break_maps;
    (void) sigemptyset(&action.sa_mask);
    (void) sigaction(BREAK_SIGNAL, &action, NULL);
}


/* LMDB's lock, and the board of issuers: made anew, nothing to bring back. */
static bool
is_passing(const shim_file_t *file)
{
    return strstr(file->name, "-lock") != NULL
        || strstr(file->name, ".bord") != NULL;
}


void *
mmap(void *at, size_t size, int protection, int flags, int fd, off_t from)
{
    void *got;
    const shim_file_t *file = fd < 0 ? NULL : shim_file(fd);

    if (file != NULL && flags & MAP_SHARED && protection & PROT_WRITE
        && !is_passing(file)) {
        shim_note_names(DISK_UNKNOWN, "a map to write through", file->name);
    }
    got = (void *) syscall(SYS_mmap, at, size, protection, flags, fd, from);
    if (file != NULL && got != MAP_FAILED && size > READABLE
        && !is_passing(file)) {
        remember(got, size);
    }
    return got;
}


void *
mmap64(void *at, size_t size, int protection, int flags, int fd, off64_t from)
{
    return mmap(at, size, protection, flags, fd, from);
}
