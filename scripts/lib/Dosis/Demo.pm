# SPDX-License-Identifier: EUPL-1.2

# What the programs that push made-up dossiers share: agencies and the way
# their dossiers go, parties whose numbers are well-formed and nobody's,
# tokens. Numbers come from rand: the same seed, the same dossiers.

package Dosis::Demo;

use strict;
use warnings;
use utf8;

use Exporter qw(import);
use HTTP::Tiny;
use JSON::PP;
use Socket qw(IPPROTO_TCP TCP_NODELAY);

our @EXPORT_OK = qw(agencies agent insz kbo party pick token_for usage uuid
    vcode vestiging);

my $COMPANY = '0123456749';
my $CITIZEN = '85073000754';

# phase, code, what the agency calls it, action asked
my @SUBSIDIE = (
    [ 'Samenstelling', 'Ingediend', 'Aanvraag ingediend' ],
    [ 'Behandeling', 'Ontvankelijk', 'Aanvraag ontvankelijk verklaard' ],
    [ 'Behandeling', 'DossierOnvolledig', 'Wacht op stukken',
        'Bezorg de ontbrekende facturen' ],
    [ 'Behandeling', 'DossierVolledig', 'Dossier volledig' ],
    [ 'Beslissing', 'Goedgekeurd', 'Steun toegekend' ],
    [ 'Uitvoering', 'KlaarVoorBetaling', 'Betaling gepland' ],
    [ 'Uitvoering', 'Betaald', 'Steun uitbetaald' ],
    [ 'Afgerond', 'DeelsGoedgekeurd', 'Dossier afgesloten' ],
);
my @VERGUNNING = (
    [ 'Samenstelling', 'Geinitieerd', 'Aanvraag in opmaak' ],
    [ 'Samenstelling', 'Ingediend', 'Aanvraag ingediend' ],
    [ 'Behandeling', 'DossierOnvolledig', 'Aanvulling gevraagd',
        'Laad het ontbrekende plan op' ],
    [ 'Behandeling', 'InBehandeling', 'Openbaar onderzoek loopt' ],
    [ 'Behandeling', 'KlaarVoorBeslissing', 'Advies ontvangen' ],
    [ 'Beslissing', 'Beslist', 'Beslissing genomen' ],
    [ 'Afgerond', 'ErkendVergund', 'Vergund' ],
);
my @PREMIE = (
    [ 'Samenstelling', 'Aangevraagd', 'Aanvraag ontvangen' ],
    [ 'Behandeling', 'InBehandeling', 'In behandeling' ],
    [ 'Behandeling', 'DossierOnvolledig', 'Bewijsstuk ontbreekt',
        'Bezorg het aanslagbiljet' ],
    [ 'Beslissing', 'Goedgekeurd', 'Premie toegekend' ],
    [ 'Uitvoering', 'Betaald', 'Premie uitbetaald' ],
    [ 'Afgerond', 'DeelsGoedgekeurd', 'Afgesloten' ],
);

my @STRATEN = ( 'Kerkstraat', 'Stationsstraat', 'Meersstraat', 'Molenweg',
    'Groenlaan', 'Sint-Jansstraat', 'Vaartdijk', 'Beukendreef' );
my @GEMEENTEN = ( 'Gent', 'Leuven', 'Hasselt', 'Brugge', 'Mechelen', 'Aalst',
    'Tielt', 'Geel', 'Ronse', 'Kortrijk' );

my @SOURCES = (
    {   bron    => 'urn://vlaio/subsidies',
        client  => 'demo-vlaio',
        kort    => 'VL',
        dienst  => 'Agentschap Innoveren en Ondernemen',
        pad     => \@SUBSIDIE,
        maak    => \&vlaio,
    },
    {   bron    => 'urn://omgeving/vergunningen',
        client  => 'demo-omgeving',
        kort    => 'OMV',
        dienst  => 'Omgevingsloket',
        pad     => \@VERGUNNING,
        maak    => \&omgeving,
    },
    {   bron    => 'urn://wonen/premies',
        client  => 'demo-wonen',
        kort    => 'WO',
        dienst  => 'Wonen in Vlaanderen',
        pad     => \@PREMIE,
        maak    => \&wonen,
    },
    {   bron    => 'urn://cjm/verenigingen',
        client  => 'demo-cjm',
        kort    => 'CJM',
        dienst  => 'Departement Cultuur, Jeugd en Media',
        pad     => \@SUBSIDIE,
        maak    => \&verenigingen,
    },
);

sub agencies {
    return @SOURCES;
}

# --- well-formed numbers that nobody has --------------------------------

# The first eight digits, and 97 minus their rest.
sub checked_ten {
    my $eight = shift;
    return sprintf '%08d%02d', $eight, 97 - $eight % 97;
}

sub kbo {
    my $n = shift;
    return $n == 0 ? $COMPANY : checked_ten( 19_000_000 + 37 * $n );
}

sub vestiging {
    return checked_ten( 80_000_000 + 53 * $_[0] );
}

sub insz {
    my $n = shift;
    return $CITIZEN if $n == 0;
    my $nine = sprintf '%02d%02d%02d%03d', 1 + $n % 9, 1 + $n % 12,
        1 + $n % 28, 1 + $n % 997;
    return sprintf '%s%02d', $nine, 97 - $nine % 97;
}

sub vcode {
    return sprintf 'V%07d', 9_900_000 + $_[0];
}

# --- dossiers -----------------------------------------------------------

sub pick {
    return $_[ int rand @_ ];
}

# Every so many goes to the one that stands out (number 0).
sub party {
    my ( $i, $every, $count ) = @_;
    return $i % $every == 0 ? 0 : 1 + int rand $count;
}

sub agent {
    my ( $id, $rol, @rechten ) = @_;
    return {
        Identificatie   => $id,
        Rol             => $rol,
        Toegangsrechten => [ map { { Code => $_ } } @rechten ],
    };
}

sub vlaio {
    my $i = shift;
    my ( $product, $naam ) = @{ pick(
            [ '1984', 'Kmo-portefeuille: opleiding ' . pick( 'lassen',
                    'boekhouden', 'cyberveiligheid', 'leidinggeven' ) ],
            [ '2110', 'Ecologiesteun: ' . pick( 'warmtepomp', 'zonneboiler',
                    'warmteterugwinning in het café' ) ],
            [ '2246', 'Kmo-groeisubsidie: ' . pick( 'export naar Québec',
                    'digitale strategie', 'strategisch advies' ) ],
    ) };
    my @agenten = ( agent( kbo( party( $i, 30, 300 ) ), 'Aanvrager',
            $i % 5 == 1 ? 'SubsidieLezer - groot' : 'SubsidieLezer - kmo',
            'SubsidieBeheerder' ) );
    push @agenten, agent( vestiging( 1 + int rand 40 ), 'Begunstigde',
        'SubsidieLezer - kmo' ) if $i % 9 == 0;
    return ( $product, $naam, \@agenten,
        IsVertrouwelijk => $i % 31 == 1 ? JSON::PP::true : JSON::PP::false );
}

sub omgeving {
    my $i = shift;
    my $plek = sprintf '%s %d, %s', pick(@STRATEN), 1 + int rand 200,
        pick(@GEMEENTEN);
    if ( $i % 3 ) {
        my @agenten = ( agent( insz( party( $i, 50, 300 ) ), 'Aanvrager',
                'Raadpleger' ) );
        push @agenten, agent( kbo( 1 + int rand 300 ), 'Expert',
            'VergunningLezer - architect' ) if $i % 4 == 0;
        return ( '3105', pick( 'Verbouwen van een eengezinswoning, ',
                'Bouwen van een bijgebouw, ', 'Vellen van bomen, ' ) . $plek,
            \@agenten );
    }
    return ( '3106', "Exploitatie van een ingedeelde inrichting, $plek",
        [ agent( kbo( party( $i, 60, 300 ) ), 'Aanvrager',
                'VergunningLezer' ) ],
        IsPubliek => $i % 12 == 3 ? JSON::PP::true : JSON::PP::false );
}

sub wonen {
    my $i = shift;
    my ( $product, $naam ) = @{ pick(
            [ '4021', 'Mijn VerbouwPremie: ' . pick( 'dakisolatie',
                    'ramen en deuren', 'zonneboiler' ) ],
            [ '4033', 'Huursubsidie' ],
    ) };
    return ( $product, $naam,
        [ agent( insz( party( $i, 75, 300 ) ), 'Aanvrager', 'Raadpleger' ) ] );
}

sub verenigingen {
    my $i = shift;
    return ( '5307', 'Werkingssubsidie ' . pick( 'jeugdhuis', 'fanfare',
            'amateurtheater', 'scoutsgroep' ) . ' ' . pick(@GEMEENTEN),
        [ agent( vcode( 1 + int rand 60 ), 'Begunstigde',
                'VerenigingBeheerder' ) ] );
}

sub uuid {
    my @b = map { int rand 65536 } 1 .. 8;
    $b[3] = $b[3] & 0x0fff | 0x4000;
    $b[4] = $b[4] & 0x3fff | 0x8000;
    return sprintf '%04x%04x-%04x-%04x-%04x-%04x%04x%04x', @b;
}

# --- asking --------------------------------------------------------------

# The comment on top of the program, as far as the first empty line.
sub usage {
    open my $self, '<', $0 or die "cannot read myself: $!\n";
    while (<$self>) {
        last if /^$/;
        print if $. > 2 && s/^# ?//;
    }
    exit 0;
}

# Headers and body leave in two writes; without this the second waits for the
# acknowledgement of the first, 40 ms each time.
{
    no warnings qw(redefine);
    my $connect = \&HTTP::Tiny::Handle::connect;
    *HTTP::Tiny::Handle::connect = sub {
        my $handle = $connect->(@_);
        setsockopt $handle->{fh}, IPPROTO_TCP, TCP_NODELAY, 1
            if $handle->{fh};
        return $handle;
    };
}

# A token to deliver with, minted by dosisctl.
sub token_for {
    my ( $dosisctl, $client ) = @_;
    open my $ctl, '-|', $dosisctl, 'token', '--client', $client,
        '--scope', 'DosisImport'
        or die "$dosisctl: $!\n";
    my $token = <$ctl>;
    close $ctl or die "no token for $client\n";
    chomp $token;
    return $token;
}

1;
