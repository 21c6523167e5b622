#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# GET resultaten: the delivery of that dossier that came in last, whatever
# became of it; to a client that may deliver for the source, and nobody else.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Number qw(kbo uuid);
use Dosis::Test qw(query);

my $dosis = Dosis::Test->new;
my $token = $dosis->machine('leverancier-a');
my $bron  = 'urn://test/subsidies';
my $base  = '/api/v1/dosis/resultaten';

sub last_result {
    my ($nummer, %option) = @_;

    return $dosis->get(
        "$base?"
            . query(
            bron => $option{bron} // $bron,
            ($option{name} // 'dossierNummer') => $nummer),
        token => $option{token} // $token);
}

# Delivers, and looks whether the result is that of this very delivery.
sub is_last {
    my ($dossier, $succes, $fact) = @_;

    my $result = last_result($dossier->{Identificatie}{DossierNummer});
    my $per_upload = $dosis->get(
        "$base/perUploadId?uploadId=$dossier->{UploadId}", token => $token);

    is($result->body, $per_upload->body, "$fact is the last result");
    is($result->member('UploadId'), $dossier->{UploadId},
        "$fact: with its own UploadId");
    is(!!$result->member('Succes'), !!$succes, "$fact: Succes is right");

    return;
}

sub again {
    my ($dossier, %said) = @_;

    return { %$dossier, UploadId => uuid(), %said };
}

my $first = $dosis->dossier(nummer => 'L-1', datum => '2026-03-01T10:00:00');
is_stored($dosis->push($first), 'Nieuw', 'a dossier comes in');
is_last($first, 1, 'Nieuw');

my $same = again($first, WijzigingsDatum => '2026-03-02T10:00:00');
is_stored($dosis->push($same), 'Ongewijzigd', 'the same, with a newer date');
is_last($same, 1, 'Ongewijzigd');
my $same_again = again($first, WijzigingsDatum => '2026-03-02T10:00:00');
is_stored($dosis->push($same_again), 'Ongewijzigd', 'and once more');
is_last($same_again, 1, 'a second Ongewijzigd');

my $old = again($first, WijzigingsDatum => '2026-01-01T10:00:00');
is_stored($dosis->push($old), 'Verouderd', 'an older one');
is_last($old, 1, 'Verouderd');
is_stored($dosis->push(again($first, WijzigingsDatum => '2026-03-03T10:00:00')),
    'Ongewijzigd', 'unchanged behind an outdated one');
isnt(last_result('L-1')->member('UploadId'), $old->{UploadId},
    'the outdated one is the last no longer');

my $broken = again($first, Naam => undef);
is_problem($dosis->push($broken), 400, 'ValidatieFout', 'a refused one');
is_last($broken, 0, 'Geweigerd');

my $changed = again($first, Naam => 'anders',
    WijzigingsDatum => '2026-03-04T10:00:00');
is_stored($dosis->push($changed), 'Gewijzigd', 'a changed one');
is_last($changed, 1, 'Gewijzigd');
is_stored($dosis->push($changed), 'Gewijzigd', 'a repeat of it');
is_last($changed, 1, 'what a repeat repeats');

# Others in between, so that a neighbour could be taken for it.
$dosis->store_all([map { $dosis->dossier(agent => kbo(7)) } 1 .. 200]);
my $late = again($changed, WijzigingsDatum => '2026-03-05T10:00:00');
is_stored($dosis->push($late), 'Ongewijzigd', 'unchanged, among many others');
$dosis->store_all([map { $dosis->dossier(agent => kbo(7)) } 1 .. 200]);
is_last($late, 1, 'Ongewijzigd among many');

is_stored($dosis->withdraw($first), 'Ingetrokken', 'withdrawn');
my $gone = last_result('L-1');
ok($gone->member('Succes'), 'a withdrawal is the last result');
is($gone->member('UploadId'), undef, 'with null for UploadId: it has none');
is_stored($dosis->withdraw($first), 'Ingetrokken', 'withdrawn once more');
cmp_ok(last_result('L-1')->member('TijdstipVerwerking'),
    'ge', $gone->member('TijdstipVerwerking'), 'which came in later');

# A dossier that was only ever refused has a last result too.
my $never = $dosis->dossier(nummer => 'L-2', code => 'Onbestaand');
is_problem($dosis->push($never), 400, 'ValidatieFout', 'never accepted');
is_last($never, 0, 'a refusal of what was never accepted');

is_deeply(last_result('L-2', name => 'DOSSIERNUMMER')->json,
    last_result('L-2')->json, 'the parameter is found in any case');

# One answer for all that is not there for this client.
sub shape {
    my ($answer) = @_;

    my %headers = %{ $answer->{headers} };
    delete @headers{qw(x-request-id date content-length)};
    my $body = $answer->body =~ s/"instance":"[^"]*"/"instance":"-"/r;

    return JSON::PP->new->canonical->encode(
        [$answer->status, \%headers, $body]);
}

my $unknown = last_result('L-none');
is_problem($unknown, 404, 'NietGevonden', 'an unknown number: 404');
my %hidden = (
    'an unknown source'       => last_result('L-1', bron => 'urn://no/where'),
    "another client's source" => last_result('L-1',
        token => $dosis->machine('leverancier-b')),
    'a source switched off' => last_result('L-1', bron => 'urn://test/oud'),
    'a number too long'     => last_result('n' x 400),
    'Onbekend'              => do {
        $dosis->withdraw($dosis->dossier(nummer => 'L-3'));
        last_result('L-3');
    },
);
is(shape($hidden{$_}), shape($unknown), "$_ has the very same answer")
    for sort keys %hidden;

is_problem(last_result(undef), 400, 'ParameterOntbreekt', 'no number: 400');
is_problem($dosis->get("$base?dossierNummer=L-1", token => $token),
    400, 'ParameterOntbreekt', 'no source: 400');
my $neither = $dosis->get($base, token => $token);
is_deeply([fault_fields($neither)],
    ['ParameterOntbreekt bron', 'ParameterOntbreekt dossierNummer'],
    'both are named at once');
is_problem(last_result('L-1', token => $dosis->loket('loket')),
    403, 'ScopeOntbreekt', 'a counter reads no results');
is_problem($dosis->request('POST', "$base?bron=x", token => $token),
    405, 'MethodeNietToegelaten', 'POST: 405');
