#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# A whole file (volledig): what it does not name is told, and withdrawn when
# that is asked and nothing speaks against it.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;
use Time::HiRes qw(time);

use Dosis::Engine;
use Dosis::Oplading;

use constant BRON => 'urn://test/subsidies';

my $dosis = Dosis::Engine->new;
$dosis->start;

sub rows { return map { { DossierNummer => "W-$_" } } @_ }

my ($id, $ended, $peildatum);

# Delivers a whole file of these rows.
sub whole {
    my ($rows, @words) = @_;

    my $moment = $peildatum // int(time * 1e9);
    $id = Dosis::Oplading::put($dosis, Dosis::Oplading::csv(@$rows),
        'volledig=' . BRON, "peildatum=$moment", @words);
    $ended = Dosis::Oplading::ended($dosis, $id);

    return [@{ $ended->{Volledig} }{qw(Ontbrekend Ingetrokken)},
        $ended->{Fout} ? $ended->{Fout}{Code} : undef];
}

Dosis::Oplading::run($dosis, Dosis::Oplading::csv(rows(1 .. 100)));
$peildatum = int(time * 1e9);
Dosis::Oplading::run($dosis, Dosis::Oplading::csv(rows(101)));

is_deeply(whole([rows(4 .. 100)]), [3, 0, undef],
    'what lacks is counted; one of after the moment does not lack');
is_deeply([sort map { $_->{DossierNummer} }
        @{ Dosis::Oplading::fouten($dosis, $id)->{Ontbrekend} }],
    [qw(W-1 W-2 W-3)], 'and named');
is($ended->{Toestand}, 'Klaar', 'and the file is done');

$peildatum = undef; # now

is_deeply(whole([rows(4 .. 101)], 'intrekken', 'proef'), [3, 0, undef],
    'a dry run withdraws nothing');
is_deeply(whole([rows(9 .. 101)], 'intrekken'), [8, 0, 'TeVeelOntbrekend'],
    'more than five percent: nothing is withdrawn');
is_deeply(whole([rows(4 .. 101), { DossierNummer => '' }], 'intrekken'),
    [3, 0, 'SleutelOnleesbaar'],
    'one row that may be of any dossier: nothing is withdrawn');
is_deeply(
    whole([rows(4 .. 101),
        { DossierNummer => 'X-1', Bron => 'urn://test/open' }], 'intrekken'),
    [3, 0, 'AndereBron'], 'a row of another source: nothing is withdrawn');
is_deeply(
    whole([{ DossierNummer => 'W-3', StatusVlaamsFase => 'Nergens' },
        rows(4 .. 101)], 'intrekken'),
    [2, 2, undef], 'else what lacks is; a refused row is there');
is(Dosis::Oplading::run($dosis, Dosis::Oplading::csv(rows(1)))
        ->{Resultaten}{Hersteld},
    1, 'one that comes back is restored');

my $changed = $dosis->ctl('bron', 'change', BRON, 'OntbrekendMaxProcent=100');
is($changed->{code}, 0, 'a source may set the limit') or diag $changed->{err};
is_deeply(whole([rows(50 .. 60)], 'intrekken'), [89, 89, undef],
    'then as much is withdrawn as lacks');
is_deeply(whole([rows(50 .. 60)], 'intrekken'), [0, 0, undef],
    'what is withdrawn does not lack');
is($dosis->ctl('verify')->{code}, 0, 'the store is whole');
is($dosis->stop, 0, 'a clean stop');

done_testing();
