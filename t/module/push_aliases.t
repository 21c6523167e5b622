#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# All three addresses of the delivering door are the same door.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Test;

my $dosis = Dosis::Test->new;
my @alias = qw(/api/v1/dosis/dossiers /api/v2/dosis/dossiers
    /api/v2/dossiers);

for my $path (@alias) {
    my $dossier = $dosis->dossier(nummer => "alias $path");
    is_stored($dosis->push($dossier, path => $path),
        'Nieuw', "POST $path stores");
    is_stored($dosis->push($dossier, path => $alias[0]),
        'Nieuw', "$path and $alias[0] know the same UploadId");
}

my $dossier = $dosis->dossier;
my @ids     = map {
    $dosis->push({ %$dossier, UploadId => undef, Naam => "naam $_" },
        path => $_)->member('DossierId')
} @alias;
is_deeply(\@ids, [($ids[0]) x 3], 'one dossier has one DossierId at all doors');

for my $path (@alias) {
    my $client = $dosis->client;
    my $answer = $client->request('POST', $path,
        headers => ['Content-Type' => 'application/json'], body => '{}');
    is_problem($answer, 401, 'TokenOntbreekt', "$path wants a token");
}

for my $path (qw(/api/v2/dosis/dossiers /api/v2/dossiers)) {
    my $answer = $dosis->get($path, token => $dosis->machine('leverancier-a'));
    is_problem($answer, 405, 'MethodeNietToegelaten', "GET $path: 405");
    is($answer->header('Allow'), 'POST, OPTIONS', "$path names its methods");
}

for my $path ('/api/v1/dosis/dossiers/', '/api/v1/dossiers',
    '/API/v1/dosis/dossiers', '/api/v1/dosis/dossier', '/api/v3/dossiers')
{
    my $answer = $dosis->push($dosis->dossier, path => $path);
    ok($answer->status == 404 || $answer->status == 405, "$path is no door");
}
