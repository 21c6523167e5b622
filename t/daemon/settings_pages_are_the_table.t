#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# The pages of the settings are what the table says.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Engine;

my $dosis = Dosis::Engine->new;

for my $word (qw(bron client uitgever)) {
    my $page = "$FindBin::Bin/../../engine/doc/$word-instellingen.md";
    my $said = $dosis->ctl($word, 'schema', '--markdown');
    is($said->{code}, 0, "dosisctl $word schema --markdown");
    is(Dosis::Fixture::read_file($page), $said->{out},
        "$word-instellingen.md is equal to it");

    my $rows = JSON::PP::decode_json($dosis->ctl($word, 'schema', '--json')->{out});
    my @tabled = $said->{out} =~ /^\| `([\w.]+)`/mg;
    is_deeply([ map { $_->{name} } @$rows ], \@tabled,
        'as JSON it has the same settings');
    my $help = $dosis->ctl($word, '--help')->{out};
    my @missing = grep { $help !~ /^\Q$_->{name}\E\n/m } @$rows;
    is_deeply(\@missing, [], 'the help has them all');
}
done_testing();
