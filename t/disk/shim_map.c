/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * Maps. What is written through one is not seen: LMDB does so in its lock file
 * alone, which is no data. What is read through one can fail: by a signal,
 * since there is no call to fail. A part of a file is synced through one.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "t/disk/shim.h"

#define BREAK_SIGNAL (SIGRTMIN + 7)
#define READABLE     8192    /* bytes: without LMDB's roots nothing begins */
#define MAPS_MAX     64

/* size 0: free, or being filled in. */
static struct {
    char *at;
    size_t size;
    off_t from;
    const shim_file_t *file;
} map[MAPS_MAX];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;


/* In the place of the file comes one without a byte. */
static void
break_maps(int signo)
{
    unsigned i;
    size_t size;
    int empty = (int) syscall(SYS_memfd_create, "empty", 0);

    (void) signo;
    for (i = 0; i < MAPS_MAX && empty >= 0; i++) {
        size = __atomic_load_n(&map[i].size, __ATOMIC_ACQUIRE);
        if (size > READABLE) {
            (void) syscall(SYS_mmap, map[i].at + READABLE, size - READABLE,
                PROT_READ, MAP_SHARED | MAP_FIXED, empty, 0L);
        }
    }
}


static void
remember(void *at, size_t size, const shim_file_t *file, off_t from)
{
    unsigned n = 0;
    struct sigaction action = { .sa_flags = SA_RESTART };

    (void) pthread_mutex_lock(&lock);
    while (n < MAPS_MAX && map[n].size > 0) {
        n++;
    }
    if (n == MAPS_MAX) {
        fprintf(stderr, "disk_shim: too many maps\n");
        abort();
    }
    map[n].at = at;
    map[n].file = file;
    map[n].from = from;
    __atomic_store_n(&map[n].size, size, __ATOMIC_RELEASE);
    (void) pthread_mutex_unlock(&lock);
    action.sa_handler = break_maps;
    (void) sigemptyset(&action.sa_mask);
    (void) sigaction(BREAK_SIGNAL, &action, NULL);
}


/*
 * The file that at is a map of, and where in it, or NULL. forget: a map that
 * begins there is none any more.
 */
static const shim_file_t *
find_map(const char *at, bool forget, uint64_t *ret_from)
{
    unsigned n;
    const shim_file_t *file = NULL;

    (void) pthread_mutex_lock(&lock);
    for (n = 0; n < MAPS_MAX && file == NULL; n++) {
        if (map[n].size > 0 && at >= map[n].at
            && at < map[n].at + map[n].size) {
            file = map[n].file;
            *ret_from = (uint64_t) (map[n].from + (at - map[n].at));
            if (forget && map[n].at == at) {
                __atomic_store_n(&map[n].size, 0, __ATOMIC_RELEASE);
            }
        }
    }
    (void) pthread_mutex_unlock(&lock);
    return file;
}


int
munmap(void *at, size_t size)
{
    uint64_t from;

    (void) find_map(at, true, &from);
    return (int) syscall(SYS_munmap, at, size);
}


int
msync(void *at, size_t size, int flags)
{
    int error, rc;
    disk_record_t head = { 0 };
    const shim_file_t *file = find_map(at, false, &head.at);

    if (file == NULL || size == 0 || !(flags & MS_SYNC)) {
        return (int) syscall(SYS_msync, at, size, flags);
    }
    shim_sync_begin(file, &head);
    error = shim_fault(FAULT_SYNC, file);
    rc = error > 0 ? -1 : (int) syscall(SYS_msync, at, size, flags);
    if (error <= 0) {
        error = errno;
    }
    shim_sync_end(&head, rc, size);
    errno = error;
    return rc;
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
    if (file != NULL && got != MAP_FAILED && !is_passing(file)) {
        remember(got, size, file, from);
    }
    return got;
}


void *
mmap64(void *at, size_t size, int protection, int flags, int fd, off64_t from)
{
    return mmap(at, size, protection, flags, fd, from);
}
