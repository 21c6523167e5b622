#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# A client that is added, switched off or removed is so for the next request,
# in every worker.

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
my $agent   = kbo(1);

is(scalar @clients, 3, 'three workers');

everywhere('leverancier-a', undef, 'a client delivers');
$each->ctl('client', 'off', 'leverancier-a');
everywhere('leverancier-a', 'ClientOnbekend', 'switched off it is refused');
$each->ctl('client', 'on', 'leverancier-a');
everywhere('leverancier-a', undef, 'switched on it delivers again');

everywhere('erbij', 'ClientOnbekend', 'one that is not registered');
$each->add('client',
    { Client => 'erbij', Naam => 'Erbij', Bronnen => ['urn://test/open'] });
everywhere('erbij', 'BronNietToegelaten', 'added, but for another source');
$each->ctl('client', 'change', 'erbij',
    'Bronnen=urn://test/open,urn://test/subsidies');
everywhere('erbij', undef, 'given the source it delivers');
$each->ctl('client', 'remove', 'erbij');
everywhere('erbij', 'ClientOnbekend', 'removed it is unknown');

# A counter too.
my $loket = $dosis->machine('loket', scope => 'DosisRaadpleging');
counter(200, 'a counter asks');
$each->ctl('client', 'change', 'loket', 'Loket=');
counter(403, 'without its counter it may not');
$each->ctl('client', 'change', 'loket', 'Loket={}');
counter(200, 'with it, it may');
$each->ctl('client', 'change', 'loket', 'Loket.AgentSoorten=INSZ');
counter(403, 'not about another kind of agent');

# The client of a user need not be registered; one that is, can be switched off.
my $user = $dosis->company($agent, client_id => 'portaal');
asks($user, 200, 'a user by a client that is not registered');
$each->add('client', { Client => 'portaal', Naam => 'Portaal' });
asks($user, 200, 'registered it may as well');
$each->ctl('client', 'off', 'portaal');
asks($user, 403, 'switched off nobody comes in by it');
$each->ctl('client', 'remove', 'portaal');
asks($user, 200, 'removed it is as before');

# Through a restart of the engine and new workers it stays.
$each->ctl('client', 'off', 'leverancier-a');
$dosis->restart_engine;
everywhere('leverancier-a', 'ClientOnbekend', 'off after an engine restart');
$dosis->reload;
@clients = $each->clients;
everywhere('leverancier-a', 'ClientOnbekend', 'off in new workers');

sub everywhere {
    my ($as, $code, $fact) = @_;

    for my $client (@clients) {
        my $answer = $dosis->push($dosis->dossier(agent => $agent),
            as => $as, client => $client);
        my $who = $answer->header('X-Worker');
        $code
            ? is_problem($answer, 403, $code, "$fact (worker $who)")
            : is_stored($answer, 'Nieuw', "$fact (worker $who)");
    }

    return;
}

sub counter {
    my ($status, $fact) = @_;

    return asks($loket, $status, $fact, "?agent=$agent&recht=Lezer");
}

sub asks {
    my ($token, $status, $fact, $query) = @_;

    for my $client (@clients) {
        is_status(
            $dosis->get(
                Dosis::Test::PUSH . ($query // ''),
                token  => $token,
                client => $client),
            $status, $fact);
    }

    return;
}
