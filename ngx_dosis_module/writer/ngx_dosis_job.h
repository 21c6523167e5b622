/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ngx_dosis_job.h: deliveries that are written together: one, or a piece of a
 * batch; or other work in a write transaction; and who is told.
 *
 * Layer      module
 * Threads    the event loop until submit, the writer's thread until the
 *            commit, then the event loop again; one owner at each moment. The
 *            thread reads only `items`, `owner` and what they hold, and sets
 *            `items`, `rc` and `next`; `listener` is the loop's alone.
 * Blocking   never
 * Memory     create gives, free takes; everything a job points to lies in its
 *            own arena, but for a piece of a batch: that is the batch's. Arenas
 *            are kept for reuse, up to a ceiling.
 * Errors     NULL when memory is out
 */

#ifndef NGX_DOSIS_JOB_H
#define NGX_DOSIS_JOB_H

#include "base/dosis_arena.h"
#include "store/dosis_deliver.h"
#include "writer/ngx_dosis_listener.h"

#define NGX_DOSIS_JOB_ITEMS_MAX 64

typedef struct ngx_dosis_job_s ngx_dosis_job_t;

/* On the event loop, after the commit; takes the job. */
typedef void (*ngx_dosis_job_pt)(ngx_dosis_job_t *job);

/* On the thread, in the transaction of the batch; failures are sticky there. */
typedef void (*ngx_dosis_job_work_pt)(dosis_txn_t *txn, ngx_dosis_job_t *job);

struct ngx_dosis_job_s {
    ngx_dosis_job_t *next;
    dosis_arena_t *arena; /* NULL: a piece of a batch */
    ngx_dosis_listener_t listener;
    ngx_dosis_job_work_pt work; /* NULL: its items are delivered */
    ngx_dosis_job_pt on_commit;
    ngx_dosis_job_pt on_drop; /* the worker ends; takes the job */
    void *owner;              /* of a piece: its batch; of work: its own */
    size_t bytes;             /* of the body it came from */
    dosis_rc_t rc;            /* of the commit */
    dosis_delivery_t **items;
    /* Places in the queue: 1 .. NGX_DOSIS_JOB_ITEMS_MAX; 0: work of our own */
    ngx_uint_t count;
};

/* One delivery, empty, with its arena. */
ngx_dosis_job_t *ngx_dosis_job_create(ngx_dosis_job_pt on_commit);

/* Of create. The listener is told nothing more. NULL is fine. */
void ngx_dosis_job_free(ngx_dosis_job_t *job);

/* What an item came to: the commit's failure, or its own. */
static inline dosis_rc_t
ngx_dosis_job_rc(const ngx_dosis_job_t *job, const dosis_delivery_t *item)
{
    return (job->rc == DOSIS_OK) ? item->rc : job->rc;
}

/* The arenas kept for reuse. */
void ngx_dosis_job_done(void);

#endif
