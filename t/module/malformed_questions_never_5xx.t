#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# Whatever a question says, the answer is an answer: 200, or 4xx with a
# problem; on the event loop and on a thread alike. Never a 5xx.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Number qw(insz kbo);
use Dosis::Test qw(query);

my $dosis = Dosis::Test->new;
my $base  = '/api/v1/dosis/dossiers';
my $json  = JSON::PP->new->utf8->canonical;
my $loket = $dosis->loket('loket');
my $kbo   = kbo(360);
my $user  = $dosis->company($kbo, rechten => ['Lezer']);

$dosis->store_all([map { $dosis->dossier(agent => $kbo) } 1 .. 3]);

my %door = (
    'namens' => sub {
        return $dosis->post('/api/v1/dosis/namens', $_[0], token => $loket);
    },
    'zoek' => sub {
        return $dosis->post("$base/zoek", $_[0], token => $loket);
    },
    'QUERY' => sub {
        return $dosis->request('QUERY', $base, body => $_[0],
            token => $loket);
    },
);

my $good = {
    Agenten => [{ Identificatie => $kbo, Rechten => ['Lezer'] },
        { Identificatie => insz(360), Rechten => [] }],
    Gebruiker => 'x', Doel => 'y', Zekerheid => 'z', Fase => ['Behandeling'],
    Code => 'InBehandeling', Bron => ['urn://test/open'], Product => '1984',
    ActieNodig => JSON::PP::false, Open => JSON::PP::true,
    Sinds => '2020-01-01', Tot => [2030, 1, 1], Rol => ['Aanvrager'],
    Sorteer => 'actie', Limiet => 5,
};
my @values = (
    undef, 1, -1, 1.5, 10**18, '', ' ', 'x', "a\x{0}b", "\x{1f600}",
    'x' x 300, [], {}, [[]], [{}], [undef], [1], ['x'], [('x') x 60],
    { x => 1 }, JSON::PP::true, [2026, 1, 1], [2026, 13, 1], [(9) x 8],
    [(10**18) x 3], insz(361), [insz(361)],
);

my (@wrong, %seen);

sub judge {
    my ($name, $answer) = @_;

    my $status = $answer->status;
    $seen{$status}++;
    return if $status == 200;
    push @wrong, "$name: $status" if $status < 400 || $status > 499;
    push @wrong, map {"$name: $_"}
        Dosis::Check::problem_faults($answer, $status);

    return;
}

# Member by member; of an agent too; once padded, so that a thread reads it.
for my $name (sort keys %door) {
    for my $member (sort keys %$good) {
        for my $at (0 .. $#values) {
            my %body = (%$good, $member => $values[$at]);
            judge("$name, $member is value $at",
                $door{$name}->($json->encode(\%body)));
            $body{Opmerking} = 'x' x 20_000;
            judge("$name, $member is value $at, on a thread",
                $door{$name}->($json->encode(\%body)))
                if $name ne 'namens' && $at % 3 == 0;
        }
    }
    for my $at (0 .. $#values) {
        my $value = $values[$at];
        for my $agent ($value, { Identificatie => $value },
            { Identificatie => $kbo, Rechten => $value },
            { Identificatie => $kbo, Rechten => [$value] },
            { identificatie => $kbo, rechten => [$value, 'Lezer'] })
        {
            judge("$name, an agent of value $at",
                $door{$name}->($json->encode(
                        { %$good, Agenten => [$agent] })));
        }
    }
}
is_deeply(\@wrong, [], 'members: every answer is 200 or a problem');
cmp_ok($seen{200}, '>', 100, "$seen{200} of them are 200");
cmp_ok($seen{400}, '>', 500, "$seen{400} are 400");

# Bytes: drawn, with a seed that is told.
my $seed = 20261125;
srand $seed;
@wrong = ();
my $text = $json->encode($good);
for my $round (1 .. 400) {
    my $broken = $text;
    for (1 .. 1 + rand 4) {
        my $at = int rand length $broken;
        my $how = int rand 3;
        $how == 0 ? substr($broken, $at, 1, chr int rand 256)
            : $how == 1 ? substr($broken, $at, 1 + int rand 9, '')
            :             substr($broken, $at, 0, substr $text, rand 200, 30);
    }
    my @names = sort keys %door;
    judge("round $round of seed $seed",
        $door{ $names[$round % @names] }->($broken));
}
is_deeply(\@wrong, [], "bytes (seed $seed): every answer is one");

# Parameters.
@wrong = ();
my @names = qw(fase code bron product actieNodig open sinds tot rol sorteer
    limiet na recht agent);
for my $round (1 .. 300) {
    my @pairs = map {
        my $name = $names[rand @names];
        my $value = (map { ref || !defined ? 'x' : $_ } @values,
            'Behandeling', 'true', '2026-01-01', 'actie')[rand 30];
        $value =~ tr/\x{0}//d if rand 2 < 1;
        $name . '=' . join '', map { rand 9 < 1 ? $_ : sprintf '%%%02x', ord }
            grep { ord($_) < 256 && !/[#\s]/ } split //, substr $value, 0, 60;
    } 1 .. 1 + rand 5;
    judge("round $round: @pairs",
        $dosis->get("$base?" . join('&', @pairs), token => $user));
}
is_deeply(\@wrong, [], "parameters (seed $seed): every answer is one");

is(scalar Dosis::Test::numbers($dosis->list(token => $user)), 3,
    'and a good question is still answered');
