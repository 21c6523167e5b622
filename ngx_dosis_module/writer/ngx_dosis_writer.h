/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ngx_dosis_writer.h: late-batch group commit. Many requests, one commit.
 *
 *   submit     puts the job on the stack of this worker
 *   on_kick    end of this turn of the loop: posts the one task, if it is free
 *   thread     waits for the write lock, and only then takes its batch:
 *              the whole stack, oldest first, up to the ceiling; delivers
 *              each; commits once
 *   on_done    posts the task again if jobs wait; gives each job back
 *
 * Layer      module
 * Threads    one task, so one thread at a time. The stack is shared (atomic);
 *            everything else belongs to the loop while the task is idle and
 *            to the thread while it runs. No request reaches the thread.
 * Blocking   only the thread
 * Memory     create gives, free takes, after the thread pool has ended
 * Errors     DOSIS_EBUSY from submit: the queue is at its ceiling. When a
 *            commit fails every job of its batch has that code.
 *
 * The task's event carries a timer while it runs, so that a worker that shuts
 * down in good order waits for it.
 */

#ifndef NGX_DOSIS_WRITER_H
#define NGX_DOSIS_WRITER_H

#include "store/dosis_store.h"
#include "writer/ngx_dosis_job.h"

typedef struct ngx_dosis_writer_s ngx_dosis_writer_t;

/* NULL when memory is out. */
ngx_dosis_writer_t *ngx_dosis_writer_create(ngx_cycle_t *cycle,
    ngx_thread_pool_t *threads, ngx_uint_t queue_max, ngx_uint_t batch_max);

/* Before the first submit; store must outlive the writer. */
void ngx_dosis_writer_attach(ngx_dosis_writer_t *writer, dosis_store_t *store);

/* NULL is fine. */
void ngx_dosis_writer_free(ngx_dosis_writer_t *writer);

/*
 * DOSIS_OK: the job is taken and on_commit will be called. Else it is still
 * the caller's.
 */
DOSIS_CHECK dosis_rc_t ngx_dosis_writer_submit(
    ngx_dosis_writer_t *writer, ngx_dosis_job_t *job);

/*
 * For a batch, which comes in whole or not at all: is there room for so many
 * deliveries? An empty queue takes any batch, however small its ceiling.
 */
bool ngx_dosis_writer_has_room(
    const ngx_dosis_writer_t *writer, ngx_uint_t count);

/* Submits a job for which there is room. */
void ngx_dosis_writer_add(ngx_dosis_writer_t *writer, ngx_dosis_job_t *job);

/* Posts the task now, not at the end of the turn. */
void ngx_dosis_writer_kick(ngx_dosis_writer_t *writer);

/*
 * Deliveries wait, or the last one came less than 100 ms ago; what else is
 * written (click-throughs, consultations) is none.
 */
bool ngx_dosis_writer_is_busy(const ngx_dosis_writer_t *writer);

#endif
