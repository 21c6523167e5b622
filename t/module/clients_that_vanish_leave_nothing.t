#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# A client may go at any moment, in good order or not: what it had sent whole
# is stored, and nothing of it stays: no descriptor, no place in the queue, no
# stream, no memory.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Socket;
use Test::More;

use Dosis::Check;
use Dosis::Number qw(kbo);
use Dosis::Stream;
use Dosis::Test;

my $rounds = $ENV{DOSIS_LONG} ? 40 : 4;
my $queue  = 64;
my $dosis  = Dosis::Test->new(
    workers => 1,
    http    => "dosis_queue $queue; dosis_streams 8 8; dosis_heartbeat 1s;");
my ($worker) = $dosis->workers;
my $import   = $dosis->machine('leverancier-a');
my $agent    = kbo(1);
my $reader   = $dosis->company($agent, rechten => ['Lezer']);
my $json     = JSON::PP->new->utf8;

# --- ways to go ------------------------------------------------------------

sub leave {
    my ($client, $how) = @_;

    setsockopt $client->{socket}, SOL_SOCKET, SO_LINGER, pack 'ii', 1, 0
        if $how eq 'reset';
    $client->close;

    return;
}

sub push_text {
    my (@more) = @_;

    my $body = $json->encode($dosis->dossier(agent => $agent));
    my $head = join "\r\n", 'POST ' . Dosis::Test::PUSH() . ' HTTP/1.1',
        'Host: localhost', "Authorization: Bearer $import",
        'Content-Type: application/json', @more, '', '';

    return ($head, $body);
}

sub whole_push {
    my ($head, $body) = push_text('Content-Length: LENGTH');

    return ($head =~ s/LENGTH/length $body/er) . $body;
}

sub question {
    my ($path, @more) = @_;

    return join "\r\n", "GET $path HTTP/1.1", 'Host: localhost',
        "Authorization: Bearer $reader", @more, '', '';
}

my $door_of;

# A dossier that a browser may be sent to.
sub door_of {
    $door_of //= $dosis->push($dosis->dossier(agent => $agent,
            Doorverwijzing => 'https://loket.example.be/1'))
        ->member('DossierId');

    return $door_of;
}

# Each gives the bytes that are sent before the client goes.
my @ways = (
    ['in the head'     => sub { substr whole_push(), 0, 60 }],
    ['behind the head' => sub { (push_text('Content-Length: 9999'))[0] }],
    ['in the body'     => sub { substr whole_push(), 0, -5 }],
    ['in a chunk'      => sub {
        my ($head, $body) = push_text('Transfer-Encoding: chunked');
        return $head . sprintf "%x\r\n%s", length $body, substr $body, 0, 99;
    }],
    ['between chunks' => sub {
        my ($head, $body) = push_text('Transfer-Encoding: chunked');
        return $head . sprintf "%x\r\n%s\r\n", length $body, $body;
    }],
    ['behind a list of dossiers' => sub {
        my $body = $json->encode(
            [map { $dosis->dossier(agent => kbo(3)) } 1 .. 30]);
        return (push_text('Content-Length: ' . length $body))[0] . $body;
    }],
    ['before it reads a long list' =>
        sub { question(Dosis::Test::PUSH() . '?limiet=500') x 20 }],
    ['behind a question for a door' => sub {
        my ($head) = push_text('Content-Length: 0');
        my $asks = Dosis::Test::PUSH() . '/' . door_of() . '/doorverwijzing';
        return $head =~ s{ \S+ HTTP}{ $asks HTTP}r =~ s/$import/$reader/r;
    }],
    ['out of a stream' => sub {
        question(Dosis::Stream::DOOR(), 'Accept: text/event-stream')
    }],
    ['while it waits' => sub {
        question(Dosis::Stream::DOOR() . "?na=$_[0]", 'Prefer: wait=30')
    }],
);

sub vanish {
    my ($bytes, $how) = @_;

    my $client = $dosis->client;
    $client->connect_if_needed;
    $client->send_bytes($bytes);
    # sometimes seen by the worker before it goes, sometimes not
    $client->has_bytes;
    select undef, undef, undef, 0.001 if rand() < 0.5;
    leave($client, $how);

    return;
}

# --- what stays ------------------------------------------------------------

sub descriptors { return scalar(() = glob "/proc/$worker/fd/*") }

sub resident {
    my ($kb) = Dosis::Fixture::read_file("/proc/$worker/status")
        =~ /^RssAnon:\s+(\d+)/m;    # not the map of the store

    return $kb;
}

sub nothing_stays {
    my ($before, $fact) = @_;

    $dosis->{client}->close;
    my $back = eval {
        $dosis->wait_for(sub { descriptors() <= $before }, 'descriptors', 20);
    };
    ok($back, "$fact: $before descriptors before, " . descriptors()
            . ' after');

    return;
}

$dosis->store_all([map { $dosis->dossier(agent => $agent) } 1 .. 500]);
my $cursor = (Dosis::Stream::poll_all($dosis, token => $reader,
    limiet => 500))[1];
$dosis->{client}->close;
my $before = $dosis->wait_for(sub { descriptors() }, 'descriptors');
my @resident;
for my $round (1 .. $rounds) {
    for my $way (@ways) {
        for my $how (qw(close reset)) {
            vanish($way->[1]->($cursor), $how) for 1 .. 6;
        }
    }
    push @resident, resident();
}
nothing_stays($before, 'gone at ' . @ways . ' places');

# Fills the queue while the writer is held: the clients that wait, and what
# lets go. One more than there is room for tells that it is full.
my $waiting = kbo(2);

sub fill {
    my ($fact) = @_;

    my $let_go  = $dosis->hold_writer;
    my @clients = map { $dosis->client } 0 .. $queue;
    $_->send_request('POST', Dosis::Test::PUSH(),
        Dosis::Test::prepared(token => $import,
            body => $dosis->dossier(agent => $waiting))) for @clients;
    my @early;
    $dosis->wait_for(
        sub { @early = grep { $_->has_bytes } @clients }, 'one is refused');
    is(scalar @early, 1, "$fact: of one more than it holds, one is refused");
    is_problem($early[0]->receive('POST'), 503, undef, 'with 503');
    $early[0]->close;

    return ($let_go, grep { $_ != $early[0] } @clients);
}

my ($let_go, @clients) = fill('the queue');
my $index = 0;
leave($_, $index++ % 2 ? 'reset' : 'close') for @clients;
nothing_stays($before, 'gone while the delivery waits');
$let_go->();
my $seen = $dosis->company($waiting, rechten => ['Lezer']);
ok($dosis->wait_for(
        sub {
            Dosis::Test::numbers($dosis->list(token => $seen, limiet => 500))
                == $queue;
        },
        'all are stored'),
    'what they had sent is stored all the same');

# Not one place of the queue is lost.
($let_go, @clients) = fill('the queue as before');
$let_go->();
is(scalar(grep { $_->receive('POST')->status == 200 } @clients), $queue,
    'and all others are stored');

# Nor one place of a stream.
my @streams = map { Dosis::Stream->open($dosis, token => $reader) } 1 .. 8;
is_deeply([map { $_->status } @streams], [(200) x 8],
    'as many streams as are allowed');
$_->close for @streams;

SKIP: {
    skip 'a sanitizer keeps what was freed', 1 if $ENV{SAN};
    cmp_ok($resident[-1] - $resident[0], '<=', 4096,
        "memory does not grow: $resident[0] kB after one round, "
            . "$resident[-1] kB after $rounds");
}
is(($dosis->workers)[0], $worker, 'the worker is the same');
