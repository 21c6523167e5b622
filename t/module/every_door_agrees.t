#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# Random subjects at every door, on random dossiers, sources and counters: all
# doors say what a model says that shares no code with them. With DOSIS_SEED the
# same choices again; what differs is printed.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Test;

my $dosis = Dosis::Test->new;
my $seed  = $ENV{DOSIS_SEED} // time;

sub toegang_test {
    my $said = `DOSIS_HOME=$dosis->{home} $dosis->{build}/dosisctl toegang test @_ 2>&1`;

    return ($? >> 8, $said);
}

my ($code, $said) = toegang_test('--seed', $seed, '--seconds',
    $ENV{DOSIS_LONG} ? 120 : 8, '--url', "http://127.0.0.1:$dosis->{port}");
is($code, 0, 'no door differs') or diag $said;
my ($askers, $answers) = $said =~ /^askers=(\d+) answers=(\d+) /m;
cmp_ok($answers // 0, '>', 100, 'and enough were asked to matter');
like($said, qr/^seed=$seed$/m, 'the seed is told');

# Nobody there: it could not look, which is not the same as fine.
($code) = toegang_test('--url', 'http://127.0.0.1:1', '--seconds', 1);
is($code, 2, 'without a server: 2');
($code) = toegang_test('--seconds', 0);
is($code, 2, 'no time: 2');

# The model and the access function share nothing.
for my $file (qw(ctl_toegang_model ctl_toegang_test)) {
    my $text = Dosis::Fixture::read_file(
        "$FindBin::Bin/../../engine/ctl/$file.c");
    unlike($text, qr{domain/dosis_(?:access|recht|identity)\.h},
        "$file has no rule of the library");
}
