#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# Health says what is so: alive, ready, worn, down.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Test;

my $dosis = Dosis::Test->new;

my $live = $dosis->get('/health/live');
is_status($live, 200, 'live without a token');
is_deeply($live->json, { status => 'UP' }, 'and UP');
my $ready = $dosis->get('/health/ready');
is_status($ready, 200, 'ready without a token');
is($ready->member('status'), 'UP', 'and UP');
like($ready->member('build'), qr/^[0-9a-f]{12}$/, 'the build shows');
like($ready->member('version'), qr/^\d+\.\d+\.\d+$/, 'the version too');
for my $path ('/health/live', '/health/ready') {
    my $head = $dosis->request('HEAD', $path);
    is($head->status, 200, "HEAD $path");
    is($head->body, '', 'without a body');
    is($dosis->get($path)->header('Cache-Control'), 'private, no-cache',
        "$path is asked anew each time");
    is_status($dosis->get("$path?x=y"), 200, "$path with a parameter");
    is_status($dosis->get($path, headers => [Authorization => 'Bearer x']),
        200, "$path looks at no token");
}
is_problem($dosis->get('/health'), 404, 'NietGevonden', '/health: 404');
is_problem($dosis->post('/health/live', {}), 405, 'MethodeNietToegelaten',
    'POST /health/live: 405');
unlike($ready->body, qr{\Q$dosis->{home}\E}, 'no path of the machine shows');

# An engine that is not heard from: worn, still serving.
$dosis->kill_engine;
my $old = time - 60;
utime $old, $old, "$dosis->{home}/store/heartbeat";
my $worn = $dosis->wait_for(
    sub {
        my $answer = $dosis->get('/health/ready');
        return $answer->member('status') ne 'UP' && $answer;
    },
    'the engine is missed', 10);
is($worn->member('status'), 'DEGRADED', 'no engine: DEGRADED');
is($worn->status, 200, 'with 200: it still serves');
is_stored($dosis->push($dosis->dossier), 'Nieuw',
    'a push is stored without the engine');
is_status($dosis->get('/health/live'), 200, 'and it lives');
$dosis->start_engine;
ok($dosis->wait_for(
        sub { $dosis->get('/health/ready')->member('status') eq 'UP' },
        'UP again', 10),
    'with the engine back: UP');

# No store at all: down, and every door says come back later.
my $bare = Dosis::Test->new(engine => 0, expect => [qr/\[(?:crit|alert)\]/],
    ready => 0);
my $down = $bare->get('/health/ready');
is($down->status, 503, 'no store: 503');
is($down->member('status'), 'DOWN', 'DOWN');
is_status($bare->get('/health/live'), 200, 'though alive');
my $refused = $bare->push($bare->dossier);
is_problem($refused, 503, 'TijdelijkNietBeschikbaar', 'a push: 503');
like($refused->header('Retry-After') // '', qr/^[1-9][0-9]*$/,
    'with Retry-After');
is_problem($bare->list(token => $bare->company('0200000155')), 503,
    'TijdelijkNietBeschikbaar', 'a list: 503');
$bare->start_engine;
ok($bare->wait_for(
        sub { $bare->get('/health/ready')->member('status') eq 'UP' },
        'UP', 20),
    'the store comes: UP, without a restart of nginx');
is_stored($bare->push($bare->dossier), 'Nieuw', 'and a push is stored');
