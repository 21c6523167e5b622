#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# Server-sent events: what is visible, then each change as it comes; a new
# connection with Last-Event-ID goes on without a loss.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Number qw(kbo);
use Dosis::Stream;
use Dosis::Test;

my $dosis  = Dosis::Test->new(http => 'dosis_heartbeat 1s;');
my $agent  = kbo(1);
my $reader = $dosis->company($agent, rechten => ['Lezer']);
my $stream = Dosis::Stream->open($dosis, token => $reader);

is($stream->status, 200, 'a stream opens');
my $head = $stream->{answer};
is($head->header('Content-Type'), 'text/event-stream', 'of events');
is($head->header('X-Accel-Buffering'), 'no', 'that no proxy holds back');
like($head->header('Cache-Control'), qr/no-cache/, 'or keeps');
ok($head->header('X-Request-Id'), 'with its request id');
is($stream->block->{retry}, '1000', 'it says when to come back');
my $first = $stream->block;
ok($first->{id} && !defined $first->{data}, 'nothing yet, but a cursor');

my $dossier = $dosis->dossier(agent => $agent);
is_stored($dosis->push($dossier), 'Nieuw', 'a delivery');
my $event = $stream->event;
is(Dosis::Stream::name($event), 'nieuw', 'is told');
is($event->{data}{Identificatie}{DossierNummer},
    $dossier->{Identificatie}{DossierNummer}, 'with its row');
is_stored($dosis->push($dosis->dossier(agent => kbo(2))), 'Nieuw',
    'somebody else\'s');
is_status($dosis->withdraw($dossier), 200, 'a withdrawal');
$event = $stream->event;
is(Dosis::Stream::name($event), 'ingetrokken', 'is told next');
is($stream->event(2.5), undef, 'and nothing else');
cmp_ok(scalar grep({ $_ eq 'hartslag' } @{ $stream->{comments} }), '>=', 2,
    'but a sign of life each second');

# Gone for a while.
$stream->close;
my @missed = map { $dosis->dossier(agent => $agent) } 1 .. 120;
$dosis->store_all(\@missed);
my $again = Dosis::Stream->open($dosis,
    token => $reader, last => $stream->{last});
my %mirror;
for (1 .. 120) {
    $event = $again->event // last;
    Dosis::Stream::apply(\%mirror, $event);
}
is(scalar keys %mirror, 120, 'what was missed comes, in several pages');
is($again->event(0.5), undef, 'and no more');

# Cut off in the middle of a page, nothing is lost: some come twice.
my $half = Dosis::Stream->open($dosis,
    token => $reader, last => $stream->{last}, query => '?limiet=40');
my %seen;
$seen{ $half->event->{subject} } = 1 for 1 .. 50;
$half->close;
my $rest = Dosis::Stream->open($dosis,
    token => $reader, last => $half->{last}, query => '?limiet=40');
while (keys %seen < 120) {
    $event = $rest->event // last;
    $seen{ $event->{subject} } = 1;
}
is(scalar keys %seen, 120, 'cut off half way: all of them all the same');

# The poll and the stream share their cursors.
my ($events) = Dosis::Stream::poll_all($dosis,
    token => $reader, na => $stream->{last});
is(scalar @$events, 120, 'a poll takes the cursor of a stream');

# A counter with a handle for two.
my @two   = (kbo(5), kbo(6));
my $loket = $dosis->loket('loket');
my $given = $dosis->post('/api/v1/dosis/namens',
    { Agenten => [map { { Identificatie => $_, Rechten => ['Lezer'] } } @two] },
    token => $loket);
my $both = Dosis::Stream->open($dosis, token => $loket,
    headers => ['Dosis-Namens' => $given->member('Namens')]);
is($both->status, 200, 'a handle for two agents');
my $shared = $dosis->dossier(Agenten => [map {
    { Identificatie => $_, Toegangsrechten => [{ Code => 'Lezer' }] } } @two]);
is_stored($dosis->push($shared), 'Nieuw', 'a dossier of both');
is(Dosis::Stream::name($both->event), 'nieuw', 'comes');
is($both->event(0.5), undef, 'once');

# HTTP/2.
SKIP: {
    my $curl = grep { -x "$_/curl" } split /:/, $ENV{PATH};
    skip 'no curl with HTTP/2', 2
        if !$curl || `curl --version` !~ /HTTP2/;
    my @command = ('curl', '-sN', '--http2-prior-knowledge', '-m', '3', '-i',
        '-H', 'Accept: text/event-stream',
        '-H', "Authorization: Bearer $reader",
        "http://127.0.0.1:$dosis->{port_h2}" . Dosis::Stream::DOOR());
    my $said = Dosis::Test::run_quietly(@command);
    like($said, qr/^HTTP\/2 200/, 'HTTP/2 has it too');
    is(scalar(() = $said =~ /^data: /mg), 120, 'whole');
    like($said, qr/^: hartslag/m, 'with its signs of life');
}
