# SPDX-License-Identifier: EUPL-1.2

# scripts/simulate-agency against an instance, while the test goes on.

package Dosis::Simulation;

use strict;
use warnings;

use File::Temp ();
use JSON::PP   ();
use POSIX      ();

use Dosis::Fixture ();

# start($dosis, client => ..., bron => ..., seed => ..., dossiers => ...): the
# words are the options of the program.
sub start {
    my ($class, $dosis, %option) = @_;

    my $self = bless {
        client => $option{client},
        out    => File::Temp->new,
        err    => File::Temp->new,
    }, $class;
    my $pid = fork // die "cannot fork: $!\n";

    if ($pid == 0) {
        $SIG{INT} = $SIG{TERM} = 'DEFAULT';
        $ENV{DOSIS_HOME} = $dosis->{home};
        open STDIN,  '<', '/dev/null'            or POSIX::_exit(126);
        open STDOUT, '>', $self->{out}->filename or POSIX::_exit(126);
        open STDERR, '>', $self->{err}->filename or POSIX::_exit(126);
        exec "$dosis->{top}/scripts/simulate-agency", '--json',
            '--url'      => "http://127.0.0.1:$dosis->{port}",
            '--dosisctl' => "$dosis->{build}/dosisctl",
            map { ("--$_" => $option{$_}) } sort keys %option
            or POSIX::_exit(127);
    }
    $self->{pid} = $pid;

    return $self;
}

# Is it still at it?
sub runs {
    my ($self) = @_;

    return 0 if exists $self->{code};
    if (waitpid($self->{pid}, POSIX::WNOHANG()) == $self->{pid}) {
        $self->{code} = $?;
    }

    return !exists $self->{code};
}

# Waits for its end: its summary, with code (as in $?) and what it said.
sub finish {
    my ($self) = @_;

    if ($self->runs) {
        waitpid $self->{pid}, 0;
        $self->{code} = $?;
    }
    my $text = Dosis::Fixture::read_file($self->{out}->filename);
    my $sum  = eval { JSON::PP->new->utf8->decode($text) } // {};

    return {
        %$sum,
        code => $self->{code},
        said => Dosis::Fixture::read_file($self->{err}->filename) . $text,
    };
}

1;
