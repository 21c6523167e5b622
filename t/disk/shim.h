/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * shim.h: the parts of disk_shim.so, which stands between a program and the
 * files of one directory: it writes down what the program does to them, and
 * fails calls on order.
 *
 *   DISK_DIR    the directory; without it the shim does nothing
 *   DISK_LOG    the record, appended to; none: nothing is recorded
 *   DISK_FAULT  the control file of faults; none: there are none
 *
 * On SIGRTMIN+7 a process can read no page of what it has mapped any more, but
 * for the first two, as from a disk that is broken there.
 *
 * Threads    any number; processes too, they share log and control file
 * Blocking   as the calls themselves
 * Memory     static; a process knows SHIM_FILES_MAX files
 * Errors     its own end the process: a record with a hole proves nothing
 */

#ifndef DOSIS_T_DISK_SHIM_H
#define DOSIS_T_DISK_SHIM_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/uio.h>

#include "t/disk/disk_record.h"

#define SHIM_FILES_MAX 256

typedef struct {
    uint64_t inode;
    char name[DISK_NAME_MAX];    /* "": the directory itself */
} shim_file_t;

/* The watched file behind fd, or NULL. */
const shim_file_t *shim_file(int fd);

/* What was opened, and whether it was made; not watched: nothing happens. */
void shim_opened(int fd, bool made);

/* The name of path within the directory, or NULL. to: DISK_NAME_MAX. */
const char *shim_name(int dirfd, const char *path, char *to);

/* One record; kind, flags, inode, at and token of head are the caller's. */
void shim_note(disk_record_t *head, const char *names, size_t name_bytes,
    const struct iovec *data, size_t bytes);

/* Both names, the first one as it stands when it is the target of a link. */
void shim_note_names(disk_kind_t kind, const char *from, const char *to);

/*
 * Around a sync: head has zeros besides `at`, rc is what the call gave. part:
 * of how many bytes from there; 0: of all.
 */
void shim_sync_begin(const shim_file_t *file, disk_record_t *head);
void shim_sync_end(disk_record_t *head, int rc, uint64_t part);

/* -1: the call is to be done. Else its errno, or 0: half of it. */
int shim_fault(unsigned call, const shim_file_t *file);

#endif
