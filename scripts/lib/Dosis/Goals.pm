# SPDX-License-Identifier: EUPL-1.2

# What scripts/bench aims at: ratios within one run, to be reached first, and
# then.

package Dosis::Goals;

use strict;
use warnings;

# Rows: [what, here, >= or <=, reach, then]; a goal may be missing.
sub print_table {
    my (@rows) = @_;

    printf "\n%-40s %8s  %-14s %s\n", '', 'here', 'reach', 'then';
    for my $row (@rows) {
        my ($what, $here, $how, @goals) = @$row;
        printf "%-40s %8.2f  %-14s %s\n", $what, $here,
            map { verdict($here, $how, $_) } @goals[0, 1];
    }

    return;
}

sub verdict {
    my ($here, $how, $goal) = @_;

    return '-' if !defined $goal;
    my $holds = $how eq '>=' ? $here >= $goal : $here <= $goal;

    return sprintf '%s %.2f %s', $how, $goal, $holds ? 'ok' : 'below';
}

# Of W1 and W2; seen: medians by the name of the point; peers: 1 with them.
sub core {
    my ($seen, $connections, $peers) = @_;

    my $base = $seen->{'return 200, same bytes'};
    my $w1   = $seen->{'W1 list of 10'};
    my @rows = (
        ['W1 / return 200, req/s', $w1->{rate} / $base->{rate}, '>=', 0.60,
            0.75],
        ['W1 / return 200, CPU', $w1->{cpu} / $base->{cpu}, '<=', 18 / 10.5],
        ['W1 / return 200, p99', $w1->{p99} / $base->{p99}, '<=', 2],
        ['W2 p50 at 1 conn. / fdatasync',
            $seen->{'W2 push, 1 conn.'}{p50}
                / $seen->{'one fdatasync of 4 KiB'}{p50}, '<=', 3, 2]);
    return @rows if !$peers;

    return @rows,
        ['W1 / Lua + Redis, req/s',
            $w1->{rate} / $seen->{'W1 Lua + Redis'}{rate}, '>=', 2],
        ['W1 / Fastify + PostgreSQL, req/s',
            $w1->{rate} / $seen->{'W1 Fastify'}{rate}, '>=', 8],
        map { of_push($seen, $_) } @$connections;
}

sub of_push {
    my ($seen, $connections) = @_;

    my $to   = "$connections conn.";
    my $rate = $seen->{"W2 push, $to"}{rate};

    return ["W2 / Fastify + PostgreSQL, $to",
            $rate / $seen->{"W2 Fastify, $to"}{rate}, '>=',
            $connections == 64 ? 2 : undef],
        ["W2 / pgbench, $to", $rate / $seen->{"W2 pgbench, $to"}{rate},
            '>=', 1],
        ["W2 / Lua + Redis, $to",
            $rate / $seen->{"W2 Lua + Redis, $to"}{rate}, '>=', undef, 1];
}

# Of W5; seen: see scripts/bench.
sub mixed {
    my ($seen) = @_;

    my ($quiet, $load) = @$seen{ 'W1 alone', 'W1 beside W2 and an import' };
    my $push = $seen->{'  that W2 and import'}{p99};
    my $peer = $seen->{'W2 Fastify, alone'};

    return (
        ['W1 p99 under an import / alone', $load->{p99} / $quiet->{p99}, '<=', 3],
        ['W2 p99 under an import, ms', $push, '<=', 25, 10],
        ['W2 p99 under an import / without',
            $push / $seen->{'  that W2'}{p99}],
        # no goal: it is at its most, and we are at half of ours
        $peer
        ? ['W2 p99 under an import / Fastify alone', $push / $peer->{p99}]
        : ());
}

# Of W3; seen: see Dosis::Bulk::print_rounds.
sub bulk {
    my ($seen) = @_;

    my %than = (
        'row' => 'one table, indexes in place',
        'row then' => 'one table, indexes after',
        'set' => 'tables as ours, indexes in place',
        'set then' => 'tables as ours, indexes after');
    my @rows;
    for my $name ('set', 'row', 'set then', 'row then') {
        push @rows, ["rows/s / $than{$name}", $seen->{$name} / $seen->{here},
            '>=', $name =~ /then/ ? (undef, 1) : (1)];
    }

    return @rows, ['memory of dosisd at its peak, MB',
        $seen->{dosisd} / 1000, '<=', 200];
}

1;
