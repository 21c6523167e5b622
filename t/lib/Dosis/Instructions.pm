# SPDX-License-Identifier: EUPL-1.2

# How many instructions a request costs in nginx, the kernel's not included.
# nginx runs in one process under callgrind; the same work is done once and
# twice, and the difference is what it cost: no start, no end, no first use of
# a token. A busy machine counts as a quiet one does.

package Dosis::Instructions;

use strict;
use warnings;

use Cwd            ();
use File::Basename ();
use POSIX          ();

use Dosis::Bench   ();
use Dosis::Fixture ();
use Dosis::Test    ();

use constant {
    COMPANIES => 500,
    EACH      => 10,
    TOKENS    => 50,
    LOOK_UPS  => 2000,    # so many that what nginx does by the clock is little
    PUSHES    => 400,
    ALLOWED   => 1.05,
};
use constant WORK => qw(W1 W2);

my $top = Cwd::abs_path(File::Basename::dirname(__FILE__) . '/../../..');

sub budget_path {
    return "$top/t/long/instructions.budget";
}

sub is_possible {
    return grep { -x "$_/valgrind" } split /:/, $ENV{PATH};
}

sub new {
    my ($class) = @_;

    my $dosis = Dosis::Test->new(
        nginx   => 0,
        workers => 1,
        main    => "master_process off;\n",
        # valgrind has no room for the default
        http           => 'dosis_map_size 1g;',
        engine_options => ['--map-size' => '1g'],
        location       => 'access_log off;');
    my $bench = bless { dosis => $dosis }, 'Dosis::Bench';
    $bench->tool('load', COMPANIES, EACH);

    return bless {
        dosis  => $dosis,
        bench  => $bench,
        asked  => 0,
        pushed => 0,
        tokens => [map { $bench->token($_) } 0 .. TOKENS - 1],
    }, $class;
}

# {W1 => {all => instructions per look-up, and by place}, W2 => per push}.
sub count {
    my ($self) = @_;

    my $once = $self->life(1, 1);

    return {
        W1 => difference($self->life(2, 1), $once, LOOK_UPS),
        W2 => difference($self->life(1, 2), $once, PUSHES),
    };
}

sub difference {
    my ($twice, $once, $count) = @_;

    return {
        map { $_ => int(($twice->{$_} - ($once->{$_} // 0)) / $count) }
            keys %$twice
    };
}

# One life of nginx with this much of each work: instructions by place.
sub life {
    my ($self, $look_ups, $pushes) = @_;

    my $dosis = $self->{dosis};
    my $out   = "$dosis->{home}/log/counted";

    unlink $out;
    $dosis->write_conf;
    $dosis->{nginx} = $dosis->spawn('nginx.log', {}, 'valgrind', '-q',
        '--tool=callgrind', "--callgrind-out-file=$out",
        Dosis::Test::nginx_path(), '-e', "$dosis->{home}/log/error.log",
        '-p', "$dosis->{home}/", '-c', "$dosis->{home}/nginx.conf");
    $dosis->{client} = $dosis->client(timeout => 120);
    $dosis->wait_for(
        sub {
            $dosis->alive('nginx') or die $dosis->log('nginx.log');
            eval { $dosis->{client}->connect_if_needed; 1 };
        },
        'nginx listens', 120);
    $self->look_up for 1 .. $look_ups * LOOK_UPS;
    $self->push    for 1 .. $pushes * PUSHES;
    kill QUIT => $dosis->{nginx};
    $dosis->wait_for(sub { !$dosis->alive('nginx') }, 'nginx ends', 120);

    return by_place($out);
}

# What callgrind wrote: {all => n, place => n}; a place is a function of ours,
# or else a program or library. A call's own line tells where, the next one what
# was spent in there: that is counted where it was spent.
sub by_place {
    my ($path) = @_;

    my (%name, %now, %sum);
    open my $from, '<', $path or die "$path: $!\n";
    while (my $line = <$from>) {
        if ($line =~ /^(c?)(ob|fn)=\((\d+)\)(?: (.+))?/) {
            my ($called, $kind, $id, $text) = ($1, $2, $3, $4);
            $name{$kind}{$id} = $text if defined $text;
            $now{$kind} = $name{$kind}{$id} if !$called;
        }
        elsif ($line =~ /^calls=/) {
            <$from>;
        }
        elsif ($line =~ /^[\d+*-]\S* (\d+)$/) {
            $sum{ place_of(@now{qw(ob fn)}) } += $1;
            $sum{all} += $1;
        }
    }
    $sum{all} or die "callgrind counted nothing\n";

    return \%sum;
}

sub place_of {
    my ($object, $function) = @_;

    my $place = ($object // 'elsewhere') =~ s{.*/}{}r;

    # 'name'2 is a recursion of the same
    return $place eq 'ngx_dosis_module.so'
        ? $function =~ s/'\d+$//r . '()'
        : $place;
}

sub look_up {
    my ($self) = @_;

    my $token  = $self->{tokens}[$self->{asked}++ % TOKENS];
    my $answer = $self->{dosis}->get(Dosis::Bench::LIST() . '?limiet=10',
        token => $token);
    $answer->status == 200 or die 'W1: ' . $answer->text . "\n";

    return;
}

# Every other one is new; no dossier is updated twice, and none of a company
# that is looked up.
sub push {
    my ($self) = @_;

    my $dosis   = $self->{dosis};
    my $n       = $self->{pushed}++;
    my $company = TOKENS + $n * 7 % (COMPANIES - TOKENS);
    my $each    = int($n / (COMPANIES - TOKENS)) % EACH;
    my $nummer  = $n % 2 ? "n$n" : sprintf 'd%06d-%d', $company, $each;
    my $answer  = $dosis->push(
        $dosis->dossier(
            nummer  => $nummer,
            agent   => $self->{bench}->kbo($company),
            rechten => [Dosis::Bench::RIGHT()],
            datum   => POSIX::strftime('%Y-%m-%dT%H:%M:%SZ', gmtime)));
    my $wanted = $n % 2 ? 'Nieuw' : 'Gewijzigd';
    my $result = $answer->status == 200 ? $answer->member('Resultaat') : '';
    $result eq $wanted or die "W2: not $wanted: " . $answer->text . "\n";

    return;
}

# {W1 => n, W2 => n}, as recorded.
sub budget {
    my $text = Dosis::Fixture::read_file(budget_path());

    return { $text =~ /^(W\d) (\d+)$/mg };
}

# What count has returned.
sub record {
    my ($seen) = @_;

    Dosis::Fixture::write_file(budget_path(), <<'END'
# SPDX-License-Identifier: EUPL-1.2
# Instructions in nginx per request, as `make budgets` counted them. A twentieth
# more fails t/long/request_keeps_its_instruction_budget.t.
END
            . join '', map {"$_ $seen->{$_}{all}\n"} WORK);

    return;
}

1;
