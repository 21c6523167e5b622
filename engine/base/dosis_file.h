/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_file.h: small files as a whole: read one, write one so that it is
 * there completely or not at all; and a place in an open file of any size.
 *
 * Layer      base
 * Threads    any
 * Blocking   reads and syncs the disk; never on the nginx event loop
 * Memory     the caller's buffer
 * Errors     DOSIS_ENOTFOUND no such file, DOSIS_EDENIED not ours to open,
 *            DOSIS_ELIMIT larger than the ceiling, DOSIS_ECONFLICT it exists,
 *            DOSIS_EFULL no room, DOSIS_ENOMEM, DOSIS_EIO the rest
 */

#ifndef DOSIS_BASE_DOSIS_FILE_H
#define DOSIS_BASE_DOSIS_FILE_H

#include <sys/types.h>

#include "base/dosis_buf.h"

/* Adds the bytes of a regular file of at most max_bytes. */
DOSIS_CHECK dosis_rc_t dosis_file_read(
    const char *path, size_t max_bytes, dosis_buf_t *buf);

/* DOSIS_ECONFLICT when path exists; mode is set whatever the umask says. */
DOSIS_CHECK dosis_rc_t dosis_file_create(
    const char *path, mode_t mode, dosis_slice_t bytes);

/* As create, but takes the place of what was there. */
DOSIS_CHECK dosis_rc_t dosis_file_replace(
    const char *path, mode_t mode, dosis_slice_t bytes);

/* As many of the bytes at that place as there are before the file ends. */
DOSIS_CHECK dosis_rc_t dosis_file_read_at(
    int fd, uint64_t at, void *to, size_t len, size_t *ret_len);

/* All of them; not synced. */
DOSIS_CHECK dosis_rc_t dosis_file_write_at(
    int fd, uint64_t at, dosis_slice_t bytes);

/* The names in a directory are on disk when DOSIS_OK. */
DOSIS_CHECK dosis_rc_t dosis_file_sync_dir(const char *dir);

/* The name of that file is. */
DOSIS_CHECK dosis_rc_t dosis_file_sync_parent(const char *path);

/* What errno says. */
dosis_rc_t dosis_file_rc(void);

#endif
