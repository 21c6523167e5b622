#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# The doors of an operator: sources with when they were last heard and what
# pauses them, clients with what they may, page by page, and how the register
# is. With the scope DosisBeheer alone, and no dossier stands there.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Number qw(kbo);
use Dosis::Test;

my $dosis = Dosis::Test->new;
my $v1    = '/api/v1/dosis/beheer';
my @doors = qw(toestand bronnen clienten uploads);
my $asks  = $dosis->machine('niemand', scope => 'DosisBeheer');

sub beheer {
    my ($path, %option) = @_;

    return $dosis->get("$v1/$path", token => $asks, %option);
}

# All rows of a door, so many at a time.
sub all_of {
    my ($door, $member, $limit) = @_;

    my ($na, @rows) = ('');
    do {
        my $answer = beheer("$door?" . Dosis::Test::query(
                limiet => $limit, na => $na || undef));
        is($answer->status, 200, "$door, a page of $limit");
        cmp_ok(scalar @{ $answer->member($member) }, '<=', $limit,
            'is no longer');
        push @rows, @{ $answer->member($member) };
        $na = $answer->member('Volgende');
    } while (defined $na && @rows < 1000);

    return @rows;
}

# --- who may ---------------------------------------------------------------

for my $door (@doors) {
    is_problem($dosis->get("$v1/$door"), 401, 'TokenOntbreekt',
        "$door: nobody");
    for my $case (
        ['who delivers', $dosis->machine('leverancier-a')],
        ['a counter', $dosis->loket('loket')],
        ['a user', $dosis->company(kbo(1), rechten => ['Lezer'])],
        )
    {
        my ($who, $token) = @$case;
        is_problem($dosis->get("$v1/$door", token => $token), 403,
            'ScopeOntbreekt', "$door: $who");
    }
    is_problem(beheer($door, token => $dosis->machine('onbekend',
                scope => 'DosisBeheer')), 403, 'ClientOnbekend',
        "$door: a client that is not registered");
    is($dosis->post("$v1/$door", {}, token => $asks)->status, 405,
        "$door: nothing is changed there");
}

# --- sources ---------------------------------------------------------------

is_stored($dosis->push($dosis->dossier(agent => kbo(1))), 'Nieuw',
    'one source is heard');
my ($code, $said) = $dosis->ctl(qw(pauze set lezen --bron urn://test/open --reden migratie));
is($code, 0, 'one is paused') or diag $said;

my %bron = map { $_->{Bron} => $_ } @{ beheer('bronnen')->member('Bronnen') };
is(scalar keys %bron, 7, 'every source');
like($bron{'urn://test/subsidies'}{LaatstGehoord}, qr/^\d{4}-.*:00:00\.000Z$/,
    'the hour in which it was heard');
is($bron{'urn://test/vorm'}{LaatstGehoord}, undef, 'never heard');
is($bron{'urn://test/oud'}{Actief}, JSON::PP::false, 'switched off');
is($bron{'urn://test/subsidies'}{Pauze}, undef, 'not paused');
is_deeply($bron{'urn://test/open'}{Pauze},
    { Stand => 'lezen', Tot => undef, Reden => 'migratie' }, 'paused, and why');
is_deeply([map { $_->{Bron} } all_of('bronnen', 'Bronnen', 2)],
    [sort keys %bron], 'page by page: each once, by name');

# --- clients ---------------------------------------------------------------

my %client = map { $_->{Client} => $_ }
    @{ beheer('clienten')->member('Clienten') };
my %soort = ('leverancier-a' => 'Leverancier', loket => 'Loket',
    beide => 'LeverancierEnLoket', niemand => 'Andere');
is($client{$_}{Soort}, $soort{$_}, "$_: $soort{$_}") for sort keys %soort;
is_deeply($client{'leverancier-b'}{Bronnen}, ['urn://test/vergunningen'],
    'what it may deliver for');
is($client{'loket-uit'}{Actief}, JSON::PP::false, 'switched off');
is_deeply([map { $_->{Client} } all_of('clienten', 'Clienten', 5)],
    [sort keys %client], 'page by page: each once, by name');
is_deeply([sort map { keys %$_ } values %client],
    [sort map { (qw(Client Naam Actief Soort Bronnen)) } values %client],
    'nothing else is told of them');

# --- pages that are none ---------------------------------------------------

for my $limit (0, 501, 'x', '') {
    is_problem(beheer("bronnen?limiet=$limit"), 400, 'ParameterOngeldig',
        "limiet '$limit'");
}
is_deeply(beheer('bronnen?na=urn://zzz')->json,
    { Bronnen => [], Volgende => undef }, 'after the last one: nothing');

# --- how it is -------------------------------------------------------------

my $state = beheer('toestand');
is_status($state, 200, 'how it is');
like($state->member('Versie'), qr/^\d+\.\d+/, 'which version');
cmp_ok($state->member('Opslag')->{Bytes}, '>', 4096, 'the store has bytes');
cmp_ok($state->member($_)->{VrijeBytes}, '>', 0, "$_: its disk has room")
    for qw(Opslag Spool);
like($state->member('Motor')->{LaatstGehoord}, qr/^\d{4}-\d\d-\d\dT.*Z$/,
    'when the engine was heard');
is_deeply($state->member('Uploads'), { Wachtend => 0, Bezig => 0 },
    'no file waits');
is($state->member('Pauze'), undef, 'the register is not paused');

# --- files -----------------------------------------------------------------

($code, $said) = $dosis->ctl(qw(pauze set lezen --bron urn://test/vergunningen));
is($code, 0, 'a source is paused, so that its files wait') or diag $said;
my $kop = 'Bron;DossierNummer;Naam;WijzigingsDatum;StatusVlaamsFase;'
    . "StatusVlaamsCode;AgentIdentificatie;Toegangsrechten\n";
for my $i (1 .. 3) {
    my $answer = $dosis->push("${kop}urn://test/vergunningen;V-$i;Naam;"
            . '2026-03-01;Behandeling;InBehandeling;' . kbo(2) . ";Lezer\n",
        as => 'leverancier-b', headers => ['Content-Type' => 'text/csv']);
    is_status($answer, 202, "file $i comes in");
}
my @files = all_of('uploads', 'Uploads', 2);
is_deeply([map {"$_->{Client} $_->{Dossiers}"} @files],
    [('leverancier-b 0') x 3], 'each once, with who delivered it');
my $waits = beheer('toestand')->member('Uploads');
is($waits->{Wachtend} + $waits->{Bezig}, 3, 'they wait');
cmp_ok(beheer('toestand')->member('Spool')->{Bytes}, '>', 0,
    'and take room on disk');
is_problem(beheer('uploads?na=abc'), 400, 'ParameterOngeldig',
    'a cursor that is none');
unlike(join('', map { beheer($_)->body } @doors), qr/@{[kbo(1)]}|D-00001/,
    'no dossier and nobody stands there');
