#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# Each commit takes some twenty pages and frees as many, which can be used again
# after the next checkpoint. One comes before much is taken: with the engine,
# and when it has died with a snapshot of its own and nobody else looks.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Number qw(kbo);
use Dosis::Test;

# Three times what may be freed before one, and what is held; 1000 commits take
# some 80 MiB.
use constant { COMMITS => 1000, MIB_MAX => 52 };

my $dosis = Dosis::Test->new;
my ($file) = glob "$dosis->{home}/store/g*.mdb";

sub file_stays_small {
    my ($when) = @_;

    for (1 .. COMMITS) {
        my $answer = $dosis->push($dosis->dossier(agent => kbo(1 + $_ % 50)));
        $answer->status == 200 or die $answer->text;
    }
    my $mib = (-s $file) / 1024 / 1024;
    return cmp_ok($mib, '<', MIB_MAX,
        sprintf '%s: %d commits, %.1f MiB', $when, COMMITS, $mib);
}

file_stays_small('with the engine');
$dosis->kill_engine;
file_stays_small('without it');
$dosis->start_engine;
