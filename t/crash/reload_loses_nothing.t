#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# A reload under load: no delivery is lost or refused, no answer is cut off.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Number qw(kbo);
use Dosis::Test;

my $rounds = $ENV{DOSIS_LONG} ? 150 : 15;
my $dosis  = Dosis::Test->new;
my $agent  = kbo(1);
my $import = $dosis->machine('leverancier-a');
my (@failed, $count);
my $again = 0;

for my $round (1 .. $rounds) {
    my @clients  = map { $dosis->client } 1 .. 32;
    my @dossiers = map { $dosis->dossier(agent => $agent) } @clients;

    # The connections are open and known to a worker before the reload.
    $_->request('GET', '/health/live') for @clients;
    for my $index (0 .. $#clients) {
        $clients[$index]->send_request('POST', Dosis::Test::PUSH(),
            Dosis::Test::prepared(token => $import,
                body => $dossiers[$index]));
    }
    $dosis->reload;
    for my $index (0 .. $#clients) {
        my $answer = eval { $clients[$index]->receive('POST') };
        # nginx closes a kept connection whose next request it has not begun
        # to read: any client then asks again
        if (!$answer && $@ =~ /closed after 0 bytes/) {
            $again++;
            $answer = eval { $dosis->push($dossiers[$index]) };
        }
        push @failed, $answer ? $answer->text : "round $round: $@"
            if !$answer || $answer->status != 200;
        $count++;
    }
}
is_deeply(\@failed, [], "$count requests around $rounds reloads were answered");

cmp_ok($again, '<', $count / 10, "$again of them were not begun, and asked again");

my (%row, $after);
my $reader = $dosis->company($agent, rechten => ['Lezer']);
do {
    my $page = $dosis->list(token => $reader, limiet => 500, na => $after);
    $row{$_}++ for Dosis::Test::numbers($page);
    $after = $page->member('Volgende');
} while defined $after;
is(scalar keys %row, $count, 'and all of them are listed');
