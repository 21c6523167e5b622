/* SPDX-License-Identifier: EUPL-1.2 */
/* Files of the spool that nobody wants. */
#include "daemon/dosisd_loop.h"
#include "jobs/job.h"
#include "store/dosis_oplading.h"

#define LEFT_NS (INT64_C(3600) * 1000000000)


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


dosis_rc_t
job_sweep(job_t *job)
{
    dosis_rc_t rc = sweep_files(job);

    if (rc != DOSIS_OK) {
        job_say(job, "sweep", rc);
    }
    return rc == DOSIS_OK ? DOSIS_ENOTFOUND : rc;
}
