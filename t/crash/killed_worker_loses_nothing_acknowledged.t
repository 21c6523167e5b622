#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# A worker killed at any moment loses nothing that was answered for, and what
# was not answered may be sent again as it is.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Number qw(kbo);
use Dosis::Test;

my $rounds = $ENV{DOSIS_LONG} ? 1000 : 100;
my $width  = 16;

my $dosis = Dosis::Test->new(
    expect => [qr/worker process \d+ exited on signal 9/]);
my $agent  = kbo(1);
my $import = $dosis->machine('leverancier-a');
my (@acknowledged, @open, @strange);
my ($kills, $broken) = (0, 0);
srand 7;

# On until a kill came before an answer: how soon that is depends on the machine.
my $round = 0;
while (++$round <= $rounds || (!$broken && $round <= 5 * $rounds)) {
    my @clients  = map { $dosis->client(timeout => 10) } 1 .. $width;
    my @dossiers = map { $dosis->dossier(agent => $agent) } 1 .. $width;

    for my $index (0 .. $#clients) {
        $clients[$index]->send_request('POST', Dosis::Test::PUSH(),
            Dosis::Test::prepared(token => $import,
                body => $dossiers[$index]));
    }

    # Every other round a worker dies somewhere between reading, committing
    # and answering: the moment is drawn, not waited for.
    if ($round % 2) {
        select undef, undef, undef, rand 0.006;
        $dosis->kill_worker;
        $kills++;
    }
    for my $index (0 .. $#clients) {
        my $answer = eval { $clients[$index]->receive('POST') };
        if (!$answer) {
            push @open, $dossiers[$index];
            $broken++;
        }
        elsif ($answer->status == 200) {
            push @acknowledged, $dossiers[$index];
        }
        else {
            push @strange, $answer->text;
        }
    }
}

cmp_ok($kills, '>=', $rounds / 2, "$kills workers were killed");
cmp_ok($broken, '>', 0, "$broken requests were left without an answer");
is_deeply(\@strange, [], 'no other answer than stored');

my $reader = $dosis->company($agent, rechten => ['Lezer']);

sub shown {
    my %row;
    $row{$_}++ for $dosis->all_numbers(token => $reader);

    return \%row;
}

sub number {
    my ($dossier) = @_;

    return $dossier->{Identificatie}{DossierNummer};
}

my $row = shown();
is_deeply([grep { !$row->{ number($_) } } @acknowledged], [],
    'every acknowledged delivery is listed');
is_deeply([grep { $row->{$_} != 1 } keys %$row], [], 'each once');
my @no_result = grep {
    my $answer = $dosis->get('/api/v1/dosis/resultaten/perUploadId?uploadId='
            . $_->{UploadId}, token => $import);
    !$answer->member('Succes');
} @acknowledged;
is_deeply(\@no_result, [], 'and has its result');

# A client that heard nothing sends the same again.
my @again = $dosis->push_all(\@open);
is_deeply([map { $_->text } grep { $_->member('Resultaat') ne 'Nieuw' } @again],
    [], 'sent again, each answers as if for the first time');
is_deeply([grep { ($_->member('Versie') // 0) != $again[0]->member('Versie') }
            @again],
    [], 'and stands there once, in its first version');
$row = shown();
is(scalar keys %$row, @acknowledged + @open, 'nothing is missing or double');
