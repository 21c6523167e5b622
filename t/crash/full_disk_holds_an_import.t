#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# A disk that is full in the midst of an import holds it up: nothing is refused
# or lost for it, the log says it once, and room is all it takes to end as if
# nothing had been.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Engine;
use Dosis::Mount;
use Dosis::Number qw(kbo);
use Dosis::Oplading;

use constant ROWS => 20_000;

my ($disk, $why) = Dosis::Mount::tmpfs('160m');
plan skip_all => $why if !$disk;

my $dosis = Dosis::Engine->new;
rmdir "$dosis->{home}/store";
symlink $disk, "$dosis->{home}/store" or die "no link: $!\n";
$dosis->start;

# It begins when the disk is full, not before.
is($dosis->ctl('pauze', 'set', 'lezen')->{code}, 0, 'paused');
my $id = Dosis::Oplading::put($dosis,
    Dosis::Oplading::csv(
        map { { DossierNummer => "V-$_", AgentIdentificatie => kbo($_) } }
            1 .. ROWS));
$dosis->wait_for(sub { $dosis->log =~ /import waits for the end of a pause/ },
    'the file waits');
Dosis::Mount::fill($disk, 2 << 20);
is($dosis->ctl('pauze', 'lift')->{code}, 0, 'lifted');
$dosis->wait_for(
    sub { $dosis->log =~ /import not done, trying on: rc=EFULL/ },
    'the engine says that there is no room');
my $shown = Dosis::Oplading::show($dosis, $id);
is_deeply([@$shown{qw(Toestand Fouten)}], ['Bezig', 0],
    'the file waits, with nothing refused');
cmp_ok($shown->{Verwerkt}, '<', ROWS, 'it is not done');

Dosis::Mount::empty($disk);
my $ended = Dosis::Oplading::ended($dosis, $id);
is_deeply([$ended->{Toestand}, $ended->{Resultaten}{Nieuw}, $ended->{Fouten}],
    ['Klaar', ROWS, 0], 'with room it ends, every row once');
my %versie = %{ Dosis::Oplading::versies($dosis, 'urn://test/subsidies') };
is(scalar(keys %versie), ROWS, 'all dossiers are there');
is(scalar(grep { $_ != 1 } values %versie), 0, 'none was stored twice');
my $said = () = $dosis->log =~ /import not done, trying on/g;
is($said, 1, 'said once');
is($dosis->ctl('verify')->{code}, 0, 'the store is whole');
is($dosis->stop, 0, 'a clean stop');

done_testing();
