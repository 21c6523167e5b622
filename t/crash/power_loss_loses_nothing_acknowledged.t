#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# The power may fail at any moment of a store's life, its making included: what
# was acknowledged is there, each transaction is there whole or not at all, in
# order, and work goes on.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Disk;
use Dosis::Engine;

my ($transactions, $cuts) = $ENV{DOSIS_LONG} ? (120, 800) : (40, 150);
my $seed = $ENV{DOSIS_SEED} // 11;

my $engine = Dosis::Engine->new;
my ($disk, $key, $whole) = Dosis::Disk->of_engine($engine);

my ($code, $said) = $disk->live($key, $transactions);
is($code, 0, 'a store is made and written to');
my @acked = $said =~ /^ack \d+ (\w+)$/mg;
cmp_ok(scalar @acked, '>=', $transactions, scalar(@acked) . ' commits');
my ($stored) = $said =~ /^stored (\d+)$/m;
cmp_ok($stored, '>=', $transactions * 3, "of $stored deliveries");

# The eyes of this test are open: did a program not wait for these, it is seen.
for my $deaf (['sync', 'durable'], ['names']) {
    ($code, $said) = $disk->replay($whole, cuts => 40, deaf => $deaf,
        seed => $seed);
    is($code, 1, "with syncs (@$deaf) that do nothing the store is lost")
        or diag $said;
}

($code, $said) = $disk->replay($whole, cuts => $cuts, seed => $seed);
is($code, 0, "$cuts times the power fails, and nothing is lost") or diag $said;
my ($done) = $said =~ /^# (\d+) cuts/m;
cmp_ok($done // 0, '>=', $cuts / 2, 'so many moments were looked at');

done_testing();
