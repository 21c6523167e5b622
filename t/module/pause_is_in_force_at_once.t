#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# `dosisctl pauze`: from the next request on, in every worker, deliveries are
# told to come back and nothing of them is kept; or every door is.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use POSIX ();
use Test::More;
use Time::HiRes ();

use Dosis::Check;
use Dosis::EachWorker;
use Dosis::Number qw(insz kbo);
use Dosis::Stream;
use Dosis::Test;

use constant PUSH => Dosis::Test::PUSH;

my $each    = Dosis::EachWorker->new(
    workers => 2, http => 'dosis_heartbeat 1s;');
my $dosis   = $each->{dosis};
my @clients = $each->clients;
my $agent   = kbo(1);
my $user    = $dosis->company($agent, rechten => ['Lezer']);
my $first   = $dosis->dossier(agent => $agent);
my $other   = $dosis->dossier(agent => $agent, bron => 'urn://test/vorm');
is_stored($dosis->push($first), 'Nieuw', 'there is a dossier');

# Of the whole register.
$each->ctl('pauze', 'set', 'lezen', '--reden', 'Onderhoud tot straks');
for my $client (@clients) {
    my $answer = push_one($client);
    is_problem($answer, 503, 'AlleenLezen', 'read-only: no delivery');
    is($answer->header('Retry-After'), 60, 'come back in a minute');
    is($answer->member('detail'), 'Gepauzeerd: Onderhoud tot straks', 'why');
    is_problem($dosis->withdraw($first, client => $client),
        503, 'AlleenLezen', 'nor a withdrawal');
    is_problem($dosis->post(PUSH, [$dosis->dossier],
            token => $dosis->machine('leverancier-a'), client => $client),
        503, 'AlleenLezen', 'nor a list');
    my $list = $dosis->get(PUSH, token => $user, client => $client);
    is(scalar Dosis::Test::numbers($list), 1, 'the list goes on');
    is($list->member('Bronnen')->[0]{Toestand}, 'Gepauzeerd', 'and tells');
    is_deeply(health($client),
        [   'DEGRADED',
            {   stand => 'lezen', tot => undef, bronnen => 0,
                reden => 'Onderhoud tot straks',
            }
        ],
        'health tells');
}
like(($dosis->ctl('status'))[1],
    qr/^pauze      the register, lezen, until -, Onderhoud tot straks$/m,
    'status tells');

my $stream = Dosis::Stream->open($dosis, token => $user);
is($stream->status, 200, 'a stream of changes goes on');
$each->ctl('pauze', 'set', 'stil');
for my $client (@clients) {
    for my $path (PUSH, '/api/v1/dosis/overzicht',
        '/api/v1/dosis/wijzigingen', '/api/v1/dosis/instellingen/limieten')
    {
        is_problem($dosis->get($path, token => $user, client => $client),
            503, 'RegisterStilgelegd', "stopped: $path");
    }
    is_problem(push_one($client), 503, 'RegisterStilgelegd', 'and deliveries');
    is_problem($dosis->get(PUSH, client => $client), 401, 'TokenOntbreekt',
        'who says nothing learns nothing');
    is_status($dosis->get('/api/openapi.json', client => $client),
        200, 'the documents are there');
    is(health($client)->[1]{stand}, 'stil', 'and health');
    is_status($dosis->get('/.well-known/jwks.json', client => $client),
        200, 'and the keys, by which others verify what we signed');
    my $door = $dosis->get('/door/' . 'A' x 32, client => $client,
        headers => [Accept => 'text/html']);
    is_status($door, 503, 'no click-through opens');
    like($door->header('Content-Type'), qr{^text/html}, 'a browser gets a page');
    is($door->header('Retry-After'), 60, 'and when to come back');
}
is($stream->end(20), 'whole', 'the stream ends in good order');
$each->ctl('pauze', 'lift');
for my $client (@clients) {
    is_stored(push_one($client), 'Nieuw', 'lifted: deliveries come in');
    is(health($client)->[0], 'UP', 'all is well');
}

# Of one source.
$each->ctl('pauze', 'set', 'lezen', '--bron', 'urn://test/subsidies',
    '--reden', 'Foute leveringen');
my $kept = $dosis->dossier(agent => $agent);
for my $client (@clients) {
    my $answer = $dosis->push($kept, client => $client);
    is_problem($answer, 503, 'BronGepauzeerd', 'a source that is paused');
    is($answer->member('detail'), 'Gepauzeerd: Foute leveringen', 'why');
    is($answer->header('Retry-After'), 60, 'and when');
    is_problem($dosis->withdraw($first, client => $client),
        503, 'BronGepauzeerd', 'no withdrawal either');
    is_problem($dosis->push($kept, client => $client,
            path => PUSH . '?proef=true'),
        503, 'BronGepauzeerd', 'nor a trial');
    is_problem($dosis->push($dosis->dossier(agent => $agent),
            as => 'leverancier-b', client => $client),
        403, 'BronNietToegelaten', 'who may not deliver for it is told that');
    is_stored(
        $dosis->push($dosis->dossier(agent => $agent, bron => 'urn://some/test'),
            client => $client),
        'Nieuw', 'another source delivers');
    my %state = map { $_->{Bron} => $_->{Toestand} } @{
        $dosis->get(PUSH, token => $user, client => $client)
            ->member('Bronnen')
    };
    is_deeply(\%state,
        { 'urn://test/subsidies' => 'Gepauzeerd', 'urn://some/test' => 'Actueel' },
        'its dossiers are shown, and that it is paused');
    is_deeply(health($client)->[1]{bronnen}, 1, 'health counts it');
}
is_status(
    $dosis->get(
        '/api/v1/dosis/resultaten/perUploadId?uploadId=' . $kept->{UploadId},
        token => $dosis->machine('leverancier-a')),
    404, 'nothing of what was refused is kept');
my $mixed = $dosis->post(PUSH,
    [$kept, $dosis->dossier(agent => $agent, bron => 'urn://some/test')],
    token => $dosis->machine('leverancier-a'));
is($mixed->member('Status'), 'Deels', 'a list with more sources');
is_deeply(
    [map { $_->{Code} // $_->{Resultaat} } @{ $mixed->member('Resultaten') }],
    ['BronGepauzeerd', 'Nieuw'],
    'each of its own: one waits');
my $all = $dosis->post(PUSH, [$kept, $dosis->dossier(agent => $agent)],
    token => $dosis->machine('leverancier-a'));
is_problem($all, 503, 'BronGepauzeerd', 'a list of that source alone: 503');
is($all->header('Retry-After'), 60, 'and when to come back');

# It outlives all.
like(($dosis->ctl('pauze', 'list'))[1],
    qr{^urn://test/subsidies\s+lezen\s+geldt\s+-\s+Foute leveringen$}m,
    'the list of pauses');
$dosis->expect(qr/signal 9/);
$dosis->kill_everything;
$dosis->start_engine;
$dosis->start_nginx(0);
@clients = $each->clients;
is_problem($dosis->push($kept, client => $_), 503, 'BronGepauzeerd',
    'after a crash of everything it holds') for @clients;
$each->ctl('pauze', 'lift', '--bron', 'urn://test/subsidies');
is_stored($dosis->push($kept), 'Nieuw', 'lifted, what waited comes in');

# Until a moment.
my $until = int(time) + 4;
$each->ctl('pauze', 'set', 'lezen', '--bron', 'urn://test/subsidies',
    '--tot', POSIX::strftime('%Y-%m-%dT%H:%M:%SZ', gmtime $until));
my $held = push_one($clients[0]);
ok(Time::HiRes::time() >= $until
        || ($held->status == 503 && $held->header('Retry-After') <= 4),
    'until then it holds, and Retry-After tells');
$dosis->wait_for(sub { push_one($clients[1])->status == 200 }, 'it passes');
cmp_ok(Time::HiRes::time(), '>=', $until, 'not before its moment');
is($dosis->get(PUSH, token => $user)->member('Bronnen')->[0]{Toestand},
    'Actueel', 'nobody had to lift it');
is_deeply(health($clients[0])->[1]{bronnen}, 0, 'health counts it no more');
like(($dosis->ctl('pauze', 'list'))[1], qr/voorbij/, 'it is listed as over');

# Words that are wrong.
for my $row (
    [1, qr/BronOnbekend/,   'set', 'lezen', '--bron', 'urn://test/nergens'],
    [1, qr/WaardeOnbekend/, 'set', 'stil',  '--bron', 'urn://some/test'],
    [1, qr/WaardeOnbekend/, 'set', 'traag'],
    [1, qr/Tot.*ISO 8601/,  'set', 'lezen', '--tot',   'straks'],
    [1, qr/Reden/,          'set', 'lezen', '--reden', insz(1)],
    [1, qr/Reden/,          'set', 'lezen', '--reden', 'x' x 101],
    [2, qr/has passed/,     'set', 'lezen', '--tot',   '2020-01-01'],
    [1, qr/Onbekend/,       'lift'],
    [2, qr/pauze --help/,   'set'],
    [2, qr/pauze --help/,   'weg'],
    )
{
    my ($wanted, $pattern, @words) = @$row;
    my ($code, $said) = $dosis->ctl('pauze', @words);
    is($code, $wanted, "refused: @words") or diag($said);
    like($said, $pattern, 'and why');
}

sub push_one {
    my ($client) = @_;

    return $dosis->push($dosis->dossier(agent => $agent), client => $client);
}

sub health {
    my ($client) = @_;

    my $json = $dosis->get('/health/ready', client => $client)->json;

    return [@$json{qw(status pauze)}];
}
