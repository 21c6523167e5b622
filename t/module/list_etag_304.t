#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# A list that has not changed is not sent again.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Number qw(kbo uuid);
use Dosis::Test qw(query);

my $dosis   = Dosis::Test->new;
my $base    = '/api/v1/dosis/dossiers';
my $kbo     = kbo(31);
my $token   = $dosis->company($kbo, rechten => ['Lezer']);
my $dossier = $dosis->dossier(agent => $kbo, datum => '2026-01-01T10:00:00');
my $id      = $dosis->push($dossier)->member('DossierId');
my $day     = 1;

sub change {
    my ($name) = @_;

    return $dosis->push({ %$dossier, UploadId => uuid(), Naam => $name,
            WijzigingsDatum => sprintf '2026-01-%02dT10:00:00', ++$day });
}

my $loket = $dosis->loket('loket');
my %door  = (
    'the list' => sub { $dosis->list(token => $token, headers => $_[0]) },
    'HEAD of the list' => sub {
        $dosis->request('HEAD', $base, token => $token, headers => $_[0]);
    },
    'QUERY' => sub {
        $dosis->request('QUERY', $base, token => $loket, headers => $_[0],
            body => { Agent => $kbo, Rechten => ['Lezer'] });
    },
    'agent=' => sub {
        $dosis->list(token => $loket, agent => $kbo, recht => ['Lezer'],
            headers => $_[0]);
    },
    'the detail' => sub {
        $dosis->get("$base/$id", token => $token, headers => $_[0]);
    },
);

for my $fact (sort keys %door) {
    my $ask   = $door{$fact};
    my $fresh = $ask->([]);
    my $etag  = $fresh->header('ETag') // '';
    is_status($fresh, 200, "$fact: 200");
    like($etag, qr{^W/"[^"]+"$}, "$fact: a weak ETag");
    is($fresh->header('Cache-Control'), 'private, no-cache',
        "$fact: private, no-cache");
    same_set([split /, */, $fresh->header('Vary') // ''],
        [qw(Authorization Accept Dosis-Namens)], "$fact: Vary");

    my ($opaque) = $etag =~ m{^W/(.*)};
    for my $value ($etag, $opaque, '*', "\"x\", $etag", "W/\"x\",$etag") {
        my $same = $ask->(['If-None-Match' => $value]);
        is_status($same, 304, "$fact: If-None-Match $value: 304");
        is($same->body, '', 'without a body');
        is($same->header('ETag'), $etag, 'with the ETag');
        is($same->header('Cache-Control'), 'private, no-cache',
            'and how to keep it');
    }
    for my $value ('"x"', 'x', 'W/', '"', "$etag-", ',') {
        is_status($ask->(['If-None-Match' => $value]), 200,
            "$fact: If-None-Match $value: 200");
    }
    is_status($ask->(['If-Modified-Since' => 'Fri, 01 Jan 2038 00:00:00 GMT']),
        200, "$fact: If-Modified-Since is not a condition here");

    change("na $fact");
    my $changed = $ask->(['If-None-Match' => $etag]);
    is_status($changed, 200, "$fact: after a change 200");
    isnt($changed->header('ETag'), $etag, 'with another ETag');
}

my $before = $door{'the list'}->([])->header('ETag');
change("na the list");
change("anders");
change("na the list");
isnt($door{'the list'}->([])->header('ETag'), $before,
    'a list whose row has another Versie has another ETag');

# zoek is a POST: never a 304, never a 412.
my $zoek = sub {
    $dosis->post("$base/zoek", { Agent => $kbo, Rechten => ['Lezer'] },
        token => $loket, headers => $_[0]);
};
my $etag = $zoek->([])->header('ETag');
for my $header ('If-None-Match', 'If-Match', 'If-Unmodified-Since') {
    my $answer = $zoek->([$header => $etag // 'x']);
    is_status($answer, 200, "zoek with $header: 200");
    is(scalar @{ $answer->member('Dossiers') }, 1, 'with its rows');
}

# Other rights, other rows, other ETag.
isnt($dosis->list(token => $dosis->company($kbo))->header('ETag'),
    $dosis->list(token => $token)->header('ETag'),
    'who sees other rows gets another ETag');
