#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# The example for production is right: all its configurations are taken as they
# stand but for addresses and paths, and a request with a client certificate
# goes through the edge to DOSIS and back, or to DOSIS inside the edge. A
# click-through is opened there, and who shows no signed token is held back.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Number qw(insz kbo);
use Dosis::Port qw(claim_port);
use Dosis::Test;
use Dosis::Tls;
use Dosis::Token;

my $dosis = Dosis::Test->new(nginx => 0, expect => [qr/limiting requests/]);
my $home  = $dosis->{home};
my $conf  = "$dosis->{top}/conf";
my %port  = map { $_ => claim_port() }
    qw(edge dosis health inside inside_health);

mkdir "$home/$_" for qw(etc etc/dosis etc/nginx etc/docs etc/portal log/edge log/inside);
my $tls = Dosis::Tls->new("$home/etc/tls");
$tls->certificate($_) for qw(fullchain edge client other);
$tls->certificate('dosis', host => 'dosis.internal');
rename $tls->path('fullchain.key'), $tls->path('privkey.key');
for my $pair (['ca.pem', 'internal-ca.pem'], ['privkey.key', 'privkey.pem']) {
    my ($from, $to) = @$pair;
    Dosis::Fixture::write_file($tls->path($to),
        Dosis::Fixture::read_file($tls->path($from)));
}

# The files of the example with this machine's addresses and paths.
sub placed {
    my ($name, $log) = @_;
    my ($world, $health) = $log =~ /inside/ ? qw(inside inside_health)
                                            : qw(edge health);

    my $text = Dosis::Fixture::read_file("$conf/$name");
    my $user = $> == 0 ? 'user root;' : '';
    my $temp = join ' ', map {"${_}_temp_path $home/tmp/$_;"}
        qw(client_body proxy fastcgi uwsgi scgi);
    my %how = (
        qr/^user .*;.*$/m              => $user,
        qr/^worker_rlimit_nofile .*$/m => '',    # only root may raise it
        qr/^load_module .*$/m          =>
            "load_module $dosis->{build}/ngx_dosis_module.so;",
        qr/^\s*listen \[::\]:443.*$/m  => '',
        qr/listen 443/                 => "listen 127.0.0.1:$port{$world}",
        qr/10\.0\.0\.8:8443/           => "127.0.0.1:$port{dosis}",
        qr/127\.0\.0\.1:8080/          => "127.0.0.1:$port{$health}",
        qr/10\.0\.0\.7/                => '127.0.0.1',
        qr{/etc/nginx/tls|/etc/dosis/tls} => "$home/etc/tls",
        qr{/etc/dosis/kek\.hex}        => "$home/keys/kek.hex",
        qr{/etc/dosis/issuer\.jwks\.json} => "$home/keys/jwks.json",
        qr{https://issuer\.example\.be} => Dosis::Token::ISSUER(),
        qr{/etc/nginx/dosis\.conf}     => "$home/etc/nginx/dosis.conf",
        qr{/usr/share/dosis/docs}      => "$home/etc/docs",
        qr{/usr/share/dosis/portal}    => "$home/etc/portal",
        qr{/var/lib/dosis/store}       => "$home/store",
        qr{/var/log/nginx}             => "$home/$log",
        qr{(?<=zone=unsigned):10m rate=50r/s} => ":10m rate=1r/m",
        qr/zone=unsigned burst=100/    => 'zone=unsigned burst=20',
        qr{/run/dosis/dosisd\.sock}    => "$home/run/dosisd.sock",
        qr{/run/nginx\.pid}            => "$home/run/$log.pid" =~ s{log/}{}r,
        qr/^http \{$/m                 => "http {\n    $temp",
    );
    for my $pattern (sort keys %how) {
        $text =~ s/$pattern/$how{$pattern}/g;
    }

    return $text;
}

sub placed_file {
    my ($name, $to, $log) = @_;

    Dosis::Fixture::write_file("$home/etc/nginx/$to", placed($name, $log));

    return "$home/etc/nginx/$to";
}

placed_file('dosis.conf', 'dosis.conf', 'log');
Dosis::Fixture::write_file("$home/etc/portal/index.html", '<!DOCTYPE html>');
Dosis::Fixture::write_file("$home/etc/portal/config.json",
    placed('portal.json', 'log'));
my %file = (
    edge  => placed_file('production/edge.conf', 'edge.conf', 'log/edge'),
    dosis => placed_file('production/nginx.conf', 'nginx.conf', 'log'),
    inside => placed_file(
        'production/edge-with-dosis.conf', 'inside.conf', 'log/inside'),
);
sub nginx_test {
    my ($path) = @_;

    my %env = Dosis::Test::sanitizer_env();
    local @ENV{ keys %env } = values %env;
    my $said = Dosis::Test::run_quietly(Dosis::Test::nginx_path(), '-t',
        '-e', 'stderr', '-p', "$home/", '-c', $path);

    return ($? >> 8, $said);
}
for my $part (sort keys %file) {
    my ($code, $said) = nginx_test($file{$part});
    is($code, 0, "$part: nginx -t takes it") or diag($said);
    unlike($said, qr/\[(?:warn|error|emerg)\]/, 'without a word');
}

my %pid;
my %env = Dosis::Test::sanitizer_env();
for my $part (sort keys %file) {
    $pid{$part} = $dosis->spawn("$part.out", \%env, Dosis::Test::nginx_path(),
        '-e', "$home/log/$part.start", '-p', "$home/", '-c', $file{$part},
        '-g', 'daemon off;');
}
END {
    my $code = $?;
    for my $part (sort keys %pid) {
        kill QUIT => $pid{$part};
        waitpid $pid{$part}, 0;
    }
    $? = $code;
}
for my $part (qw(health inside_health)) {
    my $health = $dosis->client(port => $port{$part});
    $dosis->wait_for(
        sub {
            my $answer = eval { $health->request('GET', '/health/ready') };
            return $answer && $answer->status == 200;
        },
        "$part: DOSIS is ready");
}
my $edge = "https://localhost:$port{edge}";
my $both = "https://localhost:$port{inside}";
for my $part ($edge, $both) {
    $dosis->wait_for(
        sub {
            $tls->request("$part/nergens", token => 'eyJ.x.y')->status == 404;
        },
        'the edge answers');
}

my $base  = '/api/v1/dosis/dossiers';
my $bound = $dosis->company(kbo(1), rechten => ['Lezer'],
    cnf => $tls->cnf('client'));
my $import = $dosis->machine('leverancier-a', cnf => $tls->cnf('client'));
my $push = $tls->request("$edge$base", method => 'POST', token => $import,
    client => 'client', body => $dosis->dossier);
is_stored($push, 'Nieuw', 'a delivery through the edge');
is($push->{version}, '2', 'over HTTP/2');
my $list = $tls->request("$edge$base?bron=urn://test/subsidies", token => $bound,
    client => 'client');
is_status($list, 200, 'a question through the edge');
is(scalar Dosis::Test::numbers($list), 1, 'with an answer');
for my $case (
    ['Strict-Transport-Security', qr/max-age=31536000/],
    ['X-Content-Type-Options', qr/^nosniff$/],
    ['Referrer-Policy',        qr/^no-referrer$/],
    ['Server',                 qr/^nginx$/],
    )
{
    my ($name, $says) = @$case;
    like($list->header($name) // '', $says, "with $name");
}
for my $client ('other', undef) {
    my $answer = $tls->request("$edge$base", token => $bound,
        client => $client, headers => ['X-Client-Cert: '
                . $tls->escaped('client'), 'X-Forwarded-Proto: https']);
    is_problem($answer, 401, 'TokenOngeldig',
        'its token with ' . ($client // 'no') . ' certificate, and a header'
            . ' that says otherwise');
}
is_status($tls->request("$edge$base",
        token => $dosis->company(kbo(1), rechten => ['Lezer'])),
    200, 'a token bound to nothing needs no certificate');
is_status($tls->request("$edge/health/ready"), 404,
    'health is not for the world');
is_status($tls->request("$edge$base", more => ['--tls-max', '1.2']), 0,
    'TLS 1.2 is not spoken');
my $inside = "https://localhost:$port{dosis}$base";
is_status($tls->request($inside, token => $bound), 400,
    'DOSIS itself speaks with the edge only');
is_status($tls->request($inside, token => $bound, client => 'edge',
        headers => ['X-Client-Cert: ' . $tls->escaped('client')]),
    200, 'which says whose certificate it saw');

# Inside the edge: the certificate is that of the connection.
is_status($tls->request("$both$base", token => $bound, client => 'client'),
    200, 'DOSIS inside the edge takes a bound token with its certificate');
is_problem($tls->request("$both$base", token => $bound,
        headers => ['X-Client-Cert: ' . $tls->escaped('client')]),
    401, 'TokenOngeldig', 'and no header in its place');
is_status($tls->request("$both/health/ready", token => 'eyJ.x.y'), 404,
    'health is not for the world there either');

# The portal: files, of which a browser may do no more than they need.
my $page = $tls->request("$edge/", token => 'eyJ.x.y');
is_status($page, 200, 'the portal');
is($page->header('Content-Type'), 'text/html; charset=utf-8', 'is a page');
is($page->header('Cache-Control'), 'no-cache', 'asked about each time');
my $policy = $page->header('Content-Security-Policy') // '';
like($policy, qr/^default-src 'none'; script-src 'self'; style-src 'self'; /,
    'with its own scripts and styles only');
unlike($policy, qr/unsafe|\*/, 'and nothing let through');
my $told = $tls->request("$edge/config.json", token => 'eyJ.x.y');
is($told->header('Content-Type'), 'application/json',
    'what it is told of its place');
is($told->member('Uitgever')->{Adres}, Dosis::Token::ISSUER(),
    'where people log in');
like($policy, qr{connect-src 'self' \Q@{[$told->member('Uitgever')->{Adres}]}\E;},
    'is where it may fetch from, and nowhere else');
is_status($tls->request("$edge$_", token => 'eyJ.x.y'), 404, "$_ is no page")
    for '/dosis.conf', '/js/nergens.js';

# A click-through, by both ways.
my $url  = 'https://loket.example.be/dossier/1';
my $made = $tls->request("$edge$base", method => 'POST', token => $import,
    client => 'client',
    body   => $dosis->dossier(nummer => 'D-1', Doorverwijzing => $url));
my $id = $made->member('DossierId');
my @ticket;
for my $part ($edge, $both) {
    my $asked = $tls->request("$part$base/$id/doorverwijzing",
        method => 'POST', token => $bound, client => 'client');
    like($asked->member('Url'), qr{^https://dosis\.example\.be/door/[\w-]{32}$},
        'a click-through begins with the address of the edge');
    my ($ticket) = $asked->member('Url') =~ m{/door/(.*)};
    push @ticket, $ticket;
    my $open = $tls->request("$part/door/$ticket");
    is_status($open, 303, 'it opens there');
    is($open->header('Location'), $url, 'at the source');
    $asked = $tls->request("$part$base/$id/doorverwijzing",
        method => 'POST', token => $bound, client => 'client',
        headers => ['Origin: https://portaal.example.be']);
    my ($cookie, $rest) = split /; /, $asked->header('Set-Cookie') // '', 2;
    like($cookie, qr/^__Host-dosis-door=[\w-]{22}$/, 'a browser gets a cookie');
    is($rest, 'Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure',
        'for this host and TLS only, out of reach of scripts');
    my ($theirs) = $asked->member('Url') =~ m{(/door/.*)};
    is_status($tls->request("$part$theirs"), 410, 'another browser has no use');
    is_status($tls->request("$part$theirs", headers => ["Cookie: $cookie"]), 303,
        'that one goes on');
    is_status($tls->request("$part/.well-known/jwks.json"), 200,
        'who checks assertions finds the keys');
}

# Without a signed token there is less room, and others do not feel it.
for my $part ($edge, $both) {
    my %got = map { $tls->request("$part/door/" . 'A' x 32)->status => 1 }
        1 .. 24;
    is_deeply([sort keys %got], [410, 503], 'who tries tickets is held back');
    for my $token ('mF_9.B5f-4.1JqM', 'eyJhbGciOi', 'eyJ.a.b.c', 'EyJ.a.b') {
        is($tls->request("$part$base", token => $token)->status, 503,
            "so is who tries '$token', about which an issuer would be asked");
    }
    is_status($tls->request("$part$base", token => $bound,
            client => 'client'), 200, 'a signed token goes on');
}

my $number = insz(70);
$tls->request("$edge/api/v1/$number?d=Quisthoudt", token => $bound,
    client => 'client');
kill USR1 => $_ for values %pid;
my $logs = sub {
    return map { Dosis::Fixture::read_file($_) }
        glob "$home/log/*.log $home/log/edge/*.log $home/log/inside/*.log";
};
my @access = ("$home/log/access.log", "$home/log/edge/access.log",
    "$home/log/inside/dosis.log");
my $written = sub {
    return grep { -e && Dosis::Fixture::read_file($_) =~ m{/api/v1/} } @access;
};
my $ticket = qr{ GET /door/\(ticket\) HTTP/2(?:\.0)? 303 };
$dosis->wait_for(
    sub { @access == $written->() && join('', $logs->()) =~ $ticket },
    'each has written its log');
my $log = join '', $logs->();
like($log, $ticket,
    'a ticket stands in no log of the edge');
like($log, qr{ POST $base HTTP/2\.0 200 .* TLSv1\.3 }, 'the edge logs the address');
unlike($log, qr/$_/, "no log has $_")
    for 'subsidies', 'Quisthoudt', $number, 'access_token', kbo(1), @ticket,
    'mF_9';

SKIP: {
    my $verify = '/usr/bin/systemd-analyze';
    skip 'systemd-analyze is not installed', 3 if !-x $verify;
    my %unit = (
        'dosisd.service' => "$conf/dosisd.service",
        map { $_ => "$conf/production/$_" }
            qw(dosis-backup.service dosis-backup.timer),
    );
    mkdir "$home/units";
    for my $name (sort keys %unit) {
        Dosis::Fixture::write_file("$home/units/$name",
            Dosis::Fixture::read_file($unit{$name})
                =~ s{/usr/s?bin/dosis\w+}{/bin/true}gr);
    }
    for my $name (sort keys %unit) {
        my $said = Dosis::Test::run_quietly($verify, 'verify', '--man=no',
            '--recursive-errors=no', "$home/units/$name");
        is($said, '', "$name is a right unit");
    }
}
