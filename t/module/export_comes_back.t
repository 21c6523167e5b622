#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# What dosisctl export writes of a source makes the same dossiers in an empty
# register, and nothing new in its own.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use File::Temp ();
use Test::More;

use Dosis::Fixture;
use Dosis::Number qw(insz kbo ovo vereniging vestiging);
use Dosis::Test   qw(query);

use constant BRON => 'urn://test/subsidies';

my ($one, $other) = map { Dosis::Test->new(workers => 1) } 1 .. 2;
my $tmp  = File::Temp->newdir;
my $file = "$tmp/dossiers.csv";
my $lezer = [{ Code => 'Lezer' }, { Code => 'SubsidieLezer - kmo' }];
my %status = (VlaamsFase => 'Behandeling', VlaamsCode => 'DossierOnvolledig');

# What stands in a cell, and what no cell can hold.
my @dossiers = (
    { Naam => 'gewoon', Agenten => [{ Identificatie => kbo(1) }] },
    {   Naam   => qq{Een "naam"; met\n twee lijnen, \x{e9}\x{20ac}},
        Status => {
            %status,
            Detail1 => "punt;komma \t tab",
            Detail2 => '=1+1',
            EDRL    => 'Ontvangen',
            Actie   => {
                ActieNodig => JSON::PP::true,
                Actie      => 'Bezorg de factuur',
                Voor       => '2026-12-15',
            },
        },
        WijzigingsDatum  => '2026-01-02T03:04:05.123456789Z',
        StreefDatum      => '2027-01-31T10:00:00.000001Z',
        Doorverwijzing   => 'https://loket.example.be/dossier?a=1;2',
        Producten        => [{ Id => '1984' }],
        DossierBeheerder => {
            Naam     => 'Team 3',
            Dienst   => 'Steun; en meer',
            Telefoon => '02 000 00 00',
            Email    => 'team@example.be',
            Website  => 'https://example.be',
        },
        IsVertrouwelijk => JSON::PP::true,
        Agenten         => [
            {   Identificatie   => kbo(2),
                Toegangsrechten => $lezer,
                Rol             => 'Aanvrager',
            },
            { Identificatie => vestiging(1), Toegangsrechten => $lezer },
            { Identificatie => insz(1) },
            { Identificatie => vereniging(1), Toegangsrechten => $lezer },
            { Identificatie => ovo(1), Toegangsrechten => $lezer },
            { Identificatie => 'FR 123;45', Toegangsrechten => $lezer },
        ],
    },
    {   Naam      => 'meer dan CSV kan',
        Producten => [{ Id => '1984' }, { Id => '2001' }],
        DossierBeheerder => { Adres => { Straat => 'Kaai', Nummer => '1' } },
        MogelijkeVlaamseFases => ['Behandeling'],
        Agenten => [{ Identificatie => kbo(1), Toegangsrechten => $lezer }],
    },
    {   Naam            => 'een verwijzing',
        TypeDossierCode => 'Machtiging',
        Status          => Dosis::Test::ABSENT(),
        WijzigingsDatum => Dosis::Test::ABSENT(),
        Agenten => [{ Identificatie => kbo(1), Toegangsrechten => $lezer }],
    },
);

my $n = 0;
for my $dossier (@dossiers) {
    my $answer = $one->push($one->dossier(
            bron => BRON, nummer => 'nr;' . ++$n, Status => \%status,
            %$dossier));
    is($answer->member('Resultaat'), 'Nieuw', "delivered: $n")
        or diag $answer->text;
}

# Of both registers what a source sees of itself, but for what each makes.
sub held {
    my ($dosis) = @_;

    my $answer = $dosis->get(
        '/api/v1/dosis/bronnen/dossiers?' . query(bron => BRON),
        token => $dosis->machine('leverancier-a'));
    my @held = @{ $answer->member('Dossiers') };
    for my $dossier (@held) {
        delete @$dossier{qw(DossierId Versie ETag)};
    }
    my %by = map { $_->{Identificatie}{DossierNummer} => $_ } @held;

    return \%by;
}

my ($code, $said) = $one->ctl('export', '--bron', BRON, '--uit', $file);
is($code, 1, 'not all of it fits in the columns');
is($said, <<"END", 'which is told');
4 dossiers of urn://test/subsidies
not in the file: DossierBeheerder.Adres, of 1 dossiers
not in the file: Producten na het eerste, of 1 dossiers
not in the file: MogelijkeVlaamseFases, of 1 dossiers
END
is((stat $file)[2] & 07777, 0600, 'the file is for its owner alone');
is(($one->ctl('export', '--bron', BRON, '--uit', $file))[0],
    2, 'and not written over');
($code, $said) = $one->ctl('export', '--bron', 'urn://niemand');
is($code, 2, 'nobody knows that source');
is($said, "dosisctl: not exported: no source urn://niemand is registered;"
        . " 'dosisctl bron list' has them\n", 'and nothing else is printed');
my $rows = () = Dosis::Fixture::read_file($file) =~ /^urn:/gm;
is($rows, 9, 'a row for each agent');

# Into the other one.
($code, $said) = $other->ctl('import', $file, '--client', 'leverancier-a');
is($code, 0, 'an empty register takes it') or diag $said;
like($said, qr/^  Nieuw 4, /m, 'all of it');
my ($here, $there) = (held($one), held($other));
for my $lost ($here->{'nr;3'}) {
    delete $lost->{MogelijkeVlaamseFases};
    delete $lost->{DossierBeheerder};
    pop @{ $lost->{Producten} };
}
is_deeply($there, $here, 'the same dossiers, but for what was told');

# And back where it came from.
($code, $said) = $one->ctl('import', $file, '--client', 'leverancier-a');
like($said, qr/^  Nieuw 0, Gewijzigd 1, Ongewijzigd 3, /m,
    'only the one that lost something is another');
($code, $said) = $one->ctl('export', '--bron', BRON);
is($code, 0, 'from now on nothing is lost') or diag $said;
