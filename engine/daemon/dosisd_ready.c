/* SPDX-License-Identifier: EUPL-1.2 */
#include "daemon/dosisd_ready.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* The end on which the process that started us listens; -1: nobody. */
static int starter_fd = -1;


static void
leave_as_child_does(int fd, pid_t child)
{
    char up;
    ssize_t n;
    int status;

    do {
        n = read(fd, &up, 1);
    } while (n < 0 && errno == EINTR);
    if (n == 1) {
        _exit(0);
    }
    if (waitpid(child, &status, 0) == child && WIFEXITED(status)) {
        _exit(WEXITSTATUS(status));
    }
    _exit(1);
}


bool
dosisd_ready_background(void)
{
    int pipe_fd[2], null_fd;
    pid_t child;

    if (pipe2(pipe_fd, O_CLOEXEC) != 0) {
        return false;
    }
    child = fork();
    if (child < 0) {
        return false;
    }
    if (child > 0) {
        close(pipe_fd[1]);
        leave_as_child_does(pipe_fd[0], child);
    }
    close(pipe_fd[0]);
    starter_fd = pipe_fd[1];
    (void) setsid();
    null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (null_fd >= 0) {
        /* standard error stays: it is where the log goes */
        (void) dup2(null_fd, STDIN_FILENO);
        (void) dup2(null_fd, STDOUT_FILENO);
        close(null_fd);
    }
    return true;
}


/* One datagram, as sd_notify(3) describes it. */
static void
notify(const char *state)
{
    const char *path = getenv("NOTIFY_SOCKET");
    struct sockaddr_un to = { .sun_family = AF_UNIX };
    socklen_t len;
    int fd;

    if (path == NULL || (path[0] != '/' && path[0] != '@')
        || strlen(path) >= sizeof(to.sun_path)) {
        return;
    }
    memcpy(to.sun_path, path, strlen(path));
    if (path[0] == '@') {
        to.sun_path[0] = '\0'; /* abstract */
    }
    len = (socklen_t) (offsetof(struct sockaddr_un, sun_path) + strlen(path));
    fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return;
    }
    (void) sendto(fd, state, strlen(state), MSG_NOSIGNAL,
        (const struct sockaddr *) &to, len);
    close(fd);
}


void
dosisd_ready_up(void)
{
    if (starter_fd >= 0) {
        if (write(starter_fd, "1", 1) != 1) {
            /* the starter has gone: nobody left to tell */
        }
        close(starter_fd);
        starter_fd = -1;
    }
    notify("READY=1");
}


void
dosisd_ready_alive(void)
{
    const char *pid = getenv("WATCHDOG_PID");

    if (getenv("WATCHDOG_USEC") == NULL
        || (pid != NULL && strtol(pid, NULL, 10) != (long) getpid())) {
        return;
    }
    notify("WATCHDOG=1");
}


void
dosisd_ready_reloading(void)
{
    struct timespec now;
    char state[80];

    clock_gettime(CLOCK_MONOTONIC, &now);
    (void) snprintf(state, sizeof(state),
        "RELOADING=1\nMONOTONIC_USEC=%" PRId64,
        (int64_t) now.tv_sec * 1000000 + now.tv_nsec / 1000);
    notify(state);
}


void
dosisd_ready_stopping(void)
{
    notify("STOPPING=1");
}
