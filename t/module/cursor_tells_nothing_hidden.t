#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# Who has seen the last dossier is told that it was the last, also where
# others follow that must stay hidden: neither Volgende nor ETag gives away
# that they are there.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Number qw(insz kbo uuid);
use Dosis::Test;

my $dosis  = Dosis::Test->new;
my $loket  = $dosis->loket('loket');
my $person = insz(31);
my $firm   = kbo(31);

my @shown = map {
    $dosis->dossier(
        datum   => "2026-02-0${_}T10:00:00",
        Status  => { VlaamsFase => 'Behandeling', VlaamsCode => 'InBehandeling',
            $_ > 1
            ? (Actie => { ActieNodig => JSON::PP::true, Actie => 'Doe',
                    $_ > 2 ? (Voor => '2027-01-01') : () })
            : () },
        agenten => [map { { Identificatie => $_,
                    Toegangsrechten => [{ Code => 'Raadpleger' }] } }
                $person, $firm])
} 1 .. 3;
$dosis->store_all(\@shown);

# Those that must stay hidden, older than all that is seen; one is withdrawn,
# one was lost.
sub hide {
    my ($number, %more) = @_;

    my $dossier = $dosis->dossier(
        datum   => "2026-01-0${number}T10:00:00",
        agenten => [map { { Identificatie => $_,
                    Toegangsrechten => [{ Code => 'Ander' }] } }
                $person, $firm],
        %more);
    $dosis->store_all([$dossier]);

    return $dossier;
}

sub ask {
    my ($limit, $sort, $agents) = @_;

    return $dosis->request('QUERY', '/api/v1/dosis/dossiers', token => $loket,
        body => { Limiet => $limit, Sorteer => $sort,
            Agenten => [map { { Identificatie => $_,
                        Rechten => ['Raadpleger'] } } @$agents] });
}

my @questions = (
    ['newest first',             '-wijzigingsDatum', [$person]],
    ['by action',                'actie',            [$person]],
    ['several, newest first',    '-wijzigingsDatum', [$person, $firm]],
    ['several, by action',       'actie',            [$person, $firm]],
);

sub told {
    my %told;
    for my $question (@questions) {
        my ($name, @question) = @$question;
        for my $limit (1 .. 4) {
            my $answer = ask($limit, @question);
            $told{"$name, limiet $limit"} = join ' ',
                scalar @{ $answer->member('Dossiers') },
                $answer->header('ETag'),
                defined $answer->member('Volgende') ? 'and on' : 'the end';
        }
    }

    return \%told;
}

my $before = told();
like($before->{"$_->[0], limiet 3"}, qr{^3 .* the end$},
    "$_->[0]: the last page says so")
    for @questions;
like($before->{"$_->[0], limiet 2"}, qr{^2 .* and on$},
    "$_->[0]: the one before says that more come")
    for @questions;

hide(1);
hide(2, IsVertrouwelijk => JSON::PP::true);
$dosis->withdraw(hide(3));
my $lost = hide(4);
$dosis->push({ %$lost, UploadId => uuid(),
        WijzigingsDatum => '2026-01-05T10:00:00',
        Agenten => [{ Identificatie => kbo(32),
                Toegangsrechten => [{ Code => 'Ander' }] }] });
is_deeply(told(), $before, 'what is hidden changes nothing of it');

my $overview = $dosis->get('/api/v1/dosis/overzicht', token => $loket,
    headers => ['Dosis-Namens' => $dosis->post('/api/v1/dosis/namens',
            { Agenten => [{ Identificatie => $firm,
                        Rechten => ['Raadpleger'] }],
                Gebruiker => 'x', Doel => 'x', Zekerheid => 'x' },
            token => $loket)->member('Namens')]);
is($overview->member('Totaal', 'Aantal'), 3, 'nor does a count');
