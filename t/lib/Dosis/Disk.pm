# SPDX-License-Identifier: EUPL-1.2

# A disk that fails on order, and can lose what was not synced. Programs that
# are started with env() do not reach the files of one directory but through
# disk_shim.so (t/disk/shim.h): it writes down what they do, from which replay()
# makes what a disk may hold after a loss of power (t/disk/replay.c); and it
# fails calls as fault() says.

package Dosis::Disk;

use strict;
use warnings;

use Cwd            ();
use Errno          ();
use File::Basename ();
use File::Path     ();
use File::Temp     ();

use Dosis::Fixture ();
use Dosis::Test    ();

my $top = Cwd::abs_path(File::Basename::dirname(__FILE__) . '/../../..');

# As in t/disk/disk_record.h.
my $MAGIC = 0x4b534944;
my %call = (write => 1, sync => 2, durable => 4, size => 8, read => 16,
    open => 32);
my $CONTROL = 'L L Q Q Q Q a64';

# new($directory, record => 0): it must exist. What is in it now is the base.
sub new {
    my ($class, $dir, %option) = @_;

    my $self = bless {
        dir   => $dir,
        build => Cwd::abs_path($ENV{BUILD} // "$top/build"),
        tmp   => File::Temp::tempdir('dosis-disk-XXXXXX', TMPDIR => 1,
            CLEANUP => !$ENV{DOSIS_KEEP}),
        record => $option{record} // 1,
    }, $class;

    mkdir "$self->{tmp}/base";
    for my $file (grep { -f && !-l } glob "$dir/*") {
        my $name = File::Basename::basename($file);
        Dosis::Fixture::write_file("$self->{tmp}/base/$name",
            Dosis::Fixture::read_file($file));
    }
    for my $link (grep {-l} glob "$dir/*") {
        symlink readlink $link,
            "$self->{tmp}/base/" . File::Basename::basename($link);
    }
    Dosis::Fixture::write_file("$self->{tmp}/control", "\0" x 4096);

    return $self;
}

# The disk of the store that an engine has not made yet, its key, and the call
# that tells whether an image of it is whole.
sub of_engine {
    my ($class, $engine) = @_;

    my $key = "$engine->{home}/keys/kek.hex";
    mkdir "$engine->{home}/store", 0770;
    my $disk = $class->new("$engine->{home}/store");

    return ($disk, $key,
        ["$engine->{build}/disk_work", 'whole', $disk->image, $key]);
}

# For programs that are to be watched.
sub env {
    my ($self) = @_;

    my %env = Dosis::Test::sanitizer_env();

    return (
        %env,
        LD_PRELOAD =>
            join(' ', $env{LD_PRELOAD} // (), "$self->{build}/disk_shim.so"),
        DISK_DIR   => $self->{dir},
        DISK_FAULT => "$self->{tmp}/control",
        $self->{record} ? (DISK_LOG => "$self->{tmp}/log") : (),
    );
}

# Runs a program under the shim to its end: (code, output); -1 for a signal.
sub run {
    my ($self, @command) = @_;

    my %env = $self->env;
    local @ENV{ keys %env } = values %env;
    my $said = Dosis::Test::run_quietly(@command);

    return ($? & 127 ? -1 : $? >> 8, $said);
}

# The directory and the record are empty again.
sub anew {
    my ($self) = @_;

    unlink glob("$self->{dir}/*"), glob("$self->{tmp}/base/*"),
        "$self->{tmp}/log";

    return;
}

# The life of a store (t/tools/disk_work.c) in so many transactions, in the
# empty directory: (code, what it said).
sub live {
    my ($self, $key, $transactions, $how) = @_;

    $self->anew;

    return $self->run("$self->{build}/disk_work", $how // 'run', $self->{dir},
        $key, $transactions);
}

# Is what that life said it had done there? (code, what is wrong).
sub whole {
    my ($self, $key, $said) = @_;

    Dosis::Fixture::write_file("$self->{tmp}/marks", $said);
    local $ENV{DISK_MARKS} = "$self->{tmp}/marks";
    my $wrong = Dosis::Test::run_quietly("$self->{build}/disk_work", 'whole',
        $self->{dir}, $key);

    return ($?, $wrong);
}

# What the test says about itself, at this point of the record.
sub mark {
    my ($self, $text) = @_;

    open my $log, '>>:raw', "$self->{tmp}/log" or die "no log: $!\n";
    syswrite $log, pack('L L A1 C S L Q Q Q', $MAGIC, length $text, 'M', 0, 0,
        $$, 0, 0, 0) . $text;
    close $log;

    return;
}

# Checks that many moments: (code, what was said). Options: cuts, seed,
# deaf => [kinds]. The check's command may name the directory: image().
sub replay {
    my ($self, $check, %option) = @_;

    my $said = Dosis::Test::run_quietly("$self->{build}/disk_replay",
        '--cuts' => $option{cuts} // 40, '--seed' => $option{seed} // 1,
        (map { ('--deaf' => $_) } @{ $option{deaf} // [] }),
        "$self->{tmp}/log", "$self->{tmp}/base", $self->image, @$check);

    return ($? >> 8, $said);
}

# One moment is drawn; then the power fails again while the store that it left
# is opened. As replay().
sub replay_opening {
    my ($self, $key, %option) = @_;

    my ($image, $tmp) = ($self->image, $self->{tmp});
    my $work = "$self->{build}/disk_work";
    my %env  = $self->env;
    my %seed = (cuts => 1, seed => $option{seed});

    delete $env{DISK_FAULT};
    @env{qw(DISK_DIR DISK_LOG)} = ($image, "$tmp/log-2");
    File::Path::remove_tree("$tmp/base-2", "$tmp/log-2");
    my ($code, $said) =
        $self->replay(['/bin/cp', '-a', $image, "$tmp/base-2"], %seed);
    return ($code, $said) if $code != 0;
    ($code, $said) = $self->replay(
        [   '/usr/bin/env', (map {"$_=$env{$_}"} sort keys %env),
            $work, 'again', $image, $key
        ],
        %seed);
    return ($code, $said) if $code != 0 || !-s "$tmp/log-2";
    $said = Dosis::Test::run_quietly("$self->{build}/disk_replay",
        '--cuts' => $option{cuts}, '--seed' => $option{seed},
        "$tmp/log-2", "$tmp/base-2", "$image-2", $work, 'whole', "$image-2",
        $key);

    return ($? >> 8, $said);
}

sub image {
    my ($self) = @_;

    return "$self->{tmp}/image";
}

# Calls fail: on => [kinds of %call], error => 'EIO' (none: half of a write is
# done), skip => calls that go well first, times => then so many fail (for
# ever), name => of files that begin so.
sub fault {
    my ($self, %order) = @_;

    my $calls = 0;
    $calls |= $call{$_} // die "no such call: $_\n" for @{ $order{on} };
    my $error = defined $order{error} ? Errno->can($order{error})->() : 0;

    $self->control(pack $CONTROL, 0, $error, $order{skip} // 0,
        $order{times} // 1 << 40, 0, 0, $order{name} // '');
    $self->control(pack 'L', $calls);

    return;
}

# No call fails any more. How many had.
sub well {
    my ($self) = @_;

    $self->control(pack 'L', 0);

    return $self->hit;
}

sub control {
    my ($self, $bytes) = @_;

    open my $file, '+<:raw', "$self->{tmp}/control" or die "no control: $!\n";
    syswrite $file, $bytes;
    close $file;

    return;
}

# How many calls failed since fault().
sub hit {
    my ($self) = @_;

    my @control = unpack $CONTROL,
        Dosis::Fixture::read_file("$self->{tmp}/control");

    return $control[5];
}

1;
