#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# Every word of `dosisctl bron` and `dosisctl client` does what it says.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Engine;

my $dosis = Dosis::Engine->new;

my %kinds = (
    bron => {
        key  => 'Bron',
        name => 'urn://nieuw/bron',
        set  => 'Strengheid=vorm',
        put  => [ 'Strengheid', 'vorm' ],
    },
    client => {
        key  => 'Client',
        name => 'nieuwe-client',
        set  => 'Bronnen=urn://a, urn://b',
        put  => [ 'Bronnen', [ 'urn://a', 'urn://b' ] ],
    },
);

$dosis->start;
for my $word (sort keys %kinds) {
    my ($key, $name) = @{ $kinds{$word} }{qw(key name)};
    my $new = { $key => $name, Naam => 'Nieuw' };
    my ($set, $put) = @{ $kinds{$word} }{qw(set put)};

    is(code($word, 'show', $name), 1, "$word show: not there yet");
    is(code($word, 'add', $dosis->file('new.json', $new)),
        0, "$word add: from a file");
    is_deeply($dosis->shown($word, $name), $new, 'it is there');
    is(code($word, 'add', $dosis->file('new.json', $new)),
        1, 'added twice is refused');
    like($dosis->{said}, qr/BestaatAl/, 'and says why');

    is(code($word, 'change', $name, $set, 'Naam=Anders'),
        0, "$word change: two settings");
    is_deeply(
        $dosis->shown($word, $name),
        { $key => $name, Naam => 'Anders', $put->[0] => $put->[1] },
        'both are changed');
    my ($setting) = $set =~ /^(\w+)=/;
    is(code($word, 'change', $name, "$setting="), 0, 'an empty value');
    is_deeply($dosis->shown($word, $name),
        { $key => $name, Naam => 'Anders' }, 'is the default again');

    is(code($word, 'change', $name, '--file',
            $dosis->file('whole.json', { %$new, Naam => 'Geheel' })),
        0, "$word change --file");
    is_deeply($dosis->shown($word, $name), { %$new, Naam => 'Geheel' },
        'puts the whole in its place');
    is(code($word, 'change', $name, '--file',
            $dosis->file('whole.json', { %$new, $key => 'urn://ander' })),
        1, 'but not under another name');

    is(code($word, 'off', $name), 0, "$word off");
    ok(!$dosis->shown($word, $name)->{Actief}, 'it is off');
    is(code($word, 'list'), 0, "$word list");
    like($dosis->{said}, qr/^\s+\d+\s+off\s+\Q$name\E\s+Geheel$/m,
        'the list says so');
    is(code($word, 'on', $name), 0, "$word on");
    ok($dosis->shown($word, $name)->{Actief}, 'it is on');
    is(code($word, 'list', '--json'), 0, 'the list as JSON');
    my ($listed) = grep { $_->{Registratie}{$key} eq $name }
        @{ JSON::PP::decode_json($dosis->{said}) };
    is($listed->{Registratie}{Naam}, 'Geheel', 'holds it');
    cmp_ok($listed->{Nummer}, '>', 0, 'with its number');
    is(code($word, 'show', $name), 0, "$word show");
    like($dosis->{said}, qr/^Naam\s+Geheel$/m, 'shows what is set');

    is(code($word, 'remove', $name), 0, "$word remove");
    is(code($word, 'remove', $name), 1, 'twice is too often');
    is(code($word, 'show', $name),   1, 'it is gone');
    is(code($word, $_, $name), 1, "$word $_: gone") for qw(off on);
    is(code($word, 'change', $name, 'Naam=x'), 1, "$word change: gone");

    is(code($word, @$_), 2, "dosisctl $word @$_: no such thing")
        for [], ['wis'], ['show'], ['list', 'x'], ['off', 'a', 'b'],
        ['change', $name], ['change', $name, 'Naam'],
        ['change', $name, 'Typo=1'], ['change', $name, 'Naam=a', 'Naam=b'],
        ['add', "$dosis->{home}/nothing.json"], ['list', '--typo'];
}

# Standard input, and several at once.
$dosis->{input} = $dosis->file('two.json',
    [ map { { Bron => "urn://twee/$_", Naam => "Bron $_" } } 1 .. 2 ]);
is(code('bron', 'add', '-'), 0, 'an array on standard input');
is($dosis->shown('bron', "urn://twee/$_")->{Naam}, "Bron $_", "number $_ is there")
    for 1 .. 2;

# The number of a removed one is its own for ever.
my $number = number('urn://twee/1');
is(code('bron', 'remove', 'urn://twee/1'), 0, 'removed');
is(code('bron', 'add',
        $dosis->file('one.json', { Bron => 'urn://drie', Naam => 'n' })),
    0, 'another is added');
is(code('bron', 'add',
        $dosis->file('one.json', { Bron => 'urn://twee/1', Naam => 'n' })),
    0, 'and the first again');
is(number('urn://twee/1'), $number, 'it has its number back');
isnt(number('urn://drie'), $number, 'nobody else had it');

my $verify = $dosis->ctl('verify');
is($verify->{code}, 0, 'verify finds the store whole') or diag $verify->{out};
is($dosis->stop, 0, 'a clean stop');
is(code('bron', 'list'), 2, 'without an engine there is no list');
done_testing();

sub code {
    my (@words) = @_;

    my $run = $dosis->ctl(@words);
    $dosis->{said} = $run->{out} . $run->{err};

    return $run->{code};
}

sub number {
    my ($name) = @_;

    my $shown = $dosis->ctl('bron', 'show', $name, '--json');

    return JSON::PP::decode_json($shown->{out})->{Nummer};
}
