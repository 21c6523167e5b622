#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# A counter asks for one agent in the URL: every kind but a person.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Number qw(insz insz_dotted kbo ovo vereniging vestiging);
use Dosis::Test qw(query);

my $dosis = Dosis::Test->new;
my $base  = '/api/v1/dosis/dossiers';
my $loket = $dosis->loket('loket');
my %agent = (
    'an enterprise'    => kbo(51),
    'an establishment' => vestiging(51),
    'an association'   => vereniging(51),
    'an organisation'  => ovo(51),
    'a foreign id'     => 'DE-123/x',
);

for my $kind (sort keys %agent) {
    my $number = "K $kind";
    is_stored($dosis->push($dosis->dossier(
                agent => $agent{$kind}, nummer => $number,
                rechten => ['Lezer - kmo'])),
        'Nieuw', "$kind has a dossier");
    my $ask = sub {
        my (@rights) = @_;
        return [Dosis::Test::numbers($dosis->list(
            token => $loket, agent => $agent{$kind}, recht => \@rights))];
    };
    is_deeply($ask->('Lezer-kmo'), [$number], "$kind: found with its right");
    is_deeply($ask->('Lezer - kmo'), [$number],
        "$kind: blanks around the hyphen do not count");
    is_deeply($ask->('Ander', 'Lezer-kmo'), [$number],
        "$kind: one of several rights suffices");
    is_deeply($ask->('lezer-kmo'), [], "$kind: the case of a right counts");
    is_deeply($ask->('Lezer'), [], "$kind: a part of a right is not it");
    is_deeply($ask->(), [], "$kind: without rights nothing");
    is_deeply($ask->("Lezer-kmo:$agent{$kind}"), [$number],
        "$kind: a right for this organisation counts")
        if $kind ne 'a foreign id';
    is_deeply($ask->('Lezer-kmo:' . kbo(52)), [],
        "$kind: a right for another organisation does not");
}

# Spellings of one enterprise.
my $kbo = kbo(51);
for my $spelling ('BE' . $kbo, 'be' . substr($kbo, 1), substr($kbo, 1),
    $kbo =~ s/^(....)(...)(...)$/$1.$2.$3/r,
    'BE ' . $kbo =~ s/^(....)(...)(...)$/$1.$2.$3/r)
{
    is(scalar Dosis::Test::numbers($dosis->list(token => $loket,
            agent => $spelling, recht => ['Lezer-kmo'])),
        1, "agent=$spelling is that enterprise");
}
is(scalar Dosis::Test::numbers($dosis->list(token => $loket,
        agent => lc vereniging(51), recht => ['Lezer-kmo'])),
    1, 'an association in small letters is that association');

# A source may be registered as content with the form of a number, so a
# question does not judge check digits either.
is_stored($dosis->push($dosis->dossier(bron => 'urn://test/vorm',
            agent => '0123456788', nummer => 'V-1')),
    'Nieuw', 'a source of form only delivers a wrong check digit');
is_deeply([Dosis::Test::numbers($dosis->list(token => $loket,
            agent => '0123.456.788', recht => ['Lezer']))],
    ['V-1'], 'and it can be asked for');

# A person never, with a wrong check digit neither.
my $wrong = Dosis::Number::remember_insz(
    substr(insz(1), 0, 9) . sprintf '%02d', (substr(insz(1), 9) + 1) % 97);
for my $spelling (insz(1), $wrong, insz_dotted($wrong), insz_dotted(insz(1)),
    insz_dotted(insz(1)) =~ tr/./ /r)
{
    my $answer = $dosis->list(token => $loket, agent => $spelling,
        recht => ['Raadpleger']);
    is_problem($answer, 400, 'ParameterOngeldig', 'a person in a URL: 400');
    like($answer->member('Message') . $answer->member('detail'),
        qr/zoek|namens/i, 'with the doors that are open for it');
}

# One, and only for a counter.
is_problem($dosis->list(token => $loket), 400, undef,
    'a counter that names nobody: 400');
is_problem($dosis->get("$base?agent=", token => $loket), 400, undef,
    'an empty agent: 400');
is_problem($dosis->get("$base?recht=x", token => $loket), 400, undef,
    'rights of nobody: 400');
is_problem(
    $dosis->get("$base?" . query(agent => $kbo, agent => kbo(52)),
        token => $loket),
    400, 'ParameterOngeldig', 'two agents: 400');
is_problem($dosis->list(token => $loket, agent => 'x' x 101),
    400, undef, 'an identification beyond the ceiling: 400');
my $user = $dosis->company($kbo, rechten => ['Lezer-kmo']);
for my $query (query(agent => $kbo), query(agent => kbo(52)),
    query(recht => 'Lezer'), query(AGENT => $kbo),
    query(limiet => 5, agent => $kbo))
{
    is_problem($dosis->get("$base?$query", token => $user), 400, undef,
        "a user that sends $query: 400");
}

# As registered: kinds, sources, products.
my $narrow = $dosis->loket('loket-kbo');
is_deeply([Dosis::Test::numbers($dosis->list(token => $narrow,
            agent => $kbo, recht => ['Lezer-kmo']))],
    ['K an enterprise'], 'a counter for enterprises sees an enterprise');
for my $kind (grep { $_ ne 'an enterprise' } sort keys %agent) {
    is_problem($dosis->list(token => $narrow, agent => $agent{$kind},
            recht => ['Lezer-kmo']),
        403, 'GeenToegang', "and may not ask about $kind");
}
$dosis->store_all([
    $dosis->dossier(agent => $kbo, nummer => 'open',
        bron => 'urn://test/open', rechten => ['Lezer']),
    $dosis->dossier(agent => $kbo, nummer => 'product 2001',
        rechten => ['Lezer'], Producten => [{ Id => '2001' }]),
    $dosis->dossier(agent => $kbo, nummer => 'geen product',
        rechten => ['Lezer'], Producten => []),
]);
my @lezer = (agent => $kbo, recht => ['Lezer', 'Lezer-kmo']);
same_set([Dosis::Test::numbers($dosis->list(token => $loket, @lezer))],
    ['K an enterprise', 'open', 'product 2001', 'geen product'],
    'a counter without limits sees all');
same_set(
    [Dosis::Test::numbers($dosis->list(
            token => $dosis->loket('loket-bron'), @lezer))],
    ['K an enterprise', 'product 2001', 'geen product'],
    'a counter of one source sees that source');
same_set(
    [Dosis::Test::numbers($dosis->list(
            token => $dosis->loket('loket-product'), @lezer))],
    ['K an enterprise', 'open'], 'a counter of one product sees that product');

# Filters belong to lists.
my $id = $dosis->list(token => $loket, @lezer)->member('Dossiers')
    ->[0]{DossierId};
for my $filter (qw(fase code bron product actieNodig open sinds tot rol
    sorteer))
{
    is_problem(
        $dosis->get("$base/$id?" . query(@lezer, $filter => 'x'),
            token => $loket),
        400, 'ParameterOngeldig', "the filter $filter of a detail: 400");
}
