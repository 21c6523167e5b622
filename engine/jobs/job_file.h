/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * job_file.h: the text of a delivered file, piece by piece: out of its sealed
 * blocks, unpacked when it is gzip.
 *
 * Layer      jobs
 * Threads    one thread
 * Blocking   reads from disk
 * Memory     open gives (heap), close takes; constant. A piece is valid until
 *            the next call
 * Errors     DOSIS_ENOTFOUND it is gone, DOSIS_EFORMAT, DOSIS_EKEY damaged or
 *            cut short, DOSIS_ELIMIT it unpacks to more than a file may be;
 *            DOSIS_EIO, DOSIS_ENOMEM. What came before was given
 */

#ifndef DOSIS_JOBS_JOB_FILE_H
#define DOSIS_JOBS_JOB_FILE_H

#include "store/dosis_oplading.h"

#define JOB_FILE_PIECE 65536

typedef struct job_file_s job_file_t;

DOSIS_CHECK dosis_rc_t job_file_open(const char *dir,
    const dosis_oplading_t *oplading, dosis_crypt_t *crypt,
    job_file_t **ret_file);

/* NULL is fine. */
void job_file_close(job_file_t *file);

/* Goes to that byte of the text; of gzip by reading up to there. */
DOSIS_CHECK dosis_rc_t job_file_seek(job_file_t *file, uint64_t to);

/* Only the last piece may be empty. */
DOSIS_CHECK dosis_rc_t job_file_next(
    job_file_t *file, dosis_slice_t *ret_text, bool *ret_last);

/* Bytes of the file, as it was sent, that were read. */
uint64_t job_file_read(const job_file_t *file);

#endif
