# SPDX-License-Identifier: EUPL-1.2

# Programs of node: those that end, for tests that hold answers against the
# OpenAPI document, and those that listen until the test ends. What they need stands in package.json; scripts/test installs it. A test that
# finds them missing fails.

package Dosis::Node;

use strict;
use warnings;

use Cwd            ();
use File::Basename ();
use File::Temp     ();
use IO::Select     ();
use POSIX          ();

use constant START_SECONDS => 120;

my $main_pid = $$;
my @launched;

our $top = Cwd::abs_path(File::Basename::dirname(__FILE__) . '/../../..');

# Runs a command to its end: {code, out, err}.
sub run {
    my (@command) = @_;

    my ($out, $err) = map { File::Temp->new } 1 .. 2;
    my $pid = fork // die "cannot fork: $!\n";
    if ($pid == 0) {
        open STDIN,  '<', '/dev/null'     or POSIX::_exit(126);
        open STDOUT, '>', $out->filename  or POSIX::_exit(126);
        open STDERR, '>', $err->filename  or POSIX::_exit(126);
        exec @command or POSIX::_exit(127);
    }
    waitpid $pid, 0;

    return { code => $? >> 8, out => text_of($out), err => text_of($err) };
}

# Starts a program that prints its address once it listens, what else it says goes
# to a log; it is ended with the test. Its address.
sub launch {
    my ($log, @command) = @_;

    pipe my $from, my $to or die "no pipe: $!\n";
    my $pid = fork // die "cannot fork: $!\n";
    if ($pid == 0) {
        $SIG{INT} = $SIG{TERM} = 'DEFAULT';
        open STDIN,  '<',  '/dev/null' or POSIX::_exit(126);
        open STDOUT, '>&', $to         or POSIX::_exit(126);
        open STDERR, '>>', $log        or POSIX::_exit(126);
        exec 'node', @command or POSIX::_exit(127);
    }
    close $to;
    push @launched, $pid;
    my $said = IO::Select->new($from)->can_read(START_SECONDS)
        ? <$from> // '' : '';
    if ($said !~ m{^(https?://\S+)$}) {
        open my $text, '<', $log or die "node @command: $!\n";
        local $/;
        die "node @command: ", <$text> // '';
    }

    return $1;
}

END {
    if ($$ == $main_pid) {
        my $code = $?;
        kill TERM => @launched;
        waitpid $_, 0 for @launched;
        $? = $code;
    }
}

sub text_of {
    my ($file) = @_;

    open my $from, '<', $file->filename or die "cannot read: $!\n";
    local $/;

    return <$from> // '';
}

sub need {
    my ($package) = @_;

    -e "$top/node_modules/$package"
        or die "$package is not installed: run scripts/test, or npm ci\n";

    return;
}

# The document as the module serves it, in a file.
sub document {
    my $file = File::Temp->new(SUFFIX => '.json');
    my $made = run("$top/scripts/documents", 'openapi');

    die "scripts/documents: $made->{err}" if $made->{code} != 0;
    print {$file} $made->{out};
    close $file;

    return $file;
}

# t/openapi/check.js with these words.
sub check {
    my (@words) = @_;

    need('ajv');

    return run('node', "$top/t/openapi/check.js", @words);
}

# The verdict of redocly on a file.
sub lint {
    my ($file) = @_;

    need('@redocly/cli');
    # It looks for news of itself otherwise.
    local $ENV{REDOCLY_TELEMETRY} = 'off';
    local $ENV{REDOCLY_SUPPRESS_UPDATE_NOTICE} = 'true';

    return run("$top/node_modules/.bin/redocly", 'lint', '--config',
        "$top/t/openapi/redocly.yaml", $file);
}

1;
