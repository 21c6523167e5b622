#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# A stream ends when its token does, when its client is switched off, when its
# cursor can no longer be followed, and when the worker leaves; each time with
# a last line and a whole body, and the next one goes on from there.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;
use Time::HiRes qw(time);

use Dosis::Check;
use Dosis::Number qw(kbo);
use Dosis::Stream;
use Dosis::Test;

my $dosis = Dosis::Test->new;
my $agent = kbo(1);
my $exp   = int(time) + 3;
my %stream;

sub opened {
    my (%option) = @_;

    my $stream = Dosis::Stream->open($dosis, %option);
    is($stream->status, 200, 'a stream opens');

    return $stream;
}

sub said {
    my ($stream) = @_;

    return ($stream->{comments} // ['nothing'])->[-1];
}

# The token.
my $short = opened(
    token => $dosis->company($agent, rechten => ['Lezer'], exp => $exp));
is($short->end(8), 'whole', 'the token ends: the stream too');
cmp_ok(time, '>=', $exp - 1, 'not before');
cmp_ok(time, '<=', $exp + 3, 'nor long after');
is(said($short), 'einde TokenVerlopen', 'it says why');

# The client, and the source; a user's portal is no registered client.
my $path    = "$dosis->{home}/reference/clients.json";
my $clients = JSON::PP::decode_json(Dosis::Fixture::read_file($path));
my $counter = opened(token => $dosis->loket('loket'),
    query => '?' . Dosis::Test::query(agent => $agent, recht => 'Lezer'));
my $waiter = $dosis->client;
$waiter->send_request('GET',
    Dosis::Stream::DOOR() . '?'
        . Dosis::Test::query(agent => $agent, recht => 'Lezer'),
    headers => [
        Authorization => 'Bearer ' . $dosis->loket('loket'),
        Prefer        => 'wait=30',
    ]);
my $user  = opened(token => $dosis->company($agent, rechten => ['Lezer']));
my $begun = time;
for my $client (@$clients) {
    $client->{Actief} = JSON::PP::false if $client->{Client} eq 'loket';
}
Dosis::Fixture::write_json($path, $clients);
kill HUP => $dosis->{engine};
is($counter->end(10), 'whole', 'a client switched off: its stream ends');
is(said($counter), 'einde ClientOnbekend', 'it says why');
is_problem($waiter->receive('GET'), 403, 'ClientOnbekend',
    'and so does who waits');
is_problem(
    Dosis::Stream->open($dosis, token => $dosis->loket('loket'),
        query => '?' . Dosis::Test::query(agent => $agent))->{answer},
    403, 'ClientOnbekend', 'it cannot come back');
is_stored($dosis->push($dosis->dossier(agent => $agent)), 'Nieuw', 'a change');
ok($user->event, 'the stream of a user goes on');

# A reload, and a stop, with many of them.
my $reader  = $dosis->company($agent, rechten => ['Lezer']);
my @streams = map { opened(token => $reader) } 1 .. 20;
$_->event for @streams;
my @old = $dosis->workers;
$begun = time;
$dosis->reload;
is_deeply([map { $_->end(5) } @streams], [('whole') x 20],
    'a reload ends all in good order');
is(said($streams[0]), 'einde Herstart', 'it says why');
$dosis->wait_for(
    sub { !grep { kill 0 => $_ } @old }, 'the old workers leave', 8);
cmp_ok(time - $begun, '<', 8, 'and does not hold the old workers');

my @missed = map { $dosis->dossier(agent => $agent) } 1 .. 5;
$dosis->store_all(\@missed);
my $again = opened(token => $reader, last => $streams[0]{last});
my %heard = map { $again->event->{subject} => 1 } 1 .. 5;
is(scalar keys %heard, 5, 'the next one has what came in between');

# What the operator sees.
$again->close;
$dosis->wait_for(
    sub { $dosis->log('access.log') =~ m{ 200 "GET /api/v1/dosis/wijzig} },
    'the access log has its line');
pass('a stream has a line in the access log');
my $last = opened(token => $reader);
kill QUIT => $dosis->{nginx};
is($last->end(5), 'whole', 'a stop ends it in good order');
