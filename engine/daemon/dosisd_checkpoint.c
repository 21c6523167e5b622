/* SPDX-License-Identifier: EUPL-1.2 */
#include "daemon/dosisd_checkpoint.h"

#include <signal.h>
#include <time.h>

#include "daemon/dosisd_log.h"
#include "daemon/dosisd_loop.h"

#define LOOK_MS 50
#define LOOK_BUSY_MS 10    /* while there is something to keep an eye on */
#define AGE_MS 2000

/* What the thread remembers between two looks. */
typedef struct {
    uint64_t number; /* of the checkpoint after which there were records */
    int64_t since_ms;
    int64_t rested_ms;
    dosis_rc_t rc; /* of the last one */
    bool busy;
} look_t;


static bool
is_due(look_t *look, const dosis_journal_t *state)
{
    int64_t now_ms = dosisd_monotonic_ms();

    if (state->bytes == 0) {
        look->number = 0;
        return false;
    }
    if (look->number != state->checkpoint) {
        look->number = state->checkpoint;
        look->since_ms = now_ms;
    }
    return state->due || now_ms - look->since_ms >= AGE_MS;
}


static void
say(look_t *look, dosis_rc_t rc)
{
    if (rc == look->rc) {
        return;
    }
    look->rc = rc;
    if (rc == DOSIS_OK) {
        dosisd_log(DOSISD_NOTICE, "checkpoints are made again");
    } else if (rc == DOSIS_EIO) {
        dosisd_log(DOSISD_ALERT,
            "a sync of the store failed: nothing is written until every"
            " program of the store has stopped and one is started anew:"
            " rc=%s",
            dosis_rc_name(rc));
    } else {
        dosisd_log(dosisd_log_level(rc),
            "checkpoint not made, trying on: rc=%s", dosis_rc_name(rc));
    }
}


static void
rest(dosisd_checkpoint_t *c, look_t *look)
{
    int64_t now_ms = dosisd_monotonic_ms();

    if (now_ms - look->rested_ms >= DOSIS_REST_MS) {
        look->rested_ms = now_ms;
        dosis_store_rest(c->store);
    }
}


static void
look_once(dosisd_checkpoint_t *c, look_t *look)
{
    dosis_rc_t rc;
    dosis_journal_t state;

    rc = dosis_store_journal(c->store, &state);
    look->busy = rc == DOSIS_OK && state.bytes > 0;
    if (rc == DOSIS_OK && is_due(look, &state)) {
        rc = dosis_store_checkpoint(c->store);
    }
    if (rc == DOSIS_OK && state.broken) {
        rc = DOSIS_EIO;
    }
    rest(c, look);
    say(look, rc);
}


/* false: it is time to stop. */
static bool
wait_a_while(dosisd_checkpoint_t *c, long ms)
{
    bool stopping;
    struct timespec until;

    (void) clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += ms * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    (void) pthread_mutex_lock(&c->lock);
    if (!c->stopping) {
        (void) pthread_cond_timedwait(&c->wake, &c->lock, &until);
    }
    stopping = c->stopping;
    (void) pthread_mutex_unlock(&c->lock);
    return !stopping;
}


static void *
run(void *payload)
{
    dosisd_checkpoint_t *c = payload;
    look_t look = { 0 };

    while (wait_a_while(c, look.busy ? LOOK_BUSY_MS : LOOK_MS)) {
        look_once(c, &look);
    }
    return NULL;
}


bool
dosisd_checkpoint_start(dosisd_checkpoint_t *to, dosis_store_t *store)
{
    sigset_t all, before;
    pthread_condattr_t attr;

    to->store = store;
    to->stopping = false;
    (void) pthread_mutex_init(&to->lock, NULL);
    (void) pthread_condattr_init(&attr);
    (void) pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    (void) pthread_cond_init(&to->wake, &attr);
    (void) pthread_condattr_destroy(&attr);
    /* signals are the loop's */
    (void) sigfillset(&all);
    (void) pthread_sigmask(SIG_SETMASK, &all, &before);
    to->running = pthread_create(&to->thread, NULL, run, to) == 0;
    (void) pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (to->running) {
        (void) pthread_setname_np(to->thread, "checkpoints");
    }
    return to->running;
}


void
dosisd_checkpoint_stop(dosisd_checkpoint_t *checkpoint)
{
    if (!checkpoint->running) {
        return;
    }
    (void) pthread_mutex_lock(&checkpoint->lock);
    checkpoint->stopping = true;
    (void) pthread_cond_signal(&checkpoint->wake);
    (void) pthread_mutex_unlock(&checkpoint->lock);
    (void) pthread_join(checkpoint->thread, NULL);
    checkpoint->running = false;
}
