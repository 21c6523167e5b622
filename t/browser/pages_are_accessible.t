#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# Every page of the portal, in both languages: axe-core finds nothing serious, it
# fits a screen of 360 pixels, it keeps the policy for browsers, and it can be used
# with the keyboard alone. Screenshots are in $BUILD/screenshots.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Browser;
use Dosis::Check;

my $browser = Dosis::Browser->new;
my $dosis   = $browser->{dosis};
my @stored  = map {
    $dosis->push($dosis->dossier(agent => Dosis::Browser::COMPANY, %$_))
} ({ Naam => 'Steun voor ecologie' },
    {   Naam   => 'Kmo-groeisubsidie',
        Status => {
            VlaamsFase => 'Behandeling',
            VlaamsCode => 'DossierOnvolledig',
            Detail1    => 'Wacht op een factuur',
            Actie      => {
                ActieNodig => JSON::PP::true,
                Actie      => 'Bezorg de factuur',
                Voor       => '2026-12-15',
            },
        },
        DossierBeheerder => {
            Naam => 'Team 3', Dienst => 'Subsidies',
            Telefoon => '+32 2 000 00 00', Email => 'team3@example.be',
            Website  => 'https://www.example.be',
        },
        Doorverwijzing => 'https://loket.example.be/dossier/1',
    });
is_stored($_, 'Nieuw', 'a dossier to look at') for @stored;

$browser->play('pages_are_accessible',
    dossier => $stored[1]->member('DossierId'), naam => 'Kmo-groeisubsidie');
