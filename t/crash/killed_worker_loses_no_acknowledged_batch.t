#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# A worker killed while lists of dossiers are read, written or answered loses
# nothing that was answered for; a list without an answer may be sent again.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Number qw(kbo);
use Dosis::Test;

my $rounds = $ENV{DOSIS_LONG} ? 300 : 20;
my ($width, $each) = (6, 150);

my $dosis = Dosis::Test->new(
    expect => [qr/worker process \d+ exited on signal 9/]);
my $import = $dosis->machine('leverancier-a');
my ($kills, $broken, $serial) = (0, 0, 0);
my (@lost, @strange, @wrong);
srand 11;

# What the agent of one batch sees.
sub listed {
    my ($agent) = @_;

    return scalar Dosis::Test::numbers($dosis->list(
            token => $dosis->company($agent, rechten => ['Lezer']),
            limiet => 500));
}

# On until a kill came before an answer: how soon that is depends on the machine.
my $round = 0;
while (++$round <= $rounds || (!$broken && $round <= 5 * $rounds)) {
    my @clients = map { $dosis->client(timeout => 20) } 1 .. $width;
    my @batches = map {
        my $agent = kbo(1000 + ++$serial);
        { agent => $agent,
            body => [map { $dosis->dossier(agent => $agent) } 1 .. $each] }
    } 1 .. $width;

    for my $index (0 .. $#clients) {
        $clients[$index]->send_request('POST', Dosis::Test::PUSH(),
            Dosis::Test::prepared(token => $import,
                body => $batches[$index]{body}));
    }
    if ($round % 2) {
        select undef, undef, undef, rand 0.02;
        $dosis->kill_worker;
        $kills++;
    }
    for my $index (0 .. $#clients) {
        my $batch  = $batches[$index];
        my $answer = eval { $clients[$index]->receive('POST') };
        if (!$answer) {
            $broken++;
            $answer = $dosis->push($batch->{body});
        }
        push @strange, $answer->text
            if ($answer->member('Status') // '') ne 'OK';
        push @wrong, map {"$_->{Resultaat} $_->{Versie}"}
            grep { $_->{Resultaat} ne 'Nieuw' || $_->{Versie} != 1 }
            @{ $answer->member('Resultaten') // [] };
        my $listed = listed($batch->{agent});
        push @lost, "$listed of $each" if $listed != $each;
    }
}

cmp_ok($kills,  '>=', $rounds / 2, "$kills workers were killed");
cmp_ok($broken, '>',  0, "$broken lists were left without an answer");
is_deeply(\@strange, [], 'each is stored, at the first or the second time');
is_deeply(\@wrong, [],
    'what was stored before the worker died answers as for the first time');
is_deeply(\@lost, [], 'each dossier of each list is there, once');
