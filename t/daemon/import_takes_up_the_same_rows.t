#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# Rows of a file are stored in another order than they stand in it, window by
# window. Where a run goes on, the window that was begun holds the same rows as
# before, whatever would end it now: else some are passed over, others done
# twice.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Engine;
use Dosis::Number qw(kbo);
use Dosis::Oplading;

use constant ROWS => 40;

my $dosis = Dosis::Engine->new;
$dosis->start;

# As if three of a window of five were done when the engine was killed.
my $ended = Dosis::Oplading::run(
    $dosis,
    Dosis::Oplading::csv(
        map { { DossierNummer => "N$_", AgentIdentificatie => kbo($_) } }
            1 .. ROWS),
    qw(gedaan=3 van=5));
is($ended->{Toestand}, 'Klaar', 'it goes on to the end');
my $held = Dosis::Oplading::versies($dosis, 'urn://test/subsidies');
is(scalar grep({ $held->{"N$_"} } 6 .. ROWS), ROWS - 5,
    'what stands behind that window is stored');
is(scalar grep({ $held->{"N$_"} } 1 .. 5), 2, 'and what was left of it');
is($ended->{Dossiers}, ROWS - 3, 'each once');
is($dosis->stop, 0, 'a clean stop');

done_testing();
