#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# Paging: every row exactly once, in order, whatever the page size; a cursor
# belongs to its question and to nobody else.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Number qw(insz kbo uuid);
use Dosis::Test qw(query);

my $dosis = Dosis::Test->new;
my $base  = '/api/v1/dosis/dossiers';
my $kbo   = kbo(21);
my $many  = kbo(22);
my $token = $dosis->company($kbo, rechten => ['Lezer']);

# 120 dossiers; equal dates among them; every third one not for these rights;
# two references without a date of their own.
my @dossiers = map {
    $dosis->dossier(
        agent   => $kbo,
        nummer  => sprintf('P-%03d', $_),
        datum   => sprintf('2026-01-%02dT08:00:00', 1 + $_ % 25),
        rechten => [$_ % 3 ? 'Lezer' : 'Ander'])
} 1 .. 120;
push @dossiers, map {
    $dosis->dossier(
        agent           => $kbo,
        nummer          => "REF-$_",
        TypeDossierCode => 'DossierVerwijzing',
        Status          => undef,
        WijzigingsDatum => undef)
} 1 .. 2;
$dosis->store_all(\@dossiers);

# All pages, following Volgende; dies on an endless list.
sub walk {
    my (%option) = @_;

    my ($after, @rows, $pages);
    while (1) {
        my $page = $dosis->list(%option, na => $after);
        $page->status == 200 or die 'no page: ' . $page->text;
        push @rows, @{ $page->member('Dossiers') };
        $after = $page->member('Volgende');
        last if !defined $after;
        die "endless\n" if ++$pages > 400;
    }

    return @rows;
}

my @whole = walk(token => $token, limiet => 500);
my @number = map { $_->{Identificatie}{DossierNummer} } @whole;
same_set(\@number, [(map { sprintf 'P-%03d', $_ } grep { $_ % 3 } 1 .. 120),
        'REF-1', 'REF-2'], 'the whole list is what the rights admit');
my @dated = map { $_->{WijzigingsDatum} } @whole[0 .. 79];
is_deeply(\@dated, [sort { $b cmp $a } @dated], 'newest first');
is_deeply([sort @number[80, 81]], ['REF-1', 'REF-2'],
    'references without a status stand last');

for my $limit (1, 2, 3, 7, 10, 49, 50, 79, 80, 81, 82, 83, 499) {
    my @rows = walk(token => $token, limiet => $limit);
    is_deeply([map { $_->{Identificatie}{DossierNummer} } @rows], \@number,
        "pages of $limit give the same rows in the same order");
}
my $first = $dosis->list(token => $token, limiet => 10);
cmp_ok(scalar @{ $first->member('Dossiers') }, '<=', 10,
    'a page never holds more than was asked');
cmp_ok(scalar @{ $dosis->list(token => $token)->member('Dossiers') }, '<=',
    50, 'nor more than 50 when nothing was asked');

# The rows themselves.
my $full = $dosis->dossier(
    agent          => kbo(23),
    StreefDatum    => '2026-12-31',
    Doorverwijzing => 'https://loket.example.be/1',
    Status => { VlaamsFase => 'Behandeling', VlaamsCode => 'InBehandeling',
        Detail1 => 'een', Detail2 => 'twee',
        Actie => { ActieNodig => JSON::PP::true, Actie => 'doe',
            Voor => '2026-12-15' } });
$dosis->push($full);
my $one = $dosis->list(
    token => $dosis->company(kbo(23), rechten => ['Lezer']));
my ($row) = @{ $one->member('Dossiers') };
is_deeply(
    [sort keys %$row],
    [sort qw(DossierId Versie Identificatie Naam WijzigingsDatum
            TypeDossierCode Status Producten StreefDatum Doorverwijzing)],
    'a row has the members of the contract');
is($row->{Doorverwijzing},
    "/api/v1/dosis/dossiers/$row->{DossierId}/doorverwijzing",
    'it is opened by asking, never by the address delivered');
is_deeply(
    $row->{Status},
    {   VlaamsFase => 'Behandeling', VlaamsCode => 'InBehandeling',
        Detail1 => 'een',
        Actie => { ActieNodig => JSON::PP::true, Actie => 'doe',
            Voor => '2026-12-15' },
    },
    'its status is what was delivered, but for Detail2'
);
is_deeply($row->{Producten}, [{ Id => '1984', Naam => 'Kmo-portefeuille' }],
    'products have names');
my ($source) = @{ $first->member('Bronnen') };
is($source->{Bron}, 'urn://test/subsidies', 'Bronnen names the source');
is($source->{Naam}, 'Subsidies', 'with its name');

# Nobody.
my $empty = $dosis->list(token => $dosis->company(kbo(99)));
is_status($empty, 200, 'who has nothing gets 200');
is_deeply($empty->member('Dossiers'), [], 'and an empty list');
is($empty->member('Volgende'), undef, 'that ends there');

# A cursor answers only its own question.
my $cursor = $first->member('Volgende');
ok(defined $cursor && $cursor =~ /^[A-Za-z0-9_-]+$/,
    'a cursor fits in a URL as it is');
unlike($cursor, qr/$kbo/, 'and does not show the subject');
my $second = $dosis->list(token => $token, limiet => 10, na => $cursor);
is_status($second, 200, 'the same question goes on');
is_status($dosis->list(token => $token, limiet => 25, na => $cursor), 200,
    'with another page size too');
my $again = $dosis->company($kbo, rechten => ['Lezer']);
is_status($dosis->list(token => $again, limiet => 10, na => $cursor), 200,
    'and with a fresh token of the same subject and rights');
my $loket = $dosis->loket('loket');
for my $case (
    ['another subject' => token => $dosis->company($many,
            rechten => ['Lezer'])],
    ['more rights' => token => $dosis->company($kbo,
            rechten => ['Lezer', 'Ander'])],
    ['fewer rights' => token => $dosis->company($kbo)],
    ['a person' => token => $dosis->citizen(insz(1))],
    ['a counter for the same subject' => token => $loket, agent => $kbo,
        recht => ['Lezer']],
    )
{
    my ($fact, %option) = @$case;
    is_problem($dosis->list(%option, na => $cursor), 400, 'ParameterOngeldig',
        "a cursor is refused for $fact");
}
my $theirs = $dosis->list(token => $loket, agent => $kbo, recht => ['Lezer'],
    limiet => 10)->member('Volgende');
is_problem(
    $dosis->list(token => $dosis->loket('loket-2'), agent => $kbo,
        recht => ['Lezer'], na => $theirs),
    400, 'ParameterOngeldig', "a counter's cursor is refused for another");
is_status(
    $dosis->list(token => $loket, agent => $kbo, recht => ['Lezer'],
        na => $theirs),
    200, 'and goes on for the counter itself');

# Tampered with.
my @bad;
my %tampered = ('empty-ish' => '-', 'a word' => 'morgen', 'a number' => '10',
    'two of them' => "$cursor$cursor", 'half' => substr($cursor, 0, 20),
    'padded' => "$cursor==", 'a sign more' => "${cursor}A");
for my $at (0 .. length($cursor) - 1) {
    my $other = substr($cursor, $at, 1) eq 'A' ? 'B' : 'A';
    my $forged = $cursor;
    substr $forged, $at, 1, $other;
    $tampered{"sign $at"} = $forged;
}
for my $name (sort keys %tampered) {
    my $answer = $dosis->list(token => $token, na => $tampered{$name});
    my @faults = Dosis::Check::problem_faults($answer, 400,
        'ParameterOngeldig');
    push @bad, "$name: @faults" if @faults;
}
is_deeply(\@bad, [], 'a cursor changed at any place is refused: '
        . keys(%tampered) . ' tried');

# The page size.
for my $limit (qw(0 501 -1 x 1.5 1e3 99999999999999999999 %31%30x), '') {
    is_problem($dosis->get("$base?limiet=$limit", token => $token),
        400, 'ParameterOngeldig', "limiet=$limit: 400");
}
is_problem($dosis->get("$base?limiet=5&limiet=6", token => $token),
    400, 'ParameterOngeldig', 'limiet twice: 400');
is_status($dosis->get("$base?LIMIET=5", token => $token), 200,
    'LIMIET is limiet');
is(scalar @{ $dosis->get("$base?LIMIET=5", token => $token)
            ->member('Dossiers') },
    5, 'and counts');
is_status($dosis->get("$base?onbekend=5", token => $token), 200,
    'a parameter nobody knows is no fault');

# While paging, the world goes on: nothing twice with the same Versie.
my (%shown, @twice, @seen);
my $after;
my $round = 0;
while (1) {
    my $page = $dosis->list(token => $token, limiet => 8, na => $after);
    for my $each (@{ $page->member('Dossiers') }) {
        my $key = "$each->{DossierId} $each->{Versie}";
        push @twice, $key if $shown{$key}++;
        push @seen, $each->{Identificatie}{DossierNummer};
    }
    $after = $page->member('Volgende') // last;
    my @batch = map {
        $dosis->dossier(agent => $kbo, nummer => sprintf('P-%03d', $_),
            datum => '2026-02-01T08:00:00', Naam => "ronde $round")
    } grep { $_ % 3 } ($round * 5 + 1) .. ($round * 5 + 5);
    push @batch, $dosis->dossier(agent => $kbo,
        datum => '2026-01-12T08:00:00');
    $dosis->store_all(\@batch);
    last if ++$round > 100;
}
is_deeply(\@twice, [], 'nothing shows twice with the same Versie');
my %found = map { $_ => 1 } @seen;
my @untouched = grep { /^P-(\d+)/ && $1 > 5 * ($round + 1) } @number;
is_deeply([grep { !$found{$_} } @untouched], [],
    'and what did not move is not missed');

# A small agent grows past one page and past thirty-two.
my $count = 700;
$dosis->store_all([
    map {
        $dosis->dossier(agent => $many, nummer => sprintf('G-%04d', $_),
            datum => sprintf('2025-%02d-%02dT08:%02d:00', 1 + $_ % 12,
                1 + $_ % 28, $_ % 60))
    } 1 .. $count
]);
my @grown = walk(token => $dosis->company($many, rechten => ['Lezer']),
    limiet => 37);
is(scalar @grown, $count, "all $count dossiers of one company are listed");
is(scalar keys %{ { map { $_->{DossierId} => 1 } @grown } }, $count,
    'each once');
my @dates = map { $_->{WijzigingsDatum} } @grown;
is_deeply(\@dates, [sort { $b cmp $a } @dates], 'in order');
is(scalar walk(token => $dosis->company($many), limiet => 500), 0,
    'and none of them without the right, though pages follow pages');
