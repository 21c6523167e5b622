/* SPDX-License-Identifier: EUPL-1.2 */

#include "writer/ngx_dosis_spool.h"

#include <ngx_thread_pool.h>

#include "ngx_dosis_worker.h"

#define SPOOL_WAIT_MS 60000
#define SPOOL_LOOK_BYTES ((uint64_t) 16 << 20)

static struct {
    ngx_thread_pool_t *threads;
    ngx_uint_t places;
    ngx_dosis_spool_t place[NGX_DOSIS_SPOOL_PLACES_MAX];
} spools;


static const char *
spool_dir(void)
{
    return (const char *) ngx_dosis_worker()->conf->store.data;
}


dosis_rc_t
ngx_dosis_spool_has_room(uint64_t bytes)
{
    dosis_rc_t rc;
    uint64_t room = 0;
    uint64_t reserve = (uint64_t) ngx_dosis_worker()->conf->csv_reserve;

    rc = dosis_spool_room(spool_dir(), &room);
    if (rc != DOSIS_OK) {
        return rc;
    }
    return (room >= reserve && room - reserve >= bytes) ? DOSIS_OK
                                                        : DOSIS_EFULL;
}


/* --- the thread ---------------------------------------------------------- */

/* Others fill the disk as well. */
static dosis_rc_t
thread_look(ngx_dosis_spool_t *spool)
{
    uint64_t bytes = dosis_spool_bytes(spool->file);

    if (bytes - spool->looked_at < SPOOL_LOOK_BYTES) {
        return DOSIS_OK;
    }
    spool->looked_at = bytes;
    return ngx_dosis_spool_has_room(0);
}


static dosis_rc_t
thread_add(ngx_dosis_spool_t *spool)
{
    dosis_rc_t rc = DOSIS_OK;

    if (spool->file == NULL) {
        rc = dosis_spool_create(spool_dir(), &spool->file);
    }
    if (rc == DOSIS_OK) {
        rc = dosis_spool_add(spool->file, dosis_reader_crypt(spool->reader),
            dosis_slice(spool->block, spool->fill));
    }
    return (rc == DOSIS_OK) ? thread_look(spool) : rc;
}


static dosis_rc_t
thread_keep(ngx_dosis_spool_t *spool)
{
    dosis_rc_t rc = thread_add(spool);

    if (rc == DOSIS_OK) {
        rc = dosis_spool_finish(spool->file, dosis_reader_crypt(spool->reader));
    }
    if (rc == DOSIS_OK) {
        rc = dosis_spool_keep(spool->file);
    }
    if (rc == DOSIS_OK) {
        memcpy(spool->id, dosis_spool_id(spool->file), DOSIS_SPOOL_ID);
        spool->print = dosis_spool_print(spool->file);
        dosis_spool_free(spool->file);
        spool->file = NULL;
    }
    return rc;
}


/* Either waits for the file system when the file is large. */
static dosis_rc_t
thread_drop(ngx_dosis_spool_t *spool)
{
    dosis_rc_t rc = DOSIS_OK;

    if (spool->forget) {
        rc = dosis_spool_remove(spool_dir(), spool->id);
    }
    dosis_spool_free(spool->file);
    spool->file = NULL;
    return rc;
}


static void
thread_run(void *data, ngx_log_t *log)
{
    static dosis_rc_t (*const steps[])(ngx_dosis_spool_t *) = {
        [NGX_DOSIS_SPOOL_ADD] = thread_add,
        [NGX_DOSIS_SPOOL_KEEP] = thread_keep,
        [NGX_DOSIS_SPOOL_DROP] = thread_drop,
    };
    ngx_dosis_spool_t *spool = *(ngx_dosis_spool_t **) data;

    spool->rc = steps[spool->step](spool);
}


/* --- the loop ------------------------------------------------------------ */

static void
place_free(ngx_dosis_spool_t *spool)
{
    if (spool->block != NULL) {
        explicit_bzero(spool->block, NGX_DOSIS_SPOOL_BLOCK);
        free(spool->block);
    }
    dosis_spool_free(spool->file);
    spool->block = NULL;
    spool->file = NULL;
    spool->taken = false;
}


ngx_dosis_spool_t *
ngx_dosis_spool_take(void)
{
    ngx_uint_t i;
    dosis_store_t *store = ngx_dosis_worker()->store;
    ngx_dosis_spool_t *spool;

    for (i = 0; i < spools.places && spools.place[i].taken; i++) { /* void */
    }
    if (i == spools.places || store == NULL) {
        return NULL;
    }
    spool = &spools.place[i];
    if (spool->reader == NULL
        && dosis_reader_create(store, &spool->reader) != DOSIS_OK) {
        return NULL;
    }
    spool->block = malloc(NGX_DOSIS_SPOOL_BLOCK);
    if (spool->block == NULL) {
        return NULL;
    }
    spool->taken = true;
    spool->busy = spool->given = spool->forget = false;
    spool->fill = 0;
    spool->bytes = spool->looked_at = 0;
    spool->on_done = NULL;
    spool->owner = NULL;
    return spool;
}


bool
ngx_dosis_spool_post(ngx_dosis_spool_t *spool, ngx_dosis_spool_step_t step)
{
    spool->step = step; /* before its thread can look */
    if (ngx_thread_task_post(spools.threads, spool->thread) != NGX_OK) {
        return false;
    }
    spool->busy = true;
    ngx_add_timer(&spool->thread->event, SPOOL_WAIT_MS);
    return true;
}


static void
spool_drop(ngx_dosis_spool_t *spool)
{
    if (!ngx_dosis_spool_post(spool, NGX_DOSIS_SPOOL_DROP)) {
        spool->rc = thread_drop(spool);
        place_free(spool);
    }
}


void
ngx_dosis_spool_give(ngx_dosis_spool_t *spool, bool forget)
{
    if (spool == NULL) {
        return;
    }
    spool->given = true;
    spool->forget = forget;
    if (spool->busy) {
        return;
    }
    if (spool->file == NULL && !forget) {
        place_free(spool);
    } else {
        spool_drop(spool);
    }
}


static void
spool_on_done(ngx_event_t *ev)
{
    ngx_dosis_spool_t *spool = ev->data;

    if (!ev->complete) {
        ev->timedout = 0;
        ngx_add_timer(ev, SPOOL_WAIT_MS);
        return;
    }
    ev->complete = 0;
    if (ev->timer_set) {
        ngx_del_timer(ev);
    }
    spool->busy = false;
    if (spool->step == NGX_DOSIS_SPOOL_DROP) {
        if (spool->rc != DOSIS_OK) {
            ngx_log_error(NGX_LOG_ERR, ngx_cycle->log, 0,
                "file not removed from the spool, left to the engine: rc=%s",
                dosis_rc_name(spool->rc));
        }
        place_free(spool);
        return;
    }
    spool->bytes += spool->fill;
    spool->fill = 0;
    if (spool->given) {
        spool_drop(spool);
    } else {
        spool->on_done(spool);
    }
}


ngx_int_t
ngx_dosis_spool_init(ngx_cycle_t *cycle, ngx_thread_pool_t *threads)
{
    ngx_uint_t i;
    ngx_dosis_spool_t *spool;

    spools.threads = threads;
    spools.places = ngx_dosis_worker()->conf->csv_uploads;
    for (i = 0; i < spools.places; i++) {
        spool = &spools.place[i];
        spool->thread = ngx_thread_task_alloc(cycle->pool, sizeof(spool));
        if (spool->thread == NULL) {
            return NGX_ERROR;
        }
        *(ngx_dosis_spool_t **) spool->thread->ctx = spool;
        spool->thread->handler = thread_run;
        spool->thread->event.data = spool;
        spool->thread->event.handler = spool_on_done;
        spool->thread->event.log = cycle->log;
    }
    return NGX_OK;
}


/* A kept file stays: its record may be on disk. The engine sweeps. */
void
ngx_dosis_spool_exit(void)
{
    ngx_uint_t i;

    for (i = 0; i < spools.places; i++) {
        place_free(&spools.place[i]);
        dosis_reader_free(spools.place[i].reader);
    }
    ngx_memzero(&spools, sizeof(spools));
}
