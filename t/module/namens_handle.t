#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# A counter speaks for somebody with a sealed handle: bound to it, short, and
# carrying the question, never the decision.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use MIME::Base64 qw(decode_base64url encode_base64url);

use Dosis::Number qw(insz kbo uuid vestiging);
use Dosis::Test qw(query);

my $dosis  = Dosis::Test->new;
my $base   = '/api/v1/dosis/dossiers';
my $door   = '/api/v1/dosis/namens';
my $loket  = $dosis->loket('loket');
my $person = insz(71);
my $kbo    = kbo(71);

sub question {
    my ($agent, @rights) = @_;

    return {
        Agenten   => [{ Identificatie => $agent, Rechten => \@rights }],
        Gebruiker => 'medewerker-7',
        Doel      => 'balie',
        Zekerheid => 'eid',
    };
}

sub with {
    my ($handle, %option) = @_;

    return $dosis->list(token => $loket, headers => ['Dosis-Namens' => $handle],
        %option);
}

my $dossier = $dosis->dossier(agent => $person, rechten => ['Raadpleger'],
    nummer => 'N-1', datum => '2026-01-01T10:00:00');
my $id = $dosis->push($dossier)->member('DossierId');
is_stored($dosis->push($dosis->dossier(agent => $kbo, nummer => 'N-2')),
    'Nieuw', 'a dossier of an enterprise');

my $answer = $dosis->post($door, question($person, 'Raadpleger'),
    token => $loket);
is_status($answer, 200, 'a handle is given');
my $handle = $answer->member('Namens');
like($handle, qr/^[A-Za-z0-9_-]{40,}$/, 'it fits in a header');
my $bytes = decode_base64url($handle);
ok(index($handle . $bytes, $person) < 0 && index($bytes, 'medewerker') < 0,
    'and does not show whom it is about');
is($answer->header('Cache-Control'), 'private, no-cache',
    'nobody else may keep the answer');
my $ends = $answer->member('VervaltOp');
like($ends, qr/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/,
    'VervaltOp is a UTC moment');
my ($y, $mo, $d, $h, $mi, $s) = $ends =~ /(\d+)/g;
require Time::Local;
my $left = Time::Local::timegm($s, $mi, $h, $d, $mo - 1, $y) - time;
cmp_ok(abs($left - 900), '<=', 5, 'fifteen minutes ahead');
isnt($dosis->post($door, question($person, 'Raadpleger'), token => $loket)
        ->member('Namens'),
    $handle, 'no two handles are alike');

is_deeply([Dosis::Test::numbers(with($handle))], ['N-1'],
    'it opens the list of that person');
is_status($dosis->get("$base/$id", token => $loket,
        headers => ['Dosis-Namens' => $handle]),
    200, 'and the detail');
is_deeply([Dosis::Test::numbers(with($handle, limiet => 1))], ['N-1'],
    'with parameters beside it');

# The decision is taken anew each time.
$dosis->push({ %$dossier, UploadId => uuid(),
        WijzigingsDatum => '2026-01-02T10:00:00',
        Agenten => [{ Identificatie => $person,
                Toegangsrechten => [{ Code => 'Ander' }] }] });
is_deeply([Dosis::Test::numbers(with($handle))], [],
    'a right taken away counts at once');
$dosis->push({ %$dossier, UploadId => uuid(),
        WijzigingsDatum => '2026-01-03T10:00:00' });
is_deeply([Dosis::Test::numbers(with($handle))], ['N-1'],
    'and given back too');
$dosis->withdraw($dossier);
is_deeply([Dosis::Test::numbers(with($handle))], [], 'and a withdrawal');

# Another's, changed, moved.
is_problem(
    $dosis->list(token => $dosis->loket('loket-2'),
        headers => ['Dosis-Namens' => $handle]),
    400, 'NamensOngeldig', "another counter's handle is refused");
my @wrong;
my $tried = 0;
for my $at (0 .. length($bytes) - 1) {
    my $forged = $bytes;
    substr $forged, $at, 1, chr(ord(substr $forged, $at, 1) ^ 1);
    my $got = with(encode_base64url($forged));
    my @faults = Dosis::Check::problem_faults($got, 400, 'NamensOngeldig');
    push @wrong, "byte $at: @faults" if @faults;
    $tried++;
}
is_deeply(\@wrong, [],
    "a handle changed in any of its $tried bytes, its end among them, "
        . 'is refused');
for my $none ('x', '', 'e30', $handle . 'A', substr($handle, 1),
    substr($handle, 0, -4), "$handle$handle", 'A' x 3000, "$handle=")
{
    my $got = with($none);
    ok($got->status == 400, 'no handle: ' . substr $none, 0, 12)
        or diag $got->text;
}
is_problem(
    $dosis->list(token => $loket, headers => [
            'Dosis-Namens' => $handle, 'Dosis-Namens' => $handle]),
    400, undef, 'two handles: 400');
my $cursor = do {
    my $of = $dosis->post($door, question($kbo, 'Lezer'), token => $loket)
        ->member('Namens');
    $dosis->push($dosis->dossier(agent => $kbo));
    with($of, limiet => 1)->member('Volgende');
};
is_problem(with($cursor), 400, 'NamensOngeldig', 'a cursor is no handle');
is_problem($dosis->list(token => $loket, agent => $kbo, na => $handle),
    400, 'ParameterOngeldig', 'a handle is no cursor');

# One question at a time.
is_problem(with($handle, agent => $kbo), 400, undef,
    'a handle and agent= together: 400');
is_problem(
    $dosis->post("$base/zoek", { Agent => $kbo, Rechten => ['Lezer'] },
        token => $loket, headers => ['Dosis-Namens' => $handle]),
    400, undef, 'a handle and a body that names somebody: 400');

# A user speaks for itself.
my $user = $dosis->company($kbo, rechten => ['Lezer']);
is_problem($dosis->list(token => $user, headers => ['Dosis-Namens' => $handle]),
    400, undef, 'a user that sends a handle: 400');
is_problem(
    $dosis->get("$base/$id", token => $user,
        headers => ['Dosis-Namens' => $handle]),
    400, undef, 'on the detail too');
is_problem($dosis->post($door, question($kbo, 'Lezer'), token => $user),
    403, 'ScopeOntbreekt', 'a user may not ask for one');
is_problem(
    $dosis->post($door, question($kbo, 'Lezer'),
        token => $dosis->machine('leverancier-a')),
    403, 'ScopeOntbreekt', 'nor a source');

# As registered.
is_problem(
    $dosis->post($door, question($person, 'Raadpleger'),
        token => $dosis->loket('loket-kbo')),
    403, 'GeenToegang', 'a counter for enterprises gets none for a person');
is_status(
    $dosis->post($door, question($kbo, 'Lezer'),
        token => $dosis->loket('loket-kbo')),
    200, 'but one for an enterprise');

# The question must be one.
for my $case (
    ['an empty body'     => ''],
    ['no JSON'           => '{'],
    ['an array'          => []],
    ['no agents'         => { Gebruiker => 'x' }],
    ['an empty list'     => { Agenten => [] }],
    ['agents as a text'  => { Agenten => $kbo }],
    ['agents as texts'   => { Agenten => [$kbo] }],
    ['an agent of nobody' => { Agenten => [{}] }],
    ['an agent beyond the ceiling' => question('x' x 101, 'x')],
    ['rights as a text'  => { Agenten =>
                [{ Identificatie => $kbo, Rechten => 'x' }] }],
    ['201 rights'        => question($kbo, map {"r$_"} 1 .. 201)],
    ['an endless user'   => { %{ question($kbo) }, Gebruiker => 'x' x 5000 }],
    ['a user that is a list' => { %{ question($kbo) }, Gebruiker => [] }],
    )
{
    my ($fact, $body) = @$case;
    is_problem($dosis->post($door, $body, token => $loket), 400, undef,
        "$fact: 400");
}

# Twenty agents, each with its own rights.
sub several {
    my ($count, @rights) = @_;

    return { %{ question($kbo) }, Agenten => [
            map { { Identificatie => kbo($_), Rechten => \@rights } }
                1 .. $count] };
}

$dosis->store_all([
    map { $dosis->dossier(agent => kbo($_), nummer => "T-$_",
            rechten => [$_ % 2 ? 'Oneven' : 'Even'],
            datum => sprintf '2026-03-%02dT10:00:00', $_) } 1 .. 20]);
my $twenty = several(20);
$_->{Rechten} = ['Oneven', 'Ander'] for @{ $twenty->{Agenten} };
my $given = $dosis->post($door, $twenty, token => $loket);
is_status($given, 200, 'twenty agents: a handle');
is_deeply([Dosis::Test::numbers(with($given->member('Namens')))],
    [map {"T-$_"} reverse grep { $_ % 2 } 1 .. 20],
    'it opens the list of all of them, with the rights given');
$_->{Rechten} = [] for @{ $twenty->{Agenten} };
$twenty->{Agenten}[3]{Rechten} = ['Even'];
$twenty->{Agenten}[4]{Rechten} = ['Even'];
is_deeply(
    [Dosis::Test::numbers(with($dosis->post($door, $twenty, token => $loket)
                ->member('Namens')))],
    ['T-4'], 'a right stands with its agent and with no other');
is_problem($dosis->post($door, several(21), token => $loket),
    400, 'TeVeelAgenten', 'twenty-one: 400');

# It fits in a header, or it is refused here.
my $wide = several(20, map { "recht $_ " . 'x' x 150 } 1 .. 15);
my $shared = $dosis->post($door, $wide, token => $loket);
is_status($shared, 200, 'rights that agents share are carried once');
cmp_ok(length $shared->member('Namens'), '<=', 8160,
    'the handle fits in a header line of 8 KiB');
is_status(with($shared->member('Namens')), 200, 'and is taken there');
$_->{Rechten} = [map { 'x' x 150 . $_ } 1 .. 3] for @{ $wide->{Agenten} };
my $count = 0;
for my $agent (@{ $wide->{Agenten} }) {
    $_ .= '-' . ++$count for @{ $agent->{Rechten} };
}
my $refused = $dosis->post($door, $wide, token => $loket);
is_problem($refused, 400, 'ValidatieFout', 'what does not fit: 400');
is($refused->member('errors')->[0]{field}, '/Agenten', 'names Agenten');
like($refused->member('errors')->[0]{message}
        // $refused->member('errors')->[0]{description} // '',
    qr/8 KiB/, 'and says why');
is_problem(
    $dosis->post($door, several(3, map {"r$_"} 1 .. 140), token => $loket),
    400, 'ValidatieFout', 'more than 400 rights in all: 400');

# All problems at once.
my $broken = $dosis->post($door, { Gebruiker => [], Doel => 5, Agenten => [
            { Identificatie => $kbo },
            { Identificatie => '' },
            { Identificatie => kbo(2), Rechten => 'x' },
            'x',
        ] }, token => $loket);
is_problem($broken, 400, 'ValidatieFout', 'several problems: 400');
is_deeply(
    [map { $_->{field} } @{ $broken->member('errors') }],
    ['/Agenten/1/Identificatie', '/Agenten/2/Rechten',
        '/Agenten/3/Identificatie', '/Gebruiker', '/Doel'],
    'and each of them is named');
my $mixed = several(3);
$mixed->{Agenten}[1]{Identificatie} = vestiging(1);
my $kinds = $dosis->post($door, $mixed, token => $dosis->loket('loket-kbo'));
is_problem($kinds, 403, 'GeenToegang', 'one agent of another kind: 403');
is($kinds->member('errors')->[0]{field}, '/Agenten/1', 'that names it');
