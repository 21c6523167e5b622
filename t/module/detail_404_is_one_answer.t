#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# What somebody may not see and what does not exist are one answer.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Number qw(insz kbo ovo uuid vereniging vestiging);
use Dosis::Test qw(query);

my $dosis = Dosis::Test->new;
my $base  = '/api/v1/dosis/dossiers';
my $mine  = kbo(41);
my $other = kbo(42);
my $user  = $dosis->company($mine, rechten => ['Lezer']);

sub stored {
    my (%said) = @_;

    my $as = delete $said{as} // 'leverancier-a';

    return $dosis->push($dosis->dossier(%said), as => $as)
        ->member('DossierId');
}

my $withdrawn = $dosis->dossier(agent => $mine);
my $gone      = $dosis->push($withdrawn)->member('DossierId');
$dosis->withdraw($withdrawn);

my %hidden = (
    'an unknown id'        => 'a' x 26,
    "somebody else's"      => stored(agent => $other),
    'mine, another right'  => stored(agent => $mine, rechten => ['Ander']),
    'mine, without rights' => stored(agent => $mine, rechten => []),
    'mine, confidential'   => stored(agent => $mine,
        IsVertrouwelijk => JSON::PP::true),
    'confidential and public' => stored(agent => $other,
        IsVertrouwelijk => JSON::PP::true, IsPubliek => JSON::PP::true),
    'a withdrawn one'      => $gone,
    "a person's"           => stored(agent => insz(1),
        rechten => ['Raadpleger']),
    'of another source'    => stored(agent => $other, as => 'leverancier-b',
        bron => 'urn://test/vergunningen'),
    'too short an id'      => 'a' x 25,
    'too long an id'       => 'a' x 27,
    'capitals'             => 'A' x 26,
    'signs that are none'  => '1' x 26,
    'stray bits'           => 'a' x 25 . 'b',
);
my $seen = stored(agent => $mine);

# An answer without what may differ.
sub shape {
    my ($answer) = @_;

    my %headers = %{ $answer->{headers} };
    delete @headers{qw(x-request-id date content-length)};
    my $body = $answer->body
        =~ s/"instance":"[^"]*"/"instance":"-"/r;

    return JSON::PP->new->canonical->encode(
        [$answer->status, \%headers, $body]);
}

my $loket  = $dosis->loket('loket');
my $handle = $dosis->post('/api/v1/dosis/namens',
    { Agenten => [{ Identificatie => $mine, Rechten => ['Lezer'] }],
        Gebruiker => 'g', Doel => 'd', Zekerheid => 'z' },
    token => $loket)->member('Namens');

for my $door (
    ['a user'    => token => $user],
    ['a counter' => token => $loket, headers => ['Dosis-Namens' => $handle]],
    )
{
    my ($who, %option) = @$door;
    is_status($dosis->get("$base/$seen", %option), 200,
        "$who sees what may be seen");
    my $unknown = $dosis->get("$base/$hidden{'an unknown id'}", %option);
    is_problem($unknown, 404, 'NietGevonden', "$who: an unknown id: 404");
    for my $fact (sort keys %hidden) {
        my $answer = $dosis->get("$base/$hidden{$fact}", %option);
        is(shape($answer), shape($unknown), "$who: $fact is the same answer");
    }
    my $head = $dosis->request('HEAD', "$base/$hidden{\"a person's\"}",
        %option);
    is($head->status, 404, "$who: HEAD says 404 too");
    for my $header (['If-None-Match' => '*'], ['If-Match' => '*'],
        ['If-None-Match' => 'W/"x.1"'])
    {
        my %with = %option;
        $with{headers} = [@{ $option{headers} // [] }, @$header];
        is($dosis->get("$base/$hidden{\"somebody else's\"}", %with)->status,
            $dosis->get("$base/$hidden{'an unknown id'}", %with)->status,
            "$who: @$header tells nothing apart");
    }
}

# What the detail shows to whom.
my $shared = $dosis->dossier(
    IsPubliek => JSON::PP::true,
    Status    => { VlaamsFase => 'Behandeling', VlaamsCode => 'InBehandeling',
        Detail1 => 'voor wie erbij hoort', Detail2 => 'intern' },
    DossierBeheerder => { Naam => 'Dienst X', Email => 'x@example.be' },
    agenten => [
        { Identificatie => $mine, Rol => 'Aanvrager',
            Toegangsrechten => [{ Code => 'Lezer' }] },
        { Identificatie => $other, Rol => 'Betrokkene',
            Toegangsrechten => [{ Code => 'Lezer' }] },
    ]);
my $id = $dosis->push($shared)->member('DossierId');
my $as_agent = $dosis->get("$base/$id", token => $user);
is_status($as_agent, 200, 'an agent sees a public dossier');
unlike($as_agent->body, qr/\Q$other\E/, 'without the other agent');
unlike($as_agent->body, qr/intern/, 'without Detail2');
is_deeply(
    [map { $_->{Identificatie} } @{ $as_agent->member('Agenten') }],
    [$mine], 'with itself as the only agent');
is($as_agent->member('Status', 'Detail1'), 'voor wie erbij hoort',
    'with Detail1');
is($as_agent->member('DossierBeheerder', 'Naam'), 'Dienst X',
    'with the contact');
my $stranger = $dosis->get("$base/$id", token => $dosis->company(kbo(43)));
is_status($stranger, 200, 'anybody sees a public dossier by its id');
unlike($stranger->body, qr/\Q$other\E|\Q$mine\E/, 'without any agent');
unlike($stranger->body, qr/intern/, 'and without Detail2');
is_deeply($dosis->list(token => $dosis->company(kbo(43)))->member('Dossiers'),
    [], 'but does not list it');
my $other_view = $dosis->get("$base/$id",
    token => $dosis->company($other, rechten => ['Niets']));
unlike($other_view->body, qr/\Q$mine\E/,
    'the other agent does not see the first');
