#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# Reference data with a problem: named, and nothing of it is taken.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Engine;

my $dosis = Dosis::Engine->new;
my $without = Dosis::Engine::WITHOUT;
my $good  = { Bron => 'urn://test/nieuw', Naam => 'Nieuw' };

# file, what stands in it, what the log must name
my @rows = (
    [ 'bronnen.json', '{', qr/file=bronnen\.json item=0 .*JsonOngeldig/ ],
    [ 'bronnen.json', {}, qr/file=bronnen\.json item=0 / ],
    [ 'bronnen.json', [ $good, 5 ], qr/file=bronnen\.json item=2 / ],
    [ 'bronnen.json', [ $good, { Bron => 'urn://b' } ],
        qr/file=bronnen\.json item=2 field=\/Naam/ ],
    [ 'bronnen.json', [ { %$good, Aktief => JSON::PP::true } ],
        qr/file=bronnen\.json item=1 field=\/Aktief/ ],
    [ 'bronnen.json', [ $good, $good ],
        qr/file=bronnen\.json item=2 field=\/Bron code=Dubbel/ ],
    [ 'clients.json', [ { Client => 'x', Naam => 'x', Bronnen => 'urn://b' } ],
        qr/file=clients\.json item=1 field=\/Bronnen/ ],
    [ 'clients.json',
        [ { Client => 'x', Naam => 'x', Loket => { AgentSoorten => ['Kat'] } } ],
        qr/file=clients\.json item=1 field=\/Loket/ ],
    [ 'producten.json', [ { Id => 1984, Naam => 'x' } ],
        qr/file=producten\.json item=1 field=\/Id/ ],
    [ 'producten.json', [ { Id => '1984' } ],
        qr/file=producten\.json item=1 field=\/Naam/ ],
    [ 'codelijsten/TypeDossier.json', '[]',
        qr/file=codelijsten\/TypeDossier\.json/ ],
    [ 'codelijsten/TypeDossier.json',
        { Naam => 'Anders', Datum => '2026-01-01', Herkomst => 'test',
            Waarden => [ { Nummer => 1, Code => 'A', Omschrijving => 'A' } ] },
        qr/file=codelijsten\/TypeDossier\.json item=0 field=\/Naam/ ],
);
for my $row (@rows) {
    my ($file, $what, $says) = @$row;
    my $held = Dosis::Fixture::read_file("$dosis->{home}/reference/$file");
    $dosis->reference($file, $what);
    my $refused = $dosis->start_fails;
    is($refused->{code}, 1, "$file: it does not start");
    like($refused->{err}, $says, "$file: the log names the place");
    $dosis->reference($file, $held);
}
for my $file (qw(bronnen.json clients.json)) {
    my $held = Dosis::Fixture::read_file("$dosis->{home}/reference/$file");
    unlink "$dosis->{home}/reference/$file";
    my $refused = $dosis->start_fails;
    is($refused->{code}, 1, "$file is not there: it does not start");
    like($refused->{err}, qr/file=\Q$file\E /, 'and names it');
    $dosis->reference($file, $held);
}
unlink "$dosis->{home}/reference/producten.json";
$dosis->start;
is($dosis->ask('GET', '/health')->{json}{status}, 'UP',
    'products may be absent');
is($dosis->stop, 0, 'a clean stop');

done_testing();
