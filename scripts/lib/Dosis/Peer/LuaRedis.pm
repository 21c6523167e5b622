# SPDX-License-Identifier: EUPL-1.2

# nginx with Lua over Redis, as scripts/bench compares it: the same tokens, the
# same questions and pushes, a cache of verified tokens, every write on disk.

package Dosis::Peer::LuaRedis;

use strict;
use warnings;

use Cwd              ();
use File::Basename   ();
use File::Temp       ();
use IO::Socket::INET ();
use IO::Socket::UNIX ();
use Time::HiRes      ();

use constant PATH => '/dossiers';

my $sources = Cwd::abs_path(File::Basename::dirname(__FILE__) . '/../../../peers');

# key: a file with the issuer's key; port: a free one.
sub new {
    my ($class, %option) = @_;

    my $self = bless { %option,
        dir => File::Temp->newdir('peer-XXXXXX', TMPDIR => 1), pids => [] },
        $class;
    chmod 0755, $self->{dir} or die $!;
    system('cp', $option{key}, "$self->{dir}/key.pem") == 0 or die 'no key';
    chmod 0644, "$self->{dir}/key.pem" or die $!;
    $self->fill($_) for qw(nginx.conf redis.conf);
    $self->run('redis-server', "$self->{dir}/redis.conf");
    $self->{redis} = $self->wait_for(sub {
        IO::Socket::UNIX->new(Peer => "$self->{dir}/redis.sock");
    });
    $self->run('nginx', '-p', "$self->{dir}", '-c', "$self->{dir}/nginx.conf");
    $self->wait_for(sub {
        IO::Socket::INET->new(PeerAddr => "127.0.0.1:$option{port}");
    });

    return $self;
}

sub fill {
    my ($self, $name) = @_;

    my %value = (dir => "$self->{dir}", sources => $sources,
        key => "$self->{dir}/key.pem", port => $self->{port});
    open my $from, '<', "$sources/$name"     or die "$name: $!";
    open my $to,   '>', "$self->{dir}/$name" or die "$name: $!";
    while (my $line = <$from>) {
        $line =~ s/\@(\w+)\@/$value{$1}/g;
        print {$to} $line;
    }
    close $to or die "$name: $!";

    return;
}

sub run {
    my ($self, @words) = @_;

    my $pid = fork // die "fork: $!";
    if ($pid == 0) {
        open STDOUT, '>>', "$self->{dir}/said";
        open STDERR, '>&', \*STDOUT;
        exec @words;
        exit 127;
    }
    push @{ $self->{pids} }, $pid;

    return;
}

sub wait_for {
    my ($self, $condition) = @_;

    my $deadline = Time::HiRes::time() + 20;
    while (Time::HiRes::time() < $deadline) {
        my $holds = $condition->();
        return $holds if $holds;
        select undef, undef, undef, 0.02;
    }
    die "the peer does not come up, see $self->{dir}/said\n";
}

# A dossier of an agent, its row as the list shows it.
sub load {
    my ($self, @rows) = @_;

    for my $row (@rows) {
        my ($agent, $id, $stamp, $text) = @$row;
        $self->send('SET',  $id,        $text);
        $self->send('ZADD', "a:$agent", $stamp, $id);
    }
    my $redis = $self->{redis};
    $redis->flush;
    for (1 .. 2 * @rows) {
        my $line = <$redis>;
        $line =~ /^[+:]/ or die "redis: $line";
    }

    return;
}

sub send {
    my ($self, @words) = @_;

    my $redis = $self->{redis};
    print {$redis} '*', scalar @words, "\r\n",
        map { '$' . length($_) . "\r\n$_\r\n" } @words;

    return;
}

sub workers {
    my ($self) = @_;

    my $text = `ps -o pid= --ppid $self->{pids}[1]`;

    return ($self->{pids}[0], $text =~ /(\d+)/g);
}

sub DESTROY {
    my ($self) = @_;

    local ($?, $@);
    for my $pid (reverse @{ $self->{pids} // [] }) {
        kill TERM => $pid;
        waitpid $pid, 0;
    }

    return;
}

1;
