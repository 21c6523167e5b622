#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# What others could read or write is refused.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Engine;

my $dosis = Dosis::Engine->new;
$dosis->start;
is($dosis->stop, 0, 'a store is made');

my $home = $dosis->{home};
my @rows = (
    [ 'store',         0770, 0777, qr/open to others/ ],
    [ 'store',         0770, 0771, qr/open to others/ ],
    [ 'store/spool',   0770, 0775, qr/spool not made.*EDENIED/ ],
    [ 'keys/kek.hex',  0640, 0644, qr/key not loaded.*EDENIED/ ],
    [ 'keys/kek.hex',  0640, 0660, qr/key not loaded.*EDENIED/ ],
    [ 'store/g1.mdb',  0660, 0664, qr/store not opened.*EDENIED/ ],
);
for my $row (@rows) {
    my ($file, $right, $wide, $says) = @$row;
    chmod $wide, "$home/$file";
    my $refused = $dosis->start_fails;
    my $name = sprintf '%s with mode %04o', $file, $wide;
    is($refused->{code}, 1, "$name: it does not start");
    like($refused->{err}, $says, "$name: it says why");
    chmod $right, "$home/$file";
}
for my $file (glob "$home/store/g1.mdb*") {
    is((stat $file)[2] & 0007, 0, 'others get nothing of what it makes');
}
$dosis->start;
is((stat "$home/run/dosisd.sock")[2] & 07777, 0660, 'its socket is 0660');
is($dosis->stop, 0, 'with the right modes it starts and stops');

done_testing();
