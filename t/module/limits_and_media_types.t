#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# A body is judged by its kind and its size before it is read whole, however
# it is sent.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use File::Temp ();
use Dosis::Test;

my $dosis = Dosis::Test->new;
my $token = $dosis->machine('leverancier-a');
my $path  = '/api/v1/dosis/dossiers';
my $limit = 65536;

# A valid dossier of exactly so many bytes.
sub sized {
    my ($bytes) = @_;

    my $json = JSON::PP->new->utf8->canonical->encode($dosis->dossier);

    return substr($json, 0, -1) . ' ' x ($bytes - length $json) . '}';
}

# Size.
is_stored($dosis->push(sized($limit)), 'Nieuw',
    'exactly 64 KiB with Content-Length: stored');
is_problem($dosis->push(sized($limit + 1), client => $dosis->client),
    413, 'BodyTeGroot', 'a byte more: 413');
is_stored($dosis->push(sized($limit), chunked => 4096), 'Nieuw',
    'exactly 64 KiB in chunks: stored');
is_problem(
    $dosis->push(sized($limit + 1), chunked => 4096,
        client => $dosis->client),
    413, 'BodyTeGroot', 'a byte more in chunks: 413');
is_problem(
    $dosis->push(sized(3 * $limit), chunked => 30000,
        client => $dosis->client),
    413, 'BodyTeGroot', 'three times as much in chunks: 413');

# Announced, but never sent: answered at once.
my $head = "POST $path HTTP/1.1\r\nHost: localhost\r\n"
    . "Content-Type: application/json\r\nAuthorization: Bearer $token\r\n";
my $answer = $dosis->client->raw("${head}Content-Length: 99999999999\r\n\r\n",
    'POST');
is_problem($answer, 413, 'BodyTeGroot',
    'a length of 100 GB: 413 before a byte of it');
$answer = $dosis->client->raw("${head}Content-Length: 5000000\r\n"
        . "Expect: 100-continue\r\n\r\n", 'POST');
is_problem($answer, 413, 'BodyTeGroot', 'with Expect: 413 at once');
is($answer->{informed}, 0, 'and no 100 Continue before it');

# Token first: a stranger's body is not even asked for.
my $stranger = $head =~ s/^Authorization.*\n//mr;
$answer = $dosis->client->raw("${stranger}Content-Length: 1000\r\n"
        . "Expect: 100-continue\r\n\r\n", 'POST');
is_problem($answer, 401, 'TokenOntbreekt',
    'without a token: 401 before the body');
is($answer->{informed}, 0, 'and no 100 Continue before it');

# Length.
for my $case (
    ['two lengths'      => "Content-Length: 5\r\nContent-Length: 6"],
    ['a length of x'    => 'Content-Length: x'],
    ['a length of -1'   => 'Content-Length: -1'],
    ['length and chunks' =>
            "Content-Length: 5\r\nTransfer-Encoding: chunked"],
    )
{
    my ($fact, $lines) = @$case;
    my $got = $dosis->client->raw("$head$lines\r\n\r\n{}", 'POST');
    is_problem($got, 400, undef, "$fact: 400");
}
$answer = $dosis->client->raw("${head}Transfer-Encoding: gzip\r\n\r\n",
    'POST');
is_problem($answer, 501, undef, 'an unknown transfer coding: 501');
$answer = $dosis->client->raw("$head\r\n", 'POST');
is_problem($answer, 400, undef, 'no body at all: 400');
$answer = $dosis->client->raw(
    "${head}Transfer-Encoding: chunked\r\n\r\nzz\r\n", 'POST');
is_problem($answer, 400, undef, 'a chunk size that is none: 400');

# HTTP/2.
SKIP: {
    my $nghttp = grep { -x "$_/nghttp" } split /:/, $ENV{PATH};
    skip 'nghttp is not installed', 4 if !$nghttp;
    my $h2 = sub {
        my ($bytes) = @_;
        my $file = File::Temp->new;
        print {$file} sized($bytes);
        close $file;
        return scalar `nghttp -v -t 10 -d $file \\
            -H 'content-type: application/json' \\
            -H 'authorization: Bearer $token' \\
            http://127.0.0.1:$dosis->{port_h2}$path 2>&1`;
    };
    like($h2->($limit), qr/:status: 200\b/,
        'exactly 64 KiB over HTTP/2: stored');
    my $much = $h2->($limit + 1);
    like($much, qr/:status: 413\b/, 'a byte more over HTTP/2: 413');
    like($much, qr{content-type: application/problem\+json},
        'as a problem');
    like($much, qr/BodyTeGroot/, 'with its code');
}

# Kind.
for my $type ('application/json', 'application/json; charset=utf-8',
    'APPLICATION/JSON', 'application/vnd.dosis+json')
{
    is_stored(
        $dosis->push($dosis->dossier, headers => ['Content-Type' => $type]),
        'Nieuw', "$type is taken");
}
for my $type ('multipart/form-data; boundary=x', 'text/plain', 'text/xml',
    'application/x-www-form-urlencoded', 'text/tsv', 'application/jsonx',
    'application/octet-stream', 'json', '/', ';')
{
    my $refused =
        $dosis->push($dosis->dossier, headers => ['Content-Type' => $type]);
    is_problem($refused, 415, 'MediaTypeNietOndersteund', "$type: 415");
    my ($error, @more) = @{ $refused->member('errors') };
    is(scalar @more, 0, "$type: one error");
    is($error->{field}, 'Content-Type', "$type: of that field");
    like($error->{message}, qr{text/csv}, "$type: it says what is taken");
}
like(
    $dosis->push($dosis->dossier,
        headers => ['Content-Type' => 'multipart/form-data; boundary=x'])
        ->member('Message'),
    qr{text/csv}, 'to multipart we name text/csv');
for my $coding (qw(gzip deflate br x)) {
    is_problem(
        $dosis->push($dosis->dossier,
            headers => ['Content-Encoding' => $coding]),
        415, 'MediaTypeNietOndersteund', "Content-Encoding $coding: 415");
}
is_stored(
    $dosis->push($dosis->dossier,
        headers => ['Content-Encoding' => 'identity']),
    'Nieuw', 'Content-Encoding identity is none');

# The body ceiling is the location's own setting; others keep theirs.
is_stored($dosis->push($dosis->dossier), 'Nieuw', 'a plain push still works');
