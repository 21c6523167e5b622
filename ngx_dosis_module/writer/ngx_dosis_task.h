/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ngx_dosis_task.h: work that is too long for the event loop: one piece, on a
 * thread, inside one snapshot of a reader of its own.
 *
 *   post      the loop: on to a free reader, or in the queue behind others
 *   work      a thread: in a snapshot; sees what the task carries
 *   done      the loop: answers whoever still listens; the task is its own
 *             again
 *
 * Layer      module
 * Threads    the event loop, but for `work`: that runs on a thread of the pool
 *            of dosis_read_pool, and one task is on one thread. No request, no
 *            pool of nginx reaches it.
 * Blocking   only work
 * Memory     create gives, free takes, with all that came from its arena
 * Errors     NULL when memory is out. DOSIS_EBUSY from post: the queue is at
 *            its ceiling, or there is no store. task->rc: DOSIS_OK, or why
 *            there was no snapshot; work did not run then
 *
 * A task carries a timer while its thread runs, so that a worker that shuts
 * down in good order waits for it.
 */

#ifndef NGX_DOSIS_TASK_H
#define NGX_DOSIS_TASK_H

#include "base/dosis_arena.h"
#include "store/dosis_read.h"
#include "writer/ngx_dosis_listener.h"

#define NGX_DOSIS_TASK_READERS 4 /* at once, per worker */
#define NGX_DOSIS_TASK_QUEUE 64  /* waiting for one of those */

typedef struct ngx_dosis_task_s ngx_dosis_task_t;

typedef void (*ngx_dosis_task_work_pt)(
    ngx_dosis_task_t *task, dosis_reader_t *reader);
typedef void (*ngx_dosis_task_done_pt)(ngx_dosis_task_t *task);

struct ngx_dosis_task_s {
    ngx_dosis_task_t *next; /* in the queue */
    dosis_arena_t *arena;   /* holds the task too */
    ngx_dosis_listener_t listener;
    dosis_rc_t rc;
    ngx_dosis_task_work_pt work;
    ngx_dosis_task_done_pt done; /* called once for each task posted */
    void *data;                  /* whatever work and done share */
};

/* arena_max: the ceiling on all that task, work and done take from it. */
ngx_dosis_task_t *ngx_dosis_task_create(size_t arena_max);

/* NULL is fine. Its listener is told nothing more. */
void ngx_dosis_task_free(ngx_dosis_task_t *task);

/* DOSIS_OK: done will be called. Else the task is still the caller's. */
DOSIS_CHECK dosis_rc_t ngx_dosis_task_post(ngx_dosis_task_t *task);

/*
 * Hooks of the worker. Exit: after the thread pools have ended; tasks that
 * wait or were under way are freed, nobody is told.
 */
ngx_int_t ngx_dosis_task_init(ngx_cycle_t *cycle, ngx_thread_pool_t *threads);
void ngx_dosis_task_exit(void);

#endif
