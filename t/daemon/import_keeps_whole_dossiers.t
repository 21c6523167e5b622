#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# Of a dossier that is refused all rows are kept, or none: a report that is
# sent again never holds a part of its agents.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Engine;
use Dosis::Number qw(kbo);
use Dosis::Oplading;

use constant KEPT => 10_000;

my $dosis = Dosis::Engine->new;
$dosis->start;

my @rows = map { { DossierNummer => "V-$_", StatusVlaamsFase => 'geen' } }
    1 .. KEPT - 3;
push @rows, map { {
    DossierNummer      => 'LAATST',
    StatusVlaamsFase   => 'geen',
    AgentIdentificatie => kbo($_)
} } 1 .. 5;

my $ended = Dosis::Oplading::run($dosis, Dosis::Oplading::csv(@rows));
my $said  = Dosis::Oplading::fouten($dosis, $ended->{UploadId});
is($ended->{Fouten},  KEPT + 2, 'all refused rows are counted');
is($said->{Bewaard}, KEPT - 3, 'those of the last dossier are not kept in part');
is($dosis->stop, 0, 'a clean stop');

done_testing();
