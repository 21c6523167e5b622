#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# A list of which each dossier has as many problems and warnings as are told
# is answered in full: what was stored never ends in a 503.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use JSON::PP;
use Test::More;

use Dosis::Check;
use Dosis::Test qw(ABSENT);

use constant COUNT => 1000;
use constant TOLD  => 25;

my $dosis = Dosis::Test->new(workers => 1);

# Long texts and names that are escaped: a longer answer than any other has.
my @dossiers = map {
    my $dossier = $dosis->dossier(
        agenten => [
            (map { { Identificatie => "x$_" } } 1 .. 19),
            ({ Identificatie => "a\x01" }) x 24,
        ],
        Doorverwijzing  => 'x',
        Naam            => 'x',
        Producten       => ABSENT,
        TypeDossierCode => ABSENT,
    );
    $dossier->{ $_ . "\x01" x 76 } = 0 for 1 .. 6;
    $dossier;
} 1 .. COUNT;
my $body   = JSON::PP->new->utf8->canonical->encode(\@dossiers);
my $answer = $dosis->push($body);

cmp_ok(length $body, '<=', 4 * 1024 * 1024, 'a list within its ceiling');
is_status($answer, 200, 'of only mistakes: 200');
# It is too long to be read as JSON in a test.
my $text = $answer->body;
like($text, qr/\A\{"Status":"Fout","Resultaten":\[\{/, 'with Status Fout');
is(scalar(() = $text =~ /"DossierId":"/g), COUNT, 'a result for each');
is(scalar(() = $text =~ /"line":null/g), COUNT * TOLD, 'all its problems');
is(scalar(() = $text =~ /"code":/g), COUNT * TOLD * 2, 'and all its warnings');
cmp_ok(length $text, '>', 16 * 1024 * 1024, 'in more than 16 MiB');
