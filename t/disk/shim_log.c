/* SPDX-License-Identifier: EUPL-1.2 */
/* What the shim watches, and its log. Only raw system calls: see shim_call.c */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "t/disk/shim.h"

#define LOG_FD_MIN  700    /* out of the way of programs that count theirs */
#define PARTS_MAX   1000

static char dir[PATH_MAX];
static dev_t device;
static int log_fd = -1;
static disk_fault_t *fault;
static shim_file_t file[SHIM_FILES_MAX];
static atomic_uint files;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

void disk_mark(const char *text);


static void
give_up(const char *what)
{
    fprintf(stderr, "disk_shim: %s: %s\n", what, strerror(errno));
    abort();
}


static int
open_aside(const char *path, int flags)
{
    int fd, aside;

    fd = (int) syscall(SYS_openat, AT_FDCWD, path, flags | O_CLOEXEC, 0600);
    if (fd < 0) {
        give_up(path);
    }
    aside = (int) syscall(SYS_fcntl, fd, F_DUPFD_CLOEXEC, LOG_FD_MIN);
    if (aside < 0) {
        return fd;
    }
    (void) syscall(SYS_close, fd);
    return aside;
}


__attribute__((constructor)) static void
begin(void)
{
    int fd;
    struct stat st;
    const char *where = getenv("DISK_DIR"), *to = getenv("DISK_LOG"),
               *control = getenv("DISK_FAULT");

    if (where == NULL) {
        return;
    }
    if (realpath(where, dir) == NULL || stat(dir, &st) != 0) {
        give_up(where);
    }
    device = st.st_dev;
    file[0].inode = st.st_ino;
    atomic_store(&files, 1);
    if (to != NULL) {
        log_fd = open_aside(to, O_WRONLY | O_APPEND | O_CREAT);
    }
    if (control != NULL) {
        fd = open_aside(control, O_RDWR);
        fault = (void *) syscall(SYS_mmap, NULL, sizeof(*fault),
            PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0L);
        if ((void *) fault == MAP_FAILED) {
            give_up(control);
        }
        (void) syscall(SYS_close, fd);
    }
}


static const shim_file_t *
find(uint64_t inode)
{
    unsigned i, n = atomic_load(&files);

    for (i = 0; i < n; i++) {
        if (file[i].inode == inode) {
            return &file[i];
        }
    }
    return NULL;
}


const shim_file_t *
shim_file(int fd)
{
    struct stat st;

    if (atomic_load(&files) == 0 || fstat(fd, &st) != 0
        || st.st_dev != device) {
        return NULL;
    }
    return find(st.st_ino);
}


/* path lies directly in the directory. */
static const char *
inside(const char *path)
{
    size_t len = strlen(dir);

    if (strncmp(path, dir, len) != 0 || path[len] != '/'
        || strchr(path + len + 1, '/') != NULL
        || strlen(path + len + 1) >= DISK_NAME_MAX) {
        return NULL;
    }
    return path + len + 1;
}


static void
know(uint64_t inode, const char *name)
{
    unsigned n;

    (void) pthread_mutex_lock(&lock);
    n = atomic_load(&files);
    if (find(inode) == NULL) {
        if (n == SHIM_FILES_MAX) {
            give_up("too many files");
        }
        file[n].inode = inode;
        (void) snprintf(file[n].name, sizeof(file[n].name), "%s", name);
        atomic_store(&files, n + 1);
    }
    (void) pthread_mutex_unlock(&lock);
}


void
shim_opened(int fd, bool made)
{
    long n;
    char link[64], path[PATH_MAX];
    const char *name;
    struct stat st;
    disk_record_t head = { .kind = DISK_OPEN, .flags = made ? DISK_MADE : 0 };

    if (atomic_load(&files) == 0 || fstat(fd, &st) != 0
        || st.st_dev != device || !S_ISREG(st.st_mode)) {
        return;
    }
    (void) snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
    n = readlink(link, path, sizeof(path) - 1);
    if (n <= 0) {
        give_up(link);
    }
    path[n] = '\0';
    name = inside(path);
    if (name == NULL) {
        return;
    }
    know(st.st_ino, name);
    head.inode = st.st_ino;
    head.at = (uint64_t) st.st_size;
    shim_note(&head, name, strlen(name), NULL, 0);
}


const char *
shim_name(int dirfd, const char *path, char *to)
{
    char copy[PATH_MAX], whole[PATH_MAX], at[PATH_MAX];
    char *slash;
    const char *name;
    struct stat st;

    if (atomic_load(&files) == 0 || strlen(path) >= sizeof(copy)) {
        return NULL;
    }
    (void) snprintf(copy, sizeof(copy), "%s", path);
    slash = strrchr(copy, '/');
    name = slash == NULL ? path : path + (slash - copy) + 1;
    if (slash != NULL) {
        *slash = '\0';
    }
    if (slash == NULL) {
        if (dirfd == AT_FDCWD ? stat(".", &st) != 0 : fstat(dirfd, &st) != 0) {
            return NULL;
        }
    } else if (realpath(copy, at) == NULL || stat(at, &st) != 0) {
        return NULL;
    }
    if (st.st_dev != device || st.st_ino != file[0].inode) {
        return NULL;
    }
    if (snprintf(whole, sizeof(whole), "%s", name) >= DISK_NAME_MAX) {
        give_up("name too long");
    }
    memcpy(to, whole, strlen(whole) + 1);
    return to;
}


void
shim_note(disk_record_t *head, const char *names, size_t name_bytes,
    const struct iovec *data, size_t bytes)
{
    int n = 0;
    size_t left = bytes;
    struct iovec part[PARTS_MAX];

    if (log_fd < 0) {
        return;
    }
    head->magic = DISK_MAGIC;
    head->bytes = (uint32_t) (name_bytes + bytes);
    head->name_bytes = (uint16_t) name_bytes;
    head->pid = (uint32_t) getpid();
    part[n++] = (struct iovec) { head, sizeof(*head) };
    part[n++] = (struct iovec) { (void *) (uintptr_t) names, name_bytes };
    for (; left > 0; data++) {
        if (n == PARTS_MAX) {
            give_up("too many parts");
        }
        part[n] = *data;
        if (part[n].iov_len > left) {
            part[n].iov_len = left;
        }
        left -= part[n++].iov_len;
    }
    if (syscall(SYS_writev, log_fd, part, n)
        != (long) (sizeof(*head) + name_bytes + bytes)) {
        give_up("log");
    }
}


void
shim_note_names(disk_kind_t kind, const char *from, const char *to)
{
    int n;
    char both[PATH_MAX + DISK_NAME_MAX];
    disk_record_t head = { .kind = (uint8_t) kind };

    n = snprintf(both, sizeof(both), "%s%c%s", from, '\0', to);
    shim_note(&head, both, (size_t) n, NULL, 0);
}


void
disk_mark(const char *text)
{
    struct iovec data = { (void *) (uintptr_t) text, strlen(text) };
    disk_record_t head = { .kind = DISK_MARK };

    shim_note(&head, "", 0, &data, data.iov_len);
}


int
shim_fault(unsigned call, const shim_file_t *of)
{
    uint64_t n;

    if (fault == NULL || of == NULL
        || !(__atomic_load_n(&fault->calls, __ATOMIC_SEQ_CST) & call)
        || strncmp(of->name, fault->name, strlen(fault->name)) != 0) {
        return -1;
    }
    n = __atomic_fetch_add(&fault->seen, 1, __ATOMIC_SEQ_CST);
    if (n < fault->skip || n - fault->skip >= fault->times) {
        return -1;
    }
    (void) __atomic_fetch_add(&fault->hit, 1, __ATOMIC_SEQ_CST);
    return (int) fault->error;
}
