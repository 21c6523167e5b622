# SPDX-License-Identifier: EUPL-1.2

# Many connections, each with a few requests on their way at once. What comes
# back is counted by status; a connection that the server closed is opened
# anew, and what was not answered by then is forgotten: the access log tells.

package Dosis::Pipeline;

use strict;
use warnings;

use IO::Select       ();
use IO::Socket::INET ();
use Time::HiRes      qw(time);

use constant {
    DEPTH   => 6,       # requests at once on one connection
    QUIET_S => 0.05,    # then a request without an end is given up
    WAIT_S  => 90,      # and one with an end is missed
};

# port, connections, next => a sub that gives (bytes, framed), or nothing.
sub new {
    my ($class, %option) = @_;

    return bless {
        %option,
        status   => {},
        missed   => [],
        sent     => 0,
        answered => 0,
        busy     => IO::Select->new,
        of       => {},
    }, $class;
}

# Until there are no more requests and no more answers.
sub run {
    my ($self) = @_;

    local $SIG{PIPE} = 'IGNORE';
    $self->begin({}) for 1 .. $self->{connections};
    while ($self->{busy}->count) {
        my @ready = $self->{busy}->can_read(QUIET_S);
        $self->on_bytes($self->{of}{$_}) for @ready;
        $self->on_time($self->{of}{$_}) for $self->{busy}->handles;
    }

    return;
}

# The next requests on this line; nothing left: it ends.
sub begin {
    my ($self, $line) = @_;

    my $bytes = '';
    my @asked;
    my $ends = 1;
    for (1 .. 1 + rand DEPTH) {
        my ($request, $framed) = $self->{next}->() or last;
        $bytes .= $request;
        push @asked, $request;
        # What may be endless comes last.
        $ends = $framed && $request !~ /event-stream|wait/i;
        last if !$ends;
    }
    if (!@asked) {
        $self->end($line);
        return;
    }
    $self->open_line($line) if !$line->{socket};
    $self->{sent} += @asked;
    @$line{qw(asked ends since out)} = (\@asked, $ends, time, $bytes);
    $self->put($line);

    return;
}

sub open_line {
    my ($self, $line) = @_;

    my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1',
        PeerPort => $self->{port}, Timeout => 30)
        or die "no connection: $@\n";
    $socket->blocking(0);
    $line->{socket}       = $socket;
    $line->{in}           = '';
    $self->{of}{$socket}  = $line;
    $self->{busy}->add($socket);

    return;
}

sub end {
    my ($self, $line) = @_;

    my $socket = delete $line->{socket} // return;
    $self->{busy}->remove($socket);
    delete $self->{of}{$socket};
    close $socket;

    return;
}

sub put {
    my ($self, $line) = @_;

    return if $line->{out} eq '';
    my $put = syswrite $line->{socket}, $line->{out};
    substr $line->{out}, 0, $put, '' if $put;
    $line->{since} = time if $put;
    # It has closed: what it said can still be read.
    $line->{out} = '' if !defined $put && !$!{EAGAIN};

    return;
}

sub on_bytes {
    my ($self, $line) = @_;

    my $got = sysread $line->{socket}, $line->{in}, 262_144,
        length $line->{in};
    return if !defined $got && $!{EAGAIN};
    $line->{since} = time;
    1 while $self->take($line, !$got);
    if (!$got) {
        $self->end($line);
        $self->begin($line);
        return;
    }
    $self->begin($line) if $line->{ends} && !@{ $line->{asked} };

    return;
}

sub on_time {
    my ($self, $line) = @_;

    return if !$line->{socket};
    $self->put($line);
    my $quiet = time - $line->{since};
    return if $quiet < ($line->{ends} ? WAIT_S : QUIET_S);
    push @{ $self->{missed} }, $line->{asked}[0] if $line->{ends};
    $self->end($line);
    $self->begin($line);

    return;
}

# One answer out of what came in; false: it is not whole yet.
sub take {
    my ($self, $line, $closed) = @_;

    $line->{in} =~ m{^HTTP/1\.1 (\d{3}) .*?\r\n\r\n}s or return 0;
    my ($status, $head) = ($1, $&);
    my $whole = length $head;
    my $asked = $line->{asked}[0] // '';
    if ($status >= 200 && $status != 204 && $status != 304
        && $asked !~ /^[\r\n]*HEAD /)
    {
        my $body = body_length($head, substr $line->{in}, $whole);
        $body = length($line->{in}) - $whole if !defined $body && $closed;
        return 0 if !defined $body || length $line->{in} < $whole + $body;
        $whole += $body;
    }
    substr $line->{in}, 0, $whole, '';
    return 1 if $status < 200;
    shift @{ $line->{asked} };
    $self->{status}{$status}++;
    $self->{answered}++;

    return 1;
}

# undef: it cannot be told yet.
sub body_length {
    my ($head, $rest) = @_;

    if ($head =~ /^Transfer-Encoding: chunked\r$/mi) {
        my $at = 0;
        while (substr($rest, $at, 20) =~ /^([0-9a-f]+)\r\n/i) {
            my $size = hex $1;
            $at += length($&) + $size + 2;
            return $at if $size == 0;
        }
        return undef;
    }

    return $head =~ /^Content-Length: (\d+)\r$/mi ? $1 : undef;
}

1;
