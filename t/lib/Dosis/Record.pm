# SPDX-License-Identifier: EUPL-1.2

# Keeps every answer that a test program gets, in the build directory, so that
# t/openapi/answers_match.t can hold them all against the document. A file for
# each process; those of an earlier run of the same test are thrown away.
#
# One answer is `METHOD path status headers bytes`, that many lines of headers,
# that many bytes of body, and a newline.

package Dosis::Record;

use strict;
use warnings;

use Cwd            ();
use File::Basename ();
use File::Path     ();
use IO::Handle     ();

my $top = Cwd::abs_path(File::Basename::dirname(__FILE__) . '/../../..');
my ($name, $file, $pid);

sub folder {
    my $build = Cwd::abs_path($ENV{BUILD} // "$top/build");

    return defined $build ? "$build/answers" : undef;
}

# `module-list_paging.t` for t/module/list_paging.t; undef for what is no test.
sub name_of {
    my ($path) = @_;

    return Cwd::abs_path($path) =~ m{/t/(\w+)/(\w+\.t)\z} ? "$1-$2" : undef;
}

# Not when a test is only checked for its syntax.
INIT {
    $name = name_of($0);
    my $folder = folder();
    if (defined $name && defined $folder) {
        File::Path::make_path($folder);
        unlink glob "$folder/$name.*";
    }
}

sub keep {
    my ($method, $path, $answer) = @_;

    return if !defined $name || !defined folder();
    if (!$file || $pid != $$) {
        $pid = $$;
        open $file, '>>:raw', folder() . "/$name.$pid"
            or die "cannot keep an answer: $!\n";
        $file->autoflush(1);
    }
    my $headers = $answer->{headers};
    my @lines = map {
        my $header = $_;
        map {"$header: $_\n"} @{ $headers->{$header} }
    } sort keys %$headers;
    my $body = $answer->{body} // '';
    my $bare = $path =~ s/[?#].*//sr;
    $bare =~ s/\s/%20/g;

    my $first = join ' ', $method, $bare, $answer->{status}, scalar @lines,
        length $body;
    print {$file} "$first\n", @lines, $body, "\n";

    return;
}

1;
