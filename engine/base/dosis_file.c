/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/dosis_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>


dosis_rc_t
dosis_file_rc(void)
{
    switch (errno) {
    case ENOENT:
    case ENOTDIR:
        return DOSIS_ENOTFOUND;
    case EACCES:
    case EPERM:
    case EROFS:
    case ELOOP: /* a link, where we follow none */
        return DOSIS_EDENIED;
    case ENOSPC:
    case EDQUOT:
        return DOSIS_EFULL;
    case EEXIST:
        return DOSIS_ECONFLICT;
    case ENOMEM:
        return DOSIS_ENOMEM;
    default:
        return DOSIS_EIO;
    }
}


static dosis_rc_t
read_all(int fd, size_t max_bytes, dosis_buf_t *buf)
{
    char chunk[16384];
    size_t total = 0;
    ssize_t n;

    for (;;) {
        n = read(fd, chunk, sizeof(chunk));
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            return dosis_file_rc();
        }
        if (n == 0) {
            explicit_bzero(chunk, sizeof(chunk)); /* may have been a key */
            return buf->rc;
        }
        total += (size_t) n;
        if (total > max_bytes) {
            return DOSIS_ELIMIT;
        }
        dosis_buf_add(buf, chunk, (size_t) n);
    }
}


dosis_rc_t
dosis_file_read(const char *path, size_t max_bytes, dosis_buf_t *buf)
{
    struct stat st;
    dosis_rc_t rc;
    int fd;

    /* non-blocking: a pipe put there must not hang us */
    fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        return dosis_file_rc();
    }
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        rc = DOSIS_EIO;
    } else {
        rc = read_all(fd, max_bytes, buf);
    }
    close(fd);
    return rc;
}


static dosis_rc_t
write_all(int fd, dosis_slice_t bytes)
{
    size_t done = 0;
    ssize_t n;

    while (done < bytes.len) {
        n = write(fd, bytes.data + done, bytes.len - done);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            return dosis_file_rc();
        }
        done += (size_t) n;
    }
    return fsync(fd) == 0 ? DOSIS_OK : dosis_file_rc();
}


/* The new bytes under a name beside the target. */
static dosis_rc_t
write_beside(
    const char *path, mode_t mode, dosis_slice_t bytes, char *to, size_t cap)
{
    dosis_rc_t rc;
    int fd, n;

    n = snprintf(to, cap, "%s.new.%ld", path, (long) getpid());
    if (n < 0 || (size_t) n >= cap) {
        return DOSIS_ELIMIT;
    }
    (void) unlink(to); /* left by a killed process of this number */
    fd = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
    if (fd < 0) {
        return dosis_file_rc();
    }
    rc = fchmod(fd, mode) == 0 ? write_all(fd, bytes) : dosis_file_rc();
    if (close(fd) != 0 && rc == DOSIS_OK) {
        rc = DOSIS_EIO;
    }
    if (rc != DOSIS_OK) {
        (void) unlink(to);
    }
    return rc;
}


dosis_rc_t
dosis_file_create(const char *path, mode_t mode, dosis_slice_t bytes)
{
    char beside[PATH_MAX];
    dosis_rc_t rc;

    rc = write_beside(path, mode, bytes, beside, sizeof(beside));
    if (rc != DOSIS_OK) {
        return rc;
    }
    /* link refuses to replace, where rename would not */
    rc = link(beside, path) == 0 ? DOSIS_OK : dosis_file_rc();
    (void) unlink(beside);
    return rc;
}


dosis_rc_t
dosis_file_replace(const char *path, mode_t mode, dosis_slice_t bytes)
{
    char beside[PATH_MAX];
    dosis_rc_t rc;

    rc = write_beside(path, mode, bytes, beside, sizeof(beside));
    if (rc != DOSIS_OK) {
        return rc;
    }
    if (rename(beside, path) != 0) {
        rc = dosis_file_rc();
        (void) unlink(beside);
    }
    return rc;
}


dosis_rc_t
dosis_file_read_at(
    int fd, uint64_t at, void *to, size_t len, size_t *ret_len)
{
    ssize_t n;

    *ret_len = 0;
    while (*ret_len < len) {
        n = pread(fd, (char *) to + *ret_len, len - *ret_len,
            (off_t) (at + *ret_len));
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return n == 0 ? DOSIS_OK : dosis_file_rc();
        }
        *ret_len += (size_t) n;
    }
    return DOSIS_OK;
}


dosis_rc_t
dosis_file_write_at(int fd, uint64_t at, dosis_slice_t bytes)
{
    size_t done = 0;
    ssize_t n;

    while (done < bytes.len) {
        n = pwrite(fd, bytes.data + done, bytes.len - done,
            (off_t) (at + done));
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return n == 0 ? DOSIS_EIO : dosis_file_rc();
        }
        done += (size_t) n;
    }
    return DOSIS_OK;
}


dosis_rc_t
dosis_file_sync_dir(const char *dir)
{
    dosis_rc_t rc;
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd < 0) {
        return dosis_file_rc();
    }
    rc = fsync(fd) == 0 ? DOSIS_OK : dosis_file_rc();
    close(fd);
    return rc;
}


dosis_rc_t
dosis_file_sync_parent(const char *path)
{
    const char *slash = strrchr(path, '/');
    char dir[PATH_MAX];
    int n = slash == NULL
        ? snprintf(dir, sizeof(dir), ".")
        : snprintf(dir, sizeof(dir), "%.*s/", (int) (slash - path), path);

    return n > 0 && (size_t) n < sizeof(dir) ? dosis_file_sync_dir(dir)
                                             : DOSIS_ELIMIT;
}
