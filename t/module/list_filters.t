#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# Filters narrow a list: the same in the address and in a body, one value or
# several; what is wrong with them is told all at once.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Number qw(kbo);
use Dosis::Test qw(ABSENT query);

my $dosis = Dosis::Test->new;
my $base  = '/api/v1/dosis/dossiers';
my $kbo   = kbo(301);
my $other = kbo(302);
my $loket = $dosis->loket('loket');

sub agents {
    my ($rol) = @_;

    return [{ Identificatie => $kbo, Rol => $rol,
            Toegangsrechten => [{ Code => 'Lezer' }] },
        { Identificatie => $other, Rol => 'Expert',
            Toegangsrechten => [{ Code => 'Lezer' }] }];
}

sub status {
    my ($fase, $code, $nodig) = @_;

    return { VlaamsFase => $fase, VlaamsCode => $code,
        Actie => { ActieNodig => $nodig ? JSON::PP::true : JSON::PP::false } };
}

$dosis->store_all([
    $dosis->dossier(nummer => 'A', agenten => agents('Aanvrager'),
        datum => '2026-01-05T12:00:00', Producten => [{ Id => '1984' }],
        Status => status('Behandeling', 'DossierOnvolledig', 1)),
    $dosis->dossier(nummer => 'B', agenten => agents('Indiener'),
        datum => '2026-01-04T12:00:00',
        Producten => [{ Id => '2001' }, { Id => '1984' }],
        Status => status('Behandeling', 'InBehandeling', 0)),
    $dosis->dossier(nummer => 'C', agenten => agents('Aanvrager'),
        datum => '2026-01-03T12:00:00', Producten => [],
        bron => 'urn://test/open',
        Status => status('Afgerond', 'Goedgekeurd', 0)),
    $dosis->dossier(nummer => 'D', agenten => agents('Begunstigde'),
        datum => '2026-01-02T12:00:00', Producten => [{ Id => 'x"y' }],
        Status => status('Samenstelling', 'Aangevraagd', 0)),
    $dosis->dossier(nummer => 'R', agenten => agents('Aanvrager'),
        datum => '2026-01-06T12:00:00', Status => ABSENT,
        TypeDossierCode => 'DossierVerwijzing'),
]);

# [fact, {filter => [values]}, what is left].
my @cases = (
    ['nothing asked' => {}, 'ABCDR'],
    ['a phase' => { fase => ['Behandeling'] }, 'AB'],
    ['a phase in another case' => { fase => ['BEHANDELING'] }, 'AB'],
    ['two phases' => { fase => ['Behandeling', 'Afgerond'] }, 'ABC'],
    ['a code' => { code => ['DossierOnvolledig'] }, 'A'],
    ['two codes' => { code => ['Aangevraagd', 'InBehandeling'] }, 'BD'],
    ['phase and code narrow each other' =>
            { fase => ['Afgerond'], code => ['InBehandeling'] }, ''],
    ['a source' => { bron => ['urn://test/open'] }, 'C'],
    ['two sources' =>
            { bron => ['urn://test/open', 'urn://test/subsidies'] }, 'ABCDR'],
    ['a source that nobody knows' => { bron => ['urn://test/nooit'] }, ''],
    ['a product' => { product => ['1984'] }, 'ABR'],
    ['another product' => { product => ['2001'] }, 'B'],
    ['a product with a quote' => { product => ['x"y'] }, 'D'],
    ['a product that nobody knows' => { product => ['9'] }, ''],
    ['action needed' => { actieNodig => ['true'] }, 'A'],
    ['no action needed' => { actieNodig => ['false'] }, 'BCDR'],
    ['open' => { open => ['true'] }, 'ABD'],
    ['not open' => { open => ['false'] }, 'CR'],
    ['since a moment' => { sinds => ['2026-01-04T12:00:00'] }, 'ABR'],
    ['since the moment after' => { sinds => ['2026-01-04T12:00:00.001'] },
        'AR'],
    ['until a moment, itself out' => { tot => ['2026-01-04T12:00:00'] }, 'CD'],
    ['until the moment after' => { tot => ['2026-01-04T11:00:00.001Z'] },
        'BCD'],
    ['between two days' => { sinds => ['2026-01-03'], tot => ['2026-01-05'] },
        'BC'],
    ['between two days with an offset' =>
            { sinds => ['2026-01-02T23:00:00Z'],
            tot => ['2026-01-05T00:00:00+01:00'] }, 'BC'],
    ['an empty stretch' => { sinds => ['2026-01-03'], tot => ['2026-01-03'] },
        ''],
    ['a role' => { rol => ['Aanvrager'] }, 'ACR'],
    ['two roles' => { rol => ['indiener', 'Begunstigde'] }, 'BD'],
    ['a role of another agent' => { rol => ['Expert'] }, ''],
    ['many at once' => { fase => ['Behandeling'], open => ['true'],
            actieNodig => ['true'], product => ['1984'],
            bron => ['urn://test/subsidies'], sinds => ['2026-01-01'],
            rol => ['Aanvrager'], code => ['DossierOnvolledig'],
            sorteer => ['-wijzigingsDatum'] }, 'A'],
);

my %door = (
    'the address' => sub {
        my ($filter) = @_;
        my @pairs = map { my $name = $_; map { ($name => $_) }
                @{ $filter->{$name} } } sort keys %$filter;
        return $dosis->get("$base?" . query(agent => $kbo, recht => 'Lezer',
                @pairs), token => $loket);
    },
    'the address of a user' => sub {
        my ($filter) = @_;
        my @pairs = map { my $name = $_; map { (uc $name => $_) }
                @{ $filter->{$name} } } sort keys %$filter;
        return $dosis->get("$base?" . query(@pairs),
            token => $dosis->company($kbo, rechten => ['Lezer']));
    },
    'zoek, lists' => sub {
        my ($filter) = @_;
        return $dosis->post("$base/zoek",
            { Agent => $kbo, Rechten => ['Lezer'],
                map { ucfirst $_ => $filter->{$_} } keys %$filter },
            token => $loket);
    },
    'QUERY, single values' => sub {
        my ($filter) = @_;
        return $dosis->request('QUERY', $base,
            body => { Agenten => [{ Identificatie => $kbo,
                        Rechten => ['Lezer'] }],
                map { $_ => single(@{ $filter->{$_} }) } keys %$filter },
            token => $loket);
    },
);

# As a body says it: a boolean, one text, or a list when there are more.
sub single {
    my (@values) = @_;

    return JSON::PP::true  if $values[0] eq 'true';
    return JSON::PP::false if $values[0] eq 'false';

    return @values == 1 ? $values[0] : \@values;
}

for my $case (@cases) {
    my ($fact, $filter, $left) = @$case;
    for my $name (sort keys %door) {
        my $answer = $door{$name}->($filter);
        is(join('', sort +Dosis::Test::numbers($answer)), $left,
            "$fact, in $name")
            or diag($answer->text);
    }
}

# A moment in its array form.
is(join('', sort +Dosis::Test::numbers($dosis->post("$base/zoek",
            { Agent => $kbo, Rechten => ['Lezer'],
                Sinds => [2026, 1, 4, 12, 0], Tot => [2026, 1, 6] },
            token => $loket))),
    'AB', 'moments as lists of numbers');

# What is wrong, all at once.
my $user = $dosis->company($kbo, rechten => ['Lezer']);
my $wrong = $dosis->get("$base?" . query(fase => 'Weg', fase => 'Afgerond',
        code => 'Niets', rol => 'Baas', actieNodig => 'ja', open => 2,
        sinds => 'gisteren', tot => '2026-13-01', sorteer => 'naam',
        limiet => 0), token => $user);
is_problem($wrong, 400, 'ParameterOngeldig', 'wrong values: 400');
is_deeply([map { $_->{field} } @{ $wrong->member('errors') }],
    [qw(limiet fase code rol actieNodig open sinds tot sorteer)],
    'each is named, all at once');
my $in_body = $dosis->post("$base/zoek",
    { Agent => $kbo, Fase => ['Behandeling', 'Weg', 5], Code => {},
        Open => 'misschien', ActieNodig => 1, Sinds => [2026],
        Tot => [2026, 1, 1, 1, 1, 1, 1, 1], Rol => [['x']], Limiet => 501,
        Agenten => undef }, token => $loket);
is_problem($in_body, 400, 'ParameterOngeldig', 'wrong members: 400');
is_deeply([sort map { $_->{field} } @{ $in_body->member('errors') }],
    [sort qw(/Limiet /Fase/1 /Fase/2 /Code /Rol/0 /ActieNodig /Open /Sinds
            /Tot)],
    'each is named by its pointer');
for my $case (
    ['a filter that may stand once, twice' => open => 'true', open => 'false'],
    ['a moment twice' => sinds => '2026-01-01', sinds => '2026-01-02'],
    ['since after until' => sinds => '2026-01-02', tot => '2026-01-01'],
    ['two orders' => sorteer => 'actie', sorteer => 'actie'],
    ['an empty phase' => fase => ''],
    ['an empty product' => product => ''],
    ['more than 50 values' => map { (product => $_) } 1 .. 51],
    )
{
    my ($fact, @pairs) = @$case;
    is_problem($dosis->get("$base?" . query(@pairs), token => $user),
        400, 'ParameterOngeldig', "$fact: 400");
}
is_problem(
    $dosis->request('QUERY', "$base?open=true", token => $loket,
        body => { Agent => $kbo, Open => JSON::PP::true }),
    400, 'ParameterOngeldig', 'the same in address and body: 400');

# A filter is part of the question: of its cursor and of its ETag.
my $page = $dosis->get("$base?" . query(limiet => 1, fase => 'Behandeling'),
    token => $user);
my $cursor = $page->member('Volgende');
is_deeply(
    [Dosis::Test::numbers($dosis->get("$base?" . query(limiet => 1,
                fase => 'behandeling', na => $cursor), token => $user))],
    ['B'], 'a cursor goes on under its filter');
is_problem(
    $dosis->get("$base?" . query(na => $cursor), token => $user),
    400, 'ParameterOngeldig', 'and not without it');
is_status(
    $dosis->get("$base?" . query(limiet => 1, fase => 'Behandeling'),
        token => $user,
        headers => ['If-None-Match' => $page->header('ETag')]),
    304, 'the same page again: 304');
isnt($dosis->get("$base?" . query(limiet => 1, fase => 'Afgerond'),
        token => $user)->header('ETag'),
    $page->header('ETag'), 'another filter, another ETag');
