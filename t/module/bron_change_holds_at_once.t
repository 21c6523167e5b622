#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# What is changed of a source holds for the next request, in every worker.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::EachWorker;
use Dosis::Number qw(kbo);

my $each    = Dosis::EachWorker->new;
my $dosis   = $each->{dosis};
my @clients = $each->clients;
my $bron    = 'urn://test/subsidies';
my $agent   = kbo(1);

# On and off.
everywhere({}, 'Nieuw', 'a source is delivered for');
$each->ctl('bron', 'off', $bron);
everywhere({}, 'BronNietToegelaten', 'switched off it is not');
my @rows = @{ $dosis->list(token => $dosis->company($agent,
            rechten => ['Lezer']))->member('Dossiers') };
is(scalar @rows, 3, 'its dossiers stay visible');
$each->ctl('bron', 'on', $bron);
everywhere({}, 'Nieuw', 'switched on it is again');

# Its own words for a phase and a code.
my %own = (fase => ' In Onderzoek', code => 'z9');
everywhere(\%own, 'FaseOnbekend CodeOnbekend', 'unknown words are refused');
$each->ctl('bron', 'change', $bron, 'Mapping.Fase.in onderzoek=behandeling',
    'Mapping.Code.Z9=DossierOnvolledig');
everywhere(\%own, 'Nieuw', 'with a mapping they are accepted');
my $last = $dosis->dossier(agent => $agent, bron => $bron, %own);
is_stored($dosis->push($last), 'Nieuw', 'one more');
my ($row) = grep { $_->{Identificatie}{DossierNummer} eq
        $last->{Identificatie}{DossierNummer} }
    @{ $dosis->list(token => $dosis->company($agent, rechten => ['Lezer']),
            limiet => 100)->member('Dossiers') };
is_deeply([ @{ $row->{Status} }{qw(VlaamsFase VlaamsCode)} ],
    [qw(Behandeling DossierOnvolledig)], 'and shown as the list has them');
my $batch = $dosis->push(
    [ map { $dosis->dossier(agent => $agent, bron => $bron, %own) } 1 .. 3 ]);
is($batch->member('Status'), 'OK', 'in a list of dossiers too');
is_problem(
    $dosis->push(
        $dosis->dossier(bron => 'urn://test/open', agent => $agent, %own)),
    400, 'ValidatieFout', 'of another source they are still refused');
$each->ctl('bron', 'change', $bron, 'Mapping=');
everywhere(\%own, 'FaseOnbekend CodeOnbekend', 'without it, refused again');

# How hard check digits are judged.
my %wrong = (agent => '0848270242');
everywhere(\%wrong, 'KboOngeldig', 'a wrong enterprise number');
$each->ctl('bron', 'change', $bron, 'StrengheidPerSoort.INSZ=vorm');
everywhere(\%wrong, 'KboOngeldig', 'another kind may be wrong');
$each->ctl('bron', 'change', $bron, 'StrengheidPerSoort.KBO=vorm');
everywhere(\%wrong, 'Nieuw', 'this kind may be wrong');

# Who sees what has no rights.
my $closed = $dosis->dossier(
    agent => kbo(2), bron => $bron, rechten => [], nummer => 'ZONDER');
is_stored($dosis->push($closed), 'Nieuw', 'a dossier without rights');
seen(0, 'is visible to nobody');
$each->ctl('bron', 'change', $bron, 'ZonderRecht=iedereen');
seen(1, 'where everybody may, it is');

# A source that is new, one that goes, one that stays.
my $new = 'urn://nieuw/bron';
$each->ctl('client', 'change', 'leverancier-a', "Bronnen=$bron,$new");
everywhere({ bron => $new }, 'BronNietToegelaten', 'not registered');
$each->add('bron', { Bron => $new, Naam => 'Nieuw' });
is_problem(
    $dosis->push($dosis->dossier(bron => $new, fase => 'x', nummer => 'F',
            upload => my $upload = Dosis::Number::uuid())),
    400, 'ValidatieFout', 'a refused delivery is kept');
$each->ctl('bron', 'remove', $new);
everywhere({ bron => $new }, 'BronNietToegelaten', 'removed');
my $result = $dosis->get(
    "/api/v1/dosis/resultaten/perUploadId?uploadId=$upload",
    token => $dosis->machine('leverancier-a'));
is_problem($result, 404, 'NietGevonden',
    'a result of it is seen by nobody: 404');
$each->add('bron', { Bron => $new, Naam => 'Weer' });
everywhere({ bron => $new }, 'Nieuw', 'added again it is delivered for');
my ($code, $said) = $dosis->ctl('bron', 'remove', $new);
is($code, 1, 'with dossiers it cannot be removed');
like($said, qr/BronInGebruik/, 'and the reason is told');
everywhere({ bron => $new }, 'Nieuw', 'it is still delivered for');

# wanted: a Resultaat, or the code of a 403, or the codes of a 400.
sub everywhere {
    my ($said, $wanted, $fact) = @_;

    for my $client (@clients) {
        my $answer = $dosis->push(
            $dosis->dossier(agent => $agent, bron => $bron, %$said),
            client => $client);
        my $who = "$fact (worker " . $answer->header('X-Worker') . ')';
        if ($wanted eq 'Nieuw') {
            is_stored($answer, $wanted, $who);
        }
        elsif ($wanted eq 'BronNietToegelaten') {
            is_problem($answer, 403, $wanted, $who);
        }
        else {
            same_set([ map { $_->{code} } @{ $answer->member('errors') } ],
                [ split ' ', $wanted ], $who);
        }
    }

    return;
}

sub seen {
    my ($count, $fact) = @_;

    my $token = $dosis->company(kbo(2), rechten => ['Lezer']);
    for my $client (@clients) {
        my $answer =
            $dosis->get(Dosis::Test::PUSH, token => $token, client => $client);
        is(scalar @{ $answer->member('Dossiers') }, $count, $fact);
    }

    return;
}
