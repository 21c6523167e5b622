#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# Each write of a store's life, one after the other, meets a full disk, one that
# takes half, or one that is broken; each sync fails. The transaction is refused
# by that name, what was acknowledged stays, and work goes on.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Disk;
use Dosis::Engine;

my $transactions = $ENV{DOSIS_LONG} ? 40 : 6;

# What fails, how, how often; and what the library may call it at first. When
# the write that LMDB cannot take back fails, it gives up, which is EIO until
# the store is opened anew. In the short run some are tried at each fourth call.
my @faults = (
    ['no room, once', 1, ['write', 'size'], 'ENOSPC', 1, qr/EFULL/],
    ['no room from then on', 4, ['write', 'size'], 'ENOSPC', undef,
        qr/EFULL|EIO/],
    ['half is written', 4, ['write'], undef, 1, qr/EFULL|EIO/],
    ['a broken disk, once', 4, ['write'], 'EIO', 1, qr/EIO/],
    ['a sync fails', 1, ['sync', 'durable'], 'EIO', 1, qr/EIO/],
    ['no sync works from then on', 4, ['sync', 'durable'], 'EIO', undef,
        qr/EIO/],
);

my $engine = Dosis::Engine->new;
my $key    = "$engine->{home}/keys/kek.hex";
my $store  = "$engine->{home}/store";
mkdir $store, 0770;
my $disk = Dosis::Disk->new($store, record => 0);

# One life with this fault at call number skip: was it met; what was wrong.
sub live_with {
    my ($fault, $skip) = @_;

    my ($what, undef, $on, $error, $times, $name) = @$fault;
    my @wrong;

    $disk->fault(on => $on, error => $error, skip => $skip, times => $times);
    my ($code, $said) = $disk->live($key, $transactions);
    my $met = $disk->well;
    if ($met) {
        push @wrong, "ended by a signal: $said" if $code < 0;
        my @called = $said =~ /^(?:fail \d+|Bail out! \w+:) (\w+)$/mg;
        push @wrong, 'nobody was told' if !@called && $code != 0;
        push @wrong, "it is called $called[0]"
            if @called && $called[0] !~ /^(?:$name)$/;
        push @wrong, map {"later it is called $_"}
            grep { !/^(?:EFULL|EIO)$/ } @called;
    }
    my ($bad, $why) = $disk->whole($key, $said);
    push @wrong, $why if $bad;

    return ($met, map {"call $skip: $_"} @wrong);
}

for my $fault (@faults) {
    my ($what, $step) = @$fault;
    my ($tried, @wrong) = (0);

    $step = 1 if $ENV{DOSIS_LONG};
    for (my $skip = 0; $skip < 5000; $skip += $step) {
        my ($met, @more) = live_with($fault, $skip);
        push @wrong, @more;
        last if !$met;
        $tried++;
    }
    cmp_ok($tried, '>', 5, "$what: at $tried calls");
    is(scalar @wrong, 0, "$what: refused by name, and nothing is lost")
        or diag join "\n", @wrong[0 .. ($#wrong < 4 ? $#wrong : 4)];
}

done_testing();
