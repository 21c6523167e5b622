/* SPDX-License-Identifier: EUPL-1.2 */

#include "writer/ngx_dosis_job.h"

#define JOB_ARENA_BYTES ((size_t) 2 << 20)
#define JOB_SPARE_MAX 256

static struct {
    ngx_uint_t count;
    dosis_arena_t *arena[JOB_SPARE_MAX];
} job_spare;


static dosis_arena_t *
job_arena_take(void)
{
    if (job_spare.count > 0) {
        return job_spare.arena[--job_spare.count];
    }
    return dosis_arena_create(JOB_ARENA_BYTES);
}


static void
job_arena_give(dosis_arena_t *arena)
{
    if (job_spare.count == JOB_SPARE_MAX) {
        dosis_arena_free(arena);
        return;
    }
    dosis_arena_reset(arena);
    job_spare.arena[job_spare.count++] = arena;
}


ngx_dosis_job_t *
ngx_dosis_job_create(ngx_dosis_job_pt on_commit)
{
    dosis_arena_t *arena = job_arena_take();
    ngx_dosis_job_t *job;
    dosis_delivery_t *delivery = NULL;

    if (arena == NULL) {
        return NULL;
    }
    job = dosis_arena_zalloc(arena, sizeof(*job));
    if (job != NULL) {
        job->items = dosis_arena_alloc(arena, sizeof(job->items[0]));
        delivery = dosis_arena_zalloc(arena, sizeof(*delivery));
    }
    if (job == NULL || job->items == NULL || delivery == NULL) {
        job_arena_give(arena);
        return NULL;
    }
    job->items[0] = delivery;

    job->arena = arena;
    job->on_commit = on_commit;
    job->on_drop = ngx_dosis_job_free;
    job->count = 1;
    return job;
}


void
ngx_dosis_job_free(ngx_dosis_job_t *job)
{
    if (job == NULL) {
        return;
    }
    ngx_dosis_listen_end(&job->listener);
    job_arena_give(job->arena);
}


void
ngx_dosis_job_done(void)
{
    while (job_spare.count > 0) {
        dosis_arena_free(job_spare.arena[--job_spare.count]);
    }
}
