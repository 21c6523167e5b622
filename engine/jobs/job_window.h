/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * job_window.h: some ten thousands of deliveries of one file, in the order in
 * which they cost the store least. No dossier stands twice in a window, so
 * that its deliveries keep the order of the file.
 *
 * What orders a window is the text alone, whatever the rules say of it. What
 * closes one is the text, its memory, which what the rules say is a part of, or
 * a failure; its count says where. So a place in a file, and how many of how
 * many, say exactly what was done.
 *
 * Two threads hand windows to each other through a queue:
 *
 *   reading    take -> add ... -> close -> give
 *   applying   await -> deliver ... -> back
 *
 * Layer      jobs
 * Threads    a window belongs to one thread at a time; a queue to both
 * Blocking   take and await wait for the other thread
 * Memory     create gives (heap), free takes; what stands in a window lives
 *            until back. What a window was filled with once is kept for the
 *            next: JOB_WINDOW_MEMORY, and more only for what is larger alone,
 *            or for one that ends by its count
 * Errors     NULL: the queue was ended; DOSIS_ENOMEM
 */

#ifndef DOSIS_JOBS_JOB_WINDOW_H
#define DOSIS_JOBS_JOB_WINDOW_H

#include <pthread.h>

#include "domain/dosis_csv_dossier.h"
#include "jobs/job_pack.h"
#include "store/dosis_intake.h"

#define JOB_WINDOW_ITEMS  49152
#define JOB_WINDOW_BYTES  ((uint64_t) 12 << 20) /* of text */
#define JOB_WINDOW_MEMORY ((size_t) 40 << 20)   /* of what stands in it */
#define JOB_WINDOW_FIRST  4096 /* items, near the begin: to show soon */
#define JOB_WINDOW_NEAR   ((uint64_t) 1 << 20)
#define JOB_WINDOW_KEYS   131072 /* a power of two */
#define JOB_WINDOW_TOLD   ((size_t) 8 << 20) /* of problems, then one each */
#define JOB_WINDOWS       2

/* One delivery, with the rows it is made of. */
typedef struct {
    job_pack_t *pack; /* the delivery */
    dosis_rc_t verdict; /* of the intake; DOSIS_OK: to be delivered */
    dosis_rc_t tried;   /* of a dry run, and */
    dosis_resultaat_t expected;
    const dosis_csv_rij_t *rij;
    size_t kept;    /* of these */
    uint64_t rijen; /* that it has, of which a part may not be kept */
    uint8_t order[16];
    uint32_t place; /* in the file */
} job_item_t;

/* A place in the text of a file. */
typedef struct {
    uint64_t bytes;
    uint64_t lijn;
    uint64_t gelezen; /* bytes, as sent, that were read for it; about */
} job_place_t;

typedef struct {
    dosis_arena_t *arena;
    job_item_t *item[JOB_WINDOW_ITEMS];
    size_t count;
    size_t done;
    job_place_t from;
    job_place_t to;
    uint64_t key[JOB_WINDOW_KEYS]; /* of its dossiers, a table */
    size_t told;                   /* bytes of problems */
    dosis_slice_t kop;                  /* of the first, in UTF-8 */
    bool last;                          /* of the file, if rc is DOSIS_OK */
    dosis_rc_t rc;                      /* why nothing follows it */
    dosis_err_t why;
} job_window_t;

/* Empties it. */
void job_window_reset(job_window_t *window, const job_place_t *from);

/* Does that dossier stand in it already? If not, it does now. */
bool job_window_holds(job_window_t *window, uint64_t key);

static inline bool
job_window_is_full(const job_window_t *window, uint64_t bytes)
{
    const size_t most = window->from.bytes < JOB_WINDOW_NEAR
        ? JOB_WINDOW_FIRST
        : JOB_WINDOW_ITEMS;

    return window->count >= most
        || bytes - window->from.bytes >= JOB_WINDOW_BYTES;
}

/* Is there room for so much more? In an empty one there is. */
static inline bool
job_window_has_room(const job_window_t *window, size_t bytes)
{
    return window->count == 0
        || dosis_arena_taken(window->arena) + bytes <= JOB_WINDOW_MEMORY;
}

void job_window_sort(job_window_t *window);

typedef struct {
    pthread_mutex_t lock;
    pthread_cond_t moved;
    job_window_t *all[JOB_WINDOWS];
    job_window_t *full[JOB_WINDOWS];
    size_t fulls;
    job_window_t *idle[JOB_WINDOWS];
    size_t idles;
    bool ended;
} job_queue_t;

DOSIS_CHECK dosis_rc_t job_queue_init(job_queue_t *queue);
void job_queue_done(job_queue_t *queue);

job_window_t *job_queue_take(job_queue_t *queue);
void job_queue_give(job_queue_t *queue, job_window_t *window);

/* At most so long; NULL too when nothing came. */
job_window_t *job_queue_await(job_queue_t *queue, long ms);
void job_queue_back(job_queue_t *queue, job_window_t *window);

/* Nobody waits any more. */
void job_queue_end(job_queue_t *queue);
bool job_queue_ended(job_queue_t *queue);

#endif
