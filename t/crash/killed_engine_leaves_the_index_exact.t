#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# The engine is killed with -9 while it indexes the access ledger, again and
# again: in the end every consultation is in the index, each once.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Engine;
use Dosis::Ledger;

use constant { LOOKS => 12000, SUBJECTS => 3, ROUNDS => 3 };

my $dosis = Dosis::Engine->new;
$dosis->start;
is($dosis->stop, 0, 'a store is made');
Dosis::Ledger::put($dosis, 1, LOOKS);

my ($midst, $last, $end) = (0, 0, undef);
for my $round (1 .. ROUNDS) {
    $dosis->start;
    my $ledger;
    $dosis->wait_for(
        sub {
            $ledger = Dosis::Ledger::status($dosis);
            return $ledger->{indexed} > $last;
        },
        "the index grows, round $round", 60);
    kill KILL => $dosis->{pid};
    waitpid delete $dosis->{pid}, 0;
    ($last, $end) = @$ledger{qw(indexed block)};
    $midst++ if $last < $end;
    like(Dosis::Ledger::index($dosis), qr/ extra=0$/,
        "killed at block $last of $end: nothing is there that was not");
    last if $last == $end;
}
cmp_ok($midst, '>=', 1, "killed in the midst of it: $midst times");

$dosis->start;
$dosis->wait_for(
    sub {
        my $ledger = Dosis::Ledger::status($dosis);
        return $ledger->{indexed} == $ledger->{block};
    },
    'all is indexed', 120);
is($dosis->stop, 0, 'a clean stop');
is(Dosis::Ledger::index($dosis),
    'entries=' . LOOKS * SUBJECTS . ' lacking=0 extra=0',
    'the index is exact');
my $said = $dosis->ctl('inzage', 'verify');
is($said->{code}, 0, 'and the chain whole') or diag $said->{out};

done_testing();
