#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# The overview: counts by phase of exactly what the list shows.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Number qw(insz kbo uuid);
use Dosis::Test qw(query);

my $dosis = Dosis::Test->new;
my $path  = '/api/v1/dosis/overzicht';
my @fasen = qw(Samenstelling Behandeling Beslissing Beroep Uitvoering Afgerond);

# The same numbers, added up from every page of a list.
sub counted {
    my (%ask) = @_;

    my $sum = { Aantal => 0, Open => 0, ActieNodig => 0, ZonderFase => 0,
        EersteTermijn => undef, map { $_ => 0 } @fasen };
    my $after;
    do {
        my $page = $dosis->list(%ask, limiet => 500, na => $after);
        add_row($sum, $_) for @{ $page->member('Dossiers') };
        $after = $page->member('Volgende');
    } while (defined $after);

    return $sum;
}

sub add_row {
    my ($sum, $row) = @_;

    my $status = $row->{Status};
    $sum->{Aantal}++;
    $sum->{ZonderFase}++ if !$status;
    $sum->{ $status->{VlaamsFase} }++ if $status;
    $sum->{Open}++ if $status && $status->{VlaamsFase} ne 'Afgerond';
    return if !$status || !$status->{Actie} || !$status->{Actie}{ActieNodig};
    $sum->{ActieNodig}++;
    my $voor = $status->{Actie}{Voor} // return;
    $sum->{EersteTermijn} = $voor
        if !defined $sum->{EersteTermijn} || $voor lt $sum->{EersteTermijn};

    return;
}

sub said {
    my ($counts) = @_;

    return { map({ $_->{VlaamsFase} => $_->{Aantal} } @{ $counts->{Fasen} }),
        map { $_ => $counts->{$_} }
            qw(Aantal Open ActieNodig ZonderFase EersteTermijn) };
}

sub agrees {
    my ($answer, $wanted, $fact) = @_;

    local $Test::Builder::Level = $Test::Builder::Level + 1;
    is_status($answer, 200, "$fact: 200");
    is_deeply(said($answer->member('Totaal')), $wanted,
        "$fact: counts what is listed");
    is_deeply(said($answer->member('Agenten')->[0]), $wanted,
        'and says it per agent');
    ok(!$answer->member('Totaal', 'Minstens'), 'exactly');

    return;
}

sub mixed {
    my ($agent, $n, %more) = @_;

    my %status = (VlaamsFase => $fasen[$n % 6], VlaamsCode => 'InBehandeling');
    $status{Actie} = { ActieNodig => $n % 4 ? JSON::PP::true
            : JSON::PP::false, Actie => 'Doe iets',
        ($n % 5 ? (Voor => sprintf '2027-%02d-11', 12 - $n % 12) : ()) }
        if $n % 3 == 0;

    return $dosis->dossier(agent => $agent,
        datum => sprintf('2026-%02d-%02dT10:00:00', 1 + $n % 9, 1 + $n % 28),
        rechten => $n % 7 ? ['Lezer'] : ['Beheerder'],
        bron    => $n % 11 ? 'urn://test/subsidies' : 'urn://test/open',
        Status  => $n % 13 ? \%status : Dosis::Test::ABSENT(),
        TypeDossierCode => $n % 13 ? 'DossierStatus' : 'DossierReferentie',
        Producten       => [{ Id => $n % 2 ? '1984' : '2001' }], %more);
}

my $kbo   = kbo(41);
my $token = $dosis->company($kbo, rechten => ['Lezer']);

my $none = $dosis->get($path, token => $token);
agrees($none, counted(token => $token), 'of nothing at all');
is_deeply([map { $_->{VlaamsFase} } @{ $none->member('Totaal', 'Fasen') }],
    \@fasen, 'every phase is there, those without dossiers too');
is($none->member('GedeeldTelt'), 'perAgent', 'it says how shared ones count');
is($none->member('Agenten')->[0]{Identificatie}, $kbo, 'and of whom it is');

$dosis->store_all([map { mixed($kbo, $_) } 0 .. 59]);
agrees($dosis->get($path, token => $token), counted(token => $token),
    'a small agent');
cmp_ok(counted(token => $token)->{Aantal}, '<', 60,
    'not all of them, for rights differ');

# Counters, each with its own registration.
my %counter = (
    'loket'         => [agent => $kbo, recht => ['Lezer', 'Beheerder']],
    'loket-bron'    => [agent => $kbo, recht => ['Lezer']],
    'loket-product' => [agent => $kbo, recht => ['Lezer']],
);

sub by_counters {
    my ($what) = @_;

    for my $client (sort keys %counter) {
        my %ask = (@{ $counter{$client} }, token => $dosis->loket($client));
        my $asked = query(agent => $ask{agent},
            map { (recht => $_) } @{ $ask{recht} });
        agrees($dosis->get("$path?$asked", token => $ask{token}),
            counted(%ask), "$what, for $client");
    }

    return;
}
by_counters('a small agent');

# Nothing changed: not sent again.
my $etag = $dosis->get($path, token => $token)->header('ETag');
is_status($dosis->get($path, token => $token,
        headers => ['If-None-Match' => $etag]), 304, 'unchanged: 304');

# Over the edge: more than thirty-two pages.
# More than a thousand rows, for what is read row by row.
$dosis->store_all([map { mixed($kbo, $_) } 60 .. 1099]);
is_status($dosis->get($path, token => $token,
        headers => ['If-None-Match' => $etag]), 200, 'changed: 200');
agrees($dosis->get($path, token => $token), counted(token => $token),
    'a big agent');
by_counters('a big agent');
my (undef, $told) = $dosis->ctl('status');
like($told, qr/^telling +[1-9]/m, 'which the store counts apart');

my $first = mixed($kbo, 1);
my $id    = $dosis->push($first)->member('DossierId');
my $held  = counted(token => $token)->{Aantal};
$dosis->withdraw($first);
agrees($dosis->get($path, token => $token), counted(token => $token),
    'after a withdrawal');
is(counted(token => $token)->{Aantal}, $held - 1, 'there is one less');

# Several agents: each for itself, a shared dossier once for each.
my $other = kbo(42);
$dosis->store_all([map { mixed($other, $_) } 0 .. 9]);
$dosis->store_all([$dosis->dossier(agenten => [map {
            { Identificatie => $_, Toegangsrechten => [{ Code => 'Lezer' }] }
        } $kbo, $other])]);
my $loket  = $dosis->loket('loket');
my $handle = $dosis->post('/api/v1/dosis/namens',
    { Agenten => [map { { Identificatie => $_, Rechten => ['Lezer'] } }
                $kbo, $other],
        Gebruiker => 'x', Doel => 'x', Zekerheid => 'x' },
    token => $loket)->member('Namens');
my $several = $dosis->get($path, token => $loket,
    headers => ['Dosis-Namens' => $handle]);
my @each = map { counted(token => $loket, agent => $_, recht => ['Lezer']) }
    $kbo, $other;
is_deeply([map { said($_) } @{ $several->member('Agenten') }], \@each,
    'several agents: each has the counts of its own list');
is($several->member('Totaal', 'Aantal'),
    $each[0]{Aantal} + $each[1]{Aantal},
    'and in total what they share counts twice');

# Who may ask, and how.
is_problem($dosis->get($path), 401, 'TokenOntbreekt', 'nobody: 401');
is_problem($dosis->get($path, token => $dosis->machine('leverancier-a')),
    403, 'ScopeOntbreekt', 'who delivers: 403');
is_problem($dosis->get($path, token => $dosis->loket('loket')), 400,
    'AgentOntbreekt', 'a counter that names nobody: 400');
is_problem($dosis->get("$path?agent=" . insz(41),
        token => $dosis->loket('loket')), 400, 'ParameterOngeldig',
    'a person in the address: 400');
is_problem($dosis->get("$path?agent=$kbo", token => $token), 400,
    'ParameterOngeldig', 'a user that names somebody: 400');
is_problem($dosis->post($path, {}, token => $token), 405,
    'MethodeNietToegelaten', 'POST: 405');
