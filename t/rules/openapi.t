#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# The OpenAPI document and the route table name the same operations, with the
# same scopes; and the codes of errors that it names exist.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use JSON::PP ();
use Test::More;

use Dosis::Tree qw(files read_text no_bad);

my %scope = (
    DOSIS_SCOPE_IMPORT       => 'DosisImport',
    DOSIS_SCOPE_RAADPLEGING  => 'DosisRaadpleging',
    DOSIS_SCOPE_GEBRUIKER    => 'DosisGebruiker',
    DOSIS_SCOPE_BEHEER       => 'DosisBeheer',
);

# The table: method and path with {}, and its scopes. Short names are resolved
# as the compiler would.
my $source = read_text('ngx_dosis_module/http/ngx_dosis_route.c');
my %define = $source =~ /^#define (\w+) (?:\\\n\s*)?(.+)$/mg;

sub resolved {
    my ($text) = @_;

    1 while $text =~ s/\b([A-Z]+)\b/exists $define{$1} ? $define{$1} : $1/ge
        && $text =~ /\b(?:@{[ join '|', keys %define ]})\b/;

    return $text;
}

my ($table) = $source =~ /route_t routes\[\] = \{\n(.*?)^\};/ms
    or die "the route table is not found\n";
$table =~ s{/\*.*?\*/}{}gs;
my %built;
my $rows = () = $table =~ /\{ "/g;
while ($table =~ /\{\s*"(\w+)",\s*((?:\w+\s*)?"[^"]*"|\w+),\s*([^,]+),/g) {
    my ($method, $path, $scopes) = ($1, $2, $3);
    $path = join '', resolved($path) =~ /"([^"]*)"/g;
    my @names = map { $scope{$_} // die "unknown scope $_\n" }
        resolved($scopes) =~ /(DOSIS_SCOPE_\w+)/g;
    $built{"$method $path"} = join ' ', sort @names;
}

# The document, the same way. What a path calls {name} is {}.
my $document = JSON::PP->new->utf8->decode(
    scalar `scripts/documents openapi`);
my (%written, @ambiguous);
for my $path (sort keys %{ $document->{paths} }) {
    my $item = $document->{paths}{$path};
    for my $method (grep {/^(?:get|post|put|patch|delete|x-query)$/} keys %$item)
    {
        my $operation = $item->{$method};
        my $key = uc($method =~ s/^x-//r) . ' ' . $path =~ s/\{\w+\}/{}/gr;
        push @ambiguous, $key if exists $written{$key};
        $written{$key} = join ' ',
            sort map { @{ $_->{bearer} // [] } } @{ $operation->{security} };
    }
}

is(scalar keys %built, $rows, 'every row of the route table was read');
cmp_ok($rows, '>', 10, 'the table has rows');
no_bad([grep { !exists $written{$_} } sort keys %built],
    'every route is documented');
no_bad([grep { !exists $built{$_} } sort keys %written],
    'every documented operation has a route');
no_bad(\@ambiguous, 'no two documented paths are the same');
no_bad(
    [   map  {"$_: built '$built{$_}', documented '$written{$_}'"}
        grep { $built{$_} ne $written{$_} }
        grep { exists $written{$_} } sort keys %built
    ],
    'scopes are as documented');

# Codes of problems: the table and the document name the same.
my $problems = read_text('ngx_dosis_module/http/ngx_dosis_problem.c');
my %code = map { $_ => 1 }
    $problems =~ /\] = \{ "([A-Z]\w+)",\s+[45]\d\d/g;
my $texts = JSON::PP->new->encode($document->{components}{responses});
my %named = map { $_ => 1 } $texts =~ /`([A-Z][a-z]+[A-Z]\w+)`/g;
cmp_ok(scalar keys %code, '>', 20, 'codes were found');
my %other = map { $_ => 1 } qw(UploadId);
no_bad([grep { !$code{$_} && !$other{$_} } sort keys %named],
    'every code that the document names exists');
no_bad(
    [   grep { !$named{$_} }
        grep { !/^(?:BereikOngeldig|ServerOnbekend|AanvraagGeweigerd)$/ }
            sort keys %code
    ],
    'every code is named in the document');

done_testing();
