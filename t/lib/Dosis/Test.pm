# SPDX-License-Identifier: EUPL-1.2

# One running DOSIS for a test: dosisd and nginx on a temporary home, on free
# loopback ports. At the end of the test program every instance is stopped and
# judged (Dosis::Watch), and the plan is written; a test just ends.

package Dosis::Test;

use strict;
use warnings;

use Cwd              ();
use Errno            ();
use Exporter         'import';
use File::Basename   ();
use File::Path       ();
use File::Temp       ();
use IO::Socket::INET ();
use IPC::Open2       ();
use JSON::PP         ();
use POSIX            ();
use Test::More       ();
use Time::HiRes      ();

use Dosis::Client  ();
use Dosis::Fixture ();
use Dosis::Number  ();
use Dosis::Port    qw(claim_port);
use Dosis::Token   ();
use Dosis::Watch   ();

our @EXPORT_OK = qw(ABSENT query);

# The value that takes a member out of a built dossier.
use constant ABSENT => \'absent';

my $top  = Cwd::abs_path(File::Basename::dirname(__FILE__) . '/../../..');
my $json = JSON::PP->new->utf8->canonical;
my $main_pid = $$;
my @instances;
my $serial = 0;

$SIG{INT} = $SIG{TERM} = sub { exit 130 };

# Options: main, http, server, location (configuration lines), at (where that
# location is, in place of /), limits (those of
# dosis_client_limit, in place of wide ones), workers,
# reference (more registrations), expect (patterns of log lines that the test
# causes on purpose), engine => 0, nginx => 0 (do not start it), ready => 0
# (wait only until nginx answers), engine_options (more words for dosisd), env
# (of nginx), engine_env (of dosisd), connections (of a worker).
sub new {
    my ($class, %option) = @_;

    my $build = Cwd::abs_path($ENV{BUILD} // "$top/build")
        // die "no build directory: run make first\n";
    my $self = bless {
        top      => $top,
        build    => $build,
        workers  => $option{workers} // 2,
        connections => $option{connections} // 4096,
        expected => $option{expect}  // [],
        engine_options => $option{engine_options} // [],
        env            => $option{env}            // {},
        engine_env     => $option{engine_env}     // {},
        config   => { at => $option{at} // '/', map { $_ => $option{$_} // '' }
                qw(main http server location limits) },
    }, $class;

    for my $part (qw(dosisd dosisctl ngx_dosis_module.so)) {
        -e "$build/$part" or die "$build/$part is not built: run make\n";
    }
    push @instances, $self;
    $self->make_home($option{reference} // {}, $option{archive});
    @$self{qw(port port_h2)} = (claim_port(), claim_port());
    $self->start_engine if $option{engine} // 1;
    $self->start_nginx($option{ready} // 1) if $option{nginx} // 1;

    return $self;
}

sub make_home {
    my ($self, $reference, $archive) = @_;

    my $home = $self->{home} = File::Temp::tempdir(
        'dosis-XXXXXX', TMPDIR => 1);
    mkdir "$home/$_", 0750 for qw(store run log tmp);
    if ($archive) {
        system('tar', '-xJf', $archive, '-C', $home) == 0
            or die "$archive: not unpacked\n";
    }
    else {
        local $ENV{DOSIS_HOME} = $home;
        my $said = `"$self->{build}/dosisctl" keys init 2>&1`;
        die "dosisctl keys init: $said" if $? != 0;
    }
    Dosis::Fixture::write_reference($top, "$home/reference", $reference);
    $self->{tokens} = Dosis::Token->new("$home/keys");

    return;
}

# Programs.

# dosisctl with these words: (exit code, what it said).
sub ctl {
    my ($self, @words) = @_;

    local $ENV{DOSIS_HOME} = $self->{home};
    my $said = run_quietly("$self->{build}/dosisctl", @words);

    return ($? >> 8, $said);
}

# Both outputs together; no shell in between.
sub run_quietly {
    my (@command) = @_;

    my $pid = open my $from, '-|';
    defined $pid or die "cannot fork: $!\n";
    if ($pid == 0) {
        open STDERR, '>&', \*STDOUT or POSIX::_exit(126);
        exec @command or POSIX::_exit(127);
    }
    local $/;
    my $said = <$from>;
    close $from;

    return $said // '';
}

# Keeps every writer waiting until what is returned is called.
sub hold_writer {
    my ($self) = @_;

    my $home = $self->{home};
    my $pid  = IPC::Open2::open2(my $from, my $to,
        "$self->{build}/hold_writer", "$home/store", "$home/keys/kek.hex");
    my $said = <$from> // '';
    $said eq "held\n" or die "hold_writer: $said\n";

    return sub { close $to; waitpid $pid, 0; };
}

# The command line of this instance's dosisd.
sub engine_command {
    my ($self, @more) = @_;

    my $home = $self->{home};

    return ("$self->{build}/dosisd", '--foreground',
        '--store' => "$home/store", '--key-file' => "$home/keys/kek.hex",
        '--reference' => "$home/reference",
        '--socket'    => "$home/run/dosisd.sock", @more);
}

sub start_engine {
    my ($self) = @_;

    my $home = $self->{home};

    # An old heartbeat must not pass for a new one.
    unlink "$home/store/heartbeat";
    $self->{engine} = $self->spawn('dosisd.log', $self->{engine_env},
        $self->engine_command('--init', @{ $self->{engine_options} }));
    $self->wait_for(
        sub {
            $self->alive('engine')
                or die "dosisd ended: " . $self->log('dosisd.log');
            return -e "$home/store/heartbeat";
        },
        'dosisd is at work');

    return;
}

sub start_nginx {
    my ($self, $ready) = @_;

    my %env = (sanitizer_env(), %{ $self->{env} });

    $self->write_conf;
    $self->{nginx} = $self->spawn('nginx.log', \%env, nginx_path(),
        '-e', "$self->{home}/log/error.log",
        '-p', "$self->{home}/", '-c', "$self->{home}/nginx.conf");
    $self->{client} = $self->client;
    $self->wait_ready($ready);

    return;
}

sub write_conf {
    my ($self) = @_;

    Dosis::Fixture::write_file("$self->{home}/nginx.conf",
        Dosis::Fixture::nginx_conf($self));

    return;
}

# `nginx -t` with this configuration, edited: (exit code, what it said).
sub nginx_test {
    my ($self, $edit) = @_;

    my $path = "$self->{home}/nginx-test.conf";
    my $text = Dosis::Fixture::nginx_conf($self);

    Dosis::Fixture::write_file($path, $edit ? $edit->($text) : $text);
    my %env = sanitizer_env();
    local @ENV{ keys %env } = values %env;
    my $said = run_quietly(nginx_path(), '-t', '-e', 'stderr',
        '-p', "$self->{home}/", '-c', $path);

    return ($? >> 8, $said);
}

sub nginx_path {
    return -x '/usr/sbin/nginx' ? '/usr/sbin/nginx' : 'nginx';
}

# Debian's nginx does not know the sanitizers that its module was built with.
sub sanitizer_env {
    return () if !$ENV{SAN};

    return (
        LD_PRELOAD => join(' ',
            map { sanitizer_library($_) } split /,/, $ENV{SAN}),
        ASAN_OPTIONS  => 'detect_leaks=0',
        UBSAN_OPTIONS => 'print_stacktrace=1',
    );
}

sub sanitizer_library {
    my ($name) = @_;

    my %library = (address => 'libasan.so', undefined => 'libubsan.so');
    my $path    = `gcc -print-file-name=$library{$name}`;
    chomp $path;

    return $path;
}

sub spawn {
    my ($self, $log, $env, @command) = @_;

    my $pid = fork // die "cannot fork: $!\n";

    if ($pid == 0) {
        $SIG{INT} = $SIG{TERM} = 'DEFAULT';
        open STDIN,  '<',  '/dev/null'             or POSIX::_exit(126);
        open STDOUT, '>>', "$self->{home}/log/$log" or POSIX::_exit(126);
        open STDERR, '>&', \*STDOUT                or POSIX::_exit(126);
        @ENV{ keys %$env } = values %$env;
        exec @command or POSIX::_exit(127);
    }

    return $pid;
}

sub alive {
    my ($self, $program) = @_;

    my $pid = $self->{$program} // return 0;

    if (waitpid($pid, POSIX::WNOHANG()) == $pid) {
        $self->{"${program}_status"} = $?;
        delete $self->{$program};
        return 0;
    }

    return 1;
}

sub log {
    my ($self, $name) = @_;

    return Dosis::Fixture::read_file("$self->{home}/log/$name");
}

# Waits.

# Until the condition holds; no fixed sleeps, a deadline instead.
sub wait_for {
    my ($self, $condition, $what, $seconds) = @_;

    my $deadline = Time::HiRes::time() + ($seconds // 30);

    while (1) {
        my $holds = $condition->();
        return $holds if $holds;
        if (Time::HiRes::time() > $deadline) {
            die "waited in vain: $what\n";
        }
        select undef, undef, undef, 0.02;
    }
}

sub wait_ready {
    my ($self, $up) = @_;

    my $last = 'no answer';

    my $ready = eval {
        $self->wait_for(
            sub {
                $self->alive('nginx') or die "nginx ended\n";
                my $answer = eval { $self->{client}->request('GET',
                        '/health/ready') };
                $last = $answer ? $answer->text : $@;
                return $answer if $answer && !$up;
                return $answer && ($answer->member('status') // '') eq 'UP';
            },
            '/health/ready is UP');
    };
    return if $ready;
    die join "\n", "not ready: $@ $last", $self->log('nginx.log'),
        $self->log('error.log'), $self->log('dosisd.log');
}

# Life and death.

sub workers {
    my ($self) = @_;

    my $master = $self->{nginx};
    my $list   = Dosis::Fixture::read_file(
        "/proc/$master/task/$master/children");

    return split ' ', $list;
}

sub reload {
    my ($self) = @_;

    my %old = map { $_ => 1 } $self->workers;

    kill HUP => $self->{nginx};
    $self->wait_for(
        sub { grep({ !$old{$_} } $self->workers) >= $self->{workers} },
        'new workers after the reload');

    return;
}

# kill -9; the master says so in its log.
sub kill_worker {
    my ($self) = @_;

    my ($worker) = $self->workers;

    $self->expect(qr/worker process \d+ exited on signal 9/);
    kill KILL => $worker;
    $self->wait_for(
        sub {
            my @now = $self->workers;
            return @now == $self->{workers} && !grep { $_ == $worker } @now;
        },
        'the master replaced the worker');

    return $worker;
}

sub kill_engine {
    my ($self) = @_;

    my $pid = delete $self->{engine} // return;

    kill KILL => $pid;
    waitpid $pid, 0;

    return;
}

# Workers, master and engine at one moment, as when the machine's memory ends.
# start_engine and start_nginx begin again.
sub kill_everything {
    my ($self) = @_;

    my $master = delete $self->{nginx} // return;

    # stopped first, or it would replace a worker while they are counted
    kill STOP => $master;
    my @workers = split ' ', Dosis::Fixture::read_file(
        "/proc/$master/task/$master/children");
    kill KILL => @workers, $master;
    waitpid $master, 0;
    $self->kill_engine;
    # they have no parent left that would tell
    $self->wait_for(
        sub {
            !grep { Dosis::Fixture::read_file("/proc/$_/stat") =~ /\) [^ZX]/ }
                @workers;
        },
        'the workers are dead');

    return;
}

sub restart_engine {
    my ($self) = @_;

    $self->kill_engine;
    $self->start_engine;

    return;
}

# Log lines of this kind are the test's own doing.
sub expect {
    my ($self, $pattern) = @_;

    push @{ $self->{expected} }, $pattern;

    return;
}

# Orderly: nginx finishes its requests, dosisd its work. Exit codes are part
# of the hidden checks.
sub stop {
    my ($self) = @_;

    for my $part (['nginx', 'QUIT'], ['engine', 'TERM']) {
        my ($program, $signal) = @$part;
        next if !$self->alive($program);
        kill $signal => $self->{$program};
        my $ended = eval {
            $self->wait_for(sub { !$self->alive($program) }, $program, 20);
        };
        if (!$ended) {
            kill KILL => $self->{$program};
            waitpid delete $self->{$program}, 0;
            $self->{"${program}_status"} = 'had to be killed';
        }
    }

    return;
}

sub finish {
    my ($self) = @_;

    $self->stop;
    for my $program (qw(nginx engine)) {
        next if !exists $self->{"${program}_status"};
        Test::More::is($self->{"${program}_status"},
            0, "$program ends cleanly");
    }
    Dosis::Watch::check($self);

    return;
}

END {
    if ($$ == $main_pid) {
        my $code   = $?;
        my $tester = Test::More->builder;

        for my $instance (@instances) {
            $instance->finish if $instance->{home};
        }
        my $whole = $code == 0 && $tester->is_passing;
        Test::More::done_testing() if @instances && $code == 0;
        for my $instance (@instances) {
            if ($whole && !$ENV{DOSIS_KEEP}) {
                File::Path::remove_tree($instance->{home});
            }
            else {
                Test::More::diag("kept: $instance->{home}");
            }
        }
        $? = $code;
    }
}

# Asking.

# A connection of its own.
sub client {
    my ($self, %option) = @_;

    return Dosis::Client->new(port => $self->{port}, %option);
}

# request('GET', $path, token => $token, headers => [...], body => ...).
sub request {
    my ($self, $method, $path, %option) = @_;

    return ($option{client} // $self->{client})
        ->request($method, $path, prepared(%option));
}

sub prepared {
    my (%option) = @_;

    my @headers = @{ $option{headers} // [] };
    my $body    = $option{body};

    unshift @headers, Authorization => "Bearer $option{token}"
        if defined $option{token};
    if (ref $body) {
        $body = $json->encode($body);
    }
    if (defined $body && !grep { lc eq 'content-type' } grep {defined} @headers)
    {
        push @headers, 'Content-Type' => 'application/json';
    }

    return (headers => \@headers, body => $body,
        chunked => $option{chunked});
}

sub get {
    my ($self, $path, %option) = @_;

    return $self->request('GET', $path, %option);
}

sub post {
    my ($self, $path, $body, %option) = @_;

    return $self->request('POST', $path, %option, body => $body);
}

# name=value pairs as a query string; undef values are left out.
sub query {
    my (@pairs) = @_;

    my @parts;
    while (@pairs) {
        my ($name, $value) = splice @pairs, 0, 2;
        next if !defined $value;
        utf8::encode($value) if utf8::is_utf8($value);
        push @parts, "$name="
            . $value =~ s/([^A-Za-z0-9_.~-])/sprintf '%%%02X', ord $1/ger;
    }

    return join '&', @parts;
}

# Delivering.

# A valid dossier. Lower-case words are shortcuts (bron, nummer, agent,
# rechten, agenten, fase, code, datum, upload), capitalised ones set that
# member; ABSENT takes it out.
sub dossier {
    my ($self, %said) = @_;

    my $number = ++$serial;
    my $agent  = $said{agent} // Dosis::Number::kbo(1);
    my $agents = $said{agenten} // [
        {   Identificatie => $agent,
            Toegangsrechten =>
                [map { { Code => $_ } } @{ $said{rechten} // ['Lezer'] }],
        }
    ];
    my $dossier = {
        Identificatie => {
            Bron          => $said{bron} // 'urn://test/subsidies',
            DossierNummer => $said{nummer} // sprintf('D-%05d', $number),
        },
        UploadId        => $said{upload} // Dosis::Number::uuid(),
        Naam            => "Dossier $number",
        WijzigingsDatum => $said{datum} // '2026-03-01T10:00:00',
        Status          => {
            VlaamsFase => $said{fase} // 'Behandeling',
            VlaamsCode => $said{code} // 'InBehandeling',
        },
        TypeDossierCode => 'DossierStatus',
        Producten       => [{ Id => '1984' }],
        Agenten         => $agents,
    };

    for my $member (grep {/^[A-Z]/} keys %said) {
        $dossier->{$member} = $said{$member};
        if (ref $said{$member} && $said{$member} == ABSENT) {
            delete $dossier->{$member};
        }
    }

    return $dossier;
}

use constant PUSH => '/api/v1/dosis/dossiers';

# push($dossier, as => client, path =>, headers =>, token =>): the answer.
sub push {
    my ($self, $dossier, %option) = @_;

    $option{token} //= $self->machine($option{as} // 'leverancier-a');

    return $self->post($option{path} // PUSH, $dossier, %option);
}

# Many at once over several connections; the answers, in order. What stands
# for the same dossier must not be in one call: their order is open.
sub push_all {
    my ($self, $dossiers, %option) = @_;

    my $token   = $option{token}
        // $self->machine($option{as} // 'leverancier-a');
    my @clients = map { $self->client } 1 .. 32;
    my @answers;

    for (my $at = 0; $at < @$dossiers; $at += @clients) {
        my $last = $at + $#clients;
        $last = $#$dossiers if $last > $#$dossiers;
        for my $index ($at .. $last) {
            $clients[$index - $at]->send_request('POST', PUSH,
                prepared(token => $token, body => $dossiers->[$index]));
        }
        for my $index ($at .. $last) {
            $answers[$index] = $clients[$index - $at]->receive('POST');
        }
    }

    return @answers;
}

# As push_all, and each must be stored.
sub store_all {
    my ($self, $dossiers, %option) = @_;

    for my $answer ($self->push_all($dossiers, %option)) {
        $answer->status == 200 or die 'not stored: ' . $answer->text . "\n";
    }

    return;
}

sub withdraw {
    my ($self, $dossier, %option) = @_;

    my $key = $dossier->{Identificatie};

    return $self->request('DELETE', PUSH . '?'
            . query(bron => $key->{Bron}, dossierNummer => $key->{DossierNummer},
            wijzigingsDatum => delete $option{datum}),
        token => $self->machine($option{as} // 'leverancier-a'), %option);
}

# The subject's list: list(token => ..., limiet => ..., agent => ...).
sub list {
    my ($self, %option) = @_;

    my $headers = delete $option{headers} // [];
    my $token   = delete $option{token};
    my $recht   = delete $option{recht}   // [];
    my $query   = query(%option, map { (recht => $_) } @$recht);

    return $self->get(PUSH . ($query eq '' ? '' : "?$query"),
        token => $token, headers => $headers);
}

# The numbers of the dossiers in a list answer, in order.
sub numbers {
    my ($answer) = @_;

    return map { $_->{Identificatie}{DossierNummer} }
        @{ $answer->member('Dossiers') // [] };
}

# Of all pages; options of list.
sub all_numbers {
    my ($self, %option) = @_;

    my (@numbers, $after);
    do {
        my $page = $self->list(limiet => 500, %option, na => $after);
        CORE::push @numbers, numbers($page);
        $after = $page->member('Volgende');
    } while defined $after;

    return @numbers;
}

# Tokens.

sub token {
    my ($self, $claims, %option) = @_;

    return $self->{tokens}->mint($claims, %option);
}

# A machine that delivers; kept, for it is asked for at each push.
sub machine {
    my ($self, $client, %claims) = @_;

    my $said = Dosis::Token::machine_claims($client, %claims);

    return $self->token($said) if %claims;

    return $self->{machine}{$client} //= $self->token($said);
}

sub loket {
    my ($self, $client, %claims) = @_;

    return $self->machine($client, scope => 'DosisRaadpleging', %claims);
}

# A user for an organisation. rechten: [...] become `recht:organisation`.
sub organisation {
    my ($self, $group, $organisation, %claims) = @_;

    my $rights = delete $claims{rechten};
    my $said = Dosis::Token::user_claims(
        vo_doelgroepcode => $group,
        vo_orgcode       => $organisation,
        %claims);
    $said->{dosis_rol_3d} = [map {"$_:$organisation"} @$rights] if $rights;

    return $self->token($said);
}

sub company {
    my ($self, $kbo, %claims) = @_;

    return $self->organisation('EA', $kbo, %claims);
}

sub citizen {
    my ($self, $insz, %claims) = @_;

    my $rights = delete $claims{rechten};
    my $said = Dosis::Token::user_claims(
        vo_doelgroepcode => 'BUR', rrn => $insz, %claims);
    $said->{dosis_rol_3d} = $rights if $rights;

    return $self->token($said);
}

1;
