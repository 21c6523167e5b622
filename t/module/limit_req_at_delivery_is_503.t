#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# Who delivers too fast for nginx's own limits is told to come back: never a
# 4xx, at which a client drops its delivery.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Number qw(kbo);
use Dosis::Test;

for my $status (503, 429) {
    my $dosis = Dosis::Test->new(
        http     => 'limit_req_zone $server_name zone=x:1m rate=20r/s;',
        location => "limit_req zone=x burst=5 nodelay;"
            . " limit_req_status $status;",
        expect => [qr/limiting requests/],
    );
    my $agent    = kbo(1);
    my @dossiers = map { $dosis->dossier(agent => $agent) } 1 .. 64;
    my @answers  = $dosis->push_all(\@dossiers);
    my @refused  = grep { $answers[$_]->status != 200 } 0 .. $#answers;
    my @wrong;

    cmp_ok(scalar @refused, '>', 0, "limit_req_status $status:"
            . " some are limited");
    for my $answer (@answers[@refused]) {
        push @wrong,
            Dosis::Check::problem_faults($answer, 503,
            'TijdelijkNietBeschikbaar');
        push @wrong, 'no Retry-After'
            if ($answer->header('Retry-After') // '') !~ /^[1-9][0-9]*$/;
    }
    is_deeply(\@wrong, [], 'each of them is told to come back');

    my $withdrawn = $dosis->wait_for(
        sub {
            my $answer = $dosis->withdraw($dossiers[ $refused[0] ]);
            return $answer->status != 200 && $answer;
        },
        'a withdrawal is limited');
    is_problem($withdrawn, 503, 'TijdelijkNietBeschikbaar',
        'a withdrawal too');

    my @failed = grep {
        my $dossier = $dossiers[$_];
        !$dosis->wait_for(sub { $dosis->push($dossier)->status == 200 },
            'stored')
    } @refused[0 .. 3];
    is_deeply(\@failed, [], 'and coming back is all it takes');
}
