#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# Who asks for JSON-LD gets it: the same data, in the terms of OSLO. Nobody else
# sees a difference.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use File::Temp ();
use JSON::PP   ();
use Test::More;

use Dosis::Check;
use Dosis::Fixture;
use Dosis::Node;
use Dosis::Number qw(kbo);
use Dosis::Test;

my $dosis = Dosis::Test->new;
my $base  = '/api/v1/dosis/dossiers';
my $kbo   = kbo(41);
my $token = $dosis->company($kbo, rechten => ['Lezer']);
my $loket = $dosis->loket('loket');
my $ld    = 'application/ld+json';

# One dossier for each code of both generations, phases in turn.
my @lists = map {
    JSON::PP->new->utf8->decode(
        Dosis::Fixture::read_file("$dosis->{top}/conf/codelijsten/$_.json"))
        ->{Waarden};
} qw(StatusVlaamsCode StatusVlaamsFase);
my ($codes, $fasen) = @lists;
my @dossiers = map {
    $dosis->dossier(
        agent          => $kbo,
        code           => $codes->[$_]{Code},
        fase           => $fasen->[$_ % @$fasen]{Code},
        Doorverwijzing => "https://bron.example.be/$_",
        StreefDatum    => '2027-01-31',
    );
} 0 .. $#$codes;
$dossiers[0]{Naam} = '{"DossierId":"x","Status":{ {"Id":';
$dossiers[0]{Status}{Actie}
    = { ActieNodig => JSON::PP::true, Actie => 'Bezorg', Voor => '2026-12-15' };
$dossiers[0]{Status}{Detail1}     = 'Wacht';
$dossiers[0]{Status}{EDRL}        = 'Ontvangen';
$dossiers[0]{DossierBeheerder}    = { Naam => 'N', Website => 'https://n.be' };
$dossiers[0]{Agenten}[0]{Rol}     = 'Aanvrager';
my @answers = $dosis->push_all(\@dossiers);
is_stored($_, 'Nieuw', 'a dossier comes in') for $answers[0];
my $id = $answers[0]->member('DossierId');

my %door = (
    'list' => sub {
        $dosis->list(token => $token, limiet => 500, headers => $_[0]);
    },
    'QUERY' => sub {
        $dosis->request('QUERY', $base, token => $loket, headers => $_[0],
            body => { Agent => $kbo, Rechten => ['Lezer'], Limiet => 500 });
    },
    'zoek' => sub {
        $dosis->post("$base/zoek",
            { Agent => $kbo, Rechten => ['Lezer'], Limiet => 500 },
            token => $loket, headers => $_[0]);
    },
    'detail' => sub {
        $dosis->get("$base/$id", token => $token, headers => $_[0]);
    },
);

# Without what makes it linked: the plain answer is left.
sub stripped {
    my ($body) = @_;

    $body =~ s/"\@context":"[^"]*",//;
    $body =~ s/"\@(?:id|type)":"[^"]*",//g;

    return $body;
}

for my $name (sort keys %door) {
    my $ask    = $door{$name};
    my $plain  = $ask->([]);
    my $linked = $ask->(['Accept', $ld]);

    is($linked->header('Content-Type'), $ld, "$name: its kind");
    is($linked->member('@context'), '/api/context.jsonld',
        "$name: names the context");
    ok(stripped($linked->body) eq $plain->body, "$name: the same data");
    for my $accept ('*/*', 'application/*', 'application/json', 'text/html',
        "$ld;q=0.5, */*", "$ld;q=0")
    {
        my $answer = $ask->(['Accept', $accept]);
        ok($answer->body eq $plain->body
                && $answer->header('Content-Type') eq 'application/json'
                && $answer->header('ETag') eq $plain->header('ETag'),
            "$name: plain for $accept");
    }
    for my $accept ("$ld, */*;q=0.1", "text/html;q=0.3, $ld", "\U$ld",
        "$ld;profile=\"http://www.w3.org/ns/json-ld#compacted\"")
    {
        ok($ask->(['Accept', $accept])->body eq $linked->body,
            "$name: linked for $accept");
    }
    like($linked->header('Vary'), qr/\bAccept\b/, "$name: Vary names Accept");

    my ($one, $other) = map { $_->header('ETag') } $plain, $linked;
    isnt($one, $other, "$name: each form has its own tag");
    next if $name eq 'zoek';
    is_status($ask->(['Accept', $ld, 'If-None-Match', $other]), 304,
        "$name: 304 by its own tag");
    is_status($ask->(['Accept', $ld, 'If-None-Match', $one]), 200,
        "$name: not by the plain one");
    is_status($ask->(['If-None-Match', $other]), 200,
        "$name: the plain form not by the linked one");
}

# An error is a problem, whatever was asked for.
is_problem($dosis->get("$base/zzzzzzzzzzzzzzzzzzzzzzzzzz", token => $token,
        headers => ['Accept', $ld]), 404, 'NietGevonden', 'an error');

# The part of the tag before the dot stands for the content, in both forms.
my $tag = $door{detail}->(['Accept', $ld])->header('ETag');
is_stored($dosis->push({ %{ $dossiers[0] }, UploadId => Dosis::Number::uuid() },
        headers => ['If-Match', $tag]), 'Ongewijzigd',
    'If-Match takes the tag of the linked form');

# What it says, as statements.
sub statements {
    my (@answers) = @_;

    my @files = map {
        my $file = File::Temp->new;
        print {$file} $_->body;
        close $file;
        $file;
    } @answers;
    my $result = Dosis::Node::run('node',
        "$dosis->{top}/t/openapi/check.js", 'linked',
        "$dosis->{top}/ngx_dosis_module/ui/context.jsonld",
        'https://dosis.example.be/', map { $_->filename } @files);
    is($result->{code}, 0, 'it is JSON-LD') or diag($result->{out});

    return split /\n/, $result->{out};
}

my $site  = "https://dosis.example.be$base";
my $t     = 'https://data.vlaanderen.be/ns/transactie#';
my $list  = $door{list}->(['Accept', $ld]);
my @said  = statements($list);
my $kinds = grep {
    /<$site\/\w{26}> <\S+#type> <http:\/\/purl\.org\/vocab\/cpsv#PublicService>/
} @said;
is($kinds, scalar @dossiers, 'each dossier is a public service consumed');

my $scheme = 'https://data.vlaanderen.be/id/conceptscheme';
for my $list (['Code', $codes], ['Fase', $fasen]) {
    my ($word, $values) = @$list;
    my %number = map { $_->{Code} => $_->{Nummer} } @$values;
    my %wanted;
    # Where two generations have a word for it, the later one is the concept.
    for my $value (@$values) {
        my $same = $value->{AlsIn};
        my $later = defined $same
            && ($number{$same} // $value->{Nummer} + 1) > $value->{Nummer};
        my $code = $later ? $same : $value->{Code};
        $wanted{"$scheme/StatusVlaamse$word/$code"} = 1;
    }
    my %got = map { /<${t}statusVlaams$word> <([^>]*)>/ ? ($1 => 1) : () } @said;
    same_set([keys %got], [keys %wanted],
        "each StatusVlaams$word is its concept");
}

my @detail = statements($door{detail}->(['Accept', $ld]));
my $string = qr/"[^"]*"/;
for my $row (
    [qr/<$site\/$id> <http:\/\/purl.org\/dc\/terms\/title> $string/, 'a title'],
    [qr/<$site\/$id> <${t}heeftStatus> _:/,        'a status'],
    [qr/<$site\/$id> <${t}isInstantieVan> _:/,     'a product'],
    [qr/<$site\/$id> <${t}statusWijzigingsdatum> $string\^\^<\S+#dateTime>/,
        'when it changed'],
    [qr/<$site\/$id> <${t}streefdatum> $string\^\^<\S+#dateTime>/,
        'when it should end'],
    [qr/_:\w+ <${t}actieNodig> "true"\^\^<\S+#boolean>/, 'action is needed'],
    [qr/_:\w+ <${t}actie> "Bezorg"/,                     'which'],
    [qr/_:\w+ <${t}statusEDRL> <$scheme\/StatusEDRL\/Ontvangen>/,
        'the status of the directive'],
    [qr/_:\w+ <http:\/\/data.vlaanderen.be\/ns\/dienst#statusExtern> "Wacht"/,
        'the words of the source'],
    [qr/<$site\/$id> <http:\/\/www.w3.org\/ns\/adms#identifier> _:/,
        'an identifier'],
    [qr/_:\w+ <http:\/\/purl.org\/dc\/terms\/creator> <urn:\/\/test\/\S+>/,
        'by whom it was given'],
    [qr/<$site\/$id> <http:\/\/data.europa.eu\/m8g\/hasParticipation> _:/,
        'a participation'],
    [qr/_:\w+ <http:\/\/data.europa.eu\/m8g\/role> <$scheme\/ParticipatieRol\/Aanvrager>/,
        'its role'],
    [qr/<$site\/$id> <\S+organisatie#contactinfo> _:/, 'whom to ask'],
    [qr/<$site\/$id> <\S+foaf\/0.1\/page> <$site\/$id\/doorverwijzing>/,
        'where it is opened'],
    )
{
    my ($pattern, $fact) = @$row;
    ok(scalar(grep {/$pattern/} @detail), "the detail says $fact")
        or diag(join "\n", @detail);
}
