/* SPDX-License-Identifier: EUPL-1.2 */
#include "jobs/job_window.h"

#include <stdlib.h>
#include <time.h>

#define ARENA_MAX ((size_t) 192 << 20)


/* --- a window ------------------------------------------------------------ */

void
job_window_reset(job_window_t *window, const job_place_t *from)
{
    dosis_arena_reset(window->arena);
    memset(window->key, 0, sizeof(window->key));
    window->count = 0;
    window->done = 0;
    window->told = 0;
    window->from = window->to = *from;
    window->kop = dosis_slice(NULL, 0);
    window->last = false;
    window->rc = DOSIS_OK;
    dosis_err_init(&window->why);
}


bool
job_window_holds(job_window_t *window, uint64_t key)
{
    const size_t mask = JOB_WINDOW_KEYS - 1;
    size_t at;

    key += key == 0; /* which stands for nothing */
    for (at = key & mask; window->key[at] != 0; at = (at + 1) & mask) {
        if (window->key[at] == key) {
            return true;
        }
    }
    window->key[at] = key;
    return false;
}


static int
compare(const void *a, const void *b)
{
    const job_item_t *one = *(const job_item_t *const *) a;
    const job_item_t *other = *(const job_item_t *const *) b;
    int cmp = memcmp(one->order, other->order, sizeof(one->order));

    return cmp != 0 ? cmp : (one->place > other->place ? 1 : -1);
}


void
job_window_sort(job_window_t *window)
{
    qsort(window->item, window->count, sizeof(window->item[0]), compare);
}


/* --- the queue ----------------------------------------------------------- */

dosis_rc_t
job_queue_init(job_queue_t *queue)
{
    size_t i;
    pthread_condattr_t attr;

    memset(queue, 0, sizeof(*queue));
    (void) pthread_mutex_init(&queue->lock, NULL);
    (void) pthread_condattr_init(&attr);
    (void) pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    (void) pthread_cond_init(&queue->moved, &attr);
    (void) pthread_condattr_destroy(&attr);
    for (i = 0; i < JOB_WINDOWS; i++) {
        queue->all[i] = calloc(1, sizeof(*queue->all[i]));
        if (queue->all[i] == NULL) {
            return DOSIS_ENOMEM;
        }
        queue->all[i]->arena
            = dosis_arena_create_of(JOB_WINDOW_MEMORY, ARENA_MAX);
        if (queue->all[i]->arena == NULL) {
            return DOSIS_ENOMEM;
        }
        queue->idle[queue->idles++] = queue->all[i];
    }
    return DOSIS_OK;
}


void
job_queue_done(job_queue_t *queue)
{
    size_t i;

    for (i = 0; i < JOB_WINDOWS && queue->all[i] != NULL; i++) {
        dosis_arena_free(queue->all[i]->arena);
        free(queue->all[i]);
    }
    (void) pthread_cond_destroy(&queue->moved);
    (void) pthread_mutex_destroy(&queue->lock);
}


job_window_t *
job_queue_take(job_queue_t *queue)
{
    job_window_t *window = NULL;

    (void) pthread_mutex_lock(&queue->lock);
    while (queue->idles == 0 && !queue->ended) {
        (void) pthread_cond_wait(&queue->moved, &queue->lock);
    }
    if (!queue->ended) {
        window = queue->idle[--queue->idles];
    }
    (void) pthread_mutex_unlock(&queue->lock);
    return window;
}


void
job_queue_give(job_queue_t *queue, job_window_t *window)
{
    (void) pthread_mutex_lock(&queue->lock);
    queue->full[queue->fulls++] = window;
    (void) pthread_cond_broadcast(&queue->moved);
    (void) pthread_mutex_unlock(&queue->lock);
}


job_window_t *
job_queue_await(job_queue_t *queue, long ms)
{
    size_t i;
    job_window_t *window = NULL;
    struct timespec until;

    (void) clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += ms * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    (void) pthread_mutex_lock(&queue->lock);
    while (queue->fulls == 0 && !queue->ended
        && pthread_cond_timedwait(&queue->moved, &queue->lock, &until) == 0) {
        continue;
    }
    if (queue->fulls > 0) {
        window = queue->full[0];
        queue->fulls--;
        for (i = 0; i < queue->fulls; i++) {
            queue->full[i] = queue->full[i + 1];
        }
    }
    (void) pthread_mutex_unlock(&queue->lock);
    return window;
}


void
job_queue_back(job_queue_t *queue, job_window_t *window)
{
    (void) pthread_mutex_lock(&queue->lock);
    queue->idle[queue->idles++] = window;
    (void) pthread_cond_broadcast(&queue->moved);
    (void) pthread_mutex_unlock(&queue->lock);
}


void
job_queue_end(job_queue_t *queue)
{
    (void) pthread_mutex_lock(&queue->lock);
    queue->ended = true;
    (void) pthread_cond_broadcast(&queue->moved);
    (void) pthread_mutex_unlock(&queue->lock);
}


bool
job_queue_ended(job_queue_t *queue)
{
    bool ended;

    (void) pthread_mutex_lock(&queue->lock);
    ended = queue->ended;
    (void) pthread_mutex_unlock(&queue->lock);
    return ended;
}
