#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# A disk that cannot be read: who opens the store is told 503 until it can be;
# who meets an unreadable page under way ends, and is replaced. Nobody is told
# something wrong.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use POSIX ();
use Test::More;

use Dosis::Check;
use Dosis::Disk;
use Dosis::Number qw(kbo);
use Dosis::Test;

# As t/disk/shim.h has it.
use constant SIGNAL => POSIX::SIGRTMIN() + 7;

plan skip_all => 'a sanitizer takes the signal of an unreadable page for itself'
    if $ENV{SAN};

my $dosis = Dosis::Test->new(engine => 0, nginx => 0,
    expect => [qr/exited on signal 7/, qr/store (?:not|cannot be) /]);
my $disk = Dosis::Disk->new("$dosis->{home}/store", record => 0);
$dosis->{env} = { $disk->env };
$dosis->start_engine;
$dosis->start_nginx;

my $agent    = kbo(1);
my $token    = $dosis->company($agent, rechten => ['Lezer']);
my @dossiers = map { $dosis->dossier(agent => $agent) } 1 .. 20;
$dosis->store_all(\@dossiers);

# One list over a connection of its own: what was wrong with it, or nothing.
# closed counts those without an answer.
my $closed = 0;
sub look {
    my $answer = eval {
        $dosis->list(token => $token, limiet => 100, client => $dosis->client);
    };
    if (!$answer) {
        $closed++;
        return;
    }
    return if $answer->status == 200
        && Dosis::Test::numbers($answer) == @dossiers;
    return Dosis::Check::problem_faults($answer, 503,
        'TijdelijkNietBeschikbaar');
}

# A worker that has the store in its memory, or undef.
sub mapped {
    for my $worker ($dosis->workers) {
        open my $maps, '<', "/proc/$worker/maps" or next;
        return $worker if grep {/\bg1\.mdb$/} <$maps>;
    }
    return;
}

# Under way: every page but the roots, in one worker after the other.
my @wrong;
for my $round (1 .. 3) {
    my $worker = $dosis->wait_for(\&mapped, 'a worker that reads the store');
    my $before = $closed;
    kill SIGNAL() => $worker;
    $dosis->wait_for(
        sub {
            $dosis->{client}->close;
            push @wrong, look();
            return !grep { $_ == $worker } $dosis->workers;
        },
        'the worker that cannot read has ended');
}
is_deeply(\@wrong, [], 'no list was wrong');
$dosis->wait_for(sub { !look() && !look() }, 'lists are answered');

# From the start: the store's files cannot be opened, or not be read.
for my $on (['open'], ['read']) {
    $dosis->stop;
    $disk->fault(on => $on, error => 'EIO', name => 'g1');
    $dosis->start_nginx(0);
    @wrong  = ();
    $closed = 0;
    for (1 .. 6) {
        my $answer = $dosis->list(token => $token, client => $dosis->client);
        push @wrong, Dosis::Check::problem_faults($answer, 503,
            'TijdelijkNietBeschikbaar');
        $answer = $dosis->push($dosis->dossier, client => $dosis->client);
        push @wrong, Dosis::Check::problem_faults($answer, 503,
            'TijdelijkNietBeschikbaar');
    }
    is_deeply(\@wrong, [], "nothing to @$on: 503 to all");
    $disk->well;
    $dosis->start_engine;
    $dosis->wait_for(
        sub {
            my $answer = eval {
                $dosis->list(token => $token, limiet => 100,
                    client => $dosis->client);
            };
            return $answer && $answer->status == 200
                && Dosis::Test::numbers($answer) == @dossiers;
        },
        'and lists come back by themselves');
}
is_stored(
    $dosis->wait_for(
        sub {
            my $answer = $dosis->push($dossiers[0], client => $dosis->client);
            return $answer->status == 200 && $answer;
        },
        'a push'),
    'Nieuw', 'a repeated push is answered as the first time');
