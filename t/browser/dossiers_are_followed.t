#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# On the portal an enterprise and a citizen see their own dossiers: what asks for
# action on top, filtered, live, with their history, and open at their source.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Browser;
use Dosis::Check;

my $browser = Dosis::Browser->new;
my $dosis   = $browser->{dosis};
my $agent   = Dosis::Browser::COMPANY;
my %action  = (VlaamsFase => 'Behandeling', VlaamsCode => 'DossierOnvolledig',
    Actie => { ActieNodig => JSON::PP::true, Actie => 'Bezorg de factuur',
        Voor => '2026-12-15' });
my $changed = $dosis->dossier(agent => $agent, Naam => 'Zonder actie',
    datum => '2026-03-03');
my @dossiers = (
    $dosis->dossier(agent => $agent, nummer => 'A', Naam => 'Met actie',
        datum => '2026-01-01'),
    $dosis->dossier(agent => $agent, nummer => 'A', Naam => 'Met actie',
        datum => '2026-02-01', Status => \%action,
        Doorverwijzing => 'https://loket.example.be/dossier/1'),
    $changed,
    $dosis->dossier(agent => $agent, Naam => 'Afgerond dossier',
        datum => '2026-02-02', fase => 'Afgerond', code => 'Goedgekeurd'),
    $dosis->dossier(Naam => 'Van een burger',
        agenten => [{ Identificatie => Dosis::Browser::CITIZEN }]),
);
is_status($dosis->push($_), 200, "$_->{Naam} comes in") for @dossiers;

$browser->play('dossiers_are_followed',
    token   => $dosis->machine('leverancier-a'),
    changed => { %$changed, UploadId => Dosis::Number::uuid(),
        WijzigingsDatum => '2026-03-04' });
