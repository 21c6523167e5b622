/* SPDX-License-Identifier: EUPL-1.2 */
#include "daemon/dosisd_loop.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#define LOOP_WAIT_MAX_MS 1000


int64_t
dosisd_monotonic_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t) now.tv_sec * 1000 + now.tv_nsec / 1000000;
}


int64_t
dosisd_now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t) now.tv_sec * 1000000000 + now.tv_nsec;
}


bool
dosisd_loop_init(dosisd_loop_t *loop, dosisd_signal_pt on_signal, void *payload)
{
    struct sigaction ignore = { .sa_handler = SIG_IGN };
    sigset_t set;

    memset(loop, 0, sizeof(*loop));
    loop->on_signal = on_signal;
    loop->signal_payload = payload;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    loop->signal_fd = -1;
    if (sigaction(SIGPIPE, &ignore, NULL) != 0
        || sigprocmask(SIG_BLOCK, &set, NULL) != 0) {
        return false;
    }
    loop->signal_fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    return loop->signal_fd >= 0;
}


void
dosisd_loop_done(dosisd_loop_t *loop)
{
    if (loop->on_signal != NULL && loop->signal_fd >= 0) {
        close(loop->signal_fd);
    }
    memset(loop, 0, sizeof(*loop));
}


bool
dosisd_loop_watch(
    dosisd_loop_t *loop, int fd, dosisd_event_pt handler, void *payload)
{
    if (loop->watches == DOSISD_LOOP_WATCHES) {
        return false;
    }
    loop->watch[loop->watches].fd = fd;
    loop->watch[loop->watches].handler = handler;
    loop->watch[loop->watches].payload = payload;
    loop->watches++;
    return true;
}


bool
dosisd_loop_start(dosisd_loop_t *loop, dosisd_timer_t *timer, int64_t delay_ms)
{
    size_t i;

    timer->due_ms = dosisd_monotonic_ms() + delay_ms;
    for (i = 0; i < loop->timers; i++) {
        if (loop->timer[i] == timer) {
            return true;
        }
    }
    if (loop->timers == DOSISD_LOOP_TIMERS) {
        return false;
    }
    loop->timer[loop->timers++] = timer;
    return true;
}


static int
wait_ms(const dosisd_loop_t *loop)
{
    int64_t now = dosisd_monotonic_ms(), wait = LOOP_WAIT_MAX_MS;
    size_t i;

    for (i = 0; i < loop->timers; i++) {
        if (loop->timer[i]->due_ms != 0
            && loop->timer[i]->due_ms - now < wait) {
            wait = loop->timer[i]->due_ms - now;
        }
    }
    return wait > 0 ? (int) wait : 0;
}


static void
run_timers(dosisd_loop_t *loop)
{
    int64_t now = dosisd_monotonic_ms();
    dosisd_timer_t *timer;
    size_t i;

    for (i = 0; i < loop->timers; i++) {
        timer = loop->timer[i];
        if (timer->due_ms != 0 && timer->due_ms <= now) {
            timer->due_ms = 0;
            timer->handler(timer->payload);
        }
    }
}


static void
take_signals(dosisd_loop_t *loop)
{
    struct signalfd_siginfo info;

    while (
        read(loop->signal_fd, &info, sizeof(info)) == (ssize_t) sizeof(info)) {
        loop->on_signal((int) info.ssi_signo, loop->signal_payload);
    }
}


bool
dosisd_loop_run(dosisd_loop_t *loop)
{
    struct pollfd fds[DOSISD_LOOP_WATCHES + 1];
    size_t i;
    int n;

    while (!loop->stopping) {
        fds[0] = (struct pollfd){ .fd = loop->signal_fd, .events = POLLIN };
        for (i = 0; i < loop->watches; i++) {
            fds[i + 1] = (struct pollfd){
                .fd = loop->watch[i].fd,
                .events = POLLIN,
            };
        }
        n = poll(fds, loop->watches + 1, wait_ms(loop));
        if (n < 0 && errno != EINTR) {
            return false;
        }
        if (n > 0 && fds[0].revents != 0) {
            take_signals(loop);
        }
        for (i = 0; n > 0 && i < loop->watches; i++) {
            if (fds[i + 1].revents != 0) {
                loop->watch[i].handler(loop->watch[i].payload);
            }
        }
        run_timers(loop);
    }
    return true;
}


void
dosisd_loop_stop(dosisd_loop_t *loop)
{
    loop->stopping = true;
}
