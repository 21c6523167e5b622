#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# With several issuers an opaque token is asked about until one says yes; one
# that begins with an issuer's prefix is shown to that issuer alone. Without any
# that is asked, an opaque token is no token.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Introspection;
use Dosis::Test;

my %iss = map { $_ => "https://$_.example.be" } qw(een twee drie);
my $dosis = Dosis::Test->new(workers => 1, engine => 0, nginx => 0,
    expect => [qr/upstream|connect\(\)/]);
my $home  = $dosis->{home};
my %at    = map { $_ => Dosis::Introspection->new($dosis, name => $_) }
    sort keys %iss;
my $path   = '/api/v2/dosis/bronnen/uris';
my $claims = Dosis::Token::machine_claims('leverancier-a');
my $serial = 0;

Dosis::Fixture::write_file("$home/keys/secret", "geheim\n");
chmod 0640, "$home/keys/secret";
Dosis::Fixture::write_file("$home/reference/uitgevers.json",
    JSON::PP->new->utf8->encode([map { {
        Iss => $iss{$_}, Naam => $_, Audience => 'dosis',
        Introspectie => { Adres => $at{$_}->address, ClientId => 'dosis-rs',
            Bestand => "$home/keys/secret", NegatiefSeconden => 0,
            $_ eq 'drie' ? (Voorvoegsel => 'drie_') : () },
    } } sort keys %iss]));
$dosis->{config}{http} = join "\n",
    "dosis_engine unix:$home/run/dosisd.sock;",
    map {"dosis_issuer $_ audience=dosis keys=$home/keys/jwks.json;"}
    @iss{qw(een twee drie)};
$dosis->start_engine;
$dosis->start_nginx(1);

# Who is asked about a new token with this in front; whoever says yes.
sub shown_to {
    my ($before, $yes, $status, $what) = @_;

    my $token = $before . ++$serial;
    $at{$yes}->active($token, $claims) if $yes;
    is_status($dosis->get($path, token => $token), $status, $what);

    return join ' ', grep { $at{$_}->times($token) } qw(een twee drie);
}

is(shown_to('x', 'een', 200, 'of the first'), 'een', 'shown to it alone');
is(shown_to('x', 'twee', 200, 'of the second'), 'een twee',
    'shown to both, not to one that has a prefix');
is(shown_to('x', undef, 401, 'of nobody'), 'een twee', 'shown to both');
is(shown_to('drie_', 'drie', 200, 'with a prefix'), 'drie', 'shown to that one');
is(shown_to('drie_', 'een', 401, "another's with that prefix"), 'drie',
    'shown to that one');

# One that is down knows nothing; another's yes is a yes.
$at{een}->down;
is(shown_to('x', 'twee', 200, 'the first is down, the second says yes'),
    'twee', 'asked all the same');
is(shown_to('x', undef, 503, 'the first is down, the second says no'), 'twee',
    'nobody can tell');
$at{een}->up;

# Each its own name.
$at{twee}->active('naam', { %$claims, iss => $iss{een} });
is_status($dosis->get($path, token => 'naam'), 401,
    "the second speaks in the first one's name");

# One of which only the name is known: discovery tells where it is asked.
my $found = Dosis::Introspection->new($dosis, name => 'vier');
my $name  = $found->address =~ s{/introspect$}{}r;
Dosis::Fixture::write_file("$home/vier.json", JSON::PP->new->utf8->encode({
    Iss => $name, Naam => 'vier', Audience => 'dosis',
    Ontdekking => JSON::PP::true,
    Introspectie => { ClientId => 'dosis-rs', Bestand => "$home/keys/secret",
        Voorvoegsel => 'vier_' } }));
is(($dosis->ctl('uitgever', 'add', "$home/vier.json"))[0], 0, 'a fourth');
$found->active('vier_1', $claims);
$dosis->wait_for(
    sub { $dosis->get($path, token => 'vier_1')->status == 200 },
    'a fourth, found by discovery');
cmp_ok($found->times('vier_1'), '>=', 1,
    'the fourth is asked, where discovery says');
$dosis->ctl('uitgever', 'off', $name);

# Off, one after the other.
$dosis->ctl('uitgever', 'off', $iss{een});
is(shown_to('x', 'twee', 200, 'the first is off'), 'twee', 'shown to who is on');
$dosis->ctl('uitgever', 'off', $_) for @iss{qw(twee drie)};
is(shown_to('x', 'twee', 401, 'all are off'), '', 'shown to nobody');
$dosis->kill_engine;
is_problem($dosis->get($path, token => 'zonder'), 401, 'TokenOngeldig',
    'then an engine that is down is not missed');
