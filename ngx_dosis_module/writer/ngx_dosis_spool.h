/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ngx_dosis_spool.h: files that come in: what the event loop gathers in a
 * block is sealed and written on a thread, one block at a time.
 *
 *   take      the loop: one of few places; begins with an empty block
 *   post      the loop: a step for the thread; the place is the thread's now
 *   on_done   the loop: the step is done, the place is the loop's again
 *   give      the loop: the place is free once the thread has let go
 *
 * Layer      module
 * Threads    the event loop, but for the steps: those run on a thread of
 *            dosis_read_pool, one thread for one place. The thread sees no
 *            request and no pool of nginx
 * Blocking   only the steps
 * Memory     the heap: a block and what the file needs, from take to give
 * Errors     take: NULL, all places are taken or there is no store. rc of a
 *            step: as dosis_spool.h; DOSIS_EFULL too when less is left on the
 *            disk than the reserve
 *
 * A file that was not kept leaves nothing behind. A place carries a timer
 * while its thread runs, so that a worker that shuts down waits for it.
 */

#ifndef NGX_DOSIS_SPOOL_H
#define NGX_DOSIS_SPOOL_H

#include "ngx_dosis_module.h"
#include "store/dosis_read.h"
#include "store/dosis_spool.h"

#define NGX_DOSIS_SPOOL_BLOCK ((size_t) 256 << 10)
#define NGX_DOSIS_SPOOL_PLACES_MAX 64

typedef enum {
    NGX_DOSIS_SPOOL_ADD,  /* the block, which is empty then */
    NGX_DOSIS_SPOOL_KEEP, /* the block, and all of it on disk */
    NGX_DOSIS_SPOOL_DROP  /* given up, or told to forget what was kept */
} ngx_dosis_spool_step_t;

typedef struct ngx_dosis_spool_s ngx_dosis_spool_t;
typedef void (*ngx_dosis_spool_pt)(ngx_dosis_spool_t *spool);

struct ngx_dosis_spool_s {
    char *block; /* NGX_DOSIS_SPOOL_BLOCK bytes */
    size_t fill;
    uint64_t bytes; /* handed to the thread before those */
    ngx_dosis_spool_pt on_done;
    void *owner;
    dosis_rc_t rc;              /* of the last step */
    uint8_t id[DOSIS_SPOOL_ID]; /* once it was kept, */
    uint64_t print;             /*   what its bytes come to */

    /* of this file alone */
    bool taken;
    bool busy;   /* the thread's */
    bool given;  /* nobody waits for it any more */
    bool forget; /* remove what was kept */
    ngx_dosis_spool_step_t step;
    ngx_thread_task_t *thread;
    dosis_reader_t *reader; /* for its crypt context alone */
    dosis_spool_t *file;
    uint64_t looked_at; /* bytes, at the last look at the free space */
};

ngx_dosis_spool_t *ngx_dosis_spool_take(void);

/* false: no thread takes it, and on_done will not be called. */
bool ngx_dosis_spool_post(
    ngx_dosis_spool_t *spool, ngx_dosis_spool_step_t step);

/* NULL is fine. forget: a kept file is removed. */
void ngx_dosis_spool_give(ngx_dosis_spool_t *spool, bool forget);

/* Is there room for a file of so many bytes, and the reserve? */
DOSIS_CHECK dosis_rc_t ngx_dosis_spool_has_room(uint64_t bytes);

/* Hooks of the worker. Exit: after the thread pools have ended. */
ngx_int_t ngx_dosis_spool_init(ngx_cycle_t *cycle, ngx_thread_pool_t *threads);
void ngx_dosis_spool_exit(void);

#endif
