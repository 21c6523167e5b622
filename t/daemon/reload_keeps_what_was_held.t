#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# A reload with a problem keeps what was held; a good one takes over.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Engine;

my $dosis = Dosis::Engine->new;
my @more  = map { { Bron => "urn://meer/$_", Naam => "Bron $_" } } 1 .. 1200;

$dosis->start;
my $before = $dosis->ask('GET', '/status')->{json};
is($before->{reference}{state}, 'loaded', 'loaded at the start');
my $entries = entries($before);

my $held = Dosis::Fixture::read_file("$dosis->{home}/reference/bronnen.json");
$dosis->reference('bronnen.json', [ $more[0], { Naam => 'zonder' } ]);
my $answer = $dosis->ask('POST', '/reload');
is($answer->{status}, 422, 'a problem: 422');
is($answer->{json}{problems}[0]{file}, 'bronnen.json', 'with the file');
is($answer->{json}{problems}[0]{item}, 2, 'with the place in it');
is($answer->{json}{problems}[0]{field}, '/Bron', 'with the field');
my $after = $dosis->ask('GET', '/status')->{json};
is($after->{reference}{state}, 'refused', 'the status says so');
is(entries($after), $entries, 'and the good one beside it is not taken');
is($dosis->ask('GET', '/health')->{json}{status}, 'DEGRADED', 'DEGRADED');

$dosis->reference('bronnen.json', $held);
kill 'HUP', $dosis->{pid};
$dosis->wait_for(
    sub { $dosis->ask('GET', '/health')->{json}{status} eq 'UP' },
    'HUP loads anew');
pass('mended, HUP brings it back up');

# More than one transaction may hold.
$dosis->reference('bronnen.json', \@more);
$answer = $dosis->ask('POST', '/reload');
is($answer->{status}, 200, 'a large set: 200');
cmp_ok(entries($dosis->ask('GET', '/status')->{json}), '>=',
    $entries + @more, 'and all of it is there');
my $log = $dosis->ask('GET', '/status')->{json}{reference};
is($log->{state}, 'loaded', 'loaded');

is($dosis->stop, 0, 'a clean stop');
done_testing();

sub entries {
    my ($status) = @_;

    my ($row) = grep { $_->{name} eq 'referentie' }
        @{ $status->{store}{databases} };

    return $row->{entries};
}
