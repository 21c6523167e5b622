#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# An answer that leaves slowly stays what it was, whatever the worker answers
# to others meanwhile.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use IO::Socket::INET ();
use Test::More;

use Dosis::Number qw(kbo);
use Dosis::Test ();

use constant { READERS => 2, ROWS => 9, OTHERS => 5 };

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
for my $n (1 .. OTHERS) {
    $dosis->get("$base?limiet=1", token => $other)->status == 200
        or fail('another is answered');
}
for my $n (0 .. $#slow) {
    my $text = do { local $/; readline $slow[$n] };
    is($text =~ s/^.*?\r\n\r\n//sr, $whole[$n], "reader $n: its own answer");
}
isnt($whole[0], $whole[1], 'one is not the other');


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
