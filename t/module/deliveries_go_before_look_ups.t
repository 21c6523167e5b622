#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# While deliveries come in, what else is asked lets them go first; it is answered
# all the same, whichever way it came, also when the worker is told to end.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::H2;
use Dosis::Number qw(kbo);
use Dosis::Test;

use constant { LIST => Dosis::Test::PUSH(), MANY => 240 };

# Consultations that are written keep a worker from ending.
my $dosis    = Dosis::Test->new(workers => 1, http => 'dosis_inzage off;');
my ($worker) = $dosis->workers;
my $agent    = kbo(1);
my @reader   = (token => $dosis->company($agent, rechten => ['Lezer']));
my @import   = (token => $dosis->machine('leverancier-a'));
my @asked    = map { $dosis->client } 1 .. MANY;
my $last     = $dosis->client;

END { kill CONT => $worker if $worker; }

$dosis->store_all([map { $dosis->dossier(agent => $agent) } 1 .. 50]);

# --- a delivery that waits -------------------------------------------------

# It has been read, and cannot be written yet; what is given ends that.
sub waiting_delivery {
    my $release = $dosis->hold_writer;
    my $client  = $dosis->client;
    $client->request('GET', '/health/live');
    $client->send_request('POST', LIST,
        Dosis::Test::prepared(@import, body => $dosis->dossier));
    $dosis->get('/health/live');

    return sub {
        $release->();
        return $client->receive('POST')->status;
    };
}

{
    my $deliver = waiting_delivery();
    my %zoek    = (Agent => $agent, Toegangsrechten => ['Lezer']);
    my @loket   = (token => $dosis->loket('loket'));
    my $h2      = Dosis::H2->new($dosis);
    my %status  = (
        GET  => $dosis->get(LIST . '?limiet=50', @reader)->status,
        HEAD => $dosis->request('HEAD', LIST, @reader)->status,
        none => $dosis->get(LIST)->status,
        zoek => $dosis->post(LIST . '/zoek', \%zoek, @loket)->status,
        QUERY => $dosis->request('QUERY', LIST, @loket, body => \%zoek)->status,
        body => $dosis->post(LIST . '/zoek', '{', @loket)->status,
        with => $dosis->request('GET', LIST, @reader, body => 'x' x 9999)->status,
        h2   => $h2->answer($h2->ask('GET', LIST,
                headers => [authorization => "Bearer $reader[1]"]))->{status},
    );
    is_deeply(\%status, { GET => 200, HEAD => 200, none => 401, zoek => 200,
            QUERY => 200, body => 400, with => 200, h2 => 200 },
        'each kind of look-up is answered while a delivery waits');
    is($deliver->(), 200, 'and so is the delivery, in the end');
}

# --- the order -------------------------------------------------------------

# What the access log has of this round, in the order of the ends.
sub ends_of {
    my ($round) = @_;

    my @ends = $dosis->log('access.log') =~ /"(GET|POST) \S+ .* $round-\d+$/mg;

    return @ends;
}

# On connections that the worker knows, so that it hears of all at once.
sub ask_all {
    my ($round) = @_;

    $_->request('GET', '/health/live') for @asked, $last;
    my $deliver = waiting_delivery();
    kill STOP => $worker;
    $asked[$_]->send_request('GET', LIST . '?limiet=50', Dosis::Test::prepared(
            @reader, headers => ['X-Request-Id' => "$round-$_"]))
        for 0 .. $#asked;

    return $deliver;
}

sub is_answered {
    my ($client) = @_;

    my $answer = $client->receive('GET');
    my $rows = () = $answer->body =~ /"DossierNummer"/g;

    return $answer->status == 200 && $rows == 50;
}

# A trial is a delivery that waits for no disk.
my $deliver = ask_all('a');
$last->send_request('POST', LIST . '?proef=true', Dosis::Test::prepared(@import,
        headers => ['X-Request-Id' => 'a-' . MANY], body => $dosis->dossier));
kill CONT => $worker;
is($last->receive('POST')->status, 200, 'the last to come is a delivery');
is(scalar(grep { is_answered($_) } @asked), MANY, MANY . ' look-ups before it');
$dosis->wait_for(sub { ends_of('a') == MANY + 1 }, 'all is logged');
my ($place) = grep { (ends_of('a'))[$_] eq 'POST' } 0 .. MANY;
cmp_ok($place, '<', MANY / 10, "are answered behind it, but for $place");
is($deliver->(), 200, 'and what waited is stored');

# --- leaving, ending -------------------------------------------------------

$deliver = ask_all('b');
my @left = grep { $_ % 2 } 0 .. $#asked;
$asked[$_]->close for @left;
kill CONT => $worker;
is(scalar(grep { is_answered($asked[$_ - 1]) } @left), @left,
    'when every other client leaves, those that stay are answered');
$dosis->wait_for(sub { ends_of('b') == MANY }, 'those that left are ended');
is($deliver->(), 200, 'and what waited is stored');
is(($dosis->workers)[0], $worker, 'by the same worker');

# The delivery has ended: nothing but the line keeps the worker.
$deliver = ask_all('c');
kill CONT => $worker;
$deliver->();
is_answered($asked[0]);
kill QUIT => $worker;
is(scalar(grep { is_answered($_) } @asked[1 .. $#asked]), MANY - 1,
    'a worker that is told to end answers the line first');
undef $worker;
