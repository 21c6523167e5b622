#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# More registrations than one answer holds are listed whole, in pages.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Engine;

my $dosis = Dosis::Engine->new;

$dosis->start;
for my $hundred (0 .. 4) {
    my @more = map { { Bron => "urn://veel/$hundred-$_", Naam => "Bron $_" } }
        1 .. 100;
    is($dosis->ask('POST', '/bronnen', \@more)->{status}, 201, 'a hundred');
}
my $page = $dosis->ask('GET', '/bronnen')->{json};
is(scalar @{ $page->{Registraties} }, 200, 'an answer has its ceiling');
my $next = $dosis->ask('GET', "/bronnen?na=$page->{Volgende}")->{json};
is($next->{Registraties}[0]{Nummer}, $page->{Volgende} + 1,
    'the next goes on behind it');
is($dosis->ask('GET', '/bronnen?na=4294967295')->{json}{Volgende},
    undef, 'behind the last is nothing');

my @all = @{ JSON::PP::decode_json(
        $dosis->ctl('bron', 'list', '--json')->{out}) };
my %once = map { $_->{Registratie}{Bron} => 1 } @all;
is(scalar @all, scalar keys %once, 'dosisctl lists each once');
is(scalar(grep {m{^urn://veel/}} keys %once), 500, 'and all of them');
my @lines = split /\n/, $dosis->ctl('bron', 'list')->{out};
is(scalar @lines, scalar @all, 'a line each for people');

# A page also ends at its bytes.
my $wide = [ map { "urn://breed/$_/" . 'x' x 180 } 1 .. 900 ];
is($dosis->ask('POST', '/clients',
        [ map { { Client => "breed-$_", Naam => 'n', Bronnen => $wide } }
            1 .. 3 ])->{status},
    201, 'three very wide ones');
is(scalar(grep { $_->{Registratie}{Client} =~ /^breed/ }
            @{ JSON::PP::decode_json(
                    $dosis->ctl('client', 'list', '--json')->{out}) }),
    3, 'are listed too');
is($dosis->stop, 0, 'a clean stop');
done_testing();
