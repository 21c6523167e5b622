#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# A conditional push is judged against the content held, by us and not by
# nginx: a stored push answers 200 with its body, whatever header came along.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Number qw(kbo uuid);
use Dosis::Test;

my $dosis = Dosis::Test->new;
my $token = $dosis->company(kbo(1), rechten => ['Lezer']);
my $day   = 1;

sub next_version {
    my ($of, $name) = @_;

    return { %$of, UploadId => uuid(), Naam => $name,
        WijzigingsDatum => sprintf '2026-04-%02dT10:00:00', ++$day };
}

sub held_name {
    my ($of) = @_;

    my $number = $of->{Identificatie}{DossierNummer};
    my ($row) = grep { $_->{Identificatie}{DossierNummer} eq $number }
        @{ $dosis->list(token => $token)->member('Dossiers') };

    return $row->{Naam};
}

my $dossier = $dosis->dossier(Naam => 'begin', datum => '2026-04-01T10:00:00');
my $first   = $dosis->push($dossier);
my $etag    = $first->header('ETag');
is_stored($first, 'Nieuw', 'stored without a condition');
like($etag, qr{^W/"[^".]+\.[^".]+"$}, 'the answer carries the weak ETag');

my $detail = $dosis->get(
    '/api/v1/dosis/dossiers/' . $first->member('DossierId'),
    token => $token);
my ($content) = $etag =~ m{^W/"([^.]+)};
my ($shown) = ($detail->header('ETag') // '') =~ m{^W/"([^.]+)};
is($shown, $content, 'a reader of the detail gets the same content part');

# If-Match.
my $second = $dosis->push(next_version($dossier, 'twee'),
    headers => ['If-Match' => $etag]);
is_stored($second, 'Gewijzigd', 'If-Match with the ETag held: 200, stored');
isnt($second->header('ETag'), $etag, 'the content has another ETag now');

my $refused = next_version($dossier, 'drie');
is_problem($dosis->push($refused, headers => ['If-Match' => $etag]),
    412, 'VoorwaardeNietVervuld', 'If-Match with an old ETag: 412');
is(held_name($dossier), 'twee', 'and nothing is stored');
is_stored($dosis->push($refused), 'Gewijzigd',
    'the same UploadId is free after a 412');

my $now = $dosis->push(next_version($dossier, 'vier'))->header('ETag');
my ($part) = $now =~ m{^W/"([^.]+)};
for my $case (
    ['compares the part before the dot'      => qq(W/"$part.999")],
    ['takes a list'                          => qq("x", $now)],
    ['takes a list without blanks'           => qq(W/"y.1",$now)],
    ['takes *'                               => '*'],
    ['takes the opaque part without W/'      => qq("$part.1")],
    )
{
    my ($fact, $value) = @$case;
    my $version = next_version($dossier, 'vier');
    is_stored($dosis->push($version, headers => ['If-Match' => $value]),
        'Ongewijzigd', "If-Match $fact");
}
for my $value (qq("$part"x), 'x', '""', 'W/"nooit.1"', ',', qq("$part)) {
    my $version = next_version($dossier, 'nooit');
    is_problem($dosis->push($version, headers => ['If-Match' => $value]),
        412, 'VoorwaardeNietVervuld', "If-Match $value does not match");
}
is(held_name($dossier), 'vier', 'none of those was stored');

is_problem(
    $dosis->push($dosis->dossier, headers => ['If-Match' => '*']),
    412, 'VoorwaardeNietVervuld', 'If-Match * for an unknown dossier: 412');

# If-None-Match: * is "only when it is not there yet".
my $fresh = $dosis->dossier;
is_stored($dosis->push($fresh, headers => ['If-None-Match' => '*']),
    'Nieuw', 'If-None-Match * for an unknown dossier stores');
my $newer = next_version($fresh, 'niet');
is_problem($dosis->push($newer, headers => ['If-None-Match' => '*']),
    412, 'VoorwaardeNietVervuld', 'If-None-Match * for a known one: 412');
is(held_name($fresh), $fresh->{Naam}, 'and nothing is stored');

# Everything else that would wake nginx's own filter.
my $past   = 'Mon, 01 Jan 1990 00:00:00 GMT';
my $future = 'Fri, 01 Jan 2038 00:00:00 GMT';
my $mine   = $dosis->dossier;
my $tag    = $dosis->push($mine)->header('ETag');
for my $junk (
    ['If-Modified-Since'   => $future],
    ['If-Modified-Since'   => $past],
    ['If-Modified-Since'   => 'gisteren'],
    ['If-Unmodified-Since' => $past],
    ['If-Unmodified-Since' => $future],
    ['If-Unmodified-Since' => 'x'],
    ['If-None-Match'       => $tag],
    ['If-None-Match'       => 'W/"x.1"'],
    ['If-None-Match'       => 'x'],
    ['If-Range'            => $tag],
    ['If-Range'            => $past],
    ['Range'               => 'bytes=0-10'],
    ['Range'               => 'bytes=0-0,5-'],
    )
{
    my ($name, $value) = @$junk;
    my $version = next_version($mine, "door $name $value");
    my $answer  = $dosis->push($version, headers => [$name => $value]);
    is_stored($answer, 'Gewijzigd', "$name: $value does not touch a push");
    is(held_name($mine), $version->{Naam}, 'and it is stored');
}
my $all = next_version($mine, 'alles');
is_stored(
    $dosis->push($all,
        headers => [
            'If-Modified-Since'   => $future,
            'If-Unmodified-Since' => $past,
            'If-None-Match'       => 'x',
            'If-Range'            => 'x',
            'Range'               => 'bytes=0-1',
        ]),
    'Gewijzigd', 'all of them together do not touch a push');
