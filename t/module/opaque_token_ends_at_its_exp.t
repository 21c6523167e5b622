#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# An opaque token is remembered no longer than its exp, and a registration that
# changes counts at the next request, remembered or not.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Introspection;
use Dosis::Number;
use Dosis::Stream;
use Dosis::Test;

my ($dosis, $issuer) = Dosis::Introspection->instance(
    workers => 2,
    http    => 'dosis_leeway 0s;',
    setting => { MaxSeconden => 600 },
);
my $path   = '/api/v2/dosis/bronnen/uris';
my $claims = Dosis::Token::machine_claims('leverancier-a');

$issuer->active('kort', { %$claims, exp => time + 4 });
is_status($dosis->get($path, token => 'kort'), 200, 'a token of four seconds');
$dosis->wait_for(
    sub { $dosis->get($path, token => 'kort')->status == 401 },
    'refused when they are over');
pass('refused when they are over');

$issuer->active('lang', $claims);
is_status($dosis->get($path, token => 'lang'), 200, 'a token that is good');
is(($dosis->ctl('client', 'off', 'leverancier-a'))[0], 0, 'its client is off');
is_problem($dosis->get($path, token => 'lang'), 403, 'ClientOnbekend',
    'it opens nothing at the next request');
$dosis->ctl('client', 'on', 'leverancier-a');
is_status($dosis->get($path, token => 'lang'), 200, 'until its client is on');
is($issuer->times('lang'), 1, 'its issuer was asked once in all that time');

# Each way to use what is remembered: at once, with a body, on a thread, and by
# one that waits already.
$issuer->active('gebruiker', Dosis::Token::user_claims(
        vo_doelgroepcode => 'EA', vo_orgcode => Dosis::Number::kbo(1)));
my $iss    = Dosis::Token::ISSUER();
my $stream = Dosis::Stream->open($dosis, token => 'gebruiker');
is($stream->status, 200, 'a stream of an opaque token');
is(($dosis->ctl('uitgever', 'off', $iss))[0], 0, 'its issuer is off');
is_problem($dosis->get($path, token => 'lang'), 401, 'TokenOngeldig',
    'it opens nothing at the next request');
is_problem($dosis->push($dosis->dossier, token => 'lang'), 401,
    'TokenOngeldig', 'nor does it deliver');
is_problem($dosis->push([map { $dosis->dossier } 1 .. 3], token => 'lang'), 401,
    'TokenOngeldig', 'nor a list');
is($stream->end(25), 'whole', 'a stream that waits ends');
$dosis->ctl('uitgever', 'on', $iss);
is_status($dosis->get($path, token => 'lang'), 200, 'until it is on');

# A worker that is replaced lets who waits have its answer.
$issuer->active('herlaad', $claims, delay => 1);
my $client = $dosis->client;
$client->send_request('GET', $path,
    headers => [Authorization => 'Bearer herlaad']);
$dosis->wait_for(sub { $issuer->times('herlaad') }, 'it is asked about');
$dosis->reload;
is_status($client->receive('GET'), 200, 'asked before a reload, answered after');
