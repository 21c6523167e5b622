#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# sorteer=actie: what needs action first, by its deadline; then the rest,
# newest first.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Number qw(kbo uuid);
use Dosis::Test qw(query);

my $dosis = Dosis::Test->new;
my $base  = '/api/v1/dosis/dossiers';
my @kbo   = map { kbo(310 + $_) } 0 .. 4;
my $loket = $dosis->loket('loket');

# Number, agent, day of the change, deadline (0: none, undef: no action).
my $serial = 0;
sub dossier {
    my ($agent, $day, $deadline) = @_;

    my $actie = { ActieNodig => defined $deadline ? JSON::PP::true
        : JSON::PP::false };
    $actie->{Voor} = sprintf '2026-12-%02d', $deadline if $deadline;

    return $dosis->dossier(agent => $kbo[$agent],
        nummer => sprintf('S-%03d', ++$serial),
        datum  => sprintf('2026-02-%02dT10:%02d:00', $day, $serial % 60),
        Status => { VlaamsFase => 'Behandeling',
            VlaamsCode => 'InBehandeling', Actie => $actie });
}

my @dossiers = map {
    dossier($_ % 4, 1 + $_ * 7 % 28,
        $_ % 5 == 0 ? 1 + $_ * 11 % 30 : $_ % 7 == 0 ? 0 : undef)
} 1 .. 240;
$dosis->store_all(\@dossiers);

# What the contract says: [those with a deadline], [without], [the rest].
sub wanted {
    my (%asked) = @_;

    my @mine = grep { $asked{ $_->{Agenten}[0]{Identificatie} } } @dossiers;
    my $actie = sub { $_[0]{Status}{Actie} };
    my $newest = sub {
        $_[1]{WijzigingsDatum} cmp $_[0]{WijzigingsDatum};
    };
    my @dated = grep { $actie->($_)->{Voor} } @mine;
    my @open = grep { $actie->($_)->{ActieNodig} && !$actie->($_)->{Voor} }
        @mine;
    my @rest = grep { !$actie->($_)->{ActieNodig} } @mine;

    return map { [ $_->{Status}{Actie}{Voor} // '', $_->{WijzigingsDatum} ] }
        (sort { $actie->($a)->{Voor} cmp $actie->($b)->{Voor}
                || $newest->($a, $b) } @dated),
        (sort { $newest->($a, $b) } @open), (sort { $newest->($a, $b) } @rest);
}

sub walk {
    my ($limit, @agents) = @_;

    my (@rows, $after);
    my $pages = 0;
    do {
        my $page = $dosis->post("$base/zoek",
            { Sorteer => 'actie', Limiet => $limit, Na => $after,
                Agenten => [map { { Identificatie => $_,
                            Rechten => ['Lezer'] } } @agents] },
            token => $loket);
        $page->status == 200 or die $page->text;
        push @rows, @{ $page->member('Dossiers') };
        $after = $page->member('Volgende');
        die "endless\n" if ++$pages > 1000;
    } while defined $after;

    return @rows;
}

sub shown {
    return [map { [ $_->{Status}{Actie}{Voor} // '',
                $_->{WijzigingsDatum} =~ s/\.000Z$//r ] } @_];
}

# What was delivered is Brussels winter time: one hour ahead.
sub in_utc {
    return [map { [ $_->[0], $_->[1] =~ s/T10:/T09:/r ] } @_];
}

for my $agents ([0], [0, 1], [0 .. 3], [0 .. 4]) {
    my @ids  = @kbo[@$agents];
    my @want = wanted(map { $_ => 1 } @ids);
    for my $limit (1, 7, 50, 500) {
        next if $limit == 1 && @$agents > 1;
        is_deeply(shown(walk($limit, @ids)), in_utc(@want),
            @$agents . " agents, pages of $limit: " . @want . ' in order');
    }
}
my $user = $dosis->company($kbo[0], rechten => ['Lezer']);
is_deeply(
    shown(@{ $dosis->list(token => $user, sorteer => 'actie', limiet => 500)
                ->member('Dossiers') }),
    in_utc(wanted($kbo[0] => 1)), 'a user by parameter');

# With a filter.
my @needed = grep { $_->{Status}{Actie}{ActieNodig}
        && $_->{Agenten}[0]{Identificatie} eq $kbo[0] } @dossiers;
is_deeply(
    shown(@{ $dosis->list(token => $user, sorteer => 'ACTIE',
            actieNodig => 'true', limiet => 500)->member('Dossiers') }),
    in_utc((wanted($kbo[0] => 1))[0 .. $#needed]), 'only what needs action');
is($dosis->list(token => $user, sorteer => 'actie', actieNodig => 'true',
        limiet => 500)->member('Volgende'), undef, 'and then it ends');

# Cursors of the two orders are strangers.
my $cursor = $dosis->list(token => $user, sorteer => 'actie', limiet => 3)
    ->member('Volgende');
is_problem($dosis->list(token => $user, na => $cursor), 400,
    'ParameterOngeldig', 'a cursor of this order is not one of the other');
my $dated = $dosis->list(token => $user, limiet => 3)->member('Volgende');
is_problem($dosis->list(token => $user, sorteer => 'actie', na => $dated),
    400, 'ParameterOngeldig', 'nor the other way');

# While others write: nothing twice with the same Versie.
my (%seen, @twice, $after);
my $round = 0;
do {
    my $page = $dosis->list(token => $user, sorteer => 'actie', limiet => 5,
        na => $after);
    for my $row (@{ $page->member('Dossiers') }) {
        push @twice, $row->{DossierId}
            if $seen{"$row->{DossierId} $row->{Versie}"}++;
    }
    $after = $page->member('Volgende');
    my @mine = grep { $_->{Agenten}[0]{Identificatie} eq $kbo[0] } @dossiers;
    $dosis->store_all([
        dossier(0, 28, 1 + $round % 30),
        { %{ $mine[$round * 3 % @mine] }, UploadId => uuid(),
            Naam => "ronde $round",
            WijzigingsDatum => '2026-03-01T10:00:00' }]);
    die "endless\n" if ++$round > 200;
} while defined $after;
is_deeply(\@twice, [], 'nothing shows twice with the same Versie');
cmp_ok($round, '>', 10, "in $round pages");
