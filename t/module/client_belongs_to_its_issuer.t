#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# A client whose registration names an issuer is taken by tokens of that issuer
# only, however good those of another are; one that names none by any.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Number qw(kbo);
use Dosis::Test;
use Dosis::Token;

my $other = 'https://andere.dosis.localhost';
my $dosis = Dosis::Test->new(
    http => "dosis_issuer $other audience=dosis keys=keys/jwks.json;");
my $agent = kbo(1);
my %claims = (aud => Dosis::Token::AUDIENCE());

# The same keys: what tells them apart is who they say they are of.
my %iss = (own => Dosis::Token::ISSUER(), other => $other);

sub machine {
    my ($whose, $scope, $client) = @_;

    return $dosis->{tokens}->mint({ %claims, iss => $iss{$whose},
            scope => $scope, client_id => $client, sub => $client });
}

sub ask {
    my ($whose, $client) = @_;

    return $dosis->list(token => machine($whose, 'DosisRaadpleging', $client),
        agent => $agent, recht => ['Lezer']);
}

sub deliver {
    my ($whose) = @_;

    return $dosis->post(Dosis::Test::PUSH(), $dosis->dossier(agent => $agent),
        token => machine($whose, 'DosisImport', 'leverancier-a'));
}

is_status(ask($_ => 'loket'), 200, "no issuer named: $_ counts")
    for sort keys %iss;

my $said;
my $code;
for my $client (qw(loket leverancier-a)) {
    ($code, $said) = $dosis->ctl('client', 'change', $client,
        "Uitgever=$iss{own}");
    is($code, 0, "$client is named by its own issuer only") or diag $said;
}
is_status(ask(own => 'loket'), 200, 'its own counts, at the next request');
is_problem(ask(other => 'loket'), 403, 'ClientOnbekend', 'the other does not');
is_status(deliver('own'), 200, 'it delivers');
is_problem(deliver('other'), 403, 'ClientOnbekend',
    'nobody delivers in its name');
is_status(ask(other => 'loket-2'), 200, 'another client is as it was');

# A user who comes by such a client, from the other issuer.
for my $case ([own => 200], [other => 403]) {
    my ($whose, $status) = @$case;
    my $token = $dosis->{tokens}->mint({ %claims, iss => $iss{$whose},
            scope => 'DosisGebruiker', client_id => 'loket', sub => 'an',
            vo_doelgroepcode => 'EA', vo_orgcode => $agent,
            dosis_rol_3d => ["Lezer:$agent"] });
    is_status($dosis->list(token => $token), $status,
        "a user by that client, of the $whose issuer");
}

($code) = $dosis->ctl('client', 'change', 'loket', "Uitgever=");
is($code, 0, 'it names none any more');
is_status(ask(other => 'loket'), 200, 'and any counts');
