#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# nginx's own errors wear the same body as ours.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Test;

my $dosis = Dosis::Test->new(
    server => <<'END',
        location = /gone { return 410; }
        location = /busy { return 503; }
        location = /many { return 429; }
        location = /down { proxy_pass http://127.0.0.1:1; }
        location = /deny { deny all; }
        location = /fine { return 200 "plain"; }
END
    expect => [qr/\[crit\].*connect\(\)|\[error\]/],
);

sub raw {
    my ($text, $method) = @_;

    return $dosis->client->raw($text =~ s/\n/\r\n/gr, $method);
}

my $host = "Host: localhost\n";
for my $case (
    [400, undef, 'a request line that is none' => "GARBAGE\n\n"],
    [400, undef, 'no Host'       => "GET / HTTP/1.1\n\n"],
    [400, undef, 'two Hosts'     => "GET / HTTP/1.1\n${host}$host\n"],
    [400, undef, 'a header without a name' =>
            "GET /health/live HTTP/1.1\n$host: x\n\n"],
    [400, undef, 'a broken escape' => "GET /%zz HTTP/1.1\n$host\n"],
    [400, undef, 'above the root'  => "GET /../x HTTP/1.1\n$host\n"],
    [400, undef, 'a NUL in the path' => "GET /a%00b HTTP/1.1\n$host\n"],
    [404, 'NietGevonden', 'an unknown path' => "GET /x HTTP/1.1\n$host\n"],
    [405, 'MethodeNietToegelaten', 'an unknown method' =>
            "BREW /api/v1/dosis/dossiers HTTP/1.1\n$host\n"],
    [405, undef, 'TRACE' => "TRACE / HTTP/1.1\n$host\n"],
    [414, undef, 'a URI of 20 KB' =>
            'GET /' . 'x' x 20000 . " HTTP/1.1\n$host\n"],
    [400, undef, 'a header of 20 KB' =>
            "GET / HTTP/1.1\n${host}X: " . 'x' x 20000 . "\n\n"],
    [505, undef, 'HTTP/3.7' => "GET / HTTP/3.7\n$host\n"],
    [410, undef, 'return 410' => "GET /gone HTTP/1.1\n$host\n"],
    [503, undef, 'return 503' => "GET /busy HTTP/1.1\n$host\n"],
    [429, undef, 'return 429' => "GET /many HTTP/1.1\n$host\n"],
    [403, undef, 'deny all'   => "GET /deny HTTP/1.1\n$host\n"],
    [502, undef, 'a dead upstream' => "GET /down HTTP/1.1\n$host\n"],
    )
{
    my ($status, $code, $fact, $text) = @$case;
    my $answer = raw($text);
    my ($first) = split /\n/, $text;
    is_problem($answer, $status, $code, "$fact: $status");
    unlike($answer ? $answer->body : '', qr/<html|nginx/i,
        'nothing of nginx shows in it');
}

# HEAD: the same headers, no body.
my $get  = raw("GET /x HTTP/1.1\n$host\n");
my $head = raw("HEAD /x HTTP/1.1\n$host\n", 'HEAD');
is($head->status, 404, 'HEAD of an unknown path: 404');
is($head->header('Content-Type'), $get->header('Content-Type'),
    'with the same Content-Type');
is($head->body, '', 'and no body');

is($dosis->get('/fine')->body, 'plain', 'what is no error is left alone');

my $answer = $dosis->get('/busy');
ok($answer->header('Retry-After'), '503 says when to come back');

# Every way to say no at our own doors names what is allowed.
for my $case (
    ['/api/v1/dosis/dossiers' => 'GET, HEAD, POST, DELETE, QUERY, OPTIONS'],
    ['/api/v1/dosis/dossiers/zoek'         => 'POST, OPTIONS'],
    ['/api/v1/dosis/namens'                => 'POST, OPTIONS'],
    ['/api/v1/dosis/resultaten/perUploadId' => 'GET, HEAD, OPTIONS'],
    ['/api/v1/dosis/dossiers/' . 'a' x 26   => 'GET, HEAD, OPTIONS'],
    ['/health/live'                        => 'GET, HEAD, OPTIONS'],
    )
{
    my ($path, $allowed) = @$case;
    my $refused = $dosis->request('PATCH', $path);
    is_problem($refused, 405, 'MethodeNietToegelaten', "PATCH $path: 405");
    same_set([split /, /, $refused->header('Allow') // ''],
        [split /, /, $allowed], 'which names the allowed ones');
    my $options = $dosis->request('OPTIONS', $path);
    is($options->status, 204, "OPTIONS $path: 204");
    is($options->header('Allow'), $refused->header('Allow'),
        'with the same list');
}
like($dosis->request('OPTIONS', '/api/v1/dosis/dossiers')
        ->header('Accept-Query') // '',
    qr{application/json}, 'OPTIONS advertises what QUERY takes');
