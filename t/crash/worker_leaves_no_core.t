#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# A worker or engine that dies leaves no core, whatever the limits allow:
# there would be keys and plain text in it. Who wants cores says so.

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
        expect => [qr/worker process \d+ exited on signal 11/],
        nginx  => 0);
    $dosis->{config}{main} =~ s/\$\{home\}/$dosis->{home}/;
    $dosis->start_nginx(1);
    my ($worker) = $dosis->workers;
    kill SEGV => $worker;
    $dosis->wait_for(
        sub { $dosis->log('error.log') =~ /$worker exited on signal 11/ },
        'the master saw it die');
    $dumped{$asked} = $dosis->log('error.log')
        =~ /$worker exited on signal 11 \(core dumped\)/ ? 1 : 0;
    unlink glob "$dosis->{home}/core*";
    $dosis->wait_ready(1);
    next if $asked;

    my $engine = delete $dosis->{engine};
    kill SEGV => $engine;
    waitpid $engine, 0;
    ok(POSIX::WIFSIGNALED($?), 'the engine dies of a signal');
    ok(!($? & 128), 'and leaves no core');
    $dosis->start_engine;
}
is($dumped{''}, 0, 'a worker leaves no core');
SKIP: {
    skip 'this system leaves no cores at all', 1
        if !$dumped{'worker_rlimit_core 1g;'};
    pass('unless one is asked for');
}
