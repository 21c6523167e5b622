#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# GET bronnen/dossiers: what a source delivered, whole, in pages, for a client
# that may deliver for it.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Number qw(insz kbo uuid);
use Dosis::Test qw(query);

my $bron  = 'urn://test/open';
my $base  = '/api/v1/dosis/bronnen/dossiers';
my $dosis = Dosis::Test->new(
    reference => {
        clients => [
            {   Client  => 'leverancier-c',
                Naam    => 'Leverancier C',
                Bronnen => [$bron],
            }
        ]
    });
my $token = $dosis->machine('leverancier-a');
my $true  = JSON::PP::true;

sub dossiers {
    my (%option) = @_;

    my $as = delete $option{token} // $token;

    return $dosis->get("$base?" . query(bron => $option{bron} // $bron,
            map { ($_ => $option{$_}) } qw(limiet na)),
        token => $as);
}

is_deeply(dossiers()->json, { Dossiers => [], Volgende => undef },
    'a source without dossiers: an empty list');

# One with everything.
my $long = 'x' x 470;
my %status = (
    VlaamsFase  => 'Behandeling',
    VlaamsCode  => 'DossierOnvolledig',
    Detail1     => "Wacht op \"factuur\" $long",
    Detail2     => "intern: team 3 $long",
    EDRL        => 'Ontvangen',
    StreefDatum => '2026-12-31T00:00:00Z',
    Actie => { ActieNodig => $true, Actie => 'Bezorg', Voor => '2026-12-15' },
);
my @agents = (
    {   Identificatie   => kbo(1),
        Toegangsrechten => [{ Code => 'Lezer-kmo' }, { Code => 'Schrijver' }],
        Rol             => 'Aanvrager',
    },
    {   Identificatie   => insz(1),
        Toegangsrechten => [{ Code => 'Raadpleger' }],
    },
    map { { Identificatie => kbo($_), Toegangsrechten => [] } } 2 .. 9,
);
my $full = $dosis->dossier(
    bron            => $bron,
    nummer          => 'W-1',
    agenten         => \@agents,
    Status          => \%status,
    Doorverwijzing  => 'https://loket.example.be/dossier/1',
    Producten       => [{ Id => '1984' }, { Id => '2001' }],
    StreefDatum     => '2027-01-31T00:00:00Z',
    IsVertrouwelijk => $true,
    UpdateFrequentieCode  => 'IedereMinuut',
    MogelijkeVlaamseFases => ['Behandeling', 'Afgerond'],
    DossierBeheerder      => {
        Naam => 'Team', Dienst => 'D', Telefoon => '02', Email => 'a@b.be',
        Website => 'www.b.be',
        Adres => { Straat => 'S', Nummer => '1', Postcode => '1000',
            Gemeente => 'Brussel' }
    });
my $pushed = $dosis->push($full);
is_stored($pushed, 'Nieuw', 'a dossier with everything comes in');

my $answer = dossiers();
is_status($answer, 200, 'its source reads it');
my ($whole) = @{ $answer->member('Dossiers') };
is($whole->{DossierId}, $pushed->member('DossierId'), 'DossierId');
is($whole->{Versie}, 1, 'Versie');
is($whole->{ETag}, $pushed->header('ETag'), 'the ETag that the push gave');
is_deeply($whole->{Identificatie}, $full->{Identificatie}, 'Identificatie');
is_deeply(
    $whole->{Status},
    { %status, StreefDatum => '2026-12-31T00:00:00.000Z' },
    'Status whole, with Detail2'
);
my @sorted = map {
    { %$_, Toegangsrechten => [sort { $a->{Code} cmp $b->{Code} }
                @{ $_->{Toegangsrechten} }] }
} sort { $a->{Identificatie} cmp $b->{Identificatie} } @agents;
is_deeply(
    [   sort { $a->{Identificatie} cmp $b->{Identificatie} }
            @{ $whole->{Agenten} }
    ],
    \@sorted, 'every agent with its rights and role'
);
is_deeply($whole->{$_}, $full->{$_}, $_)
    for qw(Naam Doorverwijzing TypeDossierCode DossierBeheerder
    IsVertrouwelijk UpdateFrequentieCode MogelijkeVlaamseFases);
is_deeply([map { $_->{Id} } @{ $whole->{Producten} }], ['1984', '2001'],
    'Producten');
is($whole->{StreefDatum}, '2027-01-31T00:00:00.000Z', 'StreefDatum');
ok(!$whole->{IsPubliek}, 'IsPubliek');

# What it says can be used: If-Match, and the same content is unchanged.
is_problem(
    $dosis->push({ %$full, UploadId => uuid(), Naam => 'x' },
        headers => ['If-Match' => '"' . ('0' x 32) . '"']),
    412, 'VoorwaardeNietVervuld', 'another tag does not match');
is_stored(
    $dosis->push({ %$full, UploadId => uuid(), Naam => 'anders' },
        headers => ['If-Match' => $whole->{ETag}]),
    'Gewijzigd', 'the ETag is one for If-Match');
is(dossiers()->member('Dossiers', 0, 'Naam'), 'anders',
    'the content held now is shown');

# A reference may have half a status.
my $half = $dosis->dossier(bron => $bron, nummer => 'W-2',
    TypeDossierCode => 'DossierVerwijzing',
    Status          => { Detail2 => 'alleen intern' });
is_stored($dosis->push($half), 'Nieuw', 'a reference comes in');
my $bare = $dosis->dossier(bron => $bron, nummer => 'W-3',
    TypeDossierCode => 'DossierVerwijzing', Status => undef);
is_stored($dosis->push($bare), 'Nieuw', 'one without status too');

sub by_number {
    my ($rows) = @_;

    return { map { $_->{Identificatie}{DossierNummer} => $_ } @$rows };
}

my $held = by_number(dossiers()->member('Dossiers'));
is_deeply($held->{'W-2'}{Status}, { Detail2 => 'alleen intern' },
    'half a status is shown as delivered');
is($held->{'W-3'}{Status}, undef, 'no status is null');

# Not: withdrawn, and of others.
my $gone = $dosis->dossier(bron => $bron, nummer => 'W-4');
$dosis->push($gone);
$dosis->withdraw($gone);
$dosis->push($dosis->dossier(bron => 'urn://test/subsidies', nummer => 'W-5'));
same_set([keys %{ by_number(dossiers()->member('Dossiers')) }],
    ['W-1', 'W-2', 'W-3'], 'nothing withdrawn, nothing of another source');

# Pages: small and big agents alike.
$dosis->store_all([
    map {
        $dosis->dossier(bron => $bron, nummer => sprintf('P-%04d', $_),
            agent => kbo(50 + $_ % 2))
    } 1 .. 700
]);
my @numbers = ('W-1', 'W-2', 'W-3', map { sprintf 'P-%04d', $_ } 1 .. 700);

sub walk {
    my (%option) = @_;

    my ($after, @seen);
    for my $round (1 .. 800) {
        my $page = dossiers(%option, na => $after);
        $page->status == 200 or die 'no page: ' . $page->text;
        my @rows = @{ $page->member('Dossiers') };
        die "too many\n" if @rows > ($option{limiet} // 50);
        push @seen, map { $_->{Identificatie}{DossierNummer} } @rows;
        $after = $page->member('Volgende') // return @seen;
    }
    die "endless\n";
}

same_set([walk(limiet => $_)], \@numbers, "pages of $_ give each once")
    for 7, 100, 500;
same_set([walk()], \@numbers, 'pages of 50 when nothing was asked');

# A page ends by its size too, long before 500 rows of the largest kind.
my $large = 'urn://some/test';
my @crowd = map {
    my $agent = $_;
    {   Identificatie   => kbo(100 + $agent),
        Toegangsrechten => [map { { Code => "R$_-" . 'x' x 36 } } 1 .. 20],
    }
} 1 .. 50;
$dosis->store_all([map {
    $dosis->dossier(bron => $large, nummer => "G-$_", agenten => \@crowd)
} 1 .. 90]);
my $heavy = dossiers(bron => $large, limiet => 500);
my $rows  = @{ $heavy->member('Dossiers') };
cmp_ok($rows, '<', 90, "$rows of 90 large ones fill a page");
cmp_ok(length $heavy->body, '<', 5 * 2**20, 'of some 4 MiB');
my $rest = dossiers(bron => $large, limiet => 500,
    na => $heavy->member('Volgende'));
is(@{ $rest->member('Dossiers') } + $rows, 90, 'the next one has the rest');
is($rest->member('Volgende'), undef, 'and is the last');

my $head = $dosis->request('HEAD', "$base?" . query(bron => $bron),
    token => $token);
is_status($head, 200, 'HEAD too');
cmp_ok($head->header('Content-Length'), '>', 1000, 'with its length');

# Whose.
my $cursor = dossiers(limiet => 5)->member('Volgende');
is_status(dossiers(na => $cursor), 200, 'a cursor goes on for its client');
my $other = $dosis->machine('leverancier-c');
is_status(dossiers(token => $other), 200, 'another client of the source reads');
is_problem(dossiers(token => $other, na => $cursor),
    400, 'ParameterOngeldig', 'a cursor of the first is none for it');
is_problem(dossiers(bron => 'urn://test/subsidies', na => $cursor),
    400, 'ParameterOngeldig', 'nor for another source');
is_problem(
    $dosis->get(
        '/api/v1/dosis/resultaten/fouten?' . query(bron => $bron,
            na => $cursor),
        token => $token),
    400, 'ParameterOngeldig', 'nor at another door');
my $foreign = dossiers(token => $dosis->machine('leverancier-b'));
is_problem($foreign, 403, 'BronNietToegelaten', 'a foreign source: 403');
my $unknown = dossiers(bron => 'urn://no/where');
is_problem($unknown, 403, 'BronNietToegelaten', 'an unknown one: 403');
is($foreign->body =~ s/"instance":"[^"]*"//r,
    $unknown->body =~ s/"instance":"[^"]*"//r, 'with one and the same body');
is_problem(dossiers(bron => 'urn://test/oud'), 403, 'BronNietToegelaten',
    'one that is switched off: 403');
is_problem($dosis->get($base, token => $token), 400, 'ParameterOntbreekt',
    'no source: 400');
is_problem(dossiers(token => $dosis->loket('loket')),
    403, 'ScopeOntbreekt', 'a counter does not read a source');
