# SPDX-License-Identifier: EUPL-1.2

# A wall clock that a test sets, for programs that are started with env(). The
# monotonic one is left alone, as a change of the time leaves it.

package Dosis::Clock;

use strict;
use warnings;

use File::Temp ();

use Dosis::Fixture ();

# Undef: it does not go with a sanitizer.
sub new {
    my ($class) = @_;

    return if $ENV{SAN};
    my $self = bless { dir => File::Temp->newdir }, $class;
    my $dir  = $self->{dir};
    Dosis::Fixture::write_file("$dir/clock.c", do { local $/; <DATA> });
    Dosis::Fixture::write_file("$dir/ahead", pack 'q', 0);
    system('cc', '-shared', '-fPIC', '-w', '-o', "$dir/clock.so",
        "$dir/clock.c") == 0
        or die "the clock cannot be built\n";

    return $self;
}

# Of nginx or dosisd.
sub env {
    my ($self) = @_;

    return { LD_PRELOAD => "$self->{dir}/clock.so",
        CLOCK_AHEAD => "$self->{dir}/ahead" };
}

# Ahead by so many seconds, from now on.
sub ahead {
    my ($self, $seconds) = @_;

    open my $to, '+<', "$self->{dir}/ahead" or die "no clock: $!\n";
    syswrite $to, pack 'q', $seconds;

    return;
}

# It is that moment now, and goes on.
sub set {
    my ($self, $moment) = @_;

    return $self->ahead($moment - time);
}

1;

__DATA__
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const volatile int64_t *ahead;

__attribute__((constructor)) static void
clock_init(void)
{
    const char *path = getenv("CLOCK_AHEAD");
    int fd = path == NULL ? -1 : open(path, O_RDONLY | O_CLOEXEC);
    void *map = MAP_FAILED;

    if (fd >= 0) {
        map = mmap(NULL, sizeof(*ahead), PROT_READ, MAP_SHARED, fd, 0);
    }
    ahead = map == MAP_FAILED ? NULL : map;
}

int
clock_gettime(clockid_t id, struct timespec *to)
{
    int rc = (int) syscall(SYS_clock_gettime, id, to);

    if (rc == 0 && ahead != NULL
        && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE)) {
        to->tv_sec += *ahead;
    }
    return rc;
}

int
gettimeofday(struct timeval *to, void *zone)
{
    struct timespec now;

    (void) zone;
    (void) clock_gettime(CLOCK_REALTIME, &now);
    to->tv_sec = now.tv_sec;
    to->tv_usec = now.tv_nsec / 1000;
    return 0;
}

time_t
time(time_t *to)
{
    struct timespec now;

    (void) clock_gettime(CLOCK_REALTIME, &now);
    if (to != NULL) {
        *to = now.tv_sec;
    }
    return now.tv_sec;
}

int
futimens(int fd, const struct timespec *times)
{
    struct timespec now[2];

    if (times == NULL) {
        (void) clock_gettime(CLOCK_REALTIME, &now[0]);
        now[1] = now[0];
        times = now;
    }
    return (int) syscall(SYS_utimensat, fd, NULL, times, 0);
}
