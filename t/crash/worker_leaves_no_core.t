#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# A worker, a cache manager of nginx beside it, or the engine that dies leaves no
# core, whatever the limits allow: there would be keys and plain text in it. Who
# wants cores says so.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use POSIX ();
use Test::More;

use Dosis::Test;

plan skip_all => 'under sanitizers a process must be readable'
    if $ENV{SAN};

my $said = `prlimit --core=unlimited:unlimited --pid $$ 2>&1`;
plan skip_all => "no core may be left here: $said" if $? != 0;

my %dumped;
for my $asked ('', 'worker_rlimit_core 1g;') {
    my $dosis = Dosis::Test->new(workers => 1,
        main   => "working_directory \${home}; $asked",
        http   => 'proxy_cache_path ${home}/tmp/cache keys_zone=c:1m;',
        expect => [qr/(?:worker|cache \w+) process \d+ exited on signal 11/],
        nginx  => 0);
    s/\$\{home\}/$dosis->{home}/ for @{ $dosis->{config} }{qw(main http)};
    $dosis->start_nginx(1);
    for my $kind ('cache manager', 'worker') {
        my $pid = process_of($dosis, $kind);
        kill SEGV => $pid;
        $dosis->wait_for(
            sub { $dosis->log('error.log') =~ /$pid exited on signal 11/ },
            'the master saw it die');
        $dumped{$asked}{$kind} = $dosis->log('error.log')
            =~ /$pid exited on signal 11 \(core dumped\)/ ? 1 : 0;
        unlink glob "$dosis->{home}/core*";
    }
    $dosis->wait_ready(1);
    next if $asked;

    my $engine = delete $dosis->{engine};
    kill SEGV => $engine;
    waitpid $engine, 0;
    ok(POSIX::WIFSIGNALED($?), 'the engine dies of a signal');
    ok(!($? & 128), 'and leaves no core');
    $dosis->start_engine;
}
is_deeply($dumped{''}, { 'cache manager' => 0, worker => 0 },
    'neither a worker nor a cache manager leaves a core');
SKIP: {
    skip 'this system leaves no cores at all', 1
        if !$dumped{'worker_rlimit_core 1g;'}{worker};
    pass('unless one is asked for');
}


# nginx names its processes when they are at work.
sub process_of {
    my ($dosis, $kind) = @_;

    my $found;
    $dosis->wait_for(
        sub {
            ($found) = grep {
                Dosis::Fixture::read_file("/proc/$_/cmdline") =~ /\b$kind\b/
            } $dosis->workers;
            return $found;
        },
        "a $kind");

    return $found;
}
