#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# An import that has the store for itself puts thousands of rows at a time.
# Who comes then does not wait for them: what is under way is done again later,
# and each row is stored once.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Engine;
use Dosis::Number qw(kbo);
use Dosis::Oplading;
use Dosis::Test;

use constant ROWS  => 400_000;
use constant TRIES => 12;

my $dosis = Dosis::Engine->new;
$dosis->start;

my ($kop, $row) = split /\n/,
    Dosis::Oplading::csv({ DossierNummer => 'N', AgentIdentificatie => 'A' });
my @kbo = map { kbo($_) } 1 .. 900;

sub rows {
    my $text = "$kop\n";
    for my $n (1 .. ROWS) {
        my $line = $row;
        $line =~ s/(^|;)N(;|$)/$1G-$n$2/;
        $line =~ s/(^|;)A(;|$)/$1$kbo[$n % 900]$2/;
        $text .= "$line\n";
    }
    return $text;
}

sub import_state {
    return $dosis->ask('GET', '/status')->{json}{import};
}

my $id = Dosis::Oplading::put($dosis, rows());
my ($tries, $state) = (0, undef);
do {
    $dosis->wait_for(sub { import_state()->{alone} }, 'nobody else writes');
    Dosis::Test::hold_writer($dosis)->();
    $state = import_state();
} while ($state->{running} && !$state->{gave_way} && ++$tries < TRIES);
ok($state->{gave_way}, 'who wants the lock gets it in the midst of the rows');
ok($state->{running}, 'and the run goes on')
    or diag("$tries tries");

my $done = Dosis::Oplading::show($dosis, $id)->{Verwerkt};
$dosis->wait_for(
    sub { Dosis::Oplading::show($dosis, $id)->{Verwerkt} > $done + 5000 },
    'with what was begun');
Dosis::Oplading::cancel($dosis, $id);
my $ended = Dosis::Oplading::ended($dosis, $id);
is($ended->{Verwerkt}, $ended->{Dossiers}, 'each row is counted once');
is(Dosis::Oplading::entries($dosis, $_), $ended->{Dossiers},
    "and stored once: $_") for qw(sleutel historie);
is($dosis->ctl('verify')->{code}, 0, 'the store is whole');
is($dosis->stop, 0, 'a clean stop');

done_testing();
