#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# A file of 1,000,000 rows is delivered on the portal: chosen, looked at, sent,
# followed to its end, and an enterprise then sees one of its dossiers. How long
# each takes is told.
#
# DOSIS_ROWS=N for less.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib", "$FindBin::Bin/../../scripts/lib";

use Test::More;

use Dosis::Browser;
use Dosis::Bulk;

$ENV{DOSIS_LONG}
    or plan skip_all => 'a million rows take some minutes: DOSIS_LONG=1';

my $rows    = $ENV{DOSIS_ROWS} // 1_000_000;
my $browser = Dosis::Browser->new(seconds => 1800);
my $file    = "$browser->{dosis}{home}/tmp/miljoen.csv";
my $size    = Dosis::Bulk::write_rows($file, rows => $rows);

# One more, of the enterprise that looks.
open my $more, '>>:raw', $file or die "$file: $!\n";
print {$more} join(';', 'urn://test/subsidies', 'laatste', 'Laatste rij',
    '2026-11-01T10:00:00', 'DossierStatus', 'Behandeling', 'InBehandeling',
    'Ronde 1', '', '', '1984', Dosis::Browser::COMPANY, 'Lezer', ''), "\n";
close $more or die "$file: $!\n";
diag(sprintf '%d rows, %.0f MB', $rows + 1, $size / 1e6);

$browser->play('million_rows', file => $file, rows => $rows + 1);
