#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# The service manager hears ready, alive, reloading, stopping.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Engine;

use IO::Socket::UNIX;
use Socket qw(SOCK_DGRAM);

my $dosis = Dosis::Engine->new;
my $path  = "$dosis->{home}/run/notify";
my $ear   = IO::Socket::UNIX->new(Local => $path, Type => SOCK_DGRAM)
    or die "no socket: $!\n";

$dosis->start(env => { NOTIFY_SOCKET => $path, WATCHDOG_USEC => 5_000_000 });
is(hear(), 'READY=1', 'ready, once it is');
like(hear(), qr/^WATCHDOG=1/, 'alive');
kill 'HUP', $dosis->{pid};
my $heard = hear_until(qr/^RELOADING=1\nMONOTONIC_USEC=\d+$/);
ok($heard, 'reloading, with the time');
ok(hear_until(qr/^READY=1$/), 'ready again');
$dosis->reference('clients.json', '{');
kill 'HUP', $dosis->{pid};
ok(hear_until(qr/^READY=1$/), 'ready after a refused reload too');
is($dosis->stop, 0, 'a clean stop');
ok(hear_until(qr/^STOPPING=1$/), 'stopping');

done_testing();

sub hear {
    my $read = '';
    vec($read, fileno $ear, 1) = 1;
    select($read, undef, undef, 10) or return '';
    recv $ear, my $text, 4096, 0;

    return $text;
}

sub hear_until {
    my ($wanted) = @_;

    for (1 .. 30) {
        my $text = hear();
        return 0 if $text eq '';
        return 1 if $text =~ $wanted;
    }

    return 0;
}
