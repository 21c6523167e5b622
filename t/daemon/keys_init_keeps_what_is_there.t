#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# dosisctl keys init makes what is missing and changes nothing else.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Engine;

my $dosis = Dosis::Engine->new;
my $dir   = "$dosis->{home}/keys";
my %mode  = (
    'kek.hex'          => 0640,
    'issuer-rs256.pem' => 0600,
    'issuer-es256.pem' => 0600,
    'issuer-ps256.pem' => 0600,
    'issuer-eddsa.pem' => 0600,
    'jwks.json'        => 0644,
);

my %first = contents();
for my $file (sort keys %mode) {
    ok(length $first{$file}, "$file is made");
    is((stat "$dir/$file")[2] & 07777, $mode{$file}, 'with its mode');
}
unlike($first{'jwks.json'}, qr/"(d|p|q|dp|dq|qi)":/,
    'the key set holds public halves only');
is($dosis->ctl('keys', 'init')->{code}, 0, 'a second time');
is_deeply({ contents() }, \%first, 'changes nothing');

unlink "$dir/issuer-es256.pem";
is($dosis->ctl('keys', 'init')->{code}, 0, 'one key lost');
my %later = contents();
is($later{$_}, $first{$_}, "$_ stays") for qw(kek.hex issuer-rs256.pem);
isnt($later{'jwks.json'}, $first{'jwks.json'}, 'the key set follows');

Dosis::Fixture::write_file("$dir/issuer-es256.pem", "no key\n");
is($dosis->ctl('keys', 'init')->{code}, 2, 'a broken key: 2');
is(Dosis::Fixture::read_file("$dir/issuer-es256.pem"), "no key\n",
    'and is not replaced');
is($dosis->ctl('keys')->{code}, 2, 'keys alone: 2');

done_testing();

sub contents {
    return map { $_ => Dosis::Fixture::read_file("$dir/$_") } keys %mode;
}
