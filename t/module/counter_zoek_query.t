#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# The question in a body: POST zoek and QUERY are one door.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Number qw(insz insz_dotted kbo);
use Dosis::Test qw(query);

my $dosis  = Dosis::Test->new;
my $base   = '/api/v1/dosis/dossiers';
my $loket  = $dosis->loket('loket');
my $kbo    = kbo(61);
my $person = insz(61);

$dosis->store_all([
    (map { $dosis->dossier(agent => $kbo, nummer => "Z-$_",
            datum => "2026-01-0${_}T10:00:00") } 1 .. 7),
    (map { $dosis->dossier(agent => $person, nummer => "B-$_",
            rechten => ['Raadpleger']) } 1 .. 3),
]);

my %door = (
    zoek => sub {
        my ($body, %option) = @_;
        return $dosis->post("$base/zoek", $body, token => $loket, %option);
    },
    QUERY => sub {
        my ($body, %option) = @_;
        return $dosis->request('QUERY', $base, body => $body,
            token => $loket, %option);
    },
);

for my $name (sort keys %door) {
    my $ask   = $door{$name};
    my $found = $ask->({ Agent => $kbo, Rechten => ['Lezer'] });
    is_status($found, 200, "$name: 200");
    is_deeply([Dosis::Test::numbers($found)], [map {"Z-$_"} reverse 1 .. 7],
        "$name: the dossiers of the agent, newest first");
    my $by_url = $dosis->list(token => $loket, agent => $kbo,
        recht => ['Lezer']);
    is($found->body, $by_url->body, "$name: the same answer as agent=");
    is($found->header('Cache-Control'), 'private, no-cache',
        "$name: private, no-cache");

    for my $spelling ($person, insz_dotted($person)) {
        same_set(
            [Dosis::Test::numbers($ask->({ Agent => $spelling,
                        Rechten => ['Raadpleger'] }))],
            [qw(B-1 B-2 B-3)], "$name: a person stands in a body");
    }
    is_deeply([Dosis::Test::numbers($ask->({ Agent => $kbo }))], [],
        "$name: without rights nothing");

    my (@rows, $after);
    do {
        my $page = $ask->({ Agent => $kbo, Rechten => ['Lezer'],
                Limiet => 3, Na => $after });
        push @rows, Dosis::Test::numbers($page);
        $after = $page->member('Volgende');
        die "endless\n" if @rows > 20;
    } while defined $after;
    is_deeply(\@rows, [map {"Z-$_"} reverse 1 .. 7],
        "$name: Limiet and Na page through all");

    # Refused.
    for my $case (
        ['an empty body'   => ''],
        ['no JSON'         => 'x'],
        ['an array'        => '[]'],
        ['nobody'          => {}],
        ['an empty agent'  => { Agent => '' }],
        ['an agent that is a number' => { Agent => 5 }],
        ['an agent that is a list'   => { Agent => [$kbo] }],
        ['rights that are a text' => { Agent => $kbo, Rechten => 'Lezer' }],
        ['rights that are numbers' => { Agent => $kbo, Rechten => [1] }],
        ['an agent beyond the ceiling' => { Agent => 'x' x 101 }],
        ['a limit of 0'    => { Agent => $kbo, Limiet => 0 }],
        ['a limit of 501'  => { Agent => $kbo, Limiet => 501 }],
        ['a limit as text' => { Agent => $kbo, Limiet => 'x' }],
        ['a cursor that is none' => { Agent => $kbo, Na => 'x' }],
        ['a cursor that is a number' => { Agent => $kbo, Na => 1 }],
        )
    {
        my ($fact, $body) = @$case;
        is_problem($ask->($body), 400, undef, "$name with $fact: 400");
    }
    is($ask->({ Agent => $kbo, Limiet => 0 })->member('errors')->[0]{field},
        '/Limiet', "$name: a wrong limit is named as the member it is");
    is_problem($ask->({ Agent => $kbo }, client => $dosis->client,
            headers => ['Content-Type' => 'text/plain']),
        415, 'MediaTypeNietOndersteund', "$name with text/plain: 415");
    is_status($ask->({ Agent => $kbo, Rechten => ['Lezer'],
                Opmerking => 'x' x 70000 }), 200,
        "$name with more than one dossier may hold: 200");
    is_problem($ask->({ Agent => $kbo, Rechten => ['x' x 4_200_000] },
            client => $dosis->client),
        413, 'BodyTeGroot', "$name with too much: 413");
    is_problem($ask->({ Agent => $kbo }, token => undef), 401,
        'TokenOntbreekt', "$name without a token: 401");
    my $user = $dosis->company($kbo, rechten => ['Lezer']);
    for my $body ({ Agent => $kbo }, { Rechten => ['Lezer'] },
        { Agenten => [{ Identificatie => $kbo }] })
    {
        my $status = $ask->($body, token => $user)->status;
        ok($status == 400 || $status == 403, "$name by a user: refused");
    }
    is_problem($ask->({ Agent => $person, Rechten => ['Raadpleger'] },
            token => $dosis->loket('loket-kbo')),
        403, 'GeenToegang', "$name: a counter for enterprises, a person");
}

# QUERY is safe and may be conditional; other methods of that kind are not.
for my $method (qw(query Query SEARCH QUERYX REPORT)) {
    my $answer = $dosis->request($method, $base,
        token => $loket, body => { Agent => $kbo }, client => $dosis->client);
    ok($answer->status == 405 || $answer->status == 400,
        "$method is not QUERY");
}
