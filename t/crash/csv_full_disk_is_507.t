#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# A file that the disk has no room for is refused with 507 before it is read,
# or as soon as it shows; deliveries of dossiers keep what is reserved for them.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Mount;
use Dosis::Test;
use Dosis::Upload;

my ($disk, $why) = Dosis::Mount::tmpfs('64m');
plan skip_all => $why if !$disk;

my $dosis = Dosis::Test->new(engine => 0, nginx => 0, workers => 1,
    http => 'dosis_csv_reserve 16m;');
rmdir "$dosis->{home}/store";
symlink $disk, "$dosis->{home}/store" or die "no link: $!\n";
$dosis->start_engine;
$dosis->start_nginx(1);
$dosis->kill_engine;

# Announced: not a byte of it is read.
my $token = $dosis->machine('leverancier-a');
my $answer = $dosis->client->raw('POST ' . Dosis::Upload::PATH
        . " HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/csv\r\n"
        . "Authorization: Bearer $token\r\nContent-Length: 60000000\r\n"
        . "Expect: 100-continue\r\n\r\n", 'POST');
is_problem($answer, 507, 'OpslagVol', 'more than there is room for: 507');
is($answer->{informed}, 0, 'and no 100 Continue before it');
cmp_ok($answer->header('Retry-After'), '>', 1, 'with Retry-After');

# Not announced: it stops where the reserve begins.
my $file = Dosis::Upload::file(60_000_000);
is_problem(
    Dosis::Upload::send_file($dosis, $file, client => $dosis->client,
        chunked => 1_000_000),
    507, 'OpslagVol', 'in chunks: 507 when it shows');
Dosis::Upload::nothing_left($dosis, 'given up');
is_stored($dosis->push($dosis->dossier), 'Nieuw', 'a dossier comes in');

# A file is gone before the last of its pages is free.
$dosis->wait_for(
    sub { `df --output=avail -k $disk` =~ /(\d+)/ && $1 > 40_000 },
    'the disk has room again');

# Full while it comes in: others filled the disk.
my $half = Dosis::Upload::halfway($dosis, substr($file, 0, 1_000_000),
    length => 20_000_000);
$dosis->wait_for(sub { Dosis::Upload::nameless($dosis) }, 'it is coming in');
Dosis::Mount::fill($disk, 100_000);
$half->send_bytes(substr $file, 1_000_000, 19_000_000);
is_problem($half->receive('POST'), 507, 'OpslagVol',
    'the disk is full meanwhile: 507');
Dosis::Upload::nothing_left($dosis, 'no room');
unlink "$disk/ballast";
is_status(Dosis::Upload::send_file($dosis, substr $file, 0, 1_000_000), 202,
    'room is all it takes');
