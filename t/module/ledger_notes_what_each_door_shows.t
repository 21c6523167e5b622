#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# The access ledger: every door that shows dossiers notes exactly what it
# showed, to whom, about whom; and no door of the route table is forgotten.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Ledger;
use Dosis::Number qw(insz kbo uuid);
use Dosis::Stream;
use Dosis::Test qw(query);

my $dosis   = Dosis::Test->new;
my $base    = '/api/v1/dosis/dossiers';
my $person  = insz(7);
my $company = kbo(7);
my $loket   = $dosis->loket('loket');
my $citizen = $dosis->citizen($person);
my %tried;

my @ids = map { $_->member('DossierId') } $dosis->push_all([
    map { $dosis->dossier(agent => $person, rechten => ['Raadpleger'],
            Doorverwijzing => "https://loket.example.be/$_",
            datum => "2026-01-0${_}T10:00:00") } 1 .. 3]);
my $hidden = $dosis->push($dosis->dossier(agent => $person,
        rechten => ['Ander']))->member('DossierId');
my $of_company = $dosis->push($dosis->dossier(agent => $company))
    ->member('DossierId');
my @newest = reverse @ids;

sub question {
    my (%more) = @_;

    return {
        Agenten => [{ Identificatie => $person, Rechten => ['Raadpleger'] }],
        Gebruiker => 'medewerker-7',
        Doel      => 'balie',
        Zekerheid => 'eid',
        %more,
    };
}

my $handle = $dosis->post('/api/v1/dosis/namens', question(),
    token => $loket)->member('Namens');

# What the ledger must say of an answer: door, dossiers, about whom; more:
# other members of the line.
sub notes {
    my ($fact, $answer, $door, $dossiers, %more) = @_;

    my $about = delete $more{about} // [$person];
    my $line  = Dosis::Ledger::of($dosis, $answer);
    $tried{$door}++;
    if (!$line) {
        fail("$fact: noted");
        return;
    }
    is($line->{Deur}, $door, "$fact: by its door");
    is_deeply($line->{Dossiers}, $dossiers, "$fact: what it showed");
    is_deeply([map { $_->{Identificatie} } @{ $line->{Onderwerpen} }],
        $about, "$fact: about whom");
    for my $member (sort keys %more) {
        is_deeply($line->{$member}, $more{$member}, "$fact: $member");
    }

    return;
}

my %user = (Eigen => JSON::PP::true, Client => 'portaal', Gebruiker => undef);
my %counter = (Eigen => JSON::PP::false, Client => 'loket',
    Gebruiker => 'medewerker-7', Doel => 'balie', Zekerheid => 'eid');
my @namens = (token => $loket, headers => ['Dosis-Namens' => $handle]);

# All are asked first, and read when they are on disk: one wait for all.
my %answer = (
    list   => $dosis->list(token => $citizen),
    page   => $dosis->list(token => $citizen, limiet => 2),
    none   => $dosis->list(token => $citizen, fase => 'Afgerond'),
    namens => $dosis->get("$base?limiet=1", @namens),
    zoek   => $dosis->post("$base/zoek", question(), token => $loket),
    query  => $dosis->request('QUERY', $base, token => $loket,
        body => question(Limiet => 1)),
    url => $dosis->list(token => $loket, agent => $company,
        recht => ['Lezer']),
    detail    => $dosis->get("$base/$ids[0]", token => $citizen),
    moment    => $dosis->get("$base/$ids[0]?opDatum=2099-01-01", @namens),
    historiek => $dosis->get("$base/$ids[1]/historiek", @namens),
    overzicht => $dosis->get('/api/v1/dosis/overzicht', @namens),
    feed      => $dosis->get('/api/v1/dosis/wijzigingen', token => $citizen),
    inzages   => $dosis->get('/api/v1/dosis/inzages', token => $citizen),
    klik   => $dosis->post("$base/$ids[2]/doorverwijzing", undef,
        token => $citizen),
    balie => $dosis->post("$base/$ids[1]/doorverwijzing", undef, @namens),
    bron      => $dosis->get('/api/v1/dosis/bronnen/dossiers?'
            . query(bron => 'urn://test/subsidies'),
        token => $dosis->machine('leverancier-a')),
);
is_status($answer{$_}, 200, "$_ is answered") for sort keys %answer;
my $etag = $answer{list}->header('ETag');
# Who acts with a mandate; and what somebody else would see, explained.
my $office = $dosis->company(kbo(8), ssm_mandaatgever => $company,
    dosis_rol_3d => ["Lezer:$company"]);
$answer{mandate} = $dosis->list(token => $office);
is_status($answer{mandate}, 200, 'a list under a mandate');
$answer{mandate_detail} =
    $dosis->get("$base/$of_company", token => $office);
is_status($answer{mandate_detail}, 200, 'a detail under a mandate');
my $uitleg = '/api/v1/dosis/uitleg';
my %of = (source => $dosis->machine('leverancier-a'),
    operator => $dosis->machine('niemand', scope => 'DosisBeheer'));
$answer{"uitleg_$_"} = $dosis->post($uitleg,
    { %{ question() }, DossierId => $hidden, Mandataris => kbo(8) },
    token => $of{$_})
    for sort keys %of;
is_status($answer{"uitleg_$_"}, 200, "uitleg, for a $_") for sort keys %of;
$answer{same} = $dosis->list(token => $citizen,
    headers => ['If-None-Match' => $etag]);
is_status($answer{same}, 304, 'a list that is known already');
$answer{head} = $dosis->request('HEAD', $base, token => $citizen);
is_status($answer{head}, 200, 'HEAD');
my %silent = (
    hidden  => $dosis->get("$base/$hidden", token => $citizen),
    unknown => $dosis->get("$base/" . 'a' x 26, token => $citizen),
    refused => $dosis->list(token => $loket),
    closed  => $dosis->post("$base/$hidden/doorverwijzing", undef,
        token => $citizen),
    nowhere => $dosis->post("$base/$of_company/doorverwijzing", undef,
        token => $dosis->company($company, rechten => ['Lezer'])),
    opened => $dosis->get($answer{klik}->member('Url')),
    uitleg_of_nothing => $dosis->post($uitleg,
        { %{ question() }, DossierId => 'a' x 26 }, token => $of{source}),
    uitleg_of_another => $dosis->post($uitleg,
        { %{ question() }, DossierId => $hidden },
        token => $dosis->machine('leverancier-b')),
    uitleg_refused => $dosis->post($uitleg,
        { %{ question() }, DossierId => $hidden, Loket => 'loket' },
        token => $of{source}),
    codes   => $dosis->get('/api/v1/dosis/codelijsten/StatusVlaamsFase',
        token => $citizen),
    quiet => $dosis->get('/api/v1/dosis/wijzigingen?'
            . query(na => $answer{feed}->member('Volgende')),
        token => $citizen),
);

delete $user{Client};
notes('the list of a user', $answer{list}, 'lijst', \@newest, %user);
notes('a page', $answer{page}, 'lijst', [@newest[0, 1]]);
notes('an empty list', $answer{none}, 'lijst', []);
notes('a counter with a handle', $answer{namens}, 'lijst', [$newest[0]],
    %counter);
notes('zoek', $answer{zoek}, 'zoek', \@newest, %counter);
notes('QUERY', $answer{query}, 'zoek', [$newest[0]], %counter);
notes('agent= in the address', $answer{url}, 'lijst', [$of_company],
    about => [$company], Gebruiker => undef);
notes('a detail', $answer{detail}, 'detail', [$ids[0]], %user);
notes('opDatum', $answer{moment}, 'detail', [$ids[0]], %counter);
notes('a history', $answer{historiek}, 'historiek', [$ids[1]], %counter);
notes('overzicht, in one line', $answer{overzicht}, 'overzicht', [], %counter);
notes('the feed', $answer{feed}, 'wijzigingen',
    [map { $_->{data}{DossierId} } @{ $answer{feed}->member('Wijzigingen') }],
    %user);
notes('a click-through', $answer{klik}, 'doorverwijzing', [$ids[2]], %user);
notes('a click-through of a counter', $answer{balie}, 'doorverwijzing',
    [$ids[1]], %counter);
notes('inzages itself', $answer{inzages}, 'inzagen', [], %user);
notes('a source', $answer{bron}, 'bron',
    [map { $_->{DossierId} } @{ $answer{bron}->member('Dossiers') }],
    about => [], Bron => 'urn://test/subsidies', Client => 'leverancier-a');
my @acting = (about => [$company], Eigen => JSON::PP::false,
    Mandataris => kbo(8));
notes('a list under a mandate', $answer{mandate}, 'lijst', [$of_company],
    @acting);
notes('a detail under a mandate', $answer{mandate_detail}, 'detail',
    [$of_company], @acting);
notes('uitleg, for a source', $answer{uitleg_source}, 'uitleg', [$hidden],
    %counter, Client => 'leverancier-a', Mandataris => undef);
notes('uitleg, for an operator', $answer{uitleg_operator}, 'uitleg', [$hidden],
    %counter, Client => 'niemand', Mandataris => undef);
notes('a 304', $answer{same}, 'lijst', \@newest, %user);
notes('HEAD', $answer{head}, 'lijst', \@newest, %user);

# A stream notes each piece, a long poll its answer.
my $stream = Dosis::Stream->open($dosis, token => $citizen);
$stream->block;
my @told = map { $stream->event->{data}{DossierId} } 1 .. 3;
my $new = $dosis->push($dosis->dossier(agent => $person,
        rechten => ['Raadpleger'], datum => '2026-02-01T10:00:00'))
    ->member('DossierId');
is($stream->event->{data}{DossierId}, $new, 'a stream tells of a delivery');
$stream->close;
my $opened = Dosis::Ledger::of($dosis, $stream->{answer});
same_set($opened->{Dossiers}, \@told, 'what it began with is noted');
my $pieces = $dosis->wait_for(
    sub {
        my @of = grep { $_->{Aanvraag} eq $opened->{Aanvraag} }
            Dosis::Ledger::lines($dosis);
        return @of == 2 && \@of;
    },
    'the second piece is noted');
is_deeply($pieces->[1]{Dossiers}, [$new], 'and what came later');

# What showed nothing is not there. All of it is older than what was found.
my %noted = map { $_->{Aanvraag} => 1 } Dosis::Ledger::lines($dosis);
for my $name (sort keys %silent) {
    ok(!$noted{ $silent{$name}->header('X-Request-Id') },
        "nothing is noted of what showed nothing: $name");
}
my ($code, $said) = Dosis::Ledger::verify($dosis);
is($code, 0, 'the chain is whole') or diag $said;

# The auditor's questions.
my @about = Dosis::Ledger::lines($dosis, '--onderwerp', $company);
is_deeply([map { $_->{Aanvraag} } @about],
    [map { $answer{$_}->header('X-Request-Id') }
            qw(url mandate mandate_detail)], '--onderwerp: about one alone');
is(scalar Dosis::Ledger::lines($dosis, '--tot', '2020-01-01'), 0,
    '--tot: before a moment');
is(scalar Dosis::Ledger::lines($dosis, '--van', '2020-01-01'),
    scalar Dosis::Ledger::lines($dosis), '--van: from a moment on');

# The route table: a reading door has a class, and each class was tried here.
open my $table, '<',
    "$FindBin::Bin/../../ngx_dosis_module/http/ngx_dosis_route.c" or die $!;
my $text = do { local $/; <$table> };
my ($rows) = $text =~ /ngx_dosis_route_t routes\[\] = \{(.*?)\n\};/s;
my (@forgotten, %class);
while ($rows =~ m{^\s+\{ "(\w+)",(.*?) \},$}gms) {
    my ($method, @column) = ($1, map {s/^\s+|\s+$//gr} split /,/, $2);
    my ($scope, $door) = @column[-4, -2];
    push @forgotten, "$method $column[0]"
        if $scope =~ /READ|GEBRUIKER/ && $door eq 'GEEN';
    $class{ lc $door }++ if $door ne 'GEEN';
}
cmp_ok(scalar keys %class, '>=', 8, 'the route table was read');
is_deeply(\@forgotten, [], 'no door that readers have is without a class');
is_deeply([grep { !$tried{$_} } sort keys %class], [],
    'each class of the table was tried here');
