/* SPDX-License-Identifier: EUPL-1.2 */

#include "writer/ngx_dosis_job.h"

#include "http/ngx_dosis_ctx.h"

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
ngx_dosis_job_create(ngx_http_request_t *r, ngx_dosis_job_pt on_commit)
{
    dosis_arena_t *arena;
    ngx_dosis_job_t *job;
    ngx_dosis_ctx_t *ctx;

    ctx = ngx_dosis_ctx(r);
    arena = job_arena_take();
    if (ctx == NULL || arena == NULL) {
        dosis_arena_free(arena);
        return NULL;
    }
    job = dosis_arena_zalloc(arena, sizeof(*job));
    if (job == NULL) {
        job_arena_give(arena);
        return NULL;
    }

    job->arena = arena;
    job->on_commit = on_commit;
    job->delivery.problems = &job->problems;
    job->delivery.warnings = &job->warnings;
    job->listener = r;
    ctx->job = job;
    return job;
}


void
ngx_dosis_job_free(ngx_dosis_job_t *job)
{
    if (job == NULL) {
        return;
    }
    if (job->listener != NULL) {
        ngx_dosis_ctx(job->listener)->job = NULL;
    }
    job_arena_give(job->arena);
}


void
ngx_dosis_job_done(void)
{
    while (job_spare.count > 0) {
        dosis_arena_free(job_spare.arena[--job_spare.count]);
    }
}
