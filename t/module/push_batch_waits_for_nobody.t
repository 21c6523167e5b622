#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# A batch comes in whole or not at all where there is no room for it, goes on
# when its client leaves, and lets others be answered meanwhile.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Number qw(kbo);
use Dosis::Test;

my $dosis = Dosis::Test->new(workers => 1,
    http => 'dosis_queue 64; dosis_batch 1;');
my $token = $dosis->machine('leverancier-a');

sub numbers_of {
    my ($agent) = @_;

    return scalar Dosis::Test::numbers($dosis->list(
            token => $dosis->company($agent, rechten => ['Lezer']),
            limiet => 500));
}

# Room. While nothing can be written, one of them waits and fills the queue.
my $release = $dosis->hold_writer;
my @clients = map { $dosis->client } 1 .. 12;
my @batches = map {
    my $agent = kbo(100 + $_);
    [map { $dosis->dossier(agent => $agent) } 1 .. 200]
} 0 .. $#clients;
for my $index (0 .. $#clients) {
    $clients[$index]->send_request('POST', '/api/v1/dosis/dossiers',
        Dosis::Test::prepared(token => $token, body => $batches[$index]));
}
my %answer;
$dosis->wait_for(
    sub {
        for my $index (grep { !$answer{$_} } 0 .. $#clients) {
            $answer{$index} = $clients[$index]->receive('POST')
                if $clients[$index]->has_bytes;
        }
        return keys %answer == $#clients;
    },
    'all but one are answered while nothing can be written');
my @wrong;
for my $refused (values %answer) {
    push @wrong, Dosis::Check::problem_faults($refused, 503,
        'TijdelijkNietBeschikbaar');
    push @wrong, 'no Retry-After' if !$refused->header('Retry-After');
}
is_deeply(\@wrong, [], 'eleven of twelve batches find no room: 503');
is_problem($dosis->push($dosis->dossier, client => $dosis->client), 503,
    'TijdelijkNietBeschikbaar', 'and so does a dossier alone');
my $list = $dosis->list(token => $dosis->company(kbo(1), rechten => ['Lezer']));
is_status($list, 200, 'while who reads is answered');
$release->();
my ($waited) = grep { !$answer{$_} } 0 .. $#clients;
is($clients[$waited]->receive('POST')->member('Status'), 'OK',
    'the twelfth is stored when it can be');
is(join(' ', map { numbers_of(kbo(100 + $_)) } 0 .. $#clients),
    join(' ', map { $_ == $waited ? 200 : 0 } 0 .. $#clients),
    'each batch is there whole, or not at all');
my $larger = $dosis->push([map { $dosis->dossier } 1 .. 300]);
is($larger->member('Status'), 'OK',
    'an empty queue takes a batch that is larger than its ceiling');

# Leaving.
my $agent  = kbo(200);
my $leaver = $dosis->client;
my @left   = map { $dosis->dossier(agent => $agent) } 1 .. 80;
$leaver->send_request('POST', '/api/v1/dosis/dossiers',
    Dosis::Test::prepared(token => $token, body => \@left));
$leaver->close;
$dosis->wait_for(sub { numbers_of($agent) == 80 },
    'what a client that left had sent');
pass('a client that leaves does not undo its batch');

# A worker that is told to go waits for it.
$agent = kbo(201);
my $stayer = $dosis->client;
$stayer->send_request('POST', '/api/v1/dosis/dossiers',
    Dosis::Test::prepared(token => $token,
        body => [map { $dosis->dossier(agent => $agent) } 1 .. 95]));
$dosis->reload;
is($stayer->receive('POST')->member('Status'), 'OK',
    'a batch under way is answered through a reload');
is(numbers_of($agent), 95, 'and is there');
