#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# What dosisctl changed outlives a restart and a reload; a file counts again
# when its own entry has changed.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Engine;

my $dosis = Dosis::Engine->new;

my $file = "$dosis->{home}/reference/bronnen.json";
my @held = @{ JSON::PP::decode_json(Dosis::Fixture::read_file($file)) };
my $uri  = $held[0]{Bron};

$dosis->start;
is($dosis->ctl('bron', 'change', $uri, 'Naam=Met de hand')->{code},
    0, 'a source of the file is changed');
is($dosis->ctl('bron', 'off', $held[1]{Bron})->{code}, 0,
    'another is switched off');
is($dosis->ctl('bron', 'remove', $held[2]{Bron})->{code}, 0,
    'a third is removed');
is($dosis->ctl('client', 'off', 'leverancier-a')->{code}, 0,
    'a client is switched off');
is($dosis->ctl('bron', 'add',
        $dosis->file('new.json', { Bron => 'urn://erbij', Naam => 'Erbij' }))
        ->{code},
    0, 'one that is in no file is added');
stands('after the changes');

is($dosis->ask('POST', '/reload')->{status}, 200, 'a reload');
stands('after a reload');
kill 'HUP', $dosis->{pid};
$dosis->wait_for(
    sub { $dosis->ask('GET', '/status')->{json}{reference}{loads} >= 3 },
    'HUP loads anew');
stands('after HUP');
is($dosis->stop, 0, 'a clean stop');
$dosis->start;
stands('after a restart');

# Another entry of the same file counts, these still do not.
$held[3]{Naam} = 'Uit het bestand';
$dosis->reference('bronnen.json', \@held);
is($dosis->ask('POST', '/reload')->{status}, 200, 'another entry is edited');
stands('beside it');
is($dosis->shown('bron', $held[3]{Bron})->{Naam}, 'Uit het bestand',
    'the edited one counts');

# Written differently, saying the same.
$dosis->reference('bronnen.json',
    JSON::PP->new->utf8->canonical->indent->space_before->encode(\@held));
is($dosis->ask('POST', '/reload')->{status}, 200, 'more blanks in the file');
stands('whatever the blanks');

$_->{Naam} = "Nieuw: $_->{Naam}" for @held[ 0 .. 2 ];
$dosis->reference('bronnen.json', \@held);
is($dosis->ask('POST', '/reload')->{status}, 200, 'all three are edited');
is_deeply($dosis->shown('bron', $_->{Bron}), $_, "$_->{Bron} is as the file")
    for @held[ 0 .. 2 ];
is($dosis->shown('bron', 'urn://erbij')->{Naam}, 'Erbij',
    'what is in no file stays');

is($dosis->ctl('verify')->{code}, 0, 'verify finds the store whole');
is($dosis->stop, 0, 'a clean stop');
done_testing();

sub stands {
    my ($when) = @_;

    my $fine = $dosis->shown('bron', $uri)->{Naam} eq 'Met de hand'
        && !$dosis->shown('bron', $held[1]{Bron})->{Actief}
        && !defined $dosis->shown('bron', $held[2]{Bron})
        && !$dosis->shown('client', 'leverancier-a')->{Actief}
        && $dosis->shown('bron', 'urn://erbij')->{Naam} eq 'Erbij';
    ok($fine, "$when it stands as it was changed");

    return;
}
