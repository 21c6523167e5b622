#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# An anchor of the access ledger is signed: /.well-known/jwks.json and openssl
# verify it, without the store; an anchor stays verifiable when its key retires.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use JSON::PP     ();
use MIME::Base64 qw(decode_base64url encode_base64);
use Test::More;

use Dosis::Check;
use Dosis::Ledger;
use Dosis::Number qw(kbo);
use Dosis::Test;

my $dosis = Dosis::Test->new(workers => 1);
my $home  = $dosis->{home};
my $user  = $dosis->company(kbo(1), rechten => ['Lezer']);
$dosis->push($dosis->dossier(agent => kbo(1)));
ok(Dosis::Ledger::of($dosis, $dosis->list(token => $user)), 'a look is noted');

my $anchor;
$dosis->wait_for(
    sub {
        my ($code, $said) = $dosis->ctl(qw(inzage anker));
        $anchor = $said =~ s/\s+$//r;
        return $code == 0;
    },
    'an anchor is signed');
my ($head, $body, $signature) = split /\./, $anchor;
my $says = JSON::PP::decode_json(decode_base64url($body));
is($says->{aud}, 'dosis-inzage-anker', 'it says what it is');
like($says->{kop}{hash}, qr/^[0-9a-f]{64}$/, 'and where the chain ends');

# What an auditor keeps.
my $jwks = $dosis->get('/.well-known/jwks.json');
is_status($jwks, 200, 'the key set is published');
Dosis::Fixture::write_file("$home/tmp/jwks.json", $jwks->body);
my $kid = JSON::PP::decode_json(decode_base64url($head))->{kid};
my ($key) = grep { $_->{kid} eq $kid } @{ $jwks->member('keys') };
ok($key, 'it holds the key of the anchor');
ok(holds($key, "$head.$body", $signature), 'openssl verifies the signature');
ok(!holds($key, "$head.$body" =~ s/.$/_/r, $signature),
    'and not over anything else');

my @sleutels = ('--sleutels', "$home/tmp/jwks.json");
verified(0, 'with the key set that was kept', @sleutels, '--anker', $anchor);
Dosis::Fixture::write_file("$home/tmp/ankers", "$anchor\n$anchor\n");
verified(0, 'and out of a file', '--anker', "$home/tmp/ankers");
my $forged = join '.', $head, $body =~ s/^(.{40})./$1_/r, $signature;
verified(1, 'a forged one is found', @sleutels, '--anker', $forged);
verified(1, 'by the keys of the store too', '--anker', $forged);

# Its key retires, and is dropped from the key set.
is(($dosis->ctl(qw(keys rotate --now)))[0], 0, 'the keys turn over');
is(($dosis->ctl(qw(keys drop), $kid))[0], 0, 'and the old one is dropped');
my $now = $dosis->get('/.well-known/jwks.json');
Dosis::Fixture::write_file("$home/tmp/jwks.json", $now->body);
unlike($now->body, qr/$kid/, 'it is published no more');
verified(0, 'the store still has its public part', '--anker', $anchor);
verified(1, 'the key set of now does not', @sleutels, '--anker', $anchor);
my ($code, $kept) = $dosis->ctl(qw(inzage sleutels));
Dosis::Fixture::write_file("$home/tmp/jwks.json", $kept);
verified(0, 'dosisctl inzage sleutels prints it', @sleutels,
    '--anker', $anchor);

# A backup is verified by it as well.
($code, my $said) = $dosis->ctl('backup', "$home/backup");
is($code, 0, 'a backup is made') or diag $said;
verified(0, 'and holds against the anchor', '--store', "$home/backup",
    '--anker', $anchor);

sub verified {
    my ($wanted, $fact, @words) = @_;

    local $Test::Builder::Level = $Test::Builder::Level + 1;
    my ($got, $out) = Dosis::Ledger::verify($dosis, @words);

    return is($got, $wanted, $fact) || diag $out;
}

# ES256 by openssl: its DER around the two numbers of JWK and JWS.
sub holds {
    my ($jwk, $message, $text) = @_;

    my $der = pack 'H*', '3059301306072a8648ce3d020106082a8648ce3d030107034200'
        . '04';
    $der .= decode_base64url($jwk->{$_}) for qw(x y);
    my ($r, $s) = map { integer($_) } unpack 'a32 a32',
        decode_base64url($text);
    my %file = (
        pem  => "-----BEGIN PUBLIC KEY-----\n" . encode_base64($der)
            . "-----END PUBLIC KEY-----\n",
        sig  => "\x30" . chr(length "$r$s") . "$r$s",
        text => $message,
    );
    Dosis::Fixture::write_file("$home/tmp/$_", $file{$_}) for keys %file;

    return Dosis::Test::run_quietly('openssl', 'dgst', '-sha256', '-verify',
        "$home/tmp/pem", '-signature', "$home/tmp/sig", "$home/tmp/text")
        =~ /^Verified OK/;
}

sub integer {
    my ($bytes) = @_;

    $bytes =~ s/^\0+//;
    $bytes = "\0$bytes" if $bytes eq '' || ord($bytes) > 0x7f;

    return "\x02" . chr(length $bytes) . $bytes;
}
