#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# A token that the issuer did not give as it stands opens nothing.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Crypt::PK::ECC ();
use Crypt::PK::RSA ();
use Digest::SHA    qw(hmac_sha256);
use MIME::Base64   qw(decode_base64url encode_base64url);

use Dosis::Number qw(insz kbo uuid);
use Dosis::Test;
use Dosis::Token;

my $dosis   = Dosis::Test->new;
my $keys    = $dosis->{tokens};
my $json    = JSON::PP->new->utf8->canonical;
my $now     = time;
my $machine = Dosis::Token::machine_claims('leverancier-a');
my $user    = Dosis::Token::user_claims(
    vo_doelgroepcode => 'EA', vo_orgcode => kbo(1));
my $base = '/api/v1/dosis/dossiers';

sub claims {
    my ($said, %more) = @_;

    my %all = (%{ $keys->common }, %$said, %more);
    delete @all{ grep { !defined $all{$_} } keys %all };

    return \%all;
}

sub header {
    my (%more) = @_;

    return { alg => 'RS256', typ => 'JWT', kid => 'dev-rs256', %more };
}

# Signed as HS256 with some secret.
sub hs256 {
    my ($secret, %more) = @_;

    my ($start) = Dosis::Token::assemble(header(alg => 'HS256', %more),
        claims($machine), '') =~ /^(.*)\.$/;

    return "$start." . encode_base64url(hmac_sha256($start, $secret));
}

# The parts of a good token, one of them changed.
sub changed {
    my ($part, $change, %option) = @_;

    my @parts = split /\./, $keys->mint($machine, %option);
    $parts[$part] = $change->($parts[$part]);

    return join '.', @parts;
}

sub rewritten {
    my ($part, %more) = @_;

    return changed($part, sub {
        my $said = $json->decode(decode_base64url($_[0]));
        return encode_base64url($json->encode({ %$said, %more }));
    });
}

my $rsa     = $keys->{RS256};
my $public  = $rsa->export_key_pem('public_x509');
my $pkcs1   = $rsa->export_key_pem('public');
my $jwk     = $rsa->export_key_jwk('public');
my $modulus = decode_base64url($json->decode($jwk)->{n});
my $mine    = Crypt::PK::RSA->new;
$mine->generate_key(256, 65537);
my $my_ec = Crypt::PK::ECC->new;
$my_ec->generate_key('secp256r1');

my %forged = (
    # The public key as an HMAC secret, in every form it comes in.
    'HS256 with the key as PEM'           => hs256($public),
    'HS256 with the PEM, no last newline' => hs256($public =~ s/\n\z//r),
    'HS256 with the PEM, CRLF'            => hs256($public =~ s/\n/\r\n/gr),
    'HS256 with the key as PKCS 1 PEM'    => hs256($pkcs1),
    'HS256 with the key as DER' =>
        hs256($rsa->export_key_der('public_x509')),
    'HS256 with the key as PKCS 1 DER' => hs256($rsa->export_key_der('public')),
    'HS256 with the modulus'           => hs256($modulus),
    'HS256 with the modulus as text'   =>
        hs256($json->decode($jwk)->{n}),
    'HS256 with the JWK'               => hs256($jwk),
    'HS256 with nothing'               => hs256(''),
    'HS256 with the kid'               => hs256('dev-rs256'),
    'HS256 without a kid'              => hs256($public, kid => undef),
    'HS256 under the other kid' => hs256($public, kid => 'dev-es256'),

    # None at all.
    (map {
        ("alg $_"            => Dosis::Token::assemble(
                header(alg => $_), claims($machine), ''),
            "alg $_, no kid" => Dosis::Token::assemble(
                { alg => $_, typ => 'JWT' }, claims($machine), ''),
            "alg $_ with a signature" => Dosis::Token::assemble(
                header(alg => $_), claims($machine), 'x' x 256))
    } qw(none None NONE nOnE)),
    'alg empty'   => Dosis::Token::assemble(
        header(alg => ''), claims($machine), ''),
    'alg null'    => Dosis::Token::assemble(
        header(alg => undef), claims($machine), ''),
    'alg missing' => Dosis::Token::assemble(
        { typ => 'JWT', kid => 'dev-rs256' }, claims($machine), ''),

    # Another key, another kid, another algorithm.
    'a key of mine'         => $keys->mint($machine, key => $mine),
    'an EC key of mine'     =>
        $keys->mint($machine, alg => 'ES256', key => $my_ec),
    'the RSA key under the EC kid' => $keys->mint($machine, kid => 'dev-es256'),
    'the EC key under the RSA kid' =>
        $keys->mint($machine, alg => 'ES256', kid => 'dev-rs256'),
    'an unknown kid'  => $keys->mint($machine, kid => 'dev-rs257'),
    'no kid'          => $keys->mint($machine, kid => undef),
    'an empty kid'    => $keys->mint($machine, kid => ''),
    'a kid that is a path' =>
        $keys->mint($machine, kid => '../../keys/jwks.json'),
    'the PS256 key as RS256' => $keys->mint($machine, kid => 'dev-ps256',
        key => $keys->{PS256}),
    'the RSA key as PS256 under the PS256 kid' => $keys->mint($machine,
        alg => 'PS256', key => $rsa),
    'the EC key under the Ed25519 kid' => $keys->mint($machine,
        alg => 'ES256', kid => 'dev-eddsa'),
    'the Ed25519 key under the EC kid' => $keys->mint($machine,
        alg => 'EdDSA', kid => 'dev-es256'),
    'HS256 with the Ed25519 key' => hs256(
        $keys->{EdDSA}->export_key_raw('public'), kid => 'dev-eddsa'),
    (map {
        my ($salt, $fact) = @$_;
        my ($start) = $keys->mint($machine, alg => 'PS256') =~ /^(.*)\./;
        ("PS256: $fact" => "$start." . encode_base64url(
                $keys->{PS256}->sign_message($start, 'SHA256', 'pss', $salt)))
    } [0, 'no salt'], [20, 'a short salt'], [33, 'a long salt']),
    'PS256: the padding of RS256' => do {
        my ($start) = $keys->mint($machine, alg => 'PS256') =~ /^(.*)\./;
        "$start." . encode_base64url(
            $keys->{PS256}->sign_message($start, 'SHA256', 'v1.5'));
    },
    'RS384'           => $keys->mint($machine, alg => 'RS384',
        kid => 'dev-rs256', key => $rsa),
    'PS256'           => $keys->mint($machine, alg => 'PS256',
        kid => 'dev-rs256', key => $rsa),
    'a key in the header' => $keys->mint($machine, key => $mine,
        header => { jwk => $json->decode($mine->export_key_jwk('public')) }),
    'crit'            => $keys->mint($machine, header => { crit => ['exp'] }),
    'crit, empty'     => $keys->mint($machine, header => { crit => [] }),
    'b64 false'       => $keys->mint($machine,
        header => { crit => ['b64'], b64 => JSON::PP::false }),

    # Changed after signing.
    'another client'  => rewritten(1, client_id => 'leverancier-b'),
    'a later exp'     => rewritten(1, exp => $now + 99999),
    'another scope'   => rewritten(1, scope => 'DosisImport DosisBeheer'),
    'another header'  => rewritten(0, typ => 'at+jwt'),
    'a signature of another token' => join('.',
        (split /\./, $keys->mint(
                Dosis::Token::machine_claims('leverancier-b')))[0, 1],
        (split /\./, $keys->mint($machine))[2]),
    (map {
        my $alg = $_;
        ("$alg: a signature without its last byte" => changed(2,
                sub { encode_base64url(substr decode_base64url($_[0]), 0, -1) },
                alg => $alg),
            "$alg: a signature with a byte more" => changed(2,
                sub { encode_base64url(decode_base64url($_[0]) . "\0") },
                alg => $alg),
            "$alg: a signature of noughts" => changed(2,
                sub { encode_base64url("\0" x length decode_base64url($_[0])) },
                alg => $alg),
            "$alg: no signature" => changed(2, sub {''}, alg => $alg),
            "$alg: one bit of the signature" => changed(2,
                sub {
                    my $bytes = decode_base64url($_[0]);
                    vec($bytes, 20, 1) = !vec $bytes, 20, 1;
                    return encode_base64url($bytes);
                },
                alg => $alg))
    } qw(RS256 ES256 PS256 EdDSA)),
    'ES256: a DER signature' => do {
        my ($start) = $keys->mint($machine, alg => 'ES256') =~ /^(.*)\./;
        "$start." . encode_base64url(
            $keys->{ES256}->sign_message($start, 'SHA256'));
    },

    # What the issuer signed, but not for this, not for now.
    'another issuer'   => $keys->mint(claims($machine,
            iss => 'https://issuer.example.be')),
    'no issuer'        => $keys->mint({ %$machine, iss => undef }),
    'another audience' => $keys->mint({ %$machine, aud => 'ander' }),
    'no audience'      => $keys->mint({ %$machine, aud => undef }),
    'an empty list of audiences' => $keys->mint({ %$machine, aud => [] }),
    'an audience of another case' => $keys->mint({ %$machine, aud => 'DOSIS' }),
    'a user without audience'    => $keys->mint({ %$user, aud => undef }),
    'expired'          => $keys->mint({ %$machine, exp => $now - 120 }),
    'expired long ago' => $keys->mint({ %$machine, exp => 1 }),
    'no exp'           => $keys->mint({ %$machine, exp => undef }),
    'expired before 1970'   => $keys->mint({ %$machine, exp => -1 }),
    'exp a text'       => $keys->mint({ %$machine, exp => 'morgen' }),
    'exp an object'    => $keys->mint({ %$machine, exp => {} }),
    'not yet valid'    => $keys->mint({ %$machine, nbf => $now + 300 }),
    'issued in the future' => $keys->mint({ %$machine, iat => $now + 300 }),

    # What is no token.
    'a text'       => 'abc',
    'two parts'    => join('.', (split /\./, $keys->mint($machine))[0, 1]),
    'four parts'   => $keys->mint($machine) . '.x',
    'dots'         => '..',
    'padding'      => $keys->mint($machine) . '==',
    'a stray sign' => changed(1, sub {"$_[0]*"}),
    'a payload that is an array' =>
        Dosis::Token::assemble(header(), '[1]', 'x'),
    'a header that is no JSON' =>
        Dosis::Token::assemble('x', claims($machine), 'x'),
    'a header with a member twice' => Dosis::Token::assemble(
        '{"alg":"RS256","alg":"none","kid":"dev-rs256"}',
        claims($machine), 'x'),
    'nine KiB'     => $keys->mint({ %$machine, vulling => 'x' x 9000 }),
    'opaque'       => 'MOB1ZkyrqdSay4-xm39Z6A==',
);

for my $name (sort keys %forged) {
    my $dossier = $dosis->dossier;
    my $answer  = $dosis->push($dossier, token => $forged{$name});
    my $code    = $name =~ /^expired/ ? 'TokenVerlopen' : 'TokenOngeldig';
    is_problem($answer, 401, $code, "refused: $name");
    like($answer->header('WWW-Authenticate') // '',
        qr/^Bearer .*error="invalid_token"/, 'and told so in the header');
}
my $after = $dosis->list(token => $dosis->company(kbo(1),
        rechten => ['Lezer']));
is_deeply($after->member('Dossiers'), [], 'and nothing of all that is stored');

# The same ones on a reading door, where a user stands.
for my $name ('a user without audience', 'expired', 'alg none') {
    my $answer = $dosis->get($base, token => $forged{$name});
    is_status($answer, 401, "refused by the list too: $name");
}

# Good signature, wrong story: the token is fine and says nothing of use.
for my $case (
    ['a machine posing as a user' => { %$machine, scope => 'DosisGebruiker',
            vo_doelgroepcode => 'EA', vo_orgcode => kbo(1) }],
    ['a machine posing as a citizen' => { %$machine,
            scope => 'DosisGebruiker', vo_doelgroepcode => 'BUR',
            rrn => insz(7) }],
    ['a user of no group'      => { %$user, vo_doelgroepcode => undef }],
    ['a user of a group nobody knows' => { %$user, vo_doelgroepcode => 'XX' }],
    ['a group in small letters'       => { %$user, vo_doelgroepcode => 'ea' }],
    ['a company without a number'     => { %$user, vo_orgcode => undef }],
    ['a company with a person number' => { %$user, vo_orgcode => insz(8) }],
    ['a citizen without a number'     => { %$user, vo_doelgroepcode => 'BUR',
            vo_orgcode => kbo(1) }],
    ['a citizen with a company number' => { %$user,
            vo_doelgroepcode => 'BUR', rrn => kbo(1) }],
    )
{
    my ($fact, $said) = @$case;
    my $answer = $dosis->get($base, token => $keys->mint($said));
    is_status($answer, 403, "no way in: $fact");
    ok(!defined $answer->member('Dossiers'), 'and no list');
}

# What is odd but right.
for my $case (
    (map { [$_ => $keys->mint($machine, alg => $_)] } qw(ES256 PS256 EdDSA)),
    ['an audience in a list'  => $keys->mint({ %$machine,
            aud => ['ander', 'dosis'] })],
    ['times as texts'         => $keys->mint({ %$machine,
            exp => '' . ($now + 600), iat => "$now", nbf => "$now" })],
    ['a scope in a list'      => $keys->mint({ %$machine,
            scope => ['profile', 'DosisImport'] })],
    ['a scope among others'   => $keys->mint({ %$machine,
            scope => 'profile DosisImport' })],
    ['typ at+jwt'             => $keys->mint($machine,
            header => { typ => 'at+jwt' })],
    ['expired within the leeway' => $keys->mint({ %$machine,
            exp => $now - 2 })],
    ['seven KiB'              => $keys->mint({ %$machine,
            vulling => 'x' x 5000 })],
    )
{
    my ($fact, $token) = @$case;
    is_stored($dosis->push($dosis->dossier, token => $token),
        'Nieuw', "accepted: $fact");
}

# The header around it.
my $token = $keys->mint($machine);
my $body  = sub { $json->encode($dosis->dossier) };
for my $case (
    [401, 'no scheme'            => $token],
    [401, 'Basic'                => "Basic $token"],
    [401, 'Bearer alone'         => 'Bearer'],
    [401, 'Bearer and a blank'   => 'Bearer '],
    [401, 'Bearer: '             => "Bearer: $token"],
    [401, 'two tokens'           => "Bearer $token $token"],
    [200, 'bearer'               => "bearer $token"],
    [200, 'BEARER'               => "BEARER $token"],
    )
{
    my ($status, $fact, $value) = @$case;
    my $answer = $dosis->post($base, $body->(),
        headers => [Authorization => $value]);
    is_status($answer, $status, "Authorization with $fact: $status");
}
my $bare = $dosis->post($base, $body->());
is_problem($bare, 401, 'TokenOntbreekt', 'no Authorization: 401');
is($bare->header('WWW-Authenticate'), 'Bearer',
    'and a bare Bearer, without an error');
is_status($dosis->post("$base?access_token=$token", $body->()), 401,
    'a token in the URL is not looked at');

# Remembered is not for ever: exp counts on a cached token as well.
my $short = $keys->mint({ %$machine, exp => time - 26 });
is_stored($dosis->push($dosis->dossier, token => $short),
    'Nieuw', 'a token at the end of its leeway');
my $ended = $dosis->wait_for(
    sub {
        my $answer = $dosis->push($dosis->dossier, token => $short);
        return $answer->status == 401 && $answer;
    },
    'the token ends', 15);
is_problem($ended, 401, 'TokenVerlopen', 'ends, though it was remembered');
