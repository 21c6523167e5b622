#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# GET bronnen/uris: exactly the sources that a client may deliver for now.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Test;

my $dosis = Dosis::Test->new;
my $path  = '/api/v2/dosis/bronnen/uris';

sub uris {
    my ($client) = @_;

    return $dosis->get($path, token => $dosis->machine($client));
}

my $mine = uris('leverancier-a');
is_status($mine, 200, 'a client asks for its sources');
same_set($mine->json,
    [   map {"urn://$_"}
            qw(test/subsidies test/open test/vorm ovam/evoa some/test)
    ],
    'all of them, without the one that is switched off'
);
is_deeply(uris('leverancier-b')->json, ['urn://test/vergunningen'],
    'another client has its own');
is_deeply(uris('niemand')->json, [], 'a client without sources has none');
for my $bron (@{ $mine->json }) {
    is_stored($dosis->push($dosis->dossier(bron => $bron)), 'Nieuw',
        "$bron takes a delivery");
}
is_problem(uris('leverancier-uit'), 403, 'ClientOnbekend',
    'a client switched off: 403');
is_problem($dosis->get($path, token => $dosis->loket('loket')),
    403, 'ScopeOntbreekt', 'a counter delivers for nobody');
is_problem($dosis->get($path), 401, 'TokenOntbreekt', 'no token: 401');
