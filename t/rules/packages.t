#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# What package-lock.json installs runs on the node of Debian 12, and is what was
# tested: fixed versions with their checksums.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use JSON::PP ();
use Test::More;

use Dosis::Tree qw(read_text no_bad);

use constant NODE => [18, 20, 4];

# Does one of the alternatives of such a range ("^18 || >=20") take NODE?
sub takes_node {
    my ($range) = @_;

    return scalar grep { alternative_takes($_) } split /\|\|/, $range;
}

sub alternative_takes {
    my ($text) = @_;

    return 1 if $text =~ /^\s*\*\s*$/;
    my ($sign, @from) = $text =~ m{^\s*(\^|>=|)\s*
        (\d+)(?:\.(\d+|[x*]))?(?:\.(\d+|[x*]))?\s*$}x
        or return 0;
    return 0 if $sign ne '>=' && $from[0] != NODE->[0];
    for my $i (0 .. 2) {
        my $wanted = ($from[$i] // 'x') =~ /[x*]/ ? 0 : $from[$i];
        return $wanted < NODE->[$i] if $wanted != NODE->[$i];
    }

    return 1;
}

for my $row (['>=18', 1], ['>= 18.17.0', 1], ['^18 || >=20', 1], ['*', 1],
    ['>=18.20.4', 1], ['>=18.20.5', 0], ['>=20', 0], ['^16.1 || ^20.0.0', 0],
    ['>=0.6.x', 1],
    ['18.x || 19.*', 1], ['19.*', 0])
{
    my ($range, $takes) = @$row;
    is(!!takes_node($range), !!$takes, "'$range' is understood");
}

my $json = JSON::PP->new->utf8;
my $lock = $json->decode(read_text('package-lock.json'))->{packages};
my $all  = $json->decode(read_text('package.json'));
my %wanted = (%{ $all->{dependencies} }, %{ $all->{devDependencies} });
my (@new, @loose, @other);

for my $path (grep { $_ ne '' } sort keys %$lock) {
    my $package = $lock->{$path};
    my $range   = ($package->{engines} // {})->{node} // '*';
    push @new, "$path: $range" if !takes_node($range);
    push @loose, $path if !$package->{integrity};
}
for my $name (sort keys %wanted) {
    my $held = ($lock->{"node_modules/$name"} // {})->{version} // 'none';
    push @other, "$name: $wanted{$name}, locked $held"
        if $held ne $wanted{$name};
}

cmp_ok(scalar keys %$lock, '>', 50, 'packages were looked at');
no_bad(\@new,   'every package runs on node ' . join '.', @{ +NODE });
no_bad(\@loose, 'every package has a checksum');
no_bad(\@other, 'what is asked for by name is one version, the locked one');

done_testing();
