#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# The engine says who it is when it asks an issuer: by a secret, or by an
# assertion that it signs with a private key and uses once. What it says is in
# no log, and neither is a token.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Crypt::JWT      ();
use Crypt::PK::ECC  ();
use Crypt::PK::RSA  ();
use MIME::Base64    ();
use Test::More;

use Dosis::Check;
use Dosis::Introspection;
use Dosis::Test;

my $path   = '/api/v2/dosis/bronnen/uris';
my $claims = Dosis::Token::machine_claims('leverancier-a');
my @secrets;

# What it was asked with this token, of which nothing may be in a log.
sub asked_with {
    my ($dosis, $issuer, $token) = @_;

    $issuer->active($token, $claims);
    is_status($dosis->get($path, token => $token), 200, "$token is answered");
    my ($asked) = $issuer->asked($token);
    push @secrets, $token;

    return $asked;
}

sub nothing_in_logs {
    my ($dosis, @files) = @_;

    opendir my $dir, "$dosis->{home}/log" or die "log: $!\n";
    my $all = join '', map { $dosis->log($_) } grep { !/^\./ } readdir $dir;
    ok(length $all > 200, 'there are logs');
    my @found = grep { index($all, $_) >= 0 } @secrets;
    is_deeply(\@found, [], 'nothing of it is in a log');

    return;
}

# --- by a secret -----------------------------------------------------------

{
    my $secret = 'geheim: met %, + en spaties';
    my ($dosis, $issuer) = Dosis::Introspection->instance(workers => 1,
        setting => { secret => $secret, ClientId => 'https://dosis.example' });
    my $asked = asked_with($dosis, $issuer, 'ondoorzichtig/+~token=');
    my ($basic) = $asked->{authorization} =~ /^Basic (\S+)$/;
    my $pair = MIME::Base64::decode_base64($basic);

    is(join('|', map {s/%(..)/chr hex $1/ger} split /:/, $pair),
        "https://dosis.example|$secret", 'name and secret, escaped');
    push @secrets, 'geheim:', $pair, $basic;
    is($asked->{form}{token_type_hint}, 'access_token', 'what it is about');
    ok(!exists $asked->{form}{client_assertion}, 'no assertion');
    unlike($asked->{line}, qr/ondoorzichtig/, 'no token in the address');

    # The file must be for our eyes.
    my $file = "$dosis->{home}/keys/introspection.secret";
    chmod 0644, $file;
    is_problem($dosis->get($path, token => 'daarna'), 503,
        'UitgeverOnbereikbaar', 'a secret that others may read is not used');
    like($dosis->log('dosisd.log'), qr/why=EDENIED/, 'the engine says why');
    chmod 0640, $file;
    Dosis::Fixture::write_file($file, "nieuw\n");
    $asked = asked_with($dosis, $issuer, 'met-een-nieuw-geheim');
    like(MIME::Base64::decode_base64($asked->{authorization} =~ s/^Basic //r),
        qr/:nieuw$/, 'a new secret is used at once');
    unlink $file;
    is_problem($dosis->get($path, token => 'zonder-geheim'), 503,
        'UitgeverOnbereikbaar', 'no secret');
    push @secrets, 'daarna', 'zonder-geheim';
    nothing_in_logs($dosis);
}

# --- by an assertion -------------------------------------------------------

my $ec = Crypt::PK::ECC->new;
$ec->generate_key('secp256r1');
my $rsa = Crypt::PK::RSA->new;
$rsa->generate_key(256);

for my $key (['ES256', $ec], ['RS256', $rsa]) {
    my ($alg, $private) = @$key;
    @secrets = ();
    my $dir  = File::Temp::tempdir(CLEANUP => 1);
    my $file = "$dir/key.pem";
    Dosis::Fixture::write_file($file, $private->export_key_pem('private'));
    chmod 0600, $file;
    my ($dosis, $issuer) = Dosis::Introspection->instance(workers => 1,
        setting => { Methode => 'assertie', Bestand => $file });

    my @jti;
    for my $n (1 .. 2) {
        my $asked = asked_with($dosis, $issuer, "token-$alg-$n");
        my $form  = $asked->{form};
        ok(!defined $asked->{authorization}, "$alg: no secret");
        is($form->{client_id}, 'dosis-rs', "$alg: who asks");
        is($form->{client_assertion_type},
            'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
            "$alg: an assertion");
        push @secrets, $form->{client_assertion};
        my $said = Crypt::JWT::decode_jwt(token => $form->{client_assertion},
            key => $private, accepted_alg => $alg);
        is_deeply([@$said{qw(iss sub)}], ['dosis-rs', 'dosis-rs'],
            "$alg: signed, of us");
        is($said->{aud}, $issuer->address, "$alg: for them");
        cmp_ok(abs($said->{exp} - time), '<=', 61, "$alg: for a minute");
        push @jti, $said->{jti};
    }
    isnt($jti[0], $jti[1], "$alg: each is used once");
    nothing_in_logs($dosis);
}
