#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# --inzage-days: what is older ends, with its index, and the signed anchor tells
# up to where; status shows it.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use JSON::PP ();
use Test::More;

use Dosis::Engine;
use Dosis::Ledger;

use constant { OLD => 1500, YOUNG => 100, SUBJECTS => 3 };

my $dosis = Dosis::Engine->new;
$dosis->start;
my $none = Dosis::Ledger::status($dosis);
is_deeply([@$none{qw(block indexed removed oldest)}], [0, 0, 0, undef],
    'nothing looked at: status says so');
is($dosis->ctl(qw(inzage anker))->{code}, 1, 'and there is no anchor');
is($dosis->stop, 0, 'stopped');
Dosis::Ledger::put($dosis, 40, OLD);
Dosis::Ledger::put($dosis, 20, YOUNG);

# Kept as long as they are allowed to be.
$dosis->start('--inzage-days' => 50);
my $all = settled(OLD + YOUNG);
is($all->{removed}, 0, 'not too old: all stays');
is($all->{anchor}{signed}, $all->{block}, 'its end is signed');
like($all->{oldest}, qr/^\d{4}-\d\d-\d\dT/, 'and the oldest look is told');
my $said = $dosis->ctl('status')->{out};
like($said, qr/^inzage +block $all->{block}, indexed up to $all->{block},/m,
    'dosisctl status tells it to people');
my $anchor = $dosis->ctl(qw(inzage anker));
is($anchor->{code}, 0, 'an anchor is there');
is($dosis->stop, 0, 'stopped');
is(Dosis::Ledger::index($dosis),
    'entries=' . (OLD + YOUNG) * SUBJECTS . ' lacking=0 extra=0',
    'all is indexed');

# Begun anew with a shorter term.
$dosis->start('--inzage-days' => 30);
my $rest = settled(YOUNG);
cmp_ok($rest->{removed}, '<', $rest->{block}, 'what is younger stays');
cmp_ok($rest->{oldest}, 'gt', $all->{oldest}, 'the oldest is younger now');
is($dosis->stop, 0, 'stopped');
is(Dosis::Ledger::index($dosis),
    'entries=' . YOUNG * SUBJECTS . ' lacking=0 extra=0',
    'the index has ended with it');
my @kept = grep {/\S/} split /\n/, $dosis->ctl(qw(inzage export))->{out};
is(scalar @kept, YOUNG, 'and so has what was told');
my $whole = $dosis->ctl(qw(inzage verify --json --anker),
    $anchor->{out} =~ s/\s//gr);
is($whole->{code}, 0, 'the chain is whole, and the old anchor lies on it')
    or diag $whole->{out}, $whole->{err};
is(JSON::PP::decode_json($whole->{out})->{removed}, $rest->{removed},
    'verify says what has ended');

done_testing();

# When all is indexed and signed, and nothing but so many looks is left.
sub settled {
    my ($looks) = @_;

    my $ledger;
    $dosis->wait_for(
        sub {
            $ledger = Dosis::Ledger::status($dosis);
            return $ledger->{indexed} == $ledger->{block}
                && $ledger->{anchor}{signed} == $ledger->{block}
                && $ledger->{entries} == $looks * SUBJECTS;
        },
        'the ledger is settled', 60);

    return $ledger;
}
