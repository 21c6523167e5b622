#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# After a sync that failed the kernel may have forgotten what it could not
# write, and says so only once: no later sync brings it back. What the store
# acknowledged before and after does not hang on it.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Disk;
use Dosis::Engine;

my ($lives, $cuts) = $ENV{DOSIS_LONG} ? (24, 60) : (8, 30);
my $seed = $ENV{DOSIS_SEED} // 11;
srand $seed;

my $engine = Dosis::Engine->new;
my ($disk, $key, $whole) = Dosis::Disk->of_engine($engine);
my ($failed, @wrong) = (0);

for my $life (1 .. $lives) {
    my $first = 8 + int rand 25;
    my $times = 1 + int rand 2;
    $disk->fault(on => ['sync'], error => 'EIO', skip => $first,
        times => $times);
    # of every other one checkpoints are made meanwhile, part by part
    my (undef, $said) = $disk->live($key, 30, $life % 2 ? 'run' : 'beside');
    $failed += $disk->well;
    my ($code, $why) = $disk->replay($whole, cuts => $cuts,
        seed => $seed + $life);
    push @wrong, "life $life, $times from sync $first on: $why" if $code != 0;
}
cmp_ok($failed, '>=', $lives, "$failed syncs failed in $lives lives");
is(scalar @wrong, 0, 'and nothing acknowledged is lost')
    or diag join "\n", @wrong[0 .. ($#wrong < 2 ? $#wrong : 2)];

done_testing();
