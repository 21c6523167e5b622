/* SPDX-License-Identifier: EUPL-1.2 */
#include "daemon/dosisd_jobs.h"

#include <signal.h>
#include <time.h>

#include "daemon/dosisd_loop.h"

#define RETRY_MS 2000

/* Those that are due run in this order. */
static const struct {
    job_pt run;
    int64_t look_ms; /* when there was nothing to do */
} table[] = {
    { job_import, 250 },
    { job_sweep, 60000 },
};

#define JOBS (sizeof(table) / sizeof(table[0]))


static void *
run(void *payload)
{
    dosisd_jobs_t *jobs = payload;
    int64_t due_ms[JOBS] = { 0 }, now_ms, next_ms;
    dosis_rc_t rc;
    size_t i;

    do {
        next_ms = INT64_MAX;
        for (i = 0; i < JOBS && !job_stopping(&jobs->job); i++) {
            if (due_ms[i] <= dosisd_monotonic_ms()) {
                rc = table[i].run(&jobs->job);
                due_ms[i] = dosisd_monotonic_ms()
                    + (rc == DOSIS_OK              ? 0
                            : rc == DOSIS_ENOTFOUND ? table[i].look_ms
                                                    : RETRY_MS);
            }
            next_ms = due_ms[i] < next_ms ? due_ms[i] : next_ms;
        }
        now_ms = dosisd_monotonic_ms();
    } while (job_wait(
        &jobs->job, next_ms > now_ms ? (long) (next_ms - now_ms) : 0));
    return NULL;
}


bool
dosisd_jobs_start(dosisd_jobs_t *to, dosis_store_t *store, const char *dir)
{
    sigset_t all, before;
    pthread_condattr_t attr;
    job_t *job = &to->job;

    job->store = store;
    job->dir = dir;
    (void) pthread_mutex_init(&job->lock, NULL);
    (void) pthread_condattr_init(&attr);
    (void) pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    (void) pthread_cond_init(&job->wake, &attr);
    (void) pthread_condattr_destroy(&attr);
    if (dosis_reader_create(store, &job->reader) != DOSIS_OK
        || dosis_writer_create(store, &job->writer) != DOSIS_OK) {
        return false;
    }
    /* signals are the loop's */
    (void) sigfillset(&all);
    (void) pthread_sigmask(SIG_SETMASK, &all, &before);
    to->running = pthread_create(&to->thread, NULL, run, to) == 0;
    if (to->running) {
        (void) pthread_setname_np(to->thread, "jobs");
    }
    (void) pthread_sigmask(SIG_SETMASK, &before, NULL);
    return to->running;
}


void
dosisd_jobs_stop(dosisd_jobs_t *jobs)
{
    job_t *job = &jobs->job;

    if (jobs->running) {
        (void) pthread_mutex_lock(&job->lock);
        job->stopping = true;
        (void) pthread_cond_broadcast(&job->wake);
        (void) pthread_mutex_unlock(&job->lock);
        (void) pthread_join(jobs->thread, NULL);
        jobs->running = false;
    }
    dosis_writer_free(job->writer);
    dosis_reader_free(job->reader);
    job->writer = NULL;
    job->reader = NULL;
}
