#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# The engine is killed in the midst of a fetch, and around the commit of what
# it fetched: the keys that were held are held, workers go on with them, and
# started again it fetches anew.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Issuer;
use Dosis::Test;

use constant PATH => '/api/v2/dosis/bronnen/uris';

my $rounds = $ENV{DOSIS_LONG} ? 30 : 3;

# As long as the file `slow` is there its documents take many seconds.
my $issuer = Dosis::Issuer->new(
    server => 'if (-f $document_root/slow) { set $limit_rate 10; }');
my $slow = "$issuer->{root}/slow";
$issuer->publish('a');

my $dosis = Dosis::Test->new(http => $issuer->http);
$issuer->register($dosis, WachtMs => 30000, OverlapSeconden => 3600);

sub status { return $dosis->get(PATH, token => $_[0])->{status} }

sub all_say {
    my ($token, $wanted) = @_;

    return !grep { status($token) != $wanted } 1 .. 8;
}

sub is_whole {
    my ($what) = @_;

    my ($code, $said) = $dosis->ctl('verify');
    is($code, 0, "$what: verify is clean") or diag($said);

    return;
}

my $old = $issuer->token($dosis, 'a');
$dosis->wait_for(sub { all_say($old, 200) }, 'the first key', 60);

# a fetch that has begun, and gets a byte now and then
Dosis::Fixture::write_file($slow, '');
my $before = $issuer->state_of($dosis)->{LaatstGeprobeerd};
$issuer->publish('a', 'b');
my $new = $issuer->token($dosis, 'b');
$dosis->wait_for(
    sub {
        status($new);
        return $issuer->state_of($dosis)->{LaatstGeprobeerd} ne $before;
    },
    'a fetch is under way', 60);
$dosis->kill_engine;
ok(all_say($old, 200), 'killed in the midst of a fetch: the held key is good');
is(status($new), 503, 'a new one is put off, not refused');
is_whole('killed in the midst of a fetch');

unlink $slow;
$dosis->start_engine;
$dosis->wait_for(sub { all_say($new, 200) }, 'the new key', 60);
pass('started again it fetches anew, though nobody waits there any more');
ok(all_say($old, 200), 'and the key before is good');

# a drawn moment around the fetch and its commit
srand($ENV{DOSIS_SEED} // 1);
my @kids = ('a', 'b');
for my $round (1 .. $rounds) {
    my $kid   = "r$round";
    my $token = $issuer->token($dosis, $kid);
    push @kids, $kid;
    $issuer->publish(@kids[-3 .. -1]);
    status($token);
    select undef, undef, undef, rand 0.5;
    $dosis->kill_engine;
    isnt(status($token), 401, "killed at a drawn moment, $round: not refused");
    is_whole("killed at a drawn moment, $round");
    $dosis->start_engine;
    $dosis->wait_for(sub { all_say($token, 200) }, "the key $kid", 60);
}
my $state = $issuer->wait_for_state($dosis, '');
is("@{ $state->{Sleutels} }", join(' ', sort @kids[-3 .. -1]),
    'what is held is the last set');

$dosis->finish;
