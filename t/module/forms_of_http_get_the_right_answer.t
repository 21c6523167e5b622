#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# The rarer forms of HTTP/1: each is understood or refused, never half of it,
# and what follows on the same connection is not taken for a part of it.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Number qw(kbo);
use Dosis::Test;

my $dosis  = Dosis::Test->new(workers => 1);
my ($worker) = $dosis->workers;
my $json   = JSON::PP->new->utf8;
my $import = $dosis->machine('leverancier-a');
my $reader = $dosis->company(kbo(1), rechten => ['Lezer']);
my $path   = Dosis::Test::PUSH();

sub made { return $json->encode($dosis->dossier(agent => kbo(1))) }

sub head {
    my ($first, @lines) = @_;

    return join "\r\n", $first, @lines, '', '';
}

my @import = ('Host: localhost', "Authorization: Bearer $import",
    'Content-Type: application/json');
my @reader = ('Host: localhost', "Authorization: Bearer $reader");
my $next   = head('GET /health/live HTTP/1.1', 'Host: localhost');

# The answer to these bytes, and whether a request behind them on the same
# connection has its own (1), or none (0).
sub is_answered {
    my ($bytes, $status, $follows, $fact, $method) = @_;

    my $client = $dosis->client;
    $client->connect_if_needed;
    $client->send_bytes($bytes . $next);
    my $answer = eval { $client->receive($method // 'POST') };
    is($answer ? $answer->status : "none: $@", $status, $fact);
    my $second = $client->{socket} && eval { $client->receive('GET') };
    is($second ? $second->body : 'closed',
        $follows ? '{"status":"UP"}' : 'closed',
        $follows ? 'and what follows has its own answer'
            : 'and the connection is closed');
    $client->close;

    return $answer;
}

sub chunked {
    my ($width, $extension) = @_;

    my ($body, $out) = (made(), '');
    for (my $at = 0; $at < length $body; $at += $width) {
        my $piece = substr $body, $at, $width;
        $out .= sprintf "%x%s\r\n%s\r\n", length $piece, $extension, $piece;
    }

    return $out . '0';
}

my $post    = "POST $path HTTP/1.1";
my $chunked = head($post, @import, 'Transfer-Encoding: chunked');
is_answered($chunked . chunked(1, '') . "\r\n\r\n", 200, 1,
    'chunks of one byte');
is_answered($chunked . chunked(50, ';name="value"') . "\r\n\r\n", 200, 1,
    'chunks with an extension');
is_answered($chunked . chunked(50, '') . "\r\nX-Sum: 1\r\n\r\n", 200, 1,
    'a trailer');
is_answered(head($post, @import, 'transfer-encoding: CHUNKED')
        . chunked(50, '') . "\r\n\r\n", 200, 1, 'in any case');
is_answered($chunked . "zz\r\n", 400, 0, 'a chunk size that is none');
is_answered($chunked . "ffffffffffffffff1\r\n", 400, 0,
    'a chunk size past all numbers');

my $body = made();
my $size = 'Content-Length: ' . length $body;
is_answered(head($post, @import, $size, $size) . $body, 400, 0,
    'two Content-Lengths, though they agree');
is_answered(head($post, @import, $size, 'Content-Length: 1') . $body, 400, 0,
    'two that differ');
is_answered(head($post, @import, $size, 'Transfer-Encoding: chunked')
        . "0\r\n\r\n", 400, 0, 'a Content-Length and chunks');
is_answered(head($post, @import, 'Content-Length: -1') . $body, 400, 0,
    'a length below zero');
is_answered(head($post, @import, 'Content-Length: +' . length $body) . $body,
    400, 0, 'a length with a sign');
is_answered(head($post, @import, 'Transfer-Encoding: gzip, chunked')
        . "0\r\n\r\n", 501, 0, 'another coding below the chunks');
is_answered(head($post, @import, 'Content-Length: 0'), 400, 1,
    'a body of no bytes');
is_answered(head($post, @import), 400, 1, 'no body at all');

# Expect.
my $client = $dosis->client;
$client->connect_if_needed;
$client->send_bytes(head($post, @import, $size, 'Expect: 100-continue'));
$dosis->wait_for(sub { $client->has_bytes }, '100');
$client->send_bytes($body);
my $answer = $client->receive('POST');
is($answer->{informed}, 1, 'Expect: 100-continue is told to go on');
is_stored($answer, 'Nieuw', 'and the delivery is stored');
is($client->request('GET', '/health/live')->status, 200, 'all goes on');
$answer = $dosis->client->raw(head($post, @import,
        'Content-Length: 99999999', 'Expect: 100-continue'), 'POST');
is_problem($answer, 413, 'BodyTeGroot',
    'too large a body is refused before it is sent');
is($answer->{informed}, 0, 'without being told to go on');

# HTTP/1.0.
$body = made();
$size = 'Content-Length: ' . length $body;
is_answered(head("POST $path HTTP/1.0", @import, $size) . $body, 200, 0,
    'HTTP/1.0');
is_answered(head("GET $path HTTP/1.0", @reader[1 .. 1]), 200, 0,
    'without Host', 'GET');
is_answered(head("GET $path HTTP/1.0", @reader, 'Connection: keep-alive'),
    200, 1, 'that keeps the connection', 'GET');
$answer = $dosis->client->raw(
    head('GET /api/v1/dosis/wijzigingen HTTP/1.0', @reader,
        'Prefer: wait=1'), 'GET');
is_status($answer, 200, 'HTTP/1.0 may ask for the feed');

# Targets.
$body = made();
$size = 'Content-Length: ' . length $body;
is_answered(head("POST http://localhost$path HTTP/1.1", @import, $size)
        . $body, 200, 1, 'a whole URI as the target');
is_answered(head('GET http://elsewhere/health/live HTTP/1.1',
        'Host: localhost'), 200, 1, 'of another host', 'GET');
is_answered(head("GET $path#part HTTP/1.1", @reader), 200, 1,
    'a fragment is no part of it', 'GET');
is_answered(head("get $path HTTP/1.1", @reader), 400, 0,
    'a method in small letters', 'GET');
is_answered(head("GET $path HTTP/1.1", @reader,
        'X: ' . 'x' x 20_000), 400, 0, 'a header too large', 'GET');
is_answered(head("GET $path HTTP/1.1", @reader,
        map {"X-$_: " . 'x' x 15_000} 1 .. 5), 400, 0,
    'headers too large together', 'GET');

# HEAD: the head of GET, no body, and what follows is found.
my $get  = is_answered(head("GET $path HTTP/1.1", @reader), 200, 1, 'GET',
    'GET');
my $head = is_answered(head("HEAD $path HTTP/1.1", @reader), 200, 1, 'HEAD',
    'HEAD');
is_deeply(
    [map { $head->header($_) } qw(Content-Length Content-Type ETag)],
    [map { $get->header($_) } qw(Content-Length Content-Type ETag)],
    'which says what GET says');
is(($dosis->workers)[0], $worker, 'the worker is the same');
