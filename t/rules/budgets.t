#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# Small enough to read: lengths of functions, files and lines, parameters.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Tree qw(files read_text code_of functions no_bad);

use constant {
    FUNCTION   => 70,
    FILE       => 800,
    LINE       => 80,
    PARAMETERS => 5,
    NESTING    => 4,    # braces inside a function's own
};

# Files that hold tables only; keep this list short enough to read.
my %tables_only = map { $_ => 1 } qw(t/unit/unit_jwt.c);

# Signatures that nginx or a library dictates; and two that name six things
# because each of them is one: key, nonce, AAD, text; root, rules, arena, out,
# warnings, errors.
my %dictated = map { $_ => 1 }
    qw(http_on_request xaes_once dosis_dossier_from_json mmap mmap64);

my @sources = files(qr{^(?:engine|ngx_dosis_module|t)/.*\.[ch]$});
my (@functions, @files, @lines, @parameters, @nesting);
my $count = 0;

for my $path (@sources) {
    my $text  = read_text($path);
    my @line  = split /\n/, $text;
    my $code  = code_of($text);
    my @plain = split /\n/, $code;

    push @files, "$path: " . @line if @line > FILE && !$tables_only{$path};
    for my $number (1 .. @line) {
        (my $shown = $line[$number - 1]) =~ s/[\x80-\xbf]//g;
        push @lines, "$path:$number: " . length $shown
            if length $shown > LINE;
    }
    for my $function (functions($text)) {
        my ($name, $first, $length) = @$function;
        my $body = join "\n", @plain[$first - 1 .. $first + $length - 2];
        my $unit = $path =~ m{^t/unit/} && $name eq 'main';
        $count++;
        push @functions, "$path:$first: $name $length"
            if $length > FUNCTION && !$unit;
        my ($list) = $body =~ /^\w+\((.*?)\)\n\{/s;
        my $commas = () = ($list // '') =~ /,/g;
        push @parameters, "$path:$first: $name"
            if $commas + 1 > PARAMETERS && !$dictated{$name};
        push @nesting, "$path:$first: $name" if depth($body) > NESTING;
    }
}

# The deepest brace, but braces of initialisers and do-while(0) macros do
# count too: they are as hard to read.
sub depth {
    my ($body) = @_;

    my ($now, $most) = (0, 0);
    for my $brace ($body =~ /([{}])/g) {
        $now += $brace eq '{' ? 1 : -1;
        $most = $now if $now > $most;
    }

    return $most;
}

cmp_ok($count, '>', 20, 'functions were looked at');
no_bad(\@functions,  'no function is longer than ' . FUNCTION . ' lines');
no_bad(\@files,      'no file is longer than ' . FILE . ' lines');
no_bad(\@lines,      'no line is wider than ' . LINE);
no_bad(\@parameters, 'no function takes more than ' . PARAMETERS);
no_bad(\@nesting,    'no function nests deeper than three levels');

done_testing();
