#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# A file that ends too early or is damaged: what came before is stored and
# counted, and the file says why it failed.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use IO::Compress::Gzip qw(gzip);
use Test::More;

use Dosis::Engine;
use Dosis::Number qw(kbo);
use Dosis::Oplading;

my $dosis = Dosis::Engine->new;
$dosis->start;

my @rows = map { { DossierNummer => "Z-$_", AgentIdentificatie => kbo($_ % 50) } }
    1 .. 9000;
my $text = Dosis::Oplading::csv(@rows);
gzip(\$text, \my $packed) or die "gzip\n";
is_deeply([@{ Dosis::Oplading::run($dosis, $packed, 'gzip') }
            {qw(Toestand Verwerkt)}], ['Klaar', 9000], 'a whole one');

my $cut   = substr $packed, 0, length($packed) / 2;
my $ended = Dosis::Oplading::run($dosis, $cut, 'gzip');
is_deeply([$ended->{Toestand}, $ended->{Fout}{Code}],
    ['Mislukt', 'BestandBeschadigd'], 'cut short: it failed');
cmp_ok($ended->{Verwerkt}, '>', 1000, 'what came before is done');
is($ended->{Verwerkt}, $ended->{Resultaten}{Ongewijzigd}, 'and counted');

my $broken = $packed;
substr($broken, length($packed) / 2, 40) = "\0" x 40;
$ended = Dosis::Oplading::run($dosis, $broken, 'gzip');
is_deeply([$ended->{Toestand}, $ended->{Fout}{Code}],
    ['Mislukt', 'BestandBeschadigd'], 'damaged: it failed');

my $id = Dosis::Oplading::put($dosis,
    Dosis::Oplading::csv({ DossierNummer => 'Z-0' }));
is(Dosis::Oplading::ended($dosis, $id)->{Toestand}, 'Klaar',
    'the next one runs');
ok(!glob("$dosis->{home}/store/spool/*"), 'nothing is left of the files');
is($dosis->ctl('verify')->{code}, 0, 'the store is whole');
is($dosis->stop, 0, 'a clean stop');

done_testing();
