#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# Many requests in one go over one connection: each is answered, in order,
# also behind a delivery that waits for the disk, a refusal, and a body that
# nobody wants.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Number qw(kbo);
use Dosis::Test;

my $dosis  = Dosis::Test->new;
my $import = $dosis->machine('leverancier-a');
my $agent  = kbo(1);
my $reader = $dosis->company($agent, rechten => ['Lezer']);
my $json   = JSON::PP->new->utf8;

sub text {
    my ($method, $path, %option) = @_;

    my @lines = ("$method $path HTTP/1.1", 'Host: localhost');
    push @lines, "Authorization: Bearer $option{token}" if $option{token};
    push @lines, 'Content-Type: application/json',
        'Content-Length: ' . length $option{body}
        if defined $option{body};

    return join("\r\n", @lines, '', '') . ($option{body} // '');
}

sub delivery {
    my ($token, @dossiers) = @_;

    return ['POST', text('POST', Dosis::Test::PUSH(), token => $token,
            body => $json->encode(@dossiers > 1 ? \@dossiers : $dossiers[0])),
        200, scalar @dossiers];
}

sub made { return $dosis->dossier(agent => $agent) }

sub list {
    my ($rows) = @_;

    return ['GET', text('GET', Dosis::Test::PUSH() . '?limiet=100',
            token => $reader), 200, $rows];
}

# method, bytes, status, what is in the answer.
my $nothing = 'x' x 3000;
my @asked   = (
    list(0),
    delivery($import, made()),
    list(1),
    ['GET', text('GET', '/health/live'), 200],
    ['POST', text('POST', Dosis::Test::PUSH(), token => $import,
            body => '{"no":"dossier"}'), 400],
    delivery($import, map { made() } 1 .. 30),
    ['HEAD', text('HEAD', Dosis::Test::PUSH(), token => $reader), 200],
    list(31),
    ['POST', text('POST', '/nowhere', body => $nothing), 404],
    ['POST', text('POST', Dosis::Test::PUSH(), body => $nothing), 401],
    ['PATCH', text('PATCH', Dosis::Test::PUSH(), body => $nothing), 405],
    ['GET', text('GET', Dosis::Test::PUSH() . '?limiet=x',
            token => $reader), 400],
    delivery($import, made()),
    list(32),
);

# How many rows or results: so that no answer can be taken for another.
sub held {
    my ($answer) = @_;

    return undef if $answer->body eq '';
    my $said = $answer->json;
    return scalar @{ $said->{Dossiers} }   if $said->{Dossiers};
    return scalar @{ $said->{Resultaten} } if $said->{Resultaten};
    return 1                               if $said->{Resultaat};

    return undef;
}

sub is_answered {
    my ($fact, $width, @asked) = @_;

    my $client = $dosis->client;
    my $bytes  = join '', map { $_->[1] } @asked;
    $client->connect_if_needed;
    for (my $at = 0; $at < length $bytes; $at += $width) {
        $client->send_bytes(substr $bytes, $at, $width);
    }
    my @got = map {
        my $answer = $client->receive($_->[0]);
        [$answer->status, held($answer)]
    } @asked;
    is_deeply(\@got, [map { [$_->[2], $_->[3]] } @asked], $fact);
    ok(!$client->has_bytes, 'and nothing behind it');

    return;
}

is_answered('fourteen requests in one go', 1 << 20, @asked);

# In pieces that end anywhere; the rows are those of the first time, and more.
for my $width (7, 1000) {
    my $rows = Dosis::Test::numbers(
        $dosis->list(token => $reader, limiet => 100));
    is_answered("in pieces of $width bytes", $width,
        delivery($import, made()), list($rows + 1),
        ['POST', text('POST', '/nowhere', body => $nothing), 404],
        delivery($import, map { made() } 1 .. 3), list($rows + 4));
}
is_answered('a hundred deliveries', 1 << 20,
    map { delivery($import, $dosis->dossier(agent => kbo(2))) } 1 .. 100);
is(scalar Dosis::Test::numbers($dosis->list(limiet => 500,
        token => $dosis->company(kbo(2), rechten => ['Lezer']))),
    100, 'all of them are there');
