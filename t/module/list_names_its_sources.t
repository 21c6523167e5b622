#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# Bronnen: the sources of the rows of a page, when each was last heard, to the
# hour, and whether it still speaks.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use POSIX qw(strftime);

use Dosis::Check;
use Dosis::Number qw(kbo);
use Dosis::Test qw(query);

my $dosis = Dosis::Test->new;
my $kbo   = kbo(340);
my $token = $dosis->company($kbo, rechten => ['Lezer']);

sub sources {
    my (%option) = @_;

    return $dosis->list(token => $token, %option)->member('Bronnen');
}

# The hour that a moment falls in, as the contract writes it.
sub hour {
    return strftime('%Y-%m-%dT%H:00:00.000Z', gmtime $_[0]);
}

is_deeply(sources(), [], 'no rows, no sources');

my $before = time;
$dosis->store_all([
    $dosis->dossier(agent => $kbo, nummer => '1', datum => '2026-01-03'),
    $dosis->dossier(agent => $kbo, nummer => '2', datum => '2026-01-02'),
    $dosis->dossier(agent => $kbo, nummer => '3', datum => '2026-01-01',
        bron => 'urn://ovam/evoa'),
]);
my $after = time;
my $sources = sources();
is_deeply(
    [map { [@$_{qw(Bron Naam Toestand)}] } @$sources],
    [   ['urn://test/subsidies', 'Subsidies', 'Actueel'],
        ['urn://ovam/evoa', 'Afvaltransport', 'Actueel'],
    ],
    'each source once, in the order of the rows');
for my $source (@$sources) {
    my %hours = map { hour($_) => 1 } $before, $after;
    ok($hours{ $source->{LaatstGehoord} },
        "$source->{Bron} was heard this hour, and no nearer is told");
}
is_deeply([map { $_->{Bron} } @{ sources(limiet => 2) }],
    ['urn://test/subsidies'], 'a page names the sources of its rows only');

# A refused delivery is not heard: a source that never delivered well is none.
is_status($dosis->push($dosis->dossier(agent => $kbo, fase => 'Weg',
            bron => 'urn://some/test')), 400, 'a refused delivery');
is(scalar @{ sources() }, 2, 'names no source');

# Switched off.
my $path = "$dosis->{home}/reference/bronnen.json";
my $list = JSON::PP->new->utf8->decode(Dosis::Fixture::read_file($path));
my $etag = $dosis->list(token => $token)->header('ETag');
for my $source (@$list) {
    $source->{Actief} = JSON::PP::false
        if $source->{Bron} eq 'urn://ovam/evoa';
    $source->{Naam} = 'Steun' if $source->{Bron} eq 'urn://test/subsidies';
}
Dosis::Fixture::write_json($path, $list);
kill HUP => $dosis->{engine};
$dosis->wait_for(sub { sources()->[1]{Toestand} eq 'Uit' }, 'switched off');
is_deeply([map { [@$_{qw(Naam Toestand)}] } @{ sources() }],
    [['Steun', 'Actueel'], ['Afvaltransport', 'Uit']],
    'a source that is switched off says Uit, a new name is shown');
isnt($dosis->list(token => $token)->header('ETag'), $etag,
    'and a list with other names has another ETag');
