#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# `Prefer: wait`: the answer comes with the first change, whichever worker
# stored it, within a tenth of a second; or empty when the time is over.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use List::Util  qw(max);
use Test::More;
use Time::HiRes qw(time);

use Dosis::Check;
use Dosis::Number qw(kbo);
use Dosis::Stream;
use Dosis::Test;

my $dosis  = Dosis::Test->new(workers => 2);
my $agent  = kbo(1);
my $reader = $dosis->company($agent, rechten => ['Lezer']);
my $na     = Dosis::Stream::poll($dosis, token => $reader)->member('Volgende');

# Sent, and not yet answered.
sub waiting {
    my ($wait, %option) = @_;

    my $client = $dosis->client;
    $client->send_request('GET',
        Dosis::Stream::DOOR() . '?' . Dosis::Test::query(na => $na),
        headers => [
            Authorization => 'Bearer ' . ($option{token} // $reader),
            Prefer        => $wait,
        ]);

    return $client;
}

sub is_quiet {
    my ($client, $seconds) = @_;

    my $bits = '';
    vec($bits, fileno $client->{socket}, 1) = 1;

    return !select $bits, undef, undef, $seconds;
}

my $begun  = time;
my $answer = Dosis::Stream::poll($dosis,
    token => $reader, na => $na, wait => 1);
my $took = time - $begun;
is_deeply($answer->member('Wijzigingen'), [], 'nothing comes: empty');
like($answer->member('Volgende'), qr/^[\w-]+$/, 'with a cursor');
is($answer->header('Preference-Applied'), 'wait', 'the wish was heard');
ok($took > 0.9 && $took < 2.5, "after a second ($took)");

# Many waiters, so that both workers have some; one delivery, by one worker.
# Pushes begin when all are known to wait: their connections were answered
# for before, and a change of somebody else wakes none of them.
my @delay;
for my $round (1 .. 5) {
    my @clients = map { waiting('wait=20') } 1 .. 12;
    ok($dosis->push($dosis->dossier(agent => kbo(2)))->status == 200,
        'a change of somebody else');
    ok(is_quiet($clients[-1], 0.2), 'wakes nobody');
    is_stored($dosis->push($dosis->dossier(agent => $agent)), 'Nieuw',
        'a change of their own');
    my $stored = time;
    for my $client (@clients) {
        my $heard = $client->receive('GET');
        push @delay, time - $stored;
        is(scalar @{ $heard->member('Wijzigingen') }, 1, 'one event');
        $na = $heard->member('Volgende');
    }
}
my $slowest = sprintf '%.0f ms', 1000 * max @delay;
cmp_ok(max(@delay), '<', $ENV{SAN} ? 2 : 0.5,
    "all were woken at once, the last after $slowest");
@delay = sort { $a <=> $b } @delay;
cmp_ok($delay[ @delay / 2 ], '<', $ENV{SAN} ? 0.5 : 0.1,
    'as a rule within a tenth of a second');

# What is there already is not waited for.
is_stored($dosis->push($dosis->dossier(agent => $agent)), 'Nieuw', 'one more');
$begun = time;
$answer = waiting('respond-async, wait=30')->receive('GET');
is(scalar @{ $answer->member('Wijzigingen') }, 1, 'there already: at once');
cmp_ok(time - $begun, '<', 1, 'without waiting');
$na = $answer->member('Volgende');

is_status(waiting('wait=')->receive('GET'), 200, 'a wish without a number');
is_status(waiting('return=minimal')->receive('GET'), 200, 'another wish');

# One that leaves is forgotten; a token that ends is answered before it does.
my @left = map { waiting('wait=30') } 1 .. 20;
$_->close for @left;
my $short = waiting('wait=30',
    token => $dosis->company($agent, rechten => ['Lezer'],
        exp => int(time) + 2));
$begun = time;
is_status($short->receive('GET'), 200, 'a token that ends: answered');
cmp_ok(time - $begun, '<', 6, 'in time');

# A reload answers who waits; nothing is held up by them.
my $held = waiting('wait=50');
$dosis->reload;
$answer = $held->receive('GET');
is_deeply($answer->member('Wijzigingen'), [], 'a reload: answered, empty');
