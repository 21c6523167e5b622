#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# A look-up and a push take no more instructions than was recorded in
# t/long/instructions.budget, and a twentieth.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Instructions ();

$ENV{DOSIS_LONG}
    or plan skip_all => 'nginx under callgrind takes a minute: DOSIS_LONG=1';
$ENV{SAN}
    and plan skip_all => 'sanitizers cannot be counted under valgrind';
Dosis::Instructions::is_possible()
    or BAIL_OUT('valgrind is not installed: apt-get install valgrind');

my $budget = Dosis::Instructions::budget();
my $seen   = Dosis::Instructions->new->count;

for my $work (Dosis::Instructions::WORK()) {
    my $ceiling = int(($budget->{$work} // 0) * Dosis::Instructions::ALLOWED());
    cmp_ok($seen->{$work}{all}, '>', 0, "$work was counted");
    cmp_ok($seen->{$work}{all}, '<=', $ceiling, "$work keeps its budget");
    diag(sprintf '%s: %d instructions per request, budget %d', $work,
        $seen->{$work}{all}, $budget->{$work} // 0);
}
