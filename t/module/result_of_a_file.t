#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# A delivered file and its rows have results like any delivery, that name the
# file and the line.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Number qw(uuid);
use Dosis::Oplading;
use Dosis::Test qw(query);

my $dosis = Dosis::Test->new;
my $token = $dosis->machine('leverancier-a');
my $base  = '/api/v1/dosis';
my @member = sort qw(Identificatie UploadId Bestand TijdstipVerwerking Succes
    Fout Fouten VerwerktVoorOpvraging);

sub asked {
    my ($path, %by) = @_;

    my $as = delete $by{token} // $token;
    return $dosis->get("$base/$path?" . query(%by), token => $as);
}

sub deliver {
    my ($text, %by) = @_;

    return $dosis->request(
        POST    => "$base/dossiers?" . query(%by),
        token   => $token,
        body    => $text,
        headers => ['Content-Type' => 'text/csv']);
}

my $mine = uuid();
my $file = uuid();
my $text = Dosis::Oplading::csv(
    { DossierNummer => 'F-1' },
    { DossierNummer => 'F-2', Naam => '' },
    { DossierNummer => 'F-3', UploadId => $mine },
);
is_status(deliver($text, uploadId => $file, bestand => 'lijst.csv'), 202,
    'a file comes in');
my $answer;
$dosis->wait_for(
    sub {
        $answer = asked('resultaten/perUploadId', uploadId => $file);
        return $answer->status == 200;
    },
    'the result of the file', 30);
my $result = $answer->json;
is_deeply([sort keys %$result], \@member, 'with exactly the compat members');
is($result->{Bestand}, 'lijst.csv', 'it names the file');
ok(!$result->{Succes}, 'a refused row is no success');
is_deeply([map { $_->{LijnNummer} } @{ $result->{Fouten} }], [3],
    'it names the line');
like($result->{TijdstipVerwerking},
    qr/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?$/,
    'TijdstipVerwerking is local and without an offset');
is_status(asked('resultaten/perUploadId', uploadId => $file,
        token => $dosis->machine('leverancier-b')), 404,
    'to its uploader alone');

my %bron = (bron => 'urn://test/subsidies');
$result = asked('resultaten/perUploadId', uploadId => $mine)->json;
is($result->{Bestand}, 'lijst.csv', 'a row with an UploadId names its file');
$result = asked('resultaten', %bron, dossierNummer => 'F-1')->json;
is($result->{Bestand}, 'lijst.csv', 'so does one without');
ok($result->{Succes}, 'that was stored');
is_status(asked('resultaten/perUploadId', uploadId => $result->{UploadId}),
    404, 'but nobody asked for its UploadId');
$result = asked('resultaten', %bron, dossierNummer => 'F-2')->json;
is($result->{Fouten}[0]{LijnNummer}, 3, 'a refused one names its line');
my ($failed) = grep { $_->{Identificatie}{DossierNummer} eq 'F-2' }
    @{ asked('resultaten/fouten', %bron)->json };
is($failed->{Bestand}, 'lijst.csv', 'also among the failed ones of the source');

# One UploadId, one delivery.
is_problem($dosis->push($dosis->dossier(UploadId => $file)), 409, undef,
    'a dossier under the UploadId of a file');
is_problem(deliver($text, uploadId => $mine), 409, undef,
    'a file under the UploadId of a row');
is_status(deliver($text, uploadId => $file, bestand => 'lijst.csv'), 202,
    'the same file again');
