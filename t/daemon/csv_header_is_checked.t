#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# dosisctl csv controleer: what the header of a file is, and all that is wrong
# with it; without an instance.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Engine;

my $dosis  = Dosis::Engine->new(keys => 0);
my $file   = "$dosis->{home}/levering.csv";
my @needed = qw(Bron DossierNummer Naam WijzigingsDatum StatusVlaamsFase
    StatusVlaamsCode AgentIdentificatie);

sub checked {
    my ($text) = @_;

    Dosis::Fixture::write_file($file, $text);

    return $dosis->ctl('csv', 'controleer', $file);
}

my $good = checked(join("\t", @needed, 'Bedrag') . "\r\nCaf\xe9 x\r\n");
is($good->{code}, 0, 'a header that can be delivered with');
is($good->{err}, '', 'nothing on standard error');
like($good->{out}, qr/^separator: tab\nencoding: Windows-1252\ncolumns: 8\n/,
    'separator, encoding and columns are told');
like($good->{out}, qr{^ +7  AgentIdentificatie +/Agenten/\*/Identificatie$}m,
    'each column with its member');
like($good->{out}, qr/^ +8  -$/m, 'one that is ignored has none');
like($good->{out}, qr/^waarschuwing OnbekendeKolom: Bedrag: /m,
    'with a warning');

my $bad = checked("Bron;Bron;Naam\n");
is($bad->{code}, 1, 'a header that cannot: 1');
like($bad->{out}, qr/^fout DubbeleKolom: Bron: /m, 'a problem is told');
is(scalar(() = $bad->{out} =~ /^fout KolomOntbreekt: /mg), 5,
    'and all the others with it');

my $number = '85073000754';
is(checked("urn://x/y;$number\n")->{code}, 1, 'a first line that is a row: 1');
unlike(checked("Bron;$number\n")->{out}, qr/$number/,
    'a number of a person is not shown');

is($dosis->ctl('csv', 'controleer', "$file.x")->{code}, 2, 'no such file: 2');
is($dosis->ctl('csv', 'controleer')->{code}, 2, 'no file named: 2');
is($dosis->ctl('csv', 'x', $file)->{code}, 2, 'an unknown word: 2');
is($dosis->ctl('csv', '--help')->{code}, 0, '--help tells');

# The page names the columns that must be there, those that may, no others.
my ($must, $may) = map { [split] }
    Dosis::Fixture::read_file("$FindBin::Bin/../../engine/doc/dosisctl.8")
    =~ /must be there:.*?\.nf\n(.*?)\.fi.*?\.nf\n(.*?)\.fi/s;
my $table = Dosis::Fixture::read_file(
    "$FindBin::Bin/../../engine/domain/dosis_csv_kop.c");
is_deeply($must, \@needed, 'the page names what must be there');
is_deeply([sort @$must, @$may], [sort $table =~ /^ +\{ "(\w+)", "\//mg],
    'and every column there may be');
is(checked(join(';', @$must) . "\n")->{code}, 0, 'the first suffice');

done_testing();
