#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# engine/doc/toegang-matrix.md is what `dosisctl toegang matrix` prints from
# the table that judges each request: page and code never differ.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Engine;

my $top   = "$FindBin::Bin/../..";
my $dosis = Dosis::Engine->new(keys => 0);
my $page  = $dosis->ctl('toegang', 'matrix', '--markdown');
is($page->{code}, 0, 'dosisctl toegang matrix needs no instance');
is($page->{err},  '', 'and complains about nothing');
is(Dosis::Fixture::read_file("$top/engine/doc/toegang-matrix.md"),
    $page->{out},
    'the page is what it prints: '
        . 'dosisctl toegang matrix > engine/doc/toegang-matrix.md');

# Every rule decides something, in a case or in the counts.
my $code = Dosis::Fixture::read_file("$top/engine/domain/dosis_access.c");
my @rules = $code =~ /^    \{ "(\w+)", /mg;
cmp_ok(scalar @rules, '>=', 10, 'the table was read');
for my $rule (@rules) {
    like($page->{out}, qr/^\| $rule \|/m, "$rule is on the page");
    next if $rule =~ /^(?:Ingetrokken|Vertrouwelijk)$/;
    like($page->{out}, qr/\($rule\)/, 'and a case is decided by it');
}
like($page->{out}, qr/^\| ingetrokken \| \d+ \| 0 \|/m,
    'what is withdrawn is seen in no case');
like($page->{out}, qr/^\| vertrouwelijk \| \d+ \| 0 \|/m,
    'nor what is confidential, without assurance');
like($page->{out},
    qr/^\| vertrouwelijk, met zekerheid \| (\d+) \| \d+ \| \1 \|/m,
    'with it each case is as any other');

is($dosis->ctl('toegang')->{code}, 2, 'a word too few: 2');
is($dosis->ctl('toegang', 'x')->{code}, 2, 'a word nobody knows: 2');
is($dosis->ctl('toegang', '--help')->{code}, 0, '--help tells');

done_testing();
