#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# Whatever stands in a body, the answer is an answer: 4xx with a problem, or
# 200 where it happens to be fine. Never a 5xx, never silence.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Number qw(insz kbo uuid);
use Dosis::Test;

my $dosis = Dosis::Test->new;
my $json  = JSON::PP->new->utf8->canonical;
my $good  = $dosis->dossier(
    Doorverwijzing   => 'https://www.example.be/x',
    DossierBeheerder => { Naam => 'x', Adres => { Straat => 'y' } });
my $text  = $json->encode($good);
my $wrong_insz = do {
    my $number = insz(500);
    Dosis::Number::remember_insz(
        substr($number, 0, 9) . sprintf '%02d',
        (substr($number, 9) + 1) % 98);
};

# Each of these is refused with 400.
my @refused = (
    '', ' ', "\n", '{', '}', '[', ']', '[[', '{}', '[]', '[', '[1,]', '[,1]', '[{}]x', '[{}}',
    'null', 'true', 'false', '0', '-1', '1e999', '"x"', '"', 'nul', 'NaN',
    'Infinity', '{"a"}', '{"a":}', '{,}', '{"a":1,}', "{'a':1}", '{a:1}',
    '{"a":1}}', '{"a":1}{"a":1}', '// x', '/* */ {}', "\x{00}", "{}\x{00}",
    "\x{00}{}", '<xml/>', 'a=b&c=d', "\xef\xbb\xbf", "\xff\xfe{\x00}\x00",
    "{\"Naam\":\"\xff\"}", "{\"Naam\":\"\xc0\xaf\"}", '{"Naam":"\ud800"}',
    '{"Naam":"\u0000"}', '{"Naam":"\x"}', "{\"Naam\":\"\n\"}",
    '[' x 65000, '{"a":' x 10000, '[' x 3000 . ']' x 3000,
    '{"a":' . '9' x 60000 . '}', '{"a":1e' . '9' x 5000 . '}',
    '"' . 'x' x 65000 . '"', '{"' . 'k' x 60000 . '":1}',
    '{' . join(',', map {"\"k$_\":$_"} 1 .. 4000) . '}',
    '{"Identificatie":{"Identificatie":{"Identificatie":{}}}}',
    '{"Identificatie":null}', '{"Identificatie":{"Bron":null}}',
    $text =~ s/"Naam":/"Naam":"a","Naam":/r,
    $text =~ s/"Naam":/"naam":"a","Naam":/r,
    $text =~ s/"VlaamsFase":/"VlaamseFase":"Beroep","VlaamsFase":/r,
    $text =~ s/"Bron":/"Bron":"x","Bron":/r,
    $text . $text, $text . 'x', "$text,", "[$text", substr($text, 1),
    (map { substr $text, 0, $_ * length($text) / 40 } 1 .. 39),
);

# Member by member: a value that cannot be right.
my %value = (
    'a number' => '12', 'a negative number' => '-3', 'a fraction' => '1.5',
    'true'     => 'true', 'an array' => '[1]', 'an empty array' => '[]',
    'an object' => '{"x":1}', 'an empty object' => '{}',
    'an empty text' => '""', 'a blank text' => '"   "',
    'a text too long' => '"' . 'x' x 2000 . '"',
    'a control character' => '"a\u0001b"', 'a NUL' => '"a\u0000b"',
);
my @text_kinds = ('true', 'an array', 'an empty array', 'an object',
    'an empty object', 'a text too long', 'a control character', 'a NUL');
my @needed_text = (@text_kinds, 'an empty text', 'a blank text');
my @object_kinds = ('a number', 'true', 'an array', 'an empty array',
    'a text too long');
my %member = (
    'Identificatie'                => [@object_kinds, 'an empty object'],
    'Identificatie.Bron'           => \@needed_text,
    'Identificatie.DossierNummer'  => \@needed_text,
    'UploadId'                     => ['a number', @text_kinds],
    'Naam'                         => ['a number', @needed_text],
    'WijzigingsDatum'              => ['a number', @needed_text],
    'Status'                       => [@object_kinds, 'an empty object'],
    'Status.VlaamsFase'            => ['a number', @needed_text],
    'Status.VlaamsCode'            => ['a number', @needed_text],
    'Status.Detail1'               => ['a number', @text_kinds],
    'Status.Actie'                 => [@object_kinds],
    'Doorverwijzing'               => ['a number', @text_kinds],
    'TypeDossierCode'              => ['a number', @text_kinds],
    'Producten'                    => ['a number', 'true', 'an object',
        'a text too long'],
    'Producten.0.Id'               => \@text_kinds,
    'DossierBeheerder'             => [@object_kinds],
    'DossierBeheerder.Naam'        => ['a number', @text_kinds],
    'DossierBeheerder.Adres'       => [@object_kinds],
    'Agenten'                      => ['a number', 'true', 'an object',
        'an empty array', 'a text too long'],
    'Agenten.0.Identificatie'      => ['an array', 'an object', 'true',
        'a text too long', 'an empty text', 'a NUL'],
    'Agenten.0.Toegangsrechten'    => ['a number', 'true', 'an object'],
    'Agenten.0.Toegangsrechten.0.Code' => ['a number', 'true', 'an array',
        'an object', 'a text too long', 'an empty text', 'a NUL'],
    'IsPubliek'       => ['a number', 'an array', 'a text too long'],
    'IsVertrouwelijk' => ['a number', 'an array', 'a text too long'],
    'StreefDatum'     => ['a number', 'true', 'an array', 'an object'],
);

sub with {
    my ($path, $value) = @_;

    my $copy = $json->decode($text);
    my @step = split /\./, $path;
    my $last = pop @step;
    my $at   = $copy;
    $copy->{Status}{Actie} //= {};
    for my $step (@step) {
        $at = ref $at eq 'ARRAY' ? $at->[$step] : $at->{$step};
    }
    my $set = JSON::PP->new->utf8->allow_nonref->decode($value);
    ref $at eq 'ARRAY' ? $at->[$last] = $set : ($at->{$last} = $set);
    $copy->{UploadId} = uuid() if $path ne 'UploadId';

    return $json->encode($copy);
}

my @typed;
for my $path (sort keys %member) {
    for my $kind (@{ $member{$path} }) {
        push @typed, ["$path: $kind", with($path, $value{$kind})];
    }
}
for my $case (
    ['WijzigingsDatum', map {"\"$_\""} '2026-02-30', '2026-13-01', '26-01-01',
        '2026-01-01T25:00', '2026-03-29T02:30:00', '1899-12-31', '2100-01-01',
        '2026-01-01T00:00:00+15:00', '2026-01-01T00:00:60', 'vandaag',
        '2999-01-01T00:00:00', '2026-01-01T00:00:00.1234567890'],
    ['WijzigingsDatum', '[]', '[2026]', '[2026,13,1]', '[2026,"1",1]',
        '[2026,1,1,0,0,0,0,0]', '[1e9,1,1]'],
    ['Agenten.0.Identificatie', map {"\"$_\""} '0123456789', $wrong_insz,
        '2000000000'],
    ['Doorverwijzing', map {"\"$_\""} 'javascript:alert(1)', '/relatief',
        'ftp://x.be/', 'https://', 'http://a b/', 'https://x.be/\u0000',
        'https://x.be/<script>', 'https://x.be/\"'],
    ['Agenten', '[null]', '[1]', '[[]]', '[{}]', '[{"Identificatie":null}]',
        '[' . join(',', map { sprintf '{"Identificatie":"%s"}', kbo($_) }
            1 .. 51) . ']'],
    ['Agenten.0.Toegangsrechten', '[null]', '[1]', '["x"]', '[{}]',
        '[' . join(',', map {"{\"Code\":\"r$_\"}"} 1 .. 21) . ']'],
    ['Producten', '[null]', '[1]', '[{}]', '[{"Id":null}]',
        '[' . join(',', map {"{\"Id\":\"$_\"}"} 1 .. 11) . ']'],
    )
{
    my ($path, @values) = @$case;
    push @typed, map { ["$path: $_", with($path, $_)] } @values;
}

my $count = 0;
my (@wrong, @silent);
for my $case ((map { ['body ' . substr($_, 0, 40), $_] } @refused), @typed) {
    my ($name, $body) = @$case;
    $count++;
    my $answer = eval { $dosis->push($body) };
    if (!$answer) {
        push @silent, "$name: $@";
        next;
    }

    # A source is looked for before anything else is judged.
    my $status = $name =~ /^Identificatie\.Bron: a/
        && $answer->status == 403 ? 403 : 400;
    my @faults = Dosis::Check::problem_faults($answer, $status);
    push @wrong, "$name: @faults " . $answer->text if @faults;
}
is_deeply(\@silent, [], 'no malformed body is met with silence');
is_deeply(\@wrong, [], 'each is a 400 with a whole problem body');
cmp_ok($count, '>=', 200, "$count malformed bodies were sent");

# And thousands that are only damaged: one byte changed, dropped or doubled.
srand 20261124;
my (@broken, %status);
for my $round (1 .. 1500) {
    my $body = $text;
    my $at   = int rand length $body;
    my $kind = int rand 4;
    if    ($kind == 0) { substr $body, $at, 1, chr int rand 256 }
    elsif ($kind == 1) { substr $body, $at, 1, '' }
    elsif ($kind == 2) { substr $body, $at, 0, substr $body, $at, 5 }
    else { substr $body, $at, 1, substr("{}[]\":,\\0-\0", rand 11, 1) }
    my $answer = eval { $dosis->push($body) };
    my $code   = $answer ? $answer->status : 'silence';
    $status{$code}++;
    push @broken, "$code for $body" if $code !~ /^(?:200|400|403|409)$/;
}
is_deeply(\@broken, [], 'no damaged body ends in a 5xx');
cmp_ok($status{400}, '>', 500, 'most of them are refused');

is_stored($dosis->push($dosis->dossier), 'Nieuw',
    'afterwards a good body is stored as ever');
is(scalar $dosis->workers, 2, 'and both workers live');
unlike($dosis->log('error.log'), qr/exited on signal/, 'and never died');
