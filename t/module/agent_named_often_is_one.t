#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# An agent that a counter names more than once is one subject, with the rights
# of all, up to what one may hold; never a failure of the service.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Number qw(kbo);
use Dosis::Stream;
use Dosis::Test;

my $dosis = Dosis::Test->new;
my $loket = $dosis->loket('loket');
my $agent = kbo(1);

is_stored($dosis->push($dosis->dossier(agent => $agent, nummer => 'D-1')),
    'Nieuw', 'a dossier');

# Named that often, each time with that many rights of its own.
sub named {
    my ($times, $rights, @more) = @_;

    return [
        map {
            my $time = $_;
            {   Identificatie => $agent,
                Rechten => [@more, map {"R-$time-$_"} 1 .. $rights],
            }
        } 1 .. $times
    ];
}

sub search {
    my ($agents) = @_;

    return $dosis->post('/api/v1/dosis/dossiers/zoek', { Agenten => $agents },
        token => $loket);
}

sub handle {
    my ($agents) = @_;

    return $dosis->post('/api/v1/dosis/namens',
        { Agenten => $agents, Gebruiker => 'x', Doel => 'x',
            Zekerheid => 'x' },
        token => $loket);
}

for my $case ([2, 1], [20, 9], [1000, 0]) {
    my ($times, $rights) = @$case;
    my $answer = search(named($times, $rights, 'Lezer'));
    is_deeply([Dosis::Test::numbers($answer)], ['D-1'],
        "$times times, with $rights others: the rights of all count")
        or diag $answer->text;
}
for my $case ([2, 101], [50, 60], [500, 60], [1000, 10]) {
    my ($times, $rights) = @$case;
    is_problem(search(named($times, $rights)), 400, 'ValidatieFout',
        "$times times, $rights rights each: too many for one");
}

# A handle that is given opens every door.
is_problem(handle(named(2, 150)), 400, 'ValidatieFout',
    'no handle for more than one may hold');
my $given = handle(named(2, 99, 'Lezer'))->member('Namens');
for my $path (qw(dossiers overzicht wijzigingen)) {
    is_status($dosis->get("/api/v1/dosis/$path", token => $loket,
            headers => ['Dosis-Namens' => $given]),
        200, "as many as one may hold: $path opens");
}
