#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# Consumers that mirror what they may see from the feed alone, by polling and
# by stream, while several pushers change contents, rights and agents and
# withdraw, workers are killed and reloaded: in the end each mirror equals the
# list.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use POSIX ();
use Test::More;
use Time::HiRes qw(time);

use Dosis::Check;
use Dosis::Number qw(insz kbo);
use Dosis::Stream;
use Dosis::Test;

my $seconds = $ENV{DOSIS_LONG} ? 120 : 12;
my $pushers = 3;
my $dossiers = 60;

my $dosis = Dosis::Test->new(
    http   => 'dosis_heartbeat 2s;',
    expect => [qr/worker process \d+ exited on signal 9/]);
my @agents = (kbo(1), kbo(2), insz(1));
my %subject = (
    'a company'        => $dosis->company($agents[0], rechten => ['Lezer']),
    'another company'  => $dosis->company($agents[1], rechten => ['Schrijver']),
    'one with assurance' => $dosis->company($agents[0], rechten => ['Lezer'],
        acr => Dosis::Token::ACR_HIGH()),
    'a person'  => $dosis->citizen($agents[2]),
    'a counter' => $dosis->loket('loket'),
);
my $given = $dosis->post('/api/v1/dosis/namens', { Agenten => [map {
    { Identificatie => $_, Rechten => ['Lezer'] } } @agents[0, 1]] },
    token => $subject{'a counter'});
my %headers = ('a counter' => ['Dosis-Namens' => $given->member('Namens')]);
my @first = map {
    $dosis->dossier(agent => $agents[$_ % 3], rechten => [])
} 1 .. $dossiers;

# --- pushers ---------------------------------------------------------------

sub drawn {
    my (@from) = @_;

    return $from[ rand @from ];
}

sub drawn_agents {
    my ($public) = @_;

    my @in = grep { rand() < 0.6 } @agents[0 .. ($public ? 1 : 2)];
    @in = $agents[ rand 2 ] if !@in;

    return [map {
        { Identificatie => $_, Toegangsrechten => [map { { Code => $_ } }
            @{ drawn([], ['Lezer'], ['Schrijver'], ['Lezer', 'Schrijver']) }] }
    } @in];
}

# Each answer or none; a push without an answer may be there or not.
sub push_for_a_while {
    my ($number, $until) = @_;

    my $client = $dosis->client(timeout => 5);
    my $token  = $dosis->machine('leverancier-a');
    my $serial = 0;
    srand $number;
    while (time < $until) {
        my $public  = rand() < 0.2;
        my $dossier = drawn(@first);
        # always later, however many: or withdrawals would have the last word
        my $moment  = POSIX::strftime('%Y-%m-%dT%H:%M:%S',
            gmtime(1_775_000_000 + 60 * $serial++ + int rand 60));
        eval {
            rand() < 0.15
                ? $dosis->withdraw($dossier, client => $client)
                : $dosis->push({ %$dossier,
                    UploadId        => sprintf('%08x-%04x-4000-8000-%012x',
                        rand 2**32, $number, $serial),
                    WijzigingsDatum => $moment,
                    Naam            => "Stand $number.$serial",
                    IsPubliek       => $public
                        ? JSON::PP::true : JSON::PP::false,
                    IsVertrouwelijk => rand() < 0.2
                        ? JSON::PP::true : JSON::PP::false,
                    Agenten         => drawn_agents($public),
                }, client => $client, token => $token);
            1;
        } or $client->close;
        select undef, undef, undef, 0.002;
    }

    return;
}

my $until = time + $seconds;
my @children;
for my $number (1 .. $pushers) {
    my $pid = fork // die "cannot fork: $!\n";
    if ($pid == 0) {
        eval { push_for_a_while($number, $until) };
        POSIX::_exit(0);
    }
    push @children, $pid;
}

# --- mirrors ---------------------------------------------------------------

my %count = (event => 0, anew => 0, cut => 0, whole => 0);
my @mirrors = map {
    my $who = $_;
    map { { who => $who, kind => $_, rows => {}, token => $subject{$who},
        headers => $headers{$who} // [] } } qw(poll stream)
} sort keys %subject;

sub begin_anew {
    my ($mirror) = @_;

    $mirror->{rows} = {};
    delete @$mirror{qw(na stream)};
    $count{anew}++;

    return;
}

# One page; false when there is nothing more.
sub poll {
    my ($mirror) = @_;

    my $answer = eval {
        Dosis::Stream::poll($dosis, client => $dosis->client(timeout => 5),
            token => $mirror->{token}, headers => $mirror->{headers},
            na => $mirror->{na}, limiet => 1 + int rand 20);
    } // return 1;
    if ($answer->status == 410) {
        begin_anew($mirror);
        return 1;
    }
    return 1 if $answer->status != 200;
    for my $event (@{ $answer->member('Wijzigingen') }) {
        Dosis::Stream::apply($mirror->{rows}, $event);
        $count{event}++;
    }
    $mirror->{na} = $answer->member('Volgende');

    return $answer->member('Meer');
}

# What the stream has by now; opened again whenever it has ended.
sub follow {
    my ($mirror, $wait) = @_;

    my $stream = $mirror->{stream};
    if (!$stream) {
        my $last = $mirror->{na};
        $mirror->{rows} = {} if !defined $last;
        $stream = eval {
            Dosis::Stream->open($dosis, token => $mirror->{token},
                headers => $mirror->{headers}, last => $last,
                query => '?limiet=' . (1 + int rand 50));
        } // return;
        return begin_anew($mirror) if $stream->status == 410;
        return if $stream->status != 200;
        $mirror->{stream} = $stream;
    }
    while (my $event = $stream->event($wait)) {
        Dosis::Stream::apply($mirror->{rows}, $event);
        $count{event}++;
    }
    $mirror->{na} = $stream->{last};
    if ($stream->{ended}) {
        $count{ $stream->{ended} }++;
        delete $mirror->{stream};
    }

    return;
}

srand 11;
my ($kills, $reloads, $next) = (0, 0, time + 0.7);
while (time < $until) {
    my $mirror = drawn(@mirrors);
    $mirror->{kind} eq 'poll' ? poll($mirror) : follow($mirror, 0.01);
    next if time < $next;
    $next = time + 0.4 + rand 0.8;
    if (rand() < 0.6) {
        $dosis->kill_worker;
        $kills++;
    }
    else {
        $dosis->reload;
        $reloads++;
    }
}
waitpid $_, 0 for @children;

# --- the end ---------------------------------------------------------------

my (%listed, $shown);
for my $who (sort keys %subject) {
    my $after;
    do {
        my $page = $dosis->list(token => $subject{$who}, limiet => 500,
            na => $after, headers => $headers{$who});
        is_status($page, 200, "the list of $who");
        $listed{$who}{ $_->{DossierId} } = $_
            for @{ $page->member('Dossiers') };
        $after = $page->member('Volgende');
    } while defined $after;
    $shown += keys %{ $listed{$who} };
}
cmp_ok($shown, '>', 20, "$shown dossiers are listed in all");
for my $mirror (@mirrors) {
    my $wanted = $listed{ $mirror->{who} };
    my $deadline = time + 20;
    my $equal;
    while (time < $deadline) {
        $mirror->{kind} eq 'poll' ? poll($mirror) : follow($mirror, 0.2);
        $equal = equal($mirror->{rows}, $wanted);
        last if $equal && $mirror->{kind} eq 'stream';
        last if $mirror->{kind} eq 'poll' && !poll($mirror);
    }
    is_deeply(versions($mirror->{rows}), versions($wanted),
        "the mirror of $mirror->{who} by $mirror->{kind} equals its list");
}

# A date may have moved without an event (an unchanged delivery): what is
# compared is the version.
sub versions {
    my ($rows) = @_;

    return { map { $_ => $rows->{$_}{Versie} } keys %$rows };
}

sub equal {
    my ($rows, $wanted) = @_;

    my ($left, $right) = (versions($rows), versions($wanted));

    return keys %$left == keys %$right
        && !grep { ($right->{$_} // 0) != $left->{$_} } keys %$left;
}

cmp_ok($kills + $reloads, '>', 3, "$kills workers killed, $reloads reloads");
cmp_ok($count{event}, '>', 200, "$count{event} events were heard");
cmp_ok($count{cut} + $count{whole}, '>', 3,
    "streams ended $count{whole} times in good order, $count{cut} cut off");
cmp_ok($count{anew}, '<', 10, "begun anew $count{anew} times");
