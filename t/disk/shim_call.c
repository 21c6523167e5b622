/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * The calls that the shim stands in for. Each does the system call itself: so
 * nothing is looked up, and the C library's own inner calls pass by. Those are
 * no writes to a store: whoever writes to one through stdio is not seen, and
 * the replayer then lacks a file that the checks need.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "t/disk/shim.h"

typedef struct {
    int fd;
    bool positioned;             /* at counts; else the file's own position */
    off_t at;
    const struct iovec *part;
    int parts;
} shim_write_t;


/* --- writing ------------------------------------------------------------- */

static void
note_write(const shim_file_t *file, const shim_write_t *w, size_t done,
    unsigned flags)
{
    disk_record_t head = { .kind = DISK_WRITE, .flags = (uint8_t) flags,
        .inode = file->inode };

    head.at = w->positioned ? (uint64_t) w->at
                            : (uint64_t) syscall(SYS_lseek, w->fd, 0L, SEEK_CUR)
                                  - done;
    shim_note(&head, "", 0, w->part, done);
}


static ssize_t
do_write(const shim_write_t *w)
{
    unsigned long at = (unsigned long) w->at;

    return w->positioned
               ? syscall(SYS_pwritev, w->fd, w->part, w->parts, at, 0L)
               : syscall(SYS_writev, w->fd, w->part, w->parts);
}


/* Half of the first part, as a disk does that has no more room. */
static ssize_t
write_half(const shim_file_t *file, const shim_write_t *w)
{
    ssize_t done;
    struct iovec half = { w->part[0].iov_base, w->part[0].iov_len / 2 };
    shim_write_t less = *w;

    less.part = &half;
    less.parts = 1;
    done = do_write(&less);
    if (done > 0) {
        note_write(file, &less, (size_t) done, 0);
    }
    return done;
}


static ssize_t
watched_write(const shim_write_t *w)
{
    int error = -1;
    ssize_t done;
    bool durable;
    const shim_file_t *file = shim_file(w->fd);

    if (file == NULL) {
        return do_write(w);
    }
    error = shim_fault(FAULT_WRITE, file);
    if (error == 0) {
        return write_half(file, w);
    }
    if (error > 0) {
        errno = error;
        return -1;
    }
    durable = (syscall(SYS_fcntl, w->fd, F_GETFL) & O_DSYNC) != 0;
    done = do_write(w);
    if (done <= 0) {
        return done;
    }
    error = durable ? shim_fault(FAULT_DURABLE, file) : -1;
    note_write(file, w, (size_t) done,
        durable ? (error > 0 ? DISK_FAILED : DISK_DURABLE) : 0);
    if (error > 0) {
        errno = error;
        return -1;
    }
    return done;
}


ssize_t
write(int fd, const void *from, size_t size)
{
    struct iovec part = { (void *) (uintptr_t) from, size };
    shim_write_t w = { .fd = fd, .part = &part, .parts = 1 };

    return watched_write(&w);
}


ssize_t
writev(int fd, const struct iovec *part, int parts)
{
    shim_write_t w = { .fd = fd, .part = part, .parts = parts };

    return watched_write(&w);
}


ssize_t
pwrite(int fd, const void *from, size_t size, off_t at)
{
    struct iovec part = { (void *) (uintptr_t) from, size };
    shim_write_t w = { .fd = fd, .positioned = true, .at = at, .part = &part,
        .parts = 1 };

    return watched_write(&w);
}


ssize_t
pwrite64(int fd, const void *from, size_t size, off64_t at)
{
    return pwrite(fd, from, size, at);
}


ssize_t
pwritev(int fd, const struct iovec *part, int parts, off_t at)
{
    shim_write_t w = { .fd = fd, .positioned = true, .at = at, .part = part,
        .parts = parts };

    return watched_write(&w);
}


ssize_t
pwritev64(int fd, const struct iovec *part, int parts, off64_t at)
{
    return pwritev(fd, part, parts, at);
}


/* --- size ---------------------------------------------------------------- */

static int
note_size(const shim_file_t *file, off_t size)
{
    disk_record_t head = { .kind = DISK_SIZE, .inode = file->inode,
        .at = (uint64_t) size };

    shim_note(&head, "", 0, NULL, 0);
    return 0;
}


int
ftruncate(int fd, off_t size)
{
    int error;
    const shim_file_t *file = shim_file(fd);

    error = shim_fault(FAULT_SIZE, file);
    if (error > 0) {
        errno = error;
        return -1;
    }
    if (syscall(SYS_ftruncate, fd, size) != 0) {
        return -1;
    }
    return file == NULL ? 0 : note_size(file, size);
}


int
ftruncate64(int fd, off64_t size)
{
    return ftruncate(fd, size);
}


int
fallocate(int fd, int mode, off_t at, off_t size)
{
    int error;
    struct stat st;
    const shim_file_t *file = shim_file(fd);

    error = shim_fault(FAULT_SIZE, file);
    if (error > 0) {
        errno = error;
        return -1;
    }
    if (syscall(SYS_fallocate, fd, mode, at, size) != 0) {
        return -1;
    }
    if (file != NULL && (mode & ~FALLOC_FL_KEEP_SIZE) != 0) {
        shim_note_names(DISK_UNKNOWN, "an unusual fallocate", file->name);
    }
    if (file == NULL || fstat(fd, &st) != 0) {
        return 0;
    }
    return note_size(file, st.st_size);
}


int
fallocate64(int fd, int mode, off64_t at, off64_t size)
{
    return fallocate(fd, mode, at, size);
}


int
posix_fallocate(int fd, off_t at, off_t size)
{
    return fallocate(fd, 0, at, size) == 0 ? 0 : errno;
}


int
posix_fallocate64(int fd, off64_t at, off64_t size)
{
    return posix_fallocate(fd, at, size);
}


/* --- syncing ------------------------------------------------------------- */

void
shim_sync_begin(const shim_file_t *file, disk_record_t *head)
{
    static uint32_t serial;

    head->kind = DISK_BEGIN;
    head->inode = file->inode;
    head->token = (uint64_t) getpid() << 32
                  | __atomic_add_fetch(&serial, 1, __ATOMIC_SEQ_CST);
    shim_note(head, "", 0, NULL, 0);
}


void
shim_sync_end(disk_record_t *head, int rc, uint64_t part)
{
    struct iovec bytes = { &part, sizeof(part) };

    head->kind = DISK_END;
    head->flags = (uint8_t) ((rc == 0 ? 0 : DISK_FAILED)
                             | (part > 0 ? DISK_PART : 0));
    shim_note(head, "", 0, &bytes, part > 0 ? sizeof(part) : 0);
}


static int
watched_sync(int fd, long number)
{
    int error, rc;
    const shim_file_t *file = shim_file(fd);
    disk_record_t head = { 0 };

    if (file == NULL) {
        return (int) syscall(number, fd);
    }
    shim_sync_begin(file, &head);
    error = shim_fault(FAULT_SYNC, file);
    rc = error > 0 ? -1 : (int) syscall(number, fd);
    if (error <= 0) {
        error = errno;
    }
    shim_sync_end(&head, rc, 0);
    errno = error;
    return rc;
}


int
fsync(int fd)
{
    return watched_sync(fd, SYS_fsync);
}


int
fdatasync(int fd)
{
    return watched_sync(fd, SYS_fdatasync);
}


/* --- opening and reading ------------------------------------------------- */

static int
watched_open(int at, const char *path, int flags, mode_t mode)
{
    int fd, saved, error;
    bool there;
    char name[DISK_NAME_MAX];
    struct stat st;
    shim_file_t by_name = { 0 };

    if (shim_name(at, path, name) == NULL) {
        fd = (int) syscall(SYS_openat, at, path, flags, mode);
        if (fd >= 0 && (flags & (O_PATH | O_DIRECTORY)) == 0) {
            shim_opened(fd, false);
        }
        return fd;
    }
    memcpy(by_name.name, name, sizeof(name));
    error = shim_fault(FAULT_OPEN, &by_name);
    if (error > 0) {
        errno = error;
        return -1;
    }
    there = !(flags & O_CREAT) || fstatat(at, path, &st, 0) == 0;
    fd = (int) syscall(SYS_openat, at, path, flags, mode);
    if (fd >= 0) {
        saved = errno;
        shim_opened(fd, !there);
        if (flags & O_TRUNC && there && shim_file(fd) != NULL) {
            (void) note_size(shim_file(fd), 0);
        }
        errno = saved;
    }
    return fd;
}


static mode_t
mode_of(int flags, va_list more)
{
    return flags & (O_CREAT | __O_TMPFILE) ? va_arg(more, mode_t) : 0;
}


int
open(const char *path, int flags, ...)
{
    mode_t mode;
    va_list more;

    va_start(more, flags);
    mode = mode_of(flags, more);
    va_end(more);
    return watched_open(AT_FDCWD, path, flags, mode);
}


int
open64(const char *path, int flags, ...)
{
    mode_t mode;
    va_list more;

    va_start(more, flags);
    mode = mode_of(flags, more);
    va_end(more);
    return watched_open(AT_FDCWD, path, flags, mode);
}


int
openat(int at, const char *path, int flags, ...)
{
    mode_t mode;
    va_list more;

    va_start(more, flags);
    mode = mode_of(flags, more);
    va_end(more);
    return watched_open(at, path, flags, mode);
}


int
openat64(int at, const char *path, int flags, ...)
{
    mode_t mode;
    va_list more;

    va_start(more, flags);
    mode = mode_of(flags, more);
    va_end(more);
    return watched_open(at, path, flags, mode);
}


/* What _FORTIFY_SOURCE calls where the mode cannot be needed. */
int __open_2(const char *path, int flags);
int __open64_2(const char *path, int flags);

int
__open_2(const char *path, int flags)
{
    return watched_open(AT_FDCWD, path, flags, 0);
}


int
__open64_2(const char *path, int flags)
{
    return watched_open(AT_FDCWD, path, flags, 0);
}


static bool
read_fails(int fd)
{
    int error = shim_fault(FAULT_READ, shim_file(fd));

    if (error > 0) {
        errno = error;
    }
    return error > 0;
}


ssize_t
read(int fd, void *to, size_t size)
{
    return read_fails(fd) ? -1 : syscall(SYS_read, fd, to, size);
}


ssize_t
pread(int fd, void *to, size_t size, off_t at)
{
    return read_fails(fd) ? -1 : syscall(SYS_pread64, fd, to, size, at);
}


ssize_t
pread64(int fd, void *to, size_t size, off64_t at)
{
    return pread(fd, to, size, at);
}


ssize_t __pread_chk(int fd, void *to, size_t size, off_t at, size_t room);
ssize_t __pread64_chk(int fd, void *to, size_t size, off64_t at, size_t room);

ssize_t
__pread_chk(int fd, void *to, size_t size, off_t at, size_t room)
{
    return pread(fd, to, size < room ? size : room, at);
}


ssize_t
__pread64_chk(int fd, void *to, size_t size, off64_t at, size_t room)
{
    return pread(fd, to, size < room ? size : room, at);
}


/* --- names --------------------------------------------------------------- */

static int
watched_rename(int from_at, const char *from, int to_at, const char *to)
{
    char a[DISK_NAME_MAX], b[DISK_NAME_MAX];
    const char *name = shim_name(from_at, from, a);
    const char *new = shim_name(to_at, to, b);

    if (syscall(SYS_renameat2, from_at, from, to_at, to, 0) != 0) {
        return -1;
    }
    if (name != NULL && new != NULL) {
        shim_note_names(DISK_RENAME, name, new);
    } else if (name != NULL || new != NULL) {
        shim_note_names(DISK_UNKNOWN, "rename across the directory", to);
    }
    return 0;
}


int
rename(const char *from, const char *to)
{
    return watched_rename(AT_FDCWD, from, AT_FDCWD, to);
}


int
renameat(int from_at, const char *from, int to_at, const char *to)
{
    return watched_rename(from_at, from, to_at, to);
}


int
link(const char *from, const char *to)
{
    char a[DISK_NAME_MAX], b[DISK_NAME_MAX];

    if (syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0) != 0) {
        return -1;
    }
    if (shim_name(AT_FDCWD, to, b) != NULL) {
        if (shim_name(AT_FDCWD, from, a) != NULL) {
            shim_note_names(DISK_LINK, a, b);
        } else {
            shim_note_names(DISK_UNKNOWN, "link into the directory", b);
        }
    }
    return 0;
}


int
symlink(const char *target, const char *path)
{
    char name[DISK_NAME_MAX];

    if (syscall(SYS_symlinkat, target, AT_FDCWD, path) != 0) {
        return -1;
    }
    if (shim_name(AT_FDCWD, path, name) != NULL) {
        shim_note_names(DISK_SYMLINK, target, name);
    }
    return 0;
}


static int
watched_unlink(int at, const char *path, int flags)
{
    char name[DISK_NAME_MAX];
    disk_record_t head = { .kind = DISK_UNLINK };

    if (syscall(SYS_unlinkat, at, path, flags) != 0) {
        return -1;
    }
    if (shim_name(at, path, name) != NULL) {
        shim_note(&head, name, strlen(name), NULL, 0);
    }
    return 0;
}


int
unlink(const char *path)
{
    return watched_unlink(AT_FDCWD, path, 0);
}


int
unlinkat(int at, const char *path, int flags)
{
    return watched_unlink(at, path, flags);
}
