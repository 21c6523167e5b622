/* SPDX-License-Identifier: EUPL-1.2 */
#include "jobs/job.h"

#include <time.h>

#include "daemon/dosisd_log.h"


bool
job_stopping(job_t *job)
{
    bool stopping;

    (void) pthread_mutex_lock(&job->lock);
    stopping = job->stopping;
    (void) pthread_mutex_unlock(&job->lock);
    return stopping;
}


bool
job_wait(job_t *job, long ms)
{
    bool stopping;
    struct timespec until;

    (void) clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += ms / 1000;
    until.tv_nsec += ms % 1000 * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    (void) pthread_mutex_lock(&job->lock);
    if (!job->stopping) {
        (void) pthread_cond_timedwait(&job->wake, &job->lock, &until);
    }
    stopping = job->stopping;
    (void) pthread_mutex_unlock(&job->lock);
    return !stopping;
}


void
job_say(job_t *job, const char *what, dosis_rc_t rc)
{
    bool again;

    (void) pthread_mutex_lock(&job->lock);
    again = rc == job->said;
    job->said = rc;
    (void) pthread_mutex_unlock(&job->lock);
    if (again) {
        return;
    }
    if (rc == DOSIS_OK) {
        dosisd_log(DOSISD_NOTICE, "%s goes on", what);
    } else if (rc == DOSIS_EPAUSED) {
        dosisd_log(DOSISD_NOTICE, "%s waits for the end of a pause", what);
    } else {
        dosisd_log(DOSISD_ERROR, "%s not done, trying on: rc=%s why=%s", what,
            dosis_rc_name(rc), dosis_rc_text(rc));
    }
}
