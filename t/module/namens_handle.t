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
is_problem(
    $dosis->post($door, { %{ question($kbo) }, Agenten => [
                map { { Identificatie => kbo($_), Rechten => [] } } 1 .. 2] },
        token => $loket),
    400, 'TeVeelAgenten', 'more than one agent: 400, for now');
is_problem(
    $dosis->post($door, { %{ question($kbo) }, Agenten => [
                map { { Identificatie => kbo($_), Rechten => [] } } 1 .. 21] },
        token => $loket),
    400, 'TeVeelAgenten', 'more than twenty: 400 for ever');
