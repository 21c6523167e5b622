#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# The store is created when asked for, and never otherwise.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Engine;

my $dosis = Dosis::Engine->new;
my $without = Dosis::Engine::WITHOUT;

my $refused = $dosis->start_fails('--init' => $without);
is($refused->{code}, 1, 'no store and no --init: it does not start');
like($refused->{err}, qr/--init makes one/, 'and says what would help');
ok(!-e "$dosis->{home}/store", 'and has made nothing');

mkdir "$dosis->{home}/store", 0770;
$refused = $dosis->start_fails('--init' => $without);
is($refused->{code}, 1, 'an empty directory is no store either');
like($refused->{err}, qr/--init makes one/, 'it says so');

$dosis->start('--site' => 7);
is($dosis->ask('GET', '/status')->{json}{store}{site}, 7,
    'with --init it is there, with the number of its site');
is($dosis->stop, 0, 'a clean stop');

$dosis->start('--init' => $without);
is($dosis->ask('GET', '/status')->{json}{store}{site}, 7,
    'and it opens without --init from then on');
is($dosis->stop, 0, 'a clean stop again');

$dosis->start('--site' => 8);
is($dosis->ask('GET', '/status')->{json}{store}{site}, 7,
    '--init leaves a store that is there as it is');
is($dosis->stop('INT'), 0, 'INT stops it too');

done_testing();
