#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# A development token says what was asked for.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Engine;

use Crypt::JWT qw(decode_jwt);
use Digest::SHA qw(sha256);
use JSON::PP;
use MIME::Base64 qw(encode_base64url);

my $kbo = '0123456749';
my $rrn = '85073000754';
my $dosis = Dosis::Engine->new;
my $keys = decode_json(
    Dosis::Fixture::read_file("$dosis->{home}/keys/jwks.json"));

# arguments, claims (undef: absent)
my @rows = (
    [ 'a machine', [ '--client', 'demo-vlaio', '--scope', 'DosisImport' ],
        { client_id => 'demo-vlaio', sub => 'demo-vlaio',
            scope => 'DosisImport', rrn => undef, vo_orgcode => undef,
            vo_doelgroepcode => undef, dosis_rol_3d => undef,
            acr => undef } ],
    [ 'an enterprise', [ '--kbo', $kbo ],
        { scope => 'DosisGebruiker', vo_doelgroepcode => 'EA',
            vo_orgcode => $kbo, rrn => undef, client_id => 'dosis-portaal',
            dosis_rol_3d => [] } ],
    [ 'a number in another spelling', [ '--kbo', 'BE 0123.456.749' ],
        { vo_orgcode => $kbo } ],
    [ 'rights of an enterprise',
        [ '--kbo', $kbo, '--recht', 'Lezer - kmo', '--recht', 'Beheerder' ],
        { dosis_rol_3d => [ "Lezer - kmo:$kbo", "Beheerder:$kbo" ] } ],
    [ 'a right that names another organisation',
        [ '--kbo', $kbo, '--recht', 'Lezer:OVO002949' ],
        { dosis_rol_3d => ['Lezer:OVO002949'] } ],
    [ 'a citizen', [ '--rrn', $rrn, '--recht', 'Raadpleger' ],
        { vo_doelgroepcode => 'BUR', rrn => $rrn, vo_orgcode => undef,
            dosis_rol_3d => ['Raadpleger'] } ],
    [ 'an organisation', [ '--org', 'ovo002949', '--doelgroep', 'GID' ],
        { vo_doelgroepcode => 'GID', vo_orgcode => 'OVO002949' } ],
    [ 'assurance', [ '--kbo', $kbo, '--acr', 'urn:dosis:acr:hoog' ],
        { acr => 'urn:dosis:acr:hoog' } ],
    [ 'another scope for a user', [ '--kbo', $kbo, '--scope', 'DosisBI' ],
        { scope => 'DosisBI' } ],
    [ 'a value that needs escapes', [ '--client', 'a"b\\c', '--scope', 's' ],
        { client_id => 'a"b\\c' } ],
);
for my $row (@rows) {
    my ($name, $arguments, $claims) = @$row;
    my $made = $dosis->ctl('token', @$arguments);
    is($made->{code}, 0, "$name: made");
    is($made->{err}, '', "$name: nothing besides");
    my $payload = check($made->{out}, 'RS256');
    is_deeply({ map { $_ => $payload->{$_} } keys %$claims }, $claims,
        "$name: the claims");
    is($payload->{iss}, 'https://issuer.dosis.localhost', "$name: issuer");
    is($payload->{aud}, 'dosis', "$name: audience");
    isnt($payload->{sub}, $payload->{client_id}, "$name: a user is no client")
        if exists $payload->{vo_doelgroepcode};
}

for my $ttl (-60, 0, 90, undef) {
    my @given = defined $ttl ? ('--ttl', $ttl) : ();
    my $made = $dosis->ctl('token', '--kbo', $kbo, @given);
    my $payload = check($made->{out}, 'RS256', verify_exp => 0);
    is($payload->{exp} - $payload->{iat}, $ttl // 3600,
        'valid for ' . ($ttl // 'an hour'));
    cmp_ok(abs($payload->{iat} - time), '<', 30, 'from now');
}
for my $alg (qw(RS256 PS256 ES256 EdDSA)) {
    my $made = $dosis->ctl('token', '--kbo', $kbo, '--alg', $alg);
    is(check($made->{out}, $alg)->{vo_orgcode}, $kbo, "$alg: signed");
    like($made->{out}, qr/\A[\w-]+\.[\w-]+\.[\w-]+\n\z/, "$alg: alone");
}

my $certificate = $dosis->file('client.pem', <<'END');
-----BEGIN CERTIFICATE-----
MAMCASo=
-----END CERTIFICATE-----
END
for my $alg (qw(RS256 EdDSA)) {
    my $made = $dosis->ctl('token', '--kbo', $kbo, '--alg', $alg,
        '--certificate', $certificate);
    is_deeply(check($made->{out}, $alg)->{cnf},
        { 'x5t#S256' => encode_base64url(sha256("\x30\x03\x02\x01\x2a")) },
        "$alg: bound to a certificate");
}
my %ids = map { check($dosis->ctl('token', '--kbo', $kbo)->{out}, 'RS256')
        ->{jti} => 1 } 1 .. 5;
is(keys %ids, 5, 'each has a number of its own');

done_testing();

sub check {
    my ($text, $alg, %more) = @_;

    chomp $text;
    my $payload = eval {
        decode_jwt(token => $text, kid_keys => $keys, accepted_alg => $alg,
            %more);
    };
    is($@, '', 'the key set verifies it');

    return $payload // {};
}
