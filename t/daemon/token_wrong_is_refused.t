#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# A token that would be wrong is not made, and no number is repeated.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Engine;

my $dosis = Dosis::Engine->new;

# arguments, what standard error says
my @rows = (
    [ [], qr/--client and --scope/ ],
    [ [ '--client', 'a' ], qr/--client and --scope/ ],
    [ [ '--kbo', '0123456748' ], qr/--kbo is no valid/ ],
    [ [ '--kbo', '85073000754' ], qr/--kbo is no valid/ ],
    [ [ '--kbo', '2123456786' ], qr/--kbo is no valid/ ],
    [ [ '--kbo', '' ], qr/--kbo is no valid/ ],
    [ [ '--rrn', '85073000755' ], qr/--rrn is no valid/ ],
    [ [ '--rrn', '0123456749' ], qr/--rrn is no valid/ ],
    [ [ '--org', '85073000754', '--doelgroep', 'GID' ], qr/--org is no/ ],
    [ [ '--org', 'OVO002949' ], qr/--org needs --doelgroep/ ],
    [ [ '--org', 'OVO002949', '--doelgroep', 'BUR' ], qr/--doelgroep is/ ],
    [ [ '--kbo', '0123456749', '--doelgroep', 'EA' ], qr/goes with --org/ ],
    [ [ '--kbo', '0123456749', '--rrn', '85073000754' ], qr/one of them/ ],
    [ [ '--kbo', '0123456749', '--kbo', '0123456749' ], qr/given twice/ ],
    [ [ '--client', 'a', '--scope', 'b', '--recht', 'R' ], qr/of users/ ],
    [ [ '--client', 'a', '--scope', 'b', '--acr', 'R' ], qr/of users/ ],
    [ [ '--kbo', '0123456749', '--ttl', 'x' ], qr/--ttl/ ],
    [ [ '--kbo', '0123456749', '--ttl', '99999999999' ], qr/--ttl/ ],
    [ [ '--kbo', '0123456749', '--alg', 'HS256' ], qr/--alg is/ ],
    [ [ '--kbo', '0123456749', '--alg', 'none' ], qr/--alg is/ ],
    [ [ '--kbo' ], qr/needs a value/ ],
    [ [ '--rnr', '85073000754' ], qr/unknown option '--rnr'/ ],
    [ [ '--rnr=85073000754' ], qr/unknown option '--rnr'/ ],
    [ [ '85073000754' ], qr/unexpected argument/ ],
    [ [ '--client', "\xff", '--scope', 'b' ], qr/UTF-8/ ],
);
for my $row (@rows) {
    my ($arguments, $says) = @$row;
    my $refused = $dosis->ctl('token', @$arguments);
    my $name = "token @$arguments";
    $name =~ s/[^ -~]/?/g;
    is($refused->{code}, 2, "$name: 2");
    is($refused->{out}, '', 'no token');
    like($refused->{err}, $says, 'says why');
    unlike($refused->{err}, qr/850730/, 'without the number');
}

my $bare = Dosis::Engine->new(keys => 0);
my $refused = $bare->ctl('token', '--kbo', '0123456749');
is($refused->{code}, 2, 'no development key: 2');
is($refused->{out}, '', 'no token');
like($refused->{err}, qr/development only/, 'says why');

done_testing();
