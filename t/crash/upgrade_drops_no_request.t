#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# A new binary takes over, and reloads before and after, under deliveries,
# lists of them, questions and streams: every request has its answer, and what
# was answered for is there.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use IO::Handle ();
use POSIX      ();
use Test::More;
use Time::HiRes qw(time);

use Dosis::Check;
use Dosis::Number qw(kbo);
use Dosis::Stream;
use Dosis::Test;

my $rounds = $ENV{DOSIS_LONG} ? 100 : 4;
# What the sanitizers need must reach the new binary, too.
my $dosis  = Dosis::Test->new(nginx => 0, workers => 2,
    main => $ENV{SAN} ? 'env LD_PRELOAD;' : '');
my $home   = $dosis->{home};
my $stop   = "$home/run/stop";
my @children;

# Only as a daemon does nginx take USR2; so it is not our child.
sub start_daemon {
    my $conf = "$home/nginx.conf";
    my $text = Dosis::Fixture::nginx_conf($dosis) =~ s/daemon off/daemon on/r;
    my %env  = Dosis::Test::sanitizer_env();

    Dosis::Fixture::write_file($conf, $text);
    local @ENV{ keys %env } = values %env;
    system(Dosis::Test::nginx_path(), '-e', "$home/log/error.log",
        '-p', "$home/", '-c', $conf) == 0
        or die 'no nginx: ' . $dosis->log('error.log') . "\n";
    $dosis->{client} = $dosis->client;
    $dosis->wait_for(
        sub {
            my $answer = eval { $dosis->get('/health/ready') } // return;
            return ($answer->member('status') // '') eq 'UP';
        },
        'ready');

    return;
}

sub master {
    return Dosis::Fixture::read_file("$home/run/nginx.pid") =~ /(\d+)/ ? $1 : 0;
}

sub children {
    my ($pid) = @_;

    return split ' ',
        Dosis::Fixture::read_file("/proc/$pid/task/$pid/children");
}

sub ended {
    my ($pid) = @_;

    return Dosis::Fixture::read_file("/proc/$pid/stat") !~ /\) [^ZX]/;
}

END {
    if (@children) {    # only where something went wrong
        kill KILL => @children;
    }
    for my $name ($home ? qw(nginx.pid nginx.pid.oldbin) : ()) {
        my $pid = Dosis::Fixture::read_file("$home/run/$name") || next;
        kill TERM => $pid + 0;
        eval { $dosis->wait_for(sub { ended($pid + 0) }, 'end', 20) };
    }
}

# --- the load --------------------------------------------------------------

# What is asked over one kept connection until the flag is there: into a file,
# a line for each.
sub ask_on {
    my ($name, $ask) = @_;

    my $pid = fork // die "cannot fork: $!\n";
    if ($pid) {
        push @children, $pid;
        return;
    }
    srand $$;    # or all draw the same UploadIds
    open my $to, '>', "$home/run/load.$name" or POSIX::_exit(1);
    $to->autoflush(1);
    my $client = $dosis->client(timeout => 30);
    my $serial = 0;
    until (-e $stop) {
        my ($method, $path, $option, $fact) = $ask->(++$serial);
        my ($answer, $why, $again);
        # a kept connection is closed before its next request was begun to be
        # read: any client then asks again, on a new one
        for my $turn (0 .. 3) {
            $answer = eval {
                $client->request($method, $path,
                    Dosis::Test::prepared(%$option));
            };
            $why   = $@;
            $again = $turn;
            last if $answer || $why !~ /closed after 0 bytes/;
        }
        $client->close if !$answer;
        my $good = $answer && $answer->status == 200
            && ($answer->member('Status') // 'OK') eq 'OK';
        print {$to} $good
            ? "done $again $fact\n"
            : 'bad ' . (($answer ? $answer->text : $why) =~ s/\s+/ /gr) . "\n";
    }
    close $to;
    POSIX::_exit(0);
}

sub pusher {
    my ($name, $width) = @_;

    my $token = $dosis->machine('leverancier-a');

    return sub {
        my ($serial) = @_;
        my @dossiers = map {
            $dosis->dossier(agent => kbo(1), nummer => "$name-$serial-$_")
        } 1 .. $width;
        return ('POST', Dosis::Test::PUSH(),
            { token => $token, body => $width > 1 ? \@dossiers : $dossiers[0] },
            join ' ', map { $_->{Identificatie}{DossierNummer} } @dossiers);
    };
}

# A stream that is opened again whenever it has ended, as it must: whole. It goes
# on where it was, and reads as fast as it can: one far behind is not over in the
# ten seconds that a worker has to leave.
sub listen_on {
    my ($name, $token) = @_;

    my $pid = fork // die "cannot fork: $!\n";
    if ($pid) {
        push @children, $pid;
        return;
    }
    open my $to, '>', "$home/run/load.$name" or POSIX::_exit(1);
    $to->autoflush(1);
    my ($stream, $last);
    until (-e $stop) {
        $stream //= eval {
            Dosis::Stream->open($dosis, token => $token, last => $last);
        };
        if (!$stream) {
            print {$to} "bad $@" if $@ !~ /no head of a stream/;
            next;
        }
        $stream->block(0.1);
        $last = $stream->{last};
        next if !$stream->{ended};
        print {$to} $stream->{ended} eq 'whole'
            ? "done 0\n" : "bad stream $stream->{ended}\n";
        undef $stream;
    }
    close $to;
    POSIX::_exit(0);
}

# --- what happens ----------------------------------------------------------

sub reload {
    my $master = master();
    my %old    = map { $_ => 1 } children($master);

    kill HUP => $master;
    $dosis->wait_for(
        sub {
            my @now = children($master);
            return @now >= $dosis->{workers} && !grep { $old{$_} } @now;
        },
        'only new workers');

    return;
}

# USR2: a new master with workers of its own; WINCH: the old workers leave;
# QUIT: so does the old master.
sub upgrade {
    my $old = master();

    kill USR2 => $old;
    $dosis->wait_for(
        sub {
            my $new = master();
            return $new && $new != $old
                && children($new) == $dosis->{workers};
        },
        'a new master with workers');
    kill WINCH => $old;
    $dosis->wait_for(sub { children($old) == 1 }, 'the old workers have gone');
    kill QUIT => $old;
    $dosis->wait_for(sub { ended($old) }, 'the old master has gone');
    unlike(master(), qr/^$old$/, 'another master, the pid file says so');

    return;
}

start_daemon();
ask_on("single$_", pusher("E$_", 1)) for 1 .. 3;
ask_on('list', pusher('L', 20));
my $reader = $dosis->company(kbo(1), rechten => ['Lezer']);
ask_on('question',
    sub { return ('GET', Dosis::Test::PUSH(), { token => $reader }, '') });
listen_on("stream$_", $reader) for 1 .. 2;
$dosis->wait_for(sub { -s "$home/run/load.single1" }, 'load');
for (1 .. $rounds) {
    reload();
    upgrade();
}
reload();
Dosis::Fixture::write_file($stop, '');
waitpid $_, 0 for @children;
@children = ();

# --- what became of it -----------------------------------------------------

my (%done, @bad, $again, $asked);
for my $file (glob "$home/run/load.*") {
    for my $line (split /\n/, Dosis::Fixture::read_file($file)) {
        my ($word, $turns, @numbers) = split ' ', $line;
        if ($word eq 'bad') {
            push @bad, "$file: $line";
            next;
        }
        $asked++;
        $again += $turns;
        $done{$_} = 1 for @numbers;
    }
}
is_deeply(\@bad, [], "$asked requests were answered");
cmp_ok($again, '<', $asked / 10,
    "$again of them were not begun, and asked again");
my ($after, %row);
do {
    my $page = $dosis->list(token => $reader, limiet => 500, na => $after);
    $row{$_}++ for Dosis::Test::numbers($page);
    $after = $page->member('Volgende');
} while defined $after;
is(scalar(grep { !$row{$_} } keys %done), 0,
    keys(%done) . ' acknowledged dossiers are listed');
cmp_ok(scalar keys %done, '>', 50, 'many of them');
my $last = master();
kill QUIT => $last;
$dosis->wait_for(sub { ended($last) }, 'the end');
like($dosis->log('error.log'), qr/\b$last#$last: exit$/m,
    'the last master ends by itself');
