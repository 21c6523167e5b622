#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# A client may go while its token is asked about: who waits for the same token
# is answered, and nothing of it stays: no descriptor, no question, no place.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Socket;
use Test::More;

use Dosis::Check;
use Dosis::H2;
use Dosis::Introspection;
use Dosis::Test;

my ($dosis, $issuer) = Dosis::Introspection->instance(workers => 1);
my $path    = '/api/v2/dosis/bronnen/uris';
my $claims  = Dosis::Token::machine_claims('leverancier-a');
my ($worker) = $dosis->workers;

sub descriptors {
    opendir my $dir, "/proc/$worker/fd" or die "worker: $!\n";
    return scalar grep {/^\d+$/} readdir $dir;
}

sub ask {
    my ($token, $client) = @_;

    $client //= $dosis->client;
    $client->send_request('GET', $path,
        headers => [Authorization => "Bearer $token"]);

    return $client;
}

sub leave {
    my ($client, $how) = @_;

    setsockopt $client->{socket}, SOL_SOCKET, SO_LINGER, pack 'ii', 1, 0
        if $how eq 'reset';
    $client->close;

    return;
}

sub asked {
    my ($token) = @_;

    $dosis->wait_for(sub { $issuer->times($token) }, "$token is asked about");

    return;
}

# Both ways, once, so that what is made once is there.
is_status($dosis->get($path, token => $issuer->active('eerst', $claims)), 200,
    'a token');
my $before = descriptors();

for my $how ('close', 'reset') {
    my $token  = $issuer->active("weg-$how", $claims, delay => 1);
    my $asker  = ask($token);
    asked($token);
    my @joined = map { ask($token) } 1 .. 5;
    leave($asker, $how);
    leave(pop @joined, $how);
    is_status($_->receive('GET'), 200, "the one that asked went ($how)")
        for @joined;
    $_->close for @joined;
}

# Nobody is left to be told.
for my $how ('close', 'reset') {
    my $token = $issuer->active("alleen-$how", $claims, delay => 0.5);
    my @clients = map { ask($token) } 1 .. 4;
    asked($token);
    leave($_, $how) for @clients;
}

# With a body on its way.
my $token  = $issuer->active('inhoud', $claims, delay => 0.5);
my $client = $dosis->client;
$client->connect_if_needed;
$client->send_bytes(join "\r\n", 'POST /api/v1/dosis/dossiers HTTP/1.1',
    'Host: localhost', "Authorization: Bearer $token",
    'Content-Type: application/json', 'Content-Length: 9000', '', '{"a"');
asked($token);
leave($client, 'reset');

# A stream of HTTP/2 that is reset, beside one that stays.
$token = $issuer->active('stroom', $claims, delay => 1);
my $h2  = Dosis::H2->new($dosis);
my @ids = map { $h2->ask('GET', $path,
        headers => [Authorization => "Bearer $token"]) } 1 .. 4;
asked($token);
$h2->reset($ids[0]);
$h2->reset($ids[2]);
is($h2->answer($_)->{status}, 200, 'a stream beside one that was reset')
    for @ids[1, 3];
$h2->close;

is_status($dosis->get($path, token => 'inhoud'), 200, 'the worker goes on');
is(join(' ', $dosis->workers), $worker, 'it is the same worker');
$dosis->{client}->close;
$dosis->wait_for(sub { descriptors() <= $before },
    "no descriptor stays: $before", 20);
pass('no descriptor stays');
my ($code, $status) = $dosis->ctl('status', '--json');
like($status, qr/"under_way":0/, 'the engine has no question left');
