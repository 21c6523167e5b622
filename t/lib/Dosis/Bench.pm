# SPDX-License-Identifier: EUPL-1.2

# What every measurement of scripts/bench needs: an instance with a baseline,
# loads of dossiers, wrk on loopback, medians over interleaved rounds.

package Dosis::Bench;

use strict;
use warnings;

use File::Temp ();
use JSON::PP   ();
use List::Util qw(sum0);
use POSIX      ();

use Dosis::Test ();

my $ticks = POSIX::sysconf(POSIX::_SC_CLK_TCK());
my $json  = JSON::PP->new->canonical;

# The right under which bench_store loads its dossiers.
use constant RIGHT => 'SubsidieLezer-kmo';
use constant LIST  => '/api/v1/dosis/dossiers';

# seconds, rounds: of each point; http: more lines of that block.
sub new {
    my ($class, %option) = @_;

    my $self = bless { %option, tmp => File::Temp->newdir, serial => 0 },
        $class;
    $self->{dosis} = Dosis::Test->new(
        http     => halves(1) . ($option{http} // ''),
        location => 'access_log off;',
        server   => $self->baseline(1));

    return $self;
}

# A parameter of nginx's configuration cannot be as long as an answer.
sub halves {
    my ($bytes) = @_;

    my $half = 'x' x ($bytes / 2);
    return "map \$host \$half { default '$half'; }\n";
}

sub baseline {
    my (undef, $bytes) = @_;

    my $body = '${half}${half}' . 'x' x ($bytes % 2);
    return <<"END";
        location = /basis {
            access_log off;
            default_type application/json;
            add_header Cache-Control 'private, no-cache';
            add_header Vary 'Authorization, Accept, Dosis-Namens';
            add_header ETag 'W/"0123456789abcdef"';
            add_header X-Request-Id \$request_id;
            return 200 '$body';
        }
END
}

# From here on /basis answers with that many bytes.
sub set_baseline {
    my ($self, $bytes) = @_;

    my $dosis = $self->{dosis};
    $dosis->{config}{http}   = halves($bytes);
    $dosis->{config}{server} = $self->baseline($bytes);
    $dosis->write_conf;
    $dosis->reload;

    return;
}

# bench_store with these words on this store: {key => value}.
sub tool {
    my ($self, @words) = @_;

    my $dosis = $self->{dosis};
    my $line  = join ' ', "$dosis->{build}/bench_store",
        "$dosis->{home}/store", "$dosis->{home}/keys/kek.hex", @words;
    my $said = `$line`;
    $? == 0 or die "bench_store: $line\n";

    return { map { split /=/ } split ' ', $said };
}

# What the disk does without a store of ours: sync or disk of bench_store.
sub disk {
    my ($self, $what) = @_;

    my $said = `$self->{dosis}{build}/bench_store $self->{tmp} - $what`;
    $? == 0 or die "bench_store: $what\n";

    return { map { split /=/ } split ' ', $said };
}

sub used_bytes {
    my ($self) = @_;

    my (undef, $said) = $self->{dosis}->ctl('status', '--json');

    return JSON::PP::decode_json($said)->{store}{used_bytes};
}

# The n-th company of a load.
sub kbo {
    my (undef, $n) = @_;

    my $head = 1_000_000 + $n;
    return sprintf '%08d%02d', $head, 97 - $head % 97;
}

sub token {
    my ($self, $n) = @_;

    return $self->{dosis}->company($self->kbo($n), rechten => [RIGHT]);
}

sub median {
    my @sorted = sort { $a <=> $b } @_;
    return $sorted[$#sorted / 2];
}

# utime + stime of each of a server's processes, in microseconds.
sub worker_cpu {
    my (undef, $server) = @_;

    my %us;
    for my $pid ($server->workers) {
        open my $stat, '<', "/proc/$pid/stat" or next;
        my @field = split ' ', <$stat> =~ s/^.*\) //r;
        $us{$pid} = ($field[11] + $field[12]) * 1_000_000 / $ticks;
    }
    return \%us;
}

# A Lua file for wrk, which tells one more percentile.
sub script {
    my ($self, $text) = @_;

    my $path = "$self->{tmp}/" . ++$self->{serial} . '.lua';
    open my $file, '>', $path or die "$path: $!";
    print {$file} $text, <<'END';
done = function(summary, latency)
   print(string.format('p99.9 us: %d', latency:percentile(99.9)))
end
END
    close $file or die "$path: $!";

    return $path;
}

# Asks with each of these tokens in turn.
sub ask_script {
    my ($self, @tokens) = @_;

    my $list = join ',', map {"[==[$_]==]"} @tokens;
    return $self->script("local t = {$list}" . <<'END');

local n = 0
request = function()
   n = n % #t + 1
   return wrk.format('GET', nil, { ['Authorization'] = 'Bearer ' .. t[n] })
end
END
}

# The same JSON body each time.
sub post_script {
    my ($self, $token, $body) = @_;

    my $text = $json->encode($body);
    return $self->script(<<"END");
wrk.method = 'POST'
wrk.headers['Authorization'] = 'Bearer $token'
wrk.headers['Content-Type'] = 'application/json'
wrk.body = [==[$text]==]
END
}

# Half new, half updates, of the companies 0 .. n - 1. pause: so many ms on
# average before each, on each connection.
sub push_script {
    my ($self, $companies, $each, $pause) = @_;

    my $token = $self->{dosis}->machine('leverancier-a');
    my $last  = $each - 1;
    my $delay = defined $pause
        ? 'delay = function() return math.random(0, '
        . int(2 * $pause + 0.5) . ") end\n"
        : '';
    return $self->script($delay . <<"END" . <<'END');
local token = '$token'
local companies = $companies
local last = $last
END
math.randomseed(os.time())
local seen = os.time() * 1000
request = function()
   local c = math.random(0, companies - 1)
   local head = 1000000 + c
   local kbo = string.format('%08d%02d', head, 97 - head % 97)
   local nummer
   if math.random() < 0.5 then
      nummer = string.format('d%06d-%d', c, math.random(0, last))
   else
      seen = seen + 1
      nummer = 'n' .. seen .. '-' .. math.random(1, 1000000)
   end
   local body = string.format([[{"Identificatie":{"Bron":"urn://test/subsidies",
"DossierNummer":"%s"},"UploadId":"%08x-%04x-4%03x-8%03x-%06x%06x",
"Naam":"Subsidie kmo-portefeuille","WijzigingsDatum":"%s","TypeDossierCode":
"DossierStatus","Status":{"VlaamsFase":"Behandeling","VlaamsCode":
"DossierOnvolledig","Detail1":"Ronde %d","Actie":{"ActieNodig":true,"Actie":
"Bezorg de factuur"}},"Producten":[{"Id":"1984"}],"DossierBeheerder":{"Naam":
"Team subsidies","Dienst":"Steun","Telefoon":"02 000 00 00"},"Agenten":[{
"Identificatie":"%s","Toegangsrechten":[{"Code":"SubsidieLezer - kmo"}]}]}]],
      nummer, math.random(0, 2^31 - 1), math.random(0, 65535),
      math.random(0, 4095), math.random(0, 4095), math.random(0, 2^24 - 1),
      math.random(0, 2^24 - 1), os.date('!%Y-%m-%dT%H:%M:%SZ'),
      math.random(1, 1000000), kbo)
   return wrk.format('POST', nil, { ['Authorization'] = 'Bearer ' .. token,
      ['Content-Type'] = 'application/json' }, body)
end
END
}

# One wrk run: {rate, p50, p99, p999, cpu, bad}; times in ms, CPU in us per
# request. On a peer, when one is given; one without a script measures itself.
# Without a peer either: one fdatasync after the other.
sub measure {
    my ($self, $script, $path, $connections, $peer) = @_;

    if (!defined $script && !$peer) {
        my $us = $self->disk('sync')->{sync_us};
        return { rate => 1_000_000 / $us, p50 => $us / 1000 };
    }
    return $peer->measure($connections, $self->{seconds}, $path)
        if !defined $script;
    my $server = $peer // $self->{dosis};
    my $before = $self->worker_cpu($server);
    my $result = $self->finish_wrk(
        $self->start_wrk($script, $path, $connections, $server));
    my $after = $self->worker_cpu($server);
    # one that a reload had left to end may be gone meanwhile
    $result->{cpu} = sum0(map { $after->{$_} - ($before->{$_} // 0) }
            keys %$after) / ($result->{requests} || 1);

    return $result;
}

# Runs by itself; its output is to be read by finish_wrk.
sub start_wrk {
    my ($self, $script, $path, $connections, $server) = @_;

    $server //= $self->{dosis};
    open my $from, '-|', 'wrk', '-t1', "-c$connections",
        "-d$self->{seconds}s", '--latency', '-s', $script,
        "http://127.0.0.1:$server->{port}$path"
        or die "wrk: $!\n";

    return $from;
}

sub finish_wrk {
    my (undef, $from) = @_;

    my $text = join '', <$from>;
    close $from or die "wrk: $text";
    my ($requests) = $text =~ /(\d+) requests in/ or die "wrk: $text";
    my ($bad) = $text =~ /Non-2xx or 3xx responses: (\d+)/;
    my %unit = (us => 0.001, ms => 1, s => 1000, m => 60000);
    my %result = (bad => $bad // 0, requests => $requests);
    ($result{rate}) = $text =~ m{Requests/sec:\s+([\d.]+)};
    ($result{p999}) = $text =~ /^p99\.9 us: (\d+)/m;
    $result{p999} /= 1000;
    for my $p (50, 99) {
        my ($n, $u) = $text =~ /^\s+$p%\s+([\d.]+)(us|ms|s|m)\s*$/m;
        $result{"p$p"} = $n * $unit{$u};
    }

    return \%result;
}

# Points are [name, script, path, connections, peer]; the rounds go through all
# of them in turn. Prints a line each, the ratio against the first; returns
# {name => medians}.
sub run {
    my ($self, @points) = @_;

    my %seen;
    for my $round (1 .. $self->{rounds}) {
        for my $point (@points) {
            my ($name, @how) = @$point;
            push @{ $seen{$name} }, $self->measure(@how);
        }
    }

    my %medians;
    printf "\n%-28s %10s %9s %9s %10s %7s %6s\n", '', 'req/s', 'p50 ms',
        'p99 ms', 'CPU us/req', 'ratio', 'bad';
    for my $name (map { $_->[0] } @points) {
        my %m = map {
            my $key = $_;
            $key => median(map { $_->{$key} // 0 } @{ $seen{$name} })
        } qw(rate p50 p99 cpu bad);
        $medians{$name} = \%m;
        printf "%-28s %10.0f %9.2f %9s %10s %7.2f %6d\n", $name,
            @m{qw(rate p50)},
            $m{p99} ? sprintf('%.2f', $m{p99}) : '-',
            $m{cpu} ? sprintf('%.1f', $m{cpu}) : '-',
            $m{rate} / $medians{ $points[0][0] }{rate}, $m{bad};
    }

    return \%medians;
}

1;
