#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# A withdrawal hides a dossier from every door; a later delivery revives it.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Number qw(kbo uuid);
use Dosis::Test qw(query);

my $dosis = Dosis::Test->new;
my $token = $dosis->company(kbo(1), rechten => ['Lezer']);

sub listed {
    my ($dossier) = @_;

    my $number = $dossier->{Identificatie}{DossierNummer};

    return scalar grep { $_ eq $number }
        Dosis::Test::numbers($dosis->list(token => $token, limiet => 500));
}

sub version {
    my ($of, $day, $name) = @_;

    return { %$of, UploadId => uuid(), Naam => $name // $of->{Naam},
        WijzigingsDatum => sprintf '2026-03-%02dT10:00:00', $day };
}

my $dossier = $dosis->dossier(datum => '2026-03-10T10:00:00');
my $unknown = $dosis->withdraw($dossier);
is_stored($unknown, 'Onbekend', 'withdrawing what nobody knows: 200 Onbekend');

my $first = $dosis->push($dossier);
is_stored($first, 'Nieuw', 'and nothing was kept of that: Nieuw');
is(listed($dossier), 1, 'the dossier is listed');

my $gone = $dosis->withdraw($dossier);
is_stored($gone, 'Ingetrokken', 'withdrawn');
is($gone->member('DossierId'), $first->member('DossierId'),
    'under the same DossierId');
cmp_ok($gone->member('Versie'), '>', $first->member('Versie'),
    'Versie grows through a withdrawal');
is(listed($dossier), 0, 'the list does not show it');
my $path = '/api/v1/dosis/dossiers/' . $first->member('DossierId');
is_problem($dosis->get($path, token => $token), 404, 'NietGevonden',
    'nor does the detail');

my $again = $dosis->withdraw($dossier);
is_stored($again, 'Ingetrokken', 'withdrawing again: the same answer');
is($again->member('Versie'), $gone->member('Versie'), 'the same Versie');

is_stored($dosis->push(version($dossier, 9)),
    'Verouderd', 'an older delivery does not revive');
is(listed($dossier), 0, 'still hidden');
my $revived = $dosis->push(version($dossier, 10));
is_stored($revived, 'Hersteld', 'one of the same moment does');
cmp_ok($revived->member('Versie'), '>', $gone->member('Versie'),
    'with a higher Versie');
is(listed($dossier), 1, 'and is listed again');
is_status($dosis->get($path, token => $token), 200, 'and has its detail');

# With a date of its own.
is_stored($dosis->withdraw($dossier, datum => '2026-03-05T10:00:00'),
    'Verouderd', 'a withdrawal older than what is held: Verouderd');
is(listed($dossier), 1, 'and hides nothing');
is_stored($dosis->withdraw($dossier, datum => '2026-03-20T10:00:00'),
    'Ingetrokken', 'a newer one hides');
is_stored($dosis->push(version($dossier, 19, 'te laat')),
    'Verouderd', 'what is older than the withdrawal stays hidden');
is_stored($dosis->push(version($dossier, 21, 'terug')),
    'Hersteld', 'what is newer comes back');
is(listed($dossier), 1, 'and is listed');

# Whose it is.
my $theirs = $dosis->dossier(bron => 'urn://test/vergunningen');
is_stored($dosis->push($theirs, as => 'leverancier-b'), 'Nieuw',
    "another source's dossier");
is_problem($dosis->withdraw($theirs), 403, 'BronNietToegelaten',
    'may not be withdrawn by a client of other sources');
is(listed($theirs), 1, 'and stays');
my $nobody = { Identificatie =>
        { Bron => 'urn://bestaat/niet', DossierNummer => 'x' } };
my $foreign = $dosis->withdraw($theirs);
my $missing = $dosis->withdraw($nobody);
is_problem($missing, 403, 'BronNietToegelaten',
    'a source that does not exist');
is($missing->member('Message'), $foreign->member('Message'),
    'is told in the same words as a foreign one');

# Parameters.
my $import = $dosis->machine('leverancier-a');
my $base   = '/api/v1/dosis/dossiers';
for my $case (
    ['no parameters'       => ''],
    ['no dossierNummer'    => query(bron => 'urn://test/subsidies')],
    ['no bron'             => query(dossierNummer => 'x')],
    ['an empty number'     => query(bron => 'urn://test/subsidies') . '&dossierNummer='],
    )
{
    my ($fact, $query) = @$case;
    is_problem($dosis->request('DELETE', "$base?$query", token => $import),
        400, 'ParameterOntbreekt', "DELETE with $fact: 400");
}
for my $case (
    ['a date that is none' => query(bron => 'urn://test/subsidies',
            dossierNummer => 'x', wijzigingsDatum => 'morgen')],
    ['a number that is too long' => query(bron => 'urn://test/subsidies',
            dossierNummer => 'x' x 101)],
    ['bron twice' => query(bron => 'urn://test/subsidies',
            bron => 'urn://test/open', dossierNummer => 'x')],
    )
{
    my ($fact, $query) = @$case;
    is_problem($dosis->request('DELETE', "$base?$query", token => $import),
        400, 'ParameterOngeldig', "DELETE with $fact: 400");
}
my $key = $dossier->{Identificatie};
is_stored(
    $dosis->request('DELETE', "$base?" . query(
            BRON => $key->{Bron}, dossiernummer => $key->{DossierNummer}),
        token => $import),
    'Ingetrokken', 'parameter names match in any case');
is_problem($dosis->request('DELETE', "$base?" . query(
            bron => $key->{Bron}, dossierNummer => $key->{DossierNummer}),
        token => $dosis->loket('loket')),
    403, 'ScopeOntbreekt', 'a counter may not withdraw');
