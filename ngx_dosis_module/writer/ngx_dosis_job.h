/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ngx_dosis_job.h: one write, and the request that waits for it.
 *
 * Layer      module
 * Threads    the event loop until submit, the writer's thread until the
 *            commit, then the event loop again; one owner at each moment. The
 *            thread reads only `delivery` and what it points to, and sets
 *            `delivery`, `rc` and `next`; `listener` is the loop's alone.
 * Blocking   never
 * Memory     create gives, free takes; everything a job points to lies in its
 *            own arena. Arenas are kept for reuse, up to a ceiling.
 * Errors     NULL when memory is out
 *
 * The listener is the request, or NULL once the client has left: the write
 * goes on, nobody is told.
 */

#ifndef NGX_DOSIS_JOB_H
#define NGX_DOSIS_JOB_H

#include "base/dosis_arena.h"
#include "ngx_dosis_module.h"
#include "store/dosis_deliver.h"

typedef struct ngx_dosis_job_s ngx_dosis_job_t;

/* On the event loop, after the commit. The job is freed behind it. */
typedef void (*ngx_dosis_job_pt)(
    ngx_http_request_t *r, const ngx_dosis_job_t *job);

struct ngx_dosis_job_s {
    ngx_dosis_job_t *next;
    dosis_arena_t *arena;
    ngx_http_request_t *listener;
    ngx_dosis_job_pt on_commit;
    size_t bytes;  /* of the body it came from */
    dosis_rc_t rc; /* of the commit, else of the delivery */
    dosis_delivery_t delivery;
    dosis_err_t problems;
    dosis_err_t warnings;
};

/* The request listens until it ends. */
ngx_dosis_job_t *ngx_dosis_job_create(
    ngx_http_request_t *r, ngx_dosis_job_pt on_commit);

/* The listener is told nothing more. NULL is fine. */
void ngx_dosis_job_free(ngx_dosis_job_t *job);

/* The arenas kept for reuse. */
void ngx_dosis_job_done(void);

#endif
