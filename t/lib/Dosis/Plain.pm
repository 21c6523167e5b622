# SPDX-License-Identifier: EUPL-1.2

# Looks for values in raw bytes, in every form in which a program might have
# left them: as they are, encoded, turned round, as numbers.

package Dosis::Plain;

use strict;
use warnings;

use Encode       ();
use File::Find   ();
use MIME::Base64 ();

use Dosis::Fixture ();

# {name => value}; a value is characters, or digits alone for a number.
sub new {
    my ($class, %value) = @_;

    my %form;
    for my $name (sort keys %value) {
        my %of = forms($value{$name});
        $form{ $of{$_} } //= "$name, $_" for 'plain', sort keys %of;
    }

    return bless { form => \%form, value => \%value }, $class;
}

# How a text looks inside base64, at each of the three places it may start.
sub inner_base64 {
    my ($bytes) = @_;

    my %form;
    for my $shift (0 .. 2) {
        my $whole = MIME::Base64::encode_base64("\0" x $shift . $bytes, '');
        my $from  = (0, 2, 3)[$shift];
        my $to    = int(8 * ($shift + length $bytes) / 6);
        my $part  = substr $whole, $from, $to - $from;
        $form{"base64 $shift"}    = $part;
        $form{"base64url $shift"} = $part =~ tr{+/}{-_}r;
    }

    return %form;
}

sub forms {
    my ($value) = @_;

    my $bytes = Encode::encode('UTF-8', $value);
    my %form  = (
        plain       => $bytes,
        lower       => lc $bytes,
        upper       => uc $bytes,
        reversed    => scalar reverse($bytes),
        hex         => unpack('H*', $bytes),
        'HEX'       => uc unpack('H*', $bytes),
        percent     => $bytes =~ s/([^A-Za-z0-9_.~-])/sprintf '%%%02X', ord $1/gser,
        'percent all' => join('', map { sprintf '%%%02x', ord } split //, $bytes),
        form        => $bytes =~ tr/ /+/r,
        json        => $value =~ s/([^\x20-\x7e])/sprintf '\\u%04x', ord $1/gser,
        'UTF-16LE'  => Encode::encode('UTF-16LE', $value),
        'UTF-16BE'  => Encode::encode('UTF-16BE', $value),
        'Latin-1'   => Encode::encode('ISO-8859-1', $value),
        inner_base64($bytes),
    );
    if ($value =~ /^[0-9]{10,11}$/) {
        %form = (%form, number_forms($value));
    }

    return %form;
}

sub number_forms {
    my ($digits) = @_;

    my $big    = pack 'Q>', $digits;
    my ($rest, $varint) = ($digits, '');
    while ($rest > 0x7f) {
        $varint .= chr(0x80 | $rest & 0x7f);
        $rest >>= 7;
    }
    my $even = length($digits) % 2 ? "0$digits" : $digits;
    my $insz = $digits =~ s/^(..)(..)(..)(...)(..)$/$1.$2.$3-$4.$5/r;
    my $kbo  = $digits =~ s/^(....)(...)(...)$/$1.$2.$3/r;

    return (
        'number, big end'    => substr($big, 3),
        'number, little end' => substr(pack('Q<', $digits), 0, 5),
        'number, varint'     => $varint . chr $rest,
        'number, decimal digits' => pack('H*', $even),
        'number, dotted'     => length $digits == 11 ? $insz : $kbo,
        'number, dashes'     => (length $digits == 11 ? $insz : $kbo) =~ tr/./-/r,
        'number, as double'  => pack('d', $digits),
    );
}

# What of it stands in these bytes: "name, form" each.
sub found_in {
    my ($self, $bytes) = @_;

    my $form = $self->{form};

    return sort map { $form->{$_} } grep { index($bytes, $_) >= 0 } keys %$form;
}

# "file: name, form" of every file below a directory, but those that skip is
# true for.
sub found_below {
    my ($self, $dir, $skip) = @_;

    my @found;
    my $count = 0;

    File::Find::find(
        {   no_chdir => 1,
            wanted   => sub {
                return if -l $_ || !-f _ || $skip && $skip->($_);
                my $path = $_;
                $count++;
                push @found, map {"$path: $_"} $self->found_in($path),
                    $self->found_in(Dosis::Fixture::read_file($path));
            },
        },
        $dir);
    $self->{files} = $count;

    return @found;
}

1;
