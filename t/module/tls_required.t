#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# A token in the clear is refused, unless it comes from this machine or
# through a proxy that is trusted and says https.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use IO::Socket::INET ();

use Dosis::Number qw(kbo);
use Dosis::Port qw(claim_port);
use Dosis::Test;
use Dosis::Tls;

# The address by which others would reach this machine; nothing is sent.
my $outside = do {
    my $socket = IO::Socket::INET->new(
        Proto => 'udp', PeerAddr => '192.0.2.1', PeerPort => 9);
    $socket ? $socket->sockhost : undef;
};
my $port = claim_port();
my $open = claim_port();
my $far  = claim_port();

plan skip_all => 'this machine has no address but loopback'
    if !$outside || $outside =~ /^127\./;

my $dosis = Dosis::Test->new(
    server => "listen $outside:$port; listen 127.0.0.1:$far;",
    http   => <<"END",
        server {
            listen $outside:$open;
            location / { dosis on; dosis_require_tls off; }
        }
END
    location => "dosis_trusted_proxy 198.51.100.0/24;",
);
my $base  = '/api/v1/dosis/dossiers';
my $token = $dosis->company(kbo(1), rechten => ['Lezer']);
my $near  = $dosis->client;
my $plain = $dosis->client(host => $outside, port => $port);
my $free  = $dosis->client(host => $outside, port => $open);

sub ask {
    my ($client, @headers) = @_;

    return $dosis->get($base, client => $client, token => $token,
        headers => \@headers);
}

is_status(ask($near), 200, 'loopback: fine');
is_status(ask($near, 'X-Forwarded-Proto' => 'https'), 200,
    'a proxy on this machine that was reached by TLS: fine');
is_problem(ask($near, 'X-Forwarded-Proto' => 'http'), 403, 'TlsVereist',
    'one that was reached in the clear says so');
is_problem(ask($plain), 403, 'TlsVereist', 'another address, in the clear');
is_problem(ask($plain, 'X-Forwarded-Proto' => 'https'), 403, 'TlsVereist',
    'X-Forwarded-Proto of a stranger does not help');
is_problem(ask($plain, 'X-Forwarded-Proto' => 'https',
        'X-Forwarded-For' => '127.0.0.1', 'Forwarded' => 'proto=https'),
    403, 'TlsVereist', 'nor do others like it');
is_problem($dosis->push($dosis->dossier, client => $plain), 403,
    'TlsVereist', 'a push is refused too');
is_status($dosis->get('/health/live', client => $plain), 200,
    'health needs no token and no TLS');
is_status(ask($free), 200, 'dosis_require_tls off: taken');

# This machine's own address as the trusted proxy.
my $port_2 = claim_port();
my $proxied = Dosis::Test->new(
    server   => "listen $outside:$port_2;",
    location => "dosis_trusted_proxy 203.0.113.7 $outside/32;",
);
my $by   = $proxied->client(host => $outside, port => $port_2);
my $pass = $proxied->company(kbo(1), rechten => ['Lezer']);
for my $case (
    [200, 'https'], [200, 'HTTPS'], [403, 'http'], [403, ''],
    [403, 'https, http'], [403, 'httpsx'])
{
    my ($status, $said) = @$case;
    my $answer = $proxied->get($base, client => $by, token => $pass,
        headers => ['X-Forwarded-Proto' => $said]);
    is_status($answer, $status, "a trusted proxy that says '$said': $status");
}
is_problem($proxied->get($base, client => $by, token => $pass), 403,
    'TlsVereist', 'a trusted proxy that says nothing');

# What real_ip makes of an address is not who sent the request.
my %port = map { $_ => claim_port() } qw(real tls);
my $third = Dosis::Test->new(nginx => 0);
my $tls   = Dosis::Tls->new("$third->{home}/tls");
$tls->certificate('server');
$third->{config}{http} = <<"END";
        server {
            listen $outside:$port{real};
            listen unix:$third->{home}/run/nginx.sock;
            set_real_ip_from 0.0.0.0/0;
            real_ip_header X-Forwarded-For;
            location / {
                dosis on;
                dosis_trusted_proxy 198.51.100.7;
            }
        }
        server {
            listen $outside:$port{tls} ssl http2;
            ssl_protocols TLSv1.3;
            ssl_certificate $third->{home}/tls/server.pem;
            ssl_certificate_key $third->{home}/tls/server.key;
            location / { dosis on; }
        }
END
$third->start_nginx(1);
my $real  = $third->client(host => $outside, port => $port{real});
my $right = $third->company(kbo(1), rechten => ['Lezer']);
for my $address ('127.0.0.1', '198.51.100.7', '::1') {
    is_problem($third->get($base, client => $real, token => $right,
            headers => ['X-Forwarded-For' => $address,
                'X-Forwarded-Proto' => 'https']),
        403, 'TlsVereist', "real_ip says $address: refused all the same");
}
my @local = $tls->arguments("http://localhost$base", token => $right,
    more => ['--unix-socket', "$third->{home}/run/nginx.sock",
        '-o', '/dev/null', '-w', '%{http_code}'], http => '--http1.1');
is(Dosis::Test::run_quietly(@local), '200', 'a unix socket: fine');
for my $http ('--http1.1', '--http2') {
    my $answer = $tls->request("https://localhost:$port{tls}$base",
        token => $right, http => $http, more => ['--connect-to',
            "localhost:$port{tls}:$outside:$port{tls}"]);
    is_status($answer, 200, "over TLS from outside, $http: taken");
}
my $old = $tls->request("https://localhost:$port{tls}$base",
    token => $right, more => ['--tls-max', '1.2', '--connect-to',
        "localhost:$port{tls}:$outside:$port{tls}"]);
is_status($old, 0, 'a version of TLS that is not offered is not spoken');
