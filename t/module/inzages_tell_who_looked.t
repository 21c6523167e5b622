#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# GET inzages: who looked at my dossiers: those I may see now, newest first, in
# pages; an inspection later, an investigation never; nobody by name.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Number qw(insz kbo uuid);
use Dosis::Test qw(query);

sub counter {
    my ($client, %more) = @_;

    return { Client => $client, Naam => "Naam van $client", Loket => {},
        %more };
}

my $dosis = Dosis::Test->new(
    reference => {
        clients => [
            counter('inspectie', Inzage => 'uitgesteld',
                InzageUitstelDagen => 30),
            counter('politie', Inzage => 'vrijgesteld'),
        ]
    });
my $base    = '/api/v1/dosis/dossiers';
my $door    = '/api/v1/dosis/inzages';
my $person  = insz(5);
my $other   = insz(6);
my $citizen = $dosis->citizen($person);

my @dossiers = map { $dosis->dossier(agent => $person,
        rechten => ['Raadpleger'], datum => "2026-01-0${_}T10:00:00") } 1 .. 3;
my @ids = map { $_->member('DossierId') } $dosis->push_all(\@dossiers);
my $secret = $dosis->push($dosis->dossier(agent => $person,
        rechten => ['Ander']))->member('DossierId');

# A look by that counter, about those.
sub look {
    my ($client, %more) = @_;

    my $path = delete $more{path} // "$base/zoek";
    my $about = delete $more{about} // [$person];

    return $dosis->post($path, {
            Agenten => [map { { Identificatie => $_,
                        Rechten => ['Raadpleger', 'Ander'] } } @$about],
            Gebruiker => "medewerker van $client",
            %more },
        token => $dosis->loket($client));
}

sub inzages {
    my (%query) = @_;

    my $token = delete $query{token} // $citizen;
    my $words = query(%query);

    return $dosis->get($words eq '' ? $door : "$door?$words",
        token => $token);
}

# When the engine has indexed so many rows for the citizen.
sub rows {
    my ($count) = @_;

    my $answer;
    eval {
        $dosis->wait_for(
            sub {
                $answer = inzages();
                return @{ $answer->member('Inzagen') // [] } >= $count;
            },
            "$count rows");
    };

    return $answer->member('Inzagen');
}

is_deeply(inzages()->json, { Inzagen => [], Volgende => undef },
    'nobody has looked yet');
is_status($dosis->list(token => $citizen), 200, 'a look of one\'s own');
is_status(look('politie', Doel => 'onderzoek'), 200, 'the police');
is_status(look('inspectie', Doel => 'controle'), 200, 'an inspection');
is_status(look('loket', about => [$other]), 200, 'a look at somebody else');
my $seen = look('loket', Doel => "dossier $other", Fase => ['Behandeling']);
is(scalar @{ $seen->member('Dossiers') }, 4, 'a counter sees four of them');
is_status(look('loket-2', about => [$other, $person]), 200,
    'one that asks about several');
is_status($dosis->get("$base/$secret", token => $dosis->loket('loket'),
        headers => ['Dosis-Namens' => $dosis->post('/api/v1/dosis/namens', {
                        Agenten => [{ Identificatie => $person,
                                Rechten => ['Ander'] }] },
                    token => $dosis->loket('loket'))->member('Namens')]),
    200, 'a detail that the citizen may not see');

my $rows = rows(2);
is(scalar @$rows, 2, 'two looks are told');
is_deeply([map { $_->{Wie} } @$rows],
    [map { { Naam => $_, Mandataris => undef } } 'Tweede loket', 'Loket'],
    'newest first, by the name of the organisation');
my @mine = reverse @ids;
is_deeply([map { $_->{Dossiers} } @$rows], [\@mine, \@mine],
    'with the dossiers that the citizen may see, and no other');
is_deeply([map { $_->{Deur} } @$rows], ['zoek', 'zoek'], 'by which door');
is($rows->[1]{Doel}, 'dossier xxxxxxxxxxx',
    'and what for, without the number of somebody else');
is($rows->[0]{Doel}, undef, 'if it said so');
like($rows->[0]{Tijdstip}, qr/^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z$/,
    'and when');
unlike(inzages()->text, qr/medewerker|politie|inspectie|$secret|$other/,
    'nobody by name, none that is exempt or delayed, nothing hidden');

# As it is now, at each question.
is_status($dosis->withdraw($dossiers[0]), 200, 'a dossier is withdrawn');
is_deeply([map { $_->{Dossiers} } @{ rows(2) }],
    [([@mine[0, 1]]) x 2], 'what is withdrawn is told no longer');
$dosis->push({ %{ $dossiers[$_] }, UploadId => uuid(),
        WijzigingsDatum => '2026-05-01T10:00:00',
        Agenten => [{ Identificatie => $person,
                Toegangsrechten => [{ Code => 'Ander' }] }] })
    for 1, 2;
is_deeply(inzages()->json, { Inzagen => [], Volgende => undef },
    'nor a look at what may not be seen any more');
$dosis->push({ %{ $dossiers[1] }, UploadId => uuid(),
        WijzigingsDatum => '2026-06-01T10:00:00' });
is_deeply([map { $_->{Dossiers} } @{ rows(2) }], [([$ids[1]]) x 2],
    'given back it is');
my ($code, $said) = $dosis->ctl('client', 'change', 'inspectie',
    'Inzage=direct');
is($code, 0, 'the inspection is no longer delayed') or diag $said;
is(rows(3)->[2]{Wie}{Naam}, 'Naam van inspectie',
    'its look is told, in its place');
($code, $said) = $dosis->ctl('client', 'change', 'loket',
    'Inzage=vrijgesteld');
is($code, 0, 'a counter becomes exempt') or diag $said;
is(scalar @{ inzages()->member('Inzagen') }, 2, 'its looks are told no more');
$dosis->ctl('client', 'change', 'loket', 'Inzage=direct');

# In pages; a counter of its subject, one at a time.
my $handle = $dosis->post('/api/v1/dosis/namens', { Agenten => [
            { Identificatie => $person, Rechten => ['Raadpleger'] }] },
    token => $dosis->loket('loket-kbo'));
is_problem($handle, 403, 'GeenToegang', 'a counter asks as it may');
look('loket') for 1 .. 7;
is(scalar @{ rows(10) }, 10, 'ten looks');
my (@paged, $next);
do {
    my $page = inzages(limiet => 4, na => $next);
    is_status($page, 200, 'a page');
    push @paged, @{ $page->member('Inzagen') };
    $next = $page->member('Volgende');
} while (defined $next && @paged < 20);
is_deeply(\@paged, rows(10), 'the pages are the list');
my $of_four = inzages(limiet => 4)->member('Volgende');
is_problem(inzages(na => 'x'), 400, 'ParameterOngeldig', 'no cursor');
is_problem(inzages(na => $of_four, token => $dosis->citizen($other)), 400,
    'ParameterOngeldig', 'the cursor of another');
my $history = $dosis->get("$base/$ids[1]/historiek?limiet=1",
    token => $citizen)->member('Volgende');
ok($history, 'a history has a second page');
is_problem(inzages(na => $history), 400, 'ParameterOngeldig',
    'the cursor of a history');
is_problem($dosis->get("$base/$ids[1]/historiek?" . query(na => $of_four),
        token => $citizen),
    400, 'ParameterOngeldig', 'nor is this one of a history');
my $several = $dosis->post('/api/v1/dosis/namens', { Agenten => [
            map { { Identificatie => $_ } } $person, $other] },
    token => $dosis->loket('loket'))->member('Namens');
is_problem($dosis->get($door, token => $dosis->loket('loket'),
        headers => ['Dosis-Namens' => $several]),
    400, 'ParameterOngeldig', 'about one subject at a time');
is_problem($dosis->get($door, token => $dosis->loket('loket')), 400,
    'AgentOntbreekt', 'a counter that names nobody');
is_problem($dosis->get($door, token => $dosis->machine('leverancier-a')), 403,
    'ScopeOntbreekt', 'a source has none');
