#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# An issuer is asked once about a token, however many requests bring it to
# however many workers at one moment; again when what it said is over: its exp,
# the most that is remembered, or a moment when it said no.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;
use Time::HiRes ();

use Dosis::Check;
use Dosis::Introspection;
use Dosis::Test;

my $max = 2;
my ($dosis, $issuer) = Dosis::Introspection->instance(
    workers => 3,
    setting => { MaxSeconden => $max, NegatiefSeconden => 1 },
);
my $path = '/api/v2/dosis/bronnen/uris';

sub machine {
    my ($token, %more) = @_;

    return $issuer->active($token,
        { %{ Dosis::Token::machine_claims('leverancier-a') },
            %{ delete $more{claims} // {} } }, %more);
}

sub ask {
    my ($client, $token) = @_;

    $client->send_request('GET', $path,
        headers => [Authorization => "Bearer $token"]);

    return;
}

# Until the answer is another, with the token that says so.
sub later {
    my ($token, $status, $what) = @_;

    my $answer;
    my $began = Time::HiRes::time();
    $dosis->wait_for(
        sub {
            $answer = $dosis->get($path, token => $token);
            return $answer->status == $status;
        },
        $what);
    pass($what);

    return Time::HiRes::time() - $began;
}

# --- at one moment ---------------------------------------------------------

my @clients = map { $dosis->client } 1 .. 40;
machine('samen', delay => 1);
ask($_, 'samen') for @clients;
my @statuses = map { $_->receive('GET')->status } @clients;
is_deeply(\@statuses, [(200) x 40], 'forty requests of one token are answered');
is($issuer->times('samen'), 1, 'their issuer was asked once');

$issuer->say('samen-niet', delay => 1);
ask($_, 'samen-niet') for @clients;
@statuses = map { $_->receive('GET')->status } @clients;
is_deeply(\@statuses, [(401) x 40], 'forty of one that is refused');
is($issuer->times('samen-niet'), 1, 'asked once as well');

# Each its own answer.
machine("eigen-$_", delay => 0.5) for grep { $_ % 2 } 1 .. 8;
ask($clients[$_], "eigen-$_") for 1 .. 8;
@statuses = map { $clients[$_]->receive('GET')->status } 1 .. 8;
is_deeply(\@statuses, [map { $_ % 2 ? 200 : 401 } 1 .. 8],
    'eight tokens at one moment: each is told its own answer');

# --- for how long ----------------------------------------------------------

machine('lang');
is_status($dosis->get($path, token => 'lang'), 200, 'a good token');
$issuer->say('lang');
later('lang', 401, 'taken back by its issuer: soon refused');
cmp_ok($issuer->times('lang'), '>=', 2, 'once it was asked again');

is_status($dosis->get($path, token => 'later-goed'), 401, 'a token unknown');
machine('later-goed');
later('later-goed', 200, 'given out since: soon taken');

# One whose issuer says nothing of its end counts no longer than that.
machine('eindeloos', claims => { exp => undef });
is_status($dosis->get($path, token => 'eindeloos'), 200, 'a token without exp');
$issuer->say('eindeloos');
later('eindeloos', 401, 'it is asked about again');

