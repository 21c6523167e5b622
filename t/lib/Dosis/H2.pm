# SPDX-License-Identifier: EUPL-1.2

# HTTP/2 frame by frame over one connection, for tests that want what no
# client library does: a stream reset in the middle of its body, a window that
# stays shut. Headers are sent as plain literals; of an answer only its status
# and its body are read.

package Dosis::H2;

use strict;
use warnings;

use Dosis::Client ();

use constant { DATA => 0, HEADERS => 1, RESET => 3, SETTINGS => 4, PING => 6,
    GOAWAY => 7, WINDOW => 8 };
use constant { END_STREAM => 1, ACK => 1, END_HEADERS => 4 };
use constant { PRIORITY_BYTES => 5, FRAME_MAX => 16384 };

# Those with an index of their own in HPACK's table.
my %indexed = (0x88 => 200, 0x89 => 204, 0x8a => 206, 0x8b => 304,
    0x8c => 400, 0x8d => 404, 0x8e => 500);

# new($dosis, window => bytes that may come on a stream before we say more)
sub new {
    my ($class, $dosis, %option) = @_;

    my $self = bless {
        client  => $dosis->client(port => $dosis->{port_h2}),
        next    => 1,
        window  => 65535,    # what may be sent, all together
        initial => 65535,    # and on a new stream
        stream  => {},
        gone    => 0,
    }, $class;
    $self->{client}->connect_if_needed;
    $self->{client}->send_bytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
    $self->frame(SETTINGS, 0, 0,
        defined $option{window} ? pack 'nN', 4, $option{window} : '');
    $self->allow(0, 1 << 30);

    return $self;
}

sub frame {
    my ($self, $type, $flags, $stream, $payload) = @_;

    $self->{client}->send_bytes(
        substr(pack('N', length $payload), 1)
            . pack('CCN', $type, $flags, $stream) . $payload);

    return;
}

sub literal {
    my ($name, $value) = @_;

    return "\x00" . join '', map { number(length, 7) . $_ } $name, $value;
}

sub number {
    my ($value, $bits) = @_;

    my $most = 2**$bits - 1;
    return chr $value if $value < $most;
    my $out = chr $most;
    $value -= $most;
    while ($value >= 128) {
        $out .= chr($value % 128 + 128);
        $value >>= 7;
    }

    return $out . chr $value;
}

# Begins a stream, its head sent; end => 1: that is all. Its number.
sub begin {
    my ($self, $method, $path, %option) = @_;

    my $id = $self->{next};
    $self->{next} += 2;
    my %header = (':method' => $method, ':path' => $path,
        ':scheme' => 'http', ':authority' => 'localhost');
    my $block = join '', map { literal($_, $header{$_}) } sort keys %header;
    my @more = @{ $option{headers} // [] };
    while (@more) {
        $block .= literal(lc shift @more, shift @more);
    }
    $self->{stream}{$id} = { body => '', window => $self->{initial} };
    $self->frame(HEADERS, END_HEADERS | ($option{end} ? END_STREAM : 0), $id,
        $block);

    return $id;
}

# The body, within what the server allows; end => 0: more will follow.
sub body {
    my ($self, $id, $body, %option) = @_;

    my $stream = $self->{stream}{$id};
    my $at     = 0;
    while ($at < length $body) {
        my $room = FRAME_MAX;
        for my $most ($self->{window}, $stream->{window}) {
            $room = $most if $most < $room;
        }
        if ($room <= 0) {
            return if $stream->{ended} || defined $stream->{reset};
            $self->take;
            next;
        }
        my $piece = substr $body, $at, $room;
        $at += length $piece;
        $_ -= length $piece for $self->{window}, $stream->{window};
        my $last = $at >= length $body && ($option{end} // 1);
        $self->frame(DATA, $last ? END_STREAM : 0, $id, $piece);
    }

    return;
}

# A whole request; its number.
sub ask {
    my ($self, $method, $path, %option) = @_;

    my $id = $self->begin($method, $path, %option,
        end => !defined $option{body});
    $self->body($id, $option{body}) if defined $option{body};

    return $id;
}

sub reset {
    my ($self, $id) = @_;

    $self->frame(RESET, 0, $id, pack 'N', 8);

    return;
}

# Lets more come: on one stream, or (0) on all.
sub allow {
    my ($self, $id, $bytes) = @_;

    $self->frame(WINDOW, 0, $id, pack 'N', $bytes);

    return;
}

# Takes one frame and does what it asks; dies when there is none in time.
sub take {
    my ($self, $seconds) = @_;

    my $client   = $self->{client};
    my $deadline = Time::HiRes::time() + ($seconds // 20);
    my $have     = sub {
        while (length $client->{buffer} < $_[0]) {
            $client->fill($deadline) or die "the server has closed\n";
        }
    };
    $have->(9);
    my ($high, $low, $type, $flags, $id) = unpack 'CnCCN', $client->{buffer};
    my $size = ($high << 16) + $low;
    $have->(9 + $size);
    my $payload = substr $client->{buffer}, 9, $size;
    substr($client->{buffer}, 0, 9 + $size) = '';
    $self->on_frame($type, $flags, $id, $payload);

    return;
}

sub on_frame {
    my ($self, $type, $flags, $id, $payload) = @_;

    my $stream = $self->{stream}{$id};
    if ($type == SETTINGS && !($flags & ACK)) {
        $self->on_settings($payload);
    }
    elsif ($type == PING && !($flags & ACK)) {
        $self->frame(PING, ACK, 0, $payload);
    }
    elsif ($type == WINDOW) {
        my $more = unpack 'N', $payload;
        ${ $id ? \$stream->{window} : \$self->{window} } += $more;
    }
    elsif ($type == GOAWAY) {
        $self->{gone} = 1;
    }
    elsif ($type == RESET) {
        $stream->{reset} = unpack 'N', $payload;
    }
    elsif ($type == HEADERS) {
        $stream->{status} = status_of($payload);
    }
    elsif ($type == DATA) {
        $stream->{body} .= $payload;
    }
    $stream->{ended} = 1
        if $stream && ($type == DATA || $type == HEADERS)
        && $flags & END_STREAM;

    return;
}

sub on_settings {
    my ($self, $payload) = @_;

    while ($payload =~ /(..)(....)/gs) {
        next if unpack('n', $1) != 4;
        my $initial = unpack 'N', $2;
        $_->{window} += $initial - $self->{initial}
            for values %{ $self->{stream} };
        $self->{initial} = $initial;
    }
    $self->frame(SETTINGS, ACK, 0, '');

    return;
}

# nginx sends the status first, maybe behind a change of the table's size.
sub status_of {
    my ($block) = @_;

    $block =~ s/^[\x20-\x3f]//;
    my $first = ord $block;

    return $indexed{$first} // ($block =~ /^.\x03(\d{3})/s ? $1 : 0);
}

# Until the stream has ended: {status, body, reset}.
sub answer {
    my ($self, $id) = @_;

    my $stream = $self->{stream}{$id};
    $self->take while !$stream->{ended} && !defined $stream->{reset};

    return $stream;
}

sub close {
    my ($self) = @_;

    $self->{client}->close;

    return;
}

1;
