#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# What agencies deliver is plain in nobody's file: not in the store, its lock,
# a log, a temporary file or a backup; not while requests are on their way, not
# after workers and engine were killed. Nor are keys and tokens.

use strict;
use warnings;
use utf8;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Encode ();
use Test::More;

use Dosis::Check;
use Dosis::Ledger;
use Dosis::Number qw(insz kbo uuid vestiging);
use Dosis::Oplading;
use Dosis::Plain;
use Dosis::Test qw(query);
use Dosis::Upload;

my $dosis = Dosis::Test->new(
    location  => 'dosis_base https://dosis.example.be/s;',
    reference => {
        bronnen => [{ Bron => 'urn://test/klik', Naam => 'Klik',
                Doorklik => { Methode => 'url',
                    Hosten => ['loket.example.be'] } }],
        clients => [{ Client => 'klik', Naam => 'Klik',
                Bronnen => ['urn://test/klik'] }],
    },
    http => "log_format stil '\$remote_addr \$request_method \$uri \$status "
        . "\$request_id \$http_user_agent';",
    server => 'access_log logs/stil.log stil;' =~ s{logs}{log}r);
my $home   = $dosis->{home};
my $base   = '/api/v1/dosis/dossiers';
my $import = $dosis->machine('leverancier-a');
my $bron   = 'urn://test/subsidies';
my ($person, $kbo, $branch) = (insz(500), kbo(500), vestiging(500));

my %value = (
    insz         => $person,
    'insz 2'     => insz(501),
    kbo          => $kbo,
    'kbo 2'      => kbo(501),
    vestiging    => $branch,
    nummer       => 'ZQX-2026-77001',
    'nummer 2'   => 'ZQX-2026-77002',
    'nummer in een lijst' => 'ZQX-2026-77003',
    'nummer van een fout' => 'ZQX-2026-77004',
    naam         => 'Renovatie van hoeve Quisthoudt',
    'naam 2'     => 'Sloop van hoeve Vandersmissen-é',
    detail1      => 'Wacht op attest van notaris Boogmans',
    detail2      => 'intern gesprek met echtgenote Kwikzilver',
    actie        => 'Bezorg het huwelijkscontract Moerbei',
    beheerder    => 'Hildegonde Zandberghe',
    dienst       => 'Cel Uitzonderingen Qobalt',
    telefoon     => '+32 2 555 77 31',
    email        => 'hildegonde.zandberghe@vlaanderen.example',
    website      => 'https://qobalt.vlaanderen.example/cel',
    straat       => 'Dwarsdreefstraat',
    url          => 'https://loket.example.be/hoeve/geheim-7731-quist',
    recht        => 'GeheimlezerQuist',
    fout         => 'OnbekendeFaseKwartel',
    'slechte datum' => 'morgenvroeg-zwaluw',
    'slechte url'   => 'gopher://spookhuis.example/kelder',
    'nummer in een bestand' => 'ZQX-2026-77005',
    'naam in een bestand' => 'Tuinmuur van hoeve Okkernoot',
    'detail van een afkeuring' => 'Tegel van Ravenzwart',
    'naam van een bestand' => 'opvolging-Kruisbes.csv',
    'nummer van een rij'    => 'ZQX-2026-77006',
    'reden van een pauze' => 'Wolkbreuk boven zaal Zwartemeers',
);
my @claims  = map { (split /\./)[1, 2] } $import;
my $user    = $dosis->company($kbo, rechten => [$value{recht}]);
my $citizen = $dosis->citizen($person, rechten => ['Raadpleger']);
my $loket   = $dosis->loket('loket');
my @tokens  = ($import, $user, $citizen, $loket);
my %secret  = map {
    my ($head, $claims, $signature) = split /\./, $tokens[$_];
    ("claims of token $_" => $claims, "signature of token $_" => $signature)
} 0 .. $#tokens;
my $kek = Dosis::Fixture::read_file("$home/keys/kek.hex") =~ s/\n//r;
my $plain = searched();

sub searched {
    my $search = Dosis::Plain->new(%value, %secret,
        'key-encryption key' => $kek);
    $search->{form}{ pack 'H*', $kek } = 'key-encryption key, its bytes';

    return $search;
}

sub delivered {
    my (%more) = @_;

    return $dosis->dossier(
        nummer => $value{nummer},
        agenten => [
            { Identificatie => $person, Toegangsrechten => [],
                Rol => 'Aanvrager' },
            map { { Identificatie => $_,
                    Toegangsrechten => [{ Code => $value{recht} }] } }
                $kbo, $value{'kbo 2'}, $branch, $value{'insz 2'},
        ],
        Naam           => $value{naam},
        Doorverwijzing => $value{url},
        Status => {
            VlaamsFase => 'Behandeling', VlaamsCode => 'InBehandeling',
            Detail1 => $value{detail1}, Detail2 => $value{detail2},
            Actie => { ActieNodig => JSON::PP::true, Actie => $value{actie},
                Voor => '2027-01-31' },
        },
        DossierBeheerder => {
            Naam => $value{beheerder}, Dienst => $value{dienst},
            Telefoon => $value{telefoon}, Email => $value{email},
            Website => $value{website},
            Adres => { Straat => $value{straat}, Nummer => '7',
                Postcode => '9000', Gemeente => 'Gent' },
        },
        %more,
    );
}

# Every door that takes something.
my $upload = uuid();
my $stored = $dosis->push(delivered(UploadId => $upload));
is_stored($stored, 'Nieuw', 'a delivery');
my $id = $stored->member('DossierId');
is_stored($dosis->push(delivered(Naam => $value{'naam 2'},
            datum => '2026-03-02T10:00:00')), 'Gewijzigd', 'a change');
is_stored($dosis->push(delivered(nummer => $value{'nummer 2'})), 'Nieuw',
    'a second one');
is_stored($dosis->withdraw(delivered(nummer => $value{'nummer 2'})),
    'Ingetrokken', 'a withdrawal');
is_status($dosis->post($base, [
            delivered(nummer => $value{'nummer in een lijst'}),
            delivered(nummer => $value{'nummer van een fout'},
                Status => { VlaamsFase => $value{fout} }),
        ], token => $import), 200, 'a list with a mistake in it');
my %cells = (Naam => $value{'naam 2'}, AgentIdentificatie => $person,
    Toegangsrechten => $value{recht});
my $sent = Encode::encode('UTF-8', Dosis::Oplading::csv(
        { %cells, DossierNummer => $value{'nummer in een bestand'} },
        { %cells, DossierNummer => $value{'nummer van een rij'},
            StatusVlaamsFase => $value{fout} }));
my $came = Dosis::Upload::send_file($dosis, $sent);
is_status($came, 202, 'a file with a mistake in it');
is(Dosis::Upload::ended($dosis, $came->member('UploadId'))->member('Fouten'),
    1, 'which is kept');
is_problem($dosis->push(delivered(nummer => $value{'nummer van een fout'},
            WijzigingsDatum => $value{'slechte datum'},
            Doorverwijzing  => $value{'slechte url'})),
    400, 'ValidatieFout', 'a refused delivery');
is_status($dosis->push(delivered(), path => "$base?proef=true"), 200,
    'a trial');
my $namens = $dosis->post('/api/v1/dosis/namens', {
        Agenten => [{ Identificatie => $person, Rechten => [] },
            { Identificatie => $kbo, Rechten => [$value{recht}] }],
        Gebruiker => $value{beheerder}, Doel => $value{detail1} },
    token => $loket);
is_status($namens, 200, 'a counter speaks for somebody');

# Every door that tells something; refusals too.
my %told;
for my $case (
    [$user,    "$base?limiet=10"],
    [$citizen, $base],
    [$citizen, "$base/$id"],
    [$citizen, "$base/$id?opDatum=2026-12-31"],
    [$citizen, "$base/$id/historiek"],
    [$user,    '/api/v1/dosis/wijzigingen'],
    [$user,    '/api/v1/dosis/overzicht'],
    [$loket, "$base?" . query(agent => $kbo, recht => $value{recht})],
    [$loket, "$base?" . query(agent => $value{nummer}, recht => $value{recht})],
    [$import, "/api/v1/dosis/resultaten/perUploadId?uploadId=$upload"],
    [$import, '/api/v1/dosis/resultaten?'
            . query(bron => $bron, dossierNummer => $value{nummer})],
    [$import, '/api/v1/dosis/resultaten?'
            . query(bron => $value{'slechte url'},
                dossierNummer => $value{'nummer van een fout'})],
    [$import, '/api/v1/dosis/resultaten/fouten?' . query(bron => $bron)],
    [$import, '/api/v1/dosis/bronnen/dossiers?' . query(bron => $bron)],
    [$user, "$base?" . query(na => $value{naam}, fase => $value{fout})],
    )
{
    my ($token, $path) = @$case;
    my $answer = $dosis->get($path, token => $token, headers => [
            Referer => "https://loket.example.be/?" . query(d => $value{nummer})
        ]);
    cmp_ok($answer->status, '<', 500, 'asked: ' . $path =~ s/\?.*//sr);
    $told{$_} = 1 for $plain->found_in($answer->body);
}
is_status($dosis->post("$base/zoek",
        { Agenten => [{ Identificatie => $person, Rechten => [] }] },
        token => $loket), 200, 'asked in a body');
is_status($dosis->get($base, token => $loket,
        headers => ['Dosis-Namens' => $namens->member('Namens')]),
    200, 'asked with a handle');
my ($noted) = $dosis->wait_for(
    sub { grep { ($_->{Gebruiker} // '') eq $value{beheerder} }
            Dosis::Ledger::lines($dosis) },
    'the look with a handle is in the access ledger');
ok($noted, 'who looked, about whom, is in the access ledger');

# A file: a row that is stored, one that is refused with a warning, both kept, its
# report; and one that waits behind a pause.
sub file_of {
    my (@rows) = @_;

    my $as = uuid();
    return $dosis->request(
        POST  => "$base?" . query(uploadId => $as),
        token => $import,
        body  => Dosis::Oplading::csv(@rows),
        headers => ['Content-Type' => 'text/csv', 'Content-Disposition' =>
            "attachment; filename=$value{'naam van een bestand'}"],
    ), "/api/v1/dosis/uploads/$as";
}
my ($taken, $shown) = file_of(
    { DossierNummer => $value{'nummer in een bestand'},
        Naam => $value{'naam in een bestand'}, AgentIdentificatie => $person },
    { DossierNummer => $value{'detail van een afkeuring'},
        StatusVlaamsFase => $value{fout}, Toegangsrechten => '' },
);
is_status($taken, 202, 'a file');
ok($dosis->wait_for(
        sub { $dosis->get($shown, token => $import)->member('Klaar') },
        'it has been read'), 'that is read');
for my $accept ('application/json', 'text/csv') {
    my $report = $dosis->get("$shown/fouten", token => $import,
        headers => [Accept => $accept]);
    is_status($report, 200, "its report as $accept");
    $told{$_} = 1 for $plain->found_in($report->body);
}
my $warned = $dosis->get("$shown/waarschuwingen", token => $import);
is($warned->member('Bewaard'), 1, 'its warning');
$told{$_} = 1 for map { $plain->found_in($_->body) }
    $warned, $dosis->get($shown, token => $import);
is(($dosis->ctl('pauze', 'set', 'lezen', '--bron', $bron))[0], 0,
    'its source is paused');
is_status((file_of({ DossierNummer => $value{'nummer in een bestand'},
        Naam => $value{'naam in een bestand'} }))[0], 202,
    'a file that waits');

# A ticket that nobody has opened yet, and a pause.
my $klik = $dosis->push($dosis->dossier(bron => 'urn://test/klik',
        agenten => [{ Identificatie => $person, Toegangsrechten => [] }],
        Doorverwijzing => $value{url}), as => 'klik');
is_stored($klik, 'Nieuw', 'a delivery with an address');
my $opens = $dosis->post("$base/" . $klik->member('DossierId')
        . '/doorverwijzing', undef, token => $citizen);
is_status($opens, 200, 'a ticket for it');
($secret{ticket}) = $opens->text =~ m{/door/([\w.~-]{20,})};
ok($secret{ticket}, 'with a secret');
$plain = searched();
my ($paused, $word) = $dosis->ctl('pauze', 'set', 'lezen', '--bron',
    'urn://test/klik', '--reden', $value{'reden van een pauze'});
is($paused, 0, 'a source is paused') or diag($word);
for my $name (qw(naam detail1 detail2 beheerder email straat nummer insz kbo),
    'detail van een afkeuring', 'naam van een bestand') {
    ok($told{"$name, plain"}, "$name was told, so it was delivered");
}
$dosis->client->raw("GET $base?" . query(dossierNummer => $value{nummer})
        . " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer $import\r\n"
        . "Content-Length: x\r\n\r\n");
$dosis->client->raw("GET $base?x=$value{nummer} $value{kbo} HTTP/1.1\r\n\r\n");

# A long body, half of it here: no file holds it, unlinked ones included.
my $long = JSON::PP->new->utf8->encode([map { delivered(nummer => "L-$_") }
        1 .. 200]);
my $slow = IO::Socket::INET->new(PeerAddr => '127.0.0.1',
    PeerPort => $dosis->{port}) or die "no connection: $!\n";
print {$slow} "POST $base HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
    . "application/json\r\nAuthorization: Bearer $import\r\nContent-Length: "
    . length($long) . "\r\n\r\n" . substr $long, 0, length($long) / 2;
$slow->flush;
$dosis->wait_for(sub { unread($slow) == 0 }, 'the worker has read it');

my $coming = Dosis::Upload::halfway($dosis, $sent
        . ($sent =~ /(.+\n)\z/)[0] x 2000);
$dosis->wait_for(sub { Dosis::Upload::nameless($dosis) }, 'a file comes in');

sub unread {
    my ($socket) = @_;

    # SIOCOUTQ: bytes that the other side has not taken yet
    my $left = pack 'i', 0;
    ioctl $socket, 0x5411, $left or return 0;
    return unpack 'i', $left;
}

sub temporary {
    return grep {m{^\Q$home\E/tmp/|\(deleted\)}} map { readlink // () }
        grep { readlink($_) !~ m{/store/spool/} } opened();
}

sub opened {
    return grep {-l} map { glob "/proc/$_/fd/*" } $dosis->workers;
}
SKIP: {
    skip 'only root sees the files of a worker', 3 if $> != 0;
    is_deeply([temporary()], [], 'a body on its way is in no file');
    my ($spooled) = grep { readlink($_) =~ m{/store/spool/} } opened();
    cmp_ok(-s $spooled, '>', 65536, 'but a file in the spool');
    is_deeply([$plain->found_in(Dosis::Fixture::read_file($spooled))], [],
        'where nothing of it is plain');
}

sub looked_at {
    my ($when) = @_;

    local $Test::Builder::Level = $Test::Builder::Level + 1;
    my @found = $plain->found_below($home, sub {
            $_[0] =~ m{^\Q$home\E/(?:keys|reference|nginx\.conf)};
        });
    is_deeply(\@found, [], "$when: nothing in any file");
    cmp_ok($plain->{files}, '>=', 6, 'and there were files to look at');
    SKIP: {
        skip 'only root sees what a worker was started with', 1 if $> != 0;
        looked_at_processes();
    }

    return;
}

sub looked_at_processes {
    local $Test::Builder::Level = $Test::Builder::Level + 1;
    my @process;
    for my $pid (grep {defined} $dosis->workers, @$dosis{qw(nginx engine)}) {
        push @process, map {"$pid: $_"} map {
            $plain->found_in(Dosis::Fixture::read_file("/proc/$pid/$_"))
        } qw(environ cmdline);
        my $filter = Dosis::Fixture::read_file("/proc/$pid/coredump_filter");
        push @process, "$pid: the map of a file would be in its core"
            if hex($filter =~ tr/0-9a-f//cdr) & 0xc;
    }
    is_deeply(\@process, [], 'nor in what the system shows of a process');

    return;
}

looked_at('at work');
$dosis->wait_for(sub { ($dosis->ctl(qw(inzage anker)))[0] == 0 },
    'the ledger is anchored');
my ($code, $said) = $dosis->ctl('backup', "$home/backup");
is($code, 0, 'a backup is made') or diag($said);
my @kept = Dosis::Ledger::lines($dosis, '--store', "$home/backup");
cmp_ok(scalar @kept, '>', 10, 'with the access ledger');
($code, $said) = $dosis->ctl('verify', '--store', "$home/backup");
is($code, 0, 'whole, its index and tickets too') or diag($said);
looked_at('with a backup');
is(($dosis->ctl('pauze', 'lift', '--bron', $_))[0], 0, 'the pause ends')
    for 'urn://test/klik', $bron;
$dosis->reload;
$dosis->kill_worker;
$dosis->restart_engine;
$dosis->wait_ready(1);
is_status($dosis->get($base, token => $citizen, client => $dosis->client),
    200, 'killed and restarted');
looked_at('after a reload and kills');
close $slow;
$coming->close;

# The search itself: each form of each value is found where it is put.
my $store = substr Dosis::Fixture::read_file("$home/store/g1.mdb"), 0, 65536;
my @missed;
for my $form (sort keys %{ $plain->{form} }) {
    my $planted = $store;
    substr $planted, length($planted) / 2 + 13, length $form, $form;
    push @missed, $plain->{form}{$form}
        if !grep { $_ eq $plain->{form}{$form} } $plain->found_in($planted);
}
is_deeply(\@missed, [], 'every form would be found in a store');
Dosis::Fixture::write_file("$home/tmp/planted", "x" . reverse $value{straat});
my @seen = $plain->found_below("$home/tmp");
is_deeply(\@seen, ["$home/tmp/planted: straat, reversed"],
    'and in any file');
unlink "$home/tmp/planted";
