/* SPDX-License-Identifier: EUPL-1.2 */
#include "jobs/job_park.h"

#include <string.h>

#include "daemon/dosisd_loop.h"

#define ARENA_MAX ((size_t) 64 << 10)


static job_parked_t *
find(job_t *job, uint64_t nummer)
{
    size_t i;

    for (i = 0; i < job->parks; i++) {
        if (job->parked[i].nummer == nummer) {
            return &job->parked[i];
        }
    }
    return NULL;
}


/* Of a source that is not paused any more it is taken from the list. */
static bool
is_passed_over(job_t *job, dosis_reader_t *reader, const dosis_oplading_t *file)
{
    bool passed = false;
    job_parked_t *parked;

    (void) pthread_mutex_lock(&job->lock);
    parked = find(job, file->nummer);
    if (parked != NULL) {
        passed = !file->annuleren
            && dosis_ref_pauze_bron(dosis_reader_ref(reader),
                   dosis_slice(parked->bron, parked->len), dosisd_now_ns())
                != NULL;
        if (!passed) {
            *parked = job->parked[--job->parks];
        }
    }
    (void) pthread_mutex_unlock(&job->lock);
    return passed;
}


dosis_rc_t
job_next(job_t *job, dosis_reader_t *reader, dosis_arena_t *arena,
    dosis_oplading_t *ret_oplading)
{
    uint64_t after = 0;
    dosis_rc_t rc;

    do {
        dosis_arena_reset(arena);
        rc = dosis_oplading_next(reader, after, arena, ret_oplading);
        after = ret_oplading->nummer;
    } while (rc == DOSIS_OK && is_passed_over(job, reader, ret_oplading));
    return rc;
}


/* Is there one that may run instead, or an older one that it must not pass? */
static bool
has_other(job_t *job, dosis_reader_t *reader, uint64_t nummer)
{
    bool other = false;
    uint64_t after = 0;
    dosis_rc_t rc;
    dosis_oplading_t file;
    dosis_arena_t *arena = dosis_arena_create(ARENA_MAX);

    while (arena != NULL && !other) {
        dosis_arena_reset(arena);
        rc = dosis_oplading_next(reader, after, arena, &file);
        if (rc != DOSIS_OK) {
            break;
        }
        after = file.nummer;
        other = after != nummer
            && (after < nummer || !is_passed_over(job, reader, &file));
    }
    dosis_arena_free(arena);
    return other;
}


static bool
add(job_t *job, uint64_t nummer, dosis_slice_t bron)
{
    bool added = false;
    job_parked_t *parked;

    (void) pthread_mutex_lock(&job->lock);
    if (find(job, nummer) == NULL && job->parks < JOB_PARKED_MAX
        && bron.len <= sizeof(parked->bron)) {
        parked = &job->parked[job->parks++];
        parked->nummer = nummer;
        parked->len = bron.len;
        memcpy(parked->bron, bron.data, bron.len);
        added = true;
    }
    (void) pthread_mutex_unlock(&job->lock);
    return added;
}


bool
job_park(
    job_t *job, dosis_reader_t *reader, uint64_t nummer, dosis_slice_t bron)
{
    bool parked;
    const dosis_ref_t *ref;

    if (bron.len == 0 || dosis_reader_begin(reader) != DOSIS_OK) {
        return false;
    }
    ref = dosis_reader_ref(reader);
    parked = dosis_ref_pauze(ref, dosisd_now_ns()) == NULL
        && dosis_ref_pauze_bron(ref, bron, dosisd_now_ns()) != NULL
        && has_other(job, reader, nummer) && add(job, nummer, bron);
    dosis_reader_end(reader);
    return parked;
}
