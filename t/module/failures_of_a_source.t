#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# GET resultaten/fouten: the refused deliveries of a source, newest first, in
# pages, for a client that may deliver for it.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Number qw(insz uuid);
use Dosis::Test qw(query);

my $bron  = 'urn://test/subsidies';
my $base  = '/api/v1/dosis/resultaten/fouten';
my $dosis = Dosis::Test->new(
    reference => {
        clients => [
            {   Client  => 'leverancier-c',
                Naam    => 'Leverancier C',
                Bronnen => [$bron],
            }
        ]
    });
my $token = $dosis->machine('leverancier-a');

sub failures {
    my (%option) = @_;

    my $as = delete $option{token} // $token;

    return $dosis->get("$base?" . query(bron => $option{bron} // $bron,
            map { ($_ => $option{$_}) } qw(limiet na)),
        token => $as);
}

is_deeply(failures()->json, [], 'a source without refusals: an empty list');
is(failures()->header('Link'), undef, 'that has no next page');

my @uploads;
for my $round (1 .. 25) {
    my $broken = $dosis->dossier(nummer => "F-$round", code => 'Onbestaand');
    is_status($dosis->push($broken), 400, 'refused') if $round == 1;
    $dosis->push($broken) if $round > 1;
    unshift @uploads, $broken->{UploadId};
    $dosis->push($dosis->dossier) if $round % 5 == 0;
}
$dosis->push($dosis->dossier(bron => 'urn://test/open', code => 'Onbestaand'));

my $all = failures();
is_status($all, 200, 'the refusals are there');
is($all->header('Content-Type'), 'application/json', 'as JSON');
is_deeply([map { $_->{UploadId} } @{ $all->json }], \@uploads,
    'all of this source, newest first');
is_deeply(
    $all->json->[0],
    $dosis->get("/api/v1/dosis/resultaten/perUploadId?uploadId=$uploads[0]",
        token => $token)->json,
    'each is the very result of its upload'
);
is(scalar(grep { $_->{Succes} } @{ $all->json }), 0, 'none has Succes');

# Without a readable number it is a refusal of the source all the same.
my $nameless = $dosis->dossier(nummer => undef, code => 'Onbestaand');
delete $nameless->{Identificatie}{DossierNummer};
is_status($dosis->push($nameless), 400, 'refused without a number');
is(failures(limiet => 1)->json->[0]{Identificatie}{DossierNummer},
    undef, 'its DossierNummer is null');
unshift @uploads, $nameless->{UploadId};

# Pages.
sub walk {
    my (%option) = @_;

    my $page = failures(%option);
    my @seen;
    for my $round (1 .. 100) {
        $page->status == 200 or die 'no page: ' . $page->text;
        push @seen, map { $_->{UploadId} } @{ $page->json };
        my $link = $page->header('Link') // return @seen;
        my ($next) = $link =~ /^<(\?[^>]+)>; rel="next"$/ or die $link;
        $page = $dosis->get("$base$next", token => $token);
    }
    die "endless\n";
}

for my $limit (1, 2, 7, 25, 26, 27, 500) {
    is_deeply([walk(limiet => $limit)], \@uploads,
        "pages of $limit give each once, in order");
}
my $page = failures(limiet => 5);
my ($cursor) = $page->header('Link') =~ /&na=([A-Za-z0-9_-]+)>/;
ok($cursor, 'the cursor fits in a URL as it is');
my $newer = $dosis->dossier(code => 'Onbestaand');
$dosis->push($newer);
is_deeply([map { $_->{UploadId} } @{ failures(limiet => 5, na => $cursor)->json }],
    [@uploads[5 .. 9]], 'a refusal in between moves no page');

# Mended under its own UploadId.
my $mended = $dosis->dossier(code => 'Onbestaand');
$dosis->push($mended);
is(failures(limiet => 1)->json->[0]{UploadId}, $mended->{UploadId},
    'a refusal stands first');
$dosis->push($mended);
isnt(failures()->json->[1]{UploadId}, $mended->{UploadId},
    'refused again: it stands there once');
$mended->{Status}{VlaamsCode} = 'Ontvankelijk';
is_stored($dosis->push($mended), 'Nieuw', 'mended');
is(scalar(grep { $_->{UploadId} eq $mended->{UploadId} } @{ failures()->json }),
    0, 'and not there any more');

# Whose.
is_status(failures(na => $cursor), 200, 'a cursor goes on for its client');
my $other = $dosis->machine('leverancier-c');
is_status(failures(token => $other), 200,
    'another client of the source sees the refusals');
is_problem(failures(token => $other, na => $cursor),
    400, 'ParameterOngeldig', 'but a cursor of the first is none for it');
is_problem(failures(bron => 'urn://test/open', na => $cursor),
    400, 'ParameterOngeldig', 'nor for another source');
for my $bad ('x', "${cursor}A", 'A' x length $cursor, '-') {
    is_problem(failures(na => $bad), 400, 'ParameterOngeldig',
        'a cursor that is none: 400');
}
is_problem(failures(token => $dosis->machine('leverancier-b')),
    404, 'NietGevonden', 'a client of other sources: 404');
is_problem(failures(bron => 'urn://no/where'), 404, 'NietGevonden',
    'an unknown source: the same 404');
is_problem(failures(bron => 'urn://test/oud'), 404, 'NietGevonden',
    'a source that is switched off: 404');
is_problem($dosis->get($base, token => $token), 400, 'ParameterOntbreekt',
    'no source: 400');
is_problem(failures(limiet => $_), 400, 'ParameterOngeldig', "limiet=$_: 400")
    for qw(0 501 x -1);
my $twice = failures(bron => '', limiet => 0)->member('errors');
same_set([map { $_->{field} } @$twice],
    [qw(bron limiet)], 'no bron and a wrong limiet: both are told');
is_problem(failures(token => $dosis->loket('loket')),
    403, 'ScopeOntbreekt', 'a counter reads no refusals');

# A person's number never stands in a refusal.
my $person = insz(3);
my $named = $dosis->dossier(nummer => $person);
$dosis->push($named);
unlike(failures(limiet => 1)->body, qr/$person/,
    'a number that is a person is not repeated');
