#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# A client may ask so much at once and so much a second, of all workers
# together. What is over it waits: 429, and 503 for who asks as a source.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;
use Time::HiRes ();

use Dosis::Check;
use Dosis::EachWorker;
use Dosis::Number qw(kbo);
use Dosis::Test;

use constant PUSH => Dosis::Test::PUSH;

my $each = Dosis::EachWorker->new(
    workers => 2,
    limits  => join(' ', 'dosis_limit_zone 64k;',
        map {"dosis_client_limit $_ rate=1r/s burst=5;"}
            qw(questions deliveries user)),
);
my $dosis   = $each->{dosis};
my @clients = $each->clients;
my $turn    = 0;

# The next worker.
sub turn { return client => $clients[$turn++ % @clients] }

# Asks until it is held twice: what passed, what was held, and the most that
# could have passed in that time.
sub burst {
    my ($ask) = @_;

    my $start = Time::HiRes::time();
    my (@passed, @held);
    while (@held < 2 && @passed < 200) {
        my $answer = $ask->(turn());
        push @{ $answer->status == 200 ? \@passed : \@held }, $answer;
    }
    my $most = 5 + int(Time::HiRes::time() - $start) + 1;

    return (\@passed, \@held, $most);
}

sub is_burst {
    my ($passed, $most, $fact) = @_;

    ok(@$passed >= 5 && @$passed <= $most,
        "$fact: " . @$passed . " passed, of 5 to $most");

    return;
}

my $loket = $dosis->loket('loket');

sub counter {
    my ($token, @turn) = @_;

    return $dosis->get(PUSH . '?agent=' . kbo(1) . '&recht=Lezer',
        token => $token, @turn);
}

# A counter.
my ($passed, $held, $most) = burst(sub { counter($loket, @_) });
is_burst($passed, $most, 'questions of a counter, over two workers');
is($passed->[0]->header('RateLimit'), undef,
    'far from the limit nothing is said');
is($passed->[-1]->header('RateLimit-Policy'), '"vragen";q=5;w=5',
    'near it an answer tells the limit');
like($passed->[-1]->header('RateLimit'), qr/^"vragen";r=0;t=[45]$/,
    'and what is left of it');
is_problem($held->[0], 429, 'TeVeelAanvragen', 'one more: 429');
is($held->[0]->header('Retry-After'), 1, 'in a second there is room');
is($held->[0]->header('RateLimit-Policy'), '"vragen";q=5;w=5',
    'the limit');
like($held->[0]->header('RateLimit'), qr/^"vragen";r=0;t=[45]$/,
    'nothing is left');
ok($dosis->wait_for(sub { counter($loket, turn())->status == 200 }, 'room'),
    'who comes back is answered');
is_status(counter($dosis->loket('loket-2'), turn()), 200,
    'another counter does not share it');
is_status($dosis->get('/health/live', turn()), 200, 'health has no limit');

# A source.
sub deliver {
    my ($as, @turn) = @_;

    return $dosis->push($dosis->dossier(agent => kbo(2), bron => $as->{bron}),
        as => $as->{client}, @turn);
}

my %a = (client => 'leverancier-a', bron => 'urn://test/subsidies');
my %b = (client => 'leverancier-b', bron => 'urn://test/vergunningen');
($passed, $held, $most) = burst(sub { deliver(\%a, @_) });
is_burst($passed, $most, 'deliveries');
is($passed->[-1]->header('RateLimit-Policy'), '"leveringen";q=5;w=5',
    'deliveries are a limit of their own');
is_problem($held->[0], 503, 'TeVeelLeveringen', 'one more: 503, no 4xx');
is($held->[0]->header('Retry-After'), 1, 'and when to come back');
my $withdrawn = $dosis->wait_for(
    sub {
        my $answer = $dosis->withdraw(
            $dosis->dossier(agent => kbo(2)), turn());
        return $answer->status != 200 && $answer;
    },
    'a withdrawal is held');
is_problem($withdrawn, 503, 'TeVeelLeveringen', 'a withdrawal counts with it');
is_stored(deliver(\%b, turn()), 'Nieuw', 'another source does not share it');
($passed, $held, $most) = burst(
    sub {
        $dosis->get('/api/v2/dosis/bronnen/uris',
            token => $dosis->machine('leverancier-a'), @_);
    });
is_burst($passed, $most, 'its questions are apart from its deliveries');
is_problem($held->[0], 503, 'TeVeelLeveringen',
    'a question of a source: 503 as well');

# A list costs what it holds: the next wait for that.
my $list = $dosis->post(PUSH,
    [map { $dosis->dossier(agent => kbo(3), bron => $b{bron}) } 1 .. 300],
    token => $dosis->machine('leverancier-b'), turn());
is_status($list, 200, 'a list that is let in is stored');
is($list->member('Status'), 'OK', 'all of it');
my $next = deliver(\%b, turn());
is_problem($next, 503, 'TeVeelLeveringen', 'the next delivery waits');
cmp_ok($next->header('Retry-After'), '>', 100,
    'for what the list held');
my $early = $dosis->client(port => $each->{port})->raw(
    'POST ' . PUSH . " HTTP/1.1\r\nHost: localhost\r\n"
        . "Content-Type: application/json\r\nContent-Length: 1000\r\n"
        . 'Authorization: Bearer ' . $dosis->machine('leverancier-b')
        . "\r\n\r\n", 'POST');
is_problem($early, 503, 'TeVeelLeveringen',
    'it is told before a byte of the body is there');

# A user: the subject counts, not the token.
my @own = map { $dosis->company(kbo(4), rechten => ['Lezer'], sub => "s$_") }
    1 .. 2;
($passed, $held, $most) =
    burst(sub { $dosis->get(PUSH, token => $own[$turn % 2], @_) });
is_burst($passed, $most, 'two tokens of one user');
is($passed->[-1]->header('RateLimit-Policy'), '"gebruiker";q=5;w=5',
    'users have a limit of their own');
is_problem($held->[0], 429, 'TeVeelAanvragen', 'a user gets 429');
is_status(
    $dosis->get(PUSH,
        token => $dosis->company(kbo(5), rechten => ['Lezer']), turn()),
    200, 'another user does not share it');

# As registered, from the next request on.
$each->ctl('client', 'change', 'loket-kbo', 'Limiet.VragenPerSeconde=1000',
    'Limiet.VragenStoot=2000');
my $wide = $dosis->loket('loket-kbo');
my @wide = map { counter($wide, turn()) } 1 .. 12;
is_deeply([grep { $_ != 200 } map { $_->status } @wide], [],
    'a client with a limit of its own');
my %published = map { $_->{Naam} => $_->{Waarde} } @{
    $dosis->get('/api/v1/dosis/instellingen/limieten', token => $wide, turn())
        ->member('Limieten')
};
is_deeply(
    [   @published{
            qw(VragenPerSeconde VragenStoot LeveringenPerSeconde
                GebruikerStoot)
        }
    ],
    [1000, 2000, 1, 5],
    'and published to it');
$each->ctl('client', 'change', 'loket-kbo', 'Limiet.VragenStoot=',
    'Limiet.VragenPerSeconde=1');
is(counter($wide, turn())->header('RateLimit-Policy'), '"vragen";q=1;w=1',
    'without a burst: as many as in a second') for 1 .. 2;

# A reload, and a worker that died, forget nothing.
$dosis->reload;
@clients = $each->clients;
is_problem(deliver(\%b, turn()), 503, 'TeVeelLeveringen',
    'after a reload it still waits') for 1 .. 2;
$dosis->kill_worker;
@clients = $each->clients;
is_problem(deliver(\%b, turn()), 503, 'TeVeelLeveringen',
    'and when a worker was killed') for 1 .. 2;
