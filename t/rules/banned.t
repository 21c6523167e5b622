#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# Calls nobody may make, and forms nobody may write.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Tree qw(files read_text code_of no_bad);

my $banned = join '|', qw(strcpy strcat sprintf vsprintf stpcpy strncpy gets
    atoi atol strtok localtime gmtime ctime asctime rand srand random alloca
    system popen tmpnam mktemp);
my $heap = join '|', qw(malloc calloc realloc free strdup strndup asprintf
    reallocarray);

# Headers that say heap: their folder may use it.
my $heap_home = qr{^engine/(?:base|crypto)/|^t/};

my (@banned, @heap, @comments, @marks, @clock);

for my $path (files(qr{^(?:engine|ngx_dosis_module|t)/.*\.[ch]$})) {
    my $text = read_text($path);
    my @code = split /\n/, code_of($text);
    my $says_heap = says_heap($path, $text);

    for my $number (1 .. @code) {
        my $line  = $code[$number - 1];
        my $where = "$path:$number: $line";
        push @banned, $where if $line =~ /(?<![\w>.])(?:$banned)\s*\(/;
        push @heap,   $where
            if $path !~ $heap_home
            && !$says_heap
            && $line =~ /(?<![\w>.])(?:$heap)\s*\(/;
        push @comments, $where if $line =~ m{//};
        push @clock, $where
            if $path =~ m{^engine/(?:base|domain|crypto|store)/}
            && $line =~ /(?<![\w>.])(?:time|gettimeofday|clock_gettime|
                getenv|secure_getenv|printf|fprintf|perror|syslog)\s*\(/x;
    }
    my $number = 0;
    for my $line (split /\n/, $text) {
        $number++;
        push @marks, "$path:$number: $line"
            if $line =~ /\b(?:TODO|FIXME|XXX|HACK)\b/;
    }
}

# The file itself, or a header of its own folder that it includes, tells who
# gives and who takes.
sub says_heap {
    my ($path, $text) = @_;

    my ($folder) = $path =~ m{([^/]+)/[^/]+$};
    my $root     = $path =~ s{\Q$folder\E/[^/]+$}{}r;

    return 1 if $text =~ /\bheap\b/;
    for my $header ($text =~ m{#include "(\Q$folder\E/[^"]+)"}g) {
        return 1
            if -f "$root$header"
            && read_text("$root$header") =~ /\b(?:heap|gives?|given)\b/;
    }

    return 0;
}

no_bad(\@banned,   'no banned call');
no_bad(\@heap,     'the heap is used only where the header says so');
no_bad(\@comments, 'comments are /* */');
no_bad(\@marks,    'nothing is left to do in the source');
no_bad(\@clock,
    'the library reads no clock and no environment, and never prints');

@marks = ();
for my $path (files(qr{\.(?:pm|t|pl|sh|md)$|^scripts/|^Makefile$|^config$})) {
    next if $path eq 't/rules/banned.t';
    my $number = 0;
    for my $line (split /\n/, read_text($path)) {
        $number++;
        push @marks, "$path:$number: $line"
            if $line =~ /\b(?:TODO|FIXME|XXX)\b/;
    }
}
no_bad(\@marks, 'nothing is left to do elsewhere');

done_testing();
