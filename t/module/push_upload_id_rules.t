#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# An UploadId stands for one delivery of one client.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Number qw(kbo uuid);
use Dosis::Test;

my $dosis   = Dosis::Test->new;
my $dossier = $dosis->dossier(datum => '2026-03-01T10:00:00');

my $first = $dosis->push($dossier);
is_stored($first, 'Nieuw', 'the first time: Nieuw');

my $again = $dosis->push($dossier);
is_stored($again, 'Nieuw', 'the same again answers as the first time');
is($again->body, $first->body, 'byte for byte');

my $later = { %$dossier, UploadId => uuid(), Naam => 'Anders',
    WijzigingsDatum => '2026-03-02T10:00:00' };
is_stored($dosis->push($later), 'Gewijzigd', 'a later version comes in');
is($dosis->push($dossier)->body, $first->body,
    'a repeat answers as the first time after the dossier has changed');
my ($row) = grep {
    $_->{Identificatie}{DossierNummer} eq
        $dossier->{Identificatie}{DossierNummer}
} @{ $dosis->list(token => $dosis->company(kbo(1), rechten => ['Lezer']))
        ->member('Dossiers') };
is($row->{Naam}, 'Anders', 'and the repeat has changed nothing');

my $other = { %$dossier, Naam => 'Iets anders' };
is_problem($dosis->push($other), 409, 'UploadIdHergebruikt',
    'other content under an accepted UploadId: 409');
my $elsewhere = $dosis->dossier(upload => $dossier->{UploadId});
is_problem($dosis->push($elsewhere), 409, 'UploadIdHergebruikt',
    'another dossier under an accepted UploadId: 409');
my $date_only = { %$dossier, WijzigingsDatum => '2026-03-05T10:00:00' };
is_problem($dosis->push($date_only), 409, 'UploadIdHergebruikt',
    'another WijzigingsDatum under an accepted UploadId: 409');
is($dosis->push($dossier)->body, $first->body,
    'a 409 leaves the accepted delivery as it was');

# Spelling is not content.
my $upper = { %$dossier, UploadId => uc $dossier->{UploadId} };
is($dosis->push($upper)->body, $first->body,
    'an UploadId in capitals is the same UploadId');

# Another client's UploadIds are its own.
my $shared = $dossier->{UploadId};
my $theirs = $dosis->dossier(
    bron => 'urn://test/vergunningen', upload => $shared);
is_stored($dosis->push($theirs, as => 'leverancier-b'),
    'Nieuw', 'another client may use the same UploadId');

# A refused delivery may be mended.
my $broken = $dosis->dossier(Naam => undef, fase => 'Onbestaand');
my $refused = $dosis->push($broken);
is_problem($refused, 400, 'ValidatieFout', 'a broken delivery is refused');
is_deeply(
    [fault_fields($refused)],
    ['FaseOnbekend /Status/VlaamsFase', 'VeldOntbreekt /Naam'],
    'with all its problems at once'
);
$broken->{Naam} = 'Gemaakt';
is_problem($dosis->push($broken), 400, 'ValidatieFout',
    'half mended under the same UploadId: refused again');
$broken->{Status}{VlaamsFase} = 'Behandeling';
is_stored($dosis->push($broken), 'Nieuw',
    'mended under the same UploadId: accepted');
is_problem($dosis->push({ %$broken, Naam => 'Weer anders' }),
    409, 'UploadIdHergebruikt', 'and from then on it is taken');

# Without one, or with one that is none.
for my $absent (undef, '', '  ') {
    my $answer = $dosis->push({ %{ $dosis->dossier }, UploadId => $absent });
    is_stored($answer, 'Nieuw', 'no UploadId: one is made');
    like($answer->member('UploadId'),
        qr/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
        'a version 4 UUID');
}
for my $none ('x', '0' x 36, 'c30c0de7f7634648b684936162aa6a78', 7, [], {},
    'c30c0de7-f763-4648-b684-936162aa6a7g')
{
    my $answer = $dosis->push({ %{ $dosis->dossier }, UploadId => $none });
    is_problem($answer, 400, 'ValidatieFout', 'an UploadId that is no UUID');
}

# At the same moment.
my $same = $dosis->dossier;
my @answers = $dosis->push_all([($same) x 32]);
my %bodies = map { $_->status . $_->body => 1 } @answers;
is(scalar keys %bodies, 1,
    'thirty-two times the same at once: one answer for all');
is_stored($answers[0], 'Nieuw', 'and it is the answer of the first');

my @rivals = map { { %$same, UploadId => uuid(), Naam => "naam $_" } } 1 .. 8;
my $taken = uuid();
@answers = $dosis->push_all([map { { %$_, UploadId => $taken } } @rivals]);
is(scalar(grep { $_->status == 200 } @answers), 1,
    'one of eight rivals for an UploadId wins');
is(scalar(grep { $_->status == 409 } @answers), 7, 'the others: 409');
