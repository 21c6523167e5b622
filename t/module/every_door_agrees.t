#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# Random subjects at every door, on random dossiers, sources and counters: all
# doors say what a model says that shares no code with them. With DOSIS_SEED the
# same choices again; what differs is printed.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use JSON::PP ();
use Test::More;

use Dosis::Check;
use Dosis::Test;

my $dosis = Dosis::Test->new;
my $seed  = $ENV{DOSIS_SEED} // time;

sub toegang_test {
    return $dosis->ctl('toegang', 'test', @_);
}

my $url = "http://127.0.0.1:$dosis->{port}";

my ($code, $said) = toegang_test('--seed', $seed, '--seconds',
    $ENV{DOSIS_LONG} ? 120 : 5, '--url', $url);
is($code, 0, 'no door differs') or diag $said;
my ($rounds, $answers) = $said =~ /^rounds=(\d+) .* answers=(\d+) /m;
cmp_ok($answers // 0, '>', 100, 'and enough were asked to matter');
like($said, qr/^seed=$seed$/m, 'the seed is told');

# What a seed chooses does not depend on how fast it went.
sub choices {
    my ($of) = @_;

    my (undef, $told) = toegang_test('--seed', $of, '--rounds', 3,
        '--seconds', 600, '--url', $url);
    my ($choices) = $told =~ /^rounds=3 choices=([0-9a-f]{16}) /m;

    return $choices // "none: $told";
}

my $first = choices($seed);
is(choices($seed), $first, 'a seed makes the same choices again');
isnt(choices($seed + 1), $first, 'another seed makes others');

# What it made is gone, or withdrawn and switched off.
my @left = map {
    @{ JSON::PP->new->decode(($dosis->ctl($_, 'list', '--json'))[1]) }
} qw(bron client);
is_deeply([grep { ($_->{Client} // '') =~ /^tt-/ } @left], [],
    'its clients are gone');
my @sources = grep { ($_->{Bron} // '') =~ m{^urn://toegang/} } @left;
is_deeply([grep { $_->{Actief} // 1 } @sources], [],
    'its sources that cannot be removed are off');

# Nobody there: it could not look, which is not the same as fine.
($code) = toegang_test('--url', 'http://127.0.0.1:1', '--seconds', 1);
is($code, 2, 'without a server: 2');

# Wrong words, all of them at once.
for my $wrong (
    ['--seconds', 0], ['--seconds', '1x'], ['--seconds', 86401],
    ['--rounds', 0], ['--rounds', -1],
    ['--seed', -1], ['--seed', ''], ['--seed', 'abc'], ['--seed', '7 '],
    ['--seed', '18446744073709551616'],
    map { ['--url', $_] } '', '127.0.0.1:8480', 'ftp://127.0.0.1',
    'http://', 'http://127.0.0.1:', 'http://127.0.0.1:65536',
    'http://127.0.0.1:8480/', 'http://127.0.0.1:8480/api', 'http://a@b',
    'http://a b', 'http://[::1', 'http://a?b', 'http://a#b',
    )
{
    my ($name, $value) = @$wrong;
    ($code, $said) = toegang_test($name, $value);
    is($code, 2, "$name '$value' is refused");
    like($said, qr/$name is /, '... by its name');
}
($code, $said) = toegang_test('--seed', 'x', '--seconds', 'x', '--rounds', 'x',
    '--url', 'x');
is(scalar(() = $said =~ /--\w+ is /g), 4, 'each of four is named');

# The model and the access function share nothing.
for my $file (map {"ctl_toegang_$_"} qw(model test doors world ask)) {
    my $text = Dosis::Fixture::read_file(
        "$FindBin::Bin/../../engine/ctl/$file.c");
    unlike($text, qr{domain/dosis_(?:access|recht|identity)\.h},
        "$file has no rule of the library");
}
