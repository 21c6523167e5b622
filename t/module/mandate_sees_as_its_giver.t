#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# Who acts under a mandate sees what its giver sees, with the giver's rights,
# and nothing of its own.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use JSON::PP ();
use Test::More;

use Dosis::Check;
use Dosis::Number qw(insz kbo vestiging);
use Dosis::Test;
use Dosis::Token;

my $dosis  = Dosis::Test->new;
my $base   = '/api/v1/dosis/dossiers';
my $giver  = kbo(71);
my $office = kbo(72);
my $person = insz(71);
my $clerk  = insz(72);

sub stored {
    my $dossier = $dosis->dossier(@_);
    my $answer  = $dosis->push($dossier);

    return { id => $answer->member('DossierId'),
        number => $dossier->{Identificatie}{DossierNummer} };
}

my $of_giver  = stored(agent => $giver, rechten => ['Lezer']);
my $of_office = stored(agent => $office, rechten => ['Lezer']);
my $of_person = stored(agent => $person, rechten => []);
my $of_clerk  = stored(agent => $clerk, rechten => []);
my $secret    = stored(agent => $giver, rechten => ['Lezer'],
    IsVertrouwelijk => JSON::PP::true);

# claims of a user: who, for whom, with what -> what is listed
for my $case (
    ['an office for a company', 'EA', $office, $giver, ["Lezer:$giver"],
        [$of_giver]],
    ['with a right of its own', 'EA', $office, $giver, ["Lezer:$office"], []],
    ['with a right of nobody', 'EA', $office, $giver, ['Lezer'], []],
    ['with a right of both', 'EA', $office, $giver, ["Lezer:$office,$giver"],
        [$of_giver]],
    ['an office for a person', 'EA', $office, $person, [], [$of_person]],
    ['without a mandate', 'EA', $office, undef, ["Lezer:$office"],
        [$of_office]],
    ['a mandate of itself', 'EA', $office, $office, ['Lezer'], [$of_office]],
    ['a person for a company', 'BUR', $clerk, $giver, ["Lezer:$giver"],
        [$of_giver]],
    ['a person for a person', 'BUR', $clerk, $person, [], [$of_person]],
    ['in a list of one', 'BUR', $clerk, [$person], [], [$of_person]],
    ['assured', 'EA', $office, $giver, ["Lezer:$giver"],
        [$of_giver, $secret], acr => Dosis::Token::ACR_HIGH()],
    )
{
    my ($name, $group, $who, $for, $rights, $sees, @more) = @$case;
    my @claims = (ssm_mandaatgever => $for, dosis_rol_3d => $rights, @more);
    my $token = $group eq 'BUR' ? $dosis->citizen($who, @claims)
        : $dosis->organisation($group, $who, @claims);
    is_deeply([sort(Dosis::Test::numbers($dosis->list(token => $token)))],
        [sort map { $_->{number} } @$sees], "$name: the list");
    my %sees = map { $_->{id} => 200 } @$sees;
    is_deeply(
        [   map { $dosis->get("$base/$_->{id}", token => $token)->status }
                ($of_giver, $of_office, $of_person, $of_clerk, $secret)
        ],
        [   map { $sees{ $_->{id} } // 404 }
                ($of_giver, $of_office, $of_person, $of_clerk, $secret)
        ],
        "$name: details");
}

# What is no mandate of one known giver is no access at all.
for my $case (
    ['a name', 'iemand'], ['two', [$giver, $person]], ['a number', 71],
    ['an object', { code => $giver }], ['a broken number', 'BE1'],
    )
{
    is_problem(
        $dosis->list(token => $dosis->citizen($clerk,
                ssm_mandaatgever => $case->[1])),
        403, 'GeenToegang', "a mandate of $case->[0] is refused");
}
is_problem(
    $dosis->list(token => $dosis->company($office,
            ssm_mandaatgever => $giver), agent => $giver),
    400, 'ParameterOngeldig', 'a mandate is no counter: it names nobody');
