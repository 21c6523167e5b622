/* SPDX-License-Identifier: EUPL-1.2 */

#include "writer/ngx_dosis_writer.h"

#include <ngx_thread_pool.h>
#include <stdatomic.h>
#include <time.h>

#include "base/dosis_time.h"

#define WRITER_WAIT_MS 60000
#define WRITER_CALM_MS 10000
#define WRITER_BUSY_MS 100
#define WRITER_BATCH_BYTES_MAX ((size_t) 1 << 20)

struct ngx_dosis_writer_s {
    /* shared */
    _Atomic(ngx_dosis_job_t *) stack; /* newest first */

    /* the loop's */
    ngx_thread_pool_t *threads;
    ngx_thread_task_t *task;
    ngx_event_t kick;
    ngx_uint_t jobs;   /* submitted and not yet committed */
    ngx_uint_t queued; /* places that they take */
    ngx_uint_t deliveries;   /* of these jobs */
    ngx_msec_t delivered_at; /* the last one was submitted */
    ngx_uint_t queue_max;
    bool running;
    dosis_rc_t noted;     /* how batches end, as the log has it */
    ngx_msec_t failed_at; /* the last one that failed */

    /* the thread's while the task runs, else the loop's */
    dosis_store_t *store;
    dosis_writer_t *writer;
    ngx_uint_t batch_max;
    ngx_dosis_job_t *waiting; /* taken from the stack, oldest first */
    ngx_dosis_job_t **waiting_tail;
    ngx_dosis_job_t *batch; /* of the last run, all with a result */
    ngx_uint_t batch_count;
    dosis_rc_t batch_rc;
};


static int64_t
thread_now_ns(void)
{
    struct timespec now;

    (void) clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t) now.tv_sec * DOSIS_NS_PER_S + now.tv_nsec;
}


/* Moves the stack behind those that wait, restoring the order of arrival. */
static void
thread_take_stack(ngx_dosis_writer_t *w)
{
    ngx_dosis_job_t *job;
    ngx_dosis_job_t *next;
    ngx_dosis_job_t *oldest = NULL;
    ngx_dosis_job_t *newest;

    newest = atomic_exchange_explicit(&w->stack, NULL, memory_order_acquire);
    for (job = newest; job != NULL; job = next) {
        next = job->next;
        job->next = oldest;
        oldest = job;
    }
    if (oldest != NULL) {
        *w->waiting_tail = oldest;
        w->waiting_tail = &newest->next;
    }
}


/* Cuts the next batch off those that wait. */
static void
thread_take_batch(ngx_dosis_writer_t *w)
{
    size_t bytes = 0;
    ngx_dosis_job_t **tail = &w->batch;

    thread_take_stack(w);
    w->batch = w->waiting;
    w->batch_count = 0;

    while (*tail != NULL && w->batch_count < w->batch_max
        && bytes < WRITER_BATCH_BYTES_MAX) {
        bytes += (*tail)->bytes;
        w->batch_count += (*tail)->count;
        tail = &(*tail)->next;
    }

    w->waiting = *tail;
    if (w->waiting == NULL) {
        w->waiting_tail = &w->waiting;
    }
    *tail = NULL;
}


static void
thread_do(dosis_txn_t *txn, ngx_dosis_job_t *job)
{
    ngx_uint_t i;

    if (job->work != NULL) {
        job->work(txn, job);
        return;
    }
    for (i = 0; i < job->count; i++) {
        dosis_deliver(txn, job->items[i]);
    }
}


static dosis_rc_t
thread_commit(ngx_dosis_writer_t *w)
{
    dosis_rc_t rc;
    dosis_txn_t *txn;
    ngx_dosis_job_t *job;

    if (w->writer == NULL) {
        rc = dosis_writer_create(w->store, &w->writer);
        if (rc != DOSIS_OK) {
            return rc;
        }
    }
    rc = dosis_txn_begin(w->writer, thread_now_ns(), &txn);
    if (rc != DOSIS_OK) {
        return rc;
    }

    /* only now, with the write lock held: whoever came meanwhile is in it */
    thread_take_batch(w);
    for (job = w->batch; job != NULL; job = job->next) {
        thread_do(txn, job);
    }
    return dosis_txn_commit(txn);
}


static void
thread_run(void *data, ngx_log_t *log)
{
    ngx_dosis_writer_t *w = *(ngx_dosis_writer_t **) data;
    ngx_dosis_job_t *job;

    w->batch = NULL;
    w->batch_count = 0;
    w->batch_rc = thread_commit(w);
    if (w->batch_rc != DOSIS_OK && w->batch == NULL) {
        thread_take_batch(w);
    }
    for (job = w->batch; job != NULL; job = job->next) {
        job->rc = dosis_store_trouble(w->batch_rc);
    }
}


/* Whoever waits is told, oldest first. */
static void
writer_answer(ngx_dosis_job_t *job)
{
    ngx_dosis_job_t *next;

    for (; job != NULL; job = next) {
        next = job->next;
        job->on_commit(job);
    }
}


/* Nobody can take them: told so, at once. */
static void
writer_fail(ngx_dosis_writer_t *w)
{
    ngx_dosis_job_t *all;
    ngx_dosis_job_t *job;

    ngx_log_error(NGX_LOG_ERR, ngx_cycle->log, 0,
        "writer task not posted, told %ui jobs to retry", w->jobs);
    thread_take_stack(w);
    all = w->waiting;
    w->waiting = NULL;
    w->waiting_tail = &w->waiting;
    for (job = all; job != NULL; job = job->next) {
        job->rc = DOSIS_EBUSY;
    }
    w->queued = 0;
    w->jobs = 0;
    w->deliveries = 0;
    writer_answer(all);
}


static void
writer_post(ngx_dosis_writer_t *w)
{
    if (ngx_thread_task_post(w->threads, w->task) != NGX_OK) {
        writer_fail(w);
        return;
    }
    w->running = true;
    ngx_add_timer(&w->task->event, WRITER_WAIT_MS);
}


void
ngx_dosis_writer_kick(ngx_dosis_writer_t *w)
{
    if (!w->running && w->jobs > 0) {
        writer_post(w);
    }
}


static void
writer_on_kick(ngx_event_t *ev)
{
    ngx_dosis_writer_kick(ev->data);
}


/*
 * One line when it changes, not one for every batch: on a disk that is all but
 * full a small batch may fit where a larger one does not.
 */
static void
writer_note(ngx_dosis_writer_t *w, dosis_rc_t rc, ngx_uint_t count)
{
    if (rc != DOSIS_OK) {
        w->failed_at = ngx_current_msec;
    }
    if (rc == w->noted
        || (rc == DOSIS_OK
            && ngx_current_msec - w->failed_at < WRITER_CALM_MS)) {
        return;
    }
    w->noted = rc;
    if (rc == DOSIS_OK) {
        ngx_log_error(NGX_LOG_NOTICE, ngx_cycle->log, 0,
            "batches are stored again: batch=%ui", count);
        return;
    }
    ngx_log_error(NGX_LOG_ERR, ngx_cycle->log, 0,
        "batch not stored, telling clients to retry until it works:"
        " rc=%s batch=%ui (%s)",
        dosis_rc_name(rc), count, dosis_rc_text(rc));
}


static bool
job_is_delivery(const ngx_dosis_job_t *job)
{
    return job->work == NULL;
}


static void
writer_count_off(ngx_dosis_writer_t *w, const ngx_dosis_job_t *job)
{
    for (; job != NULL; job = job->next) {
        w->jobs--;
        if (job_is_delivery(job)) {
            w->deliveries--;
        }
    }
}


static void
writer_on_done(ngx_event_t *ev)
{
    dosis_rc_t rc;
    ngx_uint_t count;
    ngx_dosis_job_t *batch;
    ngx_dosis_writer_t *w = ev->data;

    if (!ev->complete) {
        /* the timer, not the thread: the write lock takes long */
        ev->timedout = 0;
        ngx_add_timer(ev, WRITER_WAIT_MS);
        return;
    }
    ev->complete = 0;
    if (ev->timer_set) {
        ngx_del_timer(ev);
    }

    w->running = false;
    batch = w->batch;
    count = w->batch_count;
    rc = w->batch_rc;
    w->batch = NULL;
    w->queued -= count;
    writer_count_off(w, batch);
    writer_note(w, rc, count);
    if (w->jobs > 0) {
        writer_post(w);
    }
    writer_answer(batch);
}


ngx_dosis_writer_t *
ngx_dosis_writer_create(ngx_cycle_t *cycle, ngx_thread_pool_t *threads,
    ngx_uint_t queue_max, ngx_uint_t batch_max)
{
    ngx_dosis_writer_t *w;

    w = ngx_pcalloc(cycle->pool, sizeof(*w));
    if (w == NULL) {
        return NULL;
    }
    w->task = ngx_thread_task_alloc(cycle->pool, sizeof(w));
    if (w->task == NULL) {
        return NULL;
    }

    w->threads = threads;
    w->queue_max = queue_max;
    w->batch_max = batch_max;
    w->waiting_tail = &w->waiting;
    atomic_init(&w->stack, NULL);

    *(ngx_dosis_writer_t **) w->task->ctx = w;
    w->task->handler = thread_run;
    w->task->event.data = w;
    w->task->event.handler = writer_on_done;
    w->task->event.log = cycle->log;

    w->kick.data = w;
    w->kick.handler = writer_on_kick;
    w->kick.log = cycle->log;
    return w;
}


void
ngx_dosis_writer_attach(ngx_dosis_writer_t *w, dosis_store_t *store)
{
    w->store = store;
}


static void
writer_drop(ngx_dosis_job_t *job)
{
    ngx_dosis_job_t *next;

    for (; job != NULL; job = next) {
        next = job->next;
        job->listener.r = NULL; /* requests are gone by now */
        job->on_drop(job);
    }
}


void
ngx_dosis_writer_free(ngx_dosis_writer_t *w)
{
    if (w == NULL) {
        return;
    }
    thread_take_stack(w);
    writer_drop(w->batch);
    writer_drop(w->waiting);
    dosis_writer_free(w->writer);
    ngx_dosis_job_done();
}


bool
ngx_dosis_writer_has_room(const ngx_dosis_writer_t *w, ngx_uint_t count)
{
    return w->queued == 0 || w->queued + count <= w->queue_max;
}


dosis_rc_t
ngx_dosis_writer_submit(ngx_dosis_writer_t *w, ngx_dosis_job_t *job)
{
    if (!ngx_dosis_writer_has_room(w, job->count)) {
        return DOSIS_EBUSY;
    }
    ngx_dosis_writer_add(w, job);
    return DOSIS_OK;
}


void
ngx_dosis_writer_add(ngx_dosis_writer_t *w, ngx_dosis_job_t *job)
{
    ngx_dosis_job_t *top;

    w->jobs++;
    w->queued += job->count;
    if (job_is_delivery(job)) {
        w->deliveries++;
        w->delivered_at = ngx_current_msec;
    }
    top = atomic_load_explicit(&w->stack, memory_order_relaxed);
    do {
        job->next = top;
    } while (!atomic_compare_exchange_weak_explicit(
        &w->stack, &top, job, memory_order_release, memory_order_relaxed));

    if (!w->running) {
        ngx_post_event(&w->kick, &ngx_posted_events);
    }
}


bool
ngx_dosis_writer_is_busy(const ngx_dosis_writer_t *w)
{
    return w->deliveries > 0
        || (w->delivered_at != 0
            && ngx_current_msec - w->delivered_at < WRITER_BUSY_MS);
}
