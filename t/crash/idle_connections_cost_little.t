#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# Ten thousand connections that are kept and not used: deliveries and lists go
# on as before, each costs a few kilobytes, and all of them end.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Socket;
use Test::More;
use Time::HiRes qw(time);

use Dosis::Check;
use Dosis::Number qw(kbo);
use Dosis::Test;

my $idle = 10_000;
my $need = $idle + 2000;

# A shell raises the limit; this program begins again under it.
chomp(my $limit = `sh -c "ulimit -Sn"`);
if ($limit =~ /^\d+$/ && $limit < $need) {
    chomp(my $most = `sh -c "ulimit -Hn"`);
    plan skip_all => "at most $most descriptors are allowed, $need are needed"
        if $most =~ /^\d+$/ && $most < $need;
    exec 'sh', '-c', "ulimit -Sn $need && exec \"\$\@\"", 'sh', $^X, $0
        if !$ENV{DOSIS_RAISED}++;
    plan skip_all => "no more than $limit descriptors are given";
}

my $dosis = Dosis::Test->new(
    workers     => 1,
    connections => $idle + 1000,
    http        => 'keepalive_timeout 600s;',
);
my ($worker) = $dosis->workers;
my $agent  = kbo(1);
my $reader = $dosis->company($agent, rechten => ['Lezer']);
$dosis->store_all([map { $dosis->dossier(agent => $agent) } 1 .. 50]);

sub descriptors { return scalar(() = glob "/proc/$worker/fd/*") }

sub resident {
    my ($kb) = Dosis::Fixture::read_file("/proc/$worker/status")
        =~ /^RssAnon:\s+(\d+)/m;    # not the map of the store

    return $kb;
}

# The middle of the times that this takes, in milliseconds.
sub middle {
    my ($ask) = @_;

    my @took;
    for (1 .. 200) {
        my $begin = time;
        my $answer = $ask->();
        push @took, 1000 * (time - $begin);
        $answer->status == 200 or die $answer->text;
    }

    return (sort { $a <=> $b } @took)[100];
}

my %ask = (
    delivery => sub { $dosis->push($dosis->dossier(agent => kbo(2))) },
    list     => sub { $dosis->list(token => $reader) },
);
my %before = map { $_ => middle($ask{$_}) } sort keys %ask;
my ($before, $memory) = (descriptors(), resident());

my $to      = pack_sockaddr_in($dosis->{port}, INADDR_LOOPBACK);
my $request = "GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n";
my @held;
for (1 .. $idle) {
    socket my $socket, PF_INET, SOCK_STREAM, 0 or die "no socket: $!\n";
    connect $socket, $to or die "no connection: $!\n";
    syswrite $socket, $request;
    sysread $socket, my $answer, 4096;
    $answer =~ m{^HTTP/1\.1 200 } or die "no answer: $answer\n";
    push @held, $socket;
}
cmp_ok(descriptors(), '>=', $before + $idle, "$idle connections are kept");
for my $what (sort keys %ask) {
    my $now = middle($ask{$what});
    cmp_ok($now, '<=', 5 + 3 * $before{$what},
        sprintf 'a %s takes %.2f ms, before it took %.2f', $what, $now,
        $before{$what});
}
SKIP: {
    skip 'a sanitizer takes memory of its own', 1 if $ENV{SAN};
    my $each = 1024 * (resident() - $memory) / $idle;
    cmp_ok($each, '<', 4096,
        sprintf 'a connection costs %.0f bytes in the worker', $each);
}
@held = ();
ok($dosis->wait_for(sub { descriptors() <= $before }, 'the end of all'),
    'all of them end');
is(($dosis->workers)[0], $worker, 'the worker is the same');
