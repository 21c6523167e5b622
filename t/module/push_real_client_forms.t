#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# Every form in which the real clients send a dossier is taken as it is.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Number qw(insz kbo uuid insz_dotted vestiging);
use Dosis::Test qw(ABSENT query);

my $dosis = Dosis::Test->new;
my $json  = JSON::PP->new->utf8->canonical;

# The body that the connector of 2021 sends: every member there, null where
# it knows nothing, compact, in declaration order.
sub connector {
    my (%said) = @_;

    my $upload = uuid();
    my $date   = $said{date}   // '"2021-04-28T11:16:50.52"';
    my $status = $said{status} // '{"VlaamsCode":"InBehandeling",'
        . '"VlaamsFase":"Behandeling","Detail1":"in behandeling",'
        . '"Actie":null}';
    my $agent = $said{agent} // kbo(11);
    my $right = $said{right} // 'SubsidieLezer';
    my $rest  = $said{rest}  // '';
    $rest = ",$rest" if $rest ne '';

    return qq({"Identificatie":{"Bron":"urn://ovam/evoa","DossierNummer":)
        . qq("$said{number}"},"UploadId":"$upload","Naam":"Afvaltransport",)
        . qq("WijzigingsDatum":$date,"Status":$status,"Doorverwijzing":null,)
        . q("TypeDossierCode":"DossierStatus","Producten":[{"Id":"1984"}],)
        . q("DossierBeheerder":{"Naam":"Jan Jans","Dienst":null,)
        . q("Telefoon":"+32490000000","Email":null,)
        . q("Website":"www.example.com","Adres":{"Straat":null,)
        . q("Nummer":null,"Postcode":null,"Gemeente":null}},)
        . qq("Agenten":[{"Identificatie":"$agent","Toegangsrechten":)
        . qq([{"Code":"$right"}]}]$rest});
}

sub spelled {
    my ($fase, $code) = @_;

    return qq({"$fase":"Behandeling","$code":"InBehandeling",)
        . '"Detail1":"x","Actie":null}';
}

my $kbo = kbo(12);
my $far = insz(1);

my @form = (
    ['all members, null where unknown' => {}],
    ['a date without a fraction' => { date => '"2021-04-28T11:16:50"' }],
    ['a date with nine fraction digits' =>
            { date => '"2021-04-28T11:16:50.123456789"' }
    ],
    ['a date with a Z'      => { date => '"2021-04-28T09:16:50.5Z"' }],
    ['a date with an offset' => { date => '"2021-04-28T11:16:50+02:00"' }],
    ['a date alone'          => { date => '"2021-04-28"' }],
    ['a date as an array' => { date => '[2021,8,5,13,27,2,123456000]' }],
    ['a date as an array without nanoseconds' =>
            { date => '[2021,8,5,13,27,2]' }
    ],
    ['a date as an array without seconds' => { date => '[2021,8,5,13,27]' }],
    ['VlaamsFase, VlaamsCode'   => { status => spelled(qw(VlaamsFase VlaamsCode)) }],
    ['VlaamseFase, VlaamseCode' => { status => spelled(qw(VlaamseFase VlaamseCode)) }],
    ['vlaamseFase, vlaamseCode' => { status => spelled(qw(vlaamseFase vlaamseCode)) }],
    ['vlaamsFase, vlaamsCode'   => { status => spelled(qw(vlaamsFase vlaamsCode)) }],
    [   'values in another case' => {
            status => '{"VlaamsFase":"behandeling","VlaamsCode":'
                . '"INBEHANDELING"}'
        }
    ],
    [   'an action that is needed' => {
            status => '{"VlaamsCode":"DossierOnvolledig","VlaamsFase":'
                . '"Behandeling","Detail1":null,"Actie":{"ActieNodig":true,'
                . '"Actie":"Bezorg de factuur"}}'
        }
    ],
    [   'an unusual pair of phase and code' => {
            status => '{"VlaamsFase":"Afgerond","VlaamsCode":"Goedgekeurd"}'
        }
    ],
    ['a right with its context' => { right => 'SubsidieLezer - kmo' }],
    ['an enterprise written with BE' =>
            { agent => 'BE' . substr $kbo, 1 }
    ],
    ['an enterprise of nine digits' => { agent => substr $kbo, 1 }],
    [   'an enterprise with dots' =>
            { agent => $kbo =~ s/^(....)(...)(...)$/$1.$2.$3/r }
    ],
    ['an establishment' => { agent => vestiging(3) }],
    ['a citizen with Raadpleger' => { agent => $far, right => 'Raadpleger' }],
    [   'a citizen with dots and hyphen' =>
            { agent => insz_dotted($far), right => 'Raadpleger' }
    ],
    ['members nobody knows' => { rest => '"Extra":{"Diep":[1,2]}' }],
);

my $number = 0;
for my $form (@form) {
    my ($fact, $said) = @$form;
    my $answer = $dosis->push(connector(%$said, number => 'F-' . ++$number));
    is_stored($answer, 'Nieuw', "stored: $fact");
}

# Unusual and unknown are told, not refused.
my $answer = $dosis->push(connector(
    number => 'W-1',
    rest   => '"Extra":1',
    status => '{"VlaamsFase":"Afgerond","VlaamsCode":"Goedgekeurd"}'));
my @codes = sort map { $_->{code} } @{ $answer->member('Waarschuwingen') };
is_deeply(\@codes, [qw(OnbekendVeld OngebruikelijkPaar)],
    'an unusual pair and an unknown member are warned about');

# As Java writes it: an optional Content-Type parameter, Accept, keep-alive.
$answer = $dosis->push(connector(number => 'H-1'),
    headers => [
        'Content-Type' => 'application/json;charset=UTF-8',
        'Accept'       => 'application/json',
        'Connection'   => 'Keep-Alive',
        'User-Agent'   => 'Apache-HttpClient/4.5.13 (Java/11.0.11)',
    ]);
is_stored($answer, 'Nieuw', 'stored: headers of the Java client');
is($answer->header('Content-Type'), 'application/json',
    'the answer is application/json');

$answer = $dosis->push(connector(number => 'H-2'),
    headers => [Expect => '100-continue']);
is_stored($answer, 'Nieuw', 'stored: Expect: 100-continue');
cmp_ok($answer->{informed}, '>=', 1, '100 Continue was sent first');

# A minimal dossier, and a reference without a status.
$answer = $dosis->push({
        Identificatie =>
            { Bron => 'urn://some/test', DossierNummer => 'M-1' },
        Naam            => 'Klein',
        WijzigingsDatum => '2021-04-28T11:16:50',
        Status => { VlaamsFase => 'Behandeling', VlaamsCode => 'Ontvankelijk' },
        Agenten => [{ Identificatie => kbo(12),
                Toegangsrechten => [{ Code => 'Lezer' }] }],
    });
is_stored($answer, 'Nieuw', 'stored: a minimal dossier without UploadId');
like($answer->member('UploadId'), qr/^[0-9a-f-]{36}$/,
    'an UploadId was made for it');

$answer = $dosis->push($dosis->dossier(
    TypeDossierCode => 'DossierVerwijzing',
    Status          => undef,
    WijzigingsDatum => undef,
    agent           => kbo(12)));
is_stored($answer, 'Nieuw', 'stored: a reference without status or date');

# What was stored is what a reader sees: one form for all spellings.
my $list = $dosis->list(
    token  => $dosis->company($kbo, rechten => ['SubsidieLezer', 'Lezer']),
    limiet => 500);
is_status($list, 200, 'the company may list');
my %row = map { $_->{Identificatie}{DossierNummer} => $_ }
    @{ $list->member('Dossiers') };
my @of_kbo = grep { $form[$_][0] =~ /^an enterprise/ } 0 .. $#form;
is_deeply([grep {/^F-/} sort keys %row], [sort map { 'F-' . ($_ + 1) } @of_kbo],
    'all spellings of one enterprise number are one enterprise');
is($row{"F-" . ($of_kbo[0] + 1)}{WijzigingsDatum},
    '2021-04-28T09:16:50.520Z', 'Brussels time goes out as UTC');

my $result = $dosis->get('/api/v1/dosis/resultaten/perUploadId?uploadId='
    . $answer->member('UploadId'), token => $dosis->machine('leverancier-a'));
like($result->member('TijdstipVerwerking'),
    qr/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?$/,
    'a result gives local time without an offset');
