#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# When the disk fails at the one write that LMDB cannot take back, it gives up
# in that process: the worker then makes room for a new one, by itself.

use strict;
use warnings;

use File::Temp ();
use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Number qw(kbo);
use Dosis::Test;

plan skip_all => 'the preloaded fault does not go with a sanitizer'
    if $ENV{SAN};

# A write of part of a page is one of LMDB's two root pages.
my $tmp = File::Temp->newdir;
Dosis::Fixture::write_file("$tmp/fault.c", <<'END');
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *flag;
static ssize_t (*real)(int, const void *, size_t, off_t);

__attribute__((constructor)) static void
fault_init(void)
{
    flag = getenv("FAULT_FLAG");
    flag = flag == NULL ? NULL : strdup(flag); /* nginx writes over it */
    real = dlsym(RTLD_NEXT, "pwrite");
}

ssize_t
pwrite(int fd, const void *from, size_t size, off_t at)
{
    if (flag != NULL && size % 4096 != 0 && at < 8192
        && access(flag, F_OK) == 0) {
        errno = EIO;
        return -1;
    }
    return real(fd, from, size, at);
}

ssize_t
pwrite64(int fd, const void *from, size_t size, off_t at)
{
    return pwrite(fd, from, size, at);
}
END
is(system('cc', '-shared', '-fPIC', '-w', '-o', "$tmp/fault.so",
        "$tmp/fault.c"),
    0, 'the fault is built');

my $dosis = Dosis::Test->new(
    env    => { LD_PRELOAD => "$tmp/fault.so", FAULT_FLAG => "$tmp/flag" },
    expect => [qr/batch not stored|store cannot be read/],
);
my $agent    = kbo(1);
my $token    = $dosis->company($agent, rechten => ['Lezer']);
my @old      = $dosis->workers;
my @dossiers = map { $dosis->dossier(agent => $agent) } 1 .. 40;
my @stored   = splice @dossiers, 0, 10;

$dosis->store_all(\@stored);
Dosis::Fixture::write_file("$tmp/flag", '');
my @wrong = map {
    Dosis::Check::problem_faults($_, 503, 'TijdelijkNietBeschikbaar'),
        $_->header('Retry-After') ? () : 'no Retry-After'
} $dosis->push_all(\@dossiers);
is_deeply(\@wrong, [], 'while the disk fails deliveries get 503');
unlink "$tmp/flag";

$dosis->wait_for(
    sub {
        eval {
            $dosis->list(token => $token, client => $dosis->client);
            1;
        };
        my %now = map { $_ => 1 } $dosis->workers;
        return keys %now == $dosis->{workers} && !grep { $now{$_} } @old;
    },
    'every worker made room');
$dosis->{client}->close;
my @again = $dosis->push_all(\@dossiers);
is(scalar(grep { $_->status == 200 } @again), scalar @again,
    'with the disk well again all is stored, without a restart');
is(scalar Dosis::Test::numbers($dosis->list(token => $token, limiet => 100)),
    40, 'and nothing is missing');
like($dosis->log('error.log'), qr/does not recover, making room/,
    'the log says why');
