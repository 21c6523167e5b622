# SPDX-License-Identifier: EUPL-1.2

# CSV files of any size whose rows are of a shape that costs memory, made while
# they are read: nothing of them stands on disk but what the engine keeps.

package Dosis::Shape;

use strict;
use warnings;

use POSIX       ();
use Time::HiRes ();

use Dosis::Number qw(kbo uuid);
use Dosis::Oplading;

# What dosisd may have of its own during an import, whatever the file is.
use constant CEILING => 200_000_000;

use constant LOOK_S    => 0.002;
use constant SHOW_S    => 0.5;
use constant COMPANIES => 500_000;
use constant STRIDE    => 7919;     # neighbours in the file are none by agent
use constant EURO      => "\x80";   # in Windows-1252; in UTF-8 it is three

my @kop = qw(Bron DossierNummer Naam WijzigingsDatum TypeDossier
    StatusVlaamsFase StatusVlaamsCode StatusDetail1 StatusActieNodig StatusActie
    Doorverwijzing ProductId AgentIdentificatie Toegangsrechten AgentRol);
my %good = (
    Bron             => 'urn://test/subsidies',
    Naam             => 'Subsidie kmo-portefeuille',
    WijzigingsDatum  => '2026-03-01T10:00:00',
    TypeDossier      => 'DossierStatus',
    StatusVlaamsFase => 'Behandeling',
    StatusVlaamsCode => 'DossierOnvolledig',
    StatusActieNodig => 'true',
    StatusActie      => 'Bezorg de factuur',
    ProductId        => '1984',
    Toegangsrechten  => 'SubsidieLezer - kmo',
    AgentRol         => 'Aanvrager',
);

my @rights = map { sprintf 'Recht %02d %s', $_, 'r' x 180 } 1 .. 20;
my %wide = (
    Naam            => 'n' x 300,
    StatusDetail1   => 'd' x 490,
    StatusActie     => 'a' x 490,
    Doorverwijzing  => 'https://loket.example.be/' . 'u' x 960,
    Toegangsrechten => join('|', @rights),
);

# What is other in a row than in a good one, by its number in the file.
my %shape = (
    plain     => sub { () },
    mistakes  => sub { (Naam => '', StatusVlaamsFase => 'Nergens') },
    warnings  => sub { (TypeDossier => "Soort $_[0]", StatusActie => '') },
    wide      => sub {%wide},
    agents    => sub {
        (DossierNummer => 'G-' . int($_[0] / 50),
            Toegangsrechten => join '|', map {"Recht $_"} 1 .. 20);
    },
    converted => sub {
        (Naam => EURO x 100, StatusDetail1 => EURO x 160,
            StatusActie => EURO x 160);
    },
    long      => sub { (Naam => 'n' x 60_000) },
    returning => sub { (DossierNummer => 'R-' . $_[0] % 2) },

    # Fifty rows of a dossier and fifty that may be of it, each of 190 KB.
    loose     => sub {
        (DossierNummer => $_[0] % 100 < 50 ? 'L-' . int($_[0] / 100) : '',
            Naam => EURO x 64_000);
    },
);

sub row {
    my ($name, $n) = @_;

    my %cell = (
        %good,
        DossierNummer      => "D-$n",
        StatusDetail1      => "Ronde $n",
        AgentIdentificatie => kbo($n * STRIDE % COMPANIES),
        $shape{$name}->($n));

    return join(';', map { $_ // '' } @cell{@kop}) . "\n";
}

# Writes so many bytes, or a row less; part by part of the shapes.
sub write_rows {
    my ($to, $bytes, @names) = @_;

    my $n       = 0;
    my $written = print_to($to, join(';', @kop) . "\n");
    for my $part (1 .. @names) {
        my $name  = $names[$part - 1];
        my $until = $bytes * $part / @names;
        my $row   = row($name, $n);
        while ($written + length $row <= $until) {
            $written += print_to($to, $row);
            $row = row($name, ++$n);
        }
    }

    return;
}

sub print_to {
    my ($to, $text) = @_;

    print {$to} $text or die "a file: $!\n";
    return length $text;
}

# Delivers such a file; the UploadId. words: as oplading_store has them.
sub deliver {
    my ($dosis, $bytes, $names, @words) = @_;

    my $id   = uuid();
    my $pipe = "$dosis->{home}/run/$id.csv";
    POSIX::mkfifo($pipe, 0600) or die "$pipe: $!\n";
    my $pid = fork // die "cannot fork: $!\n";
    if ($pid == 0) {
        my @to = grep({ $_ eq 'gzip' } @words)
            ? ('|-', "exec gzip -1 > $pipe")
            : ('>', $pipe);
        my $done = eval {
            open my $to, $to[0], $to[1] or die "$pipe: $!\n";
            binmode $to;
            write_rows($to, $bytes, @$names);
            close $to;
        };
        POSIX::_exit($done ? 0 : 1);
    }
    Dosis::Oplading::tool($dosis, 'put', Dosis::Oplading::CLIENT(), $id, $pipe,
        @words);
    waitpid $pid, 0;
    $? == 0 or die "a file was not written to its end\n";
    unlink $pipe;

    return $id;
}

# Bytes that dosisd has of its own: not the map of the store.
sub own {
    my ($dosis) = @_;

    open my $status, '<', "/proc/$dosis->{pid}/status" or die "dosisd: $!\n";
    my ($kib) = join('', <$status>) =~ /^RssAnon:\s+(\d+)/m;

    return $kib * 1024;
}

# Waits until its run has ended, or so long: as it is then, with `own`, the
# most that dosisd had of its own meanwhile, and `seconds`.
sub watch {
    my ($dosis, $id, $patience) = @_;

    my $from = Time::HiRes::time();
    my ($most, $look, $shown) = (0, 0);
    while (1) {
        my $own = own($dosis);
        my $now = Time::HiRes::time();
        $most = $own if $own > $most;
        if ($now >= $look) {
            $shown = Dosis::Oplading::show($dosis, $id);
            last if $shown->{Klaar} || $now - $from > $patience;
            $look = $now + SHOW_S;
        }
        select undef, undef, undef, LOOK_S;
    }

    return { %$shown, own => $most, seconds => Time::HiRes::time() - $from };
}

1;
