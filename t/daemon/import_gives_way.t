#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# An import takes 500 rows or 5 ms a transaction. Who comes meanwhile ends it,
# and has it take less for a while; each row is stored once.

use strict;
use warnings;

use Fcntl qw(F_SETLK F_RDLCK SEEK_SET);
use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Engine;
use Dosis::Number qw(kbo);
use Dosis::Oplading;
use Dosis::Test;

use constant {
    ROWS  => $ENV{SAN} ? 200_000 : 400_000,
    TRIES => $ENV{SAN} ? 12 : 60,
};

my $dosis = Dosis::Engine->new;
$dosis->start;

my ($kop, $row) = split /\n/,
    Dosis::Oplading::csv({ DossierNummer => 'N', AgentIdentificatie => 'A' });
my @kbo = map { kbo($_) } 1 .. 900;

# One in 49 is refused, of each company some: they stand among the others.
sub rows {
    my $text = "$kop\n";
    for my $n (1 .. ROWS) {
        my $line = $row;
        $line =~ s/(^|;)N(;|$)/$1G-$n$2/;
        $line =~ s/(^|;)A(;|$)/$1$kbo[$n % 900]$2/;
        $line =~ s/;InBehandeling;/;Onbestaand;/ if $n % 49 == 0;
        $text .= "$line\n";
    }
    return $text;
}

my $id = Dosis::Oplading::put($dosis, rows());

sub ended {
    return Dosis::Oplading::show($dosis, $id)->{Klaar};
}

sub import_state {
    return $dosis->ask('GET', '/status')->{json}{import};
}

# How many rows are in, and the number of the last transaction.
sub so_far {
    my $status = $dosis->ask('GET', '/status')->{json};
    return ($status->{import}{running}{Verwerkt} // 0,
        $status->{store}{last_txn});
}

$dosis->wait_for(sub { import_state()->{alone} }, 'nobody else writes', 60);
my ($rows_before, $txn_before) = so_far();
my ($rows, $txn);
$dosis->wait_for(sub { ($rows, $txn) = so_far(); $rows > $rows_before + 20_000 },
    'it goes on', 60);
cmp_ok($rows - $rows_before, '<=', 500 * ($txn - $txn_before + 1),
    'alone, it takes 500 rows a transaction at most')
    or diag($rows - $rows_before, ' rows, ', $txn - $txn_before, ' transactions');

# Who comes between two transactions does not wait, so it may take a few.
my $tries = 0;
my $state = {};
while (!$state->{gave_way} && !ended() && $tries < TRIES) {
    $dosis->wait_for(sub { import_state()->{alone} || ended() },
        'nobody else writes, or the file has ended', 60);
    Dosis::Test::hold_writer($dosis)->();
    $state = import_state();
    $tries++;
}
ok($state->{gave_way}, 'who wants the lock gets it in the midst of the rows')
    or diag("$tries tries");

# As one that was frozen while it waits: it wants the lock, and never takes it.
open my $journal, '<', "$dosis->{home}/store/g1.jrnl" or die "g1.jrnl: $!";
my $lock = pack 's s x4 q q i x4', F_RDLCK, SEEK_SET, 1, 1, 0;
fcntl $journal, F_SETLK, $lock or die "lock: $!";
my ($done) = so_far();
my $gave   = $state->{gave_way};
$dosis->wait_for(sub { import_state()->{gave_way} > $gave || ended() },
    'it gives way to one that never comes', 60);
ok(!ended(), 'the file had rows enough for this');
$dosis->wait_for(sub { (so_far())[0] > $done + 5000 || ended() },
    'and goes on');
pass('who waits and never comes does not stop it');
close $journal;
Dosis::Oplading::cancel($dosis, $id);
my $ended = Dosis::Oplading::ended($dosis, $id);
my $new   = $ended->{Resultaten}{Nieuw};
is($new + $ended->{Fouten}, $ended->{Verwerkt}, 'each row is counted once');
is(Dosis::Oplading::entries($dosis, $_), $new, "and stored once: $_")
    for qw(sleutel historie);
is(Dosis::Oplading::entries($dosis, 'afkeuring'), 1 + $ended->{Fouten},
    'as those that are refused, and their tally');
is($dosis->ctl('verify')->{code}, 0, 'the store is whole');
is($dosis->stop, 0, 'a clean stop');

done_testing();
