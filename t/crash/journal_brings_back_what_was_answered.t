#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# All processes die at once under load: what was answered is brought back from
# the journal. A journal that cannot be synced is 503, and work goes on when it
# can; a store that cannot be synced is 503 until all of it is started anew.

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

# fdatasync of a file whose name ends as the first word of the flag says.
my $tmp = File::Temp->newdir;
Dosis::Fixture::write_file("$tmp/fault.c", <<'END');
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *flag;
static int (*real)(int);

__attribute__((constructor)) static void
fault_init(void)
{
    flag = getenv("FAULT_FLAG");
    flag = flag == NULL ? NULL : strdup(flag); /* nginx writes over it */
    real = dlsym(RTLD_NEXT, "fdatasync");
}

int
fdatasync(int fd)
{
    char end[16] = { 0 }, link[64], name[512] = { 0 };
    int from = flag == NULL ? -1 : open(flag, O_RDONLY | O_CLOEXEC);
    ssize_t n = from < 0 ? -1 : read(from, end, sizeof(end) - 1);

    if (from >= 0) {
        close(from);
    }
    snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
    if (n > 0 && readlink(link, name, sizeof(name) - 1) > n
        && strcmp(name + strlen(name) - n, end) == 0) {
        errno = EIO;
        return -1;
    }
    return real(fd);
}
END
is(system('cc', '-shared', '-fPIC', '-w', '-o', "$tmp/fault.so",
        "$tmp/fault.c"),
    0, 'the fault is built');

my $dosis = Dosis::Test->new(
    env    => { LD_PRELOAD => "$tmp/fault.so", FAULT_FLAG => "$tmp/flag" },
    expect => [
        qr/batch not stored|exited on signal 9|checkpoint|sync of the store/
    ],
);
my $agent = kbo(1);
my $token = $dosis->company($agent, rechten => ['Lezer']);
my @stored;

sub listed {
    my %there = map { $_ => 1 }
        $dosis->all_numbers(token => $token, client => $dosis->client);
    my @gone = grep { !$there{$_} }
        map { $_->{Identificatie}{DossierNummer} } @stored;
    return is_deeply(\@gone, [], "$_[0], " . @stored . ' dossiers');
}

sub push_some {
    my @dossiers = map { $dosis->dossier(agent => $agent) } 1 .. $_[0];
    my @answers  = $dosis->push_all(\@dossiers);
    push @stored, map { $dossiers[$_] }
        grep { $answers[$_]->status == 200 } 0 .. $#answers;
    return @answers;
}

# Nobody is left who has the store open: the master first, or it would see to
# that.
sub all_anew {
    my @workers = $dosis->workers;

    kill KILL => $dosis->{nginx}, @workers;
    waitpid delete $dosis->{nginx}, 0;
    $dosis->kill_engine;
    $dosis->wait_for(sub { !grep { kill 0 => $_ } @workers }, 'all dead');
    $dosis->{client}->close;
    $dosis->start_engine;
    $dosis->start_nginx(1);

    return;
}

for my $round (1 .. 4) {
    push_some(30);
    all_anew();
    listed("killed all, round $round: what was answered is listed");
}
my ($code, $said) = $dosis->ctl('verify');
is($code, 0, 'the store is whole') or diag $said;

Dosis::Fixture::write_file("$tmp/flag", '.jrnl');
my @wrong = map {
    Dosis::Check::problem_faults($_, 503, 'TijdelijkNietBeschikbaar')
} push_some(20);
is_deeply(\@wrong, [], 'a journal that cannot be synced: 503');
unlink "$tmp/flag";
is(scalar(grep { $_->status != 200 } push_some(20)),
    0, 'when it can be again all is stored, without a restart');

# The engine would make the checkpoints, and has no fault.
$dosis->kill_engine;
Dosis::Fixture::write_file("$tmp/flag", '.mdb');
$dosis->wait_for(
    sub {
        grep { $_->status == 503 } push_some(10);
    },
    'a store that cannot be synced: 503',
    60
);
unlink "$tmp/flag";
is((push_some(1))[0]->status, 503, 'and stays so when it can be again');
listed('what was answered can be read meanwhile');
all_anew();
is((push_some(1))[0]->status, 200, 'started anew it stores');
listed('and nothing is missing');
($code, $said) = $dosis->ctl('verify');
is($code, 0, 'the store is whole') or diag $said;
