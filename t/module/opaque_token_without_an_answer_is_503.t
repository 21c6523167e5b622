#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# Where nobody can say whether an opaque token is good, it is neither good nor
# bad: 503 with Retry-After, never 401; and right again as soon as there is an
# answer. Signed tokens go on.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;
use Time::HiRes ();

use Dosis::Check;
use Dosis::Introspection;
use Dosis::Test;

my ($dosis, $issuer) = Dosis::Introspection->instance(
    workers => 1,
    setting => { WachtMs => 3000 },
    expect  => [qr/connect\(\) .*failed|upstream|recv\(\) failed/],
);
my $path   = '/api/v2/dosis/bronnen/uris';
my $claims = Dosis::Token::machine_claims('leverancier-a');
my $jwt    = $dosis->machine('leverancier-a');
my $serial = 0;

sub nobody_knows {
    my ($token, $what) = @_;

    my $answer = $dosis->get($path, token => $token);
    is_problem($answer, 503, 'UitgeverOnbereikbaar', $what);
    ok($answer->header('Retry-After'), "$what: when to come back");
    ok(!defined $answer->header('WWW-Authenticate'), "$what: no challenge");

    return;
}

# --- answers that are none -------------------------------------------------

my %none = (
    'a status 500'           => { status => 500 },
    'a status 401: it does not know us' => { status => 401 },
    'a status 404'           => { status => 404, body => '' },
    'a redirect'             => { status => 302, body => '' },
    'a page'                 => { body => '<html>', type => 'text/html' },
    'nothing'                => { body => '' },
    'an answer without active' => { body => { aud => 'dosis' } },
    'active as a text'       => { body => { active => 'false' } },
    'an answer too large'    => { body => '{"active":true,"x":"'
            . 'x' x 20000 . '"}' },
    'a signed answer of nobody' => {
        type => 'application/token-introspection+jwt',
        body => 'eyJhbGciOiJub25lIn0.e30.',
    },
    'a slow answer' => { delay => 60 },
);

for my $what (sort keys %none) {
    my $token = 'niets' . ++$serial;
    $issuer->say($token, %{ $none{$what} });
    nobody_knows($token, $what);
    $issuer->active($token, $claims);
    is_status($dosis->get($path, token => $token), 200,
        "$what: good again with an answer");
}
is_status($dosis->get($path, token => $jwt), 200, 'a signed token goes on');

# --- nobody there ----------------------------------------------------------

$issuer->active('bewaard', $claims);
is_status($dosis->get($path, token => 'bewaard'), 200, 'asked while it is up');
$issuer->down;
nobody_knows('weg', 'an issuer that is down');
is_status($dosis->get($path, token => 'bewaard'), 200,
    'what is remembered goes on');
$issuer->up;
$issuer->active('weg', $claims);
is_status($dosis->get($path, token => 'weg'), 200, 'good again with the issuer');

$dosis->kill_engine;
nobody_knows('zonder', 'an engine that is down');
is_status($dosis->get($path, token => 'bewaard'), 200,
    'what the worker remembers goes on');
is_status($dosis->get($path, token => $jwt), 200, 'a signed token goes on');
$dosis->start_engine;
$issuer->active('zonder', $claims);
is_status($dosis->get($path, token => 'zonder'), 200,
    'good again with the engine');

# --- too many --------------------------------------------------------------

# More than may wait: each is answered, and soon.
my $many = 220;
$issuer->active("veel$_", $claims, delay => 1.5) for 1 .. $many;
my @clients = map { $dosis->client } 1 .. $many;
my $began = Time::HiRes::time();
$clients[$_ - 1]->send_request('GET', $path,
    headers => [Authorization => "Bearer veel$_"])
    for 1 .. $many;
my %got;
$got{ $_->receive('GET')->status }++ for @clients;
is(($got{200} // 0) + ($got{503} // 0), $many, 'each is answered 200 or 503');
ok($got{200} && $got{503}, 'some of each: ' . join ' ', map {"$_: $got{$_}"}
    sort keys %got);
is_status($dosis->get($path, token => $jwt), 200,
    'a signed token goes on meanwhile');

like($dosis->log('dosisd.log'), qr/introspection gives no answer.*why=status/,
    'the engine says why');
like($dosis->log('dosisd.log'), qr/introspection answers again/,
    'and when it is over');
