#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# The highest stamp is current, in whatever order deliveries arrive.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Number qw(kbo uuid);
use Dosis::Test;

my $dosis = Dosis::Test->new;
my $token = $dosis->company(kbo(1), rechten => ['Lezer']);

sub version {
    my ($of, $day, $name) = @_;

    return { %$of, UploadId => uuid(), Naam => $name,
        WijzigingsDatum => "2026-03-${day}T10:00:00" };
}

sub held {
    my ($of) = @_;

    my $number = $of->{Identificatie}{DossierNummer};
    my ($row) = grep { $_->{Identificatie}{DossierNummer} eq $number }
        @{ $dosis->list(token => $token, limiet => 500)->member('Dossiers') };

    return $row ? "$row->{Naam} $row->{WijzigingsDatum}" : 'nothing';
}

my $one = $dosis->dossier;
my $new = $dosis->push(version($one, 10, 'tien'));
is_stored($new, 'Nieuw', 'day 10 arrives first');
my $old = $dosis->push(version($one, '05', 'vijf'));
is_stored($old, 'Verouderd', 'day 5 arrives later: Verouderd');
is($old->member('DossierId'), $new->member('DossierId'),
    'it is a delivery of the same dossier');
is(held($one), 'tien 2026-03-10T09:00:00.000Z', 'day 10 stays');

is_stored($dosis->push(version($one, 12, 'twaalf')),
    'Gewijzigd', 'day 12: Gewijzigd');
is(held($one), 'twaalf 2026-03-12T09:00:00.000Z', 'day 12 is shown');

is_stored($dosis->push(version($one, 12, 'twaalf bis')),
    'Gewijzigd', 'the same moment, other content: the later arrival wins');
is(held($one), 'twaalf bis 2026-03-12T09:00:00.000Z', 'and is shown');

my $same = $dosis->push(version($one, 20, 'twaalf bis'));
is_stored($same, 'Ongewijzigd', 'the same content at a later moment');
is(held($one), 'twaalf bis 2026-03-20T09:00:00.000Z',
    'moves the date it is shown under');
is_stored($dosis->push(version($one, 15, 'vijftien')),
    'Verouderd', 'and what lies before that moment is outdated');

my $count = $dosis->push(version($one, 21, 'versie'));
my $unchanged = $dosis->push(version($one, 22, 'versie'));
is_stored($unchanged, 'Ongewijzigd', 'unchanged again');
is($unchanged->member('Versie'), $count->member('Versie'),
    'an unchanged delivery keeps Versie');
is($unchanged->header('ETag'), $count->header('ETag'),
    'and the ETag');
cmp_ok($dosis->push(version($one, 23, 'verder'))->member('Versie'),
    '>', $count->member('Versie'), 'a change raises Versie');

# All orders of four versions end alike.
my @days = ([qw(01 een)], [qw(02 twee)], [qw(03 drie)], [qw(04 vier)]);
my (@ends, $orders);
for my $order (permutations(0 .. 3)) {
    my $dossier = $dosis->dossier;
    my @verdicts;
    my $highest = -1;
    for my $index (@$order) {
        my $answer = $dosis->push(version($dossier, @{ $days[$index] }));
        my $wanted =
              $highest < 0        ? 'Nieuw'
            : $index > $highest   ? 'Gewijzigd'
            :                       'Verouderd';
        push @verdicts, "@$order: $index is " . $answer->text
            if ($answer->member('Resultaat') // '') ne $wanted;
        $highest = $index if $index > $highest;
    }
    $orders++;
    push @ends, @verdicts;
    push @ends, "@$order ends in " . held($dossier)
        if held($dossier) ne 'vier 2026-03-04T09:00:00.000Z';
}
is($orders, 24, 'all orders of four versions were tried');
is_deeply(\@ends, [], 'each ends with the newest, each verdict fits');

# Time zones: what counts is the moment, not the text.
my $zone = $dosis->dossier(datum => '2026-07-01T12:00:00');
is_stored($dosis->push($zone), 'Nieuw', 'noon in Brussels in summer');
is_stored(
    $dosis->push({ %$zone, UploadId => uuid(), Naam => 'vroeger',
            WijzigingsDatum => '2026-07-01T09:59:59Z' }),
    'Verouderd', 'is after 09:59:59Z');
is_stored(
    $dosis->push({ %$zone, UploadId => uuid(), Naam => 'later',
            WijzigingsDatum => '2026-07-01T06:00:01-04:00' }),
    'Gewijzigd', 'and before 06:00:01 at -04:00');
is_stored(
    $dosis->push({ %$zone, UploadId => uuid(), Naam => 'nog',
            WijzigingsDatum => '2026-07-01T12:00:01.000000001' }),
    'Gewijzigd', 'a nanosecond later is later');

sub permutations {
    my (@items) = @_;

    return [] if !@items;
    my @all;
    for my $index (0 .. $#items) {
        my @rest = @items;
        my ($item) = splice @rest, $index, 1;
        push @all, map { [$item, @$_] } permutations(@rest);
    }

    return @all;
}
