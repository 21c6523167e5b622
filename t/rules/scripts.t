#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# Every script is sound and says what it is for.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Tree qw(build files read_text no_bad);

my @scripts = files(qr{^(?:scripts|\.ci)/[^.]+(?:\.sh|\.pl)?$});
my (@broken, @mute, @locked, @loose);

for my $script (@scripts) {
    my ($first) = split /\n/, read_text($script);
    my $check =
          $first =~ /bash/ ? 'bash -n'
        : $first =~ /perl/ ? 'perl -It/lib -c'
        :                    'sh -n';
    my $said = `$check "$script" 2>&1`;
    push @broken, "$script: $said" if $? != 0;
    next if $first !~ /^#!/;
    push @locked, $script if !-x $script;
    push @loose,  $script
        if $first =~ /bash/ && read_text($script) !~ /^set -euo pipefail$/m;
    next if $script =~ m{^\.ci/};
    my $help = `"./$script" --help 2>&1`;
    push @mute, "$script: exit code " . ($? >> 8)
        if $? != 0 || length $help < 40;
}

cmp_ok(scalar @scripts, '>=', 1, 'scripts were looked at');
no_bad(\@broken, 'every script parses');
no_bad(\@locked, 'every script with a shebang may be run');
no_bad(\@loose,  'every bash script stops at the first failure');
no_bad(\@mute,   'every script answers --help');

my @tests = files(qr{^t/.*\.(?:t|pm)$});
@broken = ();
for my $test (@tests) {
    my $said = `perl -It/lib -wc "$test" 2>&1`;
    push @broken, "$test: $said" if $said ne "$test syntax OK\n";
}
no_bad(\@broken, 'every test parses without a warning');

for my $program (qw(dosisd dosisctl)) {
    my $path = build() . "/$program";
SKIP: {
        skip "$path is not built", 1 if !-x $path;
        my $help = `"$path" --help 2>&1`;
        ok($? == 0 && length $help > 80, "$program answers --help");
    }
}

done_testing();
