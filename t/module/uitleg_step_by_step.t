#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# Why somebody sees a dossier, or does not: each rule up to the one that
# decides, and what a counter's registration takes away before it.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use JSON::PP ();
use Test::More;

use Dosis::Check;
use Dosis::Number qw(insz kbo uuid);
use Dosis::Test;
use Dosis::Token;

my $dosis  = Dosis::Test->new;
my $path   = '/api/v1/dosis/uitleg';
my $source = $dosis->machine('leverancier-a');
my $other  = $dosis->machine('leverancier-b');
my $beheer = $dosis->machine('niemand', scope => 'DosisBeheer');
my $mine   = kbo(61);
my $person = insz(61);
my ($yes, $no) = (JSON::PP::true, JSON::PP::false);

sub stored {
    my (%said) = @_;

    my $dossier = $dosis->dossier(%said);
    my $id      = $dosis->push($dossier)->member('DossierId');
    $dosis->withdraw($dossier) if $said{IsWeg};

    return $id;
}

sub uitleg {
    my ($id, $agents, %more) = @_;

    my $token = delete $more{token} // $source;
    my @agents = map { +{ Identificatie => $_->[0], Rechten => $_->[1] // [] } }
        @$agents;

    return $dosis->post($path,
        { DossierId => $id, Agenten => \@agents, %more }, token => $token);
}

sub codes {
    my ($door) = @_;

    return join ' ', map { $_->{Code} . ($_->{Geldt} ? '!' : '') }
        @{ $door->{Stappen} };
}

my %dossier = (
    plain        => stored(agent => $mine, rechten => ['Lezer']),
    none         => stored(agent => $mine, rechten => []),
    open         => stored(agent => $mine, rechten => [],
        bron => 'urn://test/open'),
    public       => stored(agent => $mine, IsPubliek => $yes),
    confidential => stored(agent => $mine, IsVertrouwelijk => $yes),
    withdrawn    => stored(agent => $mine, rechten => ['Lezer'], IsWeg => 1),
    person       => stored(agent => $person, rechten => ['Raadpleger']),
    bare         => stored(agent => $person, rechten => []),
);

# dossier, agent, rights, more, decides: detail and list
for my $case (
    ['plain', $mine, ['Lezer'], {}, 'Recht', 'Recht'],
    ['plain', $mine, ["Lezer:$mine"], {}, 'Recht', 'Recht'],
    ['plain', $mine, ['Lezer:' . kbo(62)], {}, 'GeenRecht', 'GeenRecht'],
    ['plain', $mine, [], {}, 'GeenRecht', 'GeenRecht'],
    ['plain', kbo(62), ['Lezer'], {}, 'GeenAgent', 'GeenAgent'],
    ['none', $mine, ['Lezer'], {}, 'GeenRecht', 'GeenRecht'],
    ['open', $mine, [], {}, 'ZonderRechtIedereen', 'ZonderRechtIedereen'],
    ['public', $mine, [], {}, 'Publiek', 'Publiek'],
    ['public', kbo(62), [], {}, 'PubliekOpId', 'GeenAgent'],
    ['confidential', $mine, ['Lezer'], {}, 'Vertrouwelijk', 'Vertrouwelijk'],
    ['confidential', $mine, ['Lezer'],
        { Zekerheid => Dosis::Token::ACR_HIGH() }, 'Recht', 'Recht'],
    ['confidential', $mine, ['Lezer'], { Zekerheid => 'anders' },
        'Vertrouwelijk', 'Vertrouwelijk'],
    ['withdrawn', $mine, ['Lezer'], {}, 'Ingetrokken', 'Ingetrokken'],
    ['withdrawn', kbo(62), [], {}, 'Ingetrokken', 'Ingetrokken'],
    ['person', $person, [], {}, 'PersoonRaadpleger', 'PersoonRaadpleger'],
    ['bare', $person, [], {}, 'PersoonZonderRechten',
        'PersoonZonderRechten'],
    # under a mandate only a right that names its giver counts
    ['plain', $mine, ['Lezer'], { Mandataris => kbo(63) }, 'GeenRecht',
        'GeenRecht'],
    ['plain', $mine, ["Lezer:$mine"], { Mandataris => kbo(63) }, 'Recht',
        'Recht'],
    )
{
    my ($name, $agent, $rights, $more, $detail, $list) = @$case;
    my $answer = uitleg($dossier{$name}, [[$agent, $rights]], %$more);
    my $who = $answer->member('Agenten')->[0];
    my $fact = "$name, "
        . ($agent eq $mine ? 'its agent' : $agent eq $person ? 'its person'
        : 'another') . ' [' . @$rights . '] ' . join ' ', keys %$more;
    is("$who->{Detail}{Beslist} $who->{Lijst}{Beslist}", "$detail $list",
        $fact) or diag $answer->text;
    like(codes($who->{Detail}), qr/^(?:\w+ )*$detail!$/,
        '... is the last step, and the only one that holds');
    my $sees = $detail !~ /^(?:Geen|Ingetrokken|Vertrouwelijk)/;
    is_deeply(
        [$answer->member('Zichtbaar'), $who->{Detail}{Zichtbaar}],
        [$sees ? $yes : $no, $sees ? $yes : $no], '... with its consequence');
}

my $answer = uitleg($dossier{plain}, [[$mine, ['Lezer', 'X:' . kbo(62)]]],
    Gebruiker => 'medewerker 7', Doel => 'klacht', Mandataris => kbo(63));
is_deeply($answer->member('Agenten')->[0]{Rechten}, [],
    'which rights count is shown');
is_deeply($answer->member('Agenten')->[0]{Genoteerd}, ['Lezer'],
    'and which are listed for this agent');
is($answer->member('Gebruiker') . ' ' . $answer->member('Mandataris'),
    'medewerker 7 ' . kbo(63), 'who acts is named beside whom it acts for');
is_deeply($answer->member('Vooraf'), [], 'nothing stands before a user');

# Several: each with its own rights; one that sees is enough.
$answer = uitleg($dossier{plain}, [[kbo(62), ['Lezer']], [$mine, []]]);
is($answer->member('Zichtbaar'), $no, 'a right of one is none of the other');
$answer = uitleg($dossier{plain}, [[$mine], [$mine, ['Lezer']]]);
is($answer->member('Zichtbaar'), $yes, 'one named twice has the rights of both');
is(scalar @{ $answer->member('Agenten') }, 1, 'and is one');

# Through a counter.
for my $case (
    ['loket', 'plain', $mine, ''],
    ['loket', 'confidential', $mine, ''],
    ['loket-hoog', 'confidential', $mine, ''],
    ['loket-kbo', 'plain', $mine, ''],
    ['loket-kbo', 'bare', $person, 'LoketAgentSoort'],
    ['loket-bron', 'plain', $mine, ''],
    ['loket-bron', 'open', $mine, 'LoketBron'],
    ['loket-product', 'plain', $mine, ''],
    ['loket-uit', 'plain', $mine, 'LoketActief LoketAgentSoort'],
    ['niemand', 'plain', $mine, 'LoketGeregistreerd LoketAgentSoort'],
    ['bestaat-niet', 'plain', $mine,
        'LoketGeregistreerd LoketActief LoketAgentSoort LoketBron '
            . 'LoketProduct'],
    )
{
    my ($loket, $name, $agent, $fails) = @$case;
    $answer = uitleg($dossier{$name}, [[$agent, ['Lezer']]],
        Loket => $loket, token => $beheer);
    is(join(' ', map { $_->{Code} }
                grep { !$_->{Voldaan} } @{ $answer->member('Vooraf') }),
        $fails, "$name through $loket: " . ($fails || 'nothing before'))
        or diag $answer->text;
    is($answer->member('Zichtbaar'),
        $fails || ($loket eq 'loket' && $name eq 'confidential') ? $no : $yes,
        '... with its consequence');
}

# Who may ask: a source about its own, an operator about any, nobody else.
my $unknown = uitleg('a' x 26, [[$mine, ['Lezer']]]);
is($unknown->status, 404, 'an unknown dossier: 404');
sub shape {
    my ($of) = @_;
    my %said = %{ $of->json };
    delete @said{qw(instance)};
    return { status => $of->status, %said };
}
for my $case (
    ['of another source', uitleg($dossier{plain}, [[$mine]], token => $other)],
    ['withdrawn, of another', uitleg($dossier{withdrawn}, [[$mine]],
            token => $other)],
    ['no id at all', uitleg('x', [[$mine]])],
    )
{
    is_deeply(shape($case->[1]), shape($unknown), "$case->[0]: the same answer");
}
is(uitleg($dossier{plain}, [[$mine]], token => $beheer)->status, 200,
    'an operator asks about any source');
is_problem(uitleg($dossier{plain}, [[$mine]], Loket => 'loket'), 403,
    'GeenToegang', 'a source does not ask about a counter');
for my $token (
    ['a counter' => $dosis->loket('loket')],
    ['a user' => $dosis->company($mine, rechten => ['Lezer'])],
    )
{
    is_problem(uitleg($dossier{plain}, [[$mine]], token => $token->[1]), 403,
        'ScopeOntbreekt', "$token->[0] may not ask");
}
is_problem(uitleg($dossier{plain}, [[$mine]],
        token => $dosis->machine('onbekend', scope => 'DosisBeheer')),
    403, 'ClientOnbekend', 'nor an operator whose client is not registered');

# What is wrong is said, all of it.
my $wrong = $dosis->post($path,
    { DossierId => 7, Agenten => [{ Identificatie => 'BE1' }],
        Zekerheid => [], Mandataris => 'BE1' }, token => $source);
is($wrong->status, 400, 'a body with mistakes: 400');
is_deeply([sort map { $_->{pointer} // $_->{field} // $_->{veld}
                // $_->{Veld} // '' } @{ $wrong->member('errors') }],
    [sort '/DossierId', '/DossierId', '/Zekerheid', '/Mandataris',
        '/Agenten/0/Identificatie'], 'with each of them')
    or diag $wrong->text;
is($dosis->post($path, [], token => $source)->status, 400, 'a list: 400');
is($dosis->post($path, { DossierId => $dossier{plain} },
        token => $source)->status, 400, 'nobody named: 400');
is(uitleg($dossier{plain}, [map { [kbo($_)] } 100 .. 120])->status, 400,
    'more than twenty: 400');
