#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# An issuer may have many keys: each signs for itself, in its own way. More
# than the ceiling is said when the configuration is read.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Crypt::PK::ECC     ();
use Crypt::PK::Ed25519 ();
use Crypt::PK::RSA     ();
use JSON::PP           ();

use Dosis::Test;
use Dosis::Token;

use constant ISSUER => 'https://veel.example.be';

my $json = JSON::PP->new->utf8->canonical;

sub generated {
    my ($alg) = @_;

    my $key = $alg eq 'ES256' ? Crypt::PK::ECC->new
        : $alg eq 'EdDSA' ? Crypt::PK::Ed25519->new
        :                   Crypt::PK::RSA->new;
    $key->generate_key($alg eq 'ES256' ? 'secp256r1'
        : $alg eq 'EdDSA' ? () : (256, 65537));

    return $key;
}

# RSA keys cost most to make: one each, and that without `alg` is RS256.
my @kinds = ('RS256', 'PS256', map { $_ % 2 ? 'ES256' : 'EdDSA' } 3 .. 50);
my @keys  = map { { alg => $_, key => generated($_) } } @kinds;

sub jwks {
    my ($count) = @_;

    return $json->encode({ keys => [
        map {
            my $row = $keys[$_ % @keys];
            my $jwk = $json->decode($row->{key}->export_key_jwk('public'));
            +{  %$jwk,
                kid => "sleutel-$_",
                $row->{alg} eq 'PS256' ? (alg => 'PS256') : (),
            }
        } 0 .. $count - 1
    ] });
}

my $dosis = Dosis::Test->new(nginx => 0);
my $home  = $dosis->{home};
Dosis::Fixture::write_file("$home/veel.json", jwks(50));
$dosis->{config}{http} = "dosis_token_cache off;\n"
    . 'dosis_issuer ' . ISSUER . " audience=dosis keys=$home/veel.json;";
$dosis->start_nginx(1);

my %claims = (%{ Dosis::Token::machine_claims('leverancier-a') },
    iss => ISSUER);
sub answer {
    my (%option) = @_;

    return $dosis->push($dosis->dossier,
        token => $dosis->{tokens}->mint(\%claims, %option));
}

my (@bad, @taken);
for my $number (0 .. $#keys) {
    my ($alg, $key) = @{ $keys[$number] }{qw(alg key)};
    push @bad, $number
        if answer(alg => $alg, key => $key, kid => "sleutel-$number")->status
        != 200;
    my $next = ($number + 2) % @keys;
    push @taken, "$number as $next"
        if answer(alg => $alg, key => $key, kid => "sleutel-$next")->status
        != 401;
}
is_deeply(\@bad, [], 'each of the 50 keys signs');
is_deeply(\@taken, [], 'and none under the name of another');
my $rsa = $keys[0]{key};
is_problem(answer(alg => 'PS256', key => $rsa, kid => 'sleutel-0'), 401,
    'TokenOngeldig', 'an RSA key that does not say PS256 is for RS256');
is_problem(answer(alg => 'RS256', key => $keys[1]{key}, kid => 'sleutel-1'),
    401, 'TokenOngeldig', 'one that does is for PS256');
is_problem(answer(alg => 'RS256', key => $rsa, kid => 'sleutel-50'), 401,
    'TokenOngeldig', 'a kid that nobody has');
is_problem(answer(alg => 'RS256', key => $rsa, kid => undef), 401,
    'TokenOngeldig', 'a token says which key it means');

# nginx -t with a set of so many keys.
sub test_with {
    my ($text) = @_;

    Dosis::Fixture::write_file("$home/veel.json", $text);
    return $dosis->nginx_test;
}

my ($code, $said) = test_with(jwks(64));
is($code, 0, '64 keys: fine') or diag($said);
for my $case (
    ['65 keys', jwks(65), 'ELIMIT'],
    ['more than 1 MiB', jwks(50) . ' ' x (1 << 20), 'ELIMIT'],
    ['no key', '{"keys":[]}', 'EFORMAT'],
    )
{
    my ($fact, $text, $rc) = @$case;
    ($code, $said) = test_with($text);
    is($code, 1, "$fact: refused");
    like($said, qr/keys=".*veel\.json" cannot be used: $rc.*at most 64 keys/,
        'and told what a key set is');
}
Dosis::Fixture::write_file("$home/veel.json", jwks(50));
