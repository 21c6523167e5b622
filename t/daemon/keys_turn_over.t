#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# The engine makes the keys that DOSIS signs with; dosisctl lists them, turns
# them over and drops one.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use JSON::PP ();
use Test::More;

use Dosis::Engine;

my $dosis = Dosis::Engine->new;
$dosis->start;

my $first = keys_now();
is_deeply([map { $_->{Toestand} } @$first], [qw(Actief Volgende)],
    'the first start makes an active key and a next one');
like($dosis->ctl(qw(keys list))->{out},
    qr/^[0-9a-f]{16}  Actief      \d{4}-/m, 'list is for people too');

my $early = $dosis->ctl(qw(keys rotate));
is($early->{code}, 1, 'a next key that was just made does not sign yet');
like($early->{err}, qr/ten minutes/, 'which is said');
is_deeply(keys_now(), $first, 'and nothing has changed');

is($dosis->ctl(qw(keys rotate --now))->{code}, 0, 'unless it must');
my $second = keys_now();
my %state = map { $_->{Kid} => $_->{Toestand} } @$second;
is($state{ $first->[0]{Kid} }, 'Uit dienst', 'the active one retires');
is($state{ $first->[1]{Kid} }, 'Actief', 'the next one signs');
is(scalar @$second, 3, 'and another comes next');

is($dosis->ctl(qw(keys drop), $first->[1]{Kid})->{code}, 1,
    'the active one cannot be dropped');
is($dosis->ctl(qw(keys drop), $first->[0]{Kid})->{code}, 0, 'a retired one can');
is(scalar @{ keys_now() }, 2, 'then it is gone');

my $before = keys_now();
$dosis->stop;
$dosis->start;
is_deeply(keys_now(), $before, 'a restart makes none');

for my $words ([], ['drop'], ['rotate', 'x'], ['list', '--now'],
    ['init', '--json'], ['x']) {
    is($dosis->ctl('keys', @$words)->{code}, 2, "wrong words: keys @$words");
}
$dosis->stop;
is($dosis->ctl(qw(keys list))->{code}, 2, 'without an engine: told');

done_testing();

sub keys_now {
    my $said = $dosis->ctl(qw(keys list --json));

    return JSON::PP::decode_json($said->{out} || '[]');
}
