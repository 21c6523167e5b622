#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# A snapshot that is held keeps pages from being used again: the file grows
# while its process stands still. Killed, the engine lets its snapshot go, and
# the file grows no more than it would without it.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use IPC::Open2 ();
use Test::More;

use Dosis::Check;
use Dosis::Number qw(kbo);
use Dosis::Test;

my $rounds = $ENV{DOSIS_LONG} ? 150 : 25;
my $dosis  = Dosis::Test->new;
my $home   = $dosis->{home};
my @dossiers = map { $dosis->dossier(agent => kbo($_)) } 1 .. 300;
my ($minute, $reader) = (0);

END { kill KILL => $reader if $reader }

sub store {
    my ($code, $said) = $dosis->ctl('status', '--json');
    $code == 0 or die "dosisctl status: $code $said\n";

    return JSON::PP->new->decode($said)->{store};
}

# With all of it in a checkpoint: what was freed before can be used again.
sub used {
    $dosis->wait_for(sub { store()->{journal}{bytes} == 0 }, 'a checkpoint');

    return store()->{used_bytes};
}

# Changes all over the store, one list a transaction; how far the file grew.
sub grows {
    my $before = used();
    for (1 .. $rounds) {
        $minute++;
        my @changed = map { { %{ $dossiers[ rand @dossiers ] },
            UploadId        => Dosis::Number::uuid(),
            WijzigingsDatum => sprintf('2026-04-%02dT%02d:%02d:00',
                1 + $minute / 1440, $minute / 60 % 24, $minute % 60),
        } } 1 .. 20;
        my $answer = $dosis->push(\@changed);
        $answer->status == 200 or die $answer->text;
    }

    return used() - $before;
}

sub kb { return int(($_[0] + 1023) / 1024) . ' kB' }

srand 11;
is($dosis->push(\@dossiers)->status, 200, 'three hundred dossiers');
grows() for 1 .. 4;
my $alone = grows();
$reader = IPC::Open2::open2(my $from, my $to,
    "$dosis->{build}/hold_reader", "$home/store", "$home/keys/kek.hex");
is(scalar <$from>, "held\n", 'a snapshot is held');
kill STOP => $reader;
grows();    # into what was free before
my $held = grows();
cmp_ok($held, '>', 2 * $alone,
    'while its process stands still the file grows by ' . kb($held)
        . ', without it by ' . kb($alone));
kill KILL => $reader;
waitpid $reader, 0;
undef $reader;
ok($dosis->wait_for(
        sub { $dosis->log('dosisd.log') =~ /slots of dead readers freed/ },
        'the engine'),
    'killed, the engine lets it go');
my $freed = grows();
cmp_ok($freed, '<=', $held / 4,
    'the file grows by ' . kb($freed) . ', no longer by ' . kb($held));
my $more = grows();
cmp_ok($freed + $more, '<=', $held / 2, 'and by ' . kb($more) . ' later');
