# SPDX-License-Identifier: EUPL-1.2

# PostgreSQL through pgbench, as scripts/bench compares it: no HTTP, no token,
# one durable transaction per push, in a cluster of its own on a Unix socket.

package Dosis::Peer::Postgres;

use strict;
use warnings;

use Cwd            ();
use File::Basename ();
use File::Temp     ();
use Time::HiRes    ();

use constant USER => 'postgres';

my $sources = Cwd::abs_path(File::Basename::dirname(__FILE__)) . '/../../../peers';

# companies, each: what it is loaded with.
sub new {
    my ($class, %option) = @_;

    my ($bin) = sort { $b cmp $a } glob '/usr/lib/postgresql/*/bin';
    defined $bin or die "PostgreSQL is not installed\n";
    my $dir = File::Temp->newdir('peer-XXXXXX', TMPDIR => 1);
    my (undef, undef, $uid, $gid) = getpwnam USER or die 'no user ' . USER;
    my $self = bless { %option, bin => $bin, dir => $dir, uid => $uid,
        gid => $gid }, $class;
    for my $name (qw(schema load push select)) {
        system('cp', "$sources/$name.sql", "$dir/") == 0 or die "$name.sql";
    }
    system('chown', '-R', USER, "$dir") == 0 or die "chown $dir";
    $self->start;
    $self->psql('-f', "$dir/schema.sql");
    $self->psql('-v', "companies=$option{companies}", '-v',
        "each=$option{each}", '-f', "$dir/load.sql");

    return $self;
}

# As its user, quietly; what it said.
sub say_as_user {
    my ($self, @words) = @_;

    my $pid = open my $from, '-|' // die "fork: $!";
    if ($pid == 0) {
        chdir $self->{dir};
        open STDERR, '>&', \*STDOUT;
        exec 'setpriv', "--reuid=$self->{uid}", "--regid=$self->{gid}",
            '--clear-groups', @words;
        exit 127;
    }
    my $said = join '', <$from>;
    close $from or die "@words: $said";

    return $said;
}

sub start {
    my ($self) = @_;

    my $dir = $self->{dir};
    $self->say_as_user("$self->{bin}/initdb", '-D', "$dir/data", '-A', 'trust',
        '-E', 'UTF8', '--no-locale');
    open my $conf, '>>', "$dir/data/postgresql.conf" or die $!;
    print {$conf} <<"END";
listen_addresses = ''
unix_socket_directories = '$dir'
max_connections = 400
shared_buffers = 512MB
max_wal_size = 4GB
fsync = on
synchronous_commit = on
END
    close $conf or die $!;
    $self->say_as_user("$self->{bin}/pg_ctl", '-D', "$dir/data", '-w', '-s',
        '-l', "$dir/log", 'start');
    $self->{running} = 1;

    return;
}

sub psql {
    my ($self, @words) = @_;

    return $self->psql_of('postgres', @words);
}

sub psql_of {
    my ($self, $database, @words) = @_;

    return $self->say_as_user("$self->{bin}/psql", '-qX', '-v',
        'ON_ERROR_STOP=1', '-h', "$self->{dir}", $database, @words);
}

# One more database of the same schema, loaded by that file; texts: what the
# file copies from, by name.
sub add_database {
    my ($self, $name, $load, %texts) = @_;

    my $dir = $self->{dir};
    system('cp', "$sources/$load", "$dir/") == 0 or die $load;
    for my $file (sort keys %texts) {
        open my $to, '>:raw', "$dir/$file" or die "$file: $!";
        print {$to} $texts{$file};
        close $to or die "$file: $!";
    }
    $self->psql('-c', "CREATE DATABASE $name");
    $self->psql_of($name, '-f', "$dir/schema.sql");
    $self->psql_of($name, '-v', "companies=$self->{companies}", '-v',
        "each=$self->{each}", '-f', "$dir/$load");

    return;
}

# How long each way takes that such a file can go: {name => seconds}. row: into
# one table with its columns; set: into tables that keep what the store keeps;
# each with its indexes in place, or made afterwards (then).
sub bulk {
    my ($self, $file) = @_;

    my $dir = $self->{dir};
    for my $sql (glob "$sources/bulk_*.sql") {
        system('cp', $sql, "$dir/") == 0 or die $sql;
    }
    system('cp', $file, "$dir/bulk.csv") == 0 or die $file;
    chmod 0644, "$dir/bulk.csv";
    my %seconds;
    for my $what (qw(row set)) {
        $seconds{$what} = $self->bulk_once(
            "bulk_$what", [qw(tables index)], ['copy']);
        $seconds{"$what then"} = $self->bulk_once(
            "bulk_${what}_then", ['tables'], [qw(copy index)]);
    }

    return \%seconds;
}

# In a database of its own; the steps of after are timed.
sub bulk_once {
    my ($self, $database, $before, $after) = @_;

    my ($what) = $database =~ /^bulk_(row|set)/;
    my %step   = (
        tables => 'bulk_tables.sql',
        map { $_ => "bulk_${what}_$_.sql" } qw(index copy));
    $self->psql('-c', "CREATE DATABASE $database");
    $self->psql_of($database, '-f', $step{$_}) for @$before;
    $self->psql('-c', 'CHECKPOINT');
    my $from = Time::HiRes::time();
    $self->psql_of($database, '-f', $step{$_}) for @$after;
    my $took = Time::HiRes::time() - $from;
    $self->psql('-c', "DROP DATABASE $database");

    return $took;
}

# One point of push.sql or select.sql: {rate, p50 (here the mean), bad}. Many
# clients are many processes, each of which plans its statements anew: that takes
# seconds.
sub measure {
    my ($self, $clients, $seconds, $what) = @_;

    $seconds += 10 if $clients > 100;

    my $said = $self->say_as_user("$self->{bin}/pgbench", '-n', '-M',
        'prepared', '-h', "$self->{dir}", '-c', $clients, '-j',
        $clients < 2 ? 1 : 2, '-T', $seconds, '-D',
        "companies=$self->{companies}", '-D', "each=$self->{each}", '-f',
        "$self->{dir}/$what.sql", 'postgres');
    my ($rate) = $said =~ /^tps = ([\d.]+)/m             or die $said;
    my ($mean) = $said =~ /^latency average = ([\d.]+) ms/m or die $said;
    my ($bad)  = $said =~ /failed transactions: (\d+)/;

    return { rate => $rate, p50 => $mean, bad => $bad // 0 };
}

sub DESTROY {
    my ($self) = @_;

    return if ${^GLOBAL_PHASE} eq q(DESTRUCT) && !defined $self->{dir};
    local ($?, $@);
    return if !delete $self->{running};
    eval {
        $self->say_as_user("$self->{bin}/pg_ctl", '-D', "$self->{dir}/data",
            '-s', '-m', 'immediate', '-w', 'stop');
    };

    return;
}

1;
