/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * job_park.h: which file is next. One whose source is paused is passed over
 * meanwhile, so that it holds up nobody else's; those of one source keep their
 * order.
 *
 * Layer      jobs
 * Threads    any; what is parked is guarded by the job's lock
 * Blocking   page faults
 * Memory     what is parked lies in the job
 * Errors     DOSIS_ENOTFOUND: no file, or none that may run
 */

#ifndef DOSIS_JOBS_JOB_PARK_H
#define DOSIS_JOBS_JOB_PARK_H

#include "jobs/job.h"
#include "store/dosis_oplading.h"

/*
 * The reader is between begin and end. The arena is reset and holds the file.
 */
DOSIS_CHECK dosis_rc_t job_next(job_t *job, dosis_reader_t *reader,
    dosis_arena_t *arena, dosis_oplading_t *ret_oplading);

/*
 * true: that file, which cannot go on because of that source, is passed over
 * until the pause ends. false: it is to wait, for there is nothing else to do,
 * or the whole register is stopped. The reader is not between begin and end.
 */
bool job_park(job_t *job, dosis_reader_t *reader, uint64_t nummer,
    dosis_slice_t bron);

#endif
