#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# A worker killed when a file has its name and not yet its record: nobody was
# told 202, the same UploadId is taken as if for the first time and its rows are
# stored once, and what is left of the file is swept after an hour.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Number qw(uuid);
use Dosis::Oplading;
use Dosis::Test;
use Dosis::Upload;

my $dosis  = Dosis::Test->new(workers => 1);
my $token  = $dosis->machine('leverancier-a');
my $id     = uuid();
my %again  = (query => { uploadId => $id });
my $file   = Dosis::Upload::file(3 * Dosis::Upload::BLOCK);
my $small  = Dosis::Upload::file();
my @orphan;

# The engine would run what was recorded, and sweep, while it is looked at.
$dosis->kill_engine;

sub set_age {
    my ($name, $seconds) = @_;

    my $then = time - $seconds;
    utime $then, $then, "$dosis->{home}/store/spool/$name"
        or die "no utime: $!\n";

    return;
}

# No record can be stored while the lock is another's: so the file has its name
# and waits for that when the worker dies.
sub kill_between {
    my ($text, $fact) = @_;

    my %before  = map { $_ => 1 } Dosis::Upload::spooled($dosis);
    my $release = $dosis->hold_writer;
    my $client  = $dosis->client;
    $client->send_request('POST',
        Dosis::Upload::PATH . '?' . Dosis::Test::query(uploadId => $id),
        body => $text, headers => ['Content-Type' => 'text/csv',
            Authorization => "Bearer $token"]);
    my ($name) = $dosis->wait_for(
        sub { (grep { !$before{$_} } Dosis::Upload::spooled($dosis))[0] },
        'the file has its name');
    $dosis->kill_worker;
    $release->();
    is(eval { $client->receive('POST') }, undef, "$fact: no answer");
    $dosis->wait_ready(0);
    is_problem(Dosis::Upload::show($dosis, $id), 404, 'NietGevonden',
        "$fact: no record");
    ok(Dosis::Upload::content($dosis, $name) eq $text,
        "$fact: the file is there, whole, and nobody's");

    return $name;
}

push @orphan, kill_between($file, 'killed');
push @orphan, kill_between($small, 'killed again');

# Sent again: also other bytes than those that were never answered for.
is_status(Dosis::Upload::send_file($dosis, $small, %again), 202,
    'the same UploadId again: 202');
is(Dosis::Upload::show($dosis, $id)->member('Toestand'), 'Wachtend',
    'and recorded');
my %left = map { $_ => 1 } @orphan;
my ($wanted) = grep { !$left{$_} } Dosis::Upload::spooled($dosis);
is(scalar(() = Dosis::Upload::spooled($dosis)), 3, 'beside what was left');

# An hour is what a record may take to come.
set_age($wanted,    7200);
set_age($orphan[0], 3700);
set_age($orphan[1], 3500);
$dosis->start_engine;
my $ended = Dosis::Upload::ended($dosis, $id);
is_deeply([$ended->member('Toestand'), $ended->member('Fouten'),
        $ended->member('Resultaten')->{Nieuw}], ['Klaar', 0, 3],
    'one with a record is run however old it is');
$dosis->wait_for(
    sub { !grep { $_ ne $orphan[1] } Dosis::Upload::spooled($dosis) },
    'an orphan of more than an hour is swept');
$dosis->kill_engine;
is_deeply([Dosis::Upload::spooled($dosis)], [$orphan[1]],
    'an orphan of more than an hour is swept, a younger one is not');
set_age($orphan[1], 3700);
$dosis->start_engine;
$dosis->wait_for(sub { !Dosis::Upload::spooled($dosis) }, 'swept');
is_deeply([Dosis::Upload::spooled($dosis)], [], 'that one an hour later');

# Once.
is_deeply([map { $_->{UploadId} } @{ $dosis->get('/api/v1/dosis/uploads',
            token => $token)->member('Uploads') }], [$id],
    'it stands there once');
is_deeply(Dosis::Oplading::versies($dosis, 'urn://test/subsidies'),
    { map { ("F-$_" => 1) } 1 .. 3 }, 'and so does each of its dossiers');
is_status(Dosis::Upload::send_file($dosis, $small, %again), 202,
    'the same once more is the same delivery');
is(Dosis::Upload::show($dosis, $id)->member('Toestand'), 'Klaar',
    'which has been done');
my ($code, $said) = $dosis->ctl('verify');
is($code, 0, 'the store is whole') or diag $said;
