# SPDX-License-Identifier: EUPL-1.2

# One HTTP answer as it came over the wire.

package Dosis::Answer;

use strict;
use warnings;

use JSON::PP ();

my $json = JSON::PP->new->utf8->allow_nonref;

sub new {
    my ($class, %part) = @_;

    return bless {%part}, $class;
}

sub status {
    my ($self) = @_;

    return $self->{status};
}

sub body {
    my ($self) = @_;

    return $self->{body};
}

# All values of a header, joined; undef when it is not there.
sub header {
    my ($self, $name) = @_;

    my $values = $self->{headers}{ lc $name };

    return defined $values ? join ', ', @$values : undef;
}

# The values of a header one by one.
sub headers {
    my ($self, $name) = @_;

    return @{ $self->{headers}{ lc $name } // [] };
}

# The body as JSON; undef when it is none.
sub json {
    my ($self) = @_;

    if (!exists $self->{json}) {
        $self->{json} = eval { $json->decode($self->{body}) };
    }

    return $self->{json};
}

# One member of the body, or of what lies deeper: member('Status', 'Actie').
sub member {
    my ($self, @path) = @_;

    my $value = $self->json;
    for my $step (@path) {
        $value = ref $value eq 'HASH' ? $value->{$step}
            : ref $value eq 'ARRAY' ? $value->[$step]
            :                         undef;
    }

    return $value;
}

# For diagnostics of a failed check.
sub text {
    my ($self) = @_;

    my $body = $self->{body} // '';

    return "$self->{status} " . substr $body, 0, 600;
}

1;
