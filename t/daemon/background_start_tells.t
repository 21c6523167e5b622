#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# Started without --foreground, the command returns when it is known.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Engine;

my $dosis = Dosis::Engine->new;
my $without = Dosis::Engine::WITHOUT;

my $up = $dosis->run($dosis->command('--foreground' => $without));
is($up->{code}, 0, 'up: status 0');
my $status = $dosis->ask('GET', '/status');
is($status->{status}, 200, 'and it answers at once');
my $pid = $status->{json}{engine}{pid};
cmp_ok($pid, '>', 1, 'from a process of its own');
kill 'TERM', $pid;
$dosis->wait_for(sub { !-e "/proc/$pid" || zombie($pid) }, 'it ends');
ok(!-e "$dosis->{home}/run/dosisd.sock", 'TERM ends it cleanly');

$dosis->reference('clients.json', '{');
my $failed = $dosis->run($dosis->command('--foreground' => $without));
is($failed->{code}, 1, 'not up: the status of the failure');
like($failed->{err}, qr/file=clients\.json/, 'and its reason');

done_testing();

sub zombie {
    my ($number) = @_;

    return Dosis::Fixture::read_file("/proc/$number/status")
        =~ /^State:\s+Z/m;
}
