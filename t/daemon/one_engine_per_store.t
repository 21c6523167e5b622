#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# One engine per store; a killed one is followed at once.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Engine;

my $dosis = Dosis::Engine->new;
$dosis->start;

my $second = $dosis->start_fails('--socket' => "$dosis->{home}/run/other.sock");
is($second->{code}, 1, 'a second one does not start');
like($second->{err}, qr/another dosisd keeps this store/, 'and says why');
is($dosis->ask('GET', '/health')->{json}{status}, 'UP', 'the first goes on');

is($dosis->stop('KILL'), -1, 'killed');
ok(-S "$dosis->{home}/run/dosisd.sock", 'its socket is left lying');
$dosis->start;
is($dosis->ask('GET', '/health')->{json}{status}, 'UP',
    'the next one takes store and socket');
is($dosis->stop, 0, 'a clean stop');
ok(!-e "$dosis->{home}/run/dosisd.sock", 'and takes its socket away');

done_testing();
