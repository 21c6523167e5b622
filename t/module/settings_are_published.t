#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# instellingen/validatie, instellingen/limieten, codelijsten/{naam}: what is
# published is what holds.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Number qw(insz kbo);
use Dosis::Test;

my $dosis = Dosis::Test->new(
    http     => 'dosis_future 2h;',
    location => 'dosis_body_max 20000; dosis_batch_body_max 30000;');
my $token = $dosis->machine('leverancier-a');
my $base  = '/api/v1/dosis';

sub asked {
    my ($path, %option) = @_;

    return $dosis->get("$base/$path", token => $token, %option);
}

my %doors = (
    validatie  => 'instellingen/validatie',
    limieten   => 'instellingen/limieten',
    codelijst  => 'codelijsten/StatusVlaamsCode',
);
for my $name (sort keys %doors) {
    my $answer = asked($doors{$name});
    is_status($answer, 200, "$name is there");
    is($answer->header('Content-Type'), 'application/json',
        "$name: as JSON");
    my $etag = $answer->header('ETag');
    like($etag, qr{^W/"[0-9a-f]{32}"$}, "$name has a weak ETag");
    is_status(asked($doors{$name}, headers => ['If-None-Match' => $etag]),
        304, "$name: 304 for who has it");
    is_status(asked($doors{$name}, headers => ['If-None-Match' => '"x"']),
        200, "$name: 200 for another tag");
    is_status($dosis->get("$base/$doors{$name}", token => $_->[1]), 200,
        "$name is readable for $_->[0]")
        for ['a counter' => $dosis->loket('loket')],
        ['a company' => $dosis->company(kbo(1))],
        ['a citizen' => $dosis->citizen(insz(1))];
    is_problem($dosis->get("$base/$doors{$name}"), 401, 'TokenOntbreekt',
        "$name needs a token");
}

# Rules.
my $rules = asked($doors{validatie})->json;
my %rule = map { $_->{Code} => $_ } @{ $rules->{Regels} };
is_deeply(
    [sort keys %{ $rules->{Regels}[0] }],
    [sort qw(Code Ernst Omschrijving Velden Herkomst)],
    'a rule has its members'
);
is($rule{TeVeelAgenten}{Omschrijving},
    'Hoogstens 50 agenten zijn toegelaten.', 'its text has the ceiling');
is_deeply($rule{KboOngeldig}{Velden}, ['/Agenten/*/Identificatie'],
    'and the members it is about');
is($rule{OngebruikelijkPaar}{Ernst}, 'waarschuwing', 'a warning says so');

# What a refusal says is what the rule says.
my $broken = $dosis->push(
    $dosis->dossier(
        agent          => '0123456740',
        fase           => 'Onbestaand',
        upload         => 'geen',
        Doorverwijzing => 'mailto:x'));
is_problem($broken, 400, 'ValidatieFout', 'a delivery breaks some rules');
for my $error (@{ $broken->member('errors') }) {
    is($error->{message}, $rule{ $error->{code} }{Omschrijving},
        "$error->{code}: refusal and rule have one text");
    my $field = $error->{field} =~ s{/\d+(?=/|$)}{/*}gr;
    ok((grep { $_ eq $field } @{ $rule{ $error->{code} }{Velden} }),
        "$error->{code}: about a member that the rule names");
}

# Members: a byte more than published is refused, the ceiling itself is not.
my %field = map { $_->{Veld} => $_ } @{ $rules->{Velden} };
for my $name (qw(Naam UpdateFrequentieCode)) {
    my $max = $field{"/$name"}{Maximum};
    is_stored($dosis->push($dosis->dossier($name => 'x' x $max)),
        'Nieuw', "$name of $max bytes is accepted");
    is_problem($dosis->push($dosis->dossier($name => 'x' x ($max + 1))),
        400, 'ValidatieFout', 'one more is refused');
}
is_deeply($field{'/Status/VlaamsFase'}{OokAls}, ['VlaamseFase'],
    'other spellings are named');
is($field{'/Status/VlaamsFase'}{Codelijst}, 'StatusVlaamsFase',
    'and the code list');
is($field{'/Naam'}{Plicht}, 'moet', 'Naam must be there');
is($field{'/WijzigingsDatum'}{Plicht}, 'moet in een DossierStatus',
    'WijzigingsDatum with a status only');
for my $name (map { substr $_, 1 } grep { $field{$_}{Plicht} eq 'moet' }
    grep {m{^/\w+$}} keys %field)
{
    is_problem(
        $dosis->push($dosis->dossier($name => Dosis::Test::ABSENT())),
        400, 'ValidatieFout', "without $name: refused");
}

# Pairs: exactly the others give a warning.
my %usual = map { $_->{Fase} => { map { $_ => 1 } @{ $_->{Codes} } } }
    @{ $rules->{Paren} };
my @wrong;
for my $fase (sort keys %usual) {
    for my $code (qw(Ingediend Goedgekeurd InVerwerking Betaald)) {
        my $warned = grep { $_->{code} eq 'OngebruikelijkPaar' } @{
            $dosis->push($dosis->dossier(fase => $fase, code => $code))
                ->member('Waarschuwingen') };
        push @wrong, "$fase $code" if !!$warned == !!$usual{$fase}{$code};
    }
}
is_deeply(\@wrong, [], 'a pair warns when the table does not hold it');

# Limits.
my $limits = asked($doors{limieten})->json;
my %limit = map { $_->{Naam} => $_ } @{ $limits->{Limieten} };
is($limit{DossierBytes}{Waarde}, 20000, 'a ceiling as configured');
is($limit{LijstBytes}{Waarde}, 30000, 'that of a list too');
is($limit{LijstDossiers}{Waarde}, 1000, 'dossiers in a list');
is($limit{WijzigingsDatumVooruit}{Waarde}, 7200, 'so is the future');
is($limit{UploadIdOnthouden}{Waarde}, 30 * 86400, 'UploadIds: 30 days');
is($limit{FoutenPerBron}{Waarde}, 10000, 'refusals per source');
is($limit{LimietMaximum}{Waarde}, 500, 'rows of a page');
is($limit{BekekenPerAanvraag}{Waarde}, 5000, 'rows looked at');
is($limit{Agenten}{Waarde}, 50, 'agents');
is_deeply(
    { map { $_->{Veld} => $_->{Maximum} } @{ $limits->{Velden} } },
    { map { $_ => $field{$_}{Maximum} } grep { $field{$_}{Maximum} }
            keys %field },
    'lengths are those of the rules'
);
is_status(
    $dosis->push($dosis->dossier(Naam => 'x', Onbekend => 'y' x 20000)),
    413, 'a body beyond the ceiling published: 413');

# Code lists.
my $list = asked('codelijsten/statusvlaamscode');
is_deeply($list->json, asked($doors{codelijst})->json,
    'a code list is found in any case');
is_deeply(
    $dosis->get('/api/cl/dosis/v1/codelijsten/StatusVlaamsCode',
        token => $token)->json,
    $list->json, 'and at its older address'
);
my @values = @{ $list->member('Waarden') };
is_deeply([map { $_->{Nummer} } @values], [1 .. @values],
    'values stand by their number');
my %value = map { $_->{Code} => $_ } @values;
is($value{InBehandeling}{AlsIn}, 'InVerwerking', 'with their other name');
is($value{Betaald}{AlsIn}, undef, 'or null');
is_status(asked("codelijsten/$_"), 200, "$_ is there")
    for qw(StatusVlaamsFase StatusEDRL TypeDossier ParticipatieRol);
is_problem(asked("codelijsten/$_"), 404, 'NietGevonden', "$_: 404")
    for qw(Onbestaand StatusVlaamsCod %20 x%2Fy);
for my $code (map { $_->{Code} } @values) {
    my $answer = $dosis->push($dosis->dossier(code => lc $code));
    push @wrong, $code if $answer->status != 200;
}
is_deeply(\@wrong, [], 'each code published is accepted, in any case');
