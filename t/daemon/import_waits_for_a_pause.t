#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# A paused source or a stopped register makes a file wait; nothing of it is
# refused.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Engine;
use Dosis::Oplading;

my $dosis = Dosis::Engine->new;
$dosis->start;

my ($serial, $loop) = (0, 0);
for my $what ('urn://test/subsidies', '*') {
    my @what = $what eq '*' ? () : ('--bron', $what);
    my $set  = $dosis->ctl('pauze', 'set', 'lezen', @what);
    is($set->{code}, 0, "paused: $what") or diag $set->{err};
    my $id = Dosis::Oplading::put($dosis,
        Dosis::Oplading::csv(map { { DossierNummer => 'P-' . ++$serial } } 1 .. 3));
    $loop++;
    $dosis->wait_for(
        sub {
            my $said = () = $dosis->log
                =~ /import waits for the end of a pause/g;
            return $said == $loop;
        },
        'the engine says that it waits');
    my $shown = Dosis::Oplading::show($dosis, $id);
    is_deeply([@$shown{qw(Toestand Verwerkt Fouten)}], ['Bezig', 0, 0],
        'the file waits');
    if ($what eq '*') {
        Dosis::Oplading::cancel($dosis, $id);
        is(Dosis::Oplading::ended($dosis, $id)->{Toestand}, 'Geannuleerd',
            'one that waits can be cancelled');
    }
    is($dosis->ctl('pauze', 'lift', @what)->{code}, 0, 'lifted');
    next if $what eq '*';
    my $ended = Dosis::Oplading::ended($dosis, $id);
    is_deeply([$ended->{Toestand}, $ended->{Resultaten}{Nieuw}], ['Klaar', 3],
        'then it runs');
}
is($dosis->stop, 0, 'a clean stop');

done_testing();
