#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# Who sees what: subjects x rights x flags x doors. An oracle written from the
# words of the contract, with none of the code under test, says what each
# subject may see; every door must give exactly that.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Matrix;
use Dosis::Number qw(kbo);
use Dosis::Stream;
use Dosis::Test qw(query);

my $dosis   = Dosis::Test->new;
my $base    = '/api/v1/dosis/dossiers';
my $matrix  = Dosis::Matrix->new($dosis);
my @known   = $matrix->known;
my %subject = Dosis::Matrix::subjects();
my @kinds   = sort keys %subject;
my @held    = Dosis::Matrix::held();

# What the oracle says.
sub sees {
    my ($who, $record, $by_id) = @_;

    return Dosis::Matrix::sees($who, $record, $by_id);
}

# The doors of lists: subject -> numbers of what is shown.
sub all_pages {
    my ($ask) = @_;

    my (@numbers, $after);
    for my $page (1 .. 50) {
        my $answer = $ask->($after);
        return ('status ' . $answer->text) if $answer->status != 200;
        push @numbers, Dosis::Test::numbers($answer);
        $after = $answer->member('Volgende') // return @numbers;
    }

    return 'endless';
}

my %list_door = (
    'a user' => sub {
        my ($who, $after) = @_;
        return $dosis->list(token => $who->{user}, limiet => 100,
            na => $after);
    },
    'agent=' => sub {
        my ($who, $after) = @_;
        return $dosis->list(token => $who->{counter}, agent => $who->{id},
            recht => $who->{rights}, limiet => 100, na => $after);
    },
    'zoek' => sub {
        my ($who, $after) = @_;
        return $dosis->post("$base/zoek",
            { Agent => $who->{id}, Rechten => $who->{rights},
                Limiet => 100, Na => $after },
            token => $who->{counter});
    },
    'QUERY' => sub {
        my ($who, $after) = @_;
        return $dosis->request('QUERY', $base,
            body => { Agent => $who->{id}, Rechten => $who->{rights},
                Limiet => 100, Na => $after },
            token => $who->{counter});
    },
    'namens' => sub {
        my ($who, $after) = @_;
        return $dosis->list(token => $who->{counter}, limiet => 100,
            na => $after, headers => ['Dosis-Namens' => $who->{handle}]);
    },
);

my %detail_door = (
    'a user' => sub {
        my ($who, $id) = @_;
        return $dosis->get("$base/$id", token => $who->{user});
    },
    'namens' => sub {
        my ($who, $id) = @_;
        return $dosis->get("$base/$id", token => $who->{counter},
            headers => ['Dosis-Namens' => $who->{handle}]);
    },
);

# Several agents: each of them alone is judged above; together they see what
# one of them sees, each with its own rights.
my %several_door = (
    'zoek' => sub {
        my ($who, $after) = @_;
        return $dosis->post("$base/zoek",
            { Agenten => $who->{agents}, Limiet => 100, Na => $after },
            token => $who->{counter});
    },
    'QUERY' => sub {
        my ($who, $after) = @_;
        return $dosis->request('QUERY', $base,
            body => { Agenten => $who->{agents}, Limiet => 7, Na => $after },
            token => $who->{counter});
    },
    'QUERY by action' => sub {
        my ($who, $after) = @_;
        return $dosis->request('QUERY', $base,
            body => { Agenten => $who->{agents}, Limiet => 60,
                Na => $after, Sorteer => 'actie' },
            token => $who->{counter});
    },
    'namens' => sub {
        my ($who, $after) = @_;
        return $dosis->list(token => $who->{counter}, limiet => 30,
            na => $after, headers => ['Dosis-Namens' => $who->{handle}]);
    },
);

# Once for the oracle itself: it says yes and no often enough to matter.
my %said = (0 => 0, 1 => 0);

judge($_) for $matrix->askers;

sub judge {
    my ($who) = @_;

    my $name   = $who->{name};
    my @wanted = sort map { $_->{number} }
        grep { sees($who, $_, 0) } @known;

    for my $door (sort keys %list_door) {
        next if $door eq 'agent=' && $who->{kind} eq 'person';
        my @shown = sort
            +all_pages(sub { $list_door{$door}->($who, @_) });
        is_deeply(\@shown, \@wanted, "$name: list by $door");
    }

    my @wrong;
    for my $record (@known) {

        # All of this kind; of the others what could be public.
        next if !$record->{agents}{ $who->{kind} } && !$record->{public};
        my $wanted = sees($who, $record, 1) ? 200 : 404;
        $said{ $wanted == 200 ? 1 : 0 }++;
        for my $door (sort keys %detail_door) {
            my $got = $detail_door{$door}->($who, $record->{id});
            push @wrong, "$door $record->{number}: " . $got->status
                . ", wanted $wanted"
                if $got->status != $wanted;
        }
    }
    is_deeply(\@wrong, [], "$name: details by both doors");

    return;
}

# Groups: everybody with nothing but one; everybody with something else;
# pairs where only one sees.
my @groups = (
    (map { my $one = $_; +{ map { $_ => $_ eq $one ? ['A'] : [] } @kinds } }
        @kinds),
    { map { $kinds[$_] => $held[$_ % @held] } 0 .. $#kinds },
    { map { $kinds[$_] => $held[($_ + 2) % @held] } 0 .. $#kinds },
    { kbo => ['A'], vestiging => ['B'] },
    { kbo => ['B'], person => [] },
    { ovo => ['A-x'], vreemd => ['Raadpleger'], vereniging => [] },
);
for my $assured (0, 1) {
    judge_several($_, $assured) for @groups;
}

sub judge_several {
    my ($group, $assured) = @_;

    my @each = map { { kind => $_, rights => $group->{$_},
            assured => $assured } } sort keys %$group;
    my $who = {
        counter => $dosis->loket($assured ? 'loket-hoog' : 'loket'),
        agents  => [map { { Identificatie => $subject{ $_->{kind} }[0],
                    Rechten => $_->{rights} } } @each],
    };
    $who->{handle} = $dosis->post('/api/v1/dosis/namens',
        { Agenten => $who->{agents} }, token => $who->{counter})
        ->member('Namens');
    my $name = sprintf '%d agents%s, %s', scalar @each,
        $assured ? ', assured' : '',
        join ' ', map {"$_->{kind}\[@{ $_->{rights} }]"} @each;

    my @wanted = sort map { $_->{number} } grep {
        my $record = $_;
        grep { sees($_, $record, 0) } @each
    } @known;
    for my $door (sort keys %several_door) {
        my @shown = sort
            +all_pages(sub { $several_door{$door}->($who, @_) });
        is_deeply(\@shown, \@wanted, "$name: list by $door");
    }

    # The feed of one alone has a matrix of its own.
    my ($events) = Dosis::Stream::poll_all($dosis, limiet => 70,
        token   => $who->{counter},
        headers => ['Dosis-Namens' => $who->{handle}]);
    my @told = sort map { $_->{data}{Identificatie}{DossierNummer}
            // $_->{type} } @$events;
    is_deeply(\@told, \@wanted, "$name: feed by namens");

    my @wrong;
    for my $record (@known) {
        next if !$record->{public}
            && !grep { $record->{agents}{ $_->{kind} } } @each;
        my $wanted =
            (grep { sees($_, $record, 1) } @each) ? 200 : 404;
        my $got = $dosis->get("$base/$record->{id}",
            token   => $who->{counter},
            headers => ['Dosis-Namens' => $who->{handle}]);
        push @wrong, "$record->{number}: " . $got->status . ", wanted $wanted"
            if $got->status != $wanted;

        # Shown as the first agent that sees it as one.
        my ($first) = grep { sees($_, $record, 0) } @each;
        my $shown = $wanted == 200 && $got->member('Agenten');
        push @wrong, "$record->{number}: shown as another"
            if $wanted == 200
            && ($shown ? $shown->[0]{Identificatie} : '')
            ne ($first ? $subject{ $first->{kind} }[0] : '');
    }
    is_deeply(\@wrong, [], "$name: details");

    return;
}

cmp_ok($said{0}, '>', 500, "$said{0} times the oracle says no");
cmp_ok($said{1}, '>', 500, "$said{1} times it says yes");

# Rights of somebody else do not come along.
my ($kbo) = @{ $subject{kbo} };
for my $case (
    ['for another organisation' => ['A:' . kbo(82)]],
    ['for an organisation list without it' => ['A:' . kbo(82) . ',' . kbo(83)]],
    ['under another claim' => undef, vo_rol_3d => ["A:$kbo"]],
    )
{
    my ($fact, $claim, %more) = @$case;
    my $token = $dosis->company($kbo, dosis_rol_3d => $claim, %more);
    my $none  = { kind => 'kbo', rights => [], assured => 0 };
    is_deeply(
        [sort +all_pages(sub { $dosis->list(token => $token, limiet => 200,
                na => $_[0]) })],
        [sort map { $_->{number} } grep { sees($none, $_, 0) } @known],
        "a right $fact counts for nothing");
}
for my $case (
    ['in a list of organisations' => ['A:' . kbo(82) . ", $kbo"]],
    ['as one text'                => "A:$kbo"],
    ['without an organisation'    => ['A']],
    )
{
    my ($fact, $claim) = @$case;
    my $token = $dosis->company($kbo, dosis_rol_3d => $claim);
    my $one   = { kind => 'kbo', rights => ['A'], assured => 0 };
    is_deeply(
        [sort +all_pages(sub { $dosis->list(token => $token, limiet => 200,
                na => $_[0]) })],
        [sort map { $_->{number} } grep { sees($one, $_, 0) } @known],
        "a right $fact counts");
}
