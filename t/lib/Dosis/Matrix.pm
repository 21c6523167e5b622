# SPDX-License-Identifier: EUPL-1.2

# Subjects x rights x flags: the dossiers that a matrix of access needs, and
# an oracle written from the words of the contract, with none of the code
# under test, that says what each subject may see of them.

package Dosis::Matrix;

use strict;
use warnings;

use JSON::PP ();

use Dosis::Number qw(insz kbo ovo uuid vereniging vestiging);
use Dosis::Token  ();

# Kind -> [number, group of a user who is it].
my %subject = (
    kbo        => [kbo(84), 'EA'],
    vestiging  => [vestiging(84), 'EA'],
    vereniging => [vereniging(84), 'VER'],
    ovo        => [ovo(84), 'GID'],
    vreemd     => ['school-84', 'OV'],
    person     => [insz(84), 'BUR'],
);
my @kinds   = sort keys %subject;
my @listed  = ([], ['Raadpleger'], ['A'], ['A', 'B'], ['A - x']);
my @held    = ([], ['Raadpleger'], ['A'], ['B'], ['A-x'], ['a', 'A-y']);
my @flags   = ([0, 0], [0, 1], [1, 0], [1, 1]);    # public, confidential
my @sources = ('urn://test/subsidies', 'urn://test/open');

# Kind -> [number, group]; every list of rights that somebody holds.
sub subjects {
    return %subject;
}

sub held {
    return @held;
}

# Stores them all in that instance. known: what the oracle needs of each.
sub new {
    my ($class, $dosis) = @_;

    my $self = bless { dosis => $dosis, known => [], pushes => [] }, $class;
    for my $kind (@kinds) {
        $self->add_kind($kind);
    }
    $dosis->store_all([map { $_->{earlier} // () } @{ $self->{known} }]);
    my @answers = $dosis->push_all($self->{pushes});
    for my $index (0 .. $#answers) {
        my $known = $self->{known}[$index];
        $known->{id} = $answers[$index]->member('DossierId')
            or die 'not stored: ' . $answers[$index]->text . "\n";
        $dosis->withdraw($self->{pushes}[$index]) if $known->{withdrawn};
    }

    return $self;
}

sub known {
    my ($self) = @_;

    return @{ $self->{known} };
}

# One agent with every set of rights, flags and source; pairs of agents with
# different rights; a withdrawn one; those that lost an agent.
sub add_kind {
    my ($self, $kind) = @_;

    for my $flag (@flags) {
        next if $kind eq 'person' && $flag->[0];
        for my $bron (@sources) {
            $self->add(bron => $bron, public => $flag->[0],
                confidential => $flag->[1], agents => { $kind => $_ })
                for @listed;
        }
        $self->add(public => $flag->[0], confidential => $flag->[1],
            agents => { $kind => ['A'] }, withdrawn => 1);
    }
    my ($other) = grep { $_ ne $kind && $_ ne 'person' } @kinds;
    for my $pair ([['A'], ['B']], [[], ['A']], [['B'], []],
        [['Raadpleger'], ['A']])
    {
        $self->add(agents => { $kind => $pair->[0], $other => $pair->[1] });
    }
    for my $public (0, 1) {
        $self->add(public => $public, agents => { $other => ['A'] },
            lost => { $kind => ['A'] });
    }

    return;
}

sub agents {
    my ($rights) = @_;

    return [
        map {
            {   Identificatie => $subject{$_}[0],
                Toegangsrechten => [map { { Code => $_ } } @{ $rights->{$_} }],
            }
        } sort keys %$rights
    ];
}

sub flag {
    my ($set) = @_;

    return $set ? JSON::PP::true : JSON::PP::false;
}

sub add {
    my ($self, %said) = @_;

    $said{bron} //= $sources[0];
    my $dossier = $self->{dosis}->dossier(
        bron            => $said{bron},
        IsPubliek       => flag($said{public}),
        IsVertrouwelijk => flag($said{confidential}),
        agenten         => agents($said{agents}));
    $said{number}  = $dossier->{Identificatie}{DossierNummer};
    $said{earlier} = {
        %$dossier,
        UploadId        => uuid(),
        WijzigingsDatum => '2026-02-01T10:00:00',
        IsPubliek       => flag(0),
        Agenten         => agents({ %{ $said{agents} }, %{ $said{lost} } }),
        }
        if $said{lost};
    push @{ $self->{known} },  \%said;
    push @{ $self->{pushes} }, $dossier;

    return;
}

# Another version of that dossier, later and with these things otherwise, to
# be pushed; the oracle knows of it from now on.
sub changed {
    my ($self, $index, %more) = @_;

    my $known = $self->{known}[$index];
    $self->{known}[$index] = $known = { %$known, %more };

    return {
        %{ $self->{pushes}[$index] },
        UploadId        => uuid(),
        Naam            => 'Anders',
        WijzigingsDatum => '2026-04-01T10:00:00',
        IsPubliek       => flag($known->{public}),
        IsVertrouwelijk => flag($known->{confidential}),
        Agenten         => agents($known->{agents}),
    };
}

sub withdraw {
    my ($self, $index) = @_;

    my $known = $self->{known}[$index];
    $self->{known}[$index] = { %$known, withdrawn => 1 };
    $self->{dosis}->withdraw($self->{pushes}[$index]);

    return;
}

# Everybody who asks: kind, id, rights, assured, a user's token, a counter's
# token and handle.
sub askers {
    my ($self) = @_;

    my @askers;
    for my $kind (@kinds) {
        for my $rights (@held) {
            push @askers, map { $self->asker($kind, $rights, $_) } 0, 1;
        }
    }

    return @askers;
}

sub asker {
    my ($self, $kind, $rights, $assured) = @_;

    my ($id, $group) = @{ $subject{$kind} };
    my $dosis = $self->{dosis};
    my @acr   = (acr => $assured ? Dosis::Token::ACR_HIGH()
        : 'urn:dosis:acr:laag');
    my $who = { kind => $kind, id => $id, rights => $rights,
        assured => $assured };
    $who->{name} = sprintf '%s holding [%s]%s', $kind, join(' ', @$rights),
        $assured ? ', assured' : '';
    $who->{user} =
        $kind eq 'person'
        ? $dosis->citizen($id, rechten => $rights, @acr)
        : $dosis->organisation($group, $id, rechten => $rights, @acr);
    $who->{counter} = $dosis->loket($assured ? 'loket-hoog' : 'loket');
    $who->{handle}  = $dosis->post('/api/v1/dosis/namens',
        { Agenten => [{ Identificatie => $id, Rechten => $rights }],
            Gebruiker => 'x', Doel => 'x', Zekerheid => 'x' },
        token => $who->{counter})->member('Namens');

    return $who;
}

# Every way in which that asker can ask for a path.
sub ask {
    my ($self, $who, $path) = @_;

    my $dosis = $self->{dosis};

    return (
        ['a user' => $dosis->get($path, token => $who->{user})],
        ['namens' => $dosis->get($path, token => $who->{counter},
                headers => ['Dosis-Namens' => $who->{handle}])],
    );
}

# The words of the contract, in their order.
sub sees {
    my ($who, $record, $by_id) = @_;

    # 1. Withdrawn: invisible.
    return 0 if $record->{withdrawn};

    # 2. Confidential needs the assurance; it beats public.
    return 0 if $record->{confidential} && !$who->{assured};

    # 5. Public waives 3 for the detail and the history by id.
    return 1 if $record->{public} && $by_id;

    # 3. The subject is an agent of the dossier.
    my $rights = $record->{agents}{ $who->{kind} } or return 0;

    # 4. One of these; public waives it (5).
    return 1 if $record->{public};
    my %listed = map { s/ *- */-/r => 1 } @$rights;
    return 1
        if $who->{kind} eq 'person' && (!%listed || $listed{Raadpleger});
    return 1 if grep { $listed{$_} } @{ $who->{rights} };
    return 1
        if $who->{kind} ne 'person'
        && !%listed
        && $record->{bron} eq 'urn://test/open';

    return 0;
}

1;
