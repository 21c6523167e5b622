#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# A certified OpenID provider is the issuer, registered by its address alone: a
# machine, a counter and a user get their tokens from it as the standards say,
# and DOSIS takes them. While it is broken, signed tokens go on.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Number qw(kbo insz);
use Dosis::Provider;
use Dosis::Test;

my ($kbo, $insz) = (kbo(61), insz(61));
my $idp = Dosis::Provider->new(
    machines => {
        'leverancier-a' => 'DosisImport',
        loket           => 'DosisRaadpleging',
    },
    opaque => ['loket'],
    people => {
        anna => {
            vo_doelgroepcode => 'EA',
            vo_orgcode       => $kbo,
            dosis_rol_3d     => ["Lezer:$kbo"],
        },
        piet => { vo_doelgroepcode => 'BUR', rrn => $insz },
    },
);
my $dosis = $idp->instance(expect => [qr/key set not fetched/,
    qr/introspection/]);

sub lists {
    my ($token, %more) = @_;

    return join ' ',
        Dosis::Test::numbers($dosis->list(token => $token, %more));
}

# Of each worker several times, so that none is passed over.
sub all_say {
    my ($status, $token, %more) = @_;

    return !grep { $dosis->list(token => $token, %more)->status != $status }
        1 .. 8;
}

# --- before and after it is registered -------------------------------------

my $machine = $idp->machine_token('leverancier-a', 'DosisImport');
like($machine, qr/^[\w-]+\.[\w-]+\.[\w-]+$/, 'a machine gets a signed token');
my $dossier = $dosis->dossier(agent => $kbo, nummer => 'VAN-ANNA');
is_problem($dosis->push($dossier, token => $machine), 401, 'TokenOngeldig',
    'of an issuer that is not registered');

$idp->register($dosis, Introspectie => $idp->introspection);
$dosis->wait_for(sub { @{ $idp->state_of($dosis)->{Sleutels} // [] } },
    'its keys were found', 60);

# --- machine and users -----------------------------------------------------

my $stored;
$dosis->wait_for(
    sub {
        $stored = $dosis->push($dossier, token => $machine);
        return $stored->status != 503;
    },
    'its keys are known', 60);
is_stored($stored, 'Nieuw', 'client credentials, private_key_jwt: it delivers');
is_stored($dosis->push($dosis->dossier(nummer => 'VAN-PIET', agent => $insz,
            agenten => [{ Identificatie => $insz }]), token => $machine),
    'Nieuw', 'and once more');

my %token = map { $_ => $idp->user_token($_) } qw(anna piet);
is(lists($token{anna}), 'VAN-ANNA',
    'authorization code, PKCE: a user sees the dossiers of her organisation');
is(lists($token{piet}), 'VAN-PIET', 'a citizen sees his own');
is_problem($dosis->push($dossier, token => $token{anna}), 403, undef,
    'a user does not deliver');

# --- opaque ----------------------------------------------------------------

my $opaque = $idp->machine_token('loket', 'DosisRaadpleging');
my $later  = $idp->machine_token('loket', 'DosisRaadpleging');
unlike($opaque, qr/\./, 'a counter gets a token that says nothing');
is(lists($opaque, agent => $kbo, recht => ['Lezer']), 'VAN-ANNA',
    'the engine asks what it means: it lists');
is_problem($dosis->list(token => 'verzonnen', agent => $kbo, recht => ['Lezer']), 401,
    'TokenOngeldig', 'one that the provider never gave');

# --- broken, mended --------------------------------------------------------

my $forged = $dosis->token(
    Dosis::Token::machine_claims('leverancier-a', iss => $idp->issuer),
    kid => 'onbekend');

$idp->break;
is($dosis->push($dossier, token => $forged)->status, 503,
    'broken: nobody can tell of a key that is not known');
$dosis->wait_for(
    sub { ($idp->state_of($dosis)->{Fout} // '') eq 'status-500' },
    'the engine has asked for it in vain', 60);
ok(all_say(200, $token{anna}), 'broken: signed tokens go on');
is_stored($dosis->push({ %$dossier, UploadId => Dosis::Number::uuid() },
        token => $machine), 'Ongewijzigd', 'deliveries go on');
my $answer = $dosis->list(token => $later, agent => $kbo, recht => ['Lezer']);
is_problem($answer, 503, 'UitgeverOnbereikbaar',
    'broken: an opaque token that was not asked about');
ok($answer->header('Retry-After'), 'says when to come back');
ok(all_say(200, $opaque, agent => $kbo, recht => ['Lezer']), 'one that was asked about goes on');

$idp->mend;
is(lists($later, agent => $kbo, recht => ['Lezer']), 'VAN-ANNA', 'mended: it lists at once');
$dosis->wait_for(
    sub { $dosis->push($dossier, token => $forged)->status == 401 },
    'mended: a key that it never had ends as 401', 60);
