#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# A client follows, reads and cancels its own files; to others they are as good
# as unknown. Too many that wait are a 503 that says when to come back.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use POSIX ();
use Test::More;
use Time::HiRes ();

use Dosis::Check;
use Dosis::Number qw(uuid);
use Dosis::Oplading;
use Dosis::Test;
use Dosis::Upload;

my $dosis = Dosis::Test->new(workers => 1);
my $path  = '/api/v1/dosis/uploads';
my $own   = $dosis->machine('leverancier-a');
my $other = $dosis->machine('leverancier-b');

# A run with refused rows: two kept, one stored.
my $text = Dosis::Oplading::csv(
    { DossierNummer => 'U-1' },
    { DossierNummer => 'U-2', StatusVlaamsFase => 'Nergens' },
    { DossierNummer => 'U-3', Naam => '' });
my $answer = Dosis::Upload::send_file($dosis, $text,
    query => { bestand => 'nacht.csv' });
my $id    = $answer->member('UploadId');
my $shown = Dosis::Upload::ended($dosis, $id);
is_deeply(
    [(map { $shown->member($_) } qw(Toestand Bestand Lijnen Verwerkt Fouten)),
        $shown->member('Resultaten')->{Nieuw}],
    ['Klaar', 'nacht.csv', 3, 3, 2, 1], 'run to its end');
my $fouten = Dosis::Upload::show($dosis, $id, more => '/fouten');
is_deeply([map { $_->{LijnNummer} } @{ $fouten->member('Fouten') }], [3, 4],
    'the refused rows, by line');
my $first = Dosis::Upload::show($dosis, $id, more => '/fouten?limiet=1');
my $next  = Dosis::Upload::show($dosis, $id, more => '/fouten?limiet=1&na='
        . $first->member('Volgende'));
is_deeply([map { $_->member('Fouten')->[0]{LijnNummer} } $first, $next],
    [3, 4], 'page by page');
my $csv = Dosis::Upload::show($dosis, $id, more => '/fouten',
    headers => [Accept => 'text/csv']);
is_status($csv, 200, 'as a file');
like($csv->header('Content-Type'), qr{^text/csv}, 'of CSV');
is($csv->header('Content-Disposition'),
    qq{attachment; filename="fouten-$id.csv"}, 'with a name');
like($csv->text, qr{Fout;.*\n.*;U-2;.*\n.*;U-3;}, 'row by row');
my $none = Dosis::Upload::show($dosis, $id, more => '/waarschuwingen');
is_deeply($none->json, { Waarschuwingen => [], Totaal => 0, Bewaard => 0,
        Volgende => undef }, 'none of its dossiers has a warning');
my $result = $dosis->get("/api/v1/dosis/resultaten/perUploadId?uploadId=$id",
    token => $own);
is_deeply([$result->member('Bestand'), $result->member('Succes')],
    ['nacht.csv', JSON::PP::false], 'perUploadId knows it');

# Mended and sent again as it came.
my $mended = $csv->body =~ s/Nergens/Behandeling/r =~ s{U-3;;;}{U-3;;Naam;}r;
$answer = Dosis::Upload::send_file($dosis, $mended);
$shown  = Dosis::Upload::ended($dosis, $answer->member('UploadId'));
is_deeply([$shown->member('Resultaten')->{Nieuw}, $shown->member('Fouten')],
    [2, 0], 'mended, its rows are stored');

my $now    = Time::HiRes::time();
my $moment = sprintf '%s.%06dZ',
    POSIX::strftime('%Y-%m-%dT%H:%M:%S', gmtime $now),
    ($now - int $now) * 1e6;

# Warnings refuse nothing, and are told page by page.
$answer = Dosis::Upload::send_file($dosis, Dosis::Oplading::csv(
    map { { DossierNummer => "W-$_", Toegangsrechten => $_ % 2 ? '' : 'Lezer' }
    } 1 .. 5));
my $warned = $answer->member('UploadId');
$shown = Dosis::Upload::ended($dosis, $warned);
is_deeply([$shown->member('Waarschuwingen'), $shown->member('Fouten'),
        $shown->member('Resultaten')->{Nieuw}], [3, 0, 5],
    'dossiers with a warning are stored');
my ($page, @warned) = ('');
while (defined $page) {
    my $told = Dosis::Upload::show($dosis, $warned,
        more => "/waarschuwingen?limiet=2$page");
    is_deeply([map { $told->member($_) } qw(Totaal Bewaard)], [3, 3],
        'a page of them');
    push @warned, map { [@$_{qw(LijnNummer DossierNummer)},
            map { @$_{qw(Code Veld)} } @{ $_->{Waarschuwingen} }]
    } @{ $told->member('Waarschuwingen') };
    $page = $told->member('Volgende');
    $page = "&na=$page" if defined $page;
}
is_deeply(\@warned, [map { [$_ + 1, "W-$_", 'GeenRechten', 'Toegangsrechten'] }
        1, 3, 5], 'with line, dossier, code and column');
is_problem(Dosis::Upload::show($dosis, $warned, more => '/waarschuwingen?na='
            . $first->member('Volgende')), 400, 'ParameterOngeldig',
    'a cursor of refused rows is none of these');

# What a whole file lacks stands behind its refused rows: not what came later.
$answer = Dosis::Upload::send_file($dosis, Dosis::Oplading::csv(
        { DossierNummer => 'W-1', Naam => '' }, { DossierNummer => 'W-2' }),
    query => { volledig => 'true', bron => 'urn://test/subsidies',
        peildatum => $moment });
my $whole = $answer->member('UploadId');
is(Dosis::Upload::ended($dosis, $whole)->member('Volledig')->{Ontbrekend}, 3,
    'a whole file lacks some');
my ($behind, $pages, @lacks) = ('', 0);
while (defined $behind) {
    my $told = Dosis::Upload::show($dosis, $whole,
        more => "/fouten?limiet=2$behind");
    $pages++;
    is(scalar @{ $told->member('Fouten') }, $pages == 1 ? 1 : 0,
        'refused rows first');
    push @lacks, map { $_->{DossierNummer} } @{ $told->member('Ontbrekend') };
    $behind = $told->member('Volgende');
    $behind = "&na=$behind" if defined $behind;
}
is_deeply([sort @lacks], [qw(U-1 U-2 U-3)],
    'and each that lacks, page by page');

# A long report comes whole, to a slow reader too.
my $long = Dosis::Oplading::csv(map { {
            DossierNummer => "R-$_", Naam => 'x' x 5000 } } 1 .. 400);
$answer = Dosis::Upload::send_file($dosis, $long);
my $big = $answer->member('UploadId');
is(Dosis::Upload::ended($dosis, $big)->member('Fouten'), 400, '400 refused');
my $slow = $dosis->client;
$slow->send_request('GET', "$path/$big/fouten",
    headers => [Accept => 'text/csv', Authorization => "Bearer $own"]);
my $gone = $dosis->client;
$gone->send_request('GET', "$path/$big/fouten",
    headers => [Accept => 'text/csv', Authorization => "Bearer $own"]);
$dosis->wait_for(sub { $gone->has_bytes }, 'it begins');
$gone->close;
is_stored($dosis->push($dosis->dossier), 'Nieuw', 'others are answered');
my $report = $slow->receive('GET')->body;
is(scalar(() = $report =~ /;R-\d+;/g), 400, 'every row is in it');
cmp_ok(length $report, '>', 2_000_000, 'of two megabytes');

# Others.
my $unknown = uuid();
my @known;
for my $door (['GET', ''], ['GET', '/fouten'],
    ['GET', '/waarschuwingen'], ['DELETE', '']) {
    my ($method, $more) = @$door;
    my @answers = map {
        my ($token, $of) = @$_;
        $dosis->request($method, "$path/$of$more", token => $token);
    } [$other, $id], [$own, $unknown], [$own, 'geen-uuid'];
    is_problem($_, 404, 'NietGevonden', "$method $more: 404") for @answers;
    push @known, map { s/urn:dosis:aanvraag:\w+//r } map { $_->text } @answers;
}
my %kind = map { $_ => 1 } @known;
is(scalar keys %kind, 1, 'one and the same answer');
is_problem($dosis->get("$path/$id", token => $dosis->loket('loket')), 403,
    'ScopeOntbreekt', 'a counter: 403');
is_deeply($dosis->get($path, token => $other)->member('Uploads'), [],
    'another client has none');
is_deeply([map { $_->{UploadId} } @{ $dosis->get("$path?limiet=1",
            token => $own)->member('Uploads') }], [$big],
    'its own, the newest first');

# Those that wait: cancelled, and too many.
$dosis->kill_engine;
my @waiting = map {
    Dosis::Upload::send_file($dosis, $text)->member('UploadId')
} 1 .. 20;
$answer = Dosis::Upload::send_file($dosis, $text, client => $dosis->client);
is_problem($answer, 503, 'TeVeelUploads', 'the 21st that waits: 503');
cmp_ok($answer->header('Retry-After'), '>=', 10, 'and when to come back');
is_status(Dosis::Upload::send_file($dosis, $text, as => 'leverancier-b'), 202,
    'another client is not in the way');
is(scalar(() = Dosis::Upload::spooled($dosis)), 21, 'each has its file');
$answer = $dosis->request('DELETE', "$path/$waiting[0]", token => $own);
is_status($answer, 200, 'one is cancelled');
is($answer->member('Toestand'), 'Geannuleerd', 'at once');
$dosis->wait_for(sub { 20 == (() = Dosis::Upload::spooled($dosis)) },
    'its file is gone');
is($dosis->request('DELETE', "$path/$waiting[0]", token => $own)
        ->member('Toestand'), 'Geannuleerd', 'cancelled twice is fine');
is_status(Dosis::Upload::send_file($dosis, $text), 202, 'there is room again');
is($dosis->request('DELETE', "$path/$id", token => $own)->member('Toestand'),
    'Klaar', 'one that has ended stays as it is');

# The template is a file that is taken.
my $template = $dosis->get('/api/v1/dosis/sjabloon.csv',
    token => $dosis->loket('loket'));
is_status($template, 200, 'the template, for any scope');
like($template->header('Content-Type'), qr{^text/csv}, 'of CSV');
is_status(Dosis::Upload::send_file($dosis, $template->body,
        as => 'leverancier-b'), 202, 'and is a good file itself');
