/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * job_read.h: the thread that reads a delivered file: from its bytes to
 * windows of deliveries that were judged and prepared.
 *
 * Layer      jobs
 * Threads    start and stop: of the job; between them one of its own, with a
 *            reader that is its own
 * Blocking   stop waits until that thread has seen the end of the queue
 * Memory     in place; start and stop. stop accepts a zeroed one
 * Errors     the last window says why nothing follows it
 */

#ifndef DOSIS_JOBS_JOB_READ_H
#define DOSIS_JOBS_JOB_READ_H

#include "jobs/job.h"
#include "jobs/job_file.h"
#include "jobs/job_window.h"

typedef struct {
    job_t *job;
    const dosis_oplading_t *oplading; /* as delivered; it does not change */
    job_queue_t *queue;
    job_place_t at; /* behind what stands in windows */
    dosis_reader_t *reader;
    job_file_t *file;
    job_window_t *window; /* being filled */
    size_t first;         /* as many as stood in the first one before a stop;
                             0: as many as there can be */
    dosis_csv_kop_t kop;
    dosis_csv_lezer_t *lezer;
    pthread_t thread;
    bool running;
} job_read_t;

/* job, oplading, queue, at and first are set. */
DOSIS_CHECK dosis_rc_t job_read_start(job_read_t *read);

/* The queue has been ended. */
void job_read_stop(job_read_t *read);

#endif
