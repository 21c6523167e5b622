#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# What the configuration of an issuer makes of its claims: an acr that stands
# above the one asked for suffices, and rights may come from several claims.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use JSON::PP ();
use Test::More;

use Dosis::Check;
use Dosis::Number qw(insz kbo);
use Dosis::Test;

my $dosis = Dosis::Test->new(nginx => 0);
my $keys  = "audience=dosis keys=$dosis->{home}/keys/jwks.json";
my %issuer = map { $_ => "https://$_.example.be" } qw(ladder bare above);
$dosis->{config}{http} = join "\n    ",
    qq{dosis_issuer $issuer{ladder} $keys acr=midden}
    . qq{ "acr_ladder=laag midden hoog hoogst"}
    . qq{ "rights_claim=dosis_rol_3d andere_rol geosecure";},
    # no ladder: only the one that is named; and one claim of rights
    qq{dosis_issuer $issuer{bare} $keys acr=midden rights_claim=andere_rol;},
    # the one that suffices stands not on the ladder
    qq{dosis_issuer $issuer{above} $keys acr=buiten "acr_ladder=laag hoog";};
$dosis->start_nginx(1);

my $base    = '/api/v1/dosis/dossiers';
my $mine    = kbo(81);
my $secret  = stored(agent => $mine, rechten => ['Lezer'],
    IsVertrouwelijk => JSON::PP::true);
my %of = map { $_ => stored(agent => $mine, rechten => [$_]) }
    qw(Lezer Schrijver Beheerder);

sub stored {
    return $dosis->push($dosis->dossier(@_))->member('DossierId');
}

sub user {
    my ($issuer, %claims) = @_;

    return $dosis->company($mine, iss => $issuer{$issuer}, %claims);
}

sub seen {
    my ($token) = @_;

    my $answer = $dosis->list(token => $token);

    return $answer->status == 200
        ? [sort map { $_->{DossierId} } @{ $answer->member('Dossiers') }]
        : $answer->status;
}

# issuer, acr, is the confidential dossier seen
for my $case (
    ['ladder', 'midden', 1], ['ladder', 'hoog', 1], ['ladder', 'hoogst', 1],
    ['ladder', 'laag', 0], ['ladder', 'onbekend', 0], ['ladder', undef, 0],
    ['ladder', '', 0], ['ladder', 'HOOG', 0], ['ladder', 'midden hoog', 0],
    ['ladder', ['hoog'], 0],
    ['bare', 'midden', 1], ['bare', 'hoog', 0],
    ['above', 'buiten', 1], ['above', 'hoog', 0], ['above', 'laag', 0],
    )
{
    my ($issuer, $acr, $sees) = @$case;
    my $token = user($issuer, acr => $acr, dosis_rol_3d => ["Lezer:$mine"],
        andere_rol => ["Lezer:$mine"]);
    my $said = !defined $acr ? 'none' : ref $acr ? 'a list' : "'$acr'";
    my @sees = sort $of{Lezer}, $sees ? $secret : ();
    is_deeply(seen($token), \@sees, "$issuer, acr $said: the list");
    is($dosis->get("$base/$secret", token => $token)->status,
        $sees ? 200 : 404, "$issuer, acr $said: the detail");
}

# uitleg judges Zekerheid by the same ladders
for my $case (['hoogst', 1], ['laag', 0], ['buiten', 1], ['onbekend', 0]) {
    my ($acr, $sees) = @$case;
    my $answer = $dosis->post('/api/v1/dosis/uitleg',
        { DossierId => $secret, Zekerheid => $acr,
            Agenten => [{ Identificatie => $mine, Rechten => ['Lezer'] }] },
        token => $dosis->machine('leverancier-a'));
    is($answer->member('Zichtbaar') ? 1 : 0, $sees,
        "uitleg, acr '$acr': as the log-in would") or diag $answer->text;
}

# issuer, claims, which of the dossiers are seen
for my $case (
    ['ladder', { dosis_rol_3d => ["Lezer:$mine"] }, 'Lezer'],
    ['ladder', { dosis_rol_3d => ["Lezer:$mine"],
            andere_rol => ["Schrijver:$mine"] }, 'Lezer Schrijver'],
    ['ladder', { dosis_rol_3d => ["Lezer:$mine"],
            andere_rol => "Schrijver:$mine", geosecure => ['Beheerder'] },
        'Beheerder Lezer Schrijver'],
    ['ladder', { geosecure => ['Lezer:' . kbo(82)],
            andere_rol => ["Schrijver:$mine"] }, 'Schrijver'],
    ['ladder', { nog_een_rol => ["Lezer:$mine"] }, ''],
    ['ladder', { dosis_rol_3d => { Lezer => $mine }, andere_rol => 7,
            geosecure => ["Lezer:$mine"] }, 'Lezer'],
    ['bare', { dosis_rol_3d => ["Lezer:$mine"],
            andere_rol => ["Schrijver:$mine"] }, 'Schrijver'],
    )
{
    my ($issuer, $claims, $sees) = @$case;
    is_deeply(seen(user($issuer, %$claims)),
        [sort map { $of{$_} } split / /, $sees],
        "$issuer, rights of " . join(' ', sort keys %$claims) . ": $sees");
}
