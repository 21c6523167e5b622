#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# A cursor of the feed is good for one subject with the same rights, asked by
# the same client; under anything else it has ended, and says so.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Number qw(insz kbo);
use Dosis::Stream;
use Dosis::Test;

my $dosis = Dosis::Test->new;
my $agent = kbo(1);
my @right = qw(Lezer Schrijver);

is_stored($dosis->push($dosis->dossier(agent => $agent)), 'Nieuw', 'stored');

sub cursor {
    my (%option) = @_;

    return Dosis::Stream::poll($dosis, %option)->member('Volgende');
}

my $own = $dosis->company($agent, rechten => \@right);
my $na  = cursor(token => $own);
is_status(Dosis::Stream::poll($dosis, token => $own, na => $na), 200,
    'its own question goes on');
is_status(
    Dosis::Stream::poll(
        $dosis,
        token => $dosis->company($agent, rechten => [reverse @right]),
        na    => $na),
    200,
    'the same rights in another order do too');

my %foreign = (
    'fewer rights' => $dosis->company($agent, rechten => ['Lezer']),
    'more rights' =>
        $dosis->company($agent, rechten => [@right, 'Beheerder']),
    'another company' => $dosis->company(kbo(2), rechten => \@right),
    'more assurance' => $dosis->company($agent,
        rechten => \@right, acr => Dosis::Token::ACR_HIGH()),
    'another client' => $dosis->company($agent,
        rechten => \@right, client_id => 'ander-portaal'),
);
for my $what (sort keys %foreign) {
    my $answer = Dosis::Stream::poll($dosis,
        token => $foreign{$what}, na => $na);
    is_problem($answer, 410, 'VolgpuntVervallen', "$what: begin anew");
    my $stream = Dosis::Stream->open($dosis,
        token => $foreign{$what}, last => $na);
    is_problem($stream->{answer}, 410, 'VolgpuntVervallen',
        "$what: no stream either");
}

# A counter: its cursor is of the agent it named, and of itself.
my $loket = $dosis->loket('loket');
my @asked = (agent => $agent, recht => 'Lezer');
my $kept  = cursor(token => $loket, @asked);
is_status(Dosis::Stream::poll($dosis, token => $loket, @asked, na => $kept),
    200, 'a counter goes on');
is_problem(
    Dosis::Stream::poll($dosis, token => $dosis->loket('loket-2'), @asked,
        na => $kept),
    410, 'VolgpuntVervallen', 'another counter does not');
is_problem(
    Dosis::Stream::poll($dosis, token => $loket, agent => kbo(2),
        recht => 'Lezer', na => $kept),
    410, 'VolgpuntVervallen', 'nor does it for another agent');

# What is no cursor at all.
for my $bad ('x', 'AAAA', substr($na, 1), "${na}A", $na =~ s/.$/=/r) {
    is_problem(Dosis::Stream::poll($dosis, token => $own, na => $bad),
        400, 'ParameterOngeldig', "no cursor: 400");
}
my $list = $dosis->list(token => $own, limiet => 1);
is_status($list, 200, 'a list is another question');
is_problem(
    Dosis::Stream::poll(
        $dosis, token => $own, na => scalar reverse $na),
    410, 'VolgpuntVervallen', 'what looks like one but was never given: 410');
is_problem(Dosis::Stream::poll($dosis, token => $own, limiet => $_),
    400, 'ParameterOngeldig', "limiet $_: 400")
    for 0, 501, 'veel';
is_problem(Dosis::Stream::poll($dosis, token => $own, fase => 'Behandeling'),
    400, undef, 'a feed has no filter');

# A source that opens or closes itself to agents without rights changes what
# is visible without any change of a dossier.
my $company = $dosis->company(kbo(3));
my $person  = $dosis->citizen(insz(3));
my %na      = map { $_ => cursor(token => $_) } $company, $person;
my $path    = "$dosis->{home}/reference/bronnen.json";
my $bronnen = JSON::PP::decode_json(Dosis::Fixture::read_file($path));
$bronnen->[0]{ZonderRecht} = 'iedereen';
Dosis::Fixture::write_json($path, $bronnen);
kill HUP => $dosis->{engine};
$dosis->wait_for(
    sub {
        Dosis::Stream::poll($dosis, token => $company, na => $na{$company})
            ->status == 410;
    },
    'the cursor has ended');
pass('a source opens itself: begin anew');
is_problem(
    Dosis::Stream::poll($dosis, token => $company, na => $na{$company}),
    410, 'VolgpuntVervallen', 'and it says so');
