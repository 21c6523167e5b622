#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# An issuer's yes is not enough: what it says of the token is judged as the
# claims of a signed token are; a signed answer only counts with a signature
# of that issuer.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Introspection;
use Dosis::Test;

my ($dosis, $issuer) = Dosis::Introspection->instance(workers => 1);
my $path   = '/api/v2/dosis/bronnen/uris';
my $claims = Dosis::Token::machine_claims('leverancier-a');
my $serial = 0;

sub answered {
    my ($what, $status, $code, %say) = @_;

    my $token = 'token' . ++$serial;
    $issuer->say($token, %say);
    my $answer = $dosis->get($path, token => $token);
    if ($code) {
        is_problem($answer, $status, $code, $what);
    }
    else {
        is_status($answer, $status, $what);
    }

    return $answer;
}

sub body {
    my %body = (active => JSON::PP::true, aud => 'dosis', exp => time + 600,
        %$claims, @_);

    delete @body{ grep { !defined $body{$_} } keys %body };
    return \%body;
}

# --- plain -----------------------------------------------------------------

my %wrong = (
    'for another audience'   => [aud => 'iemand-anders'],
    'for no audience'        => [aud => undef],
    'of another issuer'      => [iss => 'https://ander.example.be'],
    'expired'                => [exp => time - 600],
    'not valid yet'          => [nbf => time + 600],
    'bound to a key'         => [cnf => { jkt => 'abc' }],
    'bound to a certificate that did not come' =>
        [cnf => { 'x5t#S256' => 'A' x 43 }],
    'that is no bearer token' => [token_type => 'DPoP'],
    'that is not active'     => [active => JSON::PP::false],
);
for my $what (sort keys %wrong) {
    my $answer = answered("a token $what", 401,
        $what eq 'expired' ? 'TokenVerlopen' : 'TokenOngeldig',
        body => body(@{ $wrong{$what} }));
    like($answer->header('WWW-Authenticate'), qr/^Bearer error="invalid_token"/,
        "a token $what: why");
}
answered('a token with all of it right', 200, undef,
    body => body(iss => Dosis::Token::ISSUER(), token_type => 'Bearer',
        nbf => time - 5));

# --- signed ----------------------------------------------------------------

my $mint = $dosis->{tokens};
my $evil = Crypt::PK::ECC->new;
$evil->generate_key('secp256r1');

answered('a signed member, and no keys of its issuer', 503,
    'UitgeverOnbereikbaar', body => body(jwt => $mint->mint($claims)));
$issuer->publish_keys;
answered('a signed member', 200, undef,
    body => body(jwt => $mint->mint($claims)));
answered('a signed member for another audience', 401, 'TokenOngeldig',
    body => body(jwt => $mint->mint({ %$claims, aud => 'ander' })));
answered('a member that somebody else signed', 503, 'UitgeverOnbereikbaar',
    body => body(jwt => $mint->mint($claims, alg => 'ES256', key => $evil)));
answered('a member that is no token', 503, 'UitgeverOnbereikbaar',
    body => body(jwt => 'abc'));

sub answer_jwt {
    my ($inner, %option) = @_;

    my $aud = delete $option{aud} // 'dosis-rs';
    return (type => 'application/token-introspection+jwt',
        body => $mint->mint({ aud => $aud, token_introspection => $inner,
                exp => undef },
            header => { typ => 'token-introspection+jwt' }, alg => 'ES256',
            %option));
}

answered('a signed answer', 200, undef, answer_jwt(body()));
answered('a signed answer that says no', 401, 'TokenOngeldig',
    answer_jwt({ active => JSON::PP::false }));
answered('a signed answer for somebody else', 503, 'UitgeverOnbereikbaar',
    answer_jwt(body(), aud => 'iemand'));
answered('an answer that somebody else signed', 503, 'UitgeverOnbereikbaar',
    answer_jwt(body(), key => $evil));

# --- no opaque token -------------------------------------------------------

my $asked = $issuer->times;
for my $text ('a,b', 'a"b', "\xe9", '{}', 'x' x 8200,
    'eyJhbGciOiJub25lIn0.e30.', 'eyJhbGciOiJIUzI1NiJ9.e30.abc') {
    is_problem($dosis->get($path, token => $text), 401, 'TokenOngeldig',
        'no opaque token: ' . substr $text, 0, 20);
}
is($issuer->times, $asked, 'nobody was asked about those');
