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

use constant {
    ROWS  => $ENV{SAN} ? 100_000 : 400_000,
    TRIES => $ENV{SAN} ? 12 : 60,
};

my $dosis = Dosis::Engine->new;
$dosis->start;

my ($kop, $row) = split /\n/,
    Dosis::Oplading::csv({ DossierNummer => 'N', AgentIdentificatie => 'A' });
my @kbo = map { kbo($_) } 1 .. 900;

# One in 49 is refused, of each company some: they stand among the others.
sub rows {
    my $text = "$kop\n";
    for my $n (1 .. ROWS) {
        my $line = $row;
        $line =~ s/(^|;)N(;|$)/$1G-$n$2/;
        $line =~ s/(^|;)A(;|$)/$1$kbo[$n % 900]$2/;
        $line =~ s/;InBehandeling;/;Onbestaand;/ if $n % 49 == 0;
        $text .= "$line\n";
    }
    return $text;
}

my $id = Dosis::Oplading::put($dosis, rows());

sub import_state {
    return $dosis->ask('GET', '/status')->{json}{import};
}

sub ended {
    return Dosis::Oplading::show($dosis, $id)->{Klaar};
}

# Who comes while one is committed waits for that, so it may take a few.
my $tries = 0;
my $state = {};
while (!$state->{gave_way} && !ended() && $tries < TRIES) {
    $dosis->wait_for(sub { import_state()->{alone} || ended() },
        'nobody else writes, or the file has ended', 60);
    Dosis::Test::hold_writer($dosis)->();
    $state = import_state();
    $tries++;
}
SKIP: {
    skip 'a sanitizer may put so few rows at a time that they are committed', 1
        if $ENV{SAN} && !$state->{gave_way};
    ok($state->{gave_way}, 'who wants the lock gets it in the midst of the rows')
        or diag("$tries tries");
}

my $done = Dosis::Oplading::show($dosis, $id)->{Verwerkt};
$dosis->wait_for(
    sub {
        my $shown = Dosis::Oplading::show($dosis, $id);
        return $shown->{Klaar} || $shown->{Verwerkt} > $done + 5000;
    },
    'it goes on with what was begun');
Dosis::Oplading::cancel($dosis, $id);
my $ended = Dosis::Oplading::ended($dosis, $id);
my $new   = $ended->{Resultaten}{Nieuw};
is($new + $ended->{Fouten}, $ended->{Verwerkt}, 'each row is counted once');
is(Dosis::Oplading::entries($dosis, $_), $new, "and stored once: $_")
    for qw(sleutel historie);
is(Dosis::Oplading::entries($dosis, 'afkeuring'), 1 + $ended->{Fouten},
    'as those that are refused, and their tally');
is($dosis->ctl('verify')->{code}, 0, 'the store is whole');
is($dosis->stop, 0, 'a clean stop');

done_testing();
