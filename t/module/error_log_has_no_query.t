#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# What was asked for stands behind the ? of an address, and in no error log; nor
# does the value of a header that NGINX refused.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Number qw(kbo);
use Dosis::Test;

my $second = 'tweede.log';
my $dosis  = Dosis::Test->new(
    http     => 'limit_req_zone $server_name zone=x:1m rate=1r/m;',
    server   => <<'END',
        location /krap/ {
            limit_req zone=x burst=1 nodelay;
            dosis on;
            dosis_prefix /krap;
        }
        location /weg/ { proxy_pass http://127.0.0.1:9/; }
END
    expect => [qr/limiting requests/, qr/connect\(\) failed/],
);
my $secret = 'ZQX-2026-7';
my $kbo    = kbo(3);
my $loket  = $dosis->loket('loket');
my $path   = '/api/v1/dosis/dossiers';

my @asked = (
    "/krap$path?agent=$kbo&recht=$secret", "/krap$path?agent=$kbo&recht=$secret",
    "/krap$path?agent=$kbo&recht=$secret", "/weg/x?dossier=$secret",
    "/weg/x?a=1?dossier=$secret", "$path?agent=$secret",
);
$dosis->get($_, token => $loket,
    headers => [Referer => "https://x.be/?d=$secret"])
    for @asked;
for my $line (
    "GET $path?d=$secret x HTTP/1.1\r\n\r\n",
    "GET $path?d=\"$secret HTTP/1.1\r\n\r\n",
    "GET $path?d={\"a\":\"b\",\"c\":\"$secret\"} HTTP/1.1\r\n\r\n",
    "GET $path?d=\", $secret HTTP/1.1\r\n\r\n",
    "GET $path?d=$secret HTTP/1.1\r\n\r\n",
    "GET $path?$secret\r\nHost: x\r\n\r\n",
    "POST $path?d=$secret HTTP/1.1\r\nHost: localhost\r\n"
        . "Content-Length: x\r\n\r\n",
    )
{
    $dosis->client->raw($line);
}
for my $header ("Author_zation: Bearer $secret",
    "Authorization: Bearer $secret" . 'a' x 40_000)
{
    eval { $dosis->client->raw("GET $path HTTP/1.1\r\n$header\r\n\r\n") };
}
$dosis->wait_for(
    sub { $dosis->log('error.log') =~ /too long header line/ },
    'a header that is too long is logged');

my $log = $dosis->log('error.log');
like($log, qr/limiting requests, .*request: "GET \/krap\/\S+\?x+"/,
    'a limited request stands in the log');
like($log, qr/connect\(\) failed .*upstream: "http:[^?"]+\?x+"/,
    'so does one that went further');
like($log, qr/referrer: "https:\/\/x\.be\/\?x+"/, 'and where it came from');
like($log, qr/invalid .* while reading client request/,
    'and one that NGINX refused');
like($log, qr/invalid header line: "Author_zation:x+"/,
    'a refused header stands there by its name');
like($log, qr/too long header line: "Authorization:x+/, 'also one that is too long');
unlike($log, qr/\Q$secret\E/, 'but not what was asked');
unlike($log, qr/\Q$kbo\E/,    'nor about whom');
