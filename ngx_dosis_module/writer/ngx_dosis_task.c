/* SPDX-License-Identifier: EUPL-1.2 */

#include "writer/ngx_dosis_task.h"

#include <ngx_thread_pool.h>

#include "ngx_dosis_worker.h"

#define TASK_WAIT_MS 60000

/* A reader, and the thread that may be using it. */
typedef struct {
    dosis_reader_t *reader;
    ngx_thread_task_t *thread;
    ngx_dosis_task_t *task; /* NULL: free */
} task_slot_t;

static struct {
    ngx_thread_pool_t *threads;
    task_slot_t slot[NGX_DOSIS_TASK_READERS];
    ngx_dosis_task_t *first; /* of those that wait */
    ngx_dosis_task_t *last;
    ngx_uint_t waiting;
} tasks;


ngx_dosis_task_t *
ngx_dosis_task_create(size_t arena_max)
{
    dosis_arena_t *arena = dosis_arena_create(arena_max);
    ngx_dosis_task_t *task;

    if (arena == NULL) {
        return NULL;
    }
    task = dosis_arena_zalloc(arena, sizeof(*task));
    if (task == NULL) {
        dosis_arena_free(arena);
        return NULL;
    }
    task->arena = arena;
    return task;
}


void
ngx_dosis_task_free(ngx_dosis_task_t *task)
{
    if (task != NULL) {
        ngx_dosis_listen_end(&task->listener);
        dosis_arena_free(task->arena);
    }
}


static void
thread_run(void *data, ngx_log_t *log)
{
    task_slot_t *slot = *(task_slot_t **) data;

    slot->task->rc = dosis_reader_begin(slot->reader);
    if (slot->task->rc == DOSIS_OK) {
        slot->task->work(slot->task, slot->reader);
        dosis_reader_end(slot->reader);
    }
}


/* A reader is made when it is first needed, and kept. */
static dosis_rc_t
slot_start(task_slot_t *slot, ngx_dosis_task_t *task)
{
    dosis_rc_t rc;
    dosis_store_t *store = ngx_dosis_worker()->store;

    if (store == NULL) {
        return DOSIS_EBUSY;
    }
    if (slot->reader == NULL) {
        rc = dosis_reader_create(store, &slot->reader);
        if (rc != DOSIS_OK) {
            return rc;
        }
    }
    slot->task = task; /* before its thread can look */
    if (ngx_thread_task_post(tasks.threads, slot->thread) != NGX_OK) {
        slot->task = NULL;
        return DOSIS_EBUSY;
    }
    ngx_add_timer(&slot->thread->event, TASK_WAIT_MS);
    return DOSIS_OK;
}


static ngx_dosis_task_t *
queue_take(void)
{
    ngx_dosis_task_t *task = tasks.first;

    if (task != NULL) {
        tasks.first = task->next;
        tasks.waiting--;
    }
    return task;
}


static dosis_rc_t
queue_add(ngx_dosis_task_t *task)
{
    if (tasks.waiting == NGX_DOSIS_TASK_QUEUE) {
        return DOSIS_EBUSY;
    }
    task->next = NULL;
    if (tasks.first == NULL) {
        tasks.first = task;
    } else {
        tasks.last->next = task;
    }
    tasks.last = task;
    tasks.waiting++;
    return DOSIS_OK;
}


/* The reader goes on to the next that waits, before this one is answered. */
static void
task_on_done(ngx_event_t *ev)
{
    ngx_dosis_task_t *next;
    task_slot_t *slot = ev->data;
    ngx_dosis_task_t *task = slot->task;

    if (!ev->complete) {
        ev->timedout = 0;
        ngx_add_timer(ev, TASK_WAIT_MS);
        return;
    }
    ev->complete = 0;
    if (ev->timer_set) {
        ngx_del_timer(ev);
    }

    slot->task = NULL;
    ngx_dosis_worker_saw(task->rc);
    task->rc = dosis_store_trouble(task->rc);
    while (slot->task == NULL && (next = queue_take()) != NULL) {
        next->rc = slot_start(slot, next);
        if (next->rc != DOSIS_OK) {
            next->done(next);
        }
    }
    task->done(task);
}


dosis_rc_t
ngx_dosis_task_post(ngx_dosis_task_t *task)
{
    ngx_uint_t i;

    for (i = 0; i < NGX_DOSIS_TASK_READERS; i++) {
        if (tasks.slot[i].task == NULL) {
            return slot_start(&tasks.slot[i], task);
        }
    }
    return queue_add(task);
}


ngx_int_t
ngx_dosis_task_init(ngx_cycle_t *cycle, ngx_thread_pool_t *threads)
{
    ngx_uint_t i;
    task_slot_t *slot;

    tasks.threads = threads;
    for (i = 0; i < NGX_DOSIS_TASK_READERS; i++) {
        slot = &tasks.slot[i];
        slot->thread = ngx_thread_task_alloc(cycle->pool, sizeof(slot));
        if (slot->thread == NULL) {
            return NGX_ERROR;
        }
        *(task_slot_t **) slot->thread->ctx = slot;
        slot->thread->handler = thread_run;
        slot->thread->event.data = slot;
        slot->thread->event.handler = task_on_done;
        slot->thread->event.log = cycle->log;
    }
    return NGX_OK;
}


void
ngx_dosis_task_exit(void)
{
    ngx_uint_t i;
    ngx_dosis_task_t *task;

    while ((task = queue_take()) != NULL) {
        task->listener.r = NULL; /* requests are gone by now */
        ngx_dosis_task_free(task);
    }
    for (i = 0; i < NGX_DOSIS_TASK_READERS; i++) {
        task = tasks.slot[i].task;
        if (task != NULL) {
            task->listener.r = NULL;
            ngx_dosis_task_free(task);
        }
        dosis_reader_free(tasks.slot[i].reader);
    }
    ngx_memzero(&tasks, sizeof(tasks));
}
