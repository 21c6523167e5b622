#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# Doorverwijzing of a row, a detail and an event is where a click-through is
# asked, never the address delivered; it is there when the source's rules let
# somebody go there. The source itself reads what it delivered.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use JSON::PP ();
use Test::More;

use Dosis::Check;
use Dosis::Number qw(kbo);
use Dosis::Port qw(claim_port);
use Dosis::Test   qw(query);
use Dosis::Tls;

my $v1    = '/api/v1/dosis/dossiers';
my $fixed = 'https://dosis.example.be/basis';
my $port  = claim_port();
my $dosis = Dosis::Test->new(
    nginx  => 0,
    server => "location /voor/ { dosis on; dosis_prefix /voor; }\n"
        . "location /basis/ { dosis on; dosis_prefix /basis;"
        . " dosis_base $fixed; }\n",
    reference => {
        bronnen => [
            {   Bron     => 'urn://klik/eng',
                Naam     => 'Eng',
                Doorklik => { Hosten => ['loket.example.be', '*.bron.be'] },
            },
            { Bron => 'urn://klik/wijd', Naam => 'Wijd' },
        ],
        clients => [
            {   Client  => 'klik',
                Naam    => 'Klik',
                Bronnen => ['urn://klik/eng', 'urn://klik/wijd'],
            }
        ],
    },
);
my $tls = Dosis::Tls->new("$dosis->{home}/tls");
$tls->certificate('server');
$dosis->{config}{http} = <<"END";
        server {
            listen 127.0.0.1:$port ssl;
            ssl_certificate $dosis->{home}/tls/server.pem;
            ssl_certificate_key $dosis->{home}/tls/server.key;
            location / { dosis on; }
        }
END
$dosis->start_nginx;

my $kbo    = kbo(61);
my $token  = $dosis->company($kbo, rechten => ['Lezer']);
my $loket  = $dosis->loket('loket');
my $target = 'https://loket.example.be/dossier/1';
my $id     = delivered('urn://klik/eng', $target);
my $path   = "$v1/$id/doorverwijzing";

# Each door that shows a row or a detail, without a prefix, with one, and
# where our whole address is configured.
for my $case (['', ''], ['/voor', '/voor'], ['/basis', $fixed]) {
    my ($prefix, $door) = @$case;
    my %said = (
        list => $dosis->get("$prefix$v1", token => $token)
            ->member('Dossiers', 0),
        detail  => $dosis->get("$prefix$v1/$id", token => $token)->json,
        opDatum => $dosis->get("$prefix$v1/$id?opDatum=2099-01-01",
            token => $token)->json,
        feed => $dosis->get("$prefix/api/v1/dosis/wijzigingen",
            token => $token)->member('Wijzigingen', 0, 'data'),
        zoek => $dosis->post("$prefix$v1/zoek", {
                Agenten => [
                    { Identificatie => $kbo, Rechten => ['Lezer'] },
                    map { { Identificatie => kbo($_), Rechten => ['Lezer'] } }
                        100 .. 140
                ]
            }, token => $loket)->member('Dossiers', 0),
    );
    is($said{$_}{Doorverwijzing}, "$door$path", "$_: asked at '$door'")
        for sort keys %said;
    unlike(join(' ', map { JSON::PP->new->encode($_) } values %said),
        qr/\Q$target\E/, 'nowhere the address delivered');
}
my $given = $dosis->post($path, undef, token => $token);
is_status($given, 200, 'there it is given');
is($dosis->get($given->member('Url'))->header('Location'), $target,
    'and leads to the address delivered');
my $own = $dosis->get('/api/v1/dosis/bronnen/dossiers?'
        . query(bron => 'urn://klik/eng'), token => $dosis->machine('klik'));
is($own->member('Dossiers', 0, 'Doorverwijzing'), $target,
    'the source reads what it delivered');

# Only where its source lets somebody go: the list says what asking would.
for my $row (
    ['urn://klik/eng',  'https://x.bron.be/1',              1],
    ['urn://klik/eng',  'HTTPS://LOKET.example.be:8443/?a', 1],
    ['urn://klik/eng',  'https://bron.be/1',                0],
    ['urn://klik/eng',  'https://elders.example.be/1',      0],
    ['urn://klik/eng',  'http://loket.example.be/1',        0],
    ['urn://klik/wijd', 'https://elders.example.be/1',      1],
    ['urn://klik/wijd', 'https://elders.example.be:1?x',    1],
    ['urn://klik/wijd', 'http://elders.example.be/1',       0],
    ['urn://klik/wijd', "https://\x{e9}l.example.be/1",     0],
    ['urn://klik/wijd', "https://el.example.be/\x{e9}",     1],
    ['urn://klik/wijd', undef,                              0],
    )
{
    my ($bron, $url, $opens) = @$row;
    my $this  = delivered($bron, $url);
    my ($of) = grep { $_->{DossierId} eq $this } @{ $dosis->list(
        token => $token, limiet => 100)->member('Dossiers') };
    my $name = $url // 'no address';
    $name =~ s/\x{e9}/e'/;
    is(exists $of->{Doorverwijzing} ? 1 : 0, $opens,
        "$bron, $name: told: " . ($opens ? 'yes' : 'no'));
    is($dosis->post("$v1/$this/doorverwijzing", undef,
            token => $token)->status, $opens ? 200 : 404, 'as when asked');
}
is(($dosis->ctl(qw(bron change urn://klik/eng Doorklik.Hosten=elders.be)))[0], 0,
    'the source lists another host');
ok(!exists $dosis->get("$v1/$id", token => $token)->json->{Doorverwijzing},
    'from the next request on it is told no more');

# Over TLS the ticket of a browser hangs on a __Host- cookie.
my $https = "https://localhost:$port";
my $open  = delivered('urn://klik/wijd', $target);
my $asked = $tls->request("$https$v1/$open/doorverwijzing",
    method => 'POST', token => $token, headers => ['Sec-Fetch-Site: same-origin']);
is_status($asked, 200, 'asked by a browser over TLS');
like($asked->header('Set-Cookie') // '',
    qr/^__Host-dosis-door=[\w-]{22}; Path=\/; Max-Age=60; HttpOnly; SameSite=Lax; Secure$/,
    'a __Host- cookie, Secure');
my ($cookie) = ($asked->header('Set-Cookie') // '') =~ /^__Host-([^;]+)/;
my $door = $https . $asked->member('Url');
is_status($tls->request($door), 410, 'without it: gone');
is_status($tls->request($door, headers => ["Cookie: $cookie"]), 410,
    'nor with a cookie that another page could set');
is_status($tls->request($door, headers => ["Cookie: __Host-$cookie"]), 303,
    'with it: on to the source');

sub delivered {
    my ($bron, $url) = @_;

    my $pushed = $dosis->push(
        $dosis->dossier(agent => $kbo, bron => $bron,
            defined $url ? (Doorverwijzing => $url) : ()), as => 'klik');

    return $pushed->member('DossierId')
        // die 'not delivered: ' . $pushed->text . "\n";
}
