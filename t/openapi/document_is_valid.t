#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# The OpenAPI document is valid, and each example in it fits its schema.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use File::Temp ();
use Test::More;

use Dosis::Node;

my $document = Dosis::Node::document();
my $text     = Dosis::Node::text_of($document);

my $lint = Dosis::Node::lint($document->filename);
is($lint->{code}, 0, 'redocly finds nothing wrong with the document')
    or diag($lint->{out}, $lint->{err});

my $examples = Dosis::Node::check('examples', $document->filename);
is($examples->{out}, '', 'every example fits its schema');
my ($looked) = $examples->{err} =~ /looked at (\d+)/;
cmp_ok($looked // 0, '>', 40, 'examples were looked at');

# The checks can fail.
sub broken {
    my ($from, $to) = @_;

    my $file = File::Temp->new(SUFFIX => '.json');
    my $said = $text;
    $said =~ s/$from/$to/ or die "nothing to break: $from\n";
    print {$file} $said;
    close $file;

    return $file;
}

$lint = Dosis::Node::lint(
    broken('"operationId": "lijst"', '"operationIdd": "lijst"')->filename);
isnt($lint->{code}, 0, 'a member that OpenAPI does not know is found');
$examples = Dosis::Node::check('examples',
    broken('"Resultaat": "Nieuw",', '"Resultaat": "Nieuwer",')->filename);
like($examples->{out}, qr/must be equal to one of/,
    'an example that does not fit is found');

done_testing();
