#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# What each of the four methods of a click-through answers, to the letter;
# no national number in an address; and where nobody is sent.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Crypt::JWT   qw(decode_jwt);
use Digest::SHA  ();
use MIME::Base64 ();
use Test::More;

use Dosis::Check;
use Dosis::Number qw(kbo insz ovo);
use Dosis::Test   qw(query);

my $base   = 'https://dosis.example.be/statussen';
my @hosten = (Hosten => ['loket.example.be', '*.bron.be']);
my %bron   = (
    login_hint => {},
    oidc       => {
        InitiateLoginUri => 'https://aanmelden.bron.be/start?x=1',
        Issuer           => 'https://acm.example.be/op',
    },
    assertie => { Audience => 'https://bron.be' },
    url      => {},
);
my $dosis = Dosis::Test->new(
    location  => "dosis_base $base;",
    reference => {
        bronnen => [
            map {
                {
                    Bron     => "urn://klik/$_",
                    Naam     => $_,
                    Doorklik => { Methode => $_, @hosten, %{ $bron{$_} } },
                }
            } sort keys %bron
        ],
        clients => [
            {   Client  => 'klik',
                Naam    => 'Klik',
                Bronnen => [map {"urn://klik/$_"} sort keys %bron],
            }
        ],
    },
);
my $kbo     = kbo(51);
my $insz    = insz(51);
my $company = $dosis->company($kbo, rechten => ['Lezer']);
my $citizen = $dosis->citizen($insz);
my $target  = 'https://loket.example.be/d/1?q=a&r=%C3%A9#x';
my $asked   = 'asked';

# A source chooses its numbers: one that would end its own string in a claim.
my $nummer = '1"},"sub":"x","aud":"y","dossier":{"DossierNummer":"\\';

# login_hint
my $hint = click('login_hint', $kbo, $company);
my $code = MIME::Base64::encode_base64(
    qq({"cap_hint":"EA","code_hint":"$kbo"}), '');
is(location($hint),
    'https://loket.example.be/d/1?q=a&r=%C3%A9&'
        . query(login_hint => $code) . '#x',
    'login_hint: behind the question, before the fragment');
like(location(click('login_hint', $insz, $citizen)),
    qr/login_hint=\Q@{[ MIME::Base64::encode_base64(
        '{"cap_hint":"BUR"}', '') =~ s{=}{%3D}gr ]}\E#/,
    'login_hint: a citizen is an audience only');

# oidc
is(location(click('oidc', $kbo, $company)),
    'https://aanmelden.bron.be/start?x=1&'
        . query(
        iss => 'https://acm.example.be/op', target_link_uri => $target,
        login_hint => $code
        ),
    'oidc: to where the source starts a log-in');

# assertie
for my $row ([$kbo, $company, 'KBO', 'EA'], [$insz, $citizen, 'INSZ', 'BUR']) {
    my ($agent, $token, $soort, $doelgroep) = @$row;
    my ($page, $id) = click('assertie', $agent, $token);
    is_status($page, 200, "assertie: a page for $soort");
    like($page->header('Content-Type'), qr{^text/html}, 'of HTML');
    like($page->body,
        qr{<form method="post" action="\Qhttps://loket.example.be/d/1?q=a&amp;r=%C3%A9#x\E">},
        'that posts to the address');
    my ($jwt) = $page->body =~ /name="assertion" value="([\w.-]+)"/;
    my $keys   = $dosis->get('/.well-known/jwks.json')->json;
    my $claims = decode_jwt(token => $jwt, kid_keys => $keys,
        accepted_alg => 'ES256');
    is($claims->{sub}, $agent, 'about who comes');
    is("$claims->{iss} $claims->{aud}", "$base https://bron.be",
        'from us, for the source');
    is("$claims->{soort} $claims->{doelgroep}", "$soort $doelgroep", 'of a kind');
    is($claims->{exp} - $claims->{iat}, 60, 'for a minute');
    is($claims->{dossier}{DossierId}, $id, 'for this dossier');
    is($claims->{dossier}{Bron}, 'urn://klik/assertie', 'of this source');
    is($claims->{dossier}{DossierNummer}, $nummer, 'by its number, to the letter');
    like($claims->{jti}, qr/^[0-9a-f-]{36}$/, 'once');
    is_deeply($claims->{rechten}, $agent eq $kbo ? ['Lezer'] : [],
        'with the rights held');

    my ($script) = $page->body =~ m{<script>(.*?)</script>}s;
    my ($style)  = $page->body =~ m{<style>(.*?)</style>}s;
    is($page->header('Content-Security-Policy'),
        "default-src 'none'; style-src '" . hash_of($style)
            . "'; base-uri 'none'; frame-ancestors 'none'; "
            . "form-action https://loket.example.be; script-src '"
            . hash_of($script) . "'",
        'its policy allows what stands in it, and no more');
    is($page->header('Referrer-Policy'), 'no-referrer', 'no referrer');

    my ($exit) = $dosis->ctl(qw(keys rotate --now));
    ok($exit == 0 && eval {
            decode_jwt(token => $jwt, accepted_alg => 'ES256',
                kid_keys => $dosis->get('/.well-known/jwks.json')->json);
        }, 'after a rotation it is still verified');
}

# url, for somebody else's organisation too
is(location(click('url', ovo(5), $dosis->organisation('GID', ovo(5),
            rechten => ['Lezer']))), $target, 'url: the bare address');

# Where nobody is sent.
for my $bad (
    'http://loket.example.be/', 'https://loket.example.be.kwaad.be/',
    'https://kwaad.be/loket.example.be', 'https://bron.be/',
    'https://.bron.be/', 'https://xbron.be/', "https://kwaad.be?loket.example.be",
    'https://kwaad.be#loket.example.be', 'https://loket.example.be:1@kwaad.be')
{
    my $pushed = $dosis->push(
        $dosis->dossier(agent => $kbo, bron => 'urn://klik/url',
            Doorverwijzing => $bad), as => 'klik');
    if ($pushed->status == 400) {
        pass("$bad: refused at delivery");
        next;
    }
    is($pushed->member('Waarschuwingen', 0, 'code'), 'UrlNietGeopend',
        "$bad: warned at delivery");
    is_problem(ask($pushed->member('DossierId'), $company), 404,
        'GeenDoorverwijzing', 'and nobody is sent there');
}
for my $bad ("https://loket.example.be/\r\nX: 1", 'https://a:b@loket.example.be/',
    'https://loket.example.be\\@kwaad.be/', 'javascript:alert(1)',
    "https://loket.example.be/?insz=$insz", 'https://loket.example.be/"><script>')
{
    is_problem($dosis->push(
            $dosis->dossier(agent => $kbo, bron => 'urn://klik/url',
                Doorverwijzing => $bad), as => 'klik'),
        400, 'ValidatieFout', 'refused at delivery');
}

sub ask {
    my ($id, $token) = @_;

    return $dosis->post("/api/v1/dosis/dossiers/$id/doorverwijzing", undef,
        token => $token);
}

# Delivers for that agent, asks, opens: (the answer, the DossierId).
sub click {
    my ($methode, $agent, $token) = @_;

    my $pushed = $dosis->push(
        $dosis->dossier(agent => $agent, bron => "urn://klik/$methode",
            nummer => $nummer, Doorverwijzing => $target,
            $agent eq $insz
            ? (agenten => [{ Identificatie => $insz }])
            : ()), as => 'klik');
    my $id     = $pushed->member('DossierId');
    my $answer = ask($id, $token);
    is($answer->member('Methode'), $methode, "$methode: said so");
    my ($path) = ($answer->member('Url') // '') =~ m{^\Q$base\E(/door/.+)};
    my $opened = $dosis->get($path // '/door/x');

    return wantarray ? ($opened, $id) : $opened;
}

sub location {
    my ($answer) = @_;

    my $to = $answer->header('Location') // $answer->text;
    unlike($to, qr/$insz/, 'no national number in the address');

    return $to;
}

sub hash_of {
    my ($text) = @_;

    return 'sha256-' . Digest::SHA::sha256_base64($text) . '=';
}
