#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# Names tell where a thing lives: symbols, guards, files, licence lines.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Tree qw(build files read_text no_bad);

my @bad;

# Symbols: the library's objects define only dosis_ (API) and the private
# prefix of their folder.
my $library = build() . '/libdosis.a';
SKIP: {
    skip "$library is not built", 2 if !-e $library;
    my ($object, $count) = ('', 0);
    @bad = ();
    for my $line (`nm --defined-only --extern-only "$library"`) {
        $object = $1 if $line =~ /^(\S+)\.o:/;
        my ($symbol) = $line =~ /^[0-9a-f]+ [A-Z] (\w+)/ or next;
        next if $symbol =~ /^(?:__asan|__odr_asan|__ubsan|\.)/;
        $count++;
        push @bad, "$object: $symbol"
            if $symbol !~ /^(?:dosis|base|domain|crypto|store)_[a-z0-9_]+$/;
    }
    cmp_ok($count, '>', 50, 'symbols were looked at');
    no_bad(\@bad, 'symbols of the library carry its prefix');
}

# The module: no function or table without its stem, but nginx's own hook.
my @static_less;
for my $path (files(qr{^ngx_dosis_module/.*\.c$})) {
    my $text = read_text($path);
    while ($text =~ /^(?!static\b)[A-Za-z_][\w \t\*]*\n([a-z]\w*)\(/mg) {
        my $name   = $1;
        my $before = substr $text, 0, $-[0];
        push @static_less, "$path: $name"
            if $name !~ /^ngx_dosis_/ && $before !~ /static[^\n]*\n?\z/;
    }
}
no_bad(\@static_less, 'functions of the module carry its prefix');

# Guards: from the path.
@bad = ();
my @headers = files(qr{^(?:engine|ngx_dosis_module|t)/.*\.h$});
for my $path (@headers) {
    my $text = read_text($path);
    my $from = $path =~ s{^engine/}{}r;
    $from = "dosis_$from" if $from !~ /^ngx_dosis_module/;
    $from =~ s{^ngx_dosis_module/(?:\w+/)*}{};
    my $guard = uc $from =~ s/\W/_/gr;
    $guard = "NGX_DOSIS_$guard"
        if $path =~ /^ngx_dosis_module/ && $guard !~ /^NGX_DOSIS/;
    my ($first, $second, $last) = (
        $text =~ /^#ifndef (\w+)\n/m, $text =~ /^#define (\w+)\n/m);
    my $fits = defined $second && $first eq $guard && $second eq $guard;
    push @bad, "$path: wants $guard" if !$fits;
}
cmp_ok(scalar @headers, '>', 20, 'headers were looked at');
no_bad(\@bad, 'header guards follow from the path');

# Licence lines: first line, or the one under the shebang.
@bad = ();
for my $path (files(qr{\.(?:[ch]|pm|pl|t|sh)$|^scripts/|^\.ci/})) {
    next if $path =~ /\.(?:md|json|txt|npmrc)$/;
    my ($first, $second) = split /\n/, read_text($path);
    my $line = ($first // '') =~ /^#!/ ? $second : $first;
    my $wanted =
        $path =~ /\.[ch]$/ ? '/* SPDX-License-Identifier: EUPL-1.2 */'
        : $path =~ /\.(?:sql|lua)$/ ? '-- SPDX-License-Identifier: EUPL-1.2'
        : $path =~ /\.m?js$/ ? '// SPDX-License-Identifier: EUPL-1.2'
        :   '# SPDX-License-Identifier: EUPL-1.2';
    push @bad, $path if ($line // '') ne $wanted;
}
no_bad(\@bad, 'every source says its licence first');

# File names.
my @rule = (
    [   qr{^engine/(?:base|domain|crypto|store)/},
        qr{/(\w+)/(?:dosis|\g1)_[a-z0-9_]+\.[ch]$},
    ],
    [qr{^engine/daemon/}, qr{/dosisd(?:_[a-z0-9_]+)?\.[ch]$}],
    [qr{^engine/ctl/},    qr{/(?:dosisctl|ctl_[a-z0-9_]+)\.[ch]$}],
    [qr{^engine/jobs/},   qr{/job(?:_[a-z0-9_]+)?\.[ch]$}],
    [qr{^ngx_dosis_module/.*\.[ch]$}, qr{/ngx_dosis_[a-z0-9_]+\.[ch]$}],
    [qr{^t/unit/},                    qr{/unit_[a-z0-9_]+\.c$}],
    [qr{^t/(?:module|rules|daemon|crash|story)/}, qr{/[a-z0-9_]+\.t$}],
);
@bad = ();
for my $path (files(qr{^(?:engine|ngx_dosis_module|t)/.*\.(?:[ch]|t)$})) {
    for my $rule (@rule) {
        push @bad, $path if $path =~ $rule->[0] && $path !~ $rule->[1];
    }
}
no_bad(\@bad, 'file names follow their room');

# nginx flattens addon paths: equal leaf names would overwrite each other.
my %leaf;
for my $path (files(qr{^(?:engine/(?:base|domain|crypto|store)|ngx_dosis_module)/.*\.c$})) {
    push @{ $leaf{ ($path =~ m{([^/]+/[^/]+)$})[0] } }, $path;
}
@bad = map {"@$_"} grep { @$_ > 1 } values %leaf;
no_bad(\@bad, 'no two compiled-in sources share folder name and file name');

# Every unit program mirrors a file.
@bad = ();
for my $path (files(qr{^t/unit/unit_\w+\.c$})) {
    my ($stem) = $path =~ m{unit_(\w+)\.c$};
    push @bad, $path
        if !files(qr{^(?:engine|ngx_dosis_module)/.*/(?:(?:ngx_)?dosis_|store_|ctl_|)\Q$stem\E\.[ch]$});
}
no_bad(\@bad, 'every unit program mirrors a file');

done_testing();
