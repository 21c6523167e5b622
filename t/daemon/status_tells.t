#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# dosisctl status: up, in trouble, or down.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Engine;

use JSON::PP;

my $dosis = Dosis::Engine->new;
$dosis->start;

my $up = $dosis->ctl('status');
is($up->{code}, 0, 'up: 0');
like($up->{out}, qr/^engine +up, version .*pid $dosis->{pid},/m, 'says so');
like($up->{out}, qr/^referentie +\d+ +\d+$/m, 'with the databases');
my $json = decode_json($dosis->ctl('status', '--json')->{out});
ok($json->{engine}{answers}, 'the same in JSON');
is($json->{store}{generation}, 1, 'with the generation');

my $held = Dosis::Fixture::read_file("$dosis->{home}/reference/clients.json");
$dosis->reference('clients.json', '{');
$dosis->ask('POST', '/reload');
my $trouble = $dosis->ctl('status');
is($trouble->{code}, 1, 'reference data refused: 1');
like($trouble->{out}, qr/^reference +refused/m, 'says so');
$dosis->reference('clients.json', $held);

is($dosis->stop, 0, 'a clean stop');
my $down = $dosis->ctl('status');
is($down->{code}, 2, 'down: 2');
like($down->{err}, qr/engine does not answer/, 'says so');
like($down->{out}, qr/^referentie +\d+ +\d+$/m, 'and shows the store itself');
$json = decode_json($dosis->ctl('status', '--json')->{out});
ok(!$json->{engine}{answers}, 'the same in JSON');
is($json->{store}{generation}, 1, 'with the generation');

unlink "$dosis->{home}/keys/kek.hex";
my $blind = $dosis->ctl('status');
is($blind->{code}, 2, 'down and no key: 2');
like($blind->{err}, qr/key not loaded/, 'says what it lacks');

done_testing();
