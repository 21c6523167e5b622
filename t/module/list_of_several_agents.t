#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# A counter asks about many agents at once: one list, in order, in which a
# dossier of several of them stands once; up to a thousand, off the event loop.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Number qw(insz kbo vestiging);
use Dosis::Test qw(query);

my $dosis = Dosis::Test->new(workers => 1);
my $base  = '/api/v1/dosis/dossiers';
my $loket = $dosis->loket('loket');

sub agent {
    my ($id, @rights) = @_;

    return { Identificatie => $id, Rechten => \@rights };
}

sub ask {
    my ($agents, %more) = @_;

    return $dosis->request('QUERY', $base, token => $loket,
        body => { Agenten => $agents, %more });
}

sub walk {
    my ($agents, %more) = @_;

    my (@rows, $after);
    my $pages = 0;
    do {
        my $page = ask($agents, %more, Na => $after);
        $page->status == 200 or die $page->text;
        push @rows, @{ $page->member('Dossiers') };
        $after = $page->member('Volgende');
        die "endless\n" if ++$pages > 500;
    } while defined $after;

    return @rows;
}

sub numbers {
    return [map { $_->{Identificatie}{DossierNummer} } @_];
}

# Three companies, and what they share.
my ($one, $two, $three) = map { kbo(320 + $_) } 1 .. 3;
sub shared {
    my ($nummer, $day, @agents) = @_;

    return $dosis->dossier(nummer => $nummer,
        datum => sprintf('2026-01-%02dT10:00:00', $day),
        agenten => [map { { Identificatie => $_->[0],
                    Toegangsrechten => [{ Code => $_->[1] }] } } @agents]);
}
$dosis->store_all([
    shared('alleen-1', 9, [$one, 'Lezer']),
    shared('een-twee', 8, [$one, 'Lezer'], [$two, 'Lezer']),
    shared('allen', 7, [$one, 'Lezer'], [$two, 'Lezer'], [$three, 'Lezer']),
    shared('ander-recht', 6, [$one, 'Geheim'], [$two, 'Lezer']),
    shared('alleen-3', 5, [$three, 'Lezer']),
    shared('verborgen', 4, [$one, 'Geheim'], [$two, 'Geheim']),
]);
my @lezers = map { agent($_, 'Lezer') } $one, $two, $three;
is_deeply(numbers(walk(\@lezers)),
    [qw(alleen-1 een-twee allen ander-recht alleen-3)],
    'what several share stands there once, newest first');
for my $limit (1 .. 5) {
    is_deeply(numbers(walk(\@lezers, Limiet => $limit)),
        [qw(alleen-1 een-twee allen ander-recht alleen-3)],
        "in pages of $limit too");
}
is_deeply(
    numbers(walk([agent($one, 'Lezer'), agent($two, 'Geheim')])),
    [qw(alleen-1 een-twee allen verborgen)],
    'the rights of one do not count for another');
is_deeply(
    numbers(walk([agent($one, 'Lezer'), agent($one, 'Geheim')])),
    [qw(alleen-1 een-twee allen ander-recht verborgen)],
    'an agent named twice holds both rights');
is_deeply(
    numbers(walk([agent(substr($one, 1), 'Geheim'), agent($three),
                agent("BE$one", 'Lezer')])),
    [qw(alleen-1 een-twee allen ander-recht verborgen)],
    'however it is written');
is_deeply(numbers(walk([map { agent($_) } $one, $two])), [],
    'without rights nothing');
is_deeply(numbers(walk([reverse @lezers])), numbers(walk(\@lezers)),
    'the order in which they are named does not matter');

# A cursor belongs to all of them, each with its rights.
my $cursor = ask(\@lezers, Limiet => 2)->member('Volgende');
is_deeply(numbers(@{ ask(\@lezers, Na => $cursor)->member('Dossiers') }),
    [qw(allen ander-recht alleen-3)], 'a cursor goes on');
for my $case (
    ['an agent less'   => [@lezers[0, 1]]],
    ['an agent more'   => [@lezers, agent(kbo(329), 'Lezer')]],
    ['a right more'    => [@lezers[0, 1], agent($three, 'Lezer', 'Geheim')]],
    ['a right elsewhere' => [@lezers[0, 1], agent($three)]],
    )
{
    my ($fact, $agents) = @$case;
    is_problem(ask($agents, Na => $cursor), 400, 'ParameterOngeldig',
        "with $fact it is refused");
}

# A handle instead, with the rest of the question in the body.
my @with = ('Dosis-Namens' => $dosis->post('/api/v1/dosis/namens',
        { Agenten => \@lezers }, token => $loket)->member('Namens'));
for my $case (
    ['QUERY', $base], ['POST', "$base/zoek"],
    )
{
    my ($method, $path) = @$case;
    is_deeply(
        [Dosis::Test::numbers($dosis->request($method, $path,
                    token => $loket, headers => [@with],
                    body => { Limiet => 2 }))],
        [qw(alleen-1 een-twee)], "$method with a handle and a body");
    is_problem(
        $dosis->request($method, $path, token => $loket, headers => [@with],
            body => { Agenten => \@lezers }),
        400, 'ParameterOngeldig', "$method with a handle and agents: 400");
    is_problem(
        $dosis->request($method, $path, token => $loket, body => {}),
        400, 'AgentOntbreekt', "$method with neither: 400");
}

# Kinds mixed, a person among them.
my $person = insz(321);
$dosis->store_all([
    $dosis->dossier(nummer => 'persoon', agent => $person,
        rechten => ['Raadpleger'], datum => '2026-01-20T10:00:00'),
    $dosis->dossier(nummer => 'vestiging', agent => vestiging(321),
        datum => '2026-01-19T10:00:00'),
]);
is_deeply(
    numbers(walk([agent($person), agent(vestiging(321), 'Lezer'),
                $lezers[2]])),
    [qw(persoon vestiging allen alleen-3)], 'kinds may be mixed');

# A thousand, and no more.
my @thousand = map { kbo(4000 + $_) } 1 .. 1000;
$dosis->store_all([
    map {
        $dosis->dossier(agent => $thousand[$_ * 7 % 1000],
            nummer => sprintf('M-%04d', $_),
            datum => sprintf('2026-02-%02dT%02d:%02d:00', 1 + $_ % 28,
                $_ % 24, $_ % 60))
    } 1 .. 400
]);
my @all = map { agent($_, 'Lezer') } @thousand;
for my $limit (37, 500) {
    my @rows  = walk(\@all, Limiet => $limit);
    my @dates = map { $_->{WijzigingsDatum} } @rows;
    is(scalar keys %{ { map { $_->{DossierId} => 1 } @rows } }, 400,
        "a thousand agents, pages of $limit: all four hundred");
    is(scalar @rows, 400, 'each once');
    is_deeply(\@dates, [sort { $b cmp $a } @dates], 'newest first');
}
my $whole = ask(\@all, Limiet => 500);
is_status(
    $dosis->request('QUERY', $base, token => $loket,
        body => { Agenten => \@all, Limiet => 500 },
        headers => ['If-None-Match' => $whole->header('ETag')]),
    304, 'a list made on a thread has an ETag that holds');
is_problem(ask([@all, agent(kbo(1), 'Lezer')]), 400, 'TeVeelAgenten',
    'a thousand and one: 400');
is_problem(ask([@all[0 .. 998], agent('', 'Lezer')]), 400, 'ValidatieFout',
    'one of a thousand that is none: 400');
is_problem(
    $dosis->request('QUERY', $base, token => $dosis->loket('loket-kbo'),
        body => { Agenten => [@all[0 .. 99], agent($person)] }),
    403, 'GeenToegang', 'one of a kind that the counter may not ask: 403');
is_problem(
    $dosis->request('QUERY', $base, token => $dosis->loket('loket-2'),
        body => { Agenten => \@all, Na => ask(\@all, Limiet => 5)
                ->member('Volgende') }),
    400, 'ParameterOngeldig', 'a cursor of another counter: 400');

# The body says it in one way.
for my $case (
    ['Agent and Agenten' => { Agent => $one, Agenten => [$lezers[0]] }],
    ['Rechten beside Agenten' => { Agenten => [$lezers[0]],
            Rechten => ['Lezer'] }],
    ['no agents' => { Agenten => [] }],
    ['agents as one object' => { Agenten => $lezers[0] }],
    )
{
    my ($fact, $body) = @$case;
    is_problem($dosis->post("$base/zoek", $body, token => $loket), 400,
        undef, "$fact: 400");
}

# Who leaves while a thread works on the answer harms nobody.
for my $round (1 .. 20) {
    my $client = $dosis->client;
    $client->send_request('POST', "$base/zoek",
        headers => [Authorization => "Bearer $loket",
            'Content-Type' => 'application/json'],
        body => JSON::PP::encode_json({ Agenten => \@all }));
    $client->close;
}
is(scalar walk(\@all, Limiet => 500), 400, 'others get their answer');
is(scalar $dosis->workers, 1, 'from the worker that was there');
