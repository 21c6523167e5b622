#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# An issuer that dosis_issuer names and that is registered too: the keys, the
# audience and the names of the configuration count, those registered do not.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Issuer;
use Dosis::Test;
use Dosis::Token;

use constant PATH => '/api/v2/dosis/bronnen/uris';

my $twin  = Dosis::Issuer->new(iss => Dosis::Token::ISSUER());
my $other = Dosis::Issuer->new;
$_->publish('a') for $twin, $other;
my $dosis = Dosis::Test->new(http => $twin->http . $other->http);

sub status { return $dosis->get(PATH, token => $_[0])->{status} }

my $fixed = $dosis->machine('leverancier-a');
is(status($fixed), 200, 'a token of the configured issuer is good');

$twin->register($dosis, Audience => 'elders',
    Scopes => { Import => 'Iets' }, Claims => { Client => 'iemand' });
$twin->wait_for_state($dosis, '');

# registered after it: when this one counts, that one was looked at
$other->register($dosis);
my $seen = $other->token($dosis, 'a');
for (1 .. 8) {
    $dosis->wait_for(sub { status($seen) == 200 }, 'another one counts', 60);
}

is(status($fixed), 200, 'registered with other names it stays good');
is(status($dosis->machine('leverancier-a', jti => 'nieuw')), 200,
    'a token that nobody remembers too');
is(status($twin->token($dosis, 'a')), 401,
    'a key that is only registered opens nothing');
is(status($twin->token($dosis, 'a', aud => 'elders', scope => 'Iets',
            iemand => 'leverancier-a')), 401, 'with its names neither');
is(status($twin->token($dosis, 'b')), 401, 'and an unknown kid is no reason to wait');

# the registration does nothing, so what becomes of it does nothing either
for my $word (qw(off remove)) {
    my ($code) = $dosis->ctl('uitgever', $word, $twin->{iss});
    is($code, 0, "registered: $word");
    is(status($fixed), 200, "$word: the configured issuer goes on");
}

$dosis->finish;
