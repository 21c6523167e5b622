#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# ThreadSanitizer finds no data race: in the library, with readers and writers
# on threads of their own; in the hand-over of the module's writer, between the
# loop and the thread that commits. It builds what it needs (make tsan).

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Tree ();

$ENV{DOSIS_LONG}
    or plan skip_all => 'needs a build of minutes: DOSIS_LONG=1, or make tsan';

my $build = $ENV{BUILD_TSAN} // 'build-tsan';
my $nginx = Dosis::Tree::build() . '/nginx';
my $said  = `make -s -j2 threads BUILD=$build SAN=thread CFLAGS='-O1 -g' \
    NGINX_OBJS=$nginx 2>&1`;
is($?, 0, 'instrumented programs are built') or diag($said);

local $ENV{TSAN_OPTIONS} = 'halt_on_error=0:second_deadlock_stack=1';
for my $program (qw(threads_store threads_writer threads_racy)) {
    $said = `$build/$program 2>&1`;
    my $code  = $? >> 8;
    my @races = $said =~ /WARNING: ThreadSanitizer: (.*)/g;
    if ($program eq 'threads_racy') {
        cmp_ok(scalar @races, '>', 0, 'a race that is there is found');
        next;
    }
    is($code, 0, "$program: exit code 0");
    is_deeply(\@races, [], "$program: no report");
    unlike($said, qr/^not ok/m, "$program: each of its facts holds");
    like($said, qr/^1\.\.\d+$/m, "$program: it came to its end");
    diag($said) if $code != 0 || @races;
}

done_testing();
