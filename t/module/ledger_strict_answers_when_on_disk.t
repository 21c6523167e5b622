#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# dosis_inzage strict: an answer leaves when its consultation is on disk, and
# not before; off: nothing is noted.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Ledger;
use Dosis::Number qw(kbo);
use Dosis::Stream;
use Dosis::Test qw(query);

my $dosis = Dosis::Test->new(workers => 1, http => 'dosis_inzage strict;');
my $base  = '/api/v1/dosis/dossiers';
my $user  = $dosis->company(kbo(1), rechten => ['Lezer']);
my $id    = $dosis->push($dosis->dossier(agent => kbo(1),
        Doorverwijzing => 'https://loket.example.be/1'))
    ->member('DossierId');

# The record is there at once, without a wait.
my $answer = $dosis->list(token => $user);
is_deeply([Dosis::Test::numbers($answer)], ['D-00001'], 'a list is whole');
ok($answer->header('ETag'), 'with its entity tag');
my ($line) = grep { $_->{Aanvraag} eq $answer->header('X-Request-Id') }
    Dosis::Ledger::lines($dosis);
is_deeply($line->{Dossiers}, [$id], 'and noted when it is there');
is_status($dosis->list(token => $user,
        headers => ['If-None-Match' => $answer->header('ETag')]),
    304, 'a list that is known');
is_status($dosis->request('HEAD', $base, token => $user), 200, 'HEAD');
is_status($dosis->get("$base/none", token => $user), 404,
    'what shows nothing needs no record');

my $klik = $dosis->post("$base/$id/doorverwijzing", undef, token => $user,
    headers => ['Sec-Fetch-Site' => 'same-origin']);
my ($noted) = grep { $_->{Aanvraag} eq $klik->header('X-Request-Id') }
    Dosis::Ledger::lines($dosis);
is_deeply($noted->{Dossiers}, [$id], 'a click-through is noted when it is there');
my ($cookie) = ($klik->header('Set-Cookie') // '') =~ /^(dosis-door=[^;]+)/;
is_status($dosis->get($klik->member('Url'), headers => [Cookie => $cookie]),
    303, 'and its address and cookie came whole');

# Nobody can write: nobody is answered.
my $release = $dosis->hold_writer;
my $waiting = $dosis->client;
$waiting->send_request('GET', "$base/$id",
    Dosis::Test::prepared(token => $user));
my $gone = $dosis->client;
$gone->send_request('GET', "$base/$id", Dosis::Test::prepared(token => $user));
my $seen = $dosis->get("$base/none", token => $user);
is_status($seen, 404, 'others are answered meanwhile');
select undef, undef, undef, 0.3;
ok(!$waiting->has_bytes, 'an answer waits for its record');
$gone->close;
$release->();
my $late = $waiting->receive('GET');
is_status($late, 200, 'and leaves when that is on disk');
is($late->member('DossierId'), $id, 'whole');

# On a thread, in the feed, of a source.
my $long = $dosis->post("$base/zoek", {
        Agenten => [map { { Identificatie => kbo($_), Rechten => ['Lezer'] } }
                1 .. 50] },
    token => $dosis->loket('loket'));
is_status($long, 200, 'an answer of a thread');
ok((grep { $_->{Aanvraag} eq $long->header('X-Request-Id') }
        Dosis::Ledger::lines($dosis)),
    'is on disk before it leaves');
is_status($dosis->get('/api/v1/dosis/bronnen/dossiers?'
            . query(bron => 'urn://test/subsidies'),
        token => $dosis->machine('leverancier-a')),
    200, 'that of a source too');
my $from = $dosis->get('/api/v1/dosis/wijzigingen', token => $user)
    ->member('Volgende');
my $poll = $dosis->client;
$poll->send_request('GET',
    '/api/v1/dosis/wijzigingen?' . query(na => $from),
    Dosis::Test::prepared(token => $user, headers => [Prefer => 'wait=30']));
is_stored($dosis->push($dosis->dossier(agent => kbo(1))), 'Nieuw',
    'a delivery');
my $told = $poll->receive('GET');
is(scalar @{ $told->member('Wijzigingen') }, 1, 'a long poll tells it');
ok((grep { $_->{Aanvraag} eq $told->header('X-Request-Id') }
        Dosis::Ledger::lines($dosis)),
    'and is on disk before it leaves');
is_status($poll->request('GET', $base,
        Dosis::Test::prepared(token => $user)),
    200, 'its connection goes on');

# Off.
my $before = () = Dosis::Ledger::lines($dosis);
$dosis->{config}{http} = 'dosis_inzage off;';
$dosis->write_conf;
$dosis->reload;
$dosis->wait_for(sub { $dosis->workers == 1 }, 'the old worker left');
is_status($dosis->list(token => $user, client => $dosis->client), 200, 'off');
$dosis->stop;
is(scalar Dosis::Ledger::lines($dosis), $before, 'off: nothing is noted');
