# SPDX-License-Identifier: EUPL-1.2

# How agencies write one and the same dossier: the spellings, dates and habits
# of the clients that are out there. Which one is drawn with rand.

package Dosis::Wire;

use strict;
use warnings;
use utf8;

use Exporter   qw(import);
use JSON::PP   ();
use List::Util qw(shuffle);
use POSIX      qw(strftime);
use Time::Local qw(timegm);

our @EXPORT_OK = qw(encode moment);

my $json = JSON::PP->new->utf8->canonical;

# What the Java client writes as null when it knows nothing.
my @NULLS        = qw(Doorverwijzing StreefDatum IsPubliek DossierBeheerder);
my @STATUS_NULLS = qw(Detail1 Detail2 Actie EDRL);

sub chance {
    my ($percent) = @_;

    return rand 100 < $percent;
}

sub pick {
    return $_[ int rand @_ ];
}

# --- time ----------------------------------------------------------------

# The last Sunday of March (2) or October (9), 01:00 UTC, in that year.
sub last_sunday {
    my ($year, $month) = @_;

    my $last = timegm(0, 0, 1, 31, $month, $year);

    return $last - (gmtime $last)[6] * 86400;
}

# Seconds that Brussels is ahead of UTC.
sub offset {
    my ($second) = @_;

    my $year = (gmtime $second)[5] + 1900;

    return $second >= last_sunday($year, 2)
        && $second < last_sunday($year, 9) ? 7200 : 3600;
}

# Local time does not tell these two hours apart.
sub is_ambiguous {
    my ($second) = @_;

    my $change = last_sunday((gmtime $second)[5] + 1900, 9);

    return $second >= $change - 3600 && $second < $change + 3600;
}

sub fraction {
    my ($ns) = @_;

    return '' if $ns == 0;

    return sprintf('.%09d', $ns) =~ s/0+$//r;
}

# [seconds, nanoseconds] as a client writes it: local time most often.
sub moment {
    my ($at, $way) = @_;

    my ($second, $ns) = @$at;
    my $offset = offset($second);

    $way //= chance(80) ? 'local' : pick(qw(array zulu offset));
    $way = 'zulu' if is_ambiguous($second);
    if ($way eq 'zulu') {
        return strftime('%Y-%m-%dT%H:%M:%S', gmtime $second)
            . fraction($ns) . 'Z';
    }
    my @local = gmtime $second + $offset;
    if ($way eq 'array') {
        my @parts = ($local[5] + 1900, $local[4] + 1, @local[3, 2, 1]);
        push @parts, $local[0] if $local[0] || $ns;
        push @parts, $ns       if $ns;
        return \@parts;
    }
    my $text = strftime('%Y-%m-%dT%H:%M:%S', @local) . fraction($ns);
    return $text if $way eq 'local';

    return $text . sprintf '+%02d:00', $offset / 3600;
}

# --- one dossier ---------------------------------------------------------

sub spelled_agent {
    my ($id) = @_;

    if ($id =~ /^0(\d{3})(\d{3})(\d{3})$/ && chance(30)) {
        return pick("0$1.$2.$3", "BE0$1$2$3", "$1$2$3");
    }
    if ($id =~ /^(\d\d)(\d\d)(\d\d)(\d{3})(\d\d)$/ && chance(10)) {
        return "$1.$2.$3-$4.$5";
    }

    return $id;
}

sub spelled_agents {
    my ($agents) = @_;

    return $agents if ref $agents ne 'ARRAY';

    return [
        shuffle map {
            {   %$_,
                Identificatie   => spelled_agent($_->{Identificatie}),
                Toegangsrechten => [
                    shuffle map {
                        my $code = $_->{Code};
                        $code =~ s/ - /-/ if chance(10);
                        { Code => $code };
                    } @{ $_->{Toegangsrechten} }
                ],
            }
        } @$agents
    ];
}

sub spelled_status {
    my ($status) = @_;

    return $status if ref $status ne 'HASH';
    my %out   = %$status;
    my $spell = chance(70) ? 'Vlaams' : pick(qw(Vlaamse vlaams vlaamse));

    for my $part (qw(Fase Code)) {
        next if !exists $out{"Vlaams$part"};
        my $value = delete $out{"Vlaams$part"};
        $value = pick(lc $value, uc $value) if defined $value && chance(5);
        $out{"$spell$part"} = $value;
    }

    return \%out;
}

sub with_nulls {
    my ($out) = @_;

    $out->{$_} //= undef for @NULLS;
    if (ref $out->{Status} eq 'HASH') {
        $out->{Status}{$_} //= undef for @STATUS_NULLS;
    }

    return;
}

# Every member name with a small first letter.
sub small {
    my ($value) = @_;

    return [map { small($_) } @$value] if ref $value eq 'ARRAY';
    return { map { lcfirst $_ => small($value->{$_}) } keys %$value }
        if ref $value eq 'HASH';

    return $value;
}

# The bytes of a dossier whose WijzigingsDatum is [seconds, nanoseconds], and
# whether a warning must come back for what stands in it besides.
sub encode {
    my ($dossier) = @_;

    my %out   = %$dossier;
    my $extra = chance(5);

    $out{WijzigingsDatum} = moment($out{WijzigingsDatum})
        if ref $out{WijzigingsDatum};
    $out{Status}  = spelled_status($out{Status});
    $out{Agenten} = spelled_agents($out{Agenten}) if exists $out{Agenten};
    $out{Kanaal}  = 'simulatie' if $extra;
    with_nulls(\%out) if chance(70);

    return ($json->encode(chance(10) ? small(\%out) : \%out), $extra);
}

1;
