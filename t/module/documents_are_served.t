#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# The interface describes itself: without a token, revalidated by its tag, and
# each operation that it names is there.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Test;

my $dosis = Dosis::Test->new(server => <<'END');
        location /statussen/ { dosis on; dosis_prefix /statussen; }
END

my %document = (
    openapi => ['/api/openapi.json',   'application/json'],
    context => ['/api/context.jsonld', 'application/ld+json'],
);

for my $name (sort keys %document) {
    my ($path, $type) = @{ $document{$name} };
    my $answer = $dosis->get($path);
    my $etag   = $answer->header('ETag') // '';
    my $made   = `"$dosis->{top}/scripts/documents" $name`;

    is_status($answer, 200, "$name: 200 without a token");
    is($answer->header('Content-Type'), $type, "$name: its kind");
    ok($answer->body eq $made, "$name: as its parts make it");
    like($etag, qr/^"[0-9a-f]{32}"$/, "$name: a tag of its content");
    like($answer->header('Cache-Control'), qr/^public, max-age=\d+$/,
        "$name: caches may keep it a while");
    my $same = $dosis->get($path, headers => ['If-None-Match' => $etag]);
    is_status($same, 304, "$name: 304 by its tag");
    is($same->body, '', "$name: 304 has no body");
    is_status($dosis->get($path, headers => ['If-None-Match' => '"x"']),
        200, "$name: another tag gives it again");
    my $head = $dosis->request('HEAD', $path);
    is_status($head, 200, "$name: HEAD");
    is($head->header('Content-Length'), length $answer->body,
        "$name: HEAD tells its length");
    is_status($dosis->get("/statussen$path"), 200, "$name: behind a prefix");
    is_problem($dosis->post($path, {}), 405, 'MethodeNietToegelaten',
        "$name: is only read");
    ok($dosis->get($path, headers => ['Accept' => 'application/ld+json'])
            ->body eq $made,
        "$name: the same, whatever Accept says");
}

# Without a token an operation is refused for that, and nothing else; one that
# does not exist would be 404 or 405.
my $text = $dosis->get('/api/openapi.json')->json;
my $looked = 0;
for my $path (sort keys %{ $text->{paths} }) {
    my $item = $text->{paths}{$path};
    my $at   = $path =~ s/\{\w+\}/aaaaaaaaaaaaaaaaaaaaaaaaaa/gr;
    for my $method (grep {/^(?:get|post|delete|x-query)$/} sort keys %$item) {
        my $said = uc($method =~ s/^x-//r);
        my $body = $said =~ /POST|QUERY/ ? {} : undef;
        my $answer = $dosis->request($said, $at, body => $body);
        if (@{ $item->{$method}{security} }) {
            is_problem($answer, 401, 'TokenOntbreekt', "$said $path asks who");
        }
        else {
            # a ticket that is none: 410
            my $fine = $path eq '/door/{ticket}' ? 410 : 200;
            is_status($answer, $fine, "$said $path is open");
        }
        $looked++;
    }
}
cmp_ok($looked, '>', 10, 'operations were tried');
