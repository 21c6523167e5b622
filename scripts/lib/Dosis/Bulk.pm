# SPDX-License-Identifier: EUPL-1.2

# A large CSV file of deliveries, and its way through the door until the engine
# has done with it, as scripts/bench measures them.

package Dosis::Bulk;

use strict;
use warnings;

use JSON::PP ();
use Time::HiRes ();

use constant COLUMNS => qw(Bron DossierNummer Naam WijzigingsDatum TypeDossier
    StatusVlaamsFase StatusVlaamsCode StatusDetail1 StatusActieNodig StatusActie
    ProductId AgentIdentificatie Toegangsrechten AgentRol);
use constant EACH => 10;    # dossiers of a company
use constant SEED => 20261126;

# Ahead of any number of dossier, so that neighbours in the file are not
# neighbours by agent.
use constant STRIDE => 7919;

# As Dosis::Bench numbers companies.
sub kbo {
    my ($n) = @_;

    my $head = 1_000_000 + $n;
    return sprintf '%08d%02d', $head, 97 - $head % 97;
}

# Writes a file of so many rows, of one dossier each, of the companies from
# first on. The same options write the same bytes. Returns its length.
sub write_rows {
    my ($path, %option) = @_;

    my $rows      = $option{rows};
    my $companies = int(($rows + EACH - 1) / EACH);
    my $first     = $option{first} // 0;
    my @kbo       = map { kbo($first + $_) } 0 .. $companies - 1;
    my $draw      = $option{seed} // SEED;
    $companies % STRIDE != 0 or die "another number of --rows\n";
    open my $to, '>:raw', $path or die "$path: $!\n";
    print {$to} join(';', COLUMNS), "\n";
    for my $i (0 .. $rows - 1) {
        $draw = ($draw * 1_103_515_245 + 12_345) % 2_147_483_648;
        my $n = int($i / $companies);
        my $c = ($i * STRIDE + $n) % $companies;
        printf {$to} "urn://test/subsidies;d%06u-%u;"
            . 'Subsidie kmo-portefeuille;%s;DossierStatus;Behandeling;'
            . 'DossierOnvolledig;Ronde %d;true;Bezorg de factuur;1984;%s;'
            . "SubsidieLezer - kmo;Aanvrager\n",
            $first + $c, $n, moment($draw), $draw, $kbo[$c];
    }
    close $to or die "$path: $!\n";

    return -s $path;
}

# Some moment of the autumn of 2026.
sub moment {
    my ($draw) = @_;

    return sprintf '2026-%02d-%02dT%02d:%02d:%02d', 9 + $draw % 2,
        1 + $draw % 28, $draw % 24, $draw % 60, $draw / 60 % 60;
}

# Sends it, as a client does that has it on disk: (seconds, UploadId).
sub send_file {
    my ($dosis, $path) = @_;

    my $from = Time::HiRes::time();
    open my $curl, '-|', 'curl', '-sS', '-X', 'POST', '-T', $path,
        '-H', 'Content-Type: text/csv', '-H', 'Expect:',
        '-H', 'Authorization: Bearer ' . $dosis->machine('leverancier-a'),
        "http://127.0.0.1:$dosis->{port}/api/v1/dosis/dossiers?bestand=bulk.csv"
        or die "curl: $!\n";
    my $said = join '', <$curl>;
    close $curl or die "curl: $said\n";
    my $answer = eval { JSON::PP::decode_json($said) } // {};
    defined $answer->{UploadId} or die "not accepted: $said\n";

    return (Time::HiRes::time() - $from, $answer->{UploadId});
}

# How far it is.
sub upload_of {
    my ($dosis, $id) = @_;

    my $answer = $dosis->get("/api/v1/dosis/uploads/$id",
        token => $dosis->machine('leverancier-a'));
    $answer->status == 200 or die $answer->text;

    return JSON::PP::decode_json($answer->body);
}

sub cancel {
    my ($dosis, $id) = @_;

    $dosis->request('DELETE', "/api/v1/dosis/uploads/$id",
        token => $dosis->machine('leverancier-a'));

    return;
}

# KiB of a process: (all of it at its peak, what is its own now).
sub memory {
    my ($pid) = @_;

    open my $status, '<', "/proc/$pid/status" or return (0, 0);
    my %kib = map {/^(\w+):\s+(\d+) kB/ ? ($1, $2) : ()} <$status>;

    return ($kib{VmHWM} // 0, $kib{RssAnon} // 0);
}

# Sends it and waits until it is done: {sent, seconds, upload, dosisd, worker};
# the last two: {peak, own} in KiB. seen is called now and then.
sub deliver {
    my ($dosis, $path, $patience) = @_;

    my $from = Time::HiRes::time();
    my ($sent, $id) = send_file($dosis, $path);
    my %top = map { $_ => { peak => 0, own => 0 } } qw(dosisd worker);
    my $upload;
    $dosis->wait_for(
        sub {
            note($top{dosisd}, $dosis->{engine});
            note($top{worker}, $_) for $dosis->workers;
            $upload = upload_of($dosis, $id);
            return $upload->{Toestand} !~ /^(?:Wachtend|Bezig)$/;
        },
        'the file is done', $patience // 3600);

    return {
        sent    => $sent,
        seconds => Time::HiRes::time() - $from,
        upload  => $upload,
        %top,
    };
}

sub note {
    my ($top, $pid) = @_;

    my ($peak, $own) = memory($pid);
    $top->{peak} = $peak if $peak > $top->{peak};
    $top->{own}  = $own  if $own > $top->{own};

    return;
}

sub median {
    my @sorted = sort { $a <=> $b } @_;
    return $sorted[$#sorted / 2];
}

# What was seen, each a median over the rounds: {here, row, ... in seconds,
# dosisd: kB}.
sub print_rounds {
    my ($rows, @rounds) = @_;

    my %m = (here => median(map { $_->{seconds} } @rounds));
    $m{sent}  = median(map { $_->{sent} } @rounds);
    $m{store} = median(map { $_->{store} } @rounds);
    for my $name (keys %{ $rounds[0]{sql} }) {
        $m{$name} = median(map { $_->{sql}{$name} } @rounds);
    }
    for my $who (qw(dosisd worker)) {
        $m{$who}       = median(map { $_->{$who}{own} } @rounds);
        $m{"$who all"} = median(map { $_->{$who}{peak} } @rounds);
    }
    my $upload = $rounds[-1]{upload};
    printf "%s: %d dossiers, %d new, %d rows refused; %.0f bytes on disk each\n",
        $upload->{Toestand}, $upload->{Dossiers}, $upload->{Resultaten}{Nieuw},
        $upload->{Fouten}, $m{store} / ($upload->{Dossiers} || 1);
    print_seconds($rows, \%m);
    printf "\n%-36s %8s %14s\n", 'memory at its peak, MB', 'own',
        'with the map';
    printf "%-36s %8.0f %14.0f\n", $_, $m{$_} / 1000, $m{"$_ all"} / 1000
        for qw(dosisd worker);

    return \%m;
}

sub print_seconds {
    my ($rows, $m) = @_;

    my @lines = (
        ['here, from the first byte sent to Klaar', 'here'],
        ['  of which until 202',                    'sent'],
        ['\\copy, one table, indexes in place',    'row'],
        ['\\copy, one table, indexes after',       'row then'],
        ['\\copy, tables as ours, indexes in place', 'set'],
        ['\\copy, tables as ours, indexes after',  'set then']);
    printf "\n%-42s %8s %9s\n", '', 'seconds', 'rows/s';
    printf "%-42s %8.2f %9.0f\n", $_->[0], $m->{ $_->[1] },
        $rows / $m->{ $_->[1] }
        for @lines;

    return;
}

1;
