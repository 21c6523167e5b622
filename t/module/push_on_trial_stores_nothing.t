#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# ?proef=true: the whole verdict, and nothing stored.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Number qw(kbo uuid);
use Dosis::Test qw(query);

my $dosis = Dosis::Test->new;
my $path  = '/api/v1/dosis/dossiers';
my $token = $dosis->machine('leverancier-a');
my $owner = $dosis->company(kbo(1), rechten => ['Lezer']);

sub trial {
    my ($body, %option) = @_;

    return $dosis->push($body, path => "$path?proef=true", %option);
}

sub seen {
    return join ' ', map {"$_->{Naam} $_->{Versie}"}
        @{ $dosis->list(token => $owner)->member('Dossiers') };
}

sub log_at {
    my (undef, $said) = $dosis->ctl('status', '--json');

    return JSON::PP->new->decode($said)->{store}{log_seq};
}

sub version {
    my ($of, $day, %more) = @_;

    return { %$of, UploadId => uuid(),
        WijzigingsDatum => sprintf('2026-03-%02dT10:00:00', $day), %more };
}

my $dossier = $dosis->dossier(Naam => 'echt', datum => '2026-03-10T10:00:00');
my $before  = log_at();
my $answer  = trial($dossier);
is_stored($answer, 'Proef', 'a new dossier on trial: Proef');
is($answer->member('Verwacht'), 'Nieuw', 'it would be Nieuw');
is($answer->member('Versie'),   1,       'in its first version');
is(seen(), '', 'nothing is listed');
is_problem(
    $dosis->get('/api/v1/dosis/resultaten/perUploadId?uploadId='
            . $dossier->{UploadId}, token => $token),
    404, 'NietGevonden', 'its UploadId is unknown');
is(log_at(), $before, 'the log of the store has not moved');

my $real = $dosis->push($dossier);
is_stored($real, 'Nieuw', 'the same for real');
is($real->member('DossierId'), $answer->member('DossierId'),
    'under the DossierId that the trial gave');
is($real->header('ETag'), $answer->header('ETag'), 'and with its ETag');
$before = log_at();

for my $case (
    [version($dossier, 11, Naam => 'nieuwer') => Gewijzigd   => 2],
    [version($dossier, 11)                    => Ongewijzigd => 1],
    [version($dossier, 9, Naam => 'ouder')    => Verouderd   => 1],
    [version($dossier, 10, Naam => 'gelijk')  => Gewijzigd   => 2],
    [$dossier                                 => Nieuw       => 1],
    )
{
    my ($body, $expected, $versie) = @$case;
    $answer = trial($body);
    is_stored($answer, 'Proef', "on trial: $expected expected");
    is($answer->member('Verwacht'), $expected, 'it says so');
    is($answer->member('Versie'),   $versie,   'with the Versie it would have');
}
is(seen(), 'echt 1', 'and nothing has changed');

# Refusals are those of a real delivery.
is_problem(trial({ %$dossier, Naam => 'anders' }), 409, 'UploadIdHergebruikt',
    'a used UploadId on trial: 409');
my $bad = $dosis->dossier(Naam => undef, fase => 'Geen');
$answer = trial($bad);
is_problem($answer, 400, 'ValidatieFout', 'a broken one on trial: 400');
is_deeply(
    [fault_fields($answer)],
    ['FaseOnbekend /Status/VlaamsFase', 'VeldOntbreekt /Naam'],
    'with all its problems'
);
is_problem(
    $dosis->get('/api/v1/dosis/resultaten/perUploadId?uploadId='
            . $bad->{UploadId}, token => $token),
    404, 'NietGevonden', 'and no result of it is kept');
is_problem(trial($dosis->dossier(bron => 'urn://test/vergunningen')),
    403, 'BronNietToegelaten', 'a foreign source on trial: 403');
is_problem(
    trial(version($dossier, 12), headers => ['If-Match' => '"nooit"']),
    412, 'VoorwaardeNietVervuld', 'If-Match is judged on trial');
is_problem(
    trial(version($dossier, 12), headers => ['If-None-Match' => '*']),
    412, 'VoorwaardeNietVervuld', 'and so is If-None-Match: *');

# A list.
$answer = trial([version($dossier, 12, Naam => 'x'), $bad, $dosis->dossier]);
is($answer->member('Status'), 'Deels', 'a list on trial: Deels');
is_deeply(
    [map { $_->{Verwacht} // $_->{Code} } @{ $answer->member('Resultaten') }],
    [qw(Gewijzigd ValidatieFout Nieuw)],
    'with the verdict on each'
);

# A withdrawal.
my $key = $dossier->{Identificatie};
my $at  = query(bron => $key->{Bron}, dossierNummer => $key->{DossierNummer});
for my $case (["$at" => 'Ingetrokken'],
    ["$at&wijzigingsDatum=2026-03-01" => 'Verouderd'],
    [query(bron => $key->{Bron}, dossierNummer => 'niemand') => 'Onbekend'])
{
    my ($query, $expected) = @$case;
    $answer = $dosis->request('DELETE', "$path?$query&proef=true",
        token => $token);
    is_status($answer, 200, "a withdrawal on trial: 200");
    is($answer->member('Resultaat'), 'Proef',    'Proef');
    is($answer->member('Verwacht'),  $expected, "$expected expected");
}
is(seen(), 'echt 1', 'it is still there');
$dosis->withdraw($dossier);
$before = log_at();
$answer = trial(version($dossier, 20));
is($answer->member('Verwacht'), 'Hersteld', 'after a withdrawal: Hersteld');
is($answer->member('Versie'),   3,          'in the version after it');
is(seen(),   '',      'and it stays away');
is(log_at(), $before, 'the log of the store has not moved');

# The word itself.
is_stored($dosis->push($dosis->dossier, path => "$path?proef=false"),
    'Nieuw', 'proef=false is no trial');
is_stored($dosis->push($dosis->dossier, path => "$path?PROEF=True"),
    'Proef', 'name and word match in any case');
is_problem($dosis->push($dosis->dossier, path => "$path?proef=misschien"),
    400, 'ParameterOngeldig', 'any other word: 400, and not for real');
is_problem($dosis->push($dosis->dossier, path => "$path?proef="),
    400, 'ParameterOngeldig', 'so is no word at all');
