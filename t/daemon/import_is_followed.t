#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# dosisctl import hands a file to the engine, follows it, and its exit code
# tells how it went.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Compress::Zlib ();
use JSON::PP       ();
use Test::More;

use Dosis::Engine;
use Dosis::Number qw(kbo);

my $dosis = Dosis::Engine->new;
my $home  = $dosis->{home};
my @as    = ('--client', 'leverancier-a');
my $kop = 'Bron;DossierNummer;Naam;WijzigingsDatum;StatusVlaamsFase;'
    . "StatusVlaamsCode;AgentIdentificatie;Toegangsrechten\n";

sub row {
    my ($nummer, $agent) = @_;

    return "urn://test/subsidies;$nummer;Naam;2026-01-02;Behandeling;"
        . "InBehandeling;$agent;Lezer\n";
}

my $good = $kop . join '', map { row("g-$_", kbo(1)) } 1 .. 20;
my $bad  = $kop . row('b-1', kbo(1)) . row('b-2', '0123456700');

sub write_csv {
    my ($name, $text) = @_;

    Dosis::Fixture::write_file("$home/$name", $text);
    return "$home/$name";
}

sub import_file {
    return $dosis->ctl('import', @_, @as);
}

my $file = write_csv('goed.csv', $good);
my $down = import_file($file);
is($down->{code}, 2, 'no engine: 2');

$dosis->start;
my $r = import_file($file);
is($r->{code}, 0, 'all of it is in: 0');
like($r->{out}, qr{^\Q$file\E: Klaar, 20 rows, 20 dossiers}, 'a summary');
like($r->{out}, qr/^  Nieuw 20, Gewijzigd 0, /m, 'with each verdict');
like($r->{err}, qr/UploadId [-0-9a-f]{36}$/m, 'and by what it is known');
unlike($r->{err}, qr/\e|\r/, 'no bar where there is no terminal');
my ($known) = $r->{err} =~ /UploadId ([-0-9a-f]{36})$/m;
$r = $dosis->ctl('opladingen', 'toon', $known);
is($r->{code}, 0, 'later on it can be asked for');
like($r->{out}, qr/^\Q$known\E: Klaar, 20 rows, 20 dossiers/, 'how it is');
like($r->{out}, qr/^  Nieuw 20, Gewijzigd 0, /m, 'with each verdict');
is( JSON::PP::decode_json(
        $dosis->ctl('opladingen', 'toon', $known, '--json')->{out})->{Verwerkt},
    20, 'for a program, too');
is($dosis->ctl('opladingen', 'toon', $known =~ tr/0-9/1-90/r)->{code}, 1,
    'one that is not there: 1');
like($dosis->ctl('opladingen', 'toon')->{err},
    qr/'dosisctl opladingen toon' needs an UPLOADID; /, 'none: said so');

my $report = "$home/fouten.csv";
$r = import_file(write_csv('slecht.csv', $bad), '--fouten', $report);
is($r->{code}, 1, 'a row is refused: 1');
like($r->{out}, qr/rows refused 1,/, 'and counted');
my @line = split /\n/, Dosis::Fixture::read_file($report);
is(scalar @line, 2, 'the report has a header and that row');
like($line[1], qr/^"?lijn 3: .*b-2;/, 'with its line and its cells');
is((stat $report)[2] & 07777, 0600, 'for its owner alone');
unlink $report;
import_file(write_csv('sep.csv', "sep=;\r\n$bad"), '--fouten', $report);
@line = split /\n/, Dosis::Fixture::read_file($report);
like($line[0], qr/^\W*Fout;Bron;/, 'a line sep= is not in the report');
like($line[1], qr/^"?lijn 4: .*b-2;/, 'but it counts');
$r = import_file($file, '--fouten', $report);
is($r->{code}, 2, 'a report overwrites nothing');
$r = import_file($file, '--fouten', "$home/geen.csv");
ok($r->{code} == 0 && !-e "$home/geen.csv", 'no refused row: no report');

$r = import_file(write_csv('kop.csv', "a;b\n1;2\n"));
is($r->{code}, 1, 'no header: 1');
like($r->{err}, qr/\(KopOntbreekt\)/, 'and why');
$r = import_file(write_csv('kolom.csv', $good =~ s/\n/;Kleur\n/r));
like($r->{err}, qr/^.*warning: Kleur: .*\(OnbekendeKolom\)$/m,
    'an unknown column is named');
$r = import_file("$home/bestaat-niet.csv");
is($r->{code}, 2, 'no file: 2');
$r = $dosis->ctl('import', $file, '--client', 'niemand');
is($r->{code}, 1, 'a client that delivers for nobody: 1');
$r = $dosis->ctl('import', $file);
ok($r->{code} == 2 && $r->{err} =~ /one of: leverancier-a/,
    'several clients deliver: which one?');
is(import_file($file, '--bron', 'x')->{code}, 2,
    '--bron goes with --volledig');
is($dosis->ctl('import')->{code}, 2, 'a file must be named');

# What it may come in.
my $gz = write_csv('goed.csv.gz', Compress::Zlib::memGzip($good));
$r = import_file($gz, '--proef', '--json');
my $told = JSON::PP::decode_json($r->{out});
ok($r->{code} == 0 && $told->{Gzip} && $told->{Proef},
    'gzip passes as it is; a trial');
is($told->{Resultaten}{Ongewijzigd}, 20, '--json: as the engine tells it');
$dosis->{input} = $file;
$r = import_file('-');
like($r->{out}, qr/^standard input: Klaar, 20 rows/, 'standard input');
my $whole = import_file(
    write_csv('alles.csv', $kop . row('g-1', kbo(1))),
    '--volledig', '--bron', 'urn://test/subsidies', '--peildatum',
    '2026-01-01');
like($whole->{out}, qr/^  missing 0, of those withdrawn 0$/m,
    'a whole file tells what it lacks');

# A terminal gets a bar.
SKIP: {
    skip 'no script(1)', 3 if !-x '/usr/bin/script';
    my $shown = $dosis->run('/usr/bin/script', '-qec',
        "$dosis->{build}/dosisctl import $file @as", '/dev/null');
    is($shown->{code}, 0, 'the same on a terminal');
    like($shown->{out}, qr/\r\e\[K/, 'where the line is written anew');
    my $long = write_csv('lang.csv',
        $kop . join '', map { row("l-$_", kbo(1)) } 1 .. 40_000);
    $shown = $dosis->run('/usr/bin/script', '-qec',
        "$dosis->{build}/dosisctl import $long --proef @as", '/dev/null');
    like($shown->{out},
        qr{\r\[[#.]+\] +\d+\.\d %  \d+ rows  \d+ rows/s  ETA [-\d]\S+},
        'a bar: how far, how fast, how long still');
}

# The list, and an end.
my $id = '6f1f0e0e-6a4e-4b32-9d55-8a5b9d6a0001';
$r = import_file($file, '--geen-wacht', '--upload-id', $id);
is($r->{out}, "$id\n", '--geen-wacht ends with the UploadId');
is(import_file($file, '--geen-wacht', '--upload-id', $id)->{code},
    0, 'which makes it safe to send again');
$r = $dosis->ctl('opladingen');
like($r->{out}, qr/^$id  .*  leverancier-a  goed\.csv$/m, 'it is listed');
is(() = $r->{out} =~ /$id/g, 1, 'once');
like($r->{out}, qr/  goed\.csv\.gz  \(proef: nothing is stored\)$/m,
    'a trial is told from the others');
is($dosis->ctl('opladingen', 'list', '--client', 'beide')->{out},
    '', 'among its own');
is($dosis->ctl('opladingen', 'stop', $id)->{code}, 0, 'and may be ended');
is($dosis->ctl('opladingen', 'waarschuwingen', $id)->{out}, '',
    'nothing was warned of');
my $warned = $id =~ s/1$/3/r;
import_file(write_csv('let-op.csv', $kop
            . join '', map { row("w-$_", kbo(1)) =~ s/Lezer$//mr } 1 .. 150),
    '--upload-id', $warned);
$r = $dosis->ctl('opladingen', 'waarschuwingen', $warned);
my @warning = split /\n/, $r->{out};
is(scalar @warning, 150, 'what was warned of is listed, over pages');
like($warning[149],
    qr/^line 151  w-150  Toegangsrechten: Deze agent .* \(GeenRechten\)$/,
    'with line, dossier, column, text and code');
my $pages = JSON::PP::decode_json($dosis->ctl('opladingen', 'waarschuwingen',
        $warned, '--client', 'leverancier-a', '--json')->{out});
is_deeply([map { scalar @{ $_->{Waarschuwingen} } } @$pages], [100, 50],
    '--json: as the engine tells them');
is($dosis->ctl('opladingen', 'waarschuwingen', $id =~ s/1$/2/r)->{code}, 1,
    'of one that nobody knows: 1');
is($dosis->ctl('opladingen', 'stop', $id =~ s/1$/2/r)->{code},
    1, 'one that nobody knows: 1');
is($dosis->ctl('verify')->{code}, 0, 'the store is whole');

done_testing;
