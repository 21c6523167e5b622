#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# What happens to a dossier is told to whoever saw or sees it, and to nobody
# else.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Number qw(insz kbo);
use Dosis::Stream;
use Dosis::Test;

my $dosis  = Dosis::Test->new;
my $agent  = kbo(1);
my $other  = kbo(2);
my $minute = 10;
my %reader = (
    lezer => $dosis->company($agent, rechten => ['Lezer']),
    hoog  => $dosis->company($agent, rechten => ['Lezer'],
        acr => Dosis::Token::ACR_HIGH()),
    ander => $dosis->company($other, rechten => ['Lezer']),
);
my %after;

# The same dossier in one state after another.
my $base = $dosis->dossier(agent => $agent);

sub state_of {
    my (%change) = @_;

    $minute++;

    return { %$base, UploadId => Dosis::Number::uuid(),
        WijzigingsDatum => "2026-03-01T10:$minute:00",
        Naam => "Stand $minute", %change };
}

sub with_agents {
    my (@agents) = @_;

    return (Agenten => agents(@agents));
}

sub agents {
    return [map { { Identificatie => $_->[0],
        Toegangsrechten => [map { { Code => $_ } } @{$_}[1 .. $#$_]] } } @_];
}

# What each reader hears: {lezer => 'nieuw', ...}.
sub heard {
    my %heard;

    for my $who (sort keys %reader) {
        my ($events, $next) = Dosis::Stream::poll_all($dosis,
            token => $reader{$who}, na => $after{$who});
        $after{$who} = $next;
        $heard{$who} = join ' ', map { Dosis::Stream::name($_) } @$events
            if @$events;
        for my $event (grep { Dosis::Stream::name($_) =~ /^[iv]/ } @$events) {
            is_deeply([sort keys %{ $event->{data} }], [qw(DossierId Versie)],
                "$who hears no more than which dossier");
        }
    }

    return \%heard;
}

is_deeply(heard(), {}, 'nothing to begin with');

my @steps = (
    ['a new one', state_of(), { lezer => 'nieuw', hoog => 'nieuw' }],
    ['a change', state_of(), { lezer => 'gewijzigd', hoog => 'gewijzigd' }],
    ['the right is taken away', state_of(with_agents([$agent, 'Schrijver'])),
        { lezer => 'verloren', hoog => 'verloren' }],
    ['a change that nobody may see',
        state_of(with_agents([$agent, 'Schrijver'])), {}],
    ['the right comes back', state_of(),
        { lezer => 'nieuw', hoog => 'nieuw' }],
    ['it becomes confidential', state_of(IsVertrouwelijk => JSON::PP::true),
        { lezer => 'verloren', hoog => 'gewijzigd' }],
    ['and public', state_of(IsPubliek => JSON::PP::true),
        { lezer => 'nieuw', hoog => 'gewijzigd' }],
    ['another agent joins',
        state_of(with_agents([$agent, 'Lezer'], [$other, 'Lezer'])),
        { lezer => 'gewijzigd', hoog => 'gewijzigd', ander => 'nieuw' }],
    ['the first one leaves', state_of(with_agents([$other, 'Lezer'])),
        { lezer => 'verloren', hoog => 'verloren', ander => 'gewijzigd' }],
    ['a change behind its back', state_of(with_agents([$other, 'Lezer'])),
        { ander => 'gewijzigd' }],
    ['it returns',
        state_of(with_agents([$agent, 'Lezer'], [$other, 'Lezer'])),
        { lezer => 'nieuw', hoog => 'nieuw', ander => 'gewijzigd' }],
);
for my $step (@steps) {
    my ($fact, $dossier, $wanted) = @$step;
    is_status($dosis->push($dossier), 200, "$fact: stored");
    is_deeply(heard(), $wanted, $fact);
}

is_status($dosis->withdraw($base), 200, 'withdrawn');
is_deeply(heard(), { map { $_ => 'ingetrokken' } keys %reader },
    'a withdrawal is told to all who saw it');
is_status($dosis->withdraw($base), 200, 'withdrawn again');
is_deeply(heard(), {}, 'and not twice');
my $revived = state_of();
is_stored($dosis->push($revived), 'Hersteld', 'a later delivery revives it');
is_deeply(heard(), { lezer => 'nieuw', hoog => 'nieuw' }, 'as a new one');

is_stored(
    $dosis->push({ %$revived, UploadId => Dosis::Number::uuid(),
        WijzigingsDatum => '2026-03-02T10:00:00' }),
    'Ongewijzigd', 'the same, newer');
is_stored(
    $dosis->push({ %$revived, UploadId => Dosis::Number::uuid(),
        WijzigingsDatum => '2026-01-02T10:00:00', Naam => 'Oud' }),
    'Verouderd', 'an older one');
is_deeply(heard(), {}, 'neither is an event');

# Between two polls only the latest state counts.
for my $change (1 .. 3) {
    my $moment = "2026-03-03T10:0$change:00";
    is_status($dosis->push(state_of(WijzigingsDatum => $moment)),
        200, "change $change");
}
is_deeply(heard(), { lezer => 'gewijzigd', hoog => 'gewijzigd' },
    'three changes, one event');
is_status($dosis->push(state_of(WijzigingsDatum => '2026-03-04T10:00:00',
    with_agents([$agent, 'Schrijver']))), 200, 'away');
is_status($dosis->withdraw($base), 200, 'and withdrawn');
is_deeply(heard(), { lezer => 'ingetrokken', hoog => 'ingetrokken' },
    'lost and then withdrawn: once, the last');
my $short = $dosis->dossier(agent => $agent);
is_status($dosis->push($short), 200, 'there');
is_status($dosis->push({ %$short, UploadId => Dosis::Number::uuid(),
    WijzigingsDatum => '2026-03-05T10:00:00',
    with_agents([$agent, 'Schrijver']) }), 200, 'and gone');
my $gone = heard();
like($gone->{lezer} // 'verloren', qr/^verloren$/,
    'what came and went unseen is at most said to be gone');

# A person without listed rights, and a marker in between.
my $citizen = insz(1);
$reader{burger} = $dosis->citizen($citizen);
my $own = $dosis->dossier(agent => $citizen, rechten => []);
heard();
my @hidden = with_agents([$citizen, 'Ander']);
my @life = (
    [{}, 'nieuw'],
    ['weg', 'ingetrokken'],
    [{ WijzigingsDatum => '2026-04-01T10:00:00', @hidden }, undef],
    [{ WijzigingsDatum => '2026-04-02T10:00:00' }, 'nieuw'],
    [{ WijzigingsDatum => '2026-04-03T10:00:00', @hidden }, 'verloren'],
);
for my $step (@life) {
    my ($change, $wanted) = @$step;
    is_status(ref $change
        ? $dosis->push({ %$own, UploadId => Dosis::Number::uuid(), %$change })
        : $dosis->withdraw($own), 200, 'a step in the life of a dossier');
    is(heard()->{burger}, $wanted, 'a person hears ' . ($wanted // 'nothing'));
}
