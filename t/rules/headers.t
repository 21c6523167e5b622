#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# Each header of the library compiles alone, and says what a caller must know.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Tree qw(files read_text no_bad);

my @flags = qw(-std=gnu11 -Wall -Wextra -Werror -Wstrict-prototypes
    -D_GNU_SOURCE -Iengine -fsyntax-only -x c -);
my @headers = files(qr{^engine/(?:base|domain|crypto|store)/\w+\.h$});

cmp_ok(scalar @headers, '>', 15, 'headers were looked at');

for my $compiler (qw(gcc clang)) {
SKIP: {
        my $there = grep { -x "$_/$compiler" } split /:/, $ENV{PATH};
        skip "$compiler is not installed", 1 if !$there;
        my @bad;
        for my $header (@headers) {
            my $name = $header =~ s{^engine/}{}r;
            my $said = `echo '#include "$name"' | $compiler @flags 2>&1`;
            push @bad, "$header: $said" if $? != 0;
        }
        no_bad(\@bad, "each header compiles alone with $compiler");
    }
}

# The contract at the top, always in this order.
my @silent;
for my $header (grep {m{/dosis_\w+\.h$}} @headers) {
    my ($top) = read_text($header) =~ m{^(.*?)^#ifndef}ms;
    my $order = join '.*', map {"^ \\* $_ +\\S"}
        qw(Layer Threads Blocking Memory Errors);
    push @silent, $header if ($top // '') !~ /$order/ms;
}
no_bad(\@silent,
    'each public header states layer, threads, blocking, memory, errors');

done_testing();
