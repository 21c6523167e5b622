#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# Requests that began as valid ones, over all routes, mutated: none ends in a
# 5xx or in silence, no worker dies, and the store stays whole. 2,000 of them;
# 100,000 with DOSIS_LONG=1. DOSIS_SEED=n runs those of another seed.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;
use Time::HiRes qw(time);

use Dosis::Check;
use Dosis::Mutation;
use Dosis::Number qw(insz kbo uuid);
use Dosis::Pipeline;
use Dosis::Test qw(query);
use Dosis::Tree ();
use Dosis::Upload;

my $wanted = $ENV{DOSIS_LONG} ? 100_000 : 2_000;
my $seed   = $ENV{DOSIS_SEED} // 20261125;
my $dosis  = Dosis::Test->new(http => 'dosis_csv_uploads 64;');
my $json   = JSON::PP->new->utf8->canonical;
my $v1     = '/api/v1/dosis';
my $import = $dosis->machine('leverancier-a');
my $loket  = $dosis->loket('loket');
my $beheer = $dosis->machine('niemand', scope => 'DosisBeheer');
my $kbo    = kbo(700);
my $user   = $dosis->company($kbo, rechten => ['Lezer']);
my $burger = $dosis->citizen(insz(700));

# Something to find, and the answers that carry cursors and handles.
my $upload = uuid();
my $first  = $dosis->push(
    $dosis->dossier(agent => $kbo, nummer => 'M-1', upload => $upload,
        Doorverwijzing => 'https://www.example.be/1'));
my $id = $first->member('DossierId');
$dosis->store_all([map { $dosis->dossier(agent => $kbo) } 1 .. 5]);
my $csv  = Dosis::Upload::file();
my $file = Dosis::Upload::send_file($dosis, $csv)->member('UploadId');
my $na   = $dosis->list(token => $user, limiet => 2)->member('Volgende');
my $feed = $dosis->get("$v1/wijzigingen", token => $user)->member('Volgende');
my $agents = { Agenten => [{ Identificatie => $kbo, Rechten => ['Lezer'] }] };
my $handle = $dosis->post("$v1/namens", $agents, token => $loket)
    ->member('Namens');

# Each row of the route table, as a client would ask it.
my %body = (
    push => $json->encode($dosis->dossier(
            agent => $kbo, Doorverwijzing => 'https://www.example.be/1',
            Status => { VlaamsFase => 'Behandeling',
                VlaamsCode => 'InBehandeling', Detail1 => 'a',
                Actie => { ActieNodig => JSON::PP::true, Actie => 'b',
                    Voor => '2026-12-15' } })),
    person => $json->encode($dosis->dossier(agent => insz(700))),
    batch  => $json->encode(
        [map { $dosis->dossier(agent => $kbo) } 1 .. 3]),
    zoek => $json->encode({ %$agents, Fase => ['Behandeling'],
            Open => JSON::PP::true, Limiet => 3, Sorteer => 'actie' }),
    namens => $json->encode({ %$agents, Gebruiker => 'x', Doel => 'y' }),
    uitleg => $json->encode({ %$agents, DossierId => $id, Doel => 'y',
            Zekerheid => 'z', Mandataris => $kbo }),
    # of those that are taken only so many may wait
    csv  => $csv =~ s/WijzigingsDatum/Datum/r,
    gzip => Dosis::Upload::gzip(($csv =~ /^(.*\n)/)[0]),
);
my $filters = query(fase => 'Behandeling', bron => 'urn://test/subsidies',
    sinds => '2020-01-01', tot => '2030-01-01T00:00:00Z', limiet => 3,
    open => 'true', sorteer => '-wijzigingsDatum');
my $key = query(bron => 'urn://test/subsidies', dossierNummer => 'M-1');

sub asked {
    my ($method, $path, $query, $token, $body, @headers) = @_;

    push @headers, ['Content-Type', 'application/json']
        if defined $body && !grep { $_->[0] eq 'Content-Type' } @headers;

    return { method => $method, path => $path, query => $query,
        token => $token, body => $body, headers => \@headers };
}

my @requests = (
    asked('GET', "$v1/dossiers", $filters, $user),
    asked('GET', "$v1/dossiers", "limiet=2&na=$na", $user),
    asked('GET', "$v1/dossiers", '', $burger),
    asked('GET', "$v1/dossiers", "agent=$kbo&recht=Lezer&sorteer=actie",
        $loket),
    asked('GET', "$v1/dossiers", '', $loket, undef, ['Dosis-Namens', $handle]),
    asked('GET', "$v1/dossiers", '', $user, undef,
        ['Accept', 'application/ld+json'], ['If-None-Match', '"x"']),
    asked('GET', "$v1/dossiers/$id", '', $user),
    asked('GET', "$v1/dossiers/$id", 'opDatum=2026-11-01T10:00:00', $user),
    asked('GET', "$v1/dossiers/$id/historiek", 'limiet=1', $user),
    asked('GET', "$v1/overzicht", '', $user),
    asked('GET', "$v1/inzages", 'limiet=2', $user),
    asked('GET', "$v1/wijzigingen", "na=$feed&limiet=2", $user),
    asked('GET', "$v1/wijzigingen", "na=$feed", $user, undef,
        ['Prefer', 'wait=1']),
    asked('GET', "$v1/wijzigingen", '', $user, undef,
        ['Accept', 'text/event-stream'], ['Last-Event-ID', $feed]),
    asked('QUERY', "$v1/dossiers", '', $loket, $body{zoek}),
    asked('POST', "$v1/dossiers/zoek", '', $loket, $body{zoek}),
    asked('POST', "$v1/namens", '', $loket, $body{namens}),
    asked('POST', "$v1/uitleg", '', $import, $body{uitleg}),
    asked('GET', "$v1/beheer/toestand", '', $beheer),
    asked('GET', "$v1/beheer/uploads", 'limiet=2', $beheer),
    asked('GET', "$v1/beheer/uploads/1", '', $beheer),
    asked('DELETE', "$v1/beheer/uploads/1", '', $beheer),
    asked('GET', "$v1/beheer/bronnen", 'limiet=2&na=urn://test/', $beheer),
    asked('GET', "$v1/beheer/clienten", 'limiet=2&na=l', $beheer),
    asked('POST', "$v1/dossiers", '', $import, $body{push}),
    asked('POST', "$v1/dossiers", 'proef=true', $import, $body{push}),
    asked('POST', "$v1/dossiers", '', $import, $body{person}),
    asked('POST', "$v1/dossiers", '', $import, $body{batch}),
    asked('POST', "$v1/dossiers", 'bestand=x.csv&proef=true', $import,
        $body{csv}, ['Content-Type', 'text/csv; charset=utf-8'],
        ['Content-Disposition', 'attachment; filename="x.csv"']),
    asked('POST', "$v1/dossiers", "volledig=true&peildatum=2026-01-01&$key",
        $import, $body{gzip}, ['Content-Type', 'text/csv'],
        ['Content-Encoding', 'gzip']),
    asked('GET', "$v1/uploads", 'limiet=2', $import),
    asked('GET', "$v1/uploads/$file", '', $import),
    asked('GET', "$v1/uploads/$file/fouten", 'limiet=2', $import),
    asked('GET', "$v1/uploads/$file/fouten", '', $import, undef,
        ['Accept', 'text/csv']),
    asked('GET', "$v1/uploads/$file/waarschuwingen", 'limiet=2', $import),
    asked('DELETE', "$v1/uploads/$file", '', $import),
    asked('GET', "$v1/sjabloon.csv", '', $user),
    asked('POST', '/api/v2/dosis/dossiers', '', $import, $body{push}),
    asked('POST', '/api/v2/dossiers', '', $import, $body{batch}),
    asked('POST', "$v1/dossiers", '', $import, $body{push},
        ['If-Match', $first->header('ETag') // '*']),
    asked('DELETE', "$v1/dossiers", "$key&wijzigingsDatum=2026-05-01",
        $import),
    asked('GET', "$v1/resultaten/perUploadId", "uploadId=$upload", $import),
    asked('GET', "$v1/resultaten", $key, $import),
    asked('GET', "$v1/resultaten/fouten", 'bron=urn://test/subsidies',
        $import),
    asked('GET', '/api/v2/dosis/bronnen/uris', '', $import),
    asked('GET', "$v1/bronnen/dossiers", 'bron=urn://test/subsidies&limiet=2',
        $import),
    asked('GET', "$v1/instellingen/validatie", '', $user),
    asked('GET', "$v1/instellingen/limieten", '', $user),
    asked('GET', "$v1/codelijsten/StatusVlaamsFase", '', $user),
    asked('GET', '/api/cl/dosis/v1/codelijsten/TypeDossier', '', $import),
    asked('GET', '/api/openapi.json', '', undef),
    asked('GET', '/api/context.jsonld', '', undef),
    asked('POST', "$v1/dossiers/$id/doorverwijzing", '', $user),
    asked('GET', '/door/' . 'A' x 32, '', undef, undef,
        ['Accept', 'text/html'], ['Cookie', 'dosis-door=x'],
        ['Sec-Purpose', 'x']),
    asked('GET', '/.well-known/jwks.json', '', undef),
    asked('GET', '/health/live', '', undef),
    asked('GET', '/health/ready', '', undef),
);

# Nothing was forgotten.
my $table = Dosis::Tree::read_text('ngx_dosis_module/http/ngx_dosis_route.c');
my $rows = () = $table =~ /^    \{ "[A-Z]+",/mg;
my %route = map { my $path = $_->{path}
        =~ s/\Q$id\E|\Q$file\E|(?<=codelijsten.)\w+/{}/r;
    ("$_->{method} $path" => 1) } @requests;
is(scalar keys %route, $rows, 'the requests are of every route');

my @workers = sort $dosis->workers;
my $before  = log_size();
my $began   = time;
my $pipeline = Dosis::Pipeline->new(
    port        => $dosis->{port},
    connections => 24,
);
# What stood behind a request that ended the connection was never read.
$pipeline->{next} = sub {
    return $pipeline->{answered} < $wanted
        ? Dosis::Mutation::mutated(\@requests)
        : ();
};
srand $seed;
$pipeline->run;
my $took = time - $began;

my %said = %{ $pipeline->{status} };
diag(sprintf 'seed %d: %d requests in %.1f s, %d answers: %s', $seed,
    $pipeline->{sent}, $took, $pipeline->{answered}, join ', ', map {"$said{$_} x $_"}
    sort keys %said) if $ENV{DOSIS_LONG} || $ENV{HARNESS_VERBOSE};
cmp_ok($pipeline->{answered}, '>=', $wanted,
    "$wanted requests were answered (seed $seed)");
is_deeply([map { substr $_, 0, 200 } @{ $pipeline->{missed} }], [],
    'each that ends was answered');

# The access log knows of each, also of those whose answer was not read.
my (%logged, @wrong);
for my $line (access_lines()) {
    my ($status, $request) = $line =~ /^\S+ (\d{3}) "(.*)/ or next;
    $logged{$status}++;
    push @wrong, $line if $status >= 500 && !is_transport($status, $request);
}

# What HTTP itself prescribes for another version, or transfer coding, comes
# from nginx before a door is known.
sub is_transport {
    my ($status, $request) = @_;

    return $status == 501
        || $status == 505 && $request !~ m{^\S+ \S+ HTTP/1\.\d"};
}

is_deeply([map { substr $_, 0, 300 } @wrong[0 .. ($#wrong < 9 ? $#wrong : 9)]],
    [], 'none ends in a 5xx');
cmp_ok($logged{200} // 0, '>', $wanted / 20,
    'some are still good: ' . ($logged{200} // 0));
cmp_ok($logged{400} // 0, '>', $wanted / 20,
    'many are refused: ' . ($logged{400} // 0));
is_deeply([sort $dosis->workers], \@workers, 'the workers are the same');
is_stored($dosis->push($dosis->dossier(agent => $kbo)), 'Nieuw',
    'a good delivery is stored as ever');
is_status($dosis->list(token => $user), 200, 'and a good question answered');

sub log_size { return -s "$dosis->{home}/log/access.log" }

sub access_lines {
    open my $log, '<:raw', "$dosis->{home}/log/access.log" or die "$!\n";
    seek $log, $before, 0;

    return <$log>;
}
