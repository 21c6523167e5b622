#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# The address of a click-through is of use once, to who was given it: of all
# that open it at the same moment, in any worker, one goes on.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use IO::Socket::INET ();
use Test::More;

use Dosis::Check;
use Dosis::Number qw(kbo insz);
use Dosis::Test;

use constant AT_ONCE => 64;

my $dosis = Dosis::Test->new(server => <<'END');
        location /statussen/ { dosis on; dosis_prefix /statussen; }
END
my $v1     = '/api/v1/dosis/dossiers';
my $url    = 'https://loket.example.be/dossier/1?a=b#deel';
my $kbo    = kbo(41);
my $token  = $dosis->company($kbo, rechten => ['Lezer']);
my $pushed = $dosis->push(
    $dosis->dossier(agent => $kbo, nummer => 'K-1', Doorverwijzing => $url));
my $id = $pushed->member('DossierId');
is_deeply($pushed->member('Waarschuwingen'), [], 'an address that may be opened');

# Asked.
my $asked = ask();
is_status($asked, 200, 'an address is given');
is($asked->member('Methode'), 'url', 'with its method');
like($asked->member('Url'), qr{^/door/[A-Za-z0-9_-]{32}$}, 'it is relative');
like($asked->member('VervaltOp'), qr/^20\d\d-.+Z$/, 'and expires');
is($asked->header('Cache-Control'), 'no-store', 'no cache keeps it');
is($asked->header('Set-Cookie'), undef, 'a back end gets no cookie');
is_problem(ask(token => $dosis->company(kbo(42), rechten => ['Lezer'])),
    404, 'NietGevonden', 'another organisation: as if it is not there');
is_problem($dosis->post("$v1/x/doorverwijzing", undef, token => $token),
    404, 'NietGevonden', 'no dossier: the same');
is_problem($dosis->post("$v1/$id/doorverwijzing", undef), 401,
    'TokenOntbreekt', 'without a token');

# Not used up.
my $door = $asked->member('Url');
is_status($dosis->request('HEAD', $door), 204, 'HEAD takes nothing');
for my $row (['Sec-Purpose' => 'prefetch;prerender'], ['Purpose' => 'prefetch'],
    ['X-Moz' => 'prefetch'])
{
    is_problem($dosis->get($door, headers => $row), 425, 'TeVroeg',
        "$row->[0]: takes nothing");
}
is_problem($dosis->post($door, {}), 405, 'MethodeNietToegelaten', 'POST: no');

# Opened.
my $opened = $dosis->get($door);
is_status($opened, 303, 'then it opens');
is($opened->header('Location'), $url, 'at the bare address');
is($opened->header('Referrer-Policy'), 'no-referrer', 'without a referrer');
is($opened->header('Cache-Control'), 'no-store', 'kept by nobody');
is($opened->body, '', 'and nothing else');
my $again = $dosis->get($door);
is_problem($again, 410, 'DoorverwijzingVervallen', 'a second time it is gone');
my $unknown = $dosis->get('/door/' . 'A' x 32);
is_problem($unknown, 410, 'DoorverwijzingVervallen', 'as one that never was');
is_problem($dosis->get('/door/x'), 410, 'DoorverwijzingVervallen',
    'and what is no ticket at all');
my $page = $dosis->get($door, headers => [Accept => 'text/html,*/*;q=0.8']);
is_status($page, 410, 'a browser gets a page');
like($page->header('Content-Type'), qr{^text/html}, 'of HTML');
like($page->header('Content-Security-Policy'), qr/^default-src 'none';/,
    'under a strict policy');
like($page->body, qr/lang="en"/, 'in Dutch and English');
unlike($page->body, qr/\Q$id\E|example/, 'that tells nothing');
is($page->body =~ s/x//gr,
    $dosis->get('/door/' . 'B' x 32, headers => [Accept => 'text/html'])->body
        =~ s/x//gr,
    'the same for every reason');

# Many at once.
for my $round (1 .. 3) {
    my @status = open_at_once(ask()->member('Url'));
    is(scalar(grep { $_ == 303 } @status), 1, "round $round: one of 64 goes on");
    is(scalar(grep { $_ == 410 } @status), AT_ONCE - 1, 'the others are told');
}

# Across a reload.
my $held = ask()->member('Url');
$dosis->reload;
is_status($dosis->get($held), 303, 'a reload forgets no ticket');
is_problem($dosis->get($held), 410, 'DoorverwijzingVervallen', 'nor that it is used');

# A browser.
my @browser = ('Sec-Fetch-Site' => 'same-origin');
my $bound  = ask(headers => \@browser);
my $cookie = $bound->header('Set-Cookie') // '';
like($cookie,
    qr/^dosis-door=[\w-]{22}; Path=\/; Max-Age=60; HttpOnly; SameSite=Lax$/,
    'a browser gets a cookie; on this machine, without TLS, a plain one');
my ($pair) = $cookie =~ /^([^;]+)/;
is_problem($dosis->get($bound->member('Url')), 410, 'DoorverwijzingVervallen',
    'another browser cannot open it');
is_problem(
    $dosis->get($bound->member('Url'),
        headers => [Cookie => 'dosis-door=AAAAAAAAAAAAAAAAAAAAAA']),
    410, 'DoorverwijzingVervallen', 'nor with a cookie of its own');
my $second = ask(headers => [@browser, Cookie => "a=b; $pair"]);
like($second->header('Set-Cookie'), qr/^\Q$pair\E;/, 'a second click keeps it');
for my $one ($bound, $second) {
    is_status($dosis->get($one->member('Url'), headers => [Cookie => $pair]),
        303, 'its own browser opens it');
}

# Access is judged when it is opened.
my $lost = ask()->member('Url');
$dosis->push($dosis->dossier(agent => $kbo, nummer => 'K-1',
    Doorverwijzing => $url, rechten => ['Ander'],
    datum => '2026-03-02T10:00:00'));
is_problem($dosis->get($lost), 410, 'DoorverwijzingVervallen',
    'access lost meanwhile: gone');
$dosis->push($dosis->dossier(agent => $kbo, nummer => 'K-1',
    Doorverwijzing => $url, datum => '2026-03-03T10:00:00'));

# A counter; a client switched off meanwhile.
my @namens = ('Dosis-Namens' => $dosis->post('/api/v1/dosis/namens',
        { Agenten => [{ Identificatie => $kbo, Rechten => ['Lezer'] }] },
        token => $dosis->loket('loket'))->member('Namens'));
my @loket = (token => $dosis->loket('loket'), headers => \@namens);
is_status($dosis->get(ask(@loket)->member('Url')), 303, 'a counter asks too');
my $off = ask(@loket)->member('Url');
is(($dosis->ctl(qw(client off loket)))[0], 0, 'the counter is switched off');
is_problem($dosis->get($off), 410, 'DoorverwijzingVervallen',
    'what it was given opens no more');

# Ceiling of one user.
my @many = map { ask()->status } 1 .. 25;
is_deeply([sort { $a <=> $b } grep { $_ != 200 } @many],
    [(429) x grep { $_ == 429 } @many], 'too many at once: 429');
cmp_ok(scalar(grep { $_ == 200 } @many), '<=', 20, 'at most twenty are open');

# Behind a prefix, and in the log.
my $prefixed = $dosis->post("/statussen$v1/$id/doorverwijzing", undef,
    token => $dosis->company($kbo, rechten => ['Lezer', 'Twee']));
SKIP: {
    skip 'the ceiling of this user is reached', 1
        if $prefixed->status == 429;
    like($prefixed->member('Url'), qr{^/statussen/door/}, 'behind a prefix');
}
my $log = Dosis::Fixture::read_file("$dosis->{home}/log/access.log")
    . Dosis::Fixture::read_file("$dosis->{home}/log/error.log");
my ($secret) = $door =~ m{/door/(.+)};
ok(index($log, $secret) < 0, "no ticket stands in a log");

sub ask {
    my (%option) = @_;

    return $dosis->post("$v1/$id/doorverwijzing", undef,
        token => $token, %option);
}

# The statuses.
sub open_at_once {
    my ($path) = @_;

    my @sockets = map {
        IO::Socket::INET->new(PeerAddr => "127.0.0.1:$dosis->{port}")
            or die "cannot connect: $!\n"
    } 1 .. AT_ONCE;
    print {$_} "GET $path HTTP/1.1\r\nHost: localhost\r\n"
        . "Connection: close\r\n\r\n"
        for @sockets;
    local $/;

    return map { my $said = <$_> // ''; $said =~ m{^HTTP/1.1 (\d+)} ? $1 : 0 }
        @sockets;
}
