#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# Every block of the page for counters does what it says, in one shell, against
# what scripts/run starts.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Engine;
use Dosis::Pasted qw(json_of paste);

# It starts an nginx that does not know the sanitizers of its module.
plan skip_all => 'scripts/run is for a build without sanitizers' if $ENV{SAN};

my $dosis = Dosis::Engine->new(keys => 0);
my @out   = paste($dosis, 'loket.md', 20);

sub json {
    my ($number) = @_;

    return json_of($out[$number]);
}

sub rows {
    my ($number) = @_;

    return @{ json($number)->{Dossiers} // [] };
}

is($out[0], '', 'a token');
is(scalar rows(1), 3, 'one organisation: three rows');
is($out[2], '', 'a handle');
is(scalar rows(3), 5, 'the list: five rows');
ok(json(3)->{Volgende}, 'and more');
for my $source (@{ json(3)->{Bronnen} }) {
    is($source->{Toestand}, 'Actueel', "$source->{Bron} is up to date");
    like($source->{LaatstGehoord}, qr/^\d{4}-\d\d-\d\dT\d\d:00:00\.000Z$/,
        'and was heard, to the hour');
}
ok(rows(4) > 0, 'filters: rows');
is_deeply([grep { !/^(?:Behandeling|Beslissing)$/ }
        map { $_->{Status}{VlaamsFase} } rows(4)],
    [], 'of those phases');
ok(rows(5) > 0, 'by action: rows');
is_deeply([grep { !$_->{Status}{Actie}{ActieNodig} } rows(5)], [],
    'that need action');
is(scalar rows(6), 3, 'zoek with two agents: three rows');
ok(rows(7) > 0, 'QUERY for a person: rows');
is(scalar rows(8), 2, 'the next page: two rows');
my %first = map { $_->{DossierId} => 1 } (rows(3))[0, 1];
is_deeply([grep { $first{ $_->{DossierId} } } rows(8)], [],
    'other ones than on the first');
is(json(9)->{DossierId}, (rows(3))[0]{DossierId}, 'the detail of the newest');
is(scalar @{ json(9)->{Agenten} }, 1, 'shown for one agent');
is(json(10)->{DossierId}, json(9)->{DossierId}, 'its history');
ok(scalar @{ json(10)->{Historiek} }, 'is not empty');
is_deeply(json(11), json(9), 'as it was a moment ago: the same');
is_deeply(
    [map { $_->{Identificatie} } @{ json(12)->{Agenten} }],
    ['85073000754', '0123456749'],
    'counts of both agents');
ok(json(12)->{Totaal}{Aantal} > 5, 'and in all');
is($out[13], "304\n", 'asked again: 304');
is($out[14], '', 'the feed, read to its end');
is_deeply(
    [map { $_->{data}{Identificatie}{DossierNummer} }
            @{ json(15)->{Wijzigingen} }],
    ['2026-000778'],
    'waiting: what was delivered meanwhile');
like($out[16], qr/^id: \S+\ndata: .*"DossierNummer":"2026-000778"/m,
    'the same in the stream');
my @looks = @{ json(17)->{Inzagen} // [] };
cmp_ok(scalar @looks, '>', 0, 'who looked at the organisation');
is_deeply([grep { !$_->{Wie}{Naam} } @looks], [], 'each by its name');
like($out[18], qr{^303 https://loket\.example\.be/\S+\n\z},
    'a click-through leads to the source');
is($out[19], "400\n", 'a wrong question: 400');

done_testing();
