#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# A key that is no longer in the set of its issuer: good for OverlapSeconden,
# and not beyond, though the engine is no more.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Issuer;
use Dosis::Test;

use constant PATH => '/api/v2/dosis/bronnen/uris';

my $issuer = Dosis::Issuer->new;
$issuer->publish('a');
my $dosis = Dosis::Test->new(http => $issuer->http);

sub status { return $dosis->get(PATH, token => $_[0])->{status} }

# Of each worker several times.
sub all_say {
    my ($token, $wanted) = @_;

    return !grep { status($token) != $wanted } 1 .. 8;
}

# Another set, and the token that makes the engine look for it.
sub rotate {
    my ($key) = @_;

    $issuer->publish($key);
    my $token = $issuer->token($dosis, $key);
    $dosis->wait_for(sub { all_say($token, 200) }, "key $key", 60);

    return $token;
}

sub gone {
    return join ' ', @{ $issuer->state_of($dosis)->{Vervallen} // [] };
}

$issuer->register($dosis, OverlapSeconden => 3600);
my $old = rotate('a');
my $new = rotate('b');
is(gone(), 'a', 'the set is of another key now');
ok(all_say($old, 200), 'a token of the key before is good');
ok(all_say($issuer->token($dosis, 'a', jti => 'nieuw'), 200),
    'one that nobody remembers too');

$issuer->register($dosis, OverlapSeconden => 2);
rotate('c');
$dosis->kill_engine;
$dosis->wait_for(
    sub { !grep { status($new) == 200 } 1 .. 8 },
    'the key before ends', 30);
pass('without the engine a key ends after its overlap');
ok(all_say($old, 200), 'one whose overlap is longer goes on');
ok(all_say($issuer->token($dosis, 'c'), 200), 'the key of now too');

$dosis->start_engine;
my $after = $dosis->wait_for(
    sub {
        my $state = $issuer->state_of($dosis);
        return ($state->{Toestand} // '') eq 'goed' ? $state : undef;
    },
    'fetched again', 60);
is("@{ $after->{Sleutels} }", 'c', 'started again it holds the key of now');
is("@{ $after->{Vervallen} }", 'a', 'and takes out what has ended');
$dosis->wait_for(sub { all_say($new, 401) }, 'looked for once more', 60);
pass('whose tokens are refused');

$dosis->finish;
