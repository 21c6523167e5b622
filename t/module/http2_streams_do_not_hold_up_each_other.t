#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# Over one HTTP/2 connection: many deliveries at once, streams that are reset
# at any moment, a long list of dossiers and a long answer that both wait for
# the other side's window. Each stream has its own answer.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::H2;
use Dosis::Number qw(kbo);
use Dosis::Stream;
use Dosis::Test;

my $rounds = $ENV{DOSIS_LONG} ? 60 : 6;
my $dosis  = Dosis::Test->new(workers => 1);
my ($worker) = $dosis->workers;
my $json   = JSON::PP->new->utf8;
my @import = (Authorization => 'Bearer ' . $dosis->machine('leverancier-a'),
    'Content-Type' => 'application/json');
my $agent  = kbo(1);
my $reader = $dosis->company($agent, rechten => ['Lezer']);
my @reader = (Authorization => "Bearer $reader");

sub made { return $json->encode($dosis->dossier(agent => $_[0] // $agent)) }

sub rows {
    my ($who) = @_;

    return scalar Dosis::Test::numbers($dosis->list(limiet => 500,
            token => $dosis->company($who, rechten => ['Lezer'])));
}

# Many at once, the answers asked for from the last to the first.
my $h2  = Dosis::H2->new($dosis);
my @ids = map {
    $h2->ask('POST', Dosis::Test::PUSH(), headers => \@import, body => made())
} 1 .. 100;
is(scalar(grep {
            my $answer = $h2->answer($_);
            $answer->{status} == 200
                && $json->decode($answer->{body})->{Resultaat} eq 'Nieuw'
        } reverse @ids),
    100, 'a hundred deliveries at once are stored');
is(rows($agent), 100, 'and listed');

# Reset in the head, in the body, behind it; the others do not notice.
my ($stored, $asked) = (0, 0);
my $other = kbo(2);
for my $round (1 .. $rounds) {
    my @good;
    for my $way (1 .. 5) {
        my $body = made($other);
        my $id;
        if ($way == 1) {
            $id = $h2->begin('POST', Dosis::Test::PUSH(), headers => \@import);
        }
        elsif ($way == 2) {
            $id = $h2->begin('POST', Dosis::Test::PUSH(), headers => \@import);
            $h2->body($id, substr($body, 0, 99), end => 0);
        }
        elsif ($way == 3) {
            $id = $h2->ask('POST', Dosis::Test::PUSH(), headers => \@import,
                body => $body);
        }
        elsif ($way == 4) {
            $id = $h2->ask('GET', Dosis::Test::PUSH() . '?limiet=100',
                headers => \@reader);
        }
        else {
            $id = $h2->ask('GET', Dosis::Stream::DOOR(),
                headers => [@reader, Accept => 'text/event-stream']);
        }
        $h2->reset($id);
        push @good, $h2->ask('POST', Dosis::Test::PUSH(), headers => \@import,
            body => made(kbo(3)));
    }
    $asked += @good;
    $stored += grep { $h2->answer($_)->{status} == 200 } @good;
}
is($stored, $asked, "between five ways to reset all $asked are stored");
is(rows(kbo(3)), $asked, 'and listed');
is($h2->{gone}, 0, 'the connection is still open');

# Reset while it waits for the disk: like any client that goes.
my $let_go = $dosis->hold_writer;
my @waits  = map {
    $h2->ask('POST', Dosis::Test::PUSH(), headers => \@import,
        body => made(kbo(6)))
} 1 .. 10;
$h2->answer($h2->ask('GET', '/health/live'));    # so they have been read
$h2->reset($_) for @waits;
is($h2->answer($h2->ask('GET', '/health/live'))->{status}, 200,
    'reset while they wait for the disk');
$let_go->();
ok($dosis->wait_for(sub { rows(kbo(6)) == 10 }, 'stored'),
    'what was whole is stored all the same');

# A list of dossiers larger than the first window of a stream.
my @list = map { $dosis->dossier(agent => kbo(4), Naam => 'N' x 200) }
    1 .. 400;
my $body = $json->encode(\@list);
cmp_ok(length $body, '>', 200_000, 'a list of ' . length($body) . ' bytes');
my $id = $h2->begin('POST', Dosis::Test::PUSH(), headers => \@import);
$h2->body($id, $body);
my $between = $h2->ask('GET', '/health/live');
is($h2->answer($between)->{status}, 200, 'another request goes past it');
my $answer = $h2->answer($id);
is($answer->{status}, 200, 'it is answered');
is(scalar(grep { $_->{Resultaat} eq 'Nieuw' }
            @{ $json->decode($answer->{body})->{Resultaten} }),
    400, 'all of it is stored');
$h2->close;

# An answer larger than the window that the client leaves open.
$h2 = Dosis::H2->new($dosis, window => 1000);
my $slow = $h2->ask('GET', Dosis::Test::PUSH() . '?limiet=400',
    headers => [Authorization =>
            'Bearer ' . $dosis->company(kbo(4), rechten => ['Lezer'])]);
$h2->take until length $h2->{stream}{$slow}{body} >= 1000;
is(length $h2->{stream}{$slow}{body}, 1000, 'a shut window holds an answer');
is($h2->answer($h2->ask('POST', Dosis::Test::PUSH(), headers => \@import,
            body => made()))->{status},
    200, 'a delivery goes past it');
$h2->allow($slow, 1 << 24);
is(scalar @{ $json->decode($h2->answer($slow)->{body})->{Dossiers} }, 400,
    'opened, the rest comes');
$h2->close;

# A connection that goes with all its streams.
my $before = $dosis->wait_for(
    sub { $dosis->{client}->close; descriptors() }, 'descriptors');
for my $round (1 .. $rounds) {
    $h2 = Dosis::H2->new($dosis, window => 100);
    $h2->ask('POST', Dosis::Test::PUSH(), headers => \@import,
        body => made(kbo(5))) for 1 .. 10;
    $h2->ask('GET', Dosis::Stream::DOOR(),
        headers => [@reader, Accept => 'text/event-stream']) for 1 .. 5;
    $h2->ask('GET', Dosis::Test::PUSH() . '?limiet=100',
        headers => \@reader) for 1 .. 5;
    $h2->begin('POST', Dosis::Test::PUSH(), headers => \@import);
    $h2->take if $round % 2;
    $h2->close;
}
sub descriptors { return scalar(() = glob "/proc/$worker/fd/*") }
ok(eval {
        $dosis->wait_for(sub { descriptors() <= $before }, 'descriptors');
    },
    "gone with twenty streams, $rounds times: no descriptor stays");
is(($dosis->workers)[0], $worker, 'the worker is the same');
