/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * job.h: what the engine does that takes longer than a moment. One line per
 * job, one signature.
 *
 * Layer      jobs
 * Threads    a job runs on the thread of dosisd_jobs.h, with a reader and a
 *            writer that are its own; it may start threads, and ends them
 * Blocking   for as long as it takes; it looks at job_stopping at least every
 *            100 ms, and its transactions are short, with pauses
 * Memory     what a job takes it gives back when it returns
 * Errors     DOSIS_OK: there was something to do, and there may be more;
 *            DOSIS_ENOTFOUND: nothing; any other: it is called again later,
 *            and goes on from what the store says. It says itself, once, what
 *            went wrong
 */

#ifndef DOSIS_JOBS_JOB_H
#define DOSIS_JOBS_JOB_H

#include <pthread.h>
#include <stdatomic.h>

#include "domain/dosis_dossier.h"
#include "store/dosis_txn.h"

#define JOB_PARKED_MAX 32

/* A file that waits for the end of a pause while others run. */
typedef struct {
    uint64_t nummer;
    size_t len;
    char bron[DOSIS_BRON_MAX];
} job_parked_t;

typedef struct {
    dosis_store_t *store;
    const char *dir; /* of the store */
    dosis_reader_t *reader;
    dosis_writer_t *writer;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    bool stopping; /* guarded by lock */
    atomic_bool alone; /* nobody else has written for a while */
    atomic_uint_fast64_t gave_way; /* transactions, to who waited */
    dosis_rc_t said; /* the failure in the log, or DOSIS_OK; guarded too */
    job_parked_t parked[JOB_PARKED_MAX]; /* and these: job_park.h */
    size_t parks;
} job_t;

typedef dosis_rc_t (*job_pt)(job_t *job);

dosis_rc_t job_import(job_t *job); /* the rows of the oldest delivered file */
dosis_rc_t job_sweep(job_t *job);  /* such files that nobody wants any more */

/* For jobs. */

bool job_stopping(job_t *job);

/* false: it is time to stop. */
bool job_wait(job_t *job, long ms);

/* Says in the log what keeps a job from going on, once, and that it goes on. */
void job_say(job_t *job, const char *what, dosis_rc_t rc);

#endif
