#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# The module shows nginx the three tables it looks up, and nothing else, so
# that an older copy in the same process can never take its calls.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Tree qw(build);

my $module = build() . '/ngx_dosis_module.so';

-e $module or plan skip_all => "$module is not built";

my @defined = sort map { /^[0-9a-f]+ [A-Z] (\w+)/ ? $1 : () }
    `nm -D --defined-only "$module"`;

is_deeply(
    \@defined,
    [qw(ngx_module_names ngx_module_order ngx_modules)],
    'the module exports the three tables of nginx only'
);

my $needed = `objdump -p "$module"`;
unlike($needed, qr/\bR(?:UN)?PATH\b/, 'the module carries no search path');

# A build that says it is instrumented is.
if ($ENV{SAN}) {
    my @hooks = grep {/ U __(?:asan|ubsan|tsan)_/} `nm -D "$module"`;
    cmp_ok(scalar @hooks, '>', 5, "the module is built with $ENV{SAN}");
}

done_testing();
