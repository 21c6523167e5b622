#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# Without a cursor the feed tells everything visible, once, page by page; the
# items are CloudEvents, and their data is the row of the list.

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
my ($agent, $other) = (kbo(1), kbo(2));
my $reader = $dosis->company($agent, rechten => ['Lezer']);

my $empty = Dosis::Stream::poll($dosis, token => $reader);
is_status($empty, 200, 'an unknown agent may ask');
is_deeply($empty->member('Wijzigingen'), [], 'and has nothing');
like($empty->member('Volgende'), qr/^[\w-]{40,}$/, 'but a cursor');

$dosis->store_all([map { $dosis->dossier(agent => $agent) } 1 .. 130]);
$dosis->store_all([map { $dosis->dossier(agent => $other) } 1 .. 20]);
$dosis->store_all([map {
    $dosis->dossier(agent => $agent, rechten => ['Schrijver'])
} 1 .. 20]);

my $list = $dosis->list(token => $reader, limiet => 500);
my %row = map { $_->{DossierId} => $_ } @{ $list->member('Dossiers') };
is(scalar keys %row, 130, 'the list has 130');

my ($events, $after) =
    Dosis::Stream::poll_all($dosis, token => $reader, limiet => 500);
is(scalar @$events, 130, 'the feed has as many');
my %mirror;
Dosis::Stream::apply(\%mirror, $_) for @$events;
is_deeply(\%mirror, \%row, 'row for row as the list shows them');

my %said = map { Dosis::Stream::name($_) => 1 } @$events;
is_deeply([keys %said], ['nieuw'], 'all are new');
my $first = $events->[0];
is_deeply([sort keys %$first],
    [qw(data datacontenttype id sequence source specversion subject time type)],
    'an item is a CloudEvent');
is($first->{specversion}, '1.0', 'of version 1.0');
is($first->{type}, 'be.vlaanderen.dosis.dossier.nieuw.v1', 'with its type');
is($first->{subject}, $first->{data}{DossierId}, 'about its dossier');
is($first->{datacontenttype}, 'application/json', 'with JSON inside');
like($first->{time}, qr/^\d{4}-\d\d-\d\dT[\d:.]+Z$/, 'at a moment');
my %id = map { $_->{id} => 1 } @$events;
is(scalar keys %id, 130, 'each id is its own');
is_deeply([map { $_->{sequence} } @$events],
    [sort map { $_->{sequence} } @$events], 'in the order of their sequence');

# Small pages, the same set; the cursor of each goes on where it ended.
my ($paged) = Dosis::Stream::poll_all($dosis, token => $reader, limiet => 7);
is_deeply([map { $_->{id} } @$paged], [map { $_->{id} } @$events],
    'pages of seven tell the same, in the same order');
my $page = Dosis::Stream::poll($dosis, token => $reader);
is(scalar @{ $page->member('Wijzigingen') }, 50, 'a page has 50 unless asked');
ok($page->member('Meer'), 'and says that there are more');

my $last = Dosis::Stream::poll($dosis, token => $reader, na => $after);
is_deeply($last->member('Wijzigingen'), [], 'read to the end: nothing');
ok(!$last->member('Meer'), 'and no more');

my $head = $dosis->request('HEAD', Dosis::Stream::DOOR(), token => $reader,
    headers => [Prefer => 'wait=20', Accept => 'text/event-stream']);
is_status($head, 200, 'HEAD neither waits nor streams');
is_problem($dosis->post(Dosis::Stream::DOOR(), {}, token => $reader), 405,
    'MethodeNietToegelaten', 'POST is not for this door');
is_problem(
    $dosis->get(
        Dosis::Stream::DOOR(), token => $dosis->machine('leverancier-a')),
    403, 'ScopeOntbreekt', 'nor is a deliverer');
