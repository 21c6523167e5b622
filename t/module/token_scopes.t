#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# What a token may do follows from its scope and from what is registered.

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
my $kbo   = kbo(1);
my $id    = do {
    my $dossier = $dosis->dossier(agent => $kbo);
    $dosis->push($dossier)->member('DossierId');
};

my %token = (
    importer => $dosis->machine('leverancier-a'),
    counter  => $dosis->loket('loket'),
    user     => $dosis->company($kbo, rechten => ['Lezer']),
    none     => $dosis->machine('leverancier-a', scope => 'profile'),
    noscope  => $dosis->machine('leverancier-a', scope => undef),
    almost   => $dosis->machine('leverancier-a',
        scope => 'DosisImporteren dosisimport xDosisImport'),
    both     => $dosis->machine('beide', scope => 'DosisImport DosisRaadpleging'),
);

my @door = (
    [deliver => sub { $dosis->push($dosis->dossier, token => $_[0]) }],
    [withdraw => sub {
        $dosis->request('DELETE', "$base?" . query(
                bron => 'urn://test/subsidies', dossierNummer => 'geen'),
            token => $_[0]);
    }],
    [result => sub {
        $dosis->get("/api/v1/dosis/resultaten/perUploadId?uploadId=" . uuid(),
            token => $_[0]);
    }],
    [agent  => sub { $dosis->list(token => $_[0], agent => $kbo,
            recht => ['Lezer']) }],
    [list   => sub { $dosis->list(token => $_[0]) }],
    [zoek   => sub { $dosis->post("$base/zoek",
            { Agent => $kbo, Rechten => ['Lezer'] }, token => $_[0]) }],
    [query  => sub { $dosis->request('QUERY', $base, token => $_[0],
            body => { Agent => $kbo, Rechten => ['Lezer'] }) }],
    [namens => sub { $dosis->post('/api/v1/dosis/namens',
            { Agenten => [{ Identificatie => $kbo, Rechten => ['Lezer'] }],
                Gebruiker => 'g', Doel => 'd', Zekerheid => 'z' },
            token => $_[0]) }],
    [detail => sub { $dosis->get("$base/$id", token => $_[0]) }],
);

# Token by door: the status wanted.
my %wanted = (
    importer => [200, 200, 404, 403, 403, 403, 403, 403, 403],
    counter  => [403, 403, 403, 200, 400, 200, 200, 200, 400],
    user     => [403, 403, 403, 400, 200, 403, 403, 403, 200],
    none     => [(403) x 9],
    noscope  => [(403) x 9],
    almost   => [(403) x 9],
    both     => [200, 200, 404, 200, 400, 200, 200, 200, 400],
);
for my $name (sort keys %wanted) {
    for my $index (0 .. $#door) {
        my ($door, $ask) = @{ $door[$index] };
        my $answer = $ask->($token{$name});
        my $status = $wanted{$name}[$index];
        # A user's body question may be refused as 400 or as 403: both say no.
        if ($name eq 'user' && $status == 403 && $door =~ /zoek|query/) {
            ok($answer->status == 400 || $answer->status == 403,
                "user at $door: refused");
        }
        else {
            is_status($answer, $status, "$name at $door: $status");
        }
        is_problem($answer, 403, undef, "$name at $door: a whole problem")
            if $answer->status == 403;
    }
}

# Both reading scopes in one token.
my $two = $dosis->machine('beide',
    scope => 'DosisRaadpleging DosisGebruiker');
is_problem($dosis->list(token => $two, agent => $kbo), 403, undef,
    'both reading scopes: 403');
like($dosis->list(token => $two, agent => $kbo)->member('Message'),
    qr/scope van een loket en die van een gebruiker/, 'and why, in words');
my $mixed = $dosis->company($kbo, scope => 'DosisGebruiker DosisRaadpleging');
is_problem($dosis->list(token => $mixed), 403, undef,
    'a user with both reading scopes: 403');

# Registration.
is_problem($dosis->push($dosis->dossier, as => 'nergens-bekend'),
    403, 'ClientOnbekend', 'a client nobody registered');
is_problem($dosis->push($dosis->dossier, as => 'leverancier-uit'),
    403, 'ClientOnbekend', 'a client that is switched off');
is_problem($dosis->list(token => $dosis->loket('loket-uit'), agent => $kbo),
    403, 'ClientOnbekend', 'a counter that is switched off');
is_status($dosis->list(token => $dosis->loket('leverancier-a'),
        agent => $kbo), 403, 'a client that is no counter cannot be one');
is_problem($dosis->push($dosis->dossier, as => 'niemand'),
    403, 'BronNietToegelaten', 'a client without sources');
is_problem($dosis->push($dosis->dossier(bron => 'urn://test/vergunningen')),
    403, 'BronNietToegelaten', "somebody else's source");
is_problem($dosis->push($dosis->dossier(bron => 'urn://bestaat/niet')),
    403, 'BronNietToegelaten', 'a source that does not exist');
is_problem($dosis->push($dosis->dossier(bron => 'urn://test/oud')),
    403, 'BronNietToegelaten', 'a source that is switched off');
my @texts = map {
    $dosis->push($dosis->dossier(bron => $_))->member('Message')
} qw(urn://test/vergunningen urn://bestaat/niet urn://test/oud);
is_deeply(\@texts, [($texts[0]) x 3],
    'the three are told in the same words');

# A registration that changes counts from the next request on.
my $clients = "$dosis->{home}/reference/clients.json";
my $said = Dosis::Fixture::read_file($clients);
my $push = $dosis->machine('leverancier-b');
my $theirs = sub {
    $dosis->push($dosis->dossier(bron => 'urn://test/vergunningen'),
        token => $push)->status;
};
is($theirs->(), 200, 'a client that is on');
my $list = JSON::PP->new->utf8->decode($said);
$_->{Actief} = JSON::PP::false
    for grep { $_->{Client} eq 'leverancier-b' } @$list;
Dosis::Fixture::write_json($clients, $list);
kill HUP => $dosis->{engine};
ok($dosis->wait_for(sub { $theirs->() == 403 }, 'switched off', 10),
    'is refused once it is switched off, its remembered token too');
Dosis::Fixture::write_file($clients, $said);
kill HUP => $dosis->{engine};
ok($dosis->wait_for(sub { $theirs->() == 200 }, 'switched on', 10),
    'and accepted once it is on again');
