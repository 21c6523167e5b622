#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# A refusal names every problem with its place, and writes nothing.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Engine;

my $dosis = Dosis::Engine->new;

my $good = { Bron => 'urn://goed', Naam => 'Goed' };

# what, status, the problems as item field code
my @rows = (
    [ 'no JSON', '{"Bron":', 422, '0  JsonOngeldig' ],
    [ 'a name twice', '{"Bron":"a","Bron":"b"}', 422, '0  JsonOngeldig' ],
    [ 'no object', '7', 422, '0  VeldOngeldig' ],
    [ 'nothing', '{}', 422, '0 /Bron VeldOntbreekt',
        '0 /Naam VeldOntbreekt' ],
    [ 'three of one', { Bron => 'urn://x', Actief => 1, Typo => 2 }, 422,
        '0 /Actief VeldOngeldig', '0 /Naam VeldOntbreekt',
        '0 /Typo VeldBestaatNiet' ],
    [ 'a code that is in no list',
        { %$good, Mapping => { Code => { x => 'Onzin', y => 'Weg' } } }, 422,
        '0 /Mapping/Code/x CodeOnbekend', '0 /Mapping/Code/y CodeOnbekend' ],
    [ 'in an array',
        [ $good, { Bron => 'urn://x' }, 5,
            { %$good, Bron => 'urn://y', RitmeUren => 9999 } ],
        422, '2 /Naam VeldOntbreekt', '3  VeldOngeldig',
        '4 /RitmeUren VeldOngeldig' ],
    [ 'the same twice', [ $good, $good ], 409, '2  BestaatAl' ],
    [ 'one that is there',
        { Bron => 'urn://test/open', Naam => 'x' }, 409, '0  BestaatAl' ],
    [ 'both kinds of trouble',
        [ { Bron => 'urn://test/open', Naam => 'x' }, {} ], 422,
        '1  BestaatAl', '2 /Bron VeldOntbreekt', '2 /Naam VeldOntbreekt' ],
    [ 'too many', [ map { { Bron => "urn://$_", Naam => 'n' } } 0 .. 500 ],
        422, '0  TeVeelWaarden' ],
);

$dosis->start;
for my $row (@rows) {
    my ($what, $body, $status, @problems) = @$row;
    my $answer = $dosis->ask('POST', '/bronnen', $body);
    is($answer->{status}, $status, "$what: $status");
    is_deeply([ sort(problems($answer)) ], [ sort @problems ],
        "$what: all problems, each with its place");
}
is($dosis->shown('bron', $_), undef, "$_ is not there")
    for qw(urn://goed urn://x urn://y urn://0);

# Beyond the ceilings they are counted.
my $many = $dosis->ask('POST', '/bronnen',
    [ map { { map { ("Typo$_" => 1) } 1 .. 30 } } 1 .. 50 ])->{json};
is(@{ $many->{problems} } + $many->{more}, 50 * 32, 'none of 1600 is lost');

# As people see it.
my $run = $dosis->ctl('bron', 'change', 'urn://test/open', 'RitmeUren=veel',
    'Doorklik.Hosten=a b', 'Strengheid=los');
is($run->{code}, 1, 'dosisctl tells by its exit code');
like($run->{err}, qr/^dosisctl: \Q$_\E: .*\)$/m, "and names $_")
    for qw(/RitmeUren /Doorklik/Hosten/0 /Strengheid);
is_deeply($dosis->shown('bron', 'urn://test/open'),
    { Bron => 'urn://test/open', Naam => 'Open register',
        ZonderRecht => 'iedereen' },
    'nothing of it has been changed');

# Paths, methods, ceilings.
is($dosis->ask('PATCH', '/bronnen', '{}')->{status}, 400, 'PATCH of none: 400');
my $named = $dosis->ask('POST', '/bronnen?bron=urn://test/open',
    { Bron => 'urn://test/open', Naam => 'Vervangen' });
is_deeply([ $named->{status}, problems($named) ], [ 400, '0  NaamTeVeel' ],
    'POST with a name: 400, for it never replaces');
is($dosis->shown('bron', 'urn://test/open')->{Naam}, 'Open register',
    'nothing is replaced');
is($dosis->ask('PATCH', '/bronnen?bron=urn://weg', '{}')->{status},
    404, 'PATCH of an unknown one: 404');
my $other = $dosis->ask('PATCH', '/bronnen?bron=urn://test/open',
    { Bron => 'urn://anders' });
is_deeply([ $other->{status}, problems($other) ], [ 422, '0  NaamVast' ],
    'its name never changes');
my $method = $dosis->ask('TRACE', '/clients');
is($method->{status}, 405, 'another method: 405');
like($method->{head}, qr/^Allow: GET, POST, PUT, PATCH, DELETE\r?$/m,
    'with those there are');
is($dosis->ask('POST', '/bronnen', ' ' x (1024 * 1024 + 1))->{status},
    413, 'a byte too many: 413');
is($dosis->ask('POST', '/bronnen', ' ' x (1024 * 1024))->{status},
    422, 'one less is read');
is($dosis->ask('GET', '/health')->{json}{status}, 'UP', 'the engine is up');
is($dosis->stop, 0, 'a clean stop');
done_testing();

sub problems {
    my ($answer) = @_;

    return map {"$_->{item} $_->{field} $_->{code}"}
        @{ $answer->{json}{problems} };
}
