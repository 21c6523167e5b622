#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# The feed tells exactly those who see a dossier, or saw it: every subject,
# right and flag against an oracle, before and after every dossier changed
# hands. Who never saw one hears nothing of it, not that it was withdrawn.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Matrix;
use Dosis::Stream;
use Dosis::Test;

my $dosis  = Dosis::Test->new;
my $matrix = Dosis::Matrix->new($dosis);
my @askers = $matrix->askers;
my %said;

# The two ways to ask: what poll_all() needs for each.
sub ways {
    my ($who) = @_;

    return (
        'a user' => [token => $who->{user}],
        'namens' => [
            token   => $who->{counter},
            headers => ['Dosis-Namens' => $who->{handle}]
        ],
    );
}

# DossierId -> name of its event, from that cursor on; moves the cursor.
sub heard {
    my ($who, $way, $limit) = @_;

    my %way = ways($who);
    my ($events, $next) = Dosis::Stream::poll_all($dosis, @{ $way{$way} },
        limiet => $limit, na => $who->{na}{$way});
    $who->{na}{$way} = $next;
    my %heard;
    for my $event (@$events) {
        my $id = $event->{subject};
        $heard{$id} =
            exists $heard{$id} ? 'twice' : Dosis::Stream::name($event);
        my $data = join ' ', sort keys %{ $event->{data} };
        $heard{$id} = "with $data"
            if $data =~ /Agenten|DossierBeheerder/
            || $event->{data}{Status} && $event->{data}{Status}{Detail2};
        $said{ $heard{$id} }++;
    }

    return \%heard;
}

sub first_time {
    my ($who) = @_;

    return { map { $_->{id} => 'nieuw' }
            grep { Dosis::Matrix::sees($who, $_, 0) } $matrix->known };
}

# What is to be heard of the way from one state to the other.
sub since {
    my ($who, $before) = @_;

    my %heard;
    my $index = 0;
    for my $now ($matrix->known) {
        my $then = $before->[$index++];
        next if $then->{withdrawn};
        my $sees = Dosis::Matrix::sees($who, $now,  0);
        my $saw  = Dosis::Matrix::sees($who, $then, 0);
        $heard{ $now->{id} } =
              $sees             ? ($saw ? 'gewijzigd' : 'nieuw')
            : $now->{withdrawn} ? 'ingetrokken'
            :                     'verloren'
            if $sees || $saw;
    }

    return \%heard;
}

for my $who (@askers) {
    my $wanted = first_time($who);
    is_deeply(heard($who, $_, 500), $wanted, "$who->{name}: by $_, all of it")
        for 'a user', 'namens';
}

# Each dossier meets one of these.
my @fates = (
    sub { return {} },                                    # other content
    sub { return { confidential => 1 } },
    sub { return { confidential => 0 } },
    sub { return { agents => { map { $_ => ['Z'] } @_ } } },
    sub { return { agents => { map { $_ => ['A'] } @_ } } },
    sub { return { agents => { $_[0] eq 'kbo' ? 'ovo' : 'kbo', ['A'] } } },
    sub { return { public => 1 } },
    sub { return },                                       # withdrawn
);
my @before = $matrix->known;
my @pushes;
for my $index (0 .. $#before) {
    my $record = $before[$index];
    next if $record->{withdrawn};
    my @kinds = sort keys %{ $record->{agents} };
    my $fate  = $fates[$index % @fates]->(@kinds);
    if (!$fate) {
        $matrix->withdraw($index);
        next;
    }
    delete $fate->{public} if grep { $_ eq 'person' } @kinds;
    push @pushes, $matrix->changed($index, %$fate);
}
my @answers = $dosis->push_all(\@pushes);
is_deeply([map { $_->text } grep { $_->status != 200 } @answers], [],
    @pushes . ' dossiers have changed');

for my $who (@askers) {
    my $wanted = since($who, \@before);
    is_deeply(heard($who, 'a user', 500), $wanted,
        "$who->{name}: what changed");
    is_deeply(heard($who, 'namens', 7), $wanted, 'also page by page');
    is_deeply(heard($who, 'namens', 50), {}, 'once');
}
cmp_ok($said{$_} // 0, '>', 50, "$_ was told often enough to matter")
    for qw(nieuw gewijzigd ingetrokken verloren);
