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
use Dosis::Test;

# The address by which others would reach this machine; nothing is sent.
my $outside = do {
    my $socket = IO::Socket::INET->new(
        Proto => 'udp', PeerAddr => '192.0.2.1', PeerPort => 9);
    $socket ? $socket->sockhost : undef;
};
my $port = Dosis::Test::free_port();
my $open = Dosis::Test::free_port();
my $far  = Dosis::Test::free_port();

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
my $port_2 = Dosis::Test::free_port();
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
