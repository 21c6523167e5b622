#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# A CSV file that got 202 is on disk, whole, sealed and recorded, however it
# was sent and whatever happens next.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::H2;
use Dosis::Number qw(uuid);
use Dosis::Plain;
use Dosis::Test;
use Dosis::Upload;

my $dosis = Dosis::Test->new(workers => 1);
my $token = $dosis->machine('leverancier-a');
my $home  = $dosis->{home};
my $block = Dosis::Upload::BLOCK;

# The engine must not run them while they are looked at.
$dosis->kill_engine;

sub taken {
    my ($answer, $text, $fact) = @_;

    local $Test::Builder::Level = $Test::Builder::Level + 1;
    is_status($answer, 202, "$fact: 202") or return;
    my $id = $answer->member('UploadId');
    is($answer->header('Location'), "/api/v1/dosis/uploads/$id",
        "$fact: where it can be followed");
    my $shown = $dosis->get($answer->header('Location'), token => $token);
    is_deeply(
        [map { $shown->member($_) } qw(UploadId Toestand Bytes)],
        [$id, 'Wachtend', length $text], "$fact: recorded as it was sent");
    my @files = Dosis::Upload::spooled($dosis);
    is(scalar @files, 1, "$fact: one file in the spool") or return;
    ok(Dosis::Upload::content($dosis, $files[0]) eq $text,
        "$fact: byte for byte");
    unlink "$home/store/spool/$files[0]";

    return $shown;
}

# Sizes around the blocks, and every way to send one.
my $small = Dosis::Upload::file();
my $three = Dosis::Upload::file(3 * $block + 1);
my $exact = substr $three, 0, 2 * $block;
my $zip   = Dosis::Upload::gzip($three);
taken(Dosis::Upload::send_file($dosis, $small), $small, 'a few rows');
taken(Dosis::Upload::send_file($dosis, $three), $three, 'three blocks');
taken(Dosis::Upload::send_file($dosis, $exact), $exact, 'exactly two');
taken(Dosis::Upload::send_file($dosis, $three, chunked => 7777), $three,
    'in chunks');
taken(Dosis::Upload::send_file($dosis, $small, chunked => 100), $small,
    'in small chunks');
my $shown = taken(
    Dosis::Upload::send_file($dosis, $zip, coding => 'gzip'), $zip, 'packed');
ok($shown->member('Gzip'), 'and known as such');
$shown = taken(Dosis::Upload::send_file($dosis, $zip), $zip,
    'packed without saying so');
ok($shown->member('Gzip'), 'which its first bytes tell');
for my $path (qw(/api/v2/dosis/dossiers /api/v2/dossiers)) {
    taken(Dosis::Upload::send_file($dosis, $small, path => $path), $small,
        $path);
}

# By HTTP/2, also when all of it comes with the head.
for my $text ($small, $three) {
    my $h2 = Dosis::H2->new($dosis);
    my $id = $h2->ask('POST', Dosis::Upload::PATH, body => $text, headers =>
            [Authorization => "Bearer $token", 'Content-Type' => 'text/csv']);
    $h2->answer($id);
    is($h2->{stream}{$id}{status}, 202, 'by HTTP/2: 202');
    my @files = Dosis::Upload::spooled($dosis);
    ok(@files == 1 && Dosis::Upload::content($dosis, $files[0]) eq $text,
        'byte for byte');
    unlink map {"$home/store/spool/$_"} @files;
    $h2->close;
}

# What is said of it comes back.
my $answer = Dosis::Upload::send_file($dosis, $small, headers =>
        ['Content-Disposition' =>
            q{attachment; filename="x.csv"; filename*=UTF-8''maart%20%C3%A9.csv}]);
is($answer->member('Bestand'), "maart \x{e9}.csv",
    'its name by Content-Disposition');
$answer = Dosis::Upload::send_file($dosis, $small,
    query => { bestand => 'C:\\map\\nacht.csv' });
is($answer->member('Bestand'), 'nacht.csv', 'or by a parameter, without path');
my $id = uuid();
$answer = Dosis::Upload::send_file($dosis, $small, query => { proef => 'true',
        uploadId => uc $id, volledig => 'true', bron => 'urn://test/subsidies',
        peildatum => '2026-03-01', ontbrekend => 'intrekken' });
is($answer->member('UploadId'), $id, 'its own UploadId');
$shown = Dosis::Upload::show($dosis, $id);
ok($shown->member('Proef'), 'a trial');
is_deeply([@{ $shown->member('Volledig') }{qw(Bron Intrekken)}],
    ['urn://test/subsidies', JSON::PP::true], 'of a whole source');
unlink glob "$home/store/spool/*";

# The same again.
my %again = (query => { uploadId => uuid() });
is_status(Dosis::Upload::send_file($dosis, $small, %again), 202, 'a file');
is_status(Dosis::Upload::send_file($dosis, $small, %again), 202,
    'the same UploadId with as long a file: the same answer');
$dosis->wait_for(sub { Dosis::Upload::spooled($dosis) == 1 },
    'it is kept once');
is_problem(Dosis::Upload::send_file($dosis, "$small\n", %again), 409,
    'UploadIdHergebruikt', 'with another one: 409');
$again{query}{proef} = 'true';
is_problem(Dosis::Upload::send_file($dosis, $small, %again), 409,
    'UploadIdHergebruikt', 'with another question: 409');
$dosis->wait_for(sub { Dosis::Upload::spooled($dosis) == 1 },
    'nothing is left of those');
unlink glob "$home/store/spool/*";

# Killed the moment the answer is there.
$answer = Dosis::Upload::send_file($dosis, $three);
is_status($answer, 202, 'a file, and then');
$dosis->kill_worker;
$dosis->wait_ready(0);
taken($answer, $three, 'a killed worker');

# Sealed: neither on disk nor in a temporary file.
my $open = Dosis::Upload::halfway($dosis, $three);
Dosis::Upload::send_file($dosis, $small, client => $dosis->client);
my $plain = Dosis::Plain->new(rij => 'Subsidie;2026-03-01T10:00:00');
$dosis->wait_for(sub { Dosis::Upload::nameless($dosis) },
    'one file is coming in');
is_deeply([$plain->found_below($home)], [], 'nothing of them is plain');
my ($there) = glob "$home/store/spool/*";
is((stat $there)[2] & 07777, 0660, 'for owner and group only');
$open->close;
