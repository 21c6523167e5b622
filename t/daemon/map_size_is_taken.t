#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# --map-size is the ceiling of the store, and one that cannot be is refused.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Engine;

my $dosis = Dosis::Engine->new;

for my $wrong (qw(3m 4095k 8388608 16385g 99999999999999999999g -5m m 5mm x),
    '')
{
    my $refused = $dosis->start_fails('--map-size' => $wrong);
    is($refused->{code}, 2, "--map-size '$wrong': refused");
    like($refused->{err}, qr/--map-size must be from 4m to 16384g/,
        'and says what it may be');
}
ok(!-e "$dosis->{home}/store", 'nothing was made');

my @rows = (
    ['4m',   4 << 20],
    ['512M', 512 << 20],
    ['1g',   1 << 30],
    [Dosis::Engine::WITHOUT, 256 << 30],
);
for my $row (@rows) {
    my ($size, $bytes) = @$row;
    $dosis->start('--map-size' => $size);
    is($dosis->ask('GET', '/status')->{json}{store}{map_bytes}, $bytes,
        ref $size ? 'without it: 256g' : "--map-size $size");
    is($dosis->stop, 0, 'a clean stop');
}

done_testing();
