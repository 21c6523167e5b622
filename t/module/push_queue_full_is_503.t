#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# A full queue is a 503 that says when to come back, never a lost delivery.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Number qw(kbo);
use Dosis::Test;

my $dosis = Dosis::Test->new(
    workers => 1,
    http    => 'dosis_queue 2; dosis_batch 1;',
);
my $agent    = kbo(1);
my @dossiers = map { $dosis->dossier(agent => $agent) } 1 .. 400;
my @answers  = $dosis->push_all(\@dossiers);
my @stored   = grep { $answers[$_]->status == 200 } 0 .. $#answers;
my @refused  = grep { $answers[$_]->status != 200 } 0 .. $#answers;
my @wrong;

cmp_ok(scalar @refused, '>', 0, @refused . ' found the queue full');
cmp_ok(scalar @stored,  '>', 0, @stored . ' did not');
for my $index (@refused) {
    my $answer = $answers[$index];
    push @wrong,
        Dosis::Check::problem_faults($answer, 503,
        'TijdelijkNietBeschikbaar');
    push @wrong, 'no Retry-After'
        if ($answer->header('Retry-After') // '') !~ /^[1-9][0-9]*$/;
}
is_deeply(\@wrong, [], 'each of those was told to come back');

my $token = $dosis->company($agent, rechten => ['Lezer']);
my %row = map { $_ => 1 }
    Dosis::Test::numbers($dosis->list(token => $token, limiet => 500));
is_deeply(
    [sort keys %row],
    [sort map { $dossiers[$_]{Identificatie}{DossierNummer} } @stored],
    'exactly what was stored is listed');

# Coming back later works, with the same UploadId.
my @failed;
for my $index (@refused) {
    my $again = $dosis->push($dossiers[$index]);
    push @failed, $again->text if $again->status != 200;
}
is_deeply(\@failed, [], 'sent again one by one, each is stored');
is(scalar Dosis::Test::numbers($dosis->list(token => $token, limiet => 500)),
    400, 'and all of them are there');
