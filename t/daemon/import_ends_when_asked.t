#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# A run ends when its uploader or its operator wants so: cancelled it stays as
# far as it was; the engine stops within a second and goes on from there.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;
use Time::HiRes qw(time);

use Dosis::Engine;
use Dosis::Number qw(kbo);
use Dosis::Oplading;

use constant ROWS => 40_000;

my $dosis = Dosis::Engine->new;
$dosis->start;

my $text = Dosis::Oplading::csv(
    map { { DossierNummer => "C-$_", AgentIdentificatie => kbo($_ % 900) } }
        1 .. ROWS);

sub begun {
    my ($id) = @_;

    my $shown;
    $dosis->wait_for(
        sub {
            $shown = Dosis::Oplading::show($dosis, $id);
            return $shown->{Verwerkt} > 0;
        },
        'rows are done');

    return $shown;
}

my $id = Dosis::Oplading::put($dosis, $text);
begun($id);
my $import = $dosis->ask('GET', '/status')->{json}{import};
is($import->{running}{UploadId}, $id, 'status tells which file runs');
my $status = $dosis->ctl('status')->{out};
like($status, qr/^import +\d+ rows of a file/m, 'dosisctl status shows it');
like($status, qr{^ +$id, \d+\.\d %, \d+ rows/s$}m,
    'which one, and how far');
Dosis::Oplading::cancel($dosis, $id);
my $ended = Dosis::Oplading::ended($dosis, $id);
is($ended->{Toestand}, 'Geannuleerd', 'cancelled, it ends');
cmp_ok($ended->{Verwerkt}, '<', ROWS, 'before its last row');
is(Dosis::Oplading::entries($dosis, 'sleutel'), $ended->{Dossiers},
    'what was done stays, and is counted');
$dosis->wait_for(sub { !glob "$dosis->{home}/store/spool/*" },
    'its file is gone');

# Stopped in the midst of it.
$id = Dosis::Oplading::put($dosis, $text);
my $before = begun($id)->{Verwerkt};
my $from   = time;
is($dosis->stop, 0, 'a clean stop while a file runs');
cmp_ok(time - $from, '<', $ENV{SAN} ? 10 : 2, 'at once');
$dosis->start;
$ended = Dosis::Oplading::ended($dosis, $id);
is_deeply([@$ended{qw(Toestand Verwerkt Dossiers Lijnen)}],
    ['Klaar', (ROWS) x 3], 'started again, it goes on to the end');
is(Dosis::Oplading::entries($dosis, 'historie'), ROWS, 'each row once');
like($dosis->log, qr/import goes on: oplading=\d+ row=[1-9]/,
    'from where it was');
is($dosis->ctl('verify')->{code}, 0, 'the store is whole');
is($dosis->stop, 0, 'a clean stop');

done_testing();
