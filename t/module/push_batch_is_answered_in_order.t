#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# A JSON list is a batch: each dossier a delivery of its own, each with its
# result, in the order in which they were sent.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Number qw(kbo uuid);
use Dosis::Test;

my $dosis = Dosis::Test->new(workers => 1);
my $agent = kbo(1);
my $token = $dosis->company($agent, rechten => ['Lezer']);

sub results {
    my ($answer) = @_;

    return map { $_->{Resultaat} // $_->{Code} }
        @{ $answer->member('Resultaten') // [] };
}

# All of them.
my @dossiers = map { $dosis->dossier(agent => $agent) } 1 .. 200;
my $answer   = $dosis->push(\@dossiers);
is_status($answer, 200, 'two hundred dossiers in one list: 200');
is($answer->member('Status'), 'OK', 'all of them stored: OK');
is_deeply([results($answer)], [('Nieuw') x 200], 'each is Nieuw');
is_deeply(
    [map { $_->{UploadId} } @{ $answer->member('Resultaten') }],
    [map { $_->{UploadId} } @dossiers],
    'in the order in which they were sent');
is(scalar Dosis::Test::numbers($dosis->list(token => $token, limiet => 500)),
    200, 'and each is listed at once');
my $one = $dosis->push($dossiers[7]);
is_deeply(
    $answer->member('Resultaten')->[7], $one->json,
    'an element is what that dossier alone is answered with');
is_deeply([results($dosis->push(\@dossiers))], [('Nieuw') x 200],
    'the same list again answers as the first time');

# Some of them.
my $first   = $dosis->dossier(agent => $agent);
my $again   = { %$first, UploadId => uuid(), Naam => 'Anders' };
my $bad     = $dosis->dossier(agent => $agent, Naam => undef, fase => 'Geen');
my $foreign = $dosis->dossier(bron => 'urn://test/vergunningen');
my $nobody  = $dosis->dossier(bron => 'urn://bestaat/niet');
my $taken   = { %{ $dosis->dossier }, UploadId => $dossiers[0]{UploadId} };
my $last    = $dosis->dossier(agent => $agent);
my $noid    = $dosis->dossier(Naam => undef, UploadId => undef);
$answer = $dosis->push(
    [$first, $bad, $foreign, $nobody, 'x', $again, $taken, $noid, $last]);
is_status($answer, 200, 'good and bad in one list: 200');
is($answer->member('Status'), 'Deels', 'Status says Deels');
is_deeply(
    [results($answer)],
    ['Nieuw', 'ValidatieFout', 'BronNietToegelaten', 'BronNietToegelaten',
        'ValidatieFout', 'Gewijzigd', 'UploadIdHergebruikt', 'ValidatieFout',
        'Nieuw'],
    'each has its own result'
);
my $refused = $answer->member('Resultaten')->[1];
is_deeply(
    [sort map {"$_->{code} $_->{field}"} @{ $refused->{errors} }],
    ['FaseOnbekend /Status/VlaamsFase', 'VeldOntbreekt /Naam'],
    'a refused one names all its problems'
);
is($refused->{Status}, 'Fout', 'with Status Fout');
is($refused->{status}, 400,    'the status that it alone would have had');
is($refused->{UploadId}, $bad->{UploadId}, 'and its UploadId');
is_deeply([map { defined $_->{DossierId} ? 1 : 0 }
        @{ $answer->member('Resultaten') }],
    [1, 1, 0, 0, 0, 1, 1, 0, 1],
    'a DossierId, but for those refused without a result');
unlike(join(' ', map { $_->{DossierId} // '' }
            @{ $answer->member('Resultaten') }),
    qr/a{26}/, 'never one made of nothing');
is_deeply(
    { map { $_ => $answer->member('Resultaten')->[2]{$_} }
            qw(Code Message Description) },
    { map { $_ => $answer->member('Resultaten')->[3]{$_} }
            qw(Code Message Description) },
    'a foreign source and one that does not exist: the same words'
);
my $result = $dosis->get(
    '/api/v1/dosis/resultaten/perUploadId?uploadId=' . $bad->{UploadId},
    token => $dosis->machine('leverancier-a'));
is($result->member('Succes'), JSON::PP::false,
    'the result of a refused one can be asked for');
is_stored($dosis->push({ %$bad, Naam => 'Gemaakt', Status => $last->{Status} }),
    'Nieuw', 'and it can be mended under its UploadId');

is_deeply([results($dosis->push([$bad, 'x', 7, undef, [], $foreign]))],
    ['UploadIdHergebruikt', ('ValidatieFout') x 4, 'BronNietToegelaten'],
    'a list of which nothing can be stored is still answered one by one');
is($dosis->push(['x'])->member('Status'), 'Fout', 'with Status Fout');

# The list as a whole.
is_problem($dosis->push([]), 400, 'ValidatieFout', 'an empty list: 400');
for my $text ('[', '[{}', '[{},]', '[{}}', '[{}] x', '[{"a":1,"a":2}]', '[nul]')
{
    my $broken = $dosis->push($text);
    is_problem($broken, 400, 'JsonOngeldig', "$text: 400");
}
my $fresh = $dosis->dossier(agent => kbo(2));
my $json  = JSON::PP->new->utf8->canonical;
is_problem($dosis->push('[' . $json->encode($fresh) . ',{]'), 400,
    'JsonOngeldig', 'a list that breaks off behind a good dossier: 400');
is_stored($dosis->push($fresh), 'Nieuw', 'and nothing of it was stored');

my @many = map { $dosis->dossier(agent => kbo(3)) } 1 .. 1001;
is_problem($dosis->push(\@many, client => $dosis->client), 413,
    'TeVeelDossiers', '1001 dossiers: 413');
pop @many;
$answer = $dosis->push(\@many);
is($answer->member('Status'), 'OK', '1000 dossiers: stored');
is(scalar @{ $answer->member('Resultaten') }, 1000, 'with 1000 results');

# Size: 4 MiB for a list, 64 KiB for each dossier in it.
my $large = $json->encode($dosis->dossier);
my $small = $json->encode($dosis->dossier);
substr($large, -1) = ' ' x (65537 - length $large) . '}';
$answer = $dosis->push("[$small,$large]");
is_deeply([results($answer)], ['Nieuw', 'ValidatieFout'],
    'one dossier of more than 64 KiB is refused alone');
my $room = 4 * 1024 * 1024;
$small = $json->encode([$dosis->dossier]);
substr($small, -1) = ' ' x ($room - length $small) . ']';
is($dosis->push($small)->member('Status'), 'OK',
    'a list of exactly 4 MiB: stored');
is($dosis->push($small, chunked => 100000)->member('Status'), 'OK',
    'in chunks too');
substr($small, -1) = ' ]';
for my $case ([{}, 'with Content-Length'], [{ chunked => 65536 }, 'in chunks'])
{
    my ($how, $fact) = @$case;
    is_problem($dosis->push($small, %$how, client => $dosis->client), 413,
        'BodyTeGroot', "a byte more $fact: 413");
}
my $object = '{' . ' ' x 70000 . '}';
is_problem($dosis->push($object, chunked => 4096, client => $dosis->client),
    413, 'BodyTeGroot', 'an object has no more room for it');

# Conditions are of one dossier.
for my $header (['If-Match' => '*'], ['If-None-Match' => '*']) {
    is_problem($dosis->push([$dosis->dossier], headers => $header), 400,
        'ParameterOngeldig', "$header->[0] with a list: 400");
}

# The same dossier twice in one list, and over the border of a piece.
my $base  = $dosis->dossier(agent => kbo(4), datum => '2026-01-01T00:00:00');
my @story = map { {
        %$base, UploadId => uuid(), Naam => "stap $_",
        WijzigingsDatum => sprintf '2026-01-01T%02d:%02d:00', $_ / 60, $_ % 60,
} } 1 .. 150;
$answer = $dosis->push(\@story);
is_deeply([results($answer)], ['Nieuw', ('Gewijzigd') x 149],
    'what follows in a list is stored behind it');
my $row = $dosis->list(token => $dosis->company(kbo(4), rechten => ['Lezer']))
    ->member('Dossiers')->[0];
is($row->{Naam}, 'stap 150', 'so the last one stands');
is($row->{Versie}, 150, 'in its hundred and fiftieth version');
