#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# proef: the whole verdict of a file, and nothing of it is stored.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Engine;
use Dosis::Oplading;

my $dosis = Dosis::Engine->new;
$dosis->start;

my @held = map { { DossierNummer => "H-$_" } } 1 .. 5;
Dosis::Oplading::run($dosis, Dosis::Oplading::csv(@held));
my $results = Dosis::Oplading::entries($dosis, 'resultaat');
$held[0]{Naam} = 'Anders';
my $id = Dosis::Oplading::put($dosis, Dosis::Oplading::csv(@held,
    (map { { DossierNummer => "N-$_" } } 1 .. 3),
    { DossierNummer => 'F-1', StatusVlaamsFase => 'Nergens' },
    { DossierNummer => 'N-3', Toegangsrechten => '' }), 'proef');
my $ended = Dosis::Oplading::ended($dosis, $id);
is($ended->{Toestand}, 'Klaar', 'a dry run ends');
is_deeply([@{ $ended->{Resultaten} }
            {qw(Nieuw Gewijzigd Ongewijzigd Geweigerd)}], [4, 1, 4, 1],
    'what would have become of each is counted');
is(Dosis::Oplading::fouten($dosis, $id)->{Fouten}[0]{LijnNummer}, 10,
    'what would be refused is named');
my $warned = Dosis::Oplading::waarschuwingen($dosis, $id)->{Waarschuwingen};
is_deeply([map { [$_->{LijnNummer}, scalar @{ $_->{Waarschuwingen} }] }
            @$warned], [[11, 2]], 'and so is what would be warned of');
is(Dosis::Oplading::entries($dosis, 'sleutel'), 5, 'no dossier came in');
is(Dosis::Oplading::entries($dosis, 'resultaat'), $results, 'and no result');
is($dosis->ctl('verify')->{code}, 0, 'the store is whole');
is($dosis->stop, 0, 'a clean stop');

done_testing();
