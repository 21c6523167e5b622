#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# The example of registered issuers is one that the engine takes as it stands.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use JSON::PP ();

use Dosis::Engine;
use Dosis::Fixture;

my $json = JSON::PP->new->utf8->canonical;
my $rows = $json->decode(Dosis::Fixture::read_file(
    "$FindBin::Bin/../../conf/production/uitgevers.json"));

# Switched off nobody is asked for keys.
$_->{Actief} = JSON::PP::false for @$rows;

my $engine = Dosis::Engine->new;
$engine->start;
my $added = $engine->ctl('uitgever', 'add',
    $engine->file('uitgevers.json', $rows));
is($added->{code}, 0, 'the example is taken') or diag($added->{err});
is_deeply($engine->shown('uitgever', $_->{Iss}), $_, "$_->{Naam}: as it stands")
    for @$rows;

my $status = $engine->ask('GET', '/status')->{json}{issuers};
is_deeply([sort map { $_->{Iss} } @$status], [sort map { $_->{Iss} } @$rows],
    'the status has each of them');
is($status->[0]{Toestand}, 'uit', 'and that it is switched off');

is($engine->stop, 0, 'the engine ends cleanly');
done_testing();
