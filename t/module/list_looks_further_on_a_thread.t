#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# Rows that may not be seen cost time, not answers: what the event loop would
# look through too long, a thread does, up to 5,000 rows in one call.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Number qw(kbo);
use Dosis::Test qw(query);

my $dosis = Dosis::Test->new;
my $base  = '/api/v1/dosis/dossiers';
my $kbo   = kbo(370);
my $count = 1500;

$dosis->store_all([
    $dosis->dossier(agent => $kbo, nummer => 'zichtbaar',
        datum => '2026-01-01T10:00:00', fase => 'Beroep', code => 'Beroep'),
    map {
        $dosis->dossier(agent => $kbo, rechten => ['Geheim'],
            nummer => "verborgen-$_",
            datum => sprintf('2026-02-%02dT%02d:00:00', 1 + $_ % 28, $_ % 24))
    } 1 .. $count
]);

my $user = $dosis->company($kbo, rechten => ['Lezer']);
my $page = $dosis->list(token => $user);
is_deeply([Dosis::Test::numbers($page)], ['zichtbaar'],
    "behind $count rows that may not be seen: the one that may");
is($page->member('Volgende'), undef, 'and the list ends there');
is_status(
    $dosis->list(token => $user,
        headers => ['If-None-Match' => $page->header('ETag')]),
    304, 'asked again: 304');
my $head = $dosis->request('HEAD', $base, token => $user);
is_status($head, 200, 'HEAD: 200');
is($head->header('ETag'), $page->header('ETag'), 'with the same ETag');
is($head->header('Content-Length'), length $page->body,
    'and the same length');
is_status($dosis->list(token => $dosis->company(kbo(371))), 200,
    'a short question beside it is answered as ever');

my $all = $dosis->company($kbo, rechten => ['Lezer', 'Geheim']);
is_deeply(
    [Dosis::Test::numbers($dosis->list(token => $all, fase => 'Beroep'))],
    ['zichtbaar'], 'a filter that lets one of them through');
is_deeply(
    [Dosis::Test::numbers($dosis->list(token => $all, tot => '2026-01-15'))],
    ['zichtbaar'], 'a date that skips them');
is(scalar @{ $dosis->list(token => $all, sorteer => 'actie', limiet => 500)
            ->member('Dossiers') },
    500, 'a long list by action fills its page');

# Many at once: each gets its own answer.
my @clients = map { $dosis->client } 1 .. 16;
$_->send_request('GET', $base, headers => [Authorization => "Bearer $user"])
    for @clients;
my @answers = map { $_->receive('GET') } @clients;
is(scalar(grep { $_->status == 200
            && join(' ', Dosis::Test::numbers($_)) eq 'zichtbaar' } @answers),
    16, 'sixteen at once: all answered');
