# SPDX-License-Identifier: EUPL-1.2

# An issuer of tokens whose keys lie at an address: its key set is a file that
# the nginx of the test serves. As many keys as it is asked for, by name.

package Dosis::Issuer;

use strict;
use warnings;

use Crypt::PK::ECC ();
use File::Temp     ();
use JSON::PP       ();

use Dosis::Port qw(claim_port);
use Dosis::Test  ();
use Dosis::Token ();

my $json = JSON::PP->new->utf8->canonical;

# Options: iss, server (configuration lines in its server), listen (words
# behind the port), scheme, host. http() goes into the options of Dosis::Test.
sub new {
    my ($class, %option) = @_;

    my $self = bless {
        port   => claim_port(),
        server => '',
        listen => '',
        scheme => 'http',
        host   => '127.0.0.1',
        root   => File::Temp::tempdir(
            'dosis-iss-XXXXXX', TMPDIR => 1, CLEANUP => 1),
        %option,
    }, $class;
    chmod 0755, $self->{root};
    $self->{iss} //= $self->address;

    return $self;
}

sub address {
    my ($self) = @_;

    return "$self->{scheme}://$self->{host}:$self->{port}";
}

sub http {
    my ($self) = @_;

    return <<"END";
server {
    listen 127.0.0.1:$self->{port} $self->{listen};
    root $self->{root};
    $self->{server}
}
END
}

sub key {
    my ($self, $kid) = @_;

    return $self->{key}{$kid} //= do {
        my $made = Crypt::PK::ECC->new;
        $made->generate_key('secp256r1');
        $made;
    };
}

# The set at its address from now on, in one step.
sub publish {
    my ($self, @kids) = @_;

    my $name = "$self->{root}/keys";
    my $set  = { keys => [
            map { { %{ $json->decode($self->key($_)->export_key_jwk('public')) },
                    kid => $_, use => 'sig' } } @kids ] };
    Dosis::Fixture::write_file("$name.new", $json->encode($set));
    rename "$name.new", $name or die "cannot publish: $!\n";

    return;
}

# Registers it, or changes how it is registered.
sub register {
    my ($self, $dosis, %more) = @_;

    my $file = "$dosis->{home}/tmp/uitgever.json";
    Dosis::Fixture::write_file($file, $json->encode({
        Iss => $self->{iss}, Naam => 'Test', PauzeSeconden => 1,
        Audience => Dosis::Token::AUDIENCE(), OverlapSeconden => 0,
        Sleutels => $self->address . '/keys', %more }));
    my @words = $self->{registered}++
        ? ('change', $self->{iss}, '--file', $file) : ('add', $file);
    my ($code, $said) = $dosis->ctl('uitgever', @words);
    $code == 0 or die "dosisctl uitgever @words: $said";

    return;
}

# What the engine says of it: Toestand, Fout, Sleutels, Vervallen, ...
sub state_of {
    my ($self, $dosis) = @_;

    my (undef, $said) = $dosis->ctl('uitgever', 'status', '--json');
    my $all = eval { $json->decode($said) } // [];

    return (grep { $_->{Iss} eq $self->{iss} } @$all)[0] // {};
}

# Waits for that failure; '': for none, and a set that is held.
sub wait_for_state {
    my ($self, $dosis, $failure) = @_;

    my $state;
    $dosis->wait_for(
        sub {
            $state = $self->state_of($dosis);
            return $failure eq ''
                ? ($state->{Toestand} // '') eq 'goed'
                : ($state->{Fout} // '') eq $failure;
        },
        "$self->{iss}: " . ($failure || 'fetched'), 60);

    return $state;
}

# A token of a client that delivers; more: claims, and kid.
sub token {
    my ($self, $dosis, $key, %more) = @_;

    my $kid = delete $more{kid} // $key;

    return $dosis->{tokens}->mint(
        Dosis::Token::machine_claims('leverancier-a', iss => $self->{iss},
            %more),
        alg => 'ES256', kid => $kid, key => $self->key($key));
}

1;
