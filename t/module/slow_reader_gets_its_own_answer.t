#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# An answer that leaves slowly stays what it was, whatever the worker answers
# to others meanwhile: over HTTP/1, and over HTTP/2 behind a window that is shut,
# also when the stream beside it is reset half-way.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use IO::Socket::INET ();
use Test::More;

use Dosis::H2;
use Dosis::Number qw(kbo);
use Dosis::Test ();

use constant { READERS => 2, ROWS => 9, OTHERS => 5, WINDOW => 300 };

# One worker, and no answer is out at once.
my $dosis = Dosis::Test->new(
    workers  => 1,
    location => "limit_rate_after 200;\nlimit_rate 1500;\n");
my $base = '/api/v1/dosis/dossiers';
my @token;

for my $n (1 .. READERS + 1) {
    for my $row (1 .. ROWS) {
        my $pushed = $dosis->push($dosis->dossier(
            agent => kbo(100 + $n), datum => "2026-01-0${row}T10:00:00",
            Naam  => "Dossier $row van bedrijf $n " . 'x' x 50));
        $pushed->status == 200 or BAIL_OUT('a push was refused');
    }
    push @token, $dosis->company(kbo(100 + $n), rechten => ['Lezer']);
}
my $other = pop @token;
my @whole = map { $dosis->get($base, token => $_)->body } @token;

my @slow = map { ask($_) } @token;
others_are_answered();
for my $n (0 .. $#slow) {
    my $text = do { local $/; readline $slow[$n] };
    is($text =~ s/^.*?\r\n\r\n//sr, $whole[$n], "reader $n: its own answer");
}
isnt($whole[0], $whole[1], 'one is not the other');

my $h2 = Dosis::H2->new($dosis, window => WINDOW);
my ($gone, @held) = map {
    $h2->ask('GET', $base, headers => [Authorization => "Bearer $_"])
} $other, @token;
for my $id ($gone, @held) {
    $h2->take until length $h2->{stream}{$id}{body} >= WINDOW;
}
$h2->reset($gone);
$h2->answer($h2->ask('GET', '/health/live'));    # so it has been read
others_are_answered();
$h2->allow($_, 1 << 20) for @held;
for my $n (0 .. $#held) {
    is($h2->answer($held[$n])->{body}, $whole[$n],
        "stream $n of HTTP/2: its own answer");
}
$h2->close;


sub others_are_answered {
    my @got = map {
        $dosis->get("$base?limiet=1", token => $other)->body
    } 1 .. OTHERS;
    is(scalar(grep {/ van bedrijf @{[READERS + 1]} /} @got), OTHERS,
        'others are answered meanwhile, each its own');

    return;
}


sub ask {
    my ($token) = @_;

    my $socket = IO::Socket::INET->new(
        PeerAddr => '127.0.0.1', PeerPort => $dosis->{port}, Timeout => 30)
        or die "cannot connect: $!\n";
    print {$socket} "GET $base HTTP/1.1\r\nHost: localhost\r\n",
        "Authorization: Bearer $token\r\nConnection: close\r\n\r\n";
    $socket->flush;

    return $socket;
}
