#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# Old clients may put the token in the address, where that is switched on;
# no token ever stands in a log.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Number qw(kbo);
use Dosis::Test;

my $dosis = Dosis::Test->new(server => <<'END');
        location /oud/ {
            dosis on;
            dosis_prefix /oud;
            dosis_token_in_query on;
        }
END
my $path  = '/api/v1/dosis/dossiers';
my $token = $dosis->company(kbo(1), rechten => ['Lezer']);

is_problem($dosis->get("$path?access_token=$token"), 401, 'TokenOntbreekt',
    'switched off: a token in the address is not looked at');
is_status($dosis->get("/oud$path?access_token=$token"), 200,
    'switched on: it is taken');
is_status($dosis->get("/oud$path?limiet=5&ACCESS_TOKEN=$token"), 200,
    'its name matches in any case');
is_status($dosis->get("/oud$path", token => $token), 200,
    'the header works there too');
is_problem($dosis->get("/oud$path?access_token=x"), 401, 'TokenOngeldig',
    'a token that is none: 401');
is_problem($dosis->get("/oud$path?access_token="), 401, undef,
    'an empty one: 401');
is_status($dosis->get("/oud/nergens?access_token=$token"), 404,
    'an unknown path');
$dosis->get("/oud$path", headers => [
        Referer => "https://x.example.be/?access_token=$token" ]);
$dosis->client->raw("GET /oud$path?access_token=$token HTTP/1.1\r\n\r\n");
$dosis->client->raw("GET /oud$path?access_token=$token HTTP/9\r\n\r\n");

my ($head, $claims, $signature) = split /\./, $token;
my $logs = join '', map { $dosis->log($_) } qw(access.log error.log);
like($logs, qr/access_token=/, 'the requests stand in the log');
unlike($logs, qr/\Q$signature\E/, 'without the signature');
unlike($logs, qr/\Q$claims\E/,    'without the claims');
