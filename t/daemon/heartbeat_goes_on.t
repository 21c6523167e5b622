#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# The heartbeat is never older than a few seconds.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Engine;

my $dosis = Dosis::Engine->new;
$dosis->start;

my $file = "$dosis->{home}/store/heartbeat";
ok(-e $file, 'it is there once the engine answers');
for my $round (1, 2) {
    my $old = time - 3600;
    utime $old, $old, $file;
    ok($dosis->wait_for(sub { (stat $file)[9] > $old + 3000 }, 'a beat', 5),
        "beat $round comes within seconds");
}

# A heartbeat that cannot be written is said once, and the engine goes on.
unlink $file;
mkdir $file;
$dosis->wait_for(sub { $dosis->log =~ /heartbeat not written/ }, 'said', 5);
my $state = $dosis->ask('GET', '/health');
is($state->{json}{status}, 'DEGRADED', 'no heartbeat: DEGRADED');
rmdir $file;
$dosis->wait_for(sub { $dosis->log =~ /heartbeat written again/ }, 'back', 5);
is(() = $dosis->log =~ /heartbeat not written/g, 1, 'one line, not one a second');
is($dosis->ask('GET', '/health')->{json}{status}, 'UP', 'UP again');

is($dosis->stop, 0, 'a clean stop');
done_testing();
