#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# The clock of the machine is set back and forward while all goes on: no
# delivery is refused for it, what was received later has the later stamp,
# tokens are judged by the clock of now, and nothing that waits is stuck.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use POSIX ();
use Test::More;
use Time::HiRes qw(time);

use Dosis::Check;
use Dosis::Clock;
use Dosis::Number qw(kbo);
use Dosis::Stream;
use Dosis::Test;

my $clock = Dosis::Clock->new
    or plan skip_all => 'the preloaded clock does not go with a sanitizer';

sub set_clock {
    my ($seconds) = @_;

    return $clock->ahead($seconds);
}

my %env   = %{ $clock->env };
my $dosis = Dosis::Test->new(env => \%env, engine_env => \%env,
    http => 'dosis_heartbeat 1s;');
my $agent = kbo(1);
my $hour  = 3600;

# A token of the clock as it is set, or as it is said to be.
sub reader {
    my ($ahead) = @_;

    my $now = int(time) + $ahead;

    return $dosis->company($agent, rechten => ['Lezer'], iat => $now - 5,
        nbf => $now - 5, exp => $now + 1800);
}

sub import_token {
    my ($ahead) = @_;

    my $now = int(time) + $ahead;

    return $dosis->machine('leverancier-a', iat => $now - 5,
        exp => $now + 1800);
}

sub status_of {
    my ($token) = @_;

    # each worker knows the new clock within a second; it is asked until then
    return $dosis->list(token => $token)->status;
}

sub shows {
    my ($status, $token, $fact) = @_;

    ok(eval { $dosis->wait_for(sub { status_of($token) == $status }, 'it', 5) },
        $fact);

    return;
}

# --- stamps, and what is refused -------------------------------------------

my (%dossier, $changed);
my $first = $dosis->dossier(agent => $agent);
is_stored($dosis->push($first), 'Nieuw', 'a dossier, the clock as it is');
my $turn = 0;
for my $ahead (-$hour, 2 * $hour, -2 * $hour, 0, -23 * $hour, 0) {
    set_clock($ahead);
    my $token = import_token($ahead);
    ok($dosis->wait_for(
            sub { $dosis->push($dosis->dossier(agent => $agent),
                token => $token)->status == 200 }, 'stored', 5),
        "the clock at $ahead s: a new dossier is stored");
    my $minute = sprintf '%02d', ++$turn;
    is_stored(
        $dosis->push({ %$first,
            UploadId        => Dosis::Number::uuid(),
            Naam            => "Turn $turn",
            WijzigingsDatum => "2026-03-01T10:$minute:00",
        }, token => $token), 'Gewijzigd', 'a change of an older one is');
    # dated by a clock that is right
    is_stored($dosis->push($dosis->dossier(agent => $agent,
            datum => POSIX::strftime('%Y-%m-%dT%H:%M:%SZ', gmtime)),
            token => $token), 'Nieuw', 'what another clock has dated is');
    my $gone = $dosis->dossier(agent => kbo(2));
    is_stored($dosis->push($gone, token => $token), 'Nieuw', 'one more');
    is_stored($dosis->withdraw($gone, token => $token), 'Ingetrokken',
        'withdrawn without a date, it is gone');
    $dosis->{client}->close;
}
set_clock(0);
my ($events) = Dosis::Stream::poll_all($dosis, token => reader(0),
    limiet => 500);
cmp_ok(scalar @$events, '>=', 13, 'the feed tells ' . @$events);
is_deeply([map { $_->{sequence} } @$events],
    [sort map { $_->{sequence} } @$events], 'in the order of receipt');
is_deeply([map { $_->{time} } @$events], [sort map { $_->{time} } @$events],
    'with stamps that never go back');

# --- tokens ----------------------------------------------------------------

my ($now, $later) = (reader(0), reader(2 * $hour));
shows(200, $now,   'a token of now');
shows(401, $later, 'and none of later');
set_clock(2 * $hour);
shows(401, $now,   'set forward: that of now has ended, though it was known');
shows(200, $later, 'and that of later begins');
set_clock(0);
shows(200, $now,   'set back: that of now holds again');
shows(401, $later, 'and that of later does not, though it was known');

# --- what waits ------------------------------------------------------------

my $long = $dosis->company($agent, rechten => ['Lezer'],
    iat => int(time) - 2 * $hour, exp => int(time) + $hour);
my (undef, $cursor) = Dosis::Stream::poll_all($dosis, token => $long,
    limiet => 500);
for my $ahead (-$hour, 0) {
    my $waiter = $dosis->client;
    my $begin  = time;
    $waiter->send_request('GET', Dosis::Stream::DOOR() . "?na=$cursor",
        headers => [Authorization => "Bearer $long", Prefer => 'wait=3']);
    $dosis->get('/health/live');
    set_clock($ahead);
    is($waiter->receive('GET')->status, 200, 'a poll that waits is answered');
    my $took = time - $begin;
    cmp_ok($took, '<', 10, sprintf 'in %.1f s, of 3', $took);
}
my $stream = Dosis::Stream->open($dosis, token => $long, last => $cursor);
is($stream->status, 200, 'a stream');
set_clock(-$hour);
is_stored($dosis->push($dosis->dossier(agent => $agent),
    token => import_token(-$hour)), 'Nieuw', 'set back, a delivery');
ok($stream->event(10), 'its event comes');
$stream->{comments} = [];
$dosis->wait_for(sub { $stream->event(0.1);
    grep {/hartslag/} @{ $stream->{comments} } }, 'a sign of life', 10);
pass('and its signs of life');
set_clock(2 * $hour);
is($stream->end(10), 'whole', 'set past its token, the stream ends');
is($stream->{comments}[-1], 'einde TokenVerlopen', 'and says why');

# --- the engine ------------------------------------------------------------

sub engine_is {
    my ($state, $fact) = @_;

    ok(eval {
            $dosis->wait_for(
                sub {
                    $dosis->get('/health/ready')->member('checks', 'engine')
                        eq $state;
                },
                'engine', 5);
        },
        $fact);

    return;
}

for my $ahead (-$hour, 2 * $hour, 0, 2 * $hour) {
    set_clock($ahead);
    engine_is('UP', "the clock at $ahead s: the engine is heard");
}
my ($code, $said) = $dosis->ctl('status', '--json');
my $up = JSON::PP->new->decode($said)->{engine}{uptime_s};
cmp_ok($up, '<', $hour / 2, "it has been up for $up s, whatever the clock");
cmp_ok($up, '>=', 0, 'and not for less than none');
$dosis->kill_engine;
set_clock(0);
engine_is('DEGRADED', 'dead, its last sign of life lies ahead: not heard');
$dosis->start_engine;
engine_is('UP', 'and it is, started again');
