/* SPDX-License-Identifier: EUPL-1.2 */
/* What is no longer kept: expired records of files, files nobody wants. */
#include "daemon/dosisd_loop.h"
#include "jobs/job.h"
#include "store/dosis_oplading.h"

#define LEFT_NS   (INT64_C(3600) * 1000000000)
#define STEPS_MAX 1000 /* of one call */
#define PAUSE_MS  5


typedef struct {
    uint8_t id[DOSIS_OPLADINGEN_MAX][DOSIS_SPOOL_ID];
    size_t count;
} wanted_t;


static bool
is_wanted(const uint8_t id[DOSIS_SPOOL_ID], void *payload)
{
    size_t i;
    const wanted_t *wanted = payload;

    for (i = 0; i < wanted->count; i++) {
        if (memcmp(wanted->id[i], id, DOSIS_SPOOL_ID) == 0) {
            return true;
        }
    }
    return false;
}


static dosis_rc_t
sweep_files(job_t *job)
{
    dosis_rc_t rc;
    wanted_t wanted;
    const int64_t before_ns = dosisd_now_ns() - LEFT_NS;

    rc = dosis_reader_begin(job->reader);
    if (rc == DOSIS_OK) {
        rc = dosis_oplading_spools(job->reader, wanted.id, &wanted.count);
        dosis_reader_end(job->reader);
    }
    return rc == DOSIS_OK
        ? dosis_spool_sweep(job->dir, before_ns, is_wanted, &wanted)
        : rc;
}


static dosis_rc_t
is_stale(job_t *job, int64_t now_ns, bool *ret_stale)
{
    dosis_rc_t rc = dosis_reader_begin(job->reader);

    if (rc == DOSIS_OK) {
        *ret_stale = dosis_oplading_stale(job->reader, now_ns);
        dosis_reader_end(job->reader);
    }
    return rc;
}


static dosis_rc_t
sweep_records(job_t *job)
{
    bool stale = false;
    unsigned steps;
    dosis_rc_t rc;
    dosis_txn_t *txn;
    const int64_t now_ns = dosisd_now_ns();

    for (steps = 0; steps < STEPS_MAX; steps++) {
        rc = is_stale(job, now_ns, &stale);
        if (rc != DOSIS_OK || !stale) {
            return rc;
        }
        rc = dosis_txn_begin(job->writer, now_ns, &txn);
        if (rc == DOSIS_OK) {
            dosis_oplading_sweep(txn);
            rc = dosis_txn_commit(txn);
        }
        if (rc != DOSIS_OK || !job_wait(job, PAUSE_MS)) {
            return rc;
        }
    }
    return DOSIS_OK;
}


dosis_rc_t
job_sweep(job_t *job)
{
    dosis_rc_t rc = sweep_records(job);

    if (rc == DOSIS_OK) {
        rc = sweep_files(job);
    }
    if (rc != DOSIS_OK) {
        job_say(job, "sweep", rc);
    }
    return rc == DOSIS_OK ? DOSIS_ENOTFOUND : rc;
}
