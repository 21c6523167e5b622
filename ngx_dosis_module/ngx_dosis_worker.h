/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ngx_dosis_worker.h: what one worker process holds: the store, its reader,
 * its writer, the token cache and the scratch memory of the event loop.
 *
 * Layer      module
 * Threads    the event loop; only the writer has a part for its thread
 * Blocking   opening the store reads and maps files: at start, and at most
 *            once a second while there is none
 * Memory     opened after the fork, closed when the worker exits
 * Errors     a worker without a store runs on and has no reader; one whose
 *            store can only be read reads, until writing is possible again:
 *            then it makes room for a new worker, as it does when its store
 *            does not recover from an error of the disk
 */

#ifndef NGX_DOSIS_WORKER_H
#define NGX_DOSIS_WORKER_H

#include "auth/ngx_dosis_token_cache.h"
#include "ngx_dosis_conf.h"
#include "store/dosis_read.h"
#include "writer/ngx_dosis_writer.h"

/* What /health/ready and nobody else looks at; at most 1 s old. */
typedef struct {
    time_t looked_at;
    bool engine;           /* its heartbeat is young */
    unsigned map_percent;  /* of the map in use */
    unsigned disk_percent; /* of the file system in use */
} ngx_dosis_health_t;

typedef struct {
    const ngx_dosis_main_conf_t *conf;
    dosis_store_t *store;
    bool read_only; /* it could not be opened to write */
    dosis_reader_t *reader;
    ngx_dosis_writer_t *writer;
    ngx_dosis_token_cache_t *tokens;
    ngx_msec_t tried_at;    /* the last attempt to open the store */
    dosis_rc_t opened;      /* how it ended */
    dosis_rc_t seen;        /* of the last snapshot */
    bool leaving;           /* it has asked to be replaced */
    dosis_arena_t *scratch; /* one call */
    dosis_buf_t out;        /* one answer */
    dosis_buf_t spare;      /* the next one, when that is on its way */
    ngx_dosis_health_t health;
} ngx_dosis_worker_t;

/* Hooks of the module. */
ngx_int_t ngx_dosis_worker_init(ngx_cycle_t *cycle);
void ngx_dosis_worker_exit(ngx_cycle_t *cycle);

/* The one of this process. */
ngx_dosis_worker_t *ngx_dosis_worker(void);

/* How a snapshot began: a line when that changes. */
void ngx_dosis_worker_saw(dosis_rc_t rc);

/* The reader, or NULL while there is no store to read. */
dosis_reader_t *ngx_dosis_worker_reader(void);

/* Empties the scratch arena and lends it until the next call. */
dosis_arena_t *ngx_dosis_worker_scratch(void);

/* Empties the answer buffer and lends it until the next call. */
dosis_buf_t *ngx_dosis_worker_out(void);

/*
 * Lends the buffer that holds this answer for as long as it is on its way, so
 * that it need not be copied; false: it is none of ours, or a large one.
 */
bool ngx_dosis_worker_lend(dosis_slice_t answer, dosis_buf_t *ret);

/* What was lent comes back; an empty one is fine. */
void ngx_dosis_worker_take_back(dosis_buf_t *lent);

const ngx_dosis_health_t *ngx_dosis_worker_health(void);

/* The wall clock of the event loop. */
int64_t ngx_dosis_now_ns(void);

#endif
