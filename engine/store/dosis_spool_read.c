/* SPDX-License-Identifier: EUPL-1.2 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/dosis_file.h"
#include "base/dosis_text.h"
#include "base/dosis_time.h"
#include "store/dosis_spool.h"
#include "store/store_spool.h"

#define SPOOL_DIR_MODE 02770 /* files get the group of the directory */

struct dosis_spool_reader_s {
    int fd;
    uint8_t id[DOSIS_SPOOL_ID];
    uint64_t size;
    char sealed[STORE_SPOOL_SEALED];
};


/* --- reading ------------------------------------------------------------- */

static dosis_rc_t
open_kept(dosis_spool_reader_t *reader, const char *path)
{
    struct stat st;

    reader->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (reader->fd < 0) {
        return dosis_file_rc();
    }
    if (fstat(reader->fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        return DOSIS_EIO;
    }
    reader->size = (uint64_t) st.st_size;
    return (st.st_mode & S_IRWXO) == 0 ? DOSIS_OK : DOSIS_EDENIED;
}


dosis_rc_t
dosis_spool_open(const char *dir, const uint8_t id[DOSIS_SPOOL_ID],
    dosis_spool_reader_t **ret_reader)
{
    dosis_rc_t rc = DOSIS_EIO;
    char spool[PATH_MAX], path[PATH_MAX];
    dosis_spool_reader_t *reader = calloc(1, sizeof(*reader));

    if (reader == NULL) {
        return DOSIS_ENOMEM;
    }
    reader->fd = -1;
    memcpy(reader->id, id, DOSIS_SPOOL_ID);
    if (store_spool_dir(dir, spool) && store_spool_path(spool, id, "", path)) {
        rc = open_kept(reader, path);
    }
    if (rc != DOSIS_OK) {
        dosis_spool_close(reader);
        return rc;
    }
    *ret_reader = reader;
    return DOSIS_OK;
}


void
dosis_spool_close(dosis_spool_reader_t *reader)
{
    if (reader == NULL) {
        return;
    }
    if (reader->fd >= 0) {
        close(reader->fd);
    }
    free(reader);
}


bool
dosis_spool_is_last(const dosis_spool_reader_t *reader, uint64_t block)
{
    return reader->size <= (block + 1) * STORE_SPOOL_SEALED;
}


dosis_rc_t
dosis_spool_read(dosis_spool_reader_t *reader, dosis_crypt_t *crypt,
    uint64_t block, void *to, size_t *ret_len)
{
    dosis_rc_t rc;
    size_t len, got;
    uint64_t at = block * STORE_SPOOL_SEALED;
    uint8_t key[STORE_SPOOL_KEY];
    bool last;

    if (block > 0
        && (block > reader->size / STORE_SPOOL_SEALED || at >= reader->size)) {
        return DOSIS_ENOTFOUND;
    }
    last = dosis_spool_is_last(reader, block);
    len = last ? reader->size - at : STORE_SPOOL_SEALED;
    rc = dosis_file_read_at(reader->fd, at, reader->sealed, len, &got);
    if (rc == DOSIS_OK && got < len) {
        rc = DOSIS_EFORMAT;
    }
    if (rc == DOSIS_OK) {
        rc = dosis_open(crypt, store_spool_place(key, reader->id, block, last),
            dosis_slice(reader->sealed, len), to, ret_len);
    }
    return rc;
}


/* --- the directory ------------------------------------------------------- */

dosis_rc_t
dosis_spool_prepare(const char *dir)
{
    struct stat store, st;
    char path[PATH_MAX];

    if (!store_spool_dir(dir, path) || stat(dir, &store) != 0) {
        return DOSIS_EIO;
    }
    if (mkdir(path, 0770) == 0) {
        /* refused under a strict service manager; then our own has to do */
        (void) !chown(path, (uid_t) -1, store.st_gid);
        (void) chmod(path, SPOOL_DIR_MODE);
    } else if (errno != EEXIST) {
        return dosis_file_rc();
    }
    if (lstat(path, &st) != 0 || !S_ISDIR(st.st_mode)) {
        return DOSIS_EIO;
    }
    return (st.st_mode & S_IRWXO) == 0 ? DOSIS_OK : DOSIS_EDENIED;
}


dosis_rc_t
dosis_spool_remove(const char *dir, const uint8_t id[DOSIS_SPOOL_ID])
{
    char spool[PATH_MAX], path[PATH_MAX];

    if (!store_spool_dir(dir, spool)
        || !store_spool_path(spool, id, "", path)) {
        return DOSIS_EIO;
    }
    return unlink(path) == 0 || errno == ENOENT ? DOSIS_OK : dosis_file_rc();
}


dosis_rc_t
dosis_spool_room(const char *dir, uint64_t *ret_bytes)
{
    struct statvfs st;
    char spool[PATH_MAX];

    if (!store_spool_dir(dir, spool)) {
        return DOSIS_EIO;
    }
    if (statvfs(spool, &st) != 0) {
        return dosis_file_rc();
    }
    *ret_bytes = (uint64_t) st.f_bavail * st.f_frsize;
    return DOSIS_OK;
}


/* The name of a file of ours; *ret_whole: not one that is being written. */
static bool
name_is_ours(const char *name, uint8_t *id, bool *ret_whole)
{
    size_t len = strlen(name);

    *ret_whole = len == STORE_SPOOL_NAME;
    return (*ret_whole
               || (len == STORE_SPOOL_NAME + strlen(STORE_SPOOL_PART)
                   && strcmp(name + STORE_SPOOL_NAME, STORE_SPOOL_PART) == 0))
        && dosis_hex_decode(
            id, DOSIS_SPOOL_ID, dosis_slice(name, STORE_SPOOL_NAME));
}


dosis_rc_t
dosis_spool_sweep(const char *dir, int64_t before_ns,
    dosis_spool_wanted_pt wanted, void *payload)
{
    bool whole;
    DIR *listing;
    struct stat st;
    char spool[PATH_MAX];
    uint8_t id[DOSIS_SPOOL_ID];
    const struct dirent *entry;

    listing = store_spool_dir(dir, spool) ? opendir(spool) : NULL;
    if (listing == NULL) {
        return dosis_file_rc();
    }
    while ((entry = readdir(listing)) != NULL) {
        if (name_is_ours(entry->d_name, id, &whole)
            && fstatat(dirfd(listing), entry->d_name, &st, AT_SYMLINK_NOFOLLOW)
                == 0
            && st.st_mtim.tv_sec * DOSIS_NS_PER_S + st.st_mtim.tv_nsec
                < before_ns
            && !(whole && wanted(id, payload))) {
            (void) unlinkat(dirfd(listing), entry->d_name, 0);
        }
    }
    closedir(listing);
    return DOSIS_OK;
}
