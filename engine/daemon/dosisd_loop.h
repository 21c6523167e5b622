/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosisd_loop.h: the one event loop: descriptors, timers, signals.
 *
 * Layer      daemon
 * Threads    one
 * Blocking   run waits for events; callbacks should be short
 * Memory     in place; init and done. Timers belong to who started them
 * Errors     false: the system below failed, or a ceiling is reached
 */

#ifndef DOSIS_DAEMON_DOSISD_LOOP_H
#define DOSIS_DAEMON_DOSISD_LOOP_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DOSISD_LOOP_WATCHES 8
#define DOSISD_LOOP_TIMERS 8

typedef void (*dosisd_event_pt)(void *payload);
typedef void (*dosisd_signal_pt)(int signo, void *payload);

/* Zero it before the first start. */
typedef struct {
    int64_t due_ms; /* monotonic; 0 = not started */
    dosisd_event_pt handler;
    void *payload;
} dosisd_timer_t;

typedef struct {
    struct {
        int fd;
        dosisd_event_pt handler;
        void *payload;
    } watch[DOSISD_LOOP_WATCHES];
    size_t watches;
    dosisd_timer_t *timer[DOSISD_LOOP_TIMERS];
    size_t timers;
    int signal_fd;
    dosisd_signal_pt on_signal;
    void *signal_payload;
    bool stopping;
} dosisd_loop_t;

/* From here on TERM, INT and HUP arrive in on_signal; PIPE is ignored. */
bool dosisd_loop_init(
    dosisd_loop_t *loop, dosisd_signal_pt on_signal, void *payload);

/* An initialised or zeroed loop. */
void dosisd_loop_done(dosisd_loop_t *loop);

/* handler is called whenever fd is readable. fd stays the caller's. */
bool dosisd_loop_watch(
    dosisd_loop_t *loop, int fd, dosisd_event_pt handler, void *payload);

/* Once, after delay_ms; starting it again moves it. */
bool dosisd_loop_start(
    dosisd_loop_t *loop, dosisd_timer_t *timer, int64_t delay_ms);

/* Until dosisd_loop_stop(). */
bool dosisd_loop_run(dosisd_loop_t *loop);

void dosisd_loop_stop(dosisd_loop_t *loop);

/* CLOCK_MONOTONIC in ms, CLOCK_REALTIME in ns. */
int64_t dosisd_monotonic_ms(void);
int64_t dosisd_now_ns(void);

#endif
