# SPDX-License-Identifier: EUPL-1.2

# Ports to listen on that are one's own, whatever else runs beside: below those
# that the kernel gives to who connects, and locked as long as this program runs,
# so that no other test is told the same one before it is in use.

package Dosis::Port;

use strict;
use warnings;

use Exporter qw(import);
use Fcntl    qw(:flock O_CREAT O_RDWR);
use File::Spec ();
use IO::Socket::INET ();

our @EXPORT_OK = qw(claim_port claim_ports);

use constant { FIRST => 12_000, MANY => 20_000 };

my @held;
my $next = FIRST + $$ * 37 % MANY;

sub claim_port {
    return claim_ports(1);
}

# The first of so many in a row.
sub claim_ports {
    my ($count) = @_;

    for (1 .. MANY) {
        my $port = $next;
        $next += $count;
        $next = FIRST if $next >= FIRST + MANY;
        my @lock = map { lock_of($_) // () } $port .. $port + $count - 1;
        next if @lock < $count;
        push @held, @lock;
        return $port;
    }
    die "no free port\n";
}

# undef: another program has it. Locks go with the program, the files stay.
sub lock_of {
    my ($port) = @_;

    my $dir = File::Spec->catdir(File::Spec->tmpdir, "dosis-ports-$<");
    mkdir $dir, 0700;
    sysopen my $lock, "$dir/$port", O_RDWR | O_CREAT, 0600
        or die "$dir/$port: $!\n";
    flock $lock, LOCK_EX | LOCK_NB or return undef;
    IO::Socket::INET->new(
        Listen => 1, LocalAddr => '127.0.0.1', LocalPort => $port)
        or return undef;

    return $lock;
}

1;
