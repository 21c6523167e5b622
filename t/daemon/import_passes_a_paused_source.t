#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# A file whose source is paused holds up no file of another source, and those of
# its own source keep their order behind it.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Engine;
use Dosis::Oplading;

my $dosis = Dosis::Engine->new;
$dosis->start;

my ($paused, $open) = ('urn://test/subsidies', 'urn://test/vergunningen');

sub deliver {
    my ($bron, $name) = @_;

    return Dosis::Oplading::put($dosis, Dosis::Oplading::csv(map {
        { Bron => $bron, Naam => $name, DossierNummer => "D-$_" }
    } 1 .. 3));
}

is($dosis->ctl('pauze', 'set', 'lezen', '--bron', $paused)->{code}, 0, 'paused');
my $first  = deliver($paused, 'Eerst');
my $second = deliver($paused, 'Dan');
my $gone   = deliver($paused, 'Nooit');
my $other  = deliver($open,   'Ander');

my $ended = Dosis::Oplading::ended($dosis, $other);
is_deeply([@$ended{qw(Toestand Verwerkt)}], ['Klaar', 3],
    'another source is not held up');
is_deeply([map { Dosis::Oplading::show($dosis, $_)->{Verwerkt} } $first, $second],
    [0, 0], 'the paused one waits');

Dosis::Oplading::cancel($dosis, $gone);
is(Dosis::Oplading::ended($dosis, $gone)->{Toestand}, 'Geannuleerd',
    'one that was passed over can be cancelled');

is($dosis->ctl('pauze', 'lift', '--bron', $paused)->{code}, 0, 'lifted');
my @klaar = map { Dosis::Oplading::ended($dosis, $_) } $first, $second;
is_deeply([map { $_->{Resultaten} } @klaar],
    [map { +{ %{ $klaar[0]{Resultaten} }, %$_ } } { Nieuw => 3, Gewijzigd => 0 },
        { Nieuw => 0, Gewijzigd => 3 }],
    'then both run, in the order in which they came');
is($dosis->stop, 0, 'a clean stop');

done_testing();
