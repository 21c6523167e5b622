# SPDX-License-Identifier: EUPL-1.2

# A consumer of the feed: an event stream on a connection of its own, read
# event by event; and a mirror, fed from pages or from a stream.

package Dosis::Stream;

use strict;
use warnings;

use JSON::PP    ();
use Time::HiRes ();

use Dosis::Test ();

use constant DOOR => '/api/v1/dosis/wijzigingen';

my $json = JSON::PP->new->utf8;

# open($dosis, token =>, last => cursor, headers => [], query =>): a stream,
# its head read. {answer} is not a stream when the status is not 200.
sub open {
    my ($class, $dosis, %option) = @_;

    my $self = bless { client => $dosis->client(timeout => 30), text => '',
        last => $option{last}, ended => 0 }, $class;
    my $query = $option{query} // '';

    $self->{client}->send_request('GET', DOOR . $query, headers => [
        Authorization   => "Bearer $option{token}",
        Accept          => 'text/event-stream',
        'Last-Event-ID' => $option{last},
        @{ $option{headers} // [] },
    ]);
    my $client   = $self->{client};
    my $deadline = Time::HiRes::time() + 20;
    until ($client->{buffer} =~ /\r\n\r\n/) {
        $client->fill($deadline) or die "no head of a stream\n";
    }
    $self->{answer} = $client->take_head;
    if ($self->{answer}{status} != 200) {
        $self->{answer}{body} =
            $client->take_body($self->{answer}, 'GET', $deadline);
        $self->{ended} = 1;
    }

    return $self;
}

sub status {
    my ($self) = @_;

    return $self->{answer}{status};
}

# Whole chunks that are there into the text; false at the end of the body.
sub take {
    my ($self) = @_;

    my $buffer = \$self->{client}{buffer};
    while ($$buffer =~ /^([0-9a-fA-F]+)\r\n/) {
        my ($head, $size) = (length $&, hex $1);
        return 1 if length $$buffer < $head + $size + 2;
        $self->{text} .= substr $$buffer, $head, $size;
        substr($$buffer, 0, $head + $size + 2) = '';
        if ($size == 0) {
            $self->{ended} = 'whole';
            return 0;
        }
    }

    return 1;
}

# The next block as {id, data, comment}; undef at the deadline or the end.
# Blocks without data only move {last}.
sub block {
    my ($self, $seconds) = @_;

    my $deadline = Time::HiRes::time() + ($seconds // 10);
    while (index($self->{text}, "\n\n") < 0) {
        return undef if $self->{ended};
        $self->take or next;
        next if index($self->{text}, "\n\n") >= 0;
        my $more = eval { $self->{client}->fill($deadline) };
        return undef if $@;
        $self->{ended} ||= 'cut' if !$more;
    }
    my $at   = index $self->{text}, "\n\n";
    my $said = substr $self->{text}, 0, $at + 2, '';
    my %block;
    for my $line (split /\n/, $said) {
        my ($name, $value) = $line =~ /^(\w*): ?(.*)$/ or next;
        $block{ $name eq '' ? 'comment' : $name } = $value;
    }
    $self->{last} = $block{id} if defined $block{id};

    return \%block;
}

# The next event, decoded; comments and the like are kept in {comments}.
sub event {
    my ($self, $seconds) = @_;

    my $deadline = Time::HiRes::time() + ($seconds // 10);
    while (1) {
        my $left  = $deadline - Time::HiRes::time();
        my $block = $self->block($left > 0 ? $left : 0) // return undef;
        if (defined $block->{data}) {
            return $json->decode($block->{data});
        }
        push @{ $self->{comments} }, $block->{comment}
            if defined $block->{comment};
    }
}

# Until the server has ended it: 'whole' (in good order) or 'cut'.
sub end {
    my ($self, $seconds) = @_;

    my $deadline = Time::HiRes::time() + ($seconds // 10);
    while (!$self->{ended} && Time::HiRes::time() < $deadline) {
        $self->event($deadline - Time::HiRes::time());
    }

    return $self->{ended};
}

sub close {
    my ($self) = @_;

    $self->{client}->close;

    return;
}

# One page of the feed: poll($dosis, token =>, na =>, limiet =>, wait =>).
sub poll {
    my ($dosis, %option) = @_;

    my $token   = delete $option{token};
    my $wait    = delete $option{wait};
    my $client  = delete $option{client};
    my $headers = delete $option{headers} // [];
    my $query   = Dosis::Test::query(%option);

    return $dosis->get(DOOR . ($query eq '' ? '' : "?$query"),
        token => $token, client => $client,
        headers =>
            [@$headers, defined $wait ? (Prefer => "wait=$wait") : ()]);
}

# All that is new: (events, cursor).
sub poll_all {
    my ($dosis, %option) = @_;

    my @events;
    while (1) {
        my $answer = poll($dosis, %option);
        $answer->status == 200 or die $answer->text;
        push @events, @{ $answer->member('Wijzigingen') };
        $option{na} = $answer->member('Volgende');
        last if !$answer->member('Meer');
    }

    return (\@events, $option{na});
}

# The name in the type of an event.
sub name {
    my ($event) = @_;

    return $event->{type} =~ /^be\.vlaanderen\.dosis\.dossier\.(\w+)\.v1$/
        ? $1
        : $event->{type};
}

# What an event does to a mirror: {DossierId => row}.
sub apply {
    my ($mirror, $event) = @_;

    if (name($event) =~ /^(?:nieuw|gewijzigd)$/) {
        $mirror->{ $event->{subject} } = $event->{data};
    }
    else {
        delete $mirror->{ $event->{subject} };
    }

    return;
}

1;
