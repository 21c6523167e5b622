#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# The engine's own socket takes a file of deliveries as the module's door does:
# it is judged before it is taken, once it is taken it is on disk, and nothing is
# left of one that was not.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use IO::Socket::UNIX ();
use Test::More;

use Dosis::Engine;
use Dosis::Number qw(kbo uuid);

my $dosis  = Dosis::Engine->new;
my $spool  = "$dosis->{home}/store/spool";
my $client = 'client=leverancier-a';
my $kop = 'Bron;DossierNummer;Naam;WijzigingsDatum;StatusVlaamsFase;'
    . "StatusVlaamsCode;AgentIdentificatie;Toegangsrechten\n";
$dosis->start;

# Nothing is imported while the register stands still.
my $pause = $dosis->ctl('pauze', 'set', 'lezen');
is($pause->{code}, 0, 'deliveries are paused') or diag $pause->{err};

sub row {
    my ($nummer) = @_;

    return "urn://test/subsidies;$nummer;Naam;2026-01-02;Behandeling;"
        . 'InBehandeling;' . kbo(1) . ";Lezer\n";
}

sub call {
    my (@words) = @_;

    return $dosis->ask(@words);
}

sub codes {
    my ($answer) = @_;

    return join ' ',
        map {"$_->{code}:$_->{field}"} @{ $answer->{json}{problems} };
}

sub spooled {
    return scalar(my @files = glob "$spool/*");
}

# Judged.
my $file = $kop . row(1);
my $r = call('POST', "/opladingen?$client&proef=x&uploadId=1&bron=y", $file);
is($r->{status}, 400, 'parameters are judged');
is(codes($r), 'ParameterOngeldig:proef ParameterOngeldig:uploadId'
        . ' ParameterOngeldig:bron', 'all at once');
is(call('POST', '/opladingen', $file)->{status}, 403, 'whose is it?');
is(call('POST', '/opladingen?client=niemand', $file)->{status},
    403, 'a client without sources');
is(call('POST', '/opladingen?client=leverancier-uit', $file)->{status},
    403, 'one that is switched off');
is(call('POST', "/opladingen?$client&volledig=true&peildatum=2026-01-01"
            . '&bron=urn://test/vergunningen', $file)->{status},
    403, 'the whole of a source of somebody else');
my %wrong = (
    KopOntbreekt       => "a;b\n1;2\n",
    KolomOntbreekt     => "Bron;Naam\nx;y\n",
    BestandZonderRijen => $kop,
    GzipOngeldig       => "\x1f\x8b\x08no",
);
for my $code (sort keys %wrong) {
    $r = call('POST', "/opladingen?$client", $wrong{$code});
    is($r->{status}, 400, "$code is no file");
    like(codes($r), qr/^$code:/, 'and why');
}
is(call('POST', "/opladingen?$client", '')->{status}, 400, 'nor is nothing');
is(spooled(), 0, 'and nothing is left of them');
$r = call('POST', "/opladingen?$client", $file =~ s/Naam/Nam/r);
like(codes($r), qr/^KolomOntbreekt:Naam .*OnbekendeKolom:Nam$/,
    'a column that is misspelled is named beside the one that is missing');

# Taken.
my $id = uuid();
$r = call('POST', "/opladingen?$client&bestand=a%2Fb.csv&uploadId=$id", $file);
is($r->{status}, 202, 'a file is taken');
is_deeply($r->{json},
    { Status => 'OK', UploadId => $id, Bestand => 'b.csv',
        Waarschuwingen => [] }, 'so it says');
is(spooled(), 1, 'it is on disk');
is((stat glob "$spool/*")[2] & 07, 0, 'not for others');
unlike(Dosis::Fixture::read_file(glob "$spool/*"), qr/InBehandeling/,
    'and sealed');
$r = call('POST', "/opladingen?$client&bestand=b.csv&uploadId=$id", $file);
is($r->{status}, 202, 'the same again is answered so again');
$r = call('POST', "/opladingen?$client&uploadId=$id", $file . row(2));
is($r->{status}, 409, 'another one by that UploadId is not');
my ($head, $rows) = split /(?<=\n)/, $file, 2;
$rows =~ tr/a-z/b-za/;
$r = call('POST', "/opladingen?$client&uploadId=$id", $head . $rows);
is($r->{status}, 409, 'nor is one as long with other bytes');
is(codes($r), 'UploadIdHergebruikt:', 'and why');
$dosis->wait_for(sub { spooled() == 1 }, 'one file is kept of the three');

# Told.
$r = call('GET', "/opladingen?$client");
is($r->{json}{Uploads}[0]{UploadId}, $id, 'listed');
is($r->{json}{Uploads}[0]{Client}, undef, 'to its client');
is(call('GET', '/opladingen')->{json}{Uploads}[0]{Client},
    'leverancier-a', 'to an operator with whose it is');
is(call('GET', '/opladingen?client=beide')->{json}{Uploads}[0],
    undef, 'not to others');
is(call('GET', "/opladingen/$id?client=beide")->{status}, 404, 'nor is it');
is(call('GET', "/opladingen/$id?$client")->{json}{Bytes}, length $file,
    'shown');
is(call('GET', "/opladingen/$id/fouten?$client")->{json}{Totaal}, 0,
    'its refused rows');
$r = call('GET', "/opladingen/$id/fouten.csv?$client");
ok($r->{status} == 200 && $r->{head} =~ m{^content-type: text/csv}mi,
    'and as CSV');
is_deeply(call('GET', "/opladingen/$id/waarschuwingen?$client")->{json},
    { Waarschuwingen => [], Totaal => 0, Bewaard => 0, Volgende => undef },
    'its warnings: none');
is(call('GET', "/opladingen/$id/waarschuwingen?$client&na=x")->{status}, 400,
    'whose cursor that is not');
is(call('GET', "/opladingen/$id/niets?$client")->{status}, 404, 'no more');
is(call('GET', "/opladingen/1?$client")->{status}, 404, 'no such UploadId');
$r = call('PUT', "/opladingen/$id");
is($r->{status}, 405, 'another method');
like($r->{head}, qr/^Allow: GET, DELETE\r?$/mi, 'which there are');
is(call('GET', "/opladingen?$client&na=x")->{status}, 400, 'no cursor');

# Gone in the middle, more than once.
for my $n (1 .. 12) {
    my $socket = IO::Socket::UNIX->new("$dosis->{home}/run/dosisd.sock");
    print {$socket} "POST /opladingen?$client HTTP/1.1\r\nHost: dosisd\r\n"
        . "Content-Length: 9000000\r\n\r\n", $kop, row($n) x 2000;
    close $socket;
}
my $second = uuid();
$r = call('POST', "/opladingen?$client&uploadId=$second",
    $file =~ s/\n/;Kleur\n/r);
is($r->{status}, 202, 'who left takes no place of others');
is_deeply(
    [map {"$_->{code} $_->{field}"} @{ $r->{json}{Waarschuwingen} }],
    ['OnbekendeKolom Kleur'], 'a column that is passed over is named');
my @spooled = glob "$spool/*";
is(scalar @spooled, 2, 'and nothing is left of them');

# Ended, and over a restart.
is(call('DELETE', "/opladingen/$second?client=beide")->{status},
    404, 'another client cannot end one');
is(call('DELETE', "/opladingen/$second?$client")->{json}{Toestand},
    'Geannuleerd', 'one that waits is ended at once');
$dosis->wait_for(sub { spooled() == 1 }, 'and its file is taken away');
is($dosis->stop, 0, 'the engine ends well');
$dosis->start;
is(call('GET', "/opladingen/$second?$client")->{json}{Toestand},
    'Geannuleerd', 'and stays so');
is($dosis->ctl('pauze', 'lift')->{code}, 0, 'deliveries go on');
$dosis->wait_for(
    sub {
        call('GET', "/opladingen/$id?$client")->{json}{Toestand} eq 'Klaar';
    },
    'the other one is done');
$dosis->wait_for(sub { spooled() == 0 }, 'and so is its file');
is($dosis->stop, 0, 'and ends well again');
unlike($dosis->log, qr/ (?:error|alert) /, 'none of it was trouble');

done_testing;
