#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# The engine may die at any moment: nothing acknowledged is lost, deliveries
# go on without it, and it comes back by itself to the same store.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Number qw(kbo);
use Dosis::Test;

my $rounds = $ENV{DOSIS_LONG} ? 200 : 20;
my $dosis  = Dosis::Test->new;
my $agent  = kbo(1);
my (@all, @refused);
srand 11;

for my $round (1 .. $rounds) {
    my @dossiers = map { $dosis->dossier(agent => $agent) } 1 .. 40;

    # Dies between two heartbeats, with readers checked or not: drawn.
    if ($round % 2) {
        select undef, undef, undef, rand 0.01;
        $dosis->kill_engine;
    }
    my @answers = $dosis->push_all(\@dossiers);
    push @all, @dossiers;
    push @refused, map { $_->text } grep { $_->status != 200 } @answers;
    $dosis->restart_engine if $round % 2;
}
is_deeply(\@refused, [], 'every delivery is stored, engine or no engine');

my $reader = $dosis->company($agent, rechten => ['Lezer']);
my (%row, $after);
do {
    my $page = $dosis->list(token => $reader, limiet => 500, na => $after);
    $row{$_}++ for Dosis::Test::numbers($page);
    $after = $page->member('Volgende');
} while defined $after;
is(scalar keys %row, scalar @all, 'every one of them is listed');
is_deeply([grep { $row{$_} != 1 } keys %row], [], 'each once');
ok($dosis->wait_for(
        sub { $dosis->get('/health/ready')->member('status') eq 'UP' },
        'UP', 10),
    'and the engine is heard from again');

# All at once: engine and workers, in the middle of a load.
$dosis->expect(qr/worker process \d+ exited on signal 9/);
my @last    = map { $dosis->dossier(agent => kbo(2)) } 1 .. 32;
my @clients = map { $dosis->client(timeout => 10) } @last;
$clients[$_]->send_request('POST', Dosis::Test::PUSH(),
    Dosis::Test::prepared(token => $dosis->machine('leverancier-a'),
        body => $last[$_]))
    for 0 .. $#last;
my @old = $dosis->workers;
kill KILL => @old;
$dosis->kill_engine;
my @heard = map {
    my $answer = eval { $clients[$_]->receive('POST') };
    $answer && $answer->status == 200 ? $last[$_] : ();
} 0 .. $#last;
$dosis->start_engine;
$dosis->wait_for(sub { eval { $dosis->get('/health/live')->status } },
    'nginx has workers again', 10);
my %there = map { $_ => 1 } Dosis::Test::numbers(
    $dosis->list(token => $dosis->company(kbo(2), rechten => ['Lezer']),
        limiet => 500));
is_deeply(
    [   grep { !$there{$_} }
        map { $_->{Identificatie}{DossierNummer} } @heard
    ],
    [],
    'what was answered before all of them died is there'
);
is_stored($dosis->push($dosis->dossier), 'Nieuw', 'and work goes on');
