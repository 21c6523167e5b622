#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# A client or source that goes while its requests are on their way is an
# answer, never a crash.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use JSON::PP ();
use Test::More;

use Dosis::Check;
use Dosis::EachWorker;
use Dosis::Number qw(kbo);

my $each    = Dosis::EachWorker->new;
my $dosis   = $each->{dosis};
my @clients = $each->clients;
my $agent   = kbo(1);
my $json    = JSON::PP->new->utf8;
my %vlucht  = (
    Client  => 'vlucht',
    Naam    => 'Vlucht',
    Bronnen => ['urn://test/subsidies'],
);
my $token = $dosis->machine('vlucht');

# Half a body is there when the client goes; another request makes the worker
# see it before the rest arrives.
for my $round (1 .. 3) {
    $each->add('client', \%vlucht);
    my @rest = map { begin($_) } @clients;
    $each->ctl('client', 'remove', 'vlucht');
    my @others = $each->clients;
    is_stored(
        $dosis->push($dosis->dossier(agent => $agent), client => $_),
        'Nieuw', 'somebody else delivers')
        for @others;
    for my $index (0 .. $#clients) {
        $clients[$index]->send_bytes($rest[$index]);
        is_problem($clients[$index]->receive('POST'),
            403, 'ClientOnbekend', 'the one that went is refused');
    }
}

# Many on their way while it comes and goes.
my %answers;
for my $round (1 .. 8) {
    $each->add('client', \%vlucht);
    my @many = map { $dosis->client(port => $each->{port}) } 1 .. 48;
    for my $client (@many) {
        $client->send_request('POST', Dosis::Test::PUSH,
            Dosis::Test::prepared(
                token => $token,
                body  => $dosis->dossier(agent => $agent)));
    }
    $each->ctl('client', 'remove', 'vlucht');
    $answers{ $_->receive('POST')->status }++ for @many;
}
my $counted = join ', ', map {"$_: $answers{$_}"} sort keys %answers;
is_deeply([ grep { $_ != 200 && $_ != 403 } keys %answers ],
    [], "each is stored or refused ($counted)");

# Lists of dossiers are read on a thread.
%answers = ();
for my $round (1 .. 4) {
    $each->add('client', \%vlucht);
    my @many = map { $dosis->client(port => $each->{port}) } 1 .. 6;
    for my $client (@many) {
        $client->send_request('POST', Dosis::Test::PUSH,
            Dosis::Test::prepared(
                token => $token,
                body  => [ map { $dosis->dossier(agent => $agent) } 1 .. 200 ]
            ));
    }
    $each->ctl('client', 'remove', 'vlucht');
    $answers{ $_->receive('POST')->status }++ for @many;
}
is_deeply([ grep { $_ != 200 && $_ != 403 } keys %answers ],
    [], 'a list is stored or refused');

# The same with the source.
my $bron = 'urn://vlucht/bron';
$each->ctl('client', 'change', 'leverancier-a', "Bronnen=$bron");
%answers = ();
for my $round (1 .. 8) {
    $dosis->ctl('bron', 'add', source($bron));
    my @many = map { $dosis->client(port => $each->{port}) } 1 .. 48;
    for my $client (@many) {
        $client->send_request('POST', Dosis::Test::PUSH,
            Dosis::Test::prepared(
                token => $dosis->machine('leverancier-a'),
                body  => $dosis->dossier(agent => $agent, bron => $bron)));
    }
    $dosis->ctl('bron', 'remove', $bron);
    $answers{ $_->receive('POST')->status }++ for @many;
}
$counted = join ', ', map {"$_: $answers{$_}"} sort keys %answers;
is_deeply([ grep { $_ != 200 && $_ != 403 } keys %answers ],
    [], "each is stored or refused ($counted)");
is(scalar $dosis->workers, $dosis->{workers}, 'every worker is there');

# Sends the head and half of the body; returns the other half.
sub begin {
    my ($client) = @_;

    my $body = $json->encode($dosis->dossier(agent => $agent));
    my $half = int(length($body) / 2);
    $client->connect_if_needed;
    $client->send_bytes(join "\r\n",
        'POST ' . Dosis::Test::PUSH . ' HTTP/1.1',
        'Host: localhost',
        "Authorization: Bearer $token",
        'Content-Type: application/json',
        'Content-Length: ' . length $body,
        '', substr $body, 0, $half);

    return substr $body, $half;
}

sub source {
    my ($name) = @_;

    my $path = "$dosis->{home}/bron.json";
    Dosis::Fixture::write_json($path, { Bron => $name, Naam => 'Vlucht' });

    return $path;
}
