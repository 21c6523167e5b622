#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# Each commit takes some twenty pages and frees as many, which can be used again
# after the next checkpoint. One comes before much is taken: with the engine,
# and when it has died with a snapshot of its own and nobody else looks.

use strict;
use warnings;

use FindBin;
use JSON::PP ();
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Number qw(kbo);
use Dosis::Test;

# 1000 commits take some 80 MiB. With the engine, three times what is freed
# before it makes one; without, twice what others free before they do.
use constant {
    WITH    => { commits => 1000, mib => 3 * 16 },
    WITHOUT => { commits => 3000, mib => 2 * 64 },
};

my $dosis = Dosis::Test->new;
my ($file) = glob "$dosis->{home}/store/g*.mdb";

sub file_stays_small {
    my ($when, $most) = @_;

    for (1 .. $most->{commits}) {
        my $answer = $dosis->push($dosis->dossier(agent => kbo(1 + $_ % 50)));
        $answer->status == 200 or die $answer->text;
    }
    my $mib = (stat $file)[12] * 512 / 1024 / 1024;    # on disk
    return cmp_ok($mib, '<', $most->{mib},
        sprintf '%s: %d commits, %.1f MiB', $when, $most->{commits}, $mib);
}

file_stays_small('with the engine', WITH);
# one that is under way when it dies is waited for until four times as much
$dosis->wait_for(
    sub {
        my (undef, $said) = $dosis->ctl('status', '--json');
        return !JSON::PP::decode_json($said)->{store}{journal}{bytes};
    },
    'all is behind a checkpoint', 30);
$dosis->kill_engine;
file_stays_small('without it', WITHOUT);
$dosis->start_engine;
