#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# Before it sends a file the portal sees what is wrong with its header, without
# reading more than its beginning; streams are read in pieces as they come.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Node;

my $made = Dosis::Node::run('node', "$FindBin::Bin/files_are_looked_at.mjs");

is($made->{err}, '', 'nothing is complained of');
for my $line (split /\n/, $made->{out}) {
    if ($line =~ /^((?:not )?)ok - (.*)/) {
        ok(!$1, $2);
    }
    else {
        diag($line);
    }
}
is($made->{code}, 0, 'it comes to its end');

done_testing();
