#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# So many may wait, in all and of one client; then 429 with Retry-After. A
# poll that does not wait is never one of them. Who does not read is let go.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Socket;
use Test::More;

use Dosis::Check;
use Dosis::Number qw(kbo);
use Dosis::Port qw(claim_port);
use Dosis::Stream;
use Dosis::Test;

my $narrow = claim_port();
my $dosis  = Dosis::Test->new(
    workers => 1,
    http    => <<"END",
    dosis_streams 5 3;
    dosis_heartbeat 1s;
    server {
        listen 127.0.0.1:$narrow sndbuf=4k;
        location / { dosis on; send_timeout 2s; }
    }
END
);
my $agent = kbo(1);
my %user  = map { $_ => $dosis->company(kbo($_), rechten => ['Lezer']) } 1 .. 9;

my @own = map { Dosis::Stream->open($dosis, token => $user{1}) } 1 .. 3;
is_deeply([map { $_->status } @own], [200, 200, 200], 'three of one subject');
my $over = Dosis::Stream->open($dosis, token => $user{1});
is_problem($over->{answer}, 429, 'TeVeelAanvragen', 'the fourth: 429');
ok($over->{answer}->header('Retry-After'), 'with Retry-After');
is_problem(Dosis::Stream::poll($dosis, token => $user{1}, wait => 5),
    429, 'TeVeelAanvragen', 'a long poll counts with them');
is_status(Dosis::Stream::poll($dosis, token => $user{1}), 200,
    'a poll does not');
my @more = map { Dosis::Stream->open($dosis, token => $user{$_}) } 2 .. 3;
is_deeply([map { $_->status } @more], [200, 200], 'others have room');
is_problem(Dosis::Stream->open($dosis, token => $user{4})->{answer},
    429, 'TeVeelAanvragen', 'the sixth in all: 429');
$_->close for @own, @more;
$dosis->wait_for(
    sub {
        my $stream = Dosis::Stream->open($dosis, token => $user{4});
        $stream->close;
        return $stream->status == 200;
    },
    'room again');
pass('who has left makes room');

# A page of some 300 kB to somebody with a small window who does not read.
$dosis->store_all([map {
    $dosis->dossier(agent => $agent, Naam => "$_ " . 'x' x 200) } 1 .. 400]);
my $slow = $dosis->client(port => $narrow, timeout => 30);
$slow->{socket} = undef;
socket my $socket, PF_INET, SOCK_STREAM, 0 or die "no socket: $!\n";
setsockopt $socket, SOL_SOCKET, SO_RCVBUF, 2048;
connect $socket, pack_sockaddr_in($narrow, inet_aton('127.0.0.1'))
    or die "no connection: $!\n";
bless $socket, 'IO::Socket::INET';
$socket->blocking(0);
$slow->{socket} = $socket;
$slow->send_bytes(join "\r\n",
    'GET ' . Dosis::Stream::DOOR() . '?limiet=500 HTTP/1.1',
    'Host: localhost', 'Accept: text/event-stream',
    "Authorization: Bearer $user{1}", '', '');
$dosis->wait_for(
    sub { $dosis->log('error.log') =~ /dosis stream ended: its client/ },
    'it is let go', 20);
pass('who does not read is let go after send_timeout');
my $taken = '';
$dosis->wait_for(
    sub {
        my $got = sysread $socket, $taken, 65536, length $taken;
        return defined $got && $got == 0;
    },
    'the connection has ended');
cmp_ok(length $taken, '<', 250_000, 'without the rest of what it had');

# Another one beside it has it all.
my $quick = Dosis::Stream->open($dosis,
    token => $user{1}, query => '?limiet=500');
my $count = 0;
$count++ while $count < 400 && $quick->event;
is($count, 400, 'who reads has all of it');
