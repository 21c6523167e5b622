/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosisd_jobs.h: the thread on which jobs run, one after another (job.h).
 *
 * Layer      daemon
 * Threads    start and stop: the loop's; between them one of its own
 * Blocking   stop waits until the job has committed what it is at
 * Memory     in place; start and stop. stop accepts a zeroed one
 * Errors     false: no thread, or no memory
 */

#ifndef DOSIS_DAEMON_DOSISD_JOBS_H
#define DOSIS_DAEMON_DOSISD_JOBS_H

#include "jobs/job.h"

typedef struct {
    job_t job;
    pthread_t thread;
    bool running;
} dosisd_jobs_t;

bool dosisd_jobs_start(
    dosisd_jobs_t *to, dosis_store_t *store, const char *dir);
void dosisd_jobs_stop(dosisd_jobs_t *jobs);

#endif
