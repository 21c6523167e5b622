# SPDX-License-Identifier: EUPL-1.2

# The introspection endpoint of an issuer, on loopback, for one instance: it
# says of a token what the test says it says, as slowly as the test wants, and
# writes down what it was asked.

package Dosis::Introspection;

use strict;
use warnings;

use IO::Select       ();
use IO::Socket::INET ();
use JSON::PP         ();
use POSIX            ();
use Time::HiRes      ();

use Dosis::Fixture ();
use Dosis::Port qw(claim_port);
use Dosis::Token   ();

my $json     = JSON::PP->new->utf8->canonical;
my $main_pid = $$;
my @all;

# new($dosis, name => 'a'): at work when it returns.
sub new {
    my ($class, $dosis, %option) = @_;

    my $name = $option{name} // 'introspection';
    my $self = bless {
        dosis  => $dosis,
        says   => {},
        path   => "$dosis->{home}/$name",
        port   => claim_port(),
    }, $class;
    Dosis::Fixture::write_file("$self->{path}.says", '{}');
    Dosis::Fixture::write_file("$self->{path}.asked", '');
    push @all, $self;
    $self->up;

    return $self;
}

# Registers the issuer of this instance with this endpoint; before the engine
# starts. Settings: Methode, MaxSeconden, ..., secret => a text.
sub register {
    my ($self, %setting) = @_;

    my $home = $self->{dosis}{home};
    my $file = "$home/keys/introspection.secret";

    if (!$setting{Bestand}) {
        Dosis::Fixture::write_file($file, ($setting{secret} // 'geheim') . "\n");
        chmod 0640, $file;
        $setting{Bestand} = $file;
    }
    delete $setting{secret};
    Dosis::Fixture::write_file("$home/reference/uitgevers.json",
        $json->encode([{
            Iss => Dosis::Token::ISSUER(), Naam => 'Proefuitgever',
            Audience => Dosis::Token::AUDIENCE(),
            Introspectie => { Adres => $self->address, ClientId => 'dosis-rs',
                WachtMs => 10000, %setting },
        }]));

    return;
}

# An instance that asks this endpoint about opaque tokens: (instance, endpoint).
sub instance {
    my ($class, %option) = @_;

    my $setting = delete $option{setting} // {};
    my $http    = delete $option{http}    // '';
    my $timeout = delete $option{timeout} // 'timeout=30s';
    my $dosis   = Dosis::Test->new(%option, engine => 0, nginx => 0);
    my $self    = $class->new($dosis);

    $dosis->{config}{http} =
        "dosis_engine unix:$dosis->{home}/run/dosisd.sock $timeout; $http";
    $self->register(%$setting);
    $dosis->start_engine;
    $dosis->start_nginx(1);

    return ($dosis, $self);
}

# Its keys, published as the engine would that fetched them.
sub publish_keys {
    my ($self) = @_;

    my $dosis = $self->{dosis};
    my $home  = $dosis->{home};
    my $said  = Dosis::Test::run_quietly("$dosis->{build}/put_keyset",
        "$home/store", "$home/keys/kek.hex", Dosis::Token::ISSUER(),
        "$home/keys/jwks.json");
    $? == 0 or die "put_keyset: $said\n";

    return;
}

sub address {
    my ($self) = @_;

    return "http://127.0.0.1:$self->{port}/introspect";
}

# Of this token, from now on: status, type, body (a hash is JSON), delay in
# seconds. Of any other: {"active":false}.
sub say {
    my ($self, $token, %what) = @_;

    $what{body} = $json->encode($what{body}) if ref $what{body};
    $self->{says}{$token} = \%what;
    Dosis::Fixture::write_file("$self->{path}.new",
        $json->encode($self->{says}));
    rename "$self->{path}.new", "$self->{path}.says"
        or die "cannot say: $!\n";

    return;
}

# It is a good token with these claims.
sub active {
    my ($self, $token, $claims, %more) = @_;

    my %body = (
        active => JSON::PP::true,
        aud    => Dosis::Token::AUDIENCE(),
        exp    => time + 3600,
        %$claims,
    );
    delete @body{ grep { !defined $body{$_} } keys %body };
    $self->say($token, body => \%body, %more);

    return $token;
}

# What it was asked: {token, authorization, form}, in order.
sub asked {
    my ($self, $token) = @_;

    my @lines = map { $json->decode($_) } split /\n/,
        Dosis::Fixture::read_file("$self->{path}.asked");

    return grep { !defined $token || $_->{token} eq $token } @lines;
}

sub times {
    my ($self, $token) = @_;

    return scalar(() = $self->asked($token));
}

# --- the program -----------------------------------------------------------

sub up {
    my ($self) = @_;

    my $listen = IO::Socket::INET->new(
        Listen => 64, LocalAddr => '127.0.0.1', LocalPort => $self->{port},
        ReuseAddr => 1)
        or die "cannot listen on $self->{port}: $!\n";
    my $pid = fork // die "cannot fork: $!\n";
    if ($pid == 0) {
        $SIG{INT} = $SIG{TERM} = 'DEFAULT';
        $SIG{PIPE} = 'IGNORE';
        eval { $self->serve($listen) };
        POSIX::_exit(1);
    }
    $self->{pid} = $pid;
    close $listen;

    return;
}

sub down {
    my ($self) = @_;

    my $pid = delete $self->{pid} // return;

    kill KILL => $pid;
    waitpid $pid, 0;

    return;
}

END {
    if ($$ == $main_pid) {
        my $code = $?;
        $_->down for @all;
        $? = $code;
    }
}

sub serve {
    my ($self, $listen) = @_;

    my $select = IO::Select->new($listen);
    my (%bytes, @later);

    while (1) {
        my $wait = 5;
        @later = sort { $a->[0] <=> $b->[0] } @later;
        if (@later) {
            $wait = $later[0][0] - Time::HiRes::time();
            $wait = 0 if $wait < 0;
        }
        for my $socket ($select->can_read($wait)) {
            if ($socket == $listen) {
                $select->add($listen->accept // next);
                next;
            }
            my $got = sysread $socket, $bytes{$socket}, 65536,
                length($bytes{$socket} // '');
            if (!$got) {
                $select->remove($socket);
                delete $bytes{$socket};
                close $socket;
                next;
            }
            my $answer = $self->answer(\$bytes{$socket}) // next;
            push @later, [Time::HiRes::time() + $answer->[0], $socket,
                $answer->[1]];
        }
        my $now = Time::HiRes::time();
        while (@later && $later[0][0] <= $now) {
            my (undef, $socket, $text) = @{ shift @later };
            syswrite $socket, $text if defined fileno $socket;
        }
    }
}

# Takes one request from the bytes: [delay, what to send].
sub answer {
    my ($self, $bytes) = @_;

    $$bytes =~ /^(.*?)\r\n\r\n/s or return;
    my $head = $1;
    my ($length) = $head =~ /^content-length:\s*(\d+)/mi;
    my $all = length($head) + 4 + ($length // 0);
    return if length $$bytes < $all;
    my $form = substr $$bytes, length($head) + 4, $length // 0;
    substr($$bytes, 0, $all) = '';

    my ($path) = $head =~ /^GET (\S+)/;
    if (defined $path) {
        my $at   = "http://127.0.0.1:$self->{port}";
        my $text = $path eq '/jwks'
            ? Dosis::Fixture::read_file("$self->{dosis}{home}/keys/jwks.json")
            : $json->encode({ issuer => $at, jwks_uri => "$at/jwks",
                introspection_endpoint => $self->address });
        return [0, join "\r\n", 'HTTP/1.1 200 Said',
            'Content-Type: application/json',
            'Content-Length: ' . length $text, '', $text];
    }

    my %form = map { s/%([0-9a-fA-F]{2})/chr hex $1/ger }
        map { my ($name, $value) = split /=/, $_, 2; ($name, $value // '') }
        split /&/, $form;
    my ($authorization) = $head =~ /^authorization:\s*(.*?)\s*$/mi;
    open my $to, '>>', "$self->{path}.asked" or die;
    syswrite $to, $json->encode({ token => $form{token} // '',
            authorization => $authorization, form => \%form,
            line => (split /\r\n/, $head)[0] }) . "\n";
    close $to;

    my $says = $json->decode(
        Dosis::Fixture::read_file("$self->{path}.says"));
    my $what = $says->{ $form{token} // '' } // {};
    my $body = $what->{body} // '{"active":false}';

    return [$what->{delay} // 0, join "\r\n",
        'HTTP/1.1 ' . ($what->{status} // 200) . ' Said',
        'Content-Type: ' . ($what->{type} // 'application/json'),
        'Content-Length: ' . length $body, '', $body];
}

1;
