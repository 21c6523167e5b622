#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# Every answer that the tests got is as the OpenAPI document says: its status,
# its kind, the headers promised, and its body, which holds nothing else.
#
# The answers are those that Dosis::Record kept; prove comes here after the
# tests that ask.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use File::Temp ();
use Test::More;

use Dosis::Node;
use Dosis::Record;
use Dosis::Tree qw(files);

my $folder   = Dosis::Record::folder();
my $document = Dosis::Node::document();

# What an older build answered, or a test that is gone, says nothing.
my %test = map { Dosis::Record::name_of($_) => 1 }
    files(qr{^t/(?:module|crash|daemon|oidc)/\w+\.t$});
my $built = (stat "$folder/../ngx_dosis_module.so")[9] // 0;
my %kept;
for my $path (glob "$folder/*") {
    my ($name) = $path =~ m{([^/]+)\.\d+\z};
    if (!$name || !$test{$name} || (stat $path)[9] < $built) {
        unlink $path;
    }
    else {
        $kept{$name} = 1;
    }
}
cmp_ok(scalar keys %kept, '>', 0, 'answers were kept: run t/module first');

my $result = Dosis::Node::check('answers', $document->filename, $folder);
is($result->{out}, '', 'every answer is as documented');
my ($looked) = $result->{err} =~ /looked at (\d+)/;
cmp_ok($looked // 0, '>', 0, 'answers were looked at');
note("looked at $looked");

# After all of the tests, each operation was seen to work.
my @unseen = $result->{err} =~ /^unseen (.+)$/mg;
SKIP: {
    my @missing = grep { !$kept{$_} } grep {/^module-/} keys %test;
    skip 'not all tests of t/module were run on this build', 1
        if @missing > keys(%test) / 10;
    is("@unseen", '', 'every operation was seen to answer 2xx');
}

# The check can fail.
my $odd = File::Temp->newdir;
my @odd = (
    ['GET /health/live 200', '{"status":"UP","x":1}', 'additional properties'],
    ['GET /health/live 200', '{}',                    'required property'],
    ['GET /health/live 402', '{"status":"UP"}', 'status is not documented'],
    ['GET /api/v9/dosis 200', '{}',             'path is not documented'],
    ['GET /health/live 200', '{"status":',      'no JSON'],
);
for my $row (@odd) {
    my ($first, $body, $fault) = @$row;
    open my $file, '>', "$odd/x.t.1" or die "cannot write: $!\n";
    print {$file} "$first 2 ", length $body, "\n",
        "content-type: application/json\nx-request-id: a\n$body\n";
    close $file;
    like(Dosis::Node::check('answers', $document->filename, "$odd")->{out},
        qr/$fault/, "found: $fault");
}

done_testing();
