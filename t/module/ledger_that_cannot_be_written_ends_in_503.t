#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# While the access ledger cannot be written, reading goes on until as much
# waits as one worker may keep; then 503, until it can be written again.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Ledger;
use Dosis::Number qw(kbo);
use Dosis::Test;

my $dosis = Dosis::Test->new(
    workers => 1,
    http    => 'dosis_inzage on buffer=4k;');
my $user = $dosis->company(kbo(1), rechten => ['Lezer']);
$dosis->push($dosis->dossier(agent => kbo(1)));

my $release = $dosis->hold_writer;
my (%shown, $full);
for (1 .. 200) {
    my $answer = $dosis->list(token => $user);
    if ($answer->status == 200) {
        $shown{ $answer->header('X-Request-Id') } = 1;
        next;
    }
    $full = $answer;
    last;
}
my $shown = keys %shown;
cmp_ok($shown, '>=', 10, 'reading goes on for a while');
cmp_ok($shown, '<=', 60, 'as long as 4 KiB last');
is_problem($full, 503, 'TijdelijkNietBeschikbaar', 'then it is refused');
is($full->header('Retry-After'), '1', 'for a moment');
is_problem($dosis->get('/api/v1/dosis/overzicht', token => $user), 503,
    'TijdelijkNietBeschikbaar', 'at every door that shows dossiers');
is_status($dosis->get('/api/v1/dosis/codelijsten/StatusVlaamsFase',
        token => $user),
    200, 'but not at the others');

$release->();
my $again = $dosis->wait_for(
    sub {
        my $answer = $dosis->list(token => $user);
        return $answer->status == 200 && $answer;
    },
    'reading goes on when it can be written');
$shown{ $again->header('X-Request-Id') } = 1;
Dosis::Ledger::of($dosis, $again);
my %noted = map { $_->{Aanvraag} => 1 } Dosis::Ledger::lines($dosis);
is(scalar(grep { !$noted{$_} } keys %shown), 0,
    'all that was shown is noted');
is(scalar(grep { !$shown{$_} } keys %noted), 0, 'and nothing else');
my ($code, $said) = Dosis::Ledger::verify($dosis);
is($code, 0, 'the chain is whole') or diag $said;
