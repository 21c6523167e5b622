# SPDX-License-Identifier: EUPL-1.2

# A small HTTP/1.1 client over one kept connection, for tests that care what
# exactly goes over the wire. Every wait has a deadline; a connection that
# breaks is a die, so that nothing is repeated behind a test's back.

package Dosis::Client;

use strict;
use warnings;

use IO::Socket::INET ();
use Time::HiRes      ();

use Dosis::Answer ();
use Dosis::Record ();

sub new {
    my ($class, %option) = @_;

    return bless {
        host    => $option{host} // '127.0.0.1',
        port    => $option{port},
        timeout => $option{timeout} // 20,
        buffer  => '',
        asked   => [],
    }, $class;
}

# request('GET', $path, headers => [name => value, ...], body => $bytes,
#     chunked => 1): the answer.
sub request {
    my ($self, $method, $path, %option) = @_;

    $self->send_request($method, $path, %option);

    return $self->receive($method);
}

# Sends and returns at once; receive() then gives the answers in order.
sub send_request {
    my ($self, $method, $path, %option) = @_;

    my @lines = ("$method $path HTTP/1.1");
    my @headers = @{ $option{headers} // [] };
    my %given;
    my $body = $option{body};

    while (@headers) {
        my ($name, $value) = splice @headers, 0, 2;
        next if !defined $value;
        $given{ lc $name } = 1;
        push @lines, "$name: $value";
    }
    push @lines, 'Host: localhost' if !$given{host};
    if ($option{chunked}) {
        push @lines, 'Transfer-Encoding: chunked';
        $body = chunks($body, $option{chunked});
    }
    elsif (defined $body && !$given{'content-length'}) {
        push @lines, 'Content-Length: ' . length $body;
    }

    $self->connect_if_needed;
    push @{ $self->{asked} }, [$method, $path];
    $self->send_bytes(join("\r\n", @lines, '', '') . ($body // ''));

    return;
}

sub chunks {
    my ($body, $size) = @_;

    my $out = '';
    $size = 1000 if $size < 2;
    for (my $at = 0; $at < length $body; $at += $size) {
        my $piece = substr $body, $at, $size;
        $out .= sprintf "%x\r\n%s\r\n", length $piece, $piece;
    }

    return "${out}0\r\n\r\n";
}

sub connect_if_needed {
    my ($self) = @_;

    if ($self->{socket} && $self->gone) {
        $self->close;
    }
    return if $self->{socket};

    $self->{buffer} = '';
    $self->{socket} = IO::Socket::INET->new(
        PeerAddr => $self->{host},
        PeerPort => $self->{port},
        Proto    => 'tcp',
        Timeout  => $self->{timeout},
        ) or die "no connection to $self->{host}:$self->{port}: $@\n";
    $self->{socket}->sockopt(Socket::SO_KEEPALIVE(), 1);
    setsockopt $self->{socket}, Socket::IPPROTO_TCP(), Socket::TCP_NODELAY(),
        1;
    $self->{socket}->blocking(0);

    return;
}

# Has the server closed the idle connection?
sub gone {
    my ($self) = @_;

    return 0 if $self->{buffer} ne '';
    my $bits = '';
    vec($bits, fileno $self->{socket}, 1) = 1;
    return 0 if !select $bits, undef, undef, 0;
    my $got = sysread $self->{socket}, $self->{buffer}, 65536,
        length $self->{buffer};

    return !$got;
}

# Is there anything to receive, without waiting for it?
sub has_bytes {
    my ($self) = @_;

    my $bits = '';
    vec($bits, fileno $self->{socket}, 1) = 1;

    return $self->{buffer} ne '' || select $bits, undef, undef, 0;
}

sub close {
    my ($self) = @_;

    close $self->{socket} if $self->{socket};
    delete $self->{socket};
    $self->{buffer} = '';
    $self->{asked}  = [];

    return;
}

# false when the server stops reading; what it answered can still be read.
sub send_bytes {
    my ($self, $bytes) = @_;

    local $SIG{PIPE} = 'IGNORE';
    my $deadline = Time::HiRes::time() + $self->{timeout};
    my $at       = 0;

    while ($at < length $bytes) {
        my $bits = '';
        vec($bits, fileno $self->{socket}, 1) = 1;
        my $left = $deadline - Time::HiRes::time();
        if ($left <= 0 || !select undef, $bits, undef, $left) {
            die "the server does not read\n";
        }
        my $put = syswrite $self->{socket}, $bytes, 262144, $at;
        return 0 if !defined $put && !$!{EAGAIN};
        $at += $put // 0;
    }

    return 1;
}

# More bytes into the buffer; false at the end of the connection.
sub fill {
    my ($self, $deadline) = @_;

    my $bits = '';
    vec($bits, fileno $self->{socket}, 1) = 1;
    my $left = $deadline - Time::HiRes::time();
    if ($left <= 0 || !select $bits, undef, undef, $left) {
        die "no answer within $self->{timeout} s\n";
    }
    my $got = sysread $self->{socket}, $self->{buffer}, 262144,
        length $self->{buffer};
    return 1 if !defined $got && $!{EAGAIN};

    return $got;
}

# One whole answer; informational ones (100) are passed over and counted.
sub receive {
    my ($self, $method) = @_;

    my $deadline = Time::HiRes::time() + $self->{timeout};
    my $informed = 0;
    my $answer;

    while (1) {
        while ($self->{buffer} !~ /\r?\n\r?\n/) {
            if (!$self->fill($deadline)) {
                my $got = $self->{buffer};
                $self->close;
                die "connection closed after " . length($got) . " bytes\n";
            }
        }
        $answer = $self->take_head;
        last if $answer->{status} >= 200;
        $informed++;
    }
    my $asked = shift @{ $self->{asked} };
    $answer->{informed} = $informed;
    $answer->{body}     = $self->take_body($answer, $method, $deadline);
    Dosis::Record::keep(@$asked, $answer) if $asked;
    if (lc($answer->header('Connection') // '') eq 'close') {
        $self->close;
    }

    return $answer;
}

sub take_head {
    my ($self) = @_;

    $self->{buffer} =~ s/^(.*?)\r?\n\r?\n//s or die "no head\n";
    my ($first, @lines) = split /\r?\n/, $1;
    my ($status) = $first =~ m{^HTTP/1\.[01] (\d{3})}
        or die "no status line\n";
    my %headers;
    for my $line (@lines) {
        my ($name, $value) = $line =~ /^([^:]+):\s*(.*)$/
            or die "no header line: $line\n";
        push @{ $headers{ lc $name } }, $value;
    }

    return Dosis::Answer->new(status => $status, headers => \%headers);
}

sub take_body {
    my ($self, $answer, $method, $deadline) = @_;

    my $status = $answer->{status};

    return '' if $method eq 'HEAD' || $status == 204 || $status == 304;
    if (lc($answer->header('Transfer-Encoding') // '') eq 'chunked') {
        return $self->take_chunks($deadline);
    }
    my $length = $answer->header('Content-Length');
    if (defined $length) {
        while (length $self->{buffer} < $length) {
            $self->fill($deadline) or die "body cut short\n";
        }
        return substr $self->{buffer}, 0, $length, '';
    }
    1 while $self->fill($deadline);
    my $body = $self->{buffer};
    $self->close;

    return $body;
}

sub take_chunks {
    my ($self, $deadline) = @_;

    my $body = '';
    while (1) {
        until ($self->{buffer} =~ /\r\n/) {
            $self->fill($deadline) or die "chunk cut short\n";
        }
        $self->{buffer} =~ s/^([0-9a-fA-F]+)[^\r]*\r\n// or die "no chunk\n";
        my $size = hex $1;
        while (length $self->{buffer} < $size + 2) {
            $self->fill($deadline) or die "chunk cut short\n";
        }
        $body .= substr $self->{buffer}, 0, $size, '';
        substr $self->{buffer}, 0, 2, '';
        last if $size == 0;
    }

    return $body;
}

# Raw bytes on a fresh connection: the first answer, or undef when the server
# closed without one. The connection is closed afterwards.
sub raw {
    my ($self, $bytes, $method) = @_;

    $self->close;
    $self->connect_if_needed;
    $self->send_bytes($bytes);
    my $answer = eval { $self->receive($method // 'GET') };
    $self->close;

    return $answer;
}

1;
