#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# Agencies that come back after each failure get every answer that they
# foresee, while workers are killed and nginx is reloaded under them.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib", "$FindBin::Bin/../../scripts/lib";

use Test::More;

use Dosis::Demo ();
use Dosis::Simulation;
use Dosis::Test;

my $seconds  = $ENV{DOSIS_LONG} ? 120 : 6;
my @agencies = map {
    {   Client  => "bureau-$_->{kort}",
        Naam    => $_->{dienst},
        Bronnen => [$_->{bron}],
    }
} Dosis::Demo::agencies();
my $dosis = Dosis::Test->new(
    expect    => [qr/worker process \d+ exited on signal 9/],
    reference => {
        clients => \@agencies,
        bronnen =>
            [map { { Bron => $_->{Bronnen}[0], Naam => $_->{Naam} } } @agencies],
    });
my @runs = map {
    Dosis::Simulation->start($dosis,
        client   => $agencies[$_]{Client},
        bron     => $agencies[$_]{Bronnen}[0],
        dossiers => 0,
        seconds  => $seconds,
        batch    => $_ % 2 ? 20 : 0,
        seed     => 200 + $_);
} 0 .. $#agencies;
my ($kills, $reloads, $turn) = (0, 0, 0);
srand 13;

# The moments are drawn, to hit what nobody planned.
while (grep { $_->runs } @runs) {
    select undef, undef, undef, 0.1 + rand 0.3;
    if (++$turn % 4 == 0) {
        $dosis->reload;
        $reloads++;
    }
    elsif ($dosis->workers == $dosis->{workers}) {
        $dosis->kill_worker;
        $kills++;
    }
}

my $retries = 0;
for my $run (@runs) {
    my $sum = $run->finish;
    is($sum->{code}, 0, "$run->{client}: $sum->{deliveries} deliveries,"
            . " every answer is as foreseen")
        or diag $sum->{said};
    cmp_ok($sum->{deliveries}, '>', 20 * $seconds, 'and there are many');
    $retries += $sum->{retries};
}
cmp_ok($kills,   '>=', 3, "$kills workers were killed");
cmp_ok($reloads, '>=', 1, "$reloads reloads");
cmp_ok($retries, '>',  0, "$retries requests had to be sent again");
