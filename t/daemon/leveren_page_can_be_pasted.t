#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# Every block of the page for agencies does what it says, in one shell, against
# what scripts/run starts.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Engine;
use Dosis::Pasted qw(json_of paste);

# It starts an nginx that does not know the sanitizers of its module.
plan skip_all => 'scripts/run is for a build without sanitizers' if $ENV{SAN};

my $dosis = Dosis::Engine->new(keys => 0);
my @said  = paste($dosis, 'leveren.md', 16);
my @json  = map { json_of($_) } @said;

is($said[0], '["urn://vlaio/subsidies"]', 'a token, and its source');
is_deeply(
    [sort map {"$_->{code} $_->{field}"} @{ $json[1]{errors} }],
    ['DatumOngeldig /WijzigingsDatum', 'FaseOnbekend /Status/VlaamsFase',
        'KboOngeldig /Agenten/0/Identificatie'],
    'on trial: all that is wrong');
is("$json[2]{Resultaat} $json[2]{Verwacht}", 'Proef Nieuw',
    'mended: what would become of it');
is_deeply([map { $_->{code} } @{ $json[2]{Waarschuwingen} }], ['GeenRechten'],
    'with the warning');
is($json[3]{Resultaat}, 'Nieuw', 'for real: nothing was stored before');
is_deeply($json[3]{Waarschuwingen}, [], 'and no warning');
is($json[4]{UploadId}, $json[3]{UploadId}, 'its result by UploadId');
is_deeply($json[5], $json[4], 'and as the last one of the dossier');
is(ref $json[6], 'ARRAY', 'the refused ones are a list');
is($json[7]{Status}, 'Deels', 'a batch: some');
is_deeply([map { $_->{Resultaat} // $_->{Code} } @{ $json[7]{Resultaten} }],
    ['Nieuw', 'ValidatieFout'], 'each with its verdict');
like($said[8], qr/^\x{ef}\x{bb}\x{bf}Bron;DossierNummer;/, 'a template');
is($json[9]{Bestand}, 'dossiers.csv', 'a file is taken');
is("$json[10]{Toestand} $json[10]{Resultaten}{Nieuw} $json[10]{Fouten}",
    'Klaar 1 1', 'and done: one row is in, one is not');
is("$json[11]{Fouten}[0]{LijnNummer} $json[11]{Fouten}[0]{Fouten}[0]{Code}",
    '3 KboOngeldig', 'with its line and why');
like($said[12], qr/Fout;Bron;.*2026-000812/s, 'and as CSV');
is(scalar @{ $json[13]{Dossiers} }, 1, 'a dossier of its own');
is($json[14]{Resultaat}, 'Ingetrokken', 'withdrawn');
ok(scalar @{ $json[15]{Limieten} }, 'limits');

done_testing();
