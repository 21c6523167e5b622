#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# Whatever stands in a delivered file, and however its rows follow one another,
# dosisd keeps below its ceiling of memory and the import goes on without a
# halt. Of 4 GiB: t/long/import_of_four_gib_keeps_its_memory.t.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Engine;
use Dosis::Shape;

$ENV{SAN}
    and plan skip_all => 'a sanitizer has memory of its own';

use constant MB => 1_000_000;

my $dosis = Dosis::Engine->new;
$dosis->start;

# In one process: what an earlier file made large is still there.
my @files = (
    ['a mistake in every row',  16, ['mistakes']],
    ['a warning in every row',  16, ['warnings']],
    ['what grows when it is converted, then many large rows of one dossier',
        36, [qw(converted loose converted loose)]],
    ['fifty agents of a dossier, and wide rows', 24, [qw(agents wide)]],
    ['rows that are refused for their length', 16, ['long'], 'gzip'],
    ['ordinary rows, then all of these', 32,
        [qw(plain mistakes loose warnings wide)], 'gzip', 'proef'],
    ['dossiers that return at once', 0.02, ['returning']],
);
for my $file (@files) {
    my ($what, $mb, @how) = @$file;
    my $id    = Dosis::Shape::deliver($dosis, $mb * MB, @how);
    my $ended = Dosis::Shape::watch($dosis, $id, 180);
    is($ended->{Toestand}, 'Klaar', "$what: it ends");
    cmp_ok($ended->{own}, '<', Dosis::Shape::CEILING(),
        '  in the memory it may have');
    note(sprintf '%.0f MB, %.1f s, %d rows', $ended->{own} / MB,
        @$ended{qw(seconds Verwerkt)});
}
unlike($dosis->log, qr/not done/, 'it was never held up');
is($dosis->stop, 0, 'a clean stop');

done_testing();
