# SPDX-License-Identifier: EUPL-1.2

# Tokens as the development issuer would give them, minted in this process
# from its private keys, and the raw material to forge others.

package Dosis::Token;

use strict;
use warnings;

use Crypt::JWT         ();
use Crypt::PK::ECC     ();
use Crypt::PK::Ed25519 ();
use Crypt::PK::RSA     ();
use JSON::PP           ();
use MIME::Base64       ();

use Dosis::Number ();

use constant {
    ISSUER   => 'https://issuer.dosis.localhost',
    AUDIENCE => 'dosis',
    ACR_HIGH => 'urn:dosis:acr:hoog',
};

my $json = JSON::PP->new->utf8->canonical;

# keys: the folder that holds the private keys.
sub new {
    my ($class, $keys) = @_;

    return bless {
        RS256 => Crypt::PK::RSA->new("$keys/issuer-rs256.pem"),
        ES256 => Crypt::PK::ECC->new("$keys/issuer-es256.pem"),
        PS256 => Crypt::PK::RSA->new("$keys/issuer-ps256.pem"),
        EdDSA => Crypt::PK::Ed25519->new("$keys/issuer-eddsa.pem"),
        kid   => { map { $_ => 'dev-' . lc } qw(RS256 ES256 PS256 EdDSA) },
    }, $class;
}

# A token with these claims; a claim that is undef is left out. Options:
# alg, kid, header => {...}, key.
sub mint {
    my ($self, $claims, %option) = @_;

    my $alg    = $option{alg} // 'RS256';
    my $header = { typ => 'JWT', %{ $option{header} // {} } };
    my $kid    = exists $option{kid} ? $option{kid} : $self->{kid}{$alg};
    my %said   = (%{ $self->common }, %$claims);

    delete @said{ grep { !defined $said{$_} } keys %said };
    $header->{kid} = $kid if defined $kid;

    return Crypt::JWT::encode_jwt(
        payload       => \%said,
        alg           => $alg,
        key           => $option{key} // $self->{$alg},
        extra_headers => $header,
    );
}

sub common {
    my $now = time;

    return {
        iss => ISSUER,
        aud => AUDIENCE,
        iat => $now - 5,
        exp => $now + 3600,
        jti => Dosis::Number::uuid(),
    };
}

sub machine_claims {
    my ($client, %more) = @_;

    return { client_id => $client, sub => $client, scope => 'DosisImport',
        %more };
}

sub user_claims {
    my (%more) = @_;

    return {
        client_id => 'dosis-portaal',
        sub       => Dosis::Number::uuid(),
        scope     => 'DosisGebruiker',
        %more,
    };
}

# One compact token out of parts that nobody checks: forgeries.
sub assemble {
    my ($header, $payload, $signature) = @_;

    return join '.', map { MIME::Base64::encode_base64url($_) }
        ref $header  ? $json->encode($header)  : $header,
        ref $payload ? $json->encode($payload) : $payload,
        $signature;
}

1;
