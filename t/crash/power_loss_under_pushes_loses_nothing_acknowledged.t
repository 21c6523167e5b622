#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# nginx and the engine write, clients push at once: whatever was answered
# before the power failed is there after it, as it was answered.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Disk;
use Dosis::Number qw(kbo);
use Dosis::Test;

my ($rounds, $cuts) = $ENV{DOSIS_LONG} ? (40, 400) : (12, 80);
my $width = 12;
my $seed  = $ENV{DOSIS_SEED} // 11;
srand $seed;

my $dosis = Dosis::Test->new(engine => 0, nginx => 0);
my $disk  = Dosis::Disk->new("$dosis->{home}/store");
$dosis->{env} = $dosis->{engine_env} = { $disk->env };
$dosis->start_engine;
$dosis->start_nginx;

my (@known, $serial, @refused);
my $machine = $dosis->machine('leverancier-a');
my $name    = 0;

# One delivery: a new dossier, a change of one, or a withdrawal.
sub next_delivery {
    my ($busy) = @_;

    my ($number) = grep { !$busy->{$_} } $known[rand @known + 1] // ();
    my $what = defined $number && rand() < 0.2 ? 'DELETE' : 'POST';
    if (!defined $number) {
        push @known, $number = sprintf 'P-%05d', ++$serial;
    }
    $busy->{$number} = 1;
    my $dossier = $dosis->dossier(
        nummer => $number,
        agent  => kbo(1 + rand 5),
        datum  => sprintf('2026-03-01T%02d:%02d:%02d',
            ++$name / 3600, $name / 60 % 60, $name % 60),
        Naam => "Naam-$name",
    );

    return { what => $what, number => $number, dossier => $dossier,
        name => $what eq 'POST' ? "Naam-$name" : '-' };
}

sub send_it {
    my ($delivery) = @_;

    my $client = $delivery->{client} = $dosis->client;
    my $path   = Dosis::Test::PUSH();
    $disk->mark("sent $delivery->{number} $delivery->{name}");
    if ($delivery->{what} eq 'POST') {
        $client->send_request('POST', $path,
            Dosis::Test::prepared(token => $machine,
                body => $delivery->{dossier}));
    }
    else {
        $client->send_request('DELETE', "$path?"
                . Dosis::Test::query(bron => 'urn://test/subsidies',
                dossierNummer => $delivery->{number},
                wijzigingsDatum => $delivery->{dossier}{WijzigingsDatum}),
            Dosis::Test::prepared(token => $machine));
    }

    return;
}

sub hear {
    my ($delivery) = @_;

    my $answer = $delivery->{client}->receive($delivery->{what});
    if ($answer->status != 200) {
        push @refused, $answer->text;
        return;
    }
    my $upload = $delivery->{what} eq 'POST'
        ? $delivery->{dossier}{UploadId} : '-';
    $disk->mark("ack $delivery->{number} $delivery->{name} $upload");

    return;
}

for my $round (1 .. $rounds) {
    my %busy;
    my @deliveries = map { next_delivery(\%busy) } 1 .. 1 + rand $width;
    send_it($_) for @deliveries;
    hear($_)    for @deliveries;
}
is_deeply(\@refused, [], 'every delivery is answered with 200');
$dosis->stop;

my @check = ("$dosis->{build}/disk_work", 'acked', $disk->image,
    "$dosis->{home}/keys/kek.hex");
my ($code, $said) = $disk->replay(\@check, cuts => 40, seed => $seed,
    deaf => ['sync', 'durable']);
is($code, 1, 'with syncs that do nothing deliveries are lost') or diag $said;
($code, $said) = $disk->replay(\@check, cuts => $cuts, seed => $seed);
is($code, 0, "$cuts times the power fails, and nothing is lost") or diag $said;
