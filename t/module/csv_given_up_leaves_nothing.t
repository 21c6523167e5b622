#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# Of a file that did not get 202 nothing is left: its client went away, its
# worker was killed, it grew too large, or its record could not be stored.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::H2;
use Dosis::Number qw(kbo);
use Dosis::Test;
use Dosis::Upload;

my $block = Dosis::Upload::BLOCK;
my $max   = 4 * $block;
my $dosis = Dosis::Test->new(
    workers        => 1,
    http           => "dosis_map_size 4m; dosis_csv_uploads 2;",
    location       => "dosis_csv_max $max;",
    engine_options => ['--map-size', '4m'],
    expect         => [qr/batch not stored/],
);
my $file = Dosis::Upload::file($max + 1);
my $half = substr $file, 0, 2 * $block + 100;
my ($worker) = $dosis->workers;
$dosis->kill_engine;

sub coming_in {
    $dosis->wait_for(sub { Dosis::Upload::nameless($dosis) },
        'it is coming in');

    return;
}

# Its client.
my $client = Dosis::Upload::halfway($dosis, $half, length => $max);
coming_in();
is_deeply([Dosis::Upload::spooled($dosis)], [],
    'a file that comes in has no name');
$client->close;
Dosis::Upload::nothing_left($dosis, 'a client that went away');
my $h2 = Dosis::H2->new($dosis);
my $id = $h2->begin('POST', Dosis::Upload::PATH, headers => [
        Authorization  => 'Bearer ' . $dosis->machine('leverancier-a'),
        'Content-Type' => 'text/csv']);
$h2->body($id, $half, end => 0);
coming_in();
$h2->reset($id);
Dosis::Upload::nothing_left($dosis, 'a stream that was reset');
$h2->close;

# Too much of it.
is_problem(Dosis::Upload::send_file($dosis, $file, client => $dosis->client),
    413, 'BodyTeGroot', 'a byte more than allowed: 413');
is_problem(
    Dosis::Upload::send_file($dosis, $file, client => $dosis->client,
        chunked => 9999),
    413, 'BodyTeGroot', 'the same in chunks: 413');
Dosis::Upload::nothing_left($dosis, 'a file too large');
my $whole = substr $file, 0, $max;
is_status(Dosis::Upload::send_file($dosis, $whole, chunked => 9999), 202,
    'exactly as much: 202');
unlink glob "$dosis->{home}/store/spool/*";
my $limits = $dosis->get('/api/v1/dosis/instellingen/limieten',
    token => $dosis->machine('leverancier-a'))->text;
like($limits, qr/"BestandBytes"[^}]*"Waarde":$max\b/, 'as it is published');

# More at once than a worker takes.
my @coming = map { Dosis::Upload::halfway($dosis, $half, length => $max) } 1, 2;
$dosis->wait_for(sub { 2 == grep {1} Dosis::Upload::nameless($dosis) },
    'two are coming in');
my $answer = Dosis::Upload::send_file($dosis, $half, client => $dosis->client);
is_problem($answer, 503, 'TeVeelUploads', 'a third: 503');
cmp_ok($answer->header('Retry-After'), '>', 1, 'with Retry-After');
is_stored($dosis->push($dosis->dossier), 'Nieuw', 'a dossier comes in');
$_->close for @coming;
Dosis::Upload::nothing_left($dosis, 'clients that went away');
ok($dosis->wait_for(
        sub { Dosis::Upload::send_file($dosis, $half)->status == 202 },
        'room'), 'then there is room');
unlink glob "$dosis->{home}/store/spool/*";
is(($dosis->workers)[0], $worker, 'all by the same worker');

# Its worker.
$client = Dosis::Upload::halfway($dosis, $half, length => $max);
coming_in();
$dosis->kill_worker;
$dosis->wait_ready(0);
Dosis::Upload::nothing_left($dosis, 'a worker that was killed');
$client->close;

# Its record: in one commit with more than the map has room for.
my $serial = 0;

sub large {
    return $dosis->dossier(agent => kbo(++$serial),
        Doorverwijzing => 'https://example.be/' . 'x' x 900);
}

my $full = 0;
while (!$full && $serial < 20_000) {
    $full = grep { $_->status == 507 }
        $dosis->push_all([map { large() } 1 .. 64]);
}
my $release = $dosis->hold_writer;
my $token   = $dosis->machine('leverancier-a');
my ($upload, @others) = map { $dosis->client } 0 .. 64;
$upload->send_request('POST', Dosis::Upload::PATH, body => $half,
    headers => ['Content-Type' => 'text/csv', Authorization => "Bearer $token"]
);
$dosis->wait_for(sub { Dosis::Upload::spooled($dosis) }, 'it is kept');
$_->send_request('POST', Dosis::Upload::PATH,
    body => JSON::PP->new->utf8->encode(large()), headers => [
        'Content-Type' => 'application/json', Authorization => "Bearer $token"])
    for @others;
$dosis->wait_for(sub { !grep { unread($_->{socket}) } @others }, 'all sent');
$release->();
is_problem($upload->receive('POST'), 507, 'OpslagVol',
    'a record that cannot be stored: 507');
Dosis::Upload::nothing_left($dosis, 'a full map');
$_->receive('POST') for @others;

sub unread {
    my ($socket) = @_;

    # SIOCOUTQ: bytes that the other side has not taken yet
    my $left = pack 'i', 0;
    ioctl $socket, 0x5411, $left or return 0;
    return unpack 'i', $left;
}
