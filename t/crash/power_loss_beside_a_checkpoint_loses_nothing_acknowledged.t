#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# Checkpoints are made while others write: the power may fail at any moment of
# both. What was acknowledged is there, each transaction whole or not at all.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Disk;
use Dosis::Engine;

my ($transactions, $cuts) = $ENV{DOSIS_LONG} ? (120, 800) : (30, 100);

my $engine = Dosis::Engine->new;
my ($disk, $key, $whole) = Dosis::Disk->of_engine($engine);

my ($code, $said) = $disk->live($key, $transactions, 'beside');
is($code, 0, 'a store is made and written to, with checkpoints meanwhile');

($code, $said) = $disk->replay($whole, cuts => $cuts,
    seed => $ENV{DOSIS_SEED} // 11);
is($code, 0, "$cuts times the power fails, and nothing is lost") or diag $said;

($code, $said) = $disk->replay($whole, cuts => 40, deaf => ['part'],
    seed => 12);
is($code, 1, 'with a data file of which no part is synced the store is lost')
    or diag $said;

done_testing();
