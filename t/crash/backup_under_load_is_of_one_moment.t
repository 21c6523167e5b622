#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# A backup made while deliveries go on holds what was answered for before it
# began, and is of one moment: nothing later without all that came earlier.
# Put back, it is a store like any other.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use POSIX ();
use Test::More;

use Dosis::Check;
use Dosis::Number qw(kbo);
use Dosis::Restore;
use Dosis::Test;

my $width = 16;
my $dosis = Dosis::Test->new;
my $home  = $dosis->{home};
my $agent = kbo(1);
my @clients = map { $dosis->client } 1 .. $width;
my @rounds;

# A round is answered before the next one is sent.
sub deliver {
    my @dossiers = map { $dosis->dossier(agent => $agent) } 1 .. $width;

    $clients[$_]->send_request('POST', Dosis::Test::PUSH(),
        Dosis::Test::prepared(token => $dosis->machine('leverancier-a'),
            body => $dossiers[$_]))
        for 0 .. $#clients;
    for my $client (@clients) {
        my $answer = $client->receive('POST');
        $answer->status == 200 or die 'not stored: ' . $answer->text . "\n";
    }
    push @rounds,
        [map { $_->{Identificatie}{DossierNummer} } @dossiers];

    return;
}

sub start_backup {
    my ($dir) = @_;

    local $ENV{DOSIS_HOME} = $home;
    return $dosis->spawn('backup.log', {}, "$dosis->{build}/dosisctl",
        'backup', $dir);
}

deliver() for 1 .. 40;
my @made;
for my $serial (1 .. 4) {
    my $dir = "$home/backup-$serial";
    my $before = @rounds;
    my $pid = start_backup($dir);
    deliver();
    deliver() while waitpid($pid, POSIX::WNOHANG()) == 0;
    is($?, 0, "backup $serial is made under load")
        or diag($dosis->log('backup.log'));
    push @made, [$dir, $before];
}
deliver();

for my $row (@made) {
    my ($dir, $before) = @$row;
    my ($code, $said) = $dosis->ctl('backup', $dir, '--check');
    is($code, 0, 'it is whole') or diag($said);
    ($code, $said) = $dosis->ctl('verify', '--store', $dir);
    is($code, 0, 'and every value and index entry in it is right')
        or diag($said);
}

my ($dir, $before) = @{ $made[-1] };
my $other = Dosis::Restore::instance($dosis, $dir);
my (%there, $after);
do {
    my $page = $other->list(
        token  => $other->company($agent, rechten => ['Lezer']),
        limiet => 500, na => $after);
    $there{$_} = 1 for Dosis::Test::numbers($page);
    $after = $page->member('Volgende');
} while defined $after;

my @lost = grep { !$there{$_} } map {@$_} @rounds[0 .. $before - 1];
is_deeply(\@lost, [], 'all that was answered for before it began is there');
my @count = map { scalar grep { $there{$_} } @$_ } @rounds;
my ($first) = grep { $count[$_] < $width } 0 .. $#count;
is_deeply([grep {$_} @count[$first + 1 .. $#count]], [],
    'and nothing of a moment later than what lacks');
cmp_ok($first, '<', scalar @rounds, 'deliveries went on after it');

is_stored($other->push($other->dossier(agent => $agent, nummer => 'NIEUW')),
    'Nieuw', 'what was put back takes deliveries');
my $known = $rounds[0][0];
my $row = $other->list(token => $other->company($agent,
        rechten => ['Lezer']), limiet => 500);
is_status($row, 200, 'and answers');
