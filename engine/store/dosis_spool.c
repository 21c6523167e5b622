/* SPDX-License-Identifier: EUPL-1.2 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/dosis_file.h"
#include "base/dosis_siphash.h"
#include "store/dosis_spool.h"
#include "store/store_spool.h"

#define SPOOL_PUSH ((uint64_t) 8 << 20)
#define SPOOL_MODE 0660

struct dosis_spool_s {
    int fd;
    bool named; /* as .part: the other way is not known here */
    bool kept;
    dosis_rc_t rc; /* sticky */
    uint8_t id[DOSIS_SPOOL_ID];
    uint64_t block; /* to be sealed next */
    uint64_t bytes;
    uint64_t print;  /* of the blocks sealed so far */
    uint64_t pushed; /* written out or on its way, of the file */
    size_t fill;
    char plain[DOSIS_SPOOL_BLOCK];
    char sealed[STORE_SPOOL_SEALED];
    char dir[PATH_MAX]; /* of the spool */
};


/* Older file systems know no file without a name. */
static bool
open_nameless(dosis_spool_t *spool)
{
    spool->fd = open(spool->dir, O_TMPFILE | O_RDWR | O_CLOEXEC, SPOOL_MODE);
    return spool->fd >= 0
        || (errno != EOPNOTSUPP && errno != EISDIR && errno != EINVAL);
}


static dosis_rc_t
open_new(dosis_spool_t *spool)
{
    char path[PATH_MAX];

    if (!open_nameless(spool)
        && store_spool_path(spool->dir, spool->id, STORE_SPOOL_PART, path)) {
        spool->named = true;
        spool->fd = open(path,
            O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, SPOOL_MODE);
    }
    if (spool->fd < 0) {
        return dosis_file_rc();
    }
    /* whatever the umask: the group */
    return fchmod(spool->fd, SPOOL_MODE) == 0 ? DOSIS_OK : dosis_file_rc();
}


dosis_rc_t
dosis_spool_create(const char *dir, dosis_spool_t **ret_spool)
{
    dosis_rc_t rc;
    dosis_spool_t *spool = calloc(1, sizeof(*spool));

    if (spool == NULL) {
        return DOSIS_ENOMEM;
    }
    spool->fd = -1;
    rc = store_spool_dir(dir, spool->dir)
        ? dosis_random(spool->id, DOSIS_SPOOL_ID)
        : DOSIS_EIO;
    if (rc == DOSIS_OK) {
        rc = open_new(spool);
    }
    if (rc != DOSIS_OK) {
        dosis_spool_free(spool);
        return rc;
    }
    *ret_spool = spool;
    return DOSIS_OK;
}


/*
 * What was written goes to the disk while more comes in, and never more than
 * two pieces are on their way: neither this process nor another one that waits
 * for the same disk meets gigabytes at once.
 */
static dosis_rc_t
push(dosis_spool_t *spool, uint64_t end)
{
    uint64_t from = spool->pushed;

    if (end - from < SPOOL_PUSH) {
        return DOSIS_OK;
    }
    spool->pushed = end;
    if (sync_file_range(spool->fd, (off_t) from, (off_t) (end - from),
            SYNC_FILE_RANGE_WRITE)
            != 0
        || (from >= SPOOL_PUSH
            && sync_file_range(spool->fd, (off_t) (from - SPOOL_PUSH),
                   (off_t) SPOOL_PUSH,
                   SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE
                       | SYNC_FILE_RANGE_WAIT_AFTER)
                != 0)) {
        return errno == ENOSYS || errno == EINVAL || errno == ESPIPE
            ? DOSIS_OK
            : dosis_file_rc();
    }
    return DOSIS_OK;
}


/* Block after block: each under what those before it come to. */
static void
add_print(dosis_spool_t *spool)
{
    uint8_t key[DOSIS_SIPHASH_KEY] = { 0 };

    memcpy(key, &spool->print, sizeof(spool->print));
    spool->print =
        dosis_siphash(key, dosis_slice(spool->plain, spool->fill));
}


static void
seal_block(dosis_spool_t *spool, dosis_crypt_t *crypt, bool last)
{
    uint8_t key[STORE_SPOOL_KEY];
    uint64_t at = spool->block * STORE_SPOOL_SEALED;
    size_t len = spool->fill + DOSIS_SEAL_OVERHEAD;

    spool->rc =
        dosis_seal(crypt, store_spool_place(key, spool->id, spool->block, last),
            dosis_slice(spool->plain, spool->fill), spool->sealed);
    if (spool->rc == DOSIS_OK) {
        spool->rc = dosis_file_write_at(
            spool->fd, at, dosis_slice(spool->sealed, len));
    }
    if (spool->rc == DOSIS_OK) {
        spool->rc = push(spool, at + len);
    }
    add_print(spool);
    spool->block++;
    spool->fill = 0;
}


dosis_rc_t
dosis_spool_add(dosis_spool_t *spool, dosis_crypt_t *crypt, dosis_slice_t bytes)
{
    size_t len;

    while (bytes.len > 0 && spool->rc == DOSIS_OK) {
        if (spool->fill == sizeof(spool->plain)) {
            seal_block(spool, crypt, false);
            continue;
        }
        len = sizeof(spool->plain) - spool->fill;
        len = bytes.len < len ? bytes.len : len;
        memcpy(spool->plain + spool->fill, bytes.data, len);
        spool->fill += len;
        spool->bytes += len;
        bytes = dosis_slice(bytes.data + len, bytes.len - len);
    }
    return spool->rc;
}


dosis_rc_t
dosis_spool_finish(dosis_spool_t *spool, dosis_crypt_t *crypt)
{
    if (spool->rc == DOSIS_OK) {
        seal_block(spool, crypt, true);
    }
    return spool->rc;
}


static dosis_rc_t
give_name(dosis_spool_t *spool)
{
    char from[PATH_MAX], to[PATH_MAX];

    if (!store_spool_path(spool->dir, spool->id, "", to)) {
        return DOSIS_EIO;
    }
    if (spool->named) {
        return store_spool_path(spool->dir, spool->id, STORE_SPOOL_PART, from)
                && rename(from, to) == 0
            ? DOSIS_OK
            : dosis_file_rc();
    }
    (void) snprintf(from, sizeof(from), "/proc/self/fd/%d", spool->fd);
    return linkat(AT_FDCWD, from, AT_FDCWD, to, AT_SYMLINK_FOLLOW) == 0
        ? DOSIS_OK
        : dosis_file_rc();
}


dosis_rc_t
dosis_spool_keep(dosis_spool_t *spool)
{
    if (spool->rc == DOSIS_OK && fsync(spool->fd) != 0) {
        spool->rc = dosis_file_rc();
    }
    if (spool->rc == DOSIS_OK) {
        spool->rc = give_name(spool);
        spool->kept = spool->rc == DOSIS_OK;
    }
    if (spool->rc == DOSIS_OK) {
        spool->rc = dosis_file_sync_dir(spool->dir);
    }
    return spool->rc;
}


void
dosis_spool_free(dosis_spool_t *spool)
{
    char path[PATH_MAX];

    if (spool == NULL) {
        return;
    }
    /* a name given that may not be on disk: not kept either */
    if ((spool->named && !spool->kept
            && store_spool_path(spool->dir, spool->id, STORE_SPOOL_PART, path))
        || (spool->kept && spool->rc != DOSIS_OK
            && store_spool_path(spool->dir, spool->id, "", path))) {
        (void) unlink(path);
    }
    if (spool->fd >= 0) {
        close(spool->fd);
    }
    explicit_bzero(spool->plain, sizeof(spool->plain));
    free(spool);
}


uint64_t
dosis_spool_bytes(const dosis_spool_t *spool)
{
    return spool->bytes;
}


const uint8_t *
dosis_spool_id(const dosis_spool_t *spool)
{
    return spool->id;
}


uint64_t
dosis_spool_print(const dosis_spool_t *spool)
{
    return spool->print;
}
