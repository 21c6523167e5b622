/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * job_keys.h: the dossiers that a whole file names, as 8 bytes of each id:
 * those of a range, so that memory stays bounded. Two ids that share them
 * count as one that is named: nothing is taken for missing that is not.
 *
 * Layer      jobs
 * Threads    one thread
 * Blocking   reads the file from its beginning to its end
 * Memory     init gives (heap), done takes; 8 bytes of each, JOB_KEYS_MAX
 * Errors     as job_file.h; DOSIS_EBUSY: it is time to stop; DOSIS_ELIMIT:
 *            more than JOB_KEYS_MAX in that range
 */

#ifndef DOSIS_JOBS_JOB_KEYS_H
#define DOSIS_JOBS_JOB_KEYS_H

#include "jobs/job.h"
#include "store/dosis_oplading.h"

#define JOB_KEYS_MAX  ((size_t) 6 << 20)
#define JOB_KEYS_PART ((size_t) 4 << 20) /* what a part has, about */

typedef struct {
    uint64_t *key; /* sorted */
    size_t count;
    size_t room;
    uint64_t first; /* the range */
    uint64_t last;
    uint64_t unreadable; /* rows, of the file, without a key */
    uint64_t foreign;    /* rows of another source */
} job_keys_t;

/* Zero it first; reads again when it holds another range. */
DOSIS_CHECK dosis_rc_t job_keys_read(job_t *job,
    const dosis_oplading_t *oplading, uint64_t first, uint64_t last,
    job_keys_t *keys);
void job_keys_done(job_keys_t *keys);

/* Of that id, in the range. */
bool job_keys_hold(const job_keys_t *keys, const uint8_t id[16]);

#endif
