#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# A token that is no signed one opens the doors that its issuer's answer says
# it may, at its first use and when it is remembered; it is judged before a
# byte of the body is read.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::H2;
use Dosis::Introspection;
use Dosis::Number qw(kbo);
use Dosis::Stream;
use Dosis::Test qw(query);

my ($dosis, $issuer) = Dosis::Introspection->instance(workers => 1);
my $agent  = kbo(1);
my $list   = '/api/v1/dosis/dossiers';
my $serial = 0;

sub import_token {
    my (%more) = @_;

    return $issuer->active('import' . ++$serial,
        Dosis::Token::machine_claims('leverancier-a'), %more);
}

sub counter_token {
    return $issuer->active('loket' . ++$serial,
        Dosis::Token::machine_claims('loket', scope => 'DosisRaadpleging'));
}

sub user_token {
    return $issuer->active('user' . ++$serial,
        Dosis::Token::user_claims(vo_doelgroepcode => 'EA',
            vo_orgcode => $agent, dosis_rol_3d => ['Lezer'], @_));
}

# --- doors -----------------------------------------------------------------

my $dossier = $dosis->dossier(agent => $agent, rechten => ['Lezer']);
my $question = { Agent => $agent, Rechten => ['Lezer'] };
my $id;

my @doors = (
    ['a push', \&import_token,
        sub { $dosis->push($dossier, token => $_[0]) }],
    ['a list of dossiers pushed', \&import_token,
        sub { $dosis->push([$dosis->dossier], token => $_[0]) }],
    ['a withdrawal', \&import_token,
        sub { $dosis->withdraw($dosis->dossier, token => $_[0]) }],
    ['the sources of a client', \&import_token,
        sub { $dosis->get('/api/v2/dosis/bronnen/uris', token => $_[0]) }],
    ['the list of a user', \&user_token,
        sub { $dosis->get($list, token => $_[0]) }],
    ['the head of that list', \&user_token,
        sub { $dosis->request('HEAD', $list, token => $_[0]) }],
    ['the list of a counter', \&counter_token,
        sub { $dosis->get("$list?" . query(agent => $agent, recht => 'Lezer'),
                token => $_[0]) }],
    ['a question by QUERY', \&counter_token,
        sub { $dosis->request('QUERY', $list, token => $_[0],
                body => $question) }],
    ['a question by POST', \&counter_token,
        sub { $dosis->post("$list/zoek", $question, token => $_[0]) }],
    ['a handle', \&counter_token,
        sub { $dosis->post('/api/v1/dosis/namens',
                { Agenten => [{ Identificatie => $agent, Rechten => [] }] },
                token => $_[0]) }],
    ['counts', \&user_token,
        sub { $dosis->get('/api/v1/dosis/overzicht', token => $_[0]) }],
    ['the feed', \&user_token,
        sub { $dosis->get('/api/v1/dosis/wijzigingen', token => $_[0]) }],
);

for my $door (@doors) {
    my ($name, $mint, $ask) = @$door;
    my $token = $mint->();
    is_status($ask->($token), 200, $name);
    is_status($ask->($token), 200, "$name, the token remembered");
    is($issuer->times($token), 1, "$name: its issuer was asked once");
}

my $stream = Dosis::Stream->open($dosis, token => user_token());
is($stream->status, 200, 'a stream of events opens');
$stream->close;

# --- what it may not -------------------------------------------------------

is_problem($dosis->push($dossier, token => user_token()), 403,
    'ScopeOntbreekt', 'the token of a user delivers nothing');
is_problem($dosis->get($list, token => $issuer->active('scopeless',
            { client_id => 'leverancier-a', sub => 'leverancier-a' })),
    403, 'ScopeOntbreekt', 'a token without a scope of ours');
is_problem($dosis->push($dossier, token => $issuer->active('onbekend',
            Dosis::Token::machine_claims('onbekende-client'))),
    403, 'ClientOnbekend', 'the token of a client that nobody knows');
is_problem($dosis->get($list, token => 'zomaar-iets'), 401, 'TokenOngeldig',
    'a token that its issuer does not know');

# --- the body --------------------------------------------------------------

sub head_of {
    my ($token, $length) = @_;

    return join "\r\n", "POST $list HTTP/1.1", 'Host: localhost',
        "Authorization: Bearer $token", 'Content-Type: application/json',
        'Expect: 100-continue', "Content-Length: $length", '', '';
}

my $body   = JSON::PP->new->utf8->encode($dosis->dossier);
my $client = $dosis->client;
$client->connect_if_needed;
$client->send_bytes(head_of('zomaar-nog-iets', length $body));
push @{ $client->{asked} }, ['POST', $list];
is_problem($client->receive('POST'), 401, 'TokenOngeldig',
    'refused without its body');

my $slow = import_token(delay => 0.7);
$client = $dosis->client;
$client->connect_if_needed;
$client->send_bytes(head_of($slow, length $body));
$dosis->wait_for(sub { $issuer->times($slow) == 1 }, 'it is asked');
ok(!$client->has_bytes, 'nothing is asked of the client meanwhile');
$client->fill(Time::HiRes::time() + 20);
like($client->{buffer}, qr/^HTTP.1.1 100 /, 'then the body is asked for');
$client->{buffer} = '';
$client->send_bytes($body);
push @{ $client->{asked} }, ['POST', $list];
is_status($client->receive('POST'), 200, 'and taken');

# A body that comes at once, and in chunks.
is_status($dosis->push($dosis->dossier, token => import_token(delay => 0.3),
        client => $dosis->client, chunked => 7),
    200, 'chunks that came before the answer');
my $large = [map { $dosis->dossier(Naam => 'x' x 200) } 1 .. 300];
is_status($dosis->push($large, token => import_token(delay => 0.3),
        client => $dosis->client),
    200, 'a large body that came before the answer');

# --- HTTP/2 ----------------------------------------------------------------

my $h2      = Dosis::H2->new($dosis);
my @waiting = map {
    my $token = import_token(delay => 0.3);
    [$token, $h2->ask('POST', $list,
            headers => [Authorization => "Bearer $token",
                'Content-Type' => 'application/json'],
            body => JSON::PP->new->utf8->encode($dosis->dossier))];
} 1 .. 5;
my $user = user_token();
push @waiting, map { [$user, $h2->ask('GET', $list,
            headers => [Authorization => "Bearer $user"])] } 1 .. 5;
is($h2->answer($_->[1])->{status}, 200, 'a stream of HTTP/2 is answered')
    for @waiting;
is($issuer->times($user), 1, 'five of one token: asked once');
$h2->close;
