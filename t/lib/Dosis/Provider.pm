# SPDX-License-Identifier: EUPL-1.2

# A real identity provider for a test (t/oidc/provider.mjs), on a free loopback
# port, with machines that prove who they are by a key and people who log in;
# and a source application that logs people in at it (t/oidc/source.mjs).

package Dosis::Provider;

use strict;
use warnings;

use Crypt::PK::ECC ();
use File::Temp     ();
use HTTP::Tiny     ();
use JSON::PP       ();

use Dosis::Fixture ();
use Dosis::Node    ();
use Dosis::Port qw(claim_port);
use Dosis::Test    ();

my $top  = $Dosis::Node::top;
my $json = JSON::PP->new->utf8->canonical;

# Where a user's token is sent back to; nothing listens there.
use constant BACK => 'http://127.0.0.1:1/terug';

# people: {login => {claim => value}}, machines: {client_id => scope}, opaque:
# [client_id], source => port of a source application, tls => Dosis::Tls that
# has a certificate `idp`; without it, plain http.
sub new {
    my ($class, %option) = @_;

    Dosis::Node::need($_) for qw(oidc-provider openid-client jose);
    my $self = bless {
        dir    => File::Temp::tempdir('dosis-idp-XXXXXX', TMPDIR => 1,
            CLEANUP => 1),
        port   => claim_port(),
        secret => 'een geheim van de proef, lang genoeg voor HS256',
    }, $class;
    my $tls = $self->{tls} = $option{tls};
    $self->{ca}     = $tls->path('ca.pem') if $tls;
    $self->{issuer} = $tls ? "https://localhost:$self->{port}"
        : "http://127.0.0.1:$self->{port}";
    Dosis::Fixture::write_json($self->path('provider.json'), {
            port          => $self->{port},
            audience      => 'dosis',
            people        => $option{people} // {},
            opaque        => $option{opaque} // [],
            introspection => ['dosis-introspectie'],
            clients       => [$self->clients(%option)],
            $tls ? (key => $tls->path('idp.key'),
                cert => $tls->path('idp.pem')) : (),
        });
    $self->start('provider');

    return $self;
}

# An instance that asks the engine about opaque tokens; options of Dosis::Test.
# %port% in its location is its port.
sub instance {
    my ($self, %option) = @_;

    my $location = delete $option{location} // '';
    my $dosis = Dosis::Test->new(%option, nginx => 0);
    $dosis->{config}{http} =
        "dosis_engine unix:$dosis->{home}/run/dosisd.sock timeout=30s;";
    $dosis->{config}{location} = $location =~ s/%port%/$dosis->{port}/gr;
    $dosis->start_nginx(1);

    return $dosis;
}

# Registers it there, as the operator does: by its address alone.
sub register {
    my ($self, $dosis, %setting) = @_;

    my $file = $self->path('uitgever.json');
    Dosis::Fixture::write_json($file, {
            Iss           => $self->{issuer},
            Naam          => 'Proefuitgever',
            Audience      => 'dosis',
            Ontdekking    => JSON::PP::true,
            PauzeSeconden => 1,
            $self->{ca} ? (CaBestand => $self->{ca}) : (),
            %setting,
        });
    my ($code, $said) = $dosis->ctl('uitgever', 'add', $file);
    die "dosisctl uitgever add: $said" if $code != 0;

    return;
}

# How the engine may ask it about opaque tokens: by its key.
sub introspection {
    my ($self, %setting) = @_;

    return {
        Methode   => 'assertie',
        ClientId  => 'dosis-introspectie',
        Bestand   => $self->path('dosis-introspectie.pem'),
        SleutelId => 'dosis-introspectie-1',
        WachtMs   => 20_000,
        %setting,
    };
}

# What dosisctl tells of it.
sub state_of {
    my ($self, $dosis) = @_;

    my ($code, $said) = $dosis->ctl(qw(uitgever status --json));
    die "dosisctl uitgever status: $said" if $code != 0;

    return (grep { $_->{Iss} eq $self->{issuer} } @{ $json->decode($said) })[0]
        // {};
}

sub issuer { return $_[0]{issuer} }

sub path {
    my ($self, $name) = @_;

    return "$self->{dir}/$name";
}

# As a machine proves itself: its key is here, the provider has the public half.
sub machine {
    my ($self, $name, $scope) = @_;

    my $key = Crypt::PK::ECC->new;
    $key->generate_key('secp256r1');
    my %jwk = map { $_ => $key->export_key_jwk($_, 1) } qw(public private);
    $_ = { %$_, use => 'sig', alg => 'ES256', kid => "$name-1" } for values %jwk;
    Dosis::Fixture::write_json($self->path("$name.jwk"), $jwk{private});
    Dosis::Fixture::write_file($self->path("$name.pem"),
        $key->export_key_pem('private'));
    chmod 0600, $self->path("$name.pem"), $self->path("$name.jwk");

    return {
        client_id                       => $name,
        grant_types                     => ['client_credentials'],
        response_types                  => [],
        redirect_uris                   => [],
        token_endpoint_auth_method      => 'private_key_jwt',
        token_endpoint_auth_signing_alg => 'ES256',
        jwks                            => { keys => [$jwk{public}] },
        scope                           => $scope,
    };
}

sub clients {
    my ($self, %option) = @_;

    my $machines = $option{machines} // {};
    my @clients  = map { $self->machine($_, $machines->{$_}) }
        sort keys %$machines;
    my $asks = $self->machine('dosis-introspectie', 'openid');
    $asks->{grant_types} = [];
    push @clients, $asks, {
        client_id                  => 'portaal',
        redirect_uris              => [BACK],
        response_types             => ['code'],
        grant_types                => ['authorization_code'],
        token_endpoint_auth_method => 'none',
        application_type           => 'native',
        scope                      => 'openid DosisGebruiker',
    };
    push @clients, {
        client_id      => 'bron-toepassing',
        client_secret  => $self->{secret},
        redirect_uris  => ["https://localhost:$option{source}/terug"],
        response_types => ['code'],
        grant_types    => ['authorization_code'],
        scope          => 'openid',
    } if $option{source};

    return @clients;
}

# t/oidc/NAME.mjs with NAME.json, until it says where it listens.
sub start {
    my ($self, $name, %env) = @_;

    local @ENV{ keys %env } = values %env;
    Dosis::Node::launch($self->path("$name.log"), "$top/t/oidc/$name.mjs",
        $self->path("$name.json"));

    return;
}

# What t/oidc/person.mjs says to these words.
sub ask {
    my ($self, @words) = @_;

    local $ENV{NODE_EXTRA_CA_CERTS} = $self->{ca} if $self->{ca};
    my $done = Dosis::Node::run('node', "$top/t/oidc/person.mjs", @words);
    $done->{code} == 0 or die "person.mjs @words: $done->{err}\n";

    return $json->decode($done->{out});
}

# Tokens, as the provider gives them out.
sub machine_token {
    my ($self, $client, $scope) = @_;

    return $self->ask('machine', $self->{issuer}, $client,
        $self->path("$client.jwk"), $scope)->{access_token};
}

sub user_token {
    my ($self, $login) = @_;

    return $self->ask('user', $self->{issuer}, 'portaal', BACK, $login)
        ->{access_token};
}

# Opens each address in a browser of its own, in which that person logs in.
sub open_as {
    my ($self, $login, @addresses) = @_;

    return @{ $self->ask('open', $login, @addresses) };
}

# What the stand-in does for tests, on plain http. Not by Dosis::Client: that one
# keeps answers of DOSIS.
sub proof {
    my ($self, $what) = @_;

    my $answer = HTTP::Tiny->new(no_proxy => '127.0.0.1', timeout => 60)
        ->post("$self->{issuer}/proef/$what");
    $answer->{success} or die "provider: $answer->{content}\n";

    return;
}

sub rotate { return $_[0]->proof('draai') }

sub break { return $_[0]->proof('stuk?aan') }

sub mend { return $_[0]->proof('stuk?uit') }

# The source application, with the certificate `bron`; the rest as
# t/oidc/source.mjs has it.
sub start_source {
    my ($self, %option) = @_;

    my $tls = $self->{tls};
    Dosis::Fixture::write_json($self->path('source.json'), {
            issuer => $self->{issuer},
            client => 'bron-toepassing',
            secret => $self->{secret},
            key    => $tls->path('bron.key'),
            cert   => $tls->path('bron.pem'),
            %option,
        });
    $self->start('source', NODE_EXTRA_CA_CERTS => $self->{ca});

    return;
}

1;
