#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# A full map refuses deliveries with 507 and nothing else; a higher ceiling
# ends it.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Number qw(kbo);
use Dosis::Test;

my $dosis = Dosis::Test->new(
    http           => 'dosis_map_size 4m;',
    engine_options => ['--map-size', '4m'],
    expect         => [qr/batch not stored/],
);
my (@stored, @refused, @wrong);

for my $round (1 .. 100) {
    my @dossiers = map {
        $dosis->dossier(agent => kbo(100 * $round + $_),
            Doorverwijzing => 'https://example.be/' . 'x' x 900)
    } 1 .. 64;
    my @answers = $dosis->push_all(\@dossiers);

    for my $index (0 .. $#answers) {
        my $answer = $answers[$index];
        if ($answer->status == 200) {
            push @stored, $dossiers[$index];
            next;
        }
        push @refused, $dossiers[$index];
        push @wrong,
            Dosis::Check::problem_faults($answer, 507, 'OpslagVol');
        push @wrong, 'no Retry-After'
            if ($answer->header('Retry-After') // '') !~ /^[1-9][0-9]*$/;
    }
    last if @refused > 64;
}
cmp_ok(scalar @refused, '>', 64, 'the map is full: deliveries are refused');
is_deeply(\@wrong, [], 'each with 507');
my $withdrawal = $dosis->withdraw($stored[0]);
if ($withdrawal->status == 200) {    # it needs less room, and had it
    shift @stored;
}
else {
    is_problem($withdrawal, 507, 'OpslagVol', 'a withdrawal too');
}

# Those without a result, or without the row in the agent's list (every eighth
# is asked for: a token each).
sub missing {
    my @all   = @_;
    my $token = $dosis->machine('leverancier-a');
    my @gone  = grep {
        !$dosis->get('/api/v1/dosis/resultaten/perUploadId?uploadId='
                . $_->{UploadId}, token => $token)->member('Succes')
    } @all;

    push @gone, grep {
        my $answer = $dosis->list(token => $dosis->company(
                $_->{Agenten}[0]{Identificatie}, rechten => ['Lezer']));
        $answer->status != 200 || Dosis::Test::numbers($answer) != 1;
    } @all[grep { $_ % 8 == 0 } 0 .. $#all];

    return @gone;
}

is(scalar missing(@stored), 0, 'what was stored before can be read');
my $worn = $dosis->wait_for(
    sub {
        my $answer = $dosis->get('/health/ready');
        return $answer->member('status') ne 'UP' && $answer;
    },
    'health looks again');
is($worn->member('checks', 'map'), 'DEGRADED', 'ready says: map DEGRADED');
is($worn->status, 200, 'with 200: it can still be asked');
my $log = $dosis->log('error.log');
my @told = $log =~ /(batch not stored.*rc=EFULL)/g;
ok(@told >= 1 && @told <= $dosis->{workers},
    'the log says it once per worker');
my ($code, $said) = $dosis->ctl('verify');
is($code, 0, 'verify finds the store whole') or diag $said;

# The operator raises the ceiling: the engine first, which would else be told
# that the file has passed its own, and nginx is reloaded.
$dosis->{config}{http} = 'dosis_map_size 64m;';
$dosis->{engine_options} = ['--map-size', '64m'];
$dosis->restart_engine;
$dosis->write_conf;
my %old = map { $_ => 1 } $dosis->workers;
$dosis->reload;
$dosis->wait_for(sub { !grep { $old{$_} } $dosis->workers },
    'the old workers are gone');
my @again = $dosis->push_all(\@refused);
is(scalar(grep { $_->status == 200 } @again), scalar @again,
    'with a higher ceiling all that was refused is stored');
$dosis->wait_for(
    sub { $dosis->get('/health/ready')->member('status') eq 'UP' },
    'ready is UP again');
is(scalar missing(@stored, @refused), 0, 'and everything is there');
