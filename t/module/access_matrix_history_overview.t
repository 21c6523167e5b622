#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# History, the past and the overview open to exactly those to whom the detail
# and the list open: every subject, right and flag against an oracle.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Matrix;
use Dosis::Test;

my $dosis  = Dosis::Test->new;
my $matrix = Dosis::Matrix->new($dosis);
my $base   = '/api/v1/dosis/dossiers';
my %said   = (0 => 0, 1 => 0);

sub wrong_counts {
    my ($who) = @_;

    my $wanted = grep { Dosis::Matrix::sees($who, $_, 0) } $matrix->known;
    my @wrong;
    for my $asked ($matrix->ask($who, '/api/v1/dosis/overzicht')) {
        my ($door, $answer) = @$asked;
        my $got = $answer->member('Totaal', 'Aantal') // $answer->text;
        push @wrong, "$door: $got, wanted $wanted" if $got ne $wanted;
    }

    return @wrong;
}

sub wrong_doors {
    my ($who, $record) = @_;

    my $sees = Dosis::Matrix::sees($who, $record, 1) ? 1 : 0;
    $said{$sees}++;
    my @wrong;
    for my $path ("$record->{id}/historiek", "$record->{id}?opDatum=2090-01-01")
    {
        for my $asked ($matrix->ask($who, "$base/$path")) {
            my ($door, $answer) = @$asked;
            push @wrong, "$door $path: " . $answer->status
                if $answer->status != ($sees ? 200 : 404);
            push @wrong, "$door $path tells Detail2"
                if $answer->body =~ /${\ Dosis::Matrix::HIDDEN() }/;
            push @wrong, "$door $path tells an agent"
                if $answer->body =~ /"Agenten"/
                && !$record->{agents}{ $who->{kind} };
        }
    }

    return @wrong;
}

for my $who ($matrix->askers) {
    is_deeply([wrong_counts($who)], [], "$who->{name}: the overview");
    my @wrong = map { wrong_doors($who, $_) }
        grep { $_->{agents}{ $who->{kind} } || $_->{lost} || $_->{public} }
        $matrix->known;
    is_deeply(\@wrong, [], "$who->{name}: history and past by both doors");
}

cmp_ok($said{0}, '>', 500, "$said{0} times the oracle says no");
cmp_ok($said{1}, '>', 500, "$said{1} times it says yes");
