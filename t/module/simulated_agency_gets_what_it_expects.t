#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# Agencies side by side, each with its habits and mistakes, get exactly the
# answers that their own books foresee.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib", "$FindBin::Bin/../../scripts/lib";

use Test::More;

use Dosis::Agency ();
use Dosis::Demo   ();
use Dosis::Number qw(remember_insz);
use Dosis::Simulation;
use Dosis::Test;

my @agencies = map {
    {   Client  => "bureau-$_->{kort}",
        Naam    => $_->{dienst},
        Bronnen => [$_->{bron}],
    }
} Dosis::Demo::agencies();
my $dosis = Dosis::Test->new(
    reference => {
        clients => \@agencies,
        bronnen =>
            [map { { Bron => $_->{Bronnen}[0], Naam => $_->{Naam} } } @agencies],
    });

# No number of a person that they use may be left behind anywhere.
remember_insz(Dosis::Demo::insz($_)) for 0 .. 300;

# Two deliver one by one, two in lists.
my @runs = map {
    Dosis::Simulation->start($dosis,
        client   => $agencies[$_]{Client},
        bron     => $agencies[$_]{Bronnen}[0],
        dossiers => 40,
        errors   => 20,
        batch    => $_ < 2 ? 0 : 25,
        seed     => 100 + $_);
} 0 .. $#agencies;
for my $run (@runs) {
    my $sum = $run->finish;
    is($sum->{code}, 0, "$run->{client}: every answer is as foreseen")
        or diag $sum->{said};
    is($sum->{unexpected}, 0, 'and it counts none that is not');
    cmp_ok($sum->{deliveries}, '>', 200, "$sum->{deliveries} deliveries");
    my @kinds = (sort keys %{ $sum->{Resultaten} },
        sort keys %{ $sum->{Geweigerd} });
    cmp_ok(scalar @kinds, '>=', 9, "among them: @kinds");
}

# The same seed is the same run.
sub bodies {
    my ($first) = @_;

    srand $first;
    my $agency = Dosis::Agency->new(
        bron => 'urn://vlaio/subsidies', tag => 'X', dossiers => 5,
        errors => 30);
    my @all;
    while (my $delivery = $agency->next_delivery) {
        push @all, join ' ', @$delivery{qw(method path)},
            $delivery->{body} // '';
    }

    return \@all;
}

is_deeply(bodies(7), bodies(7), 'the same seed: the same deliveries');
isnt("@{ bodies(7) }", "@{ bodies(8) }", 'another seed: others');
