#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# The engine is killed with -9 at drawn moments, again and again, while one file
# runs: in the end no row is lost and none is there twice.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use IO::Compress::Gzip qw(gzip);
use Test::More;

use Dosis::Engine;
use Dosis::Number qw(kbo);
use Dosis::Oplading;

my $long   = $ENV{DOSIS_LONG};
my $rounds = $long ? 120 : 12;
my $rows   = $long ? 200_000 : 30_000;
my $seed   = $ENV{DOSIS_SEED} // 7;
srand $seed;

# Some dossiers return, with another name and a newer date; some rows are
# refused. What it must come to is counted here.
my (%versie, @rows, $refused);
for my $n (1 .. $rows) {
    my $back   = $n > 100 && rand() < 0.2;
    my $number = $back ? 1 + int rand $n : $n;
    my $bad    = rand() < 0.01;
    push @rows, {
        DossierNummer      => "K-$number",
        Naam               => "Naam $n",
        WijzigingsDatum    => sprintf('2026-03-01T%02d:%02d:%02d.%03d',
            $n / 3_600_000 % 24, $n / 60_000 % 60, $n / 1000 % 60, $n % 1000),
        AgentIdentificatie => kbo($number % 500),
        StatusVlaamsFase   => $bad ? 'Nergens' : 'Behandeling',
    };
    $bad ? $refused++ : $versie{$number}++;
}
# Rows that follow one another are one dossier with several agents, refused as
# one is not what is counted here.
@rows = map { $rows[$_] } grep {
    $_ == 0 || $rows[$_]{DossierNummer} ne $rows[$_ - 1]{DossierNummer}
} 0 .. $#rows;
(%versie, $refused) = ();
$_->{StatusVlaamsFase} eq 'Nergens'
    ? $refused++
    : $versie{ $_->{DossierNummer} }++ for @rows;

my $dosis = Dosis::Engine->new;
$dosis->start;
my $text = Dosis::Oplading::csv(@rows);
gzip(\$text, \my $packed) or die "gzip\n" if $long;
my $id = Dosis::Oplading::put($dosis, $long ? $packed : $text,
    $long ? 'gzip' : ());
my $kills = 0;
for my $round (1 .. $rounds) {
    # Dies at a drawn moment of the run.
    select undef, undef, undef, rand 0.4;
    kill KILL => $dosis->{pid};
    waitpid delete $dosis->{pid}, 0;
    my $shown = Dosis::Oplading::show($dosis, $id);
    $kills++ if $shown->{Toestand} eq 'Bezig' && $shown->{Verwerkt} > 0;
    $dosis->start;
    last if $shown->{Klaar};
}
cmp_ok($kills, '>=', 3, "killed in the midst of it: $kills times");

my $ended = Dosis::Oplading::ended($dosis, $id, 300);
my $good  = @rows - $refused;
is($ended->{Toestand}, 'Klaar', 'it ends');
is_deeply([@$ended{qw(Lijnen Verwerkt Dossiers Fouten)}],
    [scalar @rows, scalar @rows, scalar @rows, $refused],
    'each row is counted once');
is_deeply([@{ $ended->{Resultaten} }{qw(Nieuw Gewijzigd Geweigerd)}],
    [scalar keys %versie, $good - keys %versie, $refused],
    'as what it was');
is(Dosis::Oplading::entries($dosis, 'historie'), $good,
    'one version for each good row');
is(Dosis::Oplading::entries($dosis, 'resultaat'), scalar @rows,
    'one result for each row');
is(Dosis::Oplading::entries($dosis, 'sleutel'), scalar keys %versie,
    'one dossier for each number');
is_deeply(Dosis::Oplading::versies($dosis, 'urn://test/subsidies'), \%versie,
    'each with as many versions as it had rows');
my $verify = $dosis->ctl('verify');
is($verify->{code}, 0, 'the store is whole') or diag $verify->{out};
is($dosis->stop, 0, 'a clean stop') or diag $dosis->log;

done_testing();
