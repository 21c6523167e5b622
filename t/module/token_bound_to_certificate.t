#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# A token that is bound to a client certificate (RFC 8705) is of use over a
# connection with that certificate only, whether it is remembered or not.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use MIME::Base64 qw(encode_base64 encode_base64url);

use Dosis::Number qw(kbo);
use Dosis::Port qw(claim_port);
use Dosis::Test;
use Dosis::Tls;

my %port = map { $_ => claim_port() } qw(tls any plain edge);
my $base = '/api/v1/dosis/dossiers';
my $dosis = Dosis::Test->new(nginx => 0, workers => 1);
my $home  = $dosis->{home};
my $tls   = Dosis::Tls->new("$home/tls");
$tls->certificate($_) for qw(server client-a client-b edge);
$tls->certificate('client-zelf', own => 1);

my $ssl = <<"END";
            ssl_certificate $home/tls/server.pem;
            ssl_certificate_key $home/tls/server.key;
            ssl_client_certificate $home/tls/ca.pem;
            ssl_session_cache shared:proef:1m;
            ssl_protocols TLSv1.2 TLSv1.3;
END
$dosis->{config}{http} = <<"END";
        server {
            listen 127.0.0.1:$port{tls} ssl http2;
            $ssl
            ssl_verify_client optional;
            location / { dosis on; }
        }
        server {
            listen 127.0.0.1:$port{any} ssl http2;
            $ssl
            ssl_verify_client optional_no_ca;
            location / { dosis on; dosis_certificate_header X-Client-Cert; }
        }
        server {
            listen 127.0.0.1:$port{edge} ssl http2;
            $ssl
            ssl_verify_client optional;
            location / {
                dosis on;
                dosis_trusted_proxy 192.0.2.1 127.0.0.0/8;
                dosis_certificate_header X-Client-Cert;
            }
            listen unix:$home/run/edge.sock;
            location /unix/ {
                dosis on;
                dosis_prefix /unix;
                dosis_trusted_proxy unix:;
                dosis_certificate_header Client-Cert;
            }
            location /uit/ {
                dosis on;
                dosis_prefix /uit;
                dosis_trusted_proxy 127.0.0.1;
                dosis_certificate_header off;
            }
        }
END
$dosis->start_nginx(1);

sub token {
    my ($cnf, %option) = @_;

    return $dosis->company(kbo(1), rechten => ['Lezer'],
        defined $cnf ? (cnf => $cnf) : (), %option);
}

sub ask {
    my ($door, $token, $client, %option) = @_;

    my $path = delete $option{path} // $base;
    return $tls->request("https://localhost:$port{$door}$path",
        token => $token, client => $client, %option);
}

sub refused {
    my ($answer, $fact, $says) = @_;

    local $Test::Builder::Level = $Test::Builder::Level + 1;
    is_problem($answer, 401, 'TokenOngeldig', $fact);
    like($answer->header('WWW-Authenticate') // '',
        qr/^Bearer .*error="invalid_token".*$says/, 'and told why');
}

my $other = qr/bound to a client certificate that did not come/;
my $free  = token(undef);
my $bound = token($tls->cnf('client-a'));

# Each first sees the token, then remembers it: the verdict is the same.
for my $round ('seen first', 'remembered') {
    is_status(ask('tls', $bound, 'client-a'), 200, "$round: its certificate");
    refused(ask('tls', $bound, 'client-b'), "$round: another one", $other);
    refused(ask('tls', $bound, undef), "$round: none", $other);
    is_status(ask('tls', $bound, 'client-a', http => '--http1.1'), 200,
        "$round: its certificate over HTTP/1.1");
    refused($dosis->get($base, token => $bound),
        "$round: over a connection without TLS", $other);
    is_status(ask('tls', $free, $_), 200,
        "$round: a token bound to nothing, with " . ($_ // 'none'))
        for 'client-a', undef;
}
my $stored = $dosis->dossier;
my $import = $dosis->machine('leverancier-a', cnf => $tls->cnf('client-a'));
refused(ask('tls', $import, 'client-b', method => 'POST', body => $stored),
    'a delivery with another one', $other);
is_stored(ask('tls', $import, 'client-a', method => 'POST', body => $stored),
    'Nieuw', 'a delivery with its own');

# A certificate that no authority signed proves its key as well.
my $own = token($tls->cnf('client-zelf'));
is_status(ask('any', $own, 'client-zelf'), 200,
    'one that signed itself, where none is asked for more');
refused(ask('any', $own, 'client-a'), 'and another one', $other);
is_status(ask('tls', $own, 'client-zelf'), 400,
    'where an authority is asked for, NGINX refuses it');

# One connection, two requests; a session that is taken up again.
my $twice = Dosis::Test::run_quietly($tls->arguments(
        "https://localhost:$port{tls}$base?limiet=1", token => $bound,
        client => 'client-a', more => ['-o', '/dev/null', '-w', '%{http_code} ',
            '-o', '/dev/null', "https://localhost:$port{tls}$base?limiet=2"]));
is($twice, '200 200 ', 'two requests of one connection');
for my $version (qw(-tls1_2 -tls1_3)) {
    my @how = ('s_client', '-connect', "localhost:$port{tls}", $version,
        '-cert', $tls->path('client-a.pem'), '-key',
        $tls->path('client-a.key'), '-CAfile', $tls->path('ca.pem'),
        '-ign_eof');
    my $say = "GET $base HTTP/1.1\r\nHost: localhost\r\nAuthorization: "
        . "Bearer $bound\r\nConnection: close\r\n\r\n";
    Dosis::Fixture::write_file("$home/request", $say);
    my $session = "$home/session$version";
    my @said = map {
        my $words = join ' ', 'openssl', @how, "-sess_$_", $session;
        scalar `$words <$home/request 2>&1`;
    } qw(out in);
    like($said[$_], qr{HTTP/1\.1 200}, "$version: " .
            ('a new session', 'the session taken up again')[$_])
        for 0, 1;
    like($said[1], qr/^Reused, TLS/m, "$version: which it is");
}

# An edge that ended TLS and passes what it saw.
my $from_edge = sub {
    my ($client, @values) = @_;

    return ask('edge', $bound, $client,
        headers => [map {"X-Client-Cert: $_"} @values]);
};
my $a = $tls->escaped('client-a');
my $b = $tls->escaped('client-b');
my $field = ':' . encode_base64($tls->der('client-a'), '') . ':';
is_status($from_edge->(undef, $a), 200, 'in the header of a trusted proxy');
is_status($from_edge->('edge', $a), 200, 'that has a certificate of its own');
is_status($from_edge->(undef, $field), 200, 'in the form of RFC 9440');
is_status(ask('edge', $free, undef), 200, 'a token bound to nothing');
for my $case (
    ['another one', $b], ['none'], ['an empty one', ''], ['two', $a, $b],
    ['it twice', $a, $a], ['rubbish', 'x'], ['half of it', substr $a, 0, 200],
    ['its thumbprint', $tls->cnf('client-a')->{'x5t#S256'}],
    )
{
    my ($fact, @values) = @$case;
    refused($from_edge->(undef, @values), "a trusted proxy passes $fact",
        $other);
}
for my $case ([200, $field], [401, ":$field:"]) {
    my ($status, $said) = @$case;
    my $answer = $tls->request("http://localhost/unix$base", token => $bound,
        http => '--http1.1', headers => ["Client-Cert: $said"],
        more => ['--unix-socket', "$home/run/edge.sock"]);
    is_status($answer, $status, "a unix socket as the proxy: $status");
}
refused($from_edge->('client-a'),
    'the certificate of the proxy is not that of its client', $other);
refused(ask('any', $bound, undef, headers => ["X-Client-Cert: $a"]),
    'the header of somebody else is not looked at', $other);
is_status(ask('any', $bound, 'client-a', headers => ["X-Client-Cert: $b"]),
    200, 'the connection is');
refused(ask('edge', $bound, undef, path => "/uit$base",
        headers => ["X-Client-Cert: $a"]),
    'nor is it where no header is named', $other);

# Bindings that nobody here can check.
my %strange = (
    'a key (DPoP)' => { jkt => encode_base64url('x' x 32) },
    'both'         => { %{ $tls->cnf('client-a') }, jkt => 'x' },
    'nothing'      => {},
    'a short thumbprint' => { 'x5t#S256' => 'AAAA' },
    'SHA-1 of it'        => { 'x5t' => encode_base64url('x' x 20) },
    'a text'             => 'client-a',
);
refused(ask('tls', token($strange{$_}), 'client-a'), "bound to $_",
    qr/bound in a way that is not supported/)
    for sort keys %strange;

# Directives.
for my $case (
    ['dosis_certificate_header "X Cert";', qr/wants the name of a header/],
    ['dosis_certificate_header A; dosis_certificate_header B;',
        qr/is duplicate/],
    ['dosis_trusted_proxy unix;', qr/"unix" is no address or network/],
    )
{
    my ($line, $says) = @$case;
    my ($code, $said) = $dosis->nginx_test(sub {
            $_[0] =~ s/(location \/ \{\s+dosis on;)/$1 $line/r });
    is($code, 1, "refused: $line");
    like($said, $says, 'and told why');
}
