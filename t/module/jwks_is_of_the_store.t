#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# The key set that verifiers read: public halves only, without a token, and
# of now: a rotation shows at the next request, without a reload.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Test;

my $path  = '/.well-known/jwks.json';
my $dosis = Dosis::Test->new(server => <<'END');
        location /statussen/ { dosis on; dosis_prefix /statussen; }
END

my $set = $dosis->get($path);
is_status($set, 200, 'the set, without a token');
is($set->header('Content-Type'), 'application/jwk-set+json', 'its kind');
like($set->header('Cache-Control'), qr/^public, max-age=300$/,
    'caches may keep it five minutes');
my @keys = @{ $set->json->{keys} };
is(scalar @keys, 2, 'the active key and the next one');
is_deeply(
    [map { join ' ', sort keys %$_ } @keys],
    [('alg crv kid kty use x y') x 2],
    'each its public half only'
);
is($keys[0]{alg}, 'ES256', 'of ES256');

my $etag = $set->header('ETag') // '';
like($etag, qr/^"[0-9a-f]{32}"$/, 'a tag of its content');
my $same = $dosis->get($path, headers => ['If-None-Match' => $etag]);
is_status($same, 304, '304 by its tag');
is($dosis->get("/statussen$path")->body, $set->body, 'behind a prefix');
is($dosis->request('HEAD', $path)->header('Content-Length'),
    length $set->body, 'HEAD tells its length');
is_problem($dosis->post($path, {}), 405, 'MethodeNietToegelaten',
    'it is only read');

my ($code) = $dosis->ctl(qw(keys rotate --now));
is($code, 0, 'the keys are turned over');
my $new = $dosis->get($path, headers => ['If-None-Match' => $etag]);
is_status($new, 200, 'the next request shows it, under another tag');
is(scalar @{ $new->json->{keys} }, 3, 'three keys');
my %there = map { $_->{kid} => 1 } @{ $new->json->{keys} };
is_deeply([grep { !$there{ $_->{kid} } } @keys], [],
    'those that were known are still there');
