#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# What is written holds: directives, links, and nothing of one machine.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use File::Basename qw(dirname);
use Test::More;

use Dosis::Tree qw(files read_text no_bad);

# Directives: the command table and the manual name the same ones.
my %built;
for my $path (files(qr{^ngx_dosis_module/.*\.c$})) {
    $built{$_} = 1
        for read_text($path) =~ /\bngx_string\("(dosis(?:_\w+)?)"\),\s*NGX_/g;
}
my $manual = 'ngx_dosis_module/README.md';
SKIP: {
    skip "$manual is not there", 3 if !-e $manual;
    my %written = map { $_ => 1 }
        read_text($manual) =~ /^#+ `?(dosis(?:_\w+)?)`?\s*$/mg;
    cmp_ok(scalar keys %built, '>', 10, 'directives were found');
    no_bad([grep { !$written{$_} } sort keys %built],
        'every directive stands in the manual');
    no_bad([grep { !$built{$_} } sort keys %written],
        'every directive of the manual exists');
}

# The examples use only directives that exist.
my @unknown;
for my $path (files(qr{^conf/.*\.conf$})) {
    next if !%built;
    push @unknown, map {"$path: $_"}
        grep { !$built{$_} }
        read_text($path) =~ /^\s*#?\s*(dosis(?:_\w+)?)\s[^;\n]*;/mg;
}
no_bad(\@unknown, 'the examples use directives that exist');

# The columns of a CSV file, where those are who deliver one.
my ($columns) = read_text('engine/domain/dosis_csv_kop.c')
    =~ /kolommen\[\] = \{(.*?)^\};/ms;
my @columns  = $columns =~ /\{ "(\w+)", "/g;
my ($listed) = join '', grep {/^\|/} split /^/m,
    read_text('engine/doc/leveren.md');
cmp_ok(scalar @columns, '>', 20, 'columns were found');
no_bad([grep { $listed !~ /`$_`/ } @columns],
    'every column of a file stands on the page of who delivers');

# Links.
my @dead;
my @pages = files(qr{\.md$});
for my $page (@pages) {
    my $text = read_text($page) =~ s/^```.*?^```//msgr;
    while ($text =~ /\]\(([^)\s]+)\)/g) {
        my $target = $1 =~ s/#.*//r;
        next if $target eq '' || $target =~ /^[a-z]+:/;
        push @dead, "$page: $target" if !-e dirname($page) . "/$target";
    }
}
no_bad(\@dead, 'no page has a dead link');

# Tests that a page names.
my @lost;
for my $page (@pages) {
    push @lost, map {"$page: $_"} grep { !-e }
        read_text($page) =~ m{`(t/(?:unit|module|crash|daemon|rules|openapi
            |oidc)/\w+\.[ct])`}xg;
}
no_bad(\@lost, 'every test that a page names is there');

# Nothing of one machine, and no address from which packages came.
my $machine = join '|', map {quotemeta} '/wo' . 'rk/', '/ho' . 'me/',
    '/ro' . 'ot/';
my $registry = join '|', map {quotemeta} 'registry.npm' . 'js',
    'deb.deb' . 'ian.org', 'py' . 'pi.org', 'cp' . 'an.org',
    'proxy.gol' . 'ang', 'arti' . 'factory';
my @places;
for my $path (files(qr{.})) {
    next if -B $path;
    my $number = 0;
    for my $line (split /\n/, read_text($path)) {
        $number++;
        push @places, "$path:$number: $line"
            if $line =~ m{(?<![\w.\$\}])(?:$machine)} || $line =~ /$registry/;
    }
}
no_bad(\@places, 'no file names a place on one machine or a registry');

done_testing();
