#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# The keys of an issuer turn over while many deliver and read, each request
# with a token of its own: not one good token is refused. Come back (503) is
# allowed for a key that is new, and then it is good.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Time::HiRes ();

use Dosis::Check;
use Dosis::Issuer;
use Dosis::Test;

use constant {
    READ        => '/api/v2/dosis/bronnen/uris',
    PUSH        => Dosis::Test::PUSH(),
    CONNECTIONS => 16,
    ROTATIONS   => 3,
    PATIENCE    => 60, # seconds, for one rotation
};

my $issuer = Dosis::Issuer->new;
$issuer->publish('k0');
my $dosis = Dosis::Test->new(workers => 2, http => $issuer->http);
$issuer->register($dosis, OverlapSeconden => 3600);
$issuer->wait_for_state($dosis, '');

my @clients = map { $dosis->client } 1 .. CONNECTIONS;
my $serial = 0;
my (%count, %of_old, @wrong);

# On each connection one request: every fourth by the key before, every second
# a delivery. How many were told to come back.
sub round {
    my ($new, $old) = @_;

    my @asked;
    for my $at (0 .. $#clients) {
        my $key   = defined $old && $at % 4 == 3 ? $old : $new;
        my $token = $issuer->token($dosis, $key, jti => 'j' . ++$serial);
        my ($method, $path, $body) = $at % 2
            ? ('POST', PUSH, $dosis->dossier) : ('GET', READ, undef);
        $clients[$at]->send_request($method, $path,
            Dosis::Test::prepared(token => $token, body => $body));
        push @asked, [$method, $key];
    }
    my $later = 0;
    for my $at (0 .. $#clients) {
        my ($method, $key) = @{ $asked[$at] };
        my $answer = $clients[$at]->receive($method);
        my $status = $answer->status;
        $count{$status}++;
        $later++ if $status == 503;
        if (defined $old && $key eq $old) {
            $of_old{$status}++;
        }
        elsif ($status == 503 && !$answer->header('Retry-After')) {
            push @wrong, '503 without Retry-After';
        }
        push @wrong, $answer->text if $status != 200 && $status != 503;
    }

    return $later;
}

# Until nobody is told to come back, in several rounds after one another.
sub settle {
    my ($new, $old) = @_;

    my $deadline = Time::HiRes::time() + PATIENCE;
    my $quiet    = 0;
    while ($quiet < 5 && Time::HiRes::time() < $deadline) {
        $quiet = round($new, $old) == 0 ? $quiet + 1 : 0;
    }

    return $quiet >= 5;
}

ok(settle('k0'), 'every token of the first key is good');
for my $n (1 .. ROTATIONS) {
    my ($old, $new) = ('k' . ($n - 1), "k$n");
    %of_old = ();
    $issuer->publish($new);
    ok(settle($new, $old), "rotation $n: every token of the new key is good");
    is_deeply([grep { $_ != 200 } keys %of_old], [],
        "rotation $n: none of the key before was refused or put off");
}

is_deeply(\@wrong, [], 'no good token was refused');
cmp_ok($count{503} // 0, '>', 0, 'the load met keys that were not known yet');
note join ', ', map {"$count{$_} of $_"} sort keys %count;

$dosis->finish;
