#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# Somebody who invents opaque tokens, many at once, has his share of the
# questions under way: beyond it he is told to come back, and others are asked
# about.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Introspection;
use Dosis::Test;
use Dosis::Token;

use constant {
    PATH  => '/api/v2/dosis/bronnen/uris',
    SHARE => 12, # 24, of two workers
    MANY  => 60,
    SLOW  => 4,  # seconds
};

# What X-Real-IP says is who asks.
my ($dosis, $issuer) = Dosis::Introspection->instance(
    workers => 2,
    server  => 'set_real_ip_from 127.0.0.1; real_ip_header X-Real-IP;',
);

# Before: who is known to be there is asked about.
my $claims = Dosis::Token::machine_claims('leverancier-a');
my @good = map { $issuer->active("goed-$_", $claims) } 1 .. 4;
my @same = map { $issuer->active("later-$_", $claims) } 1;
my @invented = map { "verzonnen-$_" } 1 .. MANY;
$issuer->say($_, delay => SLOW) for @invented;

sub get {
    my ($client, $token, $address) = @_;

    $client->send_request('GET', PATH, Dosis::Test::prepared(
        token => $token, headers => ['X-Real-IP' => $address]));

    return;
}

my @clients = map { $dosis->client } @invented;
get($clients[$_], $invented[$_], '192.0.2.1') for 0 .. $#invented;
$dosis->wait_for(sub { $issuer->times > 0 }, 'the issuer is asked', 30);

# while he waits
my @other = map {
    my $client = $dosis->client;
    get($client, $_, '192.0.2.2');
    $client->receive('GET')->status;
} @good;
is_deeply(\@other, [(200) x @good], 'another address is answered meanwhile');

my @answers = map { $_->receive('GET') } @clients;
my %count;
$count{ $_->status }++ for @answers;
is($count{401} + $count{503}, MANY, 'he gets a no, or is told to come back');
cmp_ok($count{401}, '<=', 2 * SHARE, 'no more than his share was asked');
cmp_ok($count{503}, '>=', MANY - 2 * SHARE, 'the rest was not');
my ($later) = grep { $_->status == 503 } @answers;
ok($later->header('Retry-After'), 'and says when to come back');
is($issuer->times - @good, $count{401}, 'his issuer saw those only');

my $client = $dosis->client;
get($client, $same[0], '192.0.2.1');
is($client->receive('GET')->status, 200, 'then he is asked about again');

$dosis->finish;
