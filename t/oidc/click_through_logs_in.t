#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# A person clicks from DOSIS through to a source and is logged in there, by each
# of the four methods, at a certified OpenID provider or by an assertion: the
# right person sees the right dossier, and no address on the way says who.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use File::Temp   ();
use JSON::PP     ();
use MIME::Base64 ();
use Test::More;

use Dosis::Check;
use Dosis::Number qw(kbo insz);
use Dosis::Port qw(claim_port);
use Dosis::Provider;
use Dosis::Test;
use Dosis::Tls;

my $json = JSON::PP->new->utf8->canonical;
my ($kbo, $insz) = (kbo(62), insz(62));
my $port = claim_port();
my $home = "https://localhost:$port";
my $tls  = Dosis::Tls->new(
    File::Temp::tempdir('dosis-tls-XXXXXX', TMPDIR => 1, CLEANUP => 1));
$tls->certificate($_) for qw(idp bron);
my $idp = Dosis::Provider->new(
    tls      => $tls,
    source   => $port,
    people   => {
        anna => {
            vo_doelgroepcode => 'EA',
            vo_orgcode       => $kbo,
            dosis_rol_3d     => ["Lezer:$kbo"],
        },
        piet => { vo_doelgroepcode => 'BUR', rrn => $insz },
    },
);
my %agent = (anna => $kbo, piet => $insz);
my %hint  = (
    anna => { cap_hint => 'EA', code_hint => $kbo },
    piet => { cap_hint => 'BUR' },
);
my %setting = (
    url        => {},
    login_hint => {},
    oidc       => { InitiateLoginUri => "$home/start", Issuer => $idp->issuer },
    assertie   => { Audience => $home },
);
my $dosis = $idp->instance(
    location  => 'dosis_base http://127.0.0.1:%port%;',
    reference => {
        bronnen => [
            map {
                {
                    Bron     => "urn://klik/$_",
                    Naam     => $_,
                    Doorklik => { Methode => $_, Hosten => ['localhost'],
                        %{ $setting{$_} } },
                }
            } sort keys %setting
        ],
        clients => [
            {   Client  => 'klik',
                Naam    => 'Klik',
                Bronnen => [map {"urn://klik/$_"} sort keys %setting],
            }
        ],
    },
);
my $base = "http://127.0.0.1:$dosis->{port}";

$idp->start_source(
    port         => $port,
    dosis        => "$base/.well-known/jwks.json",
    dosis_issuer => $base,
    audience     => $home,
);
$idp->register($dosis);
my %token = map { $_ => $idp->user_token($_) } qw(anna piet);
$dosis->wait_for(sub { $dosis->list(token => $token{anna})->status == 200 },
    'the keys of the provider are known', 60);

# The address of its dossier at the source, as its user is given it.
sub door {
    my ($method, $login) = @_;

    my $number = uc "$method-$login";
    my $answer = $dosis->push(
        $dosis->dossier(agent => $agent{$login}, nummer => $number,
            bron           => "urn://klik/$method",
            Doorverwijzing => "$home/dossier/$number",
            $login eq 'piet'
            ? (agenten => [{ Identificatie => $insz }])
            : ()),
        as => 'klik');
    my $id = $answer->member('DossierId') // die $answer->text;
    $answer = $dosis->post("/api/v1/dosis/dossiers/$id/doorverwijzing", undef,
        token => $token{$login});
    is($answer->member('Methode'), $method, "$method: $login asks for it");

    return ($number, $answer->member('Url'));
}

# Where the browser has been.
sub addresses {
    my ($opened) = @_;

    return map { $_->{url} } @{ $opened->{hops} };
}

# The hint of an authorization request at the provider, or undef.
sub hint_at_provider {
    my ($opened) = @_;

    my ($asked) = grep { index($_, $idp->issuer . '/auth?') == 0 }
        addresses($opened);
    my ($hint) = ($asked // '') =~ /[?&]login_hint=([^&]*)/ or return undef;
    $hint =~ s/%(..)/chr hex $1/ge;

    return $json->decode(MIME::Base64::decode_base64($hint));
}

for my $login (qw(anna piet)) {
    my @doors  = map { [$_, door($_, $login)] } sort keys %setting;
    my @opened = $idp->open_as($login, map { $_->[2] } @doors);
    arrives($login, $_, shift @opened) for @doors;
}

# What a person sees behind a door: [method, dossier, address].
sub arrives {
    my ($login, $door, $opened) = @_;

    my ($method, $number, $address) = @$door;
    my $shown = eval { $json->decode($opened->{text}) } // {};
    my $by    = $method eq 'assertie';

    is($shown->{dossier}, $number, "$method: $login opens the dossier")
        or diag($opened->{text});
    is($shown->{wie}, $by ? $agent{$login} : $login,
        'for the person who clicked');
    is($shown->{hoe}, $by ? 'assertie' : 'login',
        $by ? 'whom DOSIS vouches for' : 'who logged in at the provider');
    is_deeply(hint_at_provider($opened),
        $method =~ /login_hint|oidc/ ? $hint{$login} : undef,
        'with the hint that belongs to the method');
    is(scalar(grep { index($_, $idp->issuer) == 0 } addresses($opened)) > 0,
        !$by, $by ? 'without the provider' : 'by way of it');
    is_deeply([grep {/$insz/} addresses($opened)], [],
        'no address on the way holds a national number');
    is_problem($dosis->get($address =~ s/^\Q$base\E//r), 410,
        'DoorverwijzingVervallen', 'a second opening is refused');
    used_once($number, $opened) if $by;

    return;
}

sub used_once {
    my ($number, $opened) = @_;

    my ($sent) = grep {/^assertion=/} map { $_->{sent} // '' }
        @{ $opened->{hops} };
    like(posted($number, $sent)->text, qr/^400 this assertion was used/,
        'an assertion is good once');

    return;
}

# --- what the source refuses -----------------------------------------------

sub posted {
    my ($number, $body) = @_;

    return $tls->request("$home/dossier/$number", method => 'POST',
        http => '--http1.1', more => ['--data', $body]);
}

my (undef, $address) = door('assertie', 'anna');
my ($fresh) = $dosis->get($address =~ s/^\Q$base\E//r)->body
    =~ /name="assertion" value="([\w.-]+)"/;
like(posted('ASSERTIE-PIET', "assertion=$fresh")->text,
    qr/^400 this assertion is about another/,
    'an assertion is good for its own dossier');
my ($head, $claims, $signature) = split /\./, $fresh;
my $other = MIME::Base64::encode_base64url(
    MIME::Base64::decode_base64url($claims) =~ s/\Q$kbo\E/@{[ kbo(63) ]}/r);
like(posted('ASSERTIE-ANNA', "assertion=$head.$other.$signature")->text,
    qr/^400 signature/, 'and as DOSIS signed it');
is_status(posted('ASSERTIE-ANNA', "assertion=$fresh"), 303,
    'this one as it is lets in');
