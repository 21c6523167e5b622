#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# An operator sees why a file failed, whoever's it is, by the number that the
# list of all files gives it, and ends one that should not run; the log says who
# did. Refused rows and warnings, in which people are named, are not to be had.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Number qw(kbo uuid);
use Dosis::Oplading;
use Dosis::Test;
use Dosis::Upload;

my $dosis = Dosis::Test->new(workers => 1);
my $path  = '/api/v1/dosis/beheer/uploads';
my $asks  = $dosis->machine('niemand', scope => 'DosisBeheer');

sub beheer {
    my ($method, $more, %option) = @_;

    return $dosis->request($method, "$path$more", token => $asks, %option);
}

# The number of the newest file of that client.
sub number_of {
    my ($client) = @_;

    my ($row) = grep { $_->{Client} eq $client }
        @{ beheer('GET', '')->member('Uploads') };

    return $row->{Nummer};
}

# Without what only an operator sees.
sub as_its_client_sees {
    my ($answer) = @_;

    my %shown = %{ $answer->json };
    delete @shown{qw(Nummer Client)};

    return \%shown;
}

# --- why one failed --------------------------------------------------------

# Names that do not pack, so that its end is not in what the door looks at.
my $text = Dosis::Oplading::csv(map {
        { DossierNummer => "O-$_", Naam => join('', map { uuid() } 1 .. 3) }
} 1 .. 3000);
my $id   = Dosis::Upload::send_file($dosis,
    substr(Dosis::Upload::gzip($text), 0, 100_000),
    query => { proef => 'true' }, coding => 'gzip')->member('UploadId');
my $own  = Dosis::Upload::ended($dosis, $id);
my $file = number_of('leverancier-a');
like($file, qr/^[1-9]\d*$/, 'the list gives it a number');
my $shown = beheer('GET', "/$file");
is_status($shown, 200, 'by which an operator opens it');
is_deeply([$shown->member('Toestand'), $shown->member('Fout')->{Code}],
    ['Mislukt', 'BestandBeschadigd'], 'and sees why it failed');
is_deeply(as_its_client_sees($shown), $own->json,
    'the record is the one that its client sees');
is_deeply([map { $shown->member($_) } qw(Client Nummer)],
    ['leverancier-a', $file], 'with whose it is');
is_status($dosis->request('HEAD', "$path/$file", token => $asks), 200, 'HEAD');

# An UploadId is one client's: two files, two numbers.
my $bad  = Dosis::Oplading::csv(
    { DossierNummer => 'O-1', Naam => '', AgentIdentificatie => kbo(7) });
my $both = uuid();
for my $client (qw(leverancier-a leverancier-b)) {
    is_status(Dosis::Upload::send_file($dosis, $bad, as => $client,
            query => { uploadId => $both }), 202, "one of $client");
}
my %number = map { $_ => number_of($_) } qw(leverancier-a leverancier-b);
is_deeply([map { my $one = beheer('GET', "/$number{$_}");
        [map { $one->member($_) } qw(Client UploadId)] } sort keys %number],
    [map { [$_, $both] } sort keys %number], 'each has a number of its own');

# --- what is not to be had -------------------------------------------------

Dosis::Upload::ended($dosis, $both);
$shown = beheer('GET', "/$number{'leverancier-a'}");
is($shown->member('Fouten'), 1, 'refused rows are counted');
unlike($shown->text, qr/@{[kbo(7)]}|O-1/, 'and nobody and no dossier is named');
for my $behind (qw(fouten waarschuwingen)) {
    is_problem(beheer('GET', "/$number{'leverancier-a'}/$behind"), 404,
        'NietGevonden', "$behind: there is no such door");
}

# --- who may ---------------------------------------------------------------

for my $method (qw(GET DELETE)) {
    is_problem(beheer($method, "/$file", token => undef), 401,
        'TokenOntbreekt', "$method: nobody");
    for my $case (
        ['its own client', $dosis->machine('leverancier-a')],
        ['a counter', $dosis->loket('loket')],
        ['a user', $dosis->company(kbo(1), rechten => ['Lezer'])],
        )
    {
        is_problem(beheer($method, "/$file", token => $case->[1]), 403,
            'ScopeOntbreekt', "$method: $case->[0]");
    }
    is_problem(beheer($method, "/$file", token => $dosis->machine('onbekend',
                scope => 'DosisBeheer')), 403, 'ClientOnbekend',
        "$method: a client that is not registered");
    is_problem(beheer($method, "/$_"), 404, 'NietGevonden', "$method: '$_'")
        for 0, "0$file", 999, '-1', '1e3', '9' x 18, '9' x 19, '9' x 40, $id;
}
my $wrong = $dosis->post("$path/$file", {}, token => $asks);
is_problem($wrong, 405, 'MethodeNietToegelaten', 'nothing else is done there');
is($wrong->header('Allow'), 'GET, HEAD, DELETE, OPTIONS', 'but this');

# --- one is ended ----------------------------------------------------------

$dosis->kill_engine;
my $waits = Dosis::Upload::send_file($dosis, $bad, as => 'leverancier-b')
    ->member('UploadId');
my $number = number_of('leverancier-b');
is(scalar(() = Dosis::Upload::spooled($dosis)), 1, 'a file waits');
my $ended = beheer('DELETE', "/$number");
is_status($ended, 200, 'an operator ends it');
is_deeply([map { $ended->member($_) } qw(Toestand Client Nummer UploadId)],
    ['Geannuleerd', 'leverancier-b', $number, $waits], 'at once');
is_deeply(Dosis::Upload::show($dosis, $waits, as => 'leverancier-b')->json,
    as_its_client_sees($ended), 'which its client sees');
$dosis->wait_for(sub { !Dosis::Upload::spooled($dosis) }, 'its file is gone');
like($dosis->log('error.log'),
    qr/ \[notice\] .*file was asked to end: number=$number operator=niemand$/m,
    'the log says which one, and who did it');
is(beheer('DELETE', "/$number")->member('Toestand'), 'Geannuleerd',
    'twice is fine');
is(beheer('DELETE', "/$file")->member('Toestand'), 'Mislukt',
    'one that has ended stays as it is');
is(scalar(() = $dosis->log('error.log') =~ /file was asked to end:/g), 1,
    'and of either the log says nothing more');

# One that has begun, held up by a pause: it ends soon.
$dosis->start_engine;
my ($code, $said)
    = $dosis->ctl(qw(pauze set lezen --bron urn://test/vergunningen));
is($code, 0, 'its source is paused') or diag $said;
Dosis::Upload::send_file($dosis, Dosis::Oplading::csv(
        { Bron => 'urn://test/vergunningen', DossierNummer => 'O-9' }),
    as => 'leverancier-b');
$number = number_of('leverancier-b');
$dosis->wait_for(
    sub { beheer('GET', "/$number")->member('Toestand') eq 'Bezig' },
    'it has begun');
is(beheer('DELETE', "/$number")->member('Toestand'), 'Bezig',
    'one that runs is told to end');
$dosis->wait_for(
    sub { beheer('GET', "/$number")->member('Toestand') eq 'Geannuleerd' },
    'and ends');
is(beheer('GET', "/$number")->member('Verwerkt'), 0, 'nothing of it was done');
