#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# Many streams that have much to tell, or that all must be looked at, have a
# share of the worker's time: other requests are answered between, and no stream
# waits until those that came before it have heard all.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use List::Util qw(min);
use Test::More;
use Time::HiRes qw(time);

use Dosis::Check;
use Dosis::Number qw(kbo);
use Dosis::Stream;
use Dosis::Test;

my $width    = 100;
my $dossiers = 2000;
my $dosis    = Dosis::Test->new(
    workers => 1,
    http    => 'dosis_streams 1000 1000; dosis_heartbeat 600s;',
);
my $agent  = kbo(1);
my $reader = $dosis->company($agent, rechten => ['Lezer']);

# Streams of one view, a page of answer each turn; what they have had.
my @streams = map {
    my $client = $dosis->client;
    $client->send_request('GET', Dosis::Stream::DOOR() . '?limiet=500',
        headers => [
            Authorization => "Bearer $reader",
            Accept        => 'text/event-stream',
        ]);
    { client => $client, events => 0, rest => '' }
} 1 .. $width;

# Until the streams have had so many events each: others ask all the while.
# Also what the last of them had when the first had all.
sub longest_until {
    my ($wanted) = @_;

    my $begin   = time;
    my $longest = 0;
    my $least;
    my $asker   = $dosis->client(timeout => 60);
    my @left    = @streams;
    while (@left && time - $begin < 120) {
        my $asked = time;
        $asker->request('GET', '/health/live');
        my $took = time - $asked;
        $longest = $took if $took > $longest;
        for my $stream (@left) {
            my $client = $stream->{client};
            # a little of each: the asker must not wait for this program
            next if !$client->has_bytes;
            $client->fill(time + 1);
            my $text = $stream->{rest} . $client->{buffer};
            $client->{buffer} = '';
            $stream->{events} += () = $text =~ /\ndata: /g;
            $stream->{rest} = substr $text, -7;
        }
        @left = grep { $_->{events} < $wanted } @left;
        $least //= min map { $_->{events} } @streams if @left < @streams;
    }

    return ($longest, time - $begin, scalar @left, $least);
}

$dosis->wait_for(sub { !grep { !$_->{client}->has_bytes } @streams },
    'all streams begin');
my @lists = map {
    my $client = $dosis->client(timeout => 60);
    $client->send_request('POST', Dosis::Test::PUSH(),
        Dosis::Test::prepared(token => $dosis->machine('leverancier-a'),
            body => [map { $dosis->dossier(agent => $agent) } 1 .. 500]));
    $client;
} 1 .. $dossiers / 500;
my ($longest, $all, $left, $least) = longest_until($dossiers);
is(scalar(grep { $_->receive('POST')->status == 200 } @lists), @lists,
    "$dossiers dossiers are stored meanwhile");
is($left, 0, "$width streams tell $dossiers events each");
cmp_ok($least // 0, '>', 0, 'when the first had all, no other had nothing');
cmp_ok($all, '>', 0.3, sprintf 'which takes %.1f s', $all);
cmp_ok($longest, '<', 0.1 + $all / 10,
    sprintf 'another request waits for %.3f s at most', $longest);

# One change for all of them.
is_stored($dosis->push($dosis->dossier(agent => $agent)), 'Nieuw',
    'a change for each of them');
($longest, $all, $left) = longest_until($dossiers + 1);
is($left, 0, sprintf 'all have it in %.2f s', $all);
cmp_ok($all, '<', 20, 'soon');
is($streams[0]{events}, $dossiers + 1, 'once');
$_->{client}->close for @streams;
