#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# A store that can only be read is read; deliveries are told to come back, and
# are stored once it can be written, without a restart.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Mount;
use Dosis::Number qw(kbo);
use Dosis::Test;

my ($disk, $why) = Dosis::Mount::tmpfs('32m');
plan skip_all => $why if !$disk;

my $dosis = Dosis::Test->new(engine => 0, nginx => 0,
    expect => [qr/open to read only|batch not stored/]);
rmdir "$dosis->{home}/store";
symlink $disk, "$dosis->{home}/store" or die "no link: $!\n";
$dosis->start_engine;
$dosis->start_nginx(1);

my $agent  = kbo(1);
my $token  = $dosis->company($agent, rechten => ['Lezer']);
my $before = $dosis->dossier(agent => $agent);
my $later  = $dosis->dossier(agent => $agent);
is_stored($dosis->push($before), 'Nieuw', 'a dossier comes in');

# Nobody writes; the file system is made read-only; nginx starts on it.
$dosis->stop;
is(Dosis::Mount::remount($disk, 'ro'), '', 'the file system is read-only');
$dosis->start_nginx(0);
my @readers = $dosis->workers;

for my $attempt (1 .. 4) {
    my $client = $dosis->client;
    my $answer = $dosis->push($later, client => $client);
    is_problem($answer, 503, 'TijdelijkNietBeschikbaar', 'a push: 503');
    like($answer->header('Retry-After') // '', qr/^[1-9][0-9]*$/,
        'with Retry-After');
    is_problem($dosis->withdraw($before, client => $client), 503,
        'TijdelijkNietBeschikbaar', 'a withdrawal: 503');
    is_deeply(
        [Dosis::Test::numbers($dosis->list(token => $token))],
        [$before->{Identificatie}{DossierNummer}], 'a list is answered');
}
is($dosis->get('/api/v1/dosis/resultaten/perUploadId?uploadId='
            . $before->{UploadId},
        token => $dosis->machine('leverancier-a'))->member('Succes'),
    JSON::PP::true(), 'and so is a result');
my $ready = $dosis->get('/health/ready');
is($ready->status, 200, 'ready: 200');
is($ready->member('checks', 'opslag'), 'DEGRADED', 'opslag is DEGRADED');
my @told;
$dosis->wait_for(
    sub {
        @told = $dosis->log('error.log') =~ /(open to read only)/g;
        return @told >= $dosis->{workers};
    },
    'each worker has said what it could open');
is(scalar @told, $dosis->{workers}, 'the log says it once per worker');

is(Dosis::Mount::remount($disk, 'rw'), '', 'it can be written again');
my $stored = $dosis->wait_for(
    sub {
        my $answer = eval { $dosis->push($later, client => $dosis->client) };
        return $answer && $answer->status == 200 && $answer;
    },
    'a push is stored');
is_stored($stored, 'Nieuw', 'a push is stored, without a restart');
$dosis->start_engine;
$dosis->wait_for(
    sub {
        my %reader = map { $_ => 1 } @readers;
        eval { $dosis->get('/health/ready', client => $dosis->client) };
        my @now = $dosis->workers;
        return @now == $dosis->{workers} && !grep { $reader{$_} } @now;
    },
    'every worker made room');
my @wrong = grep {
    $dosis->push($dosis->dossier(agent => $agent), client => $dosis->client)
        ->status != 200
} 1 .. 20;
is_deeply(\@wrong, [], 'every worker stores');
is(scalar Dosis::Test::numbers($dosis->list(token => $token, limiet => 100,)),
    22, 'and all of it is listed');
