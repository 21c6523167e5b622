#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# Each fuzz target has a corpus, and keeps its promises on all of it.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Tree qw(build);

my $top = "$FindBin::Bin/../..";
chdir $top or die "$top: $!\n";

my @targets = map { m{fuzz_(\w+)\.c$} } glob 't/fuzz/fuzz_*.c';
cmp_ok(scalar @targets, '>', 2, 'there are targets');

for my $target (@targets) {
    my @inputs = glob "t/fuzz/corpus/$target/*";
    cmp_ok(scalar @inputs, '>', 3, "$target has a corpus");
    my $said = join ' ', map { quotemeta } @inputs;
    $said = `@{[build()]}/fuzz_$target $said 2>&1`;
    is($said, 'replayed ' . @inputs . "\n", "$target keeps its promises");
}

done_testing();
