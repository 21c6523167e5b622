#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# engine/doc/validatie.md is what `dosisctl regels` prints: page and rule
# table never differ.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Engine;

use JSON::PP;

my $dosis = Dosis::Engine->new(keys => 0);
my $page  = $dosis->ctl('regels');
is($page->{code}, 0, 'dosisctl regels needs no instance');
is($page->{err},  '', 'and complains about nothing');
my $committed = "$FindBin::Bin/../../engine/doc/validatie.md";
is(Dosis::Fixture::read_file($committed), $page->{out},
    'the page is what it prints: dosisctl regels > engine/doc/validatie.md');

my $json = $dosis->ctl('regels', '--json');
is($json->{code}, 0, 'as JSON');
my $data = decode_json($json->{out});
for my $rule (@{ $data->{Validatie}{Regels} }) {
    like($page->{out},
        qr/^\Q| $rule->{Code} | $rule->{Ernst} |\E.*\Q$rule->{Herkomst} |\E$/m,
        "$rule->{Code} stands on the page");
}
for my $limit (@{ $data->{Limieten}{Limieten} }) {
    like($page->{out}, qr/^\Q| $limit->{Naam} | $limit->{Waarde} |\E/m,
        "$limit->{Naam} stands on the page");
}
is(scalar(() = $page->{out} =~ /^\| `\//mg),
    scalar @{ $data->{Validatie}{Velden} }, 'so does each member');

is($dosis->ctl('regels', 'x')->{code}, 2, 'an argument too many: 2');
is($dosis->ctl('regels', '--help')->{code}, 0, '--help tells');

done_testing();
