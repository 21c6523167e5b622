# SPDX-License-Identifier: EUPL-1.2

# The tree as the rules see it: every file that is tracked, or new and not
# ignored.

package Dosis::Tree;

use strict;
use warnings;

use Cwd            ();
use Exporter       'import';
use File::Basename ();

our @EXPORT_OK = qw(build files read_text code_of functions no_bad);

my $top = Cwd::abs_path(File::Basename::dirname(__FILE__) . '/../../..');
chdir $top or die "cannot enter $top: $!\n";

# Where the build is, as a relative or absolute path.
sub build {
    return $ENV{BUILD} // 'build';
}

# Paths from the top that match the pattern.
sub files {
    my ($pattern) = @_;

    my @all = `git ls-files -co --exclude-standard`;
    $? == 0 && @all or die "git ls-files found nothing\n";
    chomp @all;

    my @found = sort grep { /$pattern/ && -f $_ && !-l $_ } @all;

    return @found;
}

sub read_text {
    my ($path) = @_;

    open my $file, '<', $path or die "cannot read $path: $!\n";
    local $/;

    return <$file> // '';
}

# C without comments; strings emptied; line numbers kept.
sub code_of {
    my ($text) = @_;

    $text =~ s{
        ( /\*.*?\*/ )
        | ( " (?: \\. | [^"\\\n] )* " )
        | ( ' (?: \\. | [^'\\\n] )+ ' )
    }{
        defined $1 ? $1 =~ tr/\n//cdr
            : defined $2 ? '""'
            :              "' '"
    }gesx;

    return $text;
}

# [name, first line, lines] of each function: its name stands in column 0,
# its braces too.
sub functions {
    my ($text) = @_;

    my @lines = split /\n/, code_of($text);
    my @found;
    my ($name, $first, $open);

    for my $index (0 .. $#lines) {
        my $line = $lines[$index];
        if (!defined $open && $line =~ /^([a-z_]\w*)\(/) {
            ($name, $first) = ($1, $index);
        }
        if ($line eq '{' && defined $name) {
            $open = $index;
        }
        if ($line eq '}' && defined $open) {
            push @found, [$name, $first + 1, $index - $first + 1];
            ($name, $open) = ();
        }
    }

    return @found;
}

# One assertion: the list of sinners is empty.
sub no_bad {
    my ($bad, $fact) = @_;

    require Test::More;
    my $level = $Test::Builder::Level;
    local $Test::Builder::Level = $level + 1;
    if (!Test::More::is(scalar @$bad, 0, $fact)) {
        Test::More::diag($_) for @$bad;
    }

    return;
}

1;
