/* SPDX-License-Identifier: EUPL-1.2 */
/* dosisd: options, start order, signals, stop order. */
#include "daemon/dosisd.h"

#include <errno.h>
#include <malloc.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/dosis_json.h"
#include "crypto/dosis_secret.h"
#include "daemon/dosisd_http.h"
#include "daemon/dosisd_introspect.h"
#include "daemon/dosisd_log.h"
#include "daemon/dosisd_oplading.h"
#include "daemon/dosisd_ready.h"
#include "daemon/dosisd_signing.h"

/* sysexits: the caller gave us something that cannot work */
#define EXIT_USAGE 2

#define TICK_MS 1000

#define MMAP_BYTES (2 << 20)
#define TRIM_BYTES (8 << 20)


static void
on_tick(void *payload)
{
    dosisd_t *dosisd = payload;

    dosisd_store_tick(&dosisd->store);
    dosisd_ready_alive();
    (void) dosisd_loop_start(&dosisd->loop, &dosisd->tick, TICK_MS);
}


static void
on_load_timer(void *payload)
{
    dosisd_t *dosisd = payload;
    dosisd_load_t *load = &dosisd->load;
    dosis_rc_t rc;

    rc = dosisd_load_step(load, dosisd->store.writer);
    if (load->busy) {
        (void) dosisd_loop_start(&dosisd->loop, &dosisd->load_timer,
            rc == DOSIS_OK ? DOSISD_LOAD_PAUSE_MS : DOSISD_LOAD_RETRY_MS);
    }
    if (!load->busy) {
        dosisd_ready_up();
    }
    if (!load->busy || rc != DOSIS_OK) {
        dosisd_http_loaded(dosisd->http);
    }
}


/* Behind the reference data: those come first, and soon end. */
static void
on_inzage_timer(void *payload)
{
    dosisd_t *dosisd = payload;

    (void) dosisd_loop_start(&dosisd->loop, &dosisd->inzage_timer,
        dosisd->load.busy
            ? DOSISD_INZAGE_LOOK_MS
            : dosisd_inzage_step(&dosisd->inzage, dosisd->store.writer));
}


dosis_rc_t
dosisd_reload(dosisd_t *dosisd)
{
    dosis_rc_t rc;

    rc = dosisd_load_begin(&dosisd->load, dosisd->options.reference_dir);
    if (rc == DOSIS_OK) {
        dosisd_ready_reloading();
        (void) dosisd_loop_start(&dosisd->loop, &dosisd->load_timer, 0);
    }
    return rc;
}


static void
on_signal(int signo, void *payload)
{
    dosisd_t *dosisd = payload;
    dosis_rc_t rc;

    if (signo != SIGHUP) {
        dosisd_log(DOSISD_NOTICE, "stopping: signal=%s", strsignal(signo));
        dosisd_loop_stop(&dosisd->loop);
        return;
    }
    rc = dosisd_reload(dosisd);
    if (rc == DOSIS_EBUSY) {
        dosisd_log(DOSISD_WARN, "a load is on its way, not starting another");
    } else if (rc != DOSIS_OK) {
        dosisd_ready_up(); /* the service manager waits for the end */
    }
}


/*
 * The first load, before we say up. A store that cannot be written right now
 * is no reason to stay down: then the loop tries on.
 */
static bool
load_at_start(dosisd_t *dosisd)
{
    const struct timespec pause = { .tv_nsec = DOSISD_LOAD_PAUSE_MS * 1000000 };
    dosis_rc_t rc;

    rc = dosisd_load_begin(&dosisd->load, dosisd->options.reference_dir);
    while (rc == DOSIS_OK && dosisd->load.busy) {
        rc = dosisd_load_step(&dosisd->load, dosisd->store.writer);
        if (dosisd->load.busy) {
            (void) nanosleep(&pause, NULL);
        }
    }
    if (dosisd->load.busy) {
        return dosisd_loop_start(
            &dosisd->loop, &dosisd->load_timer, DOSISD_LOAD_RETRY_MS);
    }
    return rc == DOSIS_OK;
}


static bool
start(dosisd_t *dosisd)
{
    dosisd->tick.handler = on_tick;
    dosisd->tick.payload = dosisd;
    dosisd->load_timer.handler = on_load_timer;
    dosisd->load_timer.payload = dosisd;
    dosisd->inzage_timer.handler = on_inzage_timer;
    dosisd->inzage_timer.payload = dosisd;
    dosisd_inzage_init(&dosisd->inzage, dosisd->options.inzage_days);
    dosisd->started_ns = dosisd_now_ns();
    dosisd->started_ms = dosisd_monotonic_ms();
    if (!dosisd_loop_init(&dosisd->loop, on_signal, dosisd)) {
        dosisd_log(DOSISD_ERROR, "loop not made: why=%s", strerror(errno));
        return false;
    }
    if (dosisd_store_open(&dosisd->store, &dosisd->options) != DOSIS_OK) {
        return false;
    }
    if (!dosisd_checkpoint_start(&dosisd->checkpoint, dosisd->store.store)) {
        dosisd_log(DOSISD_ERROR, "no thread for checkpoints");
        return false;
    }
    dosisd_signing_ensure(dosisd);
    dosisd->fetch = dosisd_fetch_open(&dosisd->loop);
    if (dosisd->fetch == NULL) {
        dosisd_log(DOSISD_ERROR, "no way out: the HTTP client did not start");
        return false;
    }
    dosisd->sleutels = dosisd_sleutels_open(&dosisd->loop, dosisd->fetch,
        &dosisd->store, dosisd->options.store_dir);
    if (dosisd->sleutels == NULL) {
        return false;
    }
    dosisd->introspect = dosisd_introspect_open(dosisd);
    if (dosisd->introspect == NULL) {
        dosisd_log(DOSISD_ERROR, "no memory for introspection");
        return false;
    }
    dosisd->opladingen = dosisd_opladingen_open(dosisd);
    if (dosisd->opladingen == NULL) {
        dosisd_log(DOSISD_ERROR, "no way in for files: why=%s",
            strerror(errno));
        return false;
    }
    dosisd_signing_ensure(dosisd);
    if (!load_at_start(dosisd) || !dosisd_http_open(dosisd)) {
        return false;
    }
    if (!dosisd_jobs_start(&dosisd->jobs, dosisd->store.store,
            dosisd->options.store_dir)) {
        dosisd_log(DOSISD_ERROR, "no thread for jobs");
        return false;
    }
    dosisd_store_tick(&dosisd->store);
    (void) dosisd_loop_start(&dosisd->loop, &dosisd->tick, TICK_MS);
    (void) dosisd_loop_start(
        &dosisd->loop, &dosisd->inzage_timer, DOSISD_INZAGE_LOOK_MS);
    dosisd_log(DOSISD_NOTICE, "started: version=%s store=%s socket=%s pid=%ld",
        DOSIS_VERSION, dosisd->options.store_dir, dosisd->options.socket_path,
        (long) getpid());
    dosisd_ready_up();
    return true;
}


static void
stop(dosisd_t *dosisd)
{
    dosisd_ready_stopping();
    dosisd_introspect_close(dosisd->introspect); /* while there is who waits */
    dosisd->introspect = NULL;
    dosisd_opladingen_rest(dosisd->opladingen);
    dosisd_http_close(dosisd->http);
    dosisd_opladingen_close(dosisd->opladingen);
    dosisd_sleutels_close(dosisd->sleutels);
    dosisd_fetch_close(dosisd->fetch);
    dosisd_load_done(&dosisd->load);
    dosisd_jobs_stop(&dosisd->jobs);
    dosisd_checkpoint_stop(&dosisd->checkpoint);
    dosisd_store_close(&dosisd->store);
    dosisd_loop_done(&dosisd->loop);
}


int
main(int argc, char **argv)
{
    static dosisd_t dosisd;
    bool fine;

    switch (dosisd_options_parse(argc, argv, &dosisd.options)) {
    case DOSISD_OPTIONS_RUN:
        break;
    case DOSISD_OPTIONS_DONE:
        return 0;
    case DOSISD_OPTIONS_WRONG:
        return EXIT_USAGE;
    }
    (void) umask(0007); /* the group of the store writes too */
    if (!dosisd.options.foreground && !dosisd_ready_background()) {
        dosisd_log(
            DOSISD_ERROR, "not in the background: why=%s", strerror(errno));
        return 1;
    }
    dosis_secret_guard();
    /* fixed: glibc would raise it, and keep what one import took */
    (void) mallopt(M_MMAP_THRESHOLD, MMAP_BYTES);
    (void) mallopt(M_TRIM_THRESHOLD, TRIM_BYTES);
    dosis_json_init();
    fine = start(&dosisd);
    if (fine && !dosisd_loop_run(&dosisd.loop)) {
        dosisd_log(DOSISD_ALERT, "loop failed: why=%s", strerror(errno));
        fine = false;
    }
    stop(&dosisd);
    if (fine) {
        dosisd_log(DOSISD_NOTICE, "stopped");
    }
    return fine ? 0 : 1;
}
