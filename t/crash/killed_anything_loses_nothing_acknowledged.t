#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# A worker, all workers, the engine, or everything there is: killed at drawn
# moments under deliveries, lists of them, changes, withdrawals, questions and
# a stream. What was answered for is there after every round; what is killed
# comes back; nothing it held stays behind.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;
use Time::HiRes qw(time);

use Dosis::Check;
use Dosis::Number qw(kbo);
use Dosis::Stream;
use Dosis::Test;

my $kills = $ENV{DOSIS_LONG} ? 1000 : 20;
my $dosis = Dosis::Test->new(
    http   => 'dosis_heartbeat 2s;',
    expect => [qr/worker process \d+ exited on signal 9/]);
my $import = $dosis->machine('leverancier-a');
my %count  = (
    acknowledged => 0, open => 0, lists => 0, withdrawn => 0, changed => 0,
    events => 0, cut => 0,
);
my (@strange, @lost, @untold);
srand 13;

# Each with how often it comes in twenty kills, in drawn order.
my %kind = (
    'a worker'            => 6,
    'all workers'         => 3,
    'the engine'          => 3,
    'engine and a worker' => 4,
    'everything'          => 4,
);
my %killed = map { $_ => 0 } keys %kind;
my @deck;

sub drawn_kind {
    @deck = map { ($_) x $kind{$_} } sort keys %kind if !@deck;

    return splice @deck, rand @deck, 1;
}

# --- what is asked at once -------------------------------------------------

sub number { return $_[0]{Identificatie}{DossierNummer} }

# An attempt: {ask => [method, path, options], on => what its answer means}.
sub delivery {
    my ($wanted, @dossiers) = @_;

    my $body = @dossiers > 1 ? \@dossiers : $dossiers[0];

    return {
        ask => ['POST', Dosis::Test::PUSH(),
            Dosis::Test::prepared(token => $import, body => $body)],
        on => sub {
            my ($answer) = @_;
            if ($answer->status != 200) {
                push @strange, $answer->text;
                return;
            }
            $wanted->{ number($_) } = $_->{Naam} for @dossiers;
            $count{acknowledged} += @dossiers;
        },
        open => [map { number($_) } @dossiers],
    };
}

sub withdrawal {
    my ($wanted, $dossier) = @_;

    my $query = Dosis::Test::query(bron => $dossier->{Identificatie}{Bron},
        dossierNummer => number($dossier));

    return {
        ask => ['DELETE', Dosis::Test::PUSH() . "?$query",
            Dosis::Test::prepared(token => $import)],
        on => sub {
            my ($answer) = @_;
            push @strange, $answer->text if $answer->status != 200;
            $wanted->{ number($dossier) } = undef;
            $count{withdrawn}++;
        },
        open => [number($dossier)],
    };
}

sub change {
    my ($wanted, $dossier) = @_;

    my $attempt = delivery($wanted, {
        %$dossier,
        UploadId        => Dosis::Number::uuid(),
        Naam            => "$dossier->{Naam}, changed",
        WijzigingsDatum => '2026-03-02T10:00:00',
    });
    $count{changed}++;

    return $attempt;
}

sub question {
    my ($token) = @_;

    return {
        ask => ['GET', Dosis::Test::PUSH() . '?limiet=500',
            Dosis::Test::prepared(token => $token)],
        on => sub {
            push @strange, $_[0]->text if $_[0]->status != 200;
            $count{lists}++;
        },
        open => [],
    };
}

# --- one round -------------------------------------------------------------

# What the list of this agent shows now.
sub shown {
    my ($token) = @_;

    my $page = $dosis->list(token => $token, limiet => 500);
    $page->status == 200 or die 'no list: ' . $page->text . "\n";

    return { map { $_->{Identificatie}{DossierNummer} => $_->{Naam} }
            @{ $page->member('Dossiers') } };
}

sub kill_and_restart {
    my ($what) = @_;

    $killed{$what}++;
    if ($what eq 'everything') {
        $dosis->kill_everything;
        return sub { $dosis->start_engine; $dosis->start_nginx(1) };
    }
    my $engine = $what =~ /engine/;
    $dosis->kill_engine if $engine;
    my @workers = $dosis->workers;
    if ($what eq 'all workers') {
        kill KILL => @workers;
    }
    elsif ($what =~ /a worker/) {
        @workers = $workers[ rand @workers ];
        kill KILL => @workers;
    }
    else {
        @workers = ();
    }

    return sub {
        my %dead = map { $_ => 1 } @workers;
        $dosis->wait_for(
            sub {
                my @now = $dosis->workers;
                return @now == $dosis->{workers} && !grep { $dead{$_} } @now;
            },
            'the workers are back');
        $dosis->start_engine if $engine;
    };
}

sub text_of {
    my ($rows) = @_;

    return join "\n", map {"$_ $rows->{$_}"} sort keys %$rows;
}

# A stream of the agent must tell all that the list shows, cut off or not.
sub mirror_differs {
    my ($stream, $mirror, $token, $wanted) = @_;

    my $said     = text_of($wanted);
    my $deadline = time + 30;
    while (time < $deadline) {
        while (my $event = $stream->event(0.05)) {
            Dosis::Stream::apply($mirror, $event);
            $count{events}++;
        }
        return if $said eq text_of({ map {
            $_->{Identificatie}{DossierNummer} => $_->{Naam}
        } values %$mirror });
        next if !$stream->{ended};
        $count{cut}++;
        my $last = $stream->{last};
        %$mirror = () if !defined $last;
        $stream->close;
        $stream = eval {
            Dosis::Stream->open($dosis, token => $token, last => $last);
        } // die "no stream: $@";
        $stream->status == 200 or die 'no stream: '
            . $stream->{answer}->text . "\n";
    }

    return 'the mirror has ' . keys(%$mirror) . ', the list '
        . keys(%$wanted);
}

sub round {
    my ($serial) = @_;

    my $agent  = kbo(1000 + $serial);
    my $token  = $dosis->company($agent, rechten => ['Lezer']);
    my @old    = map { $dosis->dossier(agent => $agent) } 1 .. 12;
    my %wanted = map { number($_) => $_->{Naam} } @old;
    $dosis->store_all(\@old);
    my ($stream, %mirror) =
        (Dosis::Stream->open($dosis, token => $token));
    my @attempts = (
        (map { delivery(\%wanted, $dosis->dossier(agent => $agent)) } 1 .. 12),
        (map {
            delivery(\%wanted,
                map { $dosis->dossier(agent => $agent) } 1 .. 40)
        } 1 .. 2),
        (map { withdrawal(\%wanted, $_) } @old[0 .. 3]),
        (map { change(\%wanted, $_) } @old[4 .. 7]),
        (map { question($token) } 1 .. 4),
    );
    my @clients = map { $dosis->client(timeout => 30) } @attempts;
    my $moment  = int rand @attempts;
    my ($kind, $restart);
    for my $index (0 .. $#attempts) {
        # nobody may listen any more: then it has no answer
        eval { $clients[$index]->send_request(@{ $attempts[$index]{ask} }) };
        next if $index != $moment;
        select undef, undef, undef, rand 0.004;
        $kind    = drawn_kind();
        $restart = kill_and_restart($kind);
    }
    my @answers =
        map { scalar eval { $clients[$_]->receive($attempts[$_]{ask}[0]) } }
        0 .. $#attempts;
    $restart->();

    my %open;
    for my $index (0 .. $#attempts) {
        my $attempt = $attempts[$index];
        if ($answers[$index]) {
            $attempt->{on}->($answers[$index]);
            next;
        }
        $count{open}++;
        $open{$_} = 1 for @{ $attempt->{open} };
    }
    my $shown = shown($token);
    for my $number (grep { !$open{$_} } keys %wanted) {
        my ($is, $must) = ($shown->{$number}, $wanted{$number});
        push @lost, "round $serial, $kind: $number is " . ($is // 'gone')
            . ', must be ' . ($must // 'gone')
            if ($is // '') ne ($must // '');
    }
    my $differs = mirror_differs($stream, \%mirror, $token, $shown);
    push @untold, "round $serial: $differs" if $differs;

    return;
}

# --- all of them -----------------------------------------------------------

sub status {
    my ($code, $said) = $dosis->ctl('status', '--json');
    $code == 0 or die "dosisctl status: $code $said\n";

    return JSON::PP->new->decode($said);
}

round($_) for 1 .. $kills;

is_deeply(\@strange, [], "no other answer than done, $kills kills");
is_deeply(\@lost, [],
    "what was answered for is there: $count{acknowledged} deliveries, "
        . "$count{withdrawn} withdrawals");
is_deeply(\@untold, [], "each stream tells it all: $count{events} events, "
        . "$count{cut} times cut off");
cmp_ok($count{open}, '>', 0, "$count{open} requests had no answer");
note(join ', ', map {"$_ $killed{$_}"} sort keys %killed);
$dosis->wait_for(
    sub { $dosis->get('/health/ready')->member('status') eq 'UP' }, 'UP');
my $slots = status()->{store}{readers};
cmp_ok($slots, '<=', 32, "slots of readers are used again: $slots in all");
is(scalar $dosis->workers, $dosis->{workers}, 'all workers are there');
is_stored($dosis->push($dosis->dossier), 'Nieuw', 'and work goes on');
