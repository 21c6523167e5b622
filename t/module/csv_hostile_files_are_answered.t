#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# Every file gets an answer that says what is wrong with it, at the door where
# its beginning shows it, and else in what came of its run: never a 5xx.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Encode qw(encode);
use Test::More;

use Dosis::Check;
use Dosis::Number qw(kbo);
use Dosis::Oplading;
use Dosis::Test;
use Dosis::Upload;

my $dosis = Dosis::Test->new(workers => 1);
my $good  = Dosis::Upload::file();
my ($kop, @rows) = split /^/, $good;

sub file {
    return join '', $kop, @_;
}

sub codes {
    my ($answer) = @_;

    return [sort map {"$_->{code} $_->{field}"} @{ $answer->member('errors') }];
}

# Refused at the door: nothing of it stays.
my $zip = Dosis::Upload::gzip($good);
for my $case (
    ['an empty file',  '', ['KopOntbreekt ']],
    ['one blank line', "\n", undef],
    ['a header only',  $kop, ['BestandZonderRijen ']],
    ['a header and blank lines', "$kop\n\r\n", ['BestandZonderRijen ']],
    ['an empty gzip', Dosis::Upload::gzip(''), undef],
    ['a header in gzip', Dosis::Upload::gzip($kop), ['BestandZonderRijen ']],
    ['a truncated gzip', substr($zip, 0, length($zip) - 9),
        ['GzipOngeldig ']],
    ['a damaged gzip', substr($zip, 0, 40) . 'x' x 40, ['GzipOngeldig ']],
    ['columns missing', "Bron;DossierNummer\nurn://x;1\n", undef],
    ['100,000 columns', join(';', $kop =~ s/\n//r, map {"K$_"} 1 .. 100_000)
            . "\nx\n", undef],
    ['100,000 short columns', ';' x 100_000 . "\nx\n", undef],
    ['NUL bytes in the header', $kop =~ s/Naam/Na\0am/r . $rows[0], undef],
    ['a NUL byte in its first rows', $good . "\0", ['NulTeken ']],
    ['binary', join('', map {chr} 128 .. 255) x 200, undef],
    ['UTF-16', encode('UTF-16LE', "\x{feff}$good"), undef],
    ['a header of 10 MB', 'x' x 10_000_000 . "\n", undef],
    ['JSON', '[{"Identificatie":{}}]', undef],
    ['a page', "<html><body>niet aangemeld</body></html>\n", undef],
    )
{
    my ($fact, $text, $want) = @$case;
    my $answer = Dosis::Upload::send_file($dosis, $text,
        client => $dosis->client);
    is_problem($answer, 400, 'ValidatieFout', "$fact: 400") or next;
    my $codes = codes($answer);
    if ($want) {
        is_deeply($codes, $want, "$fact: it says what it is");
    }
    else {
        cmp_ok(scalar @$codes, '>', 0, "$fact: it says why (@$codes)");
    }
    is_deeply([grep { $_->{line} && $_->{line} != 1 }
            @{ $answer->member('errors') }], [], "$fact: of the header");
}

# Without its type it is taken for JSON.
my $untyped = $dosis->push($good);
is_problem($untyped, 400, 'JsonOngeldig', 'a file sent as JSON: 400');
is_deeply(codes($untyped), ['JsonOngeldig ', 'JsonOngeldig Content-Type'],
    'it says that the type lacks');
for my $text ('{"Bron"', "\r\n{\"Bron\"", "\xef\xbb\xbf{\"Bron\"", "\n") {
    is_deeply(codes($dosis->push($text)), ['JsonOngeldig '],
        'broken JSON is no file');
}

# All mistakes of a header at once.
my $answer = Dosis::Upload::send_file($dosis,
    "Bron;DossierNummer;Naam;Naam;AgentIdentificatie\nx;x;x;x;x\n");
my %named = map { $_ => 1 } @{ codes($answer) };
for my $mistake ('KolomOntbreekt WijzigingsDatum',
    'KolomOntbreekt StatusVlaamsFase', 'DubbeleKolom Naam') {
    ok($named{$mistake}, "in one answer: $mistake")
        or diag(join ', ', sort keys %named);
}

$answer = Dosis::Upload::send_file($dosis, $good =~ s/Naam/Nam/r);
is_deeply(codes($answer), ['KolomOntbreekt Naam', 'OnbekendeKolom Nam'],
    'one that is misspelled is named beside what is missing');
$answer = Dosis::Upload::send_file($dosis, $good =~ s/\n/;Kleur;\n/r);
is_status($answer, 202, 'columns that are passed over: 202');
is_deeply(
    [map {"$_->{code} $_->{field}"} @{ $answer->member('Waarschuwingen') }],
    ['OnbekendeKolom Kleur', 'KolomZonderNaam '], 'each is named');
is_deeply(Dosis::Upload::send_file($dosis, $good)->member('Waarschuwingen'),
    [], 'no such column: no warning');

# What is said of it.
for my $case (
    ['a form', type => 'multipart/form-data; boundary=x'],
    ['Excel',  type => 'application/vnd.ms-excel'],
    ['text',   type => 'text/plain'],
    ['CSV in UTF-16', type => 'text/csv; charset=utf-16'],
    ['deflate', coding => 'deflate'],
    ['brotli',  coding => 'br'],
    ['gzip twice', coding => 'gzip, gzip'],
    )
{
    my ($fact, %how) = @$case;
    $answer = Dosis::Upload::send_file($dosis, $good, %how,
        client => $dosis->client);
    is_problem($answer, 415, 'MediaTypeNietOndersteund', "$fact: 415");
    like($answer->text, qr{text/csv|CSV-bestand}, "$fact: what it may be");
}
is_problem(Dosis::Upload::send_file($dosis, $good, coding => 'gzip'), 400,
    'ValidatieFout', 'said to be gzip, and is not: 400');
for my $type ('Text/CSV', 'text/csv; charset=UTF-8; header=present',
    'text/csv;charset="windows-1252"') {
    is_status(Dosis::Upload::send_file($dosis, $good, type => $type), 202,
        "$type: 202");
}

# Parameters, all at once.
$answer = Dosis::Upload::send_file($dosis, $good, client => $dosis->client,
    query => { proef => 'misschien', uploadId => 'x', peildatum => '2026',
        ontbrekend => 'nee', bestand => 'x' x 300 });
is_problem($answer, 400, 'ParameterOngeldig', 'parameters: 400');
is_deeply(
    [sort map { $_->{field} } @{ $answer->member('errors') }],
    [qw(bestand ontbrekend peildatum proef uploadId)], 'each is named');
is_problem(Dosis::Upload::send_file($dosis, $good, client => $dosis->client,
        headers => ['If-None-Match' => '*']),
    400, 'ParameterOngeldig', 'a condition, which is for one dossier: 400');
is_problem(Dosis::Upload::send_file($dosis, $good, client => $dosis->client,
        query => { volledig => 'true' }),
    400, 'ParameterOntbreekt', 'a whole file without its source: 400');
is_problem(Dosis::Upload::send_file($dosis, $good, client => $dosis->client,
        query => { volledig => 'true', bron => 'urn://test/vergunningen',
            peildatum => '2026-01-01' }),
    403, 'BronNietToegelaten', 'of a source of others: 403');

is_deeply([Dosis::Upload::nameless($dosis)], [],
    'nothing of what was refused is open still');

# Taken, and run: what it comes to.
sub row {
    my (%cell) = @_;

    return (split /^/, Dosis::Oplading::csv({
            AgentIdentificatie => kbo(2), %cell }), 2)[1];
}

my @many = map { row(DossierNummer => "M-$_") } 1 .. 900;
my @runs = (
    ['Windows-1252', encode('cp1252', file(row(DossierNummer => 'W-1',
            Naam => "Caf\x{e9} \x{20ac}"))), [1, 0]],
    ['a BOM', "\xef\xbb\xbf" . file(row(DossierNummer => 'B-1')), [1, 0]],
    ['tabs', file(row(DossierNummer => 'T-1')) =~ tr/;/\t/r, [1, 0]],
    ['a line sep= in front', "sep=;\r\n" . file(row(DossierNummer => 'S-1')),
        [1, 0]],
    ['CRLF', file(row(DossierNummer => 'C-1')) =~ s/\n/\r\n/gr, [1, 0]],
    ['quotes with newlines', file(row(DossierNummer => 'Q-1',
            Naam => qq{"twee\nlijnen; ""zo"""})), [1, 0]],
    ['a NUL byte far from the header', file(@many,
            row(DossierNummer => "N-\0001")), [900, 1]],
    ['a line of 10 MB', file(row(DossierNummer => 'L-1',
                Naam => 'x' x 10_000_000), row(DossierNummer => 'L-2')),
        [1, 1]],
    ['no end of line', file(row(DossierNummer => 'E-1') =~ s/\n//r), [1, 0]],
    ['a zip bomb', Dosis::Upload::gzip(
            file(row(DossierNummer => 'Z-1')) . ' ' x 50_000_000), [1, 1]],
);
cmp_ok(length $runs[-1][1], '<', 60_000, 'a bomb of 50 MB is small');
for my $run (@runs) {
    $answer = Dosis::Upload::send_file($dosis, $run->[1]);
    is_status($answer, 202, "$run->[0]: 202");
    push @$run, $answer->member('UploadId');
}
for my $run (@runs) {
    my ($fact, undef, $want, $id) = @$run;
    my $shown = Dosis::Upload::ended($dosis, $id);
    is($shown->member('Toestand'), 'Klaar', "$fact: run");
    is_deeply([$shown->member('Resultaten')->{Nieuw}, $shown->member('Fouten')],
        $want, "$fact: stored, refused");
}
$dosis->wait_for(sub { !Dosis::Upload::spooled($dosis) },
    'no file is left when all were run');
