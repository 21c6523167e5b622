#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# The history of a dossier: what came in, newest receipt first, in pages.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Number qw(kbo uuid);
use Dosis::Test qw(query);

my $dosis = Dosis::Test->new;
my $base  = '/api/v1/dosis/dossiers';
my $token = $dosis->company(kbo(1), rechten => ['Lezer']);

sub version {
    my ($of, $day, $name, %more) = @_;

    return { %$of, UploadId => uuid(), Naam => $name,
        WijzigingsDatum => "2026-03-${day}T10:00:00", %more };
}

sub history {
    my ($id, %query) = @_;

    my $headers = delete $query{headers} // [];

    return $dosis->get("$base/$id/historiek?" . query(%query),
        token => $token, headers => $headers);
}

my $one = $dosis->dossier(
    agenten => [map { { Identificatie => kbo($_),
                Toegangsrechten => [{ Code => 'Lezer' }] } } 1, 2],
    Status => { VlaamsFase => 'Behandeling', VlaamsCode => 'InBehandeling',
        Detail1 => 'zichtbaar', Detail2 => 'verborgen' });
my $id = $dosis->push(version($one, '01', 'een'))->member('DossierId');
$dosis->push(version($one, '03', 'drie'));
is_stored($dosis->push(version($one, '02', 'twee')), 'Verouderd',
    'one comes in out of order');
is_stored($dosis->push(version($one, '04', 'drie')), 'Ongewijzigd',
    'one changes nothing');
$dosis->withdraw($one, datum => '2026-03-05T10:00:00');
is_problem(history($id), 404, 'NietGevonden',
    'while withdrawn there is no history');
is_stored($dosis->push(version($one, '06', 'zes')), 'Hersteld',
    'and it revives');

my $answer = history($id);
is_status($answer, 200, 'its history: 200');
is($answer->member('DossierId'), $id, 'of that dossier');
is_deeply(
    [map { "$_->{Resultaat} " . ($_->{Naam} // '-') . " $_->{WijzigingsDatum}" }
            @{ $answer->member('Historiek') }],
    [   'Hersteld zes 2026-03-06T09:00:00.000Z',
        'Ingetrokken - 2026-03-05T09:00:00.000Z',
        'Verouderd twee 2026-03-02T09:00:00.000Z',
        'Gewijzigd drie 2026-03-03T09:00:00.000Z',
        'Nieuw een 2026-03-01T09:00:00.000Z',
    ],
    'what came in, newest receipt first; an unchanged one is no line');
my $newest = $answer->member('Historiek')->[0];
like($newest->{Ontvangen}, qr/^20\d\d-\d\d-\d\dT[\d:.]+Z$/,
    'each with its moment of receipt');
is_deeply($newest->{Status},
    { VlaamsFase => 'Behandeling', VlaamsCode => 'InBehandeling',
        Detail1 => 'zichtbaar' },
    'its status as delivered, without Detail2');
is_deeply([sort { $b <=> $a } map { $_->{Versie} }
            @{ $answer->member('Historiek') }],
    [map { $_->{Versie} } @{ $answer->member('Historiek') }],
    'no later line has a lower Versie');
unlike($answer->body, qr/verborgen|Agenten|${\ kbo(1)}|${\ kbo(2)}/,
    'nothing of Detail2 or of agents');
is($answer->member('Volgende'), undef, 'it fits one page');
ok(!$answer->member('Ingekort'), 'and all of it is kept');

# Pages.
my (@names, $after, $pages);
while ($pages++ < 10) {
    my $page = history($id, limiet => 2, na => $after);
    is_status($page, 200, "page $pages: 200");
    push @names, map { $_->{Naam} // '-' } @{ $page->member('Historiek') };
    $after = $page->member('Volgende') // last;
    $dosis->push(version($one, sprintf('1%d', $pages), "later $pages"));
}
is_deeply(\@names, [qw(zes - twee drie een)],
    'pages of two show each line once, whatever comes in meanwhile');

# Wrong cursors and limits.
my $cursor = history($id, limiet => 1)->member('Volgende');
my $two    = $dosis->push($dosis->dossier)->member('DossierId');
is_problem(history($two, na => $cursor), 400, 'ParameterOngeldig',
    'a cursor of another dossier is refused');
is_problem(history($id, na => 'AAAA'), 400, 'ParameterOngeldig',
    'so is any other text');
is_problem(history($id, limiet => 501), 400, 'ParameterOngeldig',
    'at most 500 lines a page');
my $list = $dosis->list(token => $token, limiet => 1)->member('Volgende');
is_problem(history($id, na => $list), 400, 'ParameterOngeldig',
    'and a cursor of the list');
is_problem($dosis->list(token => $token, na => $cursor), 400,
    'ParameterOngeldig', 'which has no use for one of a history');

# What has not changed is not sent again.
my $etag = history($id)->header('ETag');
is_status(history($id, headers => ['If-None-Match' => $etag]), 304,
    'unchanged: 304');
$dosis->push(version($one, '02', 'weer oud'));
is_status(history($id, headers => ['If-None-Match' => $etag]), 200,
    'a line more, though outdated: 200');

# Who may not see the dossier.
my $stranger = $dosis->company(kbo(9), rechten => ['Lezer']);
is_problem($dosis->get("$base/$id/historiek", token => $stranger), 404,
    'NietGevonden', 'another company: 404');
is_problem($dosis->get("$base/onzin/historiek", token => $token), 404,
    'NietGevonden', 'no identifier: 404');
is_problem($dosis->get("$base//historiek", token => $token), 404,
    'NietGevonden', 'an empty one: 404');
is_problem($dosis->get("$base/$id/historiek/1", token => $token), 404,
    'NietGevonden', 'a deeper path: 404');
is_problem($dosis->get("$base/$id/historie", token => $token), 404,
    'NietGevonden', 'another word: 404');
my $wrong = $dosis->post("$base/$id/historiek", {}, token => $token);
is_problem($wrong, 405, 'MethodeNietToegelaten', 'POST: 405');
is($wrong->header('Allow'), 'GET, HEAD, OPTIONS', 'with what may be asked');
is_problem($dosis->get("$base/$id/historiek",
        token => $dosis->machine('leverancier-a')), 403, 'ScopeOntbreekt',
    'who delivers does not read');
