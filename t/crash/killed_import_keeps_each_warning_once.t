#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# A run that is killed with -9 again and again lists each dossier with a warning
# once, by its line: what is kept of them goes with the rows.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Engine;
use Dosis::Number qw(kbo);
use Dosis::Oplading;

use constant ROWS  => 20_000;
use constant EVERY => 40;

srand($ENV{DOSIS_SEED} // 7);
my %line = map { $_ + 1 => "W-$_" } grep { $_ % EVERY == 0 } 1 .. ROWS;

my $dosis = Dosis::Engine->new;
$dosis->start;
my $id = Dosis::Oplading::put($dosis, Dosis::Oplading::csv(map { {
        DossierNummer      => "W-$_",
        AgentIdentificatie => kbo($_ % 500),
        Toegangsrechten    => $_ % EVERY ? 'Lezer' : '',
    } } 1 .. ROWS));
my $kills = 0;
for my $round (1 .. 24) {
    # Dies at a drawn moment of the run; later ones, where it is slow.
    select undef, undef, undef, rand(0.2 * (1 + $round / 8));
    kill KILL => $dosis->{pid};
    waitpid delete $dosis->{pid}, 0;
    my $shown = Dosis::Oplading::show($dosis, $id);
    $kills++ if $shown->{Toestand} eq 'Bezig' && $shown->{Waarschuwingen} > 0;
    my $kept = Dosis::Oplading::waarschuwingen($dosis, $id);
    is($kept->{Bewaard}, $shown->{Waarschuwingen},
        "as many as were counted: $kept->{Bewaard}");
    $dosis->start;
    last if $shown->{Klaar};
}
cmp_ok($kills, '>=', 2, "killed in the midst of them: $kills times");

my $ended = Dosis::Oplading::ended($dosis, $id);
is_deeply([@$ended{qw(Toestand Fouten Waarschuwingen)}],
    ['Klaar', 0, scalar keys %line], 'it ends, with each counted once');
my $all = Dosis::Oplading::waarschuwingen($dosis, $id)->{Waarschuwingen};
is_deeply({ map { $_->{LijnNummer} => $_->{DossierNummer} } @$all }, \%line,
    'the lines are those that have one');
is(scalar @$all, scalar keys %line, 'none is listed twice');
my $verify = $dosis->ctl('verify');
is($verify->{code}, 0, 'the store is whole') or diag $verify->{out};
is($dosis->stop, 0, 'a clean stop') or diag $dosis->log;

done_testing();
