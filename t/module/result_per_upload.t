#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# The result of an upload can be read the moment the push has answered, by
# its uploader alone.

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
my @member = sort qw(Identificatie UploadId Bestand TijdstipVerwerking Succes
    Fout Fouten VerwerktVoorOpvraging);

sub result {
    my ($upload, %option) = @_;

    my $name = $option{name} // 'uploadId';

    return $dosis->get(
        '/api/v1/dosis/resultaten/perUploadId?' . query($name => $upload),
        token => $option{token} // $token);
}

my $dossier = $dosis->dossier;
is_stored($dosis->push($dossier), 'Nieuw', 'pushed');
my $answer = result($dossier->{UploadId});
is_status($answer, 200, 'its result is there');
is($answer->header('Content-Type'), 'application/json', 'as JSON');
my $result = $answer->json;
is_deeply([sort keys %$result], \@member, 'with exactly the compat members');
is_deeply($result->{Identificatie}, $dossier->{Identificatie},
    'Identificatie is what was sent');
is($result->{UploadId}, $dossier->{UploadId}, 'UploadId too');
is($result->{Bestand}, undef, 'Bestand is null');
ok($result->{Succes}, 'Succes');
is($result->{Fout}, undef, 'Fout is null');
is_deeply($result->{Fouten}, [], 'Fouten is an empty array, never null');
ok($result->{VerwerktVoorOpvraging}, 'VerwerktVoorOpvraging');
like($result->{TijdstipVerwerking},
    qr/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?$/,
    'TijdstipVerwerking is local and without an offset');
is_deeply(result(uc $dossier->{UploadId})->json, $result,
    'the UploadId is found in capitals');
is_deeply(result($dossier->{UploadId}, name => 'UPLOADID')->json, $result,
    'the parameter is found in capitals');

# Refused, then mended.
my $broken = $dosis->dossier(Naam => undef, code => 'Onbestaand');
is_problem($dosis->push($broken), 400, 'ValidatieFout', 'a refused delivery');
$result = result($broken->{UploadId})->json;
is_deeply([sort keys %$result], \@member, 'has a result of the same shape');
ok(defined $result->{Succes} && !$result->{Succes}, 'Succes is false');
is(scalar @{ $result->{Fouten} }, 2, 'Fouten holds both problems');
is_deeply(
    [grep { !$_->{Omschrijving} || !exists $_->{LijnNummer} }
            @{ $result->{Fouten} }],
    [], 'each with Omschrijving and LijnNummer');
ok($result->{Fout}, 'Fout holds a text');
$broken->{Naam} = 'goed';
$broken->{Status}{VlaamsCode} = 'Ontvankelijk';
is_stored($dosis->push($broken), 'Nieuw', 'mended');
ok(result($broken->{UploadId})->member('Succes'),
    'its result is the new one');

# An outdated delivery was well received.
my $old = { %$dossier, UploadId => uuid(),
    WijzigingsDatum => '2020-01-01T00:00:00' };
is_stored($dosis->push($old), 'Verouderd', 'an outdated delivery');
ok(result($old->{UploadId})->member('Succes'), 'succeeded');

# Whose.
is_problem(result(uuid()), 404, 'NietGevonden', 'an unknown UploadId: 404');
is_problem(
    result($dossier->{UploadId}, token => $dosis->machine('leverancier-b')),
    404, 'NietGevonden', "another client's UploadId: 404");
is_problem(result($dossier->{UploadId}, token => $dosis->loket('loket')),
    403, 'ScopeOntbreekt', 'a counter reads no results');

# Parameters.
my $base = '/api/v1/dosis/resultaten/perUploadId';
is_problem($dosis->get($base, token => $token),
    400, 'ParameterOntbreekt', 'no uploadId: 400');
is_problem($dosis->get("$base?uploadId=", token => $token),
    400, 'ParameterOntbreekt', 'an empty uploadId: 400');
for my $none ('x', 'zzzzzzzz-zzzz-4zzz-8zzz-zzzzzzzzzzzz', '%00', "' or 1=1")
{
    my $query = query(uploadId => $none);
    my $code = $dosis->get("$base?$query", token => $token)->status;
    ok($code == 400 || $code == 404, "uploadId $none is not found");
}

# Each of many, right behind its push.
my $client = $dosis->client;
my @missing;
for my $round (1 .. 50) {
    my $each = $dosis->dossier;
    $dosis->push($each);
    my $seen = $dosis->get("$base?uploadId=$each->{UploadId}",
        token => $token, client => $client);
    push @missing, $round if $seen->status != 200;
}
is_deeply(\@missing, [],
    'fifty times: readable on another connection at once');
