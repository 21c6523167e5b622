#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# Behind a prefix every door stands as it does without one.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Number qw(kbo uuid);
use Dosis::Test;

my $dosis = Dosis::Test->new(server => <<'END');
        location /statussen/ { dosis on; dosis_prefix /statussen; }
END
my $prefix  = '/statussen/api/v1/dosis';
my $token   = $dosis->company(kbo(1), rechten => ['Lezer']);
my $dossier = $dosis->dossier;

my $pushed = $dosis->push($dossier, path => "$prefix/dossiers");
is_stored($pushed, 'Nieuw', 'a push');
my $id = $pushed->member('DossierId');
is_status($dosis->get("$prefix/dossiers", token => $token), 200, 'the list');
is_status($dosis->get("$prefix/dossiers/$id", token => $token), 200,
    'the detail');
is_status($dosis->get("$prefix/resultaten/perUploadId?uploadId="
            . $dossier->{UploadId},
        token => $dosis->machine('leverancier-a')), 200, 'the result');
is_status($dosis->get('/statussen/health/ready'), 200, 'health');
is($dosis->get("$prefix/dossiers", token => $token)->body,
    $dosis->list(token => $token)->body, 'both doors show the same');

is_problem($dosis->get('/statussen/x'), 404, 'NietGevonden',
    'an unknown path behind it');
is_problem($dosis->get('/statussenx/health/ready'), 404, 'NietGevonden',
    'what only begins like it');
is_problem($dosis->get('/statussen/statussen/health/ready'), 404,
    'NietGevonden', 'twice');
