#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# The power fails, and fails again while the store is brought back: that may
# happen as often as it likes, nothing that was acknowledged is lost by it.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Disk;
use Dosis::Engine;

my ($moments, $cuts) = $ENV{DOSIS_LONG} ? (40, 20) : (12, 10);
my $seed = $ENV{DOSIS_SEED} // 11;

my $engine = Dosis::Engine->new;
my ($disk, $key) = Dosis::Disk->of_engine($engine);
my ($code, $said) = $disk->live($key, 60);
is($code, 0, 'a store is made and written to');

my ($looked, @wrong) = (0);
for my $moment (1 .. $moments) {
    ($code, $said) = $disk->replay_opening($key, cuts => $cuts,
        seed => $seed * 1000 + $moment);
    $looked += $said =~ /^# (\d+) cuts/m ? $1 : 0;
    push @wrong, "moment $moment: $said" if $code != 0;
}
cmp_ok($looked, '>=', $moments, "$looked times it fails twice");
is(scalar @wrong, 0, 'and nothing is lost')
    or diag join "\n", @wrong[0 .. ($#wrong < 2 ? $#wrong : 2)];

done_testing();
