#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# While the store moves to a file that is not there yet, a delivery is told to
# come back, and is stored once it is there.

use strict;
use warnings;

use File::Copy ();
use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Number qw(kbo);
use Dosis::Test;

my $dosis = Dosis::Test->new(
    expect => [qr/batch not stored|store cannot be read/]);
my $agent = kbo(1);
my $store = "$dosis->{home}/store";
my $token = $dosis->company($agent, rechten => ['Lezer']);
my @before = map { $dosis->dossier(agent => $agent) } 1 .. 20;
my $later  = $dosis->dossier(agent => $agent);
my $gone   = pop @before;

sub told_to_come_back {
    my ($answer, $fact) = @_;

    is_problem($answer, 503, 'TijdelijkNietBeschikbaar', "$fact: 503");
    like($answer->header('Retry-After') // '', qr/^[1-9][0-9]*$/,
        'with Retry-After');

    return;
}

$dosis->store_all([@before, $gone]);
for my $kind (qw(mdb jrnl)) {
    File::Copy::copy("$store/g1.$kind", "$store/ahead.$kind")
        or die "no copy: $!\n";
    chmod 0660, "$store/ahead.$kind";
}
is(system("$dosis->{build}/store_meta", $store,
        "$dosis->{home}/keys/kek.hex", 'next', 2),
    0, 'the store says that generation 2 took over');

told_to_come_back($dosis->push($later), 'a push');
told_to_come_back($dosis->withdraw($gone), 'a withdrawal');
told_to_come_back($dosis->list(token => $token), 'a list');
is($dosis->get('/health/ready')->member('checks', 'opslag'), 'DOWN',
    'ready says that the store is down');

Dosis::Fixture::write_file("$store/g2.mdb", "\0" x 65536);
chmod 0660, "$store/g2.mdb";
told_to_come_back($dosis->push($later), 'a push while it is half a file');
unlink "$store/g2.mdb", "$store/g2.mdb-lock";

for my $kind (qw(jrnl mdb)) {
    rename "$store/ahead.$kind", "$store/g2.$kind" or die "no rename: $!\n";
}
is_stored($dosis->push($later), 'Nieuw', 'once it is there the push is stored');
is_stored($dosis->withdraw($gone), 'Ingetrokken', 'and so is the withdrawal');
same_set(
    [Dosis::Test::numbers($dosis->list(token => $token, limiet => 100))],
    [map { $_->{Identificatie}{DossierNummer} } @before, $later],
    'the list has all of it');
$dosis->wait_for(
    sub { $dosis->get('/health/ready')->member('status') eq 'UP' }, 'UP');
my $log = $dosis->log('error.log');
my @told = $log =~ /(batch not stored|cannot be read)/g;
cmp_ok(scalar @told, '<=', 2 * $dosis->{workers},
    'the log says it once per worker, not once per request');
