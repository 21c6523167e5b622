#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# While deliveries come in, a look-up lets them go first; it is answered all the
# same, whichever way it came, and one whose client leaves meanwhile leaves
# nothing behind.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::H2;
use Dosis::Number qw(kbo);
use Dosis::Test;

use constant { LIST => Dosis::Test::PUSH(), MANY => 240, TRIES => 10 };

my $dosis    = Dosis::Test->new(workers => 1);
my ($worker) = $dosis->workers;
my $agent    = kbo(1);
my @reader   = (token => $dosis->company($agent, rechten => ['Lezer']));
my @import   = (token => $dosis->machine('leverancier-a'));

$dosis->store_all([map { $dosis->dossier(agent => $agent) } 1 .. 50]);

# --- nobody waits for a delivery that waits --------------------------------

# A delivery that cannot be written yet; what is given writes and answers it.
sub waiting_delivery {
    my $release = $dosis->hold_writer;
    my $client  = $dosis->client;
    $client->send_request('POST', LIST,
        Dosis::Test::prepared(@import, body => $dosis->dossier));

    return sub {
        $release->();
        return $client->receive('POST');
    };
}

{
    my $deliver = waiting_delivery();
    my %zoek    = (Agent => $agent, Toegangsrechten => ['Lezer']);
    my @loket   = (token => $dosis->loket('loket'));
    my $h2      = Dosis::H2->new($dosis);
    my %status  = (
        GET  => $dosis->get(LIST . '?limiet=50', @reader)->status,
        HEAD => $dosis->request('HEAD', LIST, @reader)->status,
        none => $dosis->get(LIST)->status,
        zoek => $dosis->post(LIST . '/zoek', \%zoek, @loket)->status,
        QUERY => $dosis->request('QUERY', LIST, @loket, body => \%zoek)->status,
        body => $dosis->post(LIST . '/zoek', '{', @loket)->status,
        h2   => $h2->answer($h2->ask('GET', LIST,
                headers => [authorization => "Bearer $reader[1]"]))->{status},
    );
    is_deeply(\%status, { GET => 200, HEAD => 200, none => 401, zoek => 200,
            QUERY => 200, body => 400, h2 => 200 },
        'each kind of look-up is answered while a delivery waits');
    is($deliver->()->status, 200, 'and so is the delivery, in the end');
}

# --- the order -------------------------------------------------------------

my @asked = map { $dosis->client } 1 .. MANY;

# What the access log has of this round, in the order of the ends.
sub ends_of {
    my ($round) = @_;

    my @ends = $dosis->log('access.log') =~ /"(GET|POST) \S+ .* $round-\d+$/mg;

    return @ends;
}

# Look-ups reach the worker first, then one delivery; of all it hears at once.
sub whole_turn {
    my ($round, $leave) = @_;

    my $deliver = waiting_delivery();
    my $last    = $dosis->client;
    kill STOP => $worker;
    $asked[$_]->send_request('GET', LIST . '?limiet=50',
        Dosis::Test::prepared(@reader, headers => ['X-Request-Id' => "$round-$_"]))
        for 0 .. $#asked;
    $last->send_request('POST', LIST, Dosis::Test::prepared(@import,
            headers => ['X-Request-Id' => "$round-" . @asked],
            body => $dosis->dossier));
    $leave->() if $leave;
    kill CONT => $worker;
    $deliver->()->status == 200 && $last->receive('POST')->status == 200
        or die "a delivery is not stored\n";

    return;
}

sub is_answered {
    my ($client) = @_;

    my $answer = $client->receive('GET');

    my $rows = () = $answer->body =~ /"DossierNummer"/g;

    return $answer->status == 200 && $rows == 50;
}

# A commit may take long; without a line the last to come is always the last.
my ($round, $before, $right) = (0, 0, 0);
while (!$before && $round < TRIES) {
    whole_turn('a' . ++$round);
    $right += grep { is_answered($_) } @asked;
    $dosis->wait_for(sub { ends_of("a$round") == MANY + 1 }, 'all is logged');
    $before = (ends_of("a$round"))[-1] eq 'GET';
}
ok($before, 'the delivery that came last ends before the last look-up');
is($right, $round * MANY, "and all $right look-ups are answered whole");

# --- leaving ---------------------------------------------------------------

my @left = grep { $_ % 2 } 0 .. $#asked;
whole_turn('b', sub { $asked[$_]->close for @left });
is(scalar(grep { is_answered($asked[$_ - 1]) } @left), @left,
    'when every other client leaves, those that stay are answered');
$dosis->wait_for(sub { ends_of('b') == MANY + 1 }, 'those that left are ended');
is(($dosis->workers)[0], $worker, 'and the worker is the same');

