#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# Who sends a byte at a time, or reads a few, waits for itself alone: others
# are answered meanwhile, it gets the right answer in the end, and who stops
# altogether is let go.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Socket;
use Test::More;
use Time::HiRes qw(time);

use Dosis::Check;
use Dosis::Number qw(kbo);
use Dosis::Test;

my $dosis = Dosis::Test->new(
    workers => 1,
    http    => 'client_header_timeout 10s; client_body_timeout 10s;'
        . ' send_timeout 10s;',
);
my ($worker) = $dosis->workers;
my $json   = JSON::PP->new->utf8;
my $import = $dosis->machine('leverancier-a');
my $agent  = kbo(1);
my $reader = $dosis->company($agent, rechten => ['Lezer']);
my $width  = 12;

sub text {
    my ($method, $path, $token, $body) = @_;

    my @lines = ("$method $path HTTP/1.1", 'Host: localhost',
        "Authorization: Bearer $token");
    push @lines, 'Content-Type: application/json',
        'Content-Length: ' . length $body if defined $body;

    return join("\r\n", @lines, '', '') . ($body // '');
}

sub made { return $json->encode($dosis->dossier(agent => $_[0])) }

# A whole delivery of somebody else, now and then: how long the longest took.
my ($longest, @refused) = (0);

sub another {
    my $begin  = time;
    my $answer = $dosis->push($dosis->dossier(agent => kbo(9)));
    push @refused, $answer->text if $answer->status != 200;
    my $took = time - $begin;
    $longest = $took if $took > $longest;

    return;
}

# --- sending ---------------------------------------------------------------

my @slow = map {
    my $client = $dosis->client;
    $client->connect_if_needed;
    { client => $client, at => 0,
        bytes => text('POST', Dosis::Test::PUSH(), $import, made(kbo(2))) }
} 1 .. $width;
my ($left, $turn) = (1, 0);
while ($left) {
    $left = 0;
    for my $one (@slow) {
        next if $one->{at} >= length $one->{bytes};
        $one->{client}->send_bytes(substr $one->{bytes}, $one->{at}++, 1);
        $left++;
    }
    another() if $turn++ % 20 == 0;
}
is(scalar(grep { $_->{client}->receive('POST')->status == 200 } @slow),
    $width, 'a byte at a time: each is stored');
cmp_ok($longest, '<', 5, sprintf 'others took %.3f s at most', $longest);

# --- reading ---------------------------------------------------------------

$dosis->store_all([map {
    $dosis->dossier(agent => $agent, Naam => 'N' x 200)
} 1 .. 500]);
my $path = Dosis::Test::PUSH() . '?limiet=500';
my $fast = $dosis->get($path, token => $reader);
cmp_ok(length $fast->body, '>', 250_000,
    'an answer of ' . length($fast->body) . ' bytes');
my @readers = map {
    my $client = $dosis->client(timeout => 60);
    socket my $socket, PF_INET, SOCK_STREAM, 0 or die "no socket: $!\n";
    # set before it connects, or the window is large already
    setsockopt $socket, SOL_SOCKET, SO_RCVBUF, 4096;
    connect $socket, pack_sockaddr_in($dosis->{port}, INADDR_LOOPBACK)
        or die "no connection: $!\n";
    $client->{socket} = $socket;
    $client->send_bytes(text('GET', $path, $reader));
    $client;
} 1 .. 4;
$dosis->wait_for(sub { !grep { !$_->has_bytes } @readers }, 'all begin');
$longest = 0;
for my $turn (1 .. 40) {
    for my $client (@readers) {
        sysread $client->{socket}, $client->{buffer}, 100,
            length $client->{buffer};
    }
    another() if $turn % 4 == 0;
}
my @bodies = map {
    $_->{socket}->blocking(0);
    $_->receive('GET')->body;
} @readers;
is(scalar(grep { $_ eq $fast->body } @bodies), scalar @readers,
    'a slow reader has the same answer');
is_deeply(\@refused, [], 'others deliver meanwhile');
cmp_ok($longest, '<', 5, sprintf 'others took %.3f s at most', $longest);

# --- stopping --------------------------------------------------------------

sub connections { return scalar(() = glob "/proc/$worker/fd/*") }

$dosis->{config}{http} = 'client_header_timeout 1s; client_body_timeout 1s;'
    . ' send_timeout 1s;';
$dosis->write_conf;
$_->{client}->close for @slow;
$_->close for @readers;
$dosis->reload;
($worker) = $dosis->wait_for(
    sub { my @now = $dosis->workers; @now == 1 && $now[0] != $worker
            && $now[0] }, 'the new worker');
$dosis->{client}->close;
is_status($dosis->get('/health/live'), 200, 'the new worker answers');
$dosis->{client}->close;
my $push   = text('POST', Dosis::Test::PUSH(), $import, made(kbo(2)));
my $before = $dosis->wait_for(sub { connections() }, 'descriptors');
my @stopped = map {
    my $client = $dosis->client;
    $client->connect_if_needed;
    setsockopt $client->{socket}, SOL_SOCKET, SO_RCVBUF, 4096;
    $client->send_bytes($_);
    $client;
} substr($push, 0, 40), substr($push, 0, -10),
    text('GET', $path, $reader) x 30;
ok(eval {
        $dosis->wait_for(sub { connections() > $before }, 'taken', 20);
    },
    'three that stop: in the head, in the body, reading');
ok(eval {
        $dosis->wait_for(sub { connections() <= $before }, 'let go', 20);
    },
    'each is let go');
$_->close for @stopped;
