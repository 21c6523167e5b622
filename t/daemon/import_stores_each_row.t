#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# A delivered file is stored row by row, what is wrong is named, and what it
# came to is counted.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Engine;
use Dosis::Number qw(kbo uuid);
use Dosis::Oplading;

my $dosis = Dosis::Engine->new;
$dosis->start;

# Good rows.
my @rows  = map { { DossierNummer => "G-$_", AgentIdentificatie => kbo($_ % 7) } }
    1 .. 1200;
my $ended = Dosis::Oplading::run($dosis, Dosis::Oplading::csv(@rows));
is($ended->{Toestand}, 'Klaar', 'a good file ends well');
is_deeply([@$ended{qw(Lijnen Verwerkt Dossiers Fouten Waarschuwingen)}],
    [1200, 1200, 1200, 0, 0], 'all its rows are done');
is($ended->{Resultaten}{Nieuw}, 1200, 'each is new');
is($ended->{Percentage}, 100, 'to the last percent');
is(Dosis::Oplading::entries($dosis, 'sleutel'), 1200, 'each is a dossier');
is(Dosis::Oplading::entries($dosis, 'historie'), 1200, 'with one version');
ok(!glob("$dosis->{home}/store/spool/*"), 'nothing is left of the file');

# The same again, and what changed.
$rows[3]{Naam} = 'Anders';
$ended = Dosis::Oplading::run($dosis, Dosis::Oplading::csv(@rows));
is_deeply([@{ $ended->{Resultaten} }{qw(Nieuw Gewijzigd Ongewijzigd)}],
    [0, 1, 1199], 'the same file again changes what is other in it');
is(Dosis::Oplading::entries($dosis, 'historie'), 1201, 'and nothing else');

# Mixed: each mistake is refused alone.
my $foreign = 'urn://test/vergunningen';
my $id = Dosis::Oplading::put($dosis, Dosis::Oplading::csv(
    { DossierNummer => 'M-1' },
    { DossierNummer => 'M-2', AgentIdentificatie => '0123456780' },
    { DossierNummer => 'M-3', Bron => $foreign },
    { DossierNummer => 'M-4', StatusVlaamsFase => 'Nergens', Naam => '' },
    { DossierNummer => '' },
    { DossierNummer => 'M-5' },
    { DossierNummer => 'M-6', Naam => '"onge"lijk' },
    { DossierNummer => 'M-7' },
));
$ended = Dosis::Oplading::ended($dosis, $id);
is($ended->{Toestand}, 'Klaar', 'a file with mistakes ends too');
is_deeply([@$ended{qw(Verwerkt Fouten)}, @{ $ended->{Resultaten} }
            {qw(Nieuw Geweigerd)}], [8, 5, 3, 5],
    'each row is done, and counted as what it was');
my $fouten = Dosis::Oplading::fouten($dosis, $id);
is_deeply([map { $_->{LijnNummer} } @{ $fouten->{Fouten} }],
    [3, 4, 5, 6, 8], 'refused rows are named by their line');
my %why = map { $_->{LijnNummer} => $_->{Fouten} } @{ $fouten->{Fouten} };
is($why{4}[0]{Code}, 'BronNietToegelaten', 'another source is not allowed');
is($why{3}[0]{Veld}, 'AgentIdentificatie', 'a mistake has its column');
is(scalar @{ $why{5} }, 2, 'all mistakes of a row are told at once');

# Rows of one dossier are one delivery; one that returns is another.
$id = Dosis::Oplading::put($dosis, Dosis::Oplading::csv(
    (map { { DossierNummer => 'V-1', AgentIdentificatie => kbo($_) } } 1 .. 3),
    { DossierNummer => 'V-2' },
    { DossierNummer => 'V-1', Naam => 'Nieuwer',
        WijzigingsDatum => '2026-03-02T10:00:00' },
));
$ended = Dosis::Oplading::ended($dosis, $id);
is_deeply([@$ended{qw(Verwerkt Dossiers Waarschuwingen)}], [5, 3, 1],
    'rows of one dossier are one delivery, one that returns has a warning');
is_deeply([@{ $ended->{Resultaten} }{qw(Nieuw Gewijzigd)}], [2, 1],
    'in the order of the file');

# Each warning is kept with its line, of what is refused too.
sub warned {
    my ($of) = @_;

    my $page = Dosis::Oplading::waarschuwingen($dosis, $of);
    return [@$page{qw(Totaal Bewaard)}, map {
        my $one = $_;
        map { [$one->{LijnNummer}, $one->{DossierNummer}, $_->{Code},
                $_->{Veld}] } @{ $one->{Waarschuwingen} }
    } @{ $page->{Waarschuwingen} }];
}

is_deeply(warned($id), [1, 1, [6, 'V-1', 'SleutelOpnieuw', undef]],
    'and which one is told');
$id = Dosis::Oplading::put($dosis, Dosis::Oplading::csv(
    { DossierNummer => 'W-1', Toegangsrechten => '' },
    { DossierNummer => 'W-2' },
    (map { { DossierNummer => 'W-3', AgentIdentificatie => kbo($_),
                Toegangsrechten => $_ == 1 ? '' : 'Lezer' } } 0 .. 2),
    { DossierNummer => 'W-4', Naam => '', Toegangsrechten => '' },
));
$ended = Dosis::Oplading::ended($dosis, $id);
is_deeply([@$ended{qw(Waarschuwingen Fouten)}], [3, 1],
    'dossiers with a warning are counted, stored or refused');
is_deeply(warned($id), [3, 3, [2, 'W-1', 'GeenRechten', 'Toegangsrechten'],
        [4, 'W-3', 'GeenRechten', 'Toegangsrechten'],
        [7, 'W-4', 'GeenRechten', 'Toegangsrechten']],
    'with line, dossier, code and column');
my ($third) = grep { $_->{LijnNummer} == 4 }
    @{ Dosis::Oplading::waarschuwingen($dosis, $id)->{Waarschuwingen} };
like($third->{Waarschuwingen}[0]{Omschrijving}, qr/^\(lijn 5\) Deze agent /,
    'and the line of another row of it');

# An UploadId of a row is known as that of a push is.
my $upload = uuid();
my @one = ({ DossierNummer => 'U-1', UploadId => $upload });
is(Dosis::Oplading::run($dosis, Dosis::Oplading::csv(@one))->{Resultaten}{Nieuw},
    1, 'a row with an UploadId');
$one[0]{Naam} = 'Anders';
$id = Dosis::Oplading::put($dosis, Dosis::Oplading::csv(@one));
is(Dosis::Oplading::ended($dosis, $id)->{Fouten}, 1,
    'the same with other content is refused');
is(Dosis::Oplading::fouten($dosis, $id)->{Fouten}[0]{Fouten}[0]{Code},
    'UploadIdHergebruikt', 'and says why');

# All that a dossier may have, in more rows than a push may be large.
my $rights = join '|', map { sprintf '%03d%s', $_, 'r' x 197 } 1 .. 20;
$ended = Dosis::Oplading::run($dosis, Dosis::Oplading::csv(map { {
    DossierNummer      => 'ALLES',
    Naam               => 'n' x 320,
    AgentIdentificatie => kbo($_),
    Toegangsrechten    => $rights,
} } 1 .. 50));
is_deeply([@$ended{qw(Toestand Verwerkt Fouten)}], ['Klaar', 50, 0],
    'a dossier with all that it may have is stored');

my $verify = $dosis->ctl('verify');
is($verify->{code}, 0, 'the store is whole') or diag $verify->{out};
is($dosis->stop, 0, 'a clean stop');

done_testing();
