#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# What an instance makes is for its owner and group, whatever the umask; what
# others could read or write is refused.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use File::Find ();
use Test::More;

use Dosis::Check;
use Dosis::Number qw(insz kbo);
use Dosis::Test;

umask 0;
my $dosis = Dosis::Test->new;
my $home  = $dosis->{home};

# A full run: deliveries, a mistake, a long body, questions, a reload, a kill.
is_stored($dosis->push($dosis->dossier(agent => insz(900))), 'Nieuw',
    'a delivery');
is_status($dosis->push($dosis->dossier(Naam => '')), 400, 'a mistake');
is_status($dosis->post(Dosis::Test::PUSH(),
        [map { $dosis->dossier(agent => kbo(2)) } 1 .. 300],
        token => $dosis->machine('leverancier-a')), 200, 'a long list');
is_status($dosis->list(token => $dosis->company(kbo(2),
            rechten => ['Lezer'])), 200, 'a question');
is(($dosis->ctl('bron', 'off', 'urn://test/vorm'))[0], 0, 'a registration');
is(($dosis->ctl('backup', "$home/backup"))[0], 0, 'a backup');
$dosis->reload;
$dosis->kill_worker;
$dosis->restart_engine;
$dosis->wait_ready(1);

# NGINX's own, and what is public; they stand in directories that are not.
my $public = qr{^(?:log/(?:access|error)\.log|run/nginx\.pid|keys/jwks\.json
    |nginx\.conf|reference/.*|reference|log/(?:dosisd|nginx)\.log)$}x;
# Where the group writes: workers and engine share the store.
my $shared = qr{^(?:store|store/(?:g\d+\.(?:mdb(?:-lock)?|jrnl)|heartbeat
        |uitgevers\.bord|spool)
    |run/dosisd\.sock)$}x;
my (@wide, @group, @seen);
File::Find::find(
    {   no_chdir => 1,
        wanted   => sub {
            my ($name) = $_ =~ m{^\Q$home\E/(.+)} or return;
            my $mode = (lstat $_)[2];
            return if -l _ || $name =~ $public;
            my $told = sprintf '%s %04o', $name, $mode & 07777;
            push @seen,  $told;
            push @wide,  $told if $mode & 0007;
            push @group, $told if $mode & 0020 && $name !~ $shared;
        },
    },
    $home);
is_deeply(\@wide, [], 'nothing is for others');
is_deeply(\@group, [], 'the group writes where it must, and nowhere else');
cmp_ok(scalar @seen, '>', 15, 'there was something to look at');
my %mode = map {split / /} @seen;
is($mode{"keys/$_"}, '0600', "$_ is its owner's alone")
    for map {"issuer-$_.pem"} qw(rs256 es256 ps256 eddsa);
is($mode{'keys/kek.hex'}, '0640', 'the key is not for the group to change');
is($mode{'run/dosisd.sock'}, '0660', 'the socket is for the group');
is($mode{'backup'}, '0700', 'a backup is its owner\'s alone');
is($mode{'store/g1.mdb'}, '0660', 'the store is for owner and group');
is($mode{'store/spool'}, '2770', 'so is where files wait, of that group');
is($mode{'store/uitgevers.bord'}, '0660',
    'the board of workers and engine too');

# Workers that find it open to others do not open it.
my $before = $dosis->log('error.log');
chmod 0664, "$home/store/g1.mdb";
$dosis->expect(qr/dosis store not open/);
$dosis->reload;
my $refused = $dosis->wait_for(
    sub {
        my $answer = $dosis->get('/health/ready', client => $dosis->client);
        return $answer->status == 503 && $answer;
    },
    'the store is refused');
is($refused->member('status'), 'DOWN', 'a store for all to read: not opened');
like(substr($dosis->log('error.log'), length $before),
    qr/dosis store not open.*rc=EDENIED/, 'and told why');
chmod 0660, "$home/store/g1.mdb";
$dosis->wait_for(
    sub {
        $dosis->get('/health/ready', client => $dosis->client)->status == 200;
    },
    'closed to others: open again');

for my $wide (0644, 0660, 0602) {
    chmod $wide, "$home/keys/kek.hex";
    my ($code, $said) = $dosis->nginx_test;
    is($code, 1, sprintf 'a key of mode %04o is refused', $wide);
    like($said, qr/dosis_key_file .* EDENIED/, 'and told why');
}
chmod 0600, "$home/keys/kek.hex";
is(($dosis->nginx_test)[0], 0, '0600 is fine');
