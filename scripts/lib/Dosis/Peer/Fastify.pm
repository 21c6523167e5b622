# SPDX-License-Identifier: EUPL-1.2

# Fastify over PostgreSQL, as scripts/bench compares it: the same tokens, the same
# questions and pushes, a cache of verified tokens, every write on disk. In a
# database of its own of the cluster that pgbench has.

package Dosis::Peer::Fastify;

use strict;
use warnings;

use Cwd              ();
use File::Basename   ();
use File::Temp       ();
use IO::Socket::INET ();
use Time::HiRes      ();

use constant PATH => '/dossiers';

my $sources = Cwd::abs_path(
    File::Basename::dirname(__FILE__) . '/../../../peers');

# key: a file with the issuer's key; port: a free one; postgres: the cluster;
# kbo: the number of each company; rows: what each of them has.
sub new {
    my ($class, %option) = @_;

    my $self = bless { %option,
        dir => File::Temp->newdir('peer-XXXXXX', TMPDIR => 1) }, $class;
    my @kbo  = @{ $option{kbo} };
    my @rows = @{ $option{rows} };
    $option{postgres}->add_database('fastify', 'load_fastify.sql',
        'kbo.txt' => join('', map {"$_\t$kbo[$_]\n"} 0 .. $#kbo),
        'rij.txt' => join('',
            map { "$_\t" . $rows[$_] =~ s/\\/\\\\/gr . "\n" } 0 .. $#rows));
    $self->run('node', "$sources/fastify/server.js", $option{key},
        "$option{postgres}{dir}", $option{port});
    $self->wait_until_up;

    return $self;
}

sub run {
    my ($self, @words) = @_;

    $self->{pid} = fork // die "fork: $!";
    if ($self->{pid} == 0) {
        open STDOUT, '>>', "$self->{dir}/said";
        open STDERR, '>&', \*STDOUT;
        $ENV{NODE_ENV} = 'production';
        exec @words;
        exit 127;
    }

    return;
}

sub wait_until_up {
    my ($self) = @_;

    my $deadline = Time::HiRes::time() + 20;
    while (Time::HiRes::time() < $deadline) {
        return
            if IO::Socket::INET->new(PeerAddr => "127.0.0.1:$self->{port}");
        select undef, undef, undef, 0.02;
    }
    die "the peer does not come up, see $self->{dir}/said\n";
}

# Its processes, and those of PostgreSQL that work for it.
sub workers {
    my ($self) = @_;

    my $own  = `ps -o pid= --ppid $self->{pid}`;
    my $data = "$self->{postgres}{dir}/data";
    open my $file, '<', "$data/postmaster.pid" or return $own =~ /(\d+)/g;
    my ($master) = <$file> =~ /(\d+)/;
    my $theirs = `ps -o pid= --ppid $master`;

    return ($own =~ /(\d+)/g, $theirs =~ /(\d+)/g);
}

sub DESTROY {
    my ($self) = @_;

    local ($?, $@);
    if (my $pid = delete $self->{pid}) {
        kill TERM => $pid;
        waitpid $pid, 0;
    }

    return;
}

1;
