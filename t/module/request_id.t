#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# Every answer carries a request id, ours or the caller's.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Test;

my $dosis = Dosis::Test->new;
my $token = $dosis->machine('leverancier-a');

my %path = (
    'health'             => ['GET', '/health/live'],
    'an unknown path'    => ['GET', '/nergens'],
    'no token'           => ['GET', '/api/v1/dosis/dossiers'],
    'a wrong method'     => ['PATCH', '/api/v1/dosis/dossiers'],
    'OPTIONS'            => ['OPTIONS', '/api/v1/dosis/dossiers'],
);
my %seen;
for my $fact (sort keys %path) {
    my ($method, $path) = @{ $path{$fact} };
    my $id = $dosis->request($method, $path)->header('X-Request-Id') // '';
    like($id, qr/^[0-9a-f]{32}$/, "an id on: $fact");
    $seen{$id}++;
}
my $push = $dosis->push($dosis->dossier);
$seen{ $push->header('X-Request-Id') // '' }++;
is(scalar keys %seen, 6, 'no two answers share an id');
my $broken = $dosis->client->raw("GARBAGE\r\n\r\n");
like($broken->header('X-Request-Id') // '', qr/^\S+$/,
    'even on a request that could not be read');

for my $mine ('a', 'x' x 64, 'c30c0de7-f763-4648-b684-936162aa6a78',
    'A.b_c-9')
{
    my $answer = $dosis->get('/nergens', headers => ['X-Request-Id' => $mine]);
    is($answer->header('X-Request-Id'), $mine,
        'a safe id of the caller is kept: ' . substr $mine, 0, 40);
    is(scalar(() = $answer->headers('X-Request-Id')), 1, 'once');
}
for my $theirs ('', 'x' x 65, 'a b', '"x"', 'x;y', '<b>', "\xe9", 'a,b') {
    my $answer =
        $dosis->get('/nergens', headers => ['X-Request-Id' => $theirs]);
    like($answer->header('X-Request-Id'), qr/^[0-9a-f]{32}$/,
        'an unsafe one is replaced: ' . substr $theirs, 0, 20);
}

my $given = 'vind-mij-in-het-log';
$dosis->get('/health/live', headers => ['X-Request-Id' => $given]);
ok($dosis->wait_for(sub { $dosis->log('access.log') =~ /$given/ },
        'the line is in the log', 5),
    'the log has the id that the caller knows');

my $trace = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
for my $value ($trace, 'x', '', '00-' . '0' x 2000) {
    my $answer =
        $dosis->get('/health/live', headers => [traceparent => $value]);
    is($answer->status, 200, 'a traceparent is accepted: '
            . substr $value, 0, 20);
}
