/* SPDX-License-Identifier: EUPL-1.2 */

#include "ngx_dosis_worker.h"

#include <malloc.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>

#include "auth/ngx_dosis_issuers.h"
#include "auth/ngx_dosis_opaque.h"
#include "base/dosis_time.h"
#include "http/ngx_dosis_later.h"
#include "http/ngx_dosis_stream.h"
#include "store/dosis_store.h"
#include "writer/ngx_dosis_inzage.h"
#include "writer/ngx_dosis_spool.h"
#include "writer/ngx_dosis_task.h"

#define WORKER_SCRATCH_BYTES ((size_t) 1 << 20)
#define WORKER_OUT_BYTES ((size_t) 16 << 20)
#define WORKER_OUT_KEEP_BYTES ((size_t) 1 << 20)
#define WORKER_OUT_LEND_BYTES ((size_t) 32 << 10)
#define WORKER_HEARTBEAT_MAX_S 10
#define WORKER_MMAP_BYTES (128 << 10)
#define WORKER_TRY_MS 1000
#define WORKER_RENEW_MS 5000
#define WORKER_SLICE_NS 300000

/* sched_setattr(2); glibc has neither it nor this, until 2.41. */
typedef struct {
    uint32_t size;
    uint32_t policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t runtime;
    uint64_t deadline;
    uint64_t period;
} worker_sched_t;

static ngx_dosis_worker_t worker;
static ngx_connection_t worker_dummy; /* what nginx wants in a timer's data */
static ngx_event_t worker_rest;
static ngx_event_t worker_begun; /* the loop, and every thread of the pools */


static bool
worker_is_worker(void)
{
    return ngx_process == NGX_PROCESS_WORKER
        || ngx_process == NGX_PROCESS_SINGLE;
}


static dosis_rc_t
worker_open(ngx_cycle_t *cycle, bool starting)
{
    dosis_rc_t rc;
    dosis_store_options_t options = {
        .dir = (const char *) worker.conf->store.data,
        .kek = worker.conf->kek,
        .hurry = !starting,
        .map_bytes = (size_t) worker.conf->map_bytes,
    };

    rc = dosis_store_open(&options, &worker.store);
    if (rc == DOSIS_EDENIED) {
        options.read_only = true;
        rc = dosis_store_open(&options, &worker.store);
    }
    if (rc != DOSIS_OK) {
        return rc;
    }
    rc = dosis_reader_create(worker.store, &worker.reader);
    if (rc != DOSIS_OK) {
        dosis_store_close(worker.store);
        worker.store = NULL;
        return rc;
    }
    worker.read_only = options.read_only;
    ngx_dosis_writer_attach(worker.writer, worker.store);
    if (worker.read_only) {
        ngx_log_error(NGX_LOG_ERR, cycle->log, 0,
            "dosis store open to read only, answering deliveries 503: dir=%V",
            &worker.conf->store);
    } else {
        ngx_log_error(NGX_LOG_NOTICE, cycle->log, 0,
            "dosis store open: dir=%V", &worker.conf->store);
    }
    return DOSIS_OK;
}


/*
 * A line when the reason changes, not at every attempt. Only a worker that is
 * starting waits for another's recovery: later its loop has others to answer.
 */
static void
worker_try_open(ngx_cycle_t *cycle, bool starting)
{
    dosis_rc_t rc;
    char why[DOSIS_STORE_WHY];
    const char *dir = (const char *) worker.conf->store.data;

    worker.tried_at = ngx_current_msec;
    rc = worker_open(cycle, starting);
    if (rc != DOSIS_OK && rc != worker.opened) {
        ngx_log_error(NGX_LOG_ERR, cycle->log, 0,
            "dosis store not open, answering 503: rc=%s dir=%s (%s)",
            dosis_rc_name(rc), dir, dosis_store_why(dir, rc, why));
    }
    worker.opened = rc;
}


/* A worker that has not written for a while keeps no pages from the others. */
static void
worker_on_rest(ngx_event_t *ev)
{
    if (worker.store != NULL) {
        dosis_store_rest(worker.store);
    }
    ngx_add_timer(ev, DOSIS_REST_MS);
}


static void
worker_rest_init(ngx_cycle_t *cycle)
{
    worker_dummy.fd = (ngx_socket_t) -1;
    worker_rest.data = &worker_dummy;
    worker_rest.log = cycle->log;
    worker_rest.handler = worker_on_rest;
    worker_rest.cancelable = 1;
    ngx_add_timer(&worker_rest, DOSIS_REST_MS);
}


/* NGINX lets its workers leave a core; here only who asks for one gets it. */
static void
worker_guard(ngx_cycle_t *cycle)
{
    const ngx_core_conf_t *core = (const ngx_core_conf_t *) ngx_get_conf(
        cycle->conf_ctx, ngx_core_module);

    if (core->rlimit_core == NGX_CONF_UNSET || core->rlimit_core == 0) {
        dosis_secret_guard();
    }
}


/*
 * The loop takes the processor for less at a time than is usual (1.4 ms on two
 * of them), and so gets it sooner. From Linux 6.12 on; elsewhere, and where a
 * sandbox forbids it, all stays as it was. Threads that are there keep theirs.
 */
static void
worker_on_begun(ngx_event_t *ev)
{
    worker_sched_t attr;

    ngx_memzero(&attr, sizeof(attr));
    if (syscall(SYS_sched_getattr, 0, &attr, sizeof(attr), 0) == 0
        && attr.policy == SCHED_OTHER) {
        attr.runtime = WORKER_SLICE_NS;
        (void) syscall(SYS_sched_setattr, 0, &attr, 0);
    }
}


ngx_int_t
ngx_dosis_worker_init(ngx_cycle_t *cycle)
{
    const ngx_dosis_main_conf_t *conf;

    conf = ngx_http_cycle_get_module_main_conf(cycle, ngx_dosis_module);
    if (conf == NULL || !conf->enabled) {
        return NGX_OK;
    }
    worker_guard(cycle); /* a cache manager holds the keys as well */
    if (!worker_is_worker()) {
        return NGX_OK;
    }

    worker.conf = conf;
    dosis_json_init();
    /* fixed: glibc would raise it, and keep what one large body took */
    (void) mallopt(M_MMAP_THRESHOLD, WORKER_MMAP_BYTES);
    dosis_buf_init(&worker.out, WORKER_OUT_BYTES);
    dosis_buf_init(&worker.spare, WORKER_OUT_BYTES);
    worker.scratch = dosis_arena_create(WORKER_SCRATCH_BYTES);
    worker.tokens =
        ngx_dosis_token_cache_create(cycle->pool, conf->token_cache);
    worker.writer = ngx_dosis_writer_create(
        cycle, conf->threads, conf->queue_max, conf->batch_max);
    if (worker.scratch == NULL || worker.tokens == NULL
        || worker.writer == NULL
        || ngx_dosis_issuers_init(cycle) != NGX_OK
        || ngx_dosis_task_init(cycle, conf->read_threads) != NGX_OK
        || ngx_dosis_spool_init(cycle, conf->read_threads) != NGX_OK) {
        return NGX_ERROR;
    }
    ngx_dosis_later_init(cycle);
    ngx_dosis_stream_init(cycle);
    ngx_dosis_inzage_init(cycle);
    ngx_dosis_opaque_init();
    worker_rest_init(cycle);
    worker_begun.log = cycle->log;
    worker_begun.handler = worker_on_begun;
    ngx_post_event(&worker_begun, &ngx_posted_events);
    worker_try_open(cycle, true);
    return NGX_OK;
}


/* The thread pools have ended by now: their module comes before this one. */
void
ngx_dosis_worker_exit(ngx_cycle_t *cycle)
{
    if (worker.conf == NULL) {
        return;
    }
    ngx_dosis_task_exit();
    ngx_dosis_spool_exit();
    ngx_dosis_writer_free(worker.writer);
    ngx_dosis_inzage_exit(cycle, worker.store);
    ngx_dosis_token_cache_free(worker.tokens);
    ngx_dosis_issuers_exit();
    dosis_reader_free(worker.reader);
    dosis_store_close(worker.store);
    dosis_arena_free(worker.scratch);
    dosis_buf_done(&worker.out);
    dosis_buf_done(&worker.spare);
    ngx_memzero(&worker, sizeof(worker));
}


ngx_dosis_worker_t *
ngx_dosis_worker(void)
{
    return &worker;
}


/*
 * A process never opens a store twice, and this one may be in use: the new
 * worker that the master starts opens it.
 */
static void
worker_make_room(const char *why)
{
    if (ngx_process != NGX_PROCESS_WORKER || worker.leaving) {
        return;
    }
    worker.leaving = true;
    ngx_quit = 1;
    ngx_log_error(NGX_LOG_NOTICE, ngx_cycle->log, 0,
        "dosis store %s, making room for a new worker: dir=%V", why,
        &worker.conf->store);
}


static void
worker_try_write(void)
{
    char path[NGX_MAX_PATH];

    worker.tried_at = ngx_current_msec;
    (void) snprintf(path, sizeof(path), "%s/CURRENT",
        (const char *) worker.conf->store.data);
    if (access(path, W_OK) == 0) {
        worker_make_room("can be written again");
    }
}


/* Not by the clock on the wall, which may be set back. */
static bool
worker_last_tried(ngx_msec_t ms)
{
    return ngx_current_msec - worker.tried_at >= ms;
}


dosis_reader_t *
ngx_dosis_worker_reader(void)
{
    if (worker.read_only && worker_last_tried(WORKER_TRY_MS)) {
        worker_try_write();
    }
    if (worker.reader == NULL && worker_last_tried(WORKER_TRY_MS)) {
        worker_try_open((ngx_cycle_t *) ngx_cycle, false);
    }
    return worker.reader;
}


void
ngx_dosis_worker_saw(dosis_rc_t rc)
{
    /* what LMDB gave up on stays given up in this process */
    if (rc == DOSIS_EIO && worker_last_tried(WORKER_RENEW_MS)) {
        worker_make_room("does not recover");
    }
    if (rc == worker.seen) {
        return;
    }
    worker.seen = rc;
    if (rc == DOSIS_OK) {
        ngx_log_error(NGX_LOG_NOTICE, ngx_cycle->log, 0,
            "dosis store can be read again: dir=%V", &worker.conf->store);
    } else {
        ngx_log_error(NGX_LOG_ERR, ngx_cycle->log, 0,
            "dosis store cannot be read, answering 503: rc=%s dir=%V (%s)",
            dosis_rc_name(rc), &worker.conf->store, dosis_rc_text(rc));
    }
}


dosis_arena_t *
ngx_dosis_worker_scratch(void)
{
    dosis_arena_reset(worker.scratch);
    return worker.scratch;
}


/* What one very long answer took is given back at the next. */
static bool
worker_out_is_too_large(void)
{
    return worker.out.cap > WORKER_OUT_KEEP_BYTES
        || (worker.out.cap > WORKER_OUT_LEND_BYTES
            && worker.out.len <= WORKER_OUT_LEND_BYTES);
}


dosis_buf_t *
ngx_dosis_worker_out(void)
{
    if (worker_out_is_too_large()) {
        dosis_buf_done(&worker.out);
        dosis_buf_init(&worker.out, WORKER_OUT_BYTES);
    }
    dosis_buf_reset(&worker.out);
    return &worker.out;
}


bool
ngx_dosis_worker_lend(dosis_slice_t answer, dosis_buf_t *ret)
{
    if (answer.data == NULL || answer.data != worker.out.data
        || worker.out.cap > WORKER_OUT_LEND_BYTES) {
        return false;
    }
    *ret = worker.out;
    worker.out = worker.spare;
    dosis_buf_init(&worker.spare, WORKER_OUT_BYTES);
    return true;
}


void
ngx_dosis_worker_take_back(dosis_buf_t *lent)
{
    if (lent->data != NULL && worker.conf != NULL
        && worker.spare.data == NULL) {
        worker.spare = *lent;
        ngx_memzero(lent, sizeof(*lent));
    } else {
        dosis_buf_done(lent);
    }
}


/* One that lies ahead is from before the clock was set back: not young. */
static bool
health_engine(void)
{
    time_t age;
    char path[NGX_MAX_PATH];
    struct stat info;

    (void) snprintf(path, sizeof(path), "%s/heartbeat",
        (const char *) worker.conf->store.data);
    if (stat(path, &info) != 0) {
        return false;
    }
    age = ngx_time() - info.st_mtime;
    return age <= WORKER_HEARTBEAT_MAX_S && age >= -WORKER_HEARTBEAT_MAX_S;
}


static unsigned
health_disk(void)
{
    struct statvfs info;
    uint64_t used;

    if (statvfs((const char *) worker.conf->store.data, &info) != 0
        || info.f_blocks == 0) {
        return 0;
    }
    used = info.f_blocks - info.f_bfree;
    return (unsigned) (used * 100 / (used + info.f_bavail + 1));
}


static unsigned
health_map(void)
{
    dosis_store_state_t state;

    if (worker.store == NULL
        || dosis_store_state(worker.store, &state) != DOSIS_OK
        || state.map_bytes == 0) {
        return 0;
    }
    return (unsigned) (state.used_bytes / (state.map_bytes / 100 + 1));
}


const ngx_dosis_health_t *
ngx_dosis_worker_health(void)
{
    if (worker.health.looked_at != ngx_time()) {
        worker.health.looked_at = ngx_time();
        worker.health.engine = health_engine();
        worker.health.disk_percent = health_disk();
        worker.health.map_percent = health_map();
    }
    return &worker.health;
}


int64_t
ngx_dosis_now_ns(void)
{
    ngx_time_t *now = ngx_timeofday();

    return (int64_t) now->sec * DOSIS_NS_PER_S
        + (int64_t) now->msec * DOSIS_NS_PER_MS;
}
