# SPDX-License-Identifier: EUPL-1.2

# Delivered CSV files, without HTTP: made, put beside a store as the module does
# (t/tools/oplading_store.c), waited for, looked at.

package Dosis::Oplading;

use strict;
use warnings;

use JSON::PP ();

use Dosis::Fixture ();
use Dosis::Number  qw(kbo uuid);

use constant CLIENT => 'leverancier-a';

my $json = JSON::PP->new->utf8;
my @kop  = qw(Bron DossierNummer UploadId Naam WijzigingsDatum TypeDossier
    StatusVlaamsFase StatusVlaamsCode AgentIdentificatie Toegangsrechten);

# The text of a file: a hash of columns a row, what is missing has a default.
sub csv {
    my (@rows) = @_;

    my $text = join(';', @kop) . "\n";
    for my $row (@rows) {
        my %cell = (
            Bron               => 'urn://test/subsidies',
            Naam               => 'Subsidie',
            WijzigingsDatum    => '2026-03-01T10:00:00',
            TypeDossier        => 'DossierStatus',
            StatusVlaamsFase   => 'Behandeling',
            StatusVlaamsCode   => 'InBehandeling',
            AgentIdentificatie => kbo(1),
            Toegangsrechten    => 'Lezer',
            %$row,
        );
        $text .= join(';', map { $_ // '' } @cell{@kop}) . "\n";
    }

    return $text;
}

sub tool {
    my ($dosis, @words) = @_;

    my ($store, $key) = ("$dosis->{home}/store", "$dosis->{home}/keys/kek.hex");
    open my $from, '-|', "$dosis->{build}/oplading_store", $store, $key, @words
        or die "oplading_store: $!\n";
    my $said = do { local $/; <$from> };
    close $from or die "oplading_store @words: exit $?\n";

    return $json->decode($said);
}

# Delivers that text; the UploadId.
sub put {
    my ($dosis, $text, @words) = @_;

    my $id   = uuid();
    my $path = "$dosis->{home}/run/$id.csv";
    Dosis::Fixture::write_file($path, $text);
    tool($dosis, 'put', CLIENT, $id, $path, @words);
    unlink $path;

    return $id;
}

sub show {
    my ($dosis, $id) = @_;

    return tool($dosis, 'show', CLIENT, $id);
}

sub fouten {
    my ($dosis, $id) = @_;

    return tool($dosis, 'fouten', CLIENT, $id);
}

sub waarschuwingen {
    my ($dosis, $id) = @_;

    return tool($dosis, 'waarschuwingen', CLIENT, $id);
}

sub cancel {
    my ($dosis, $id) = @_;

    return tool($dosis, 'cancel', CLIENT, $id);
}

# As it is in the end.
sub ended {
    my ($dosis, $id, $seconds) = @_;

    my $shown;
    $dosis->wait_for(
        sub {
            $shown = show($dosis, $id);
            return $shown->{Klaar};
        },
        "the end of $id", $seconds // 60);

    return $shown;
}

sub run {
    my ($dosis, $text, @words) = @_;

    return ended($dosis, put($dosis, $text, @words));
}

# {DossierNummer => Versie} of a source.
sub versies {
    my ($dosis, $bron) = @_;

    return tool($dosis, 'versies', CLIENT, $bron);
}

# Numbers of `dosisctl status`: how much stands in a database.
sub entries {
    my ($dosis, $name) = @_;

    my $said = $json->decode($dosis->ctl('status', '--json')->{out});
    my ($found) = grep { $_->{name} eq $name } @{ $said->{store}{databases} };

    return $found->{entries};
}

1;
