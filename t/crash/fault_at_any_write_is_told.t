#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# Whatever the disk refuses while a delivery is written, the client hears it:
# 507 when there is no room, 503 when it is broken, each with Retry-After. A list
# is whole, or told to come back, and with a disk that is well deliveries come
# in again without a restart.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Disk;
use Dosis::Number qw(kbo);
use Dosis::Test;

# LMDB gives up on the one write that it cannot take back, be it for want of
# room: the next one in that worker is then 503, until a new one took its place.
my @faults = (
    ['no room',          ['write', 'size'], 'ENOSPC', qr/^50[37]$/],
    ['half is written',  ['write'],         undef,    qr/^50[37]$/],
    ['a broken disk',    ['write'],         'EIO',    qr/^503$/],
    ['a sync that fails', ['sync', 'durable'], 'EIO', qr/^503$/],
);

my $dosis = Dosis::Test->new(engine => 0, nginx => 0, workers => 1,
    expect => [qr/batch not stored|cannot be read|not made, trying on/]);
my $disk = Dosis::Disk->new("$dosis->{home}/store", record => 0);
$dosis->{env} = $dosis->{engine_env} = { $disk->env };
$dosis->start_engine;
$dosis->start_nginx;

my $agent  = kbo(1);
my $reader = $dosis->company($agent, rechten => ['Lezer']);
my (@stored, %seen);

# The numbers in the agent's list; undef while it is not to be had, and why.
sub listed {
    my (%number, $after);

    do {
        my $page = eval {
            $dosis->list(token => $reader, limiet => 500, na => $after);
        } // return (undef, 'a closed connection');
        if ($page->status != 200) {
            my @faults = Dosis::Check::problem_faults($page, 503);
            return (undef, "@faults");
        }
        $number{$_} = 1 for Dosis::Test::numbers($page);
        $after = $page->member('Volgende');
    } while defined $after;

    return (\%number, '');
}

# A worker that makes room closes its connections.
sub push_once {
    my ($dossier) = @_;

    return eval { $dosis->push($dossier, client => $dosis->client) };
}

# The write after so many that go well fails; what was wrong, or undef when
# there was no such write.
sub try_at {
    my ($fault, $skip) = @_;

    my ($what, $on, $error, $status) = @$fault;
    my $dossier = $dosis->dossier(agent => $agent);
    my @wrong;

    $disk->fault(on => $on, error => $error, skip => $skip, times => 1);
    my $answer = push_once($dossier);
    my ($listed, $why) = listed();
    my $met = $disk->well;
    if (!$met) {
        push @stored, $dossier if $answer && $answer->status == 200;
        return;
    }
    if (!$answer) {
        push @wrong, 'no answer';
    }
    elsif ($answer->status != 200) {
        $seen{ $answer->status }++;
        push @wrong, $answer->text if $answer->status !~ $status;
        push @wrong, 'no Retry-After' if !$answer->header('Retry-After');
    }
    push @wrong, "a list: $why" if $why && $why !~ /closed/;
    push @wrong, 'a list has ' . keys(%$listed) . ' of ' . @stored
        if $listed && keys %$listed < @stored;
    $dosis->wait_for(
        sub {
            my $again = push_once($dossier);
            return $again && $again->status == 200;
        },
        "stored after $what at $skip");
    push @stored, $dossier;

    return [map {"$what at $skip: $_"} @wrong];
}

for my $fault (@faults) {
    my (@wrong, $tried);

    for (my $skip = 0; $skip < 500; $skip++) {
        my $more = try_at($fault, $skip) // last;
        push @wrong, @$more;
        $tried++;
    }
    ok($tried, "$fault->[0]: tried at " . ($tried // 0) . ' calls');
    is_deeply(\@wrong, [], "$fault->[0]: the client is told, and no list lacks a row");
}
ok($seen{507}, 'want of room was told as 507');
ok($seen{503}, 'a broken disk as 503');
my ($there) = $dosis->wait_for(sub { (listed())[0] }, 'a list');
is_deeply(
    [   grep { !$there->{$_} }
        map { $_->{Identificatie}{DossierNummer} } @stored
    ],
    [],
    'every delivery that was answered with 200 is there: ' . @stored
);
