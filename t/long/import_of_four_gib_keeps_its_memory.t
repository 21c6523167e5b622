#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# Files as large as a file may be: 4 GiB of rows, packed; stored to the end where
# the rows are wide. dosisd keeps below its ceiling of memory, and each row is done.
#
# DOSIS_REAL=1 stores 4 GiB of ordinary rows as well, 20 million of them: half
# an hour, and 40 GB of disk.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Engine;
use Dosis::Shape;

$ENV{DOSIS_LONG}
    or plan skip_all => 'files of 4 GiB take some ten minutes: DOSIS_LONG=1';
$ENV{SAN}
    and plan skip_all => 'a sanitizer has memory of its own';

use constant {
    MB       => 1_000_000,
    ALL      => 4 * 1024**3,
    PATIENCE => 3600,
};

my @files = (
    ['ordinary rows, tried', ALL, ['plain'], 'proef'],
    ['wide rows', ALL, ['wide']],
    ['a mistake in every row', ALL, ['mistakes']],
    ['all shapes, tried', ALL,
        [qw(converted loose agents wide warnings mistakes long plain)],
        'proef'],
    ['all shapes', ALL / 8,
        [qw(plain converted loose agents wide warnings long converted loose)]],
    ['ordinary rows', $ENV{DOSIS_REAL} ? ALL : ALL / 16, ['plain']],
);

for my $file (@files) {
    my ($what, $bytes, @how) = @$file;
    my $dosis = Dosis::Engine->new;
    $dosis->start;
    my $id    = Dosis::Shape::deliver($dosis, $bytes, @how, 'gzip');
    my $ended = Dosis::Shape::watch($dosis, $id, PATIENCE);
    is($ended->{Toestand}, 'Klaar', "$what: it ends");
    is($ended->{Verwerkt}, $ended->{Lijnen}, '  each row is done');
    cmp_ok($ended->{own}, '<', Dosis::Shape::CEILING(),
        '  in the memory it may have');
    unlike($dosis->log, qr/not done/, '  and without a halt');
    diag(sprintf '%s: %.0f MB of text, %d rows, %.0f s, %.1f MB at its peak',
        $what, $bytes / MB, @$ended{qw(Verwerkt seconds)}, $ended->{own} / MB);
    is($dosis->stop, 0, '  a clean stop');
}

done_testing();
