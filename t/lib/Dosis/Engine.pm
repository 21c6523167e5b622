# SPDX-License-Identifier: EUPL-1.2

# The engine and dosisctl alone, without nginx, on a temporary home. What a
# test leaves running is ended when the test program ends.

package Dosis::Engine;

use strict;
use warnings;

use Cwd              ();
use File::Basename   ();
use File::Temp       ();
use IO::Socket::UNIX ();
use JSON::PP         ();
use POSIX            ();
use Time::HiRes      ();

use Dosis::Fixture ();

my $top  = Cwd::abs_path(File::Basename::dirname(__FILE__) . '/../../..');
my $json = JSON::PP->new->utf8;
my @engines;

# Options: keys => 0 (make no keys).
sub new {
    my ($class, %option) = @_;

    my $build = Cwd::abs_path($ENV{BUILD} // "$top/build")
        // die "no build directory: run make first\n";
    my $self = bless {
        build => $build,
        home  => File::Temp::tempdir(
            'dosis-XXXXXX', TMPDIR => 1, CLEANUP => !$ENV{DOSIS_KEEP}),
    }, $class;

    mkdir "$self->{home}/$_", 0750 for qw(run log);
    Dosis::Fixture::write_reference($top, "$self->{home}/reference", {});
    if ($option{keys} // 1) {
        my $made = $self->ctl('keys', 'init');
        die "dosisctl keys init: $made->{err}" if $made->{code} != 0;
    }
    push @engines, $self;

    return $self;
}

# Runs a program to its end: {code, out, err}. What stands in {input} is the
# path of its standard input, this once.
sub run {
    my ($self, @command) = @_;

    my $input = delete $self->{input} // '/dev/null';

    my ($out, $err) = map { File::Temp->new } 1 .. 2;
    my $pid = fork // die "cannot fork: $!\n";
    if ($pid == 0) {
        $ENV{DOSIS_HOME} = $self->{home};
        open STDIN,  '<', $input         or POSIX::_exit(126);
        open STDOUT, '>', $out->filename or POSIX::_exit(126);
        open STDERR, '>', $err->filename or POSIX::_exit(126);
        exec @command or POSIX::_exit(127);
    }
    waitpid $pid, 0;

    return {
        code => POSIX::WIFEXITED($?) ? POSIX::WEXITSTATUS($?) : -1,
        out  => Dosis::Fixture::read_file($out->filename),
        err  => Dosis::Fixture::read_file($err->filename),
    };
}

sub ctl {
    my ($self, @arguments) = @_;

    return $self->run("$self->{build}/dosisctl", @arguments);
}

# The command line; %more replaces or adds (value undef: the option alone).
sub command {
    my ($self, %more) = @_;

    my $home   = $self->{home};
    my %option = (
        '--store'      => "$home/store",
        '--key-file'   => "$home/keys/kek.hex",
        '--reference'  => "$home/reference",
        '--socket'     => "$home/run/dosisd.sock",
        '--init'       => undef,
        '--foreground' => undef,
        %more,
    );

    return ("$self->{build}/dosisd",
        map { defined $option{$_} ? ($_, $option{$_}) : $_ }
            grep { !ref $option{$_} } sort keys %option);
}

# An option of command() that is to be left out.
use constant WITHOUT => \'without';

# Runs it to its end: for starts that must fail.
sub start_fails {
    my ($self, %more) = @_;

    return $self->run($self->command(%more));
}

sub start {
    my ($self, %option) = @_;

    my $env = delete $option{env} // {};
    my $pid = fork // die "cannot fork: $!\n";
    if ($pid == 0) {
        @ENV{ keys %$env } = values %$env;
        open STDERR, '>>', "$self->{home}/log/dosisd.log"
            or POSIX::_exit(126);
        exec $self->command(%option) or POSIX::_exit(127);
    }
    $self->{pid} = $pid;
    $self->wait_for(
        sub {
            waitpid($pid, POSIX::WNOHANG()) == $pid
                and die 'dosisd ended: ' . $self->log;
            my $answer = eval { $self->ask('GET', '/health') };
            return $answer && $answer->{status};
        },
        'dosisd answers');

    return;
}

sub log {
    my ($self) = @_;

    return Dosis::Fixture::read_file("$self->{home}/log/dosisd.log");
}

sub wait_for {
    my ($self, $condition, $what, $seconds) = @_;

    my $deadline = Time::HiRes::time() + ($seconds // 20);
    while (1) {
        my $holds = $condition->();
        return $holds if $holds;
        die "waited in vain: $what\n" if Time::HiRes::time() > $deadline;
        select undef, undef, undef, 0.02;
    }
}

# One request on its socket, body as text or data: {status, json}.
sub ask {
    my ($self, $method, $path, $body) = @_;

    $body = $json->encode($body) if ref $body;
    $body //= '';
    my $socket = IO::Socket::UNIX->new(
        Peer => "$self->{home}/run/dosisd.sock")
        or die "nobody listens: $!\n";
    print {$socket} "$method $path HTTP/1.1\r\nHost: dosisd\r\n"
        . 'Content-Length: ' . length($body)
        . "\r\nConnection: close\r\n\r\n$body";
    my $text = do { local $/; <$socket> } // '';
    my ($status) = $text =~ m{^HTTP/1\.1 (\d+)} or die "no answer\n";
    my ($head, $said) = split /\r\n\r\n/, $text, 2;

    return {
        status => $status,
        head   => $head,
        json   => scalar(eval { $json->decode($said) }),
    };
}

# A file in the home with this text or data: its path.
sub file {
    my ($self, $name, $what) = @_;

    my $path = "$self->{home}/$name";
    ref $what
        ? Dosis::Fixture::write_json($path, $what)
        : Dosis::Fixture::write_file($path, $what);

    return $path;
}

# The registration as `dosisctl WORD show NAME` tells it, or undef.
sub shown {
    my ($self, $word, $name) = @_;

    my $shown = $self->ctl($word, 'show', $name, '--json');

    return $shown->{code} == 0
        ? $json->decode($shown->{out})->{Registratie}
        : undef;
}

# Returns the exit code, or -1 when a signal ended it.
sub stop {
    my ($self, $signal) = @_;

    my $pid = delete $self->{pid} // return;
    kill $signal // 'TERM', $pid;
    waitpid $pid, 0;

    return POSIX::WIFEXITED($?) ? POSIX::WEXITSTATUS($?) : -1;
}

# Replaces a file of the reference data by text or by data.
sub reference {
    my ($self, $file, $what) = @_;

    my $path = "$self->{home}/reference/$file";
    ref $what
        ? Dosis::Fixture::write_json($path, $what)
        : Dosis::Fixture::write_file($path, $what);

    return;
}

END {
    my $status = $?;
    $_->stop('KILL') for @engines;
    $? = $status;
}

1;
