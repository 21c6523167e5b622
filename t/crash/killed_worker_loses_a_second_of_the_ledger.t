#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# The access ledger: a worker killed with -9 loses what was shown in its last
# second, and nothing older; one that leaves in good order loses nothing.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;
use Time::HiRes ();

use Dosis::Ledger;
use Dosis::Number qw(kbo);
use Dosis::Test;

my $dosis = Dosis::Test->new(workers => 1);
my $user  = $dosis->company(kbo(1), rechten => ['Lezer']);
$dosis->push($dosis->dossier(agent => kbo(1)));

sub look {
    my ($client) = @_;

    my $answer = $dosis->list(token => $user,
        $client ? (client => $client) : ());
    $answer->status == 200 or die $answer->text;

    return $answer->header('X-Request-Id');
}

sub missing {
    my %noted = map { $_->{Aanvraag} => 1 } Dosis::Ledger::lines($dosis);

    return grep { !$noted{$_} } @_;
}

# Killed.
my @old = map { look() } 1 .. 50;
Dosis::Ledger::of($dosis, $dosis->list(token => $user));
my @young = map { look() } 1 .. 5;
$dosis->kill_worker;
is(scalar missing(@old), 0, 'what is older than a second is on disk');
note('of the last five, lost: ' . missing(@young));
my ($code, $said) = Dosis::Ledger::verify($dosis);
is($code, 0, 'the chain goes on without a gap') or diag $said;

# Reloaded, in the midst of it.
my @shown;
for my $round (1 .. 3) {
    push @shown, map { look() } 1 .. 40;
    $dosis->reload;
}
push @shown, look();
$dosis->wait_for(sub { $dosis->workers == 1 }, 'the old workers left');
my $last = pop @shown;
is(scalar missing(@shown), 0, 'a reload loses nothing');

# Stopped, at once.
push @shown, map { look() } 1 .. 40;
kill TERM => $dosis->{nginx};
$dosis->wait_for(sub { !$dosis->alive('nginx') }, 'nginx has stopped');
is(scalar missing(@shown, $last), 0, 'nor does a stop');
($code, $said) = Dosis::Ledger::verify($dosis);
is($code, 0, 'the chain is whole') or diag $said;
