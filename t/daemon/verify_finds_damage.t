#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# dosisctl verify: clean, damaged, or could not look.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Engine;

use JSON::PP;

my $dosis = Dosis::Engine->new;
my $none = $dosis->ctl('verify');
is($none->{code}, 2, 'no store: 2');

$dosis->start;
my $clean = $dosis->ctl('verify');
is($clean->{code}, 0, 'clean, with the engine up: 0');
like($clean->{out}, qr/: 0 findings;/, 'says so');
is($dosis->stop, 0, 'a clean stop');
my $json = decode_json($dosis->ctl('verify', '--json')->{out});
is_deeply($json->{findings}, [], 'clean, with the engine down, in JSON');
ok($json->{complete}, 'and it saw everything');
my $values = $json->{values};
cmp_ok($values, '>', 20, 'the registrations were opened');

# One byte of a sealed value; in this store all values are reference data.
my $file   = "$dosis->{home}/store/g1.mdb";
my $before = Dosis::Fixture::read_file($file);
my $found  = 0;
for my $at (damageable($before)) {
    my $bytes = $before;
    substr $bytes, $at, 1, chr(255 & ~ord substr $bytes, $at, 1);
    Dosis::Fixture::write_file($file, $bytes);
    my $seen = $dosis->ctl('verify');
    next if $seen->{code} == 0;    # a page that is free, or an older one
    $found++;
    like("$seen->{out}$seen->{err}", qr/EFORMAT|does not open/,
        "a byte changed at $at: it says what does not open");
    last;
}
is($found, 1, 'a damaged store is not called clean');
Dosis::Fixture::write_file($file, $before);
is($dosis->ctl('verify')->{code}, 0, 'mended: 0');

Dosis::Fixture::write_file("$dosis->{home}/keys/kek.hex", '0' x 64 . "\n");
my $stranger = $dosis->ctl('verify');
is($stranger->{code}, 2, 'another key: 2');
like($stranger->{err}, qr/EKEY/, 'says so');

done_testing();

# Offsets in the middle of leaf pages (flag 2), from the end of the file
# back: behind the nodes' headers and keys.
sub damageable {
    my ($bytes) = @_;

    my @at;
    for (my $page = length($bytes) / 4096 - 1; $page >= 2; $page--) {
        my ($flags, $lower, $upper) = unpack 'x10 S< S< S<',
            substr $bytes, 4096 * $page, 16;
        push @at, 4096 * $page + 4000 if $flags == 2 && $upper < 3900;
    }

    return @at;
}
