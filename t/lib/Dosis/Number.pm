# SPDX-License-Identifier: EUPL-1.2

# Numbers that pass their check digits and belong to nobody: each is computed
# from a serial number. Every person's number handed out is remembered, so
# that the harness can look for it afterwards where it must not be.

package Dosis::Number;

use strict;
use warnings;

use Exporter 'import';

our @EXPORT_OK = qw(kbo vestiging insz vereniging ovo uuid remember_insz
    seen_insz insz_dotted);

my %seen;

sub ten_digits {
    my ($eight) = @_;

    return sprintf '%08d%02d', $eight, 97 - $eight % 97;
}

# An enterprise number: ten digits, the first one 0.
sub kbo {
    my ($serial) = @_;

    return ten_digits(2_000_000 + $serial);
}

# An establishment number: ten digits, the first one 2.
sub vestiging {
    my ($serial) = @_;

    return ten_digits(21_000_000 + $serial);
}

# A person born in 1900-1909, so nobody alive.
sub insz {
    my ($serial) = @_;

    my $day  = int $serial / 900;
    my $nine = sprintf '%02d%02d%02d%03d', int($day / 336) % 10,
        int($day / 28) % 12 + 1, $day % 28 + 1, $serial % 900 + 1;

    return remember_insz($nine . sprintf '%02d', 97 - $nine % 97);
}

sub vereniging {
    my ($serial) = @_;

    return sprintf 'V%07d', 9_000_000 + $serial;
}

sub ovo {
    my ($serial) = @_;

    return sprintf 'OVO%06d', 900_000 + $serial;
}

sub remember_insz {
    my ($number) = @_;

    $seen{ $number =~ tr/0-9//cdr } = 1;

    return $number;
}

# As people write it: 85.07.30-007.54.
sub insz_dotted {
    my ($number) = @_;

    return $number =~ s/^(..)(..)(..)(...)(..)$/$1.$2.$3-$4.$5/r;
}

# All person's numbers of this run, digits only.
sub seen_insz {
    return \%seen;
}

sub uuid {
    my @word = map { int rand 0x10000 } 1 .. 8;

    $word[3] = $word[3] & 0x0fff | 0x4000;
    $word[4] = $word[4] & 0x3fff | 0x8000;

    return sprintf '%04x%04x-%04x-%04x-%04x-%04x%04x%04x', @word;
}

1;
