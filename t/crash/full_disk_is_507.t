#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# A full disk refuses deliveries with 507 and nothing else, however often;
# room is all it takes to go on, without a restart.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Mount;
use Dosis::Number qw(kbo);
use Dosis::Test;

my $rounds = $ENV{DOSIS_LONG} ? 40 : 6;
my ($disk, $why) = Dosis::Mount::tmpfs('32m');
plan skip_all => $why if !$disk;

my $dosis = Dosis::Test->new(engine => 0, nginx => 0,
    expect => [qr/batch not stored/]);
rmdir "$dosis->{home}/store";
symlink $disk, "$dosis->{home}/store" or die "no link: $!\n";
$dosis->start_engine;
$dosis->start_nginx(1);

my @workers = $dosis->workers;
my $serial  = 0;
my @stored;
srand 11;

# Pushes until the disk has been full for a while; what was refused.
sub push_until_full {
    my (@refused, @wrong);

    while (@refused < 64 && $serial < 50_000) {
        my @dossiers = map { $dosis->dossier(agent => kbo(++$serial)) } 1 .. 64;
        my @answers  = $dosis->push_all(\@dossiers);
        for my $index (0 .. $#answers) {
            my $answer = $answers[$index];
            if ($answer->status == 200) {
                push @stored, $dossiers[$index];
                next;
            }
            push @refused, $dossiers[$index];
            push @wrong,
                Dosis::Check::problem_faults($answer, 507, 'OpslagVol');
            push @wrong, 'no Retry-After' if !$answer->header('Retry-After');
        }
    }
    is_deeply(\@wrong, [], 'each is refused with 507 and told when to return');

    return @refused;
}

# Those without a result, or without the row in the agent's list (every eighth
# is asked for: a token each).
sub missing {
    my @all   = @_;
    my $token = $dosis->machine('leverancier-a');
    my @gone  = grep {
        !$dosis->get('/api/v1/dosis/resultaten/perUploadId?uploadId='
                . $_->{UploadId}, token => $token)->member('Succes')
    } @all;

    push @gone, grep {
        my $answer = $dosis->list(token => $dosis->company(
                $_->{Agenten}[0]{Identificatie}, rechten => ['Lezer']));
        $answer->status != 200 || Dosis::Test::numbers($answer) != 1;
    } @all[grep { $_ % 8 == 0 } 0 .. $#all];

    return @gone;
}

# A click-through is written as well: asked for, and opened.
my $opens  = $dosis->dossier(agent => kbo(++$serial),
    Doorverwijzing => 'https://loket.example.be/1');
my $door   = Dosis::Test::PUSH() . '/' . $dosis->push($opens)
    ->member('DossierId') . '/doorverwijzing';
my $caller = $dosis->company(kbo($serial), rechten => ['Lezer']);
push @stored, $opens;

# Asked for while the disk was full, and given: a user may leave twenty unopened.
my @given;

# So little may fit where a delivery does not: it is done, or it is 507 and has
# not been done. How the ticket's opening ended.
sub doors_at_a_full_disk {
    my ($ticket) = @_;

    my $asked  = $dosis->post($door, undef, token => $caller);
    my $opened = $dosis->get($ticket);
    my @wrong;

    for my $case ([$asked => 200], [$opened => 303]) {
        my ($answer, $done) = @$case;
        push @wrong, Dosis::Check::problem_faults($answer, 507, 'OpslagVol')
            if $answer->status != $done;
    }
    is_deeply(\@wrong, [], 'a door is asked for, and opened, or it is 507');
    push @given, $asked->member('Url') if $asked->status == 200;

    return $opened->status;
}

for my $round (1 .. $rounds) {
    my $already = @stored;
    my $ticket  = $dosis->post($door, undef, token => $caller)->member('Url');
    Dosis::Mount::fill($disk, int(rand 60) * 4096);
    my @refused = push_until_full();
    cmp_ok(scalar @refused, '>=', 64, "round $round: the disk is full");
    is(scalar missing(@stored[$already .. $#stored]), 0,
        'what was stored can be read');
    my $opened = doors_at_a_full_disk($ticket);
    $dosis->wait_for(
        sub {
            my $ready = $dosis->get('/health/ready');
            return $ready->status == 200
                && $ready->member('checks', 'schijf') eq 'DEGRADED';
        },
        'ready says: schijf DEGRADED');

    Dosis::Mount::empty($disk);
    my @again = $dosis->push_all(\@refused);
    is(scalar(grep { $_->status == 200 } @again), scalar @again,
        'with room all that was refused is stored');
    push @stored, @refused;
    is_status($dosis->get($ticket), $opened == 303 ? 410 : 303,
        'a door has opened once');
    $dosis->get($_) for splice @given;
}

is(scalar missing(@stored), 0, 'everything acknowledged is there, '
        . @stored . ' dossiers');
$dosis->wait_for(
    sub { $dosis->get('/health/ready')->member('status') eq 'UP' },
    'ready is UP again');
is_deeply([sort $dosis->workers], [sort @workers], 'no worker was restarted');
my $log  = $dosis->log('error.log');
my @told = $log =~ /batch not stored.*rc=(\w+)/g;
is(scalar(grep { $_ ne 'EFULL' } @told), 0, 'the log calls it EFULL');
cmp_ok(scalar @told, '<=', $rounds * $dosis->{workers},
    'once per worker and round at most');
ok($dosis->wait_for(
        sub {
            $dosis->push($dosis->dossier(agent => kbo(++$serial)));
            $dosis->log('error.log') =~ /batches are stored again/;
        },
        'calm'),
    'and says when it is over');
