#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# opDatum: what DOSIS showed of a dossier at a moment, by time of receipt.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Number qw(kbo uuid);
use Dosis::Test qw(query);

my $dosis = Dosis::Test->new;
my $base  = '/api/v1/dosis/dossiers';
my $token = $dosis->company(kbo(1), rechten => ['Lezer']);

sub version {
    my ($of, $day, $name, %more) = @_;

    return { %$of, UploadId => uuid(), Naam => $name,
        WijzigingsDatum => "2026-03-${day}T10:00:00", %more };
}

sub then_shown {
    my ($id, $moment, %more) = @_;

    return $dosis->get("$base/$id?" . query(opDatum => $moment),
        token => $token, %more);
}

# The moments of receipt, oldest first, to the millisecond; whole ones later.
sub received {
    my ($id) = @_;

    return reverse map { $_->{Ontvangen} }
        @{ $dosis->get("$base/$id/historiek", token => $token)
            ->member('Historiek') };
}

# The millisecond of a moment is cut off: one later it surely has come in.
sub after {
    my ($moment) = @_;

    my ($front, $ms) = $moment =~ /^(.*\.)(\d{3})\d*Z$/;

    return sprintf '%s%03d999999Z', $front, $ms;
}

my $one = $dosis->dossier;
my $id  = $dosis->push(version($one, '01', 'een'))->member('DossierId');
for my $step (['03', 'drie'], ['02', 'twee'], ['04', 'vier']) {
    my $last = (received($id))[-1];
    $dosis->wait_for(sub { apart($last) }, 'the next millisecond');
    $dosis->push(version($one, @$step));
}

# A millisecond or more after that moment?
sub apart {
    my ($moment) = @_;

    my $probe = $dosis->dossier(nummer => 'klok');
    my $other = $dosis->push({ %$probe, Naam => uuid() })
        ->member('DossierId');

    return (received($other))[-1] gt after($moment);
}

my @came = received($id);
is(scalar @came, 4, 'four came in');
is(then_shown($id, after($came[0]))->member('Naam'), 'een',
    'after the first: the first');
is(then_shown($id, after($came[1]))->member('Naam'), 'drie',
    'after the second: the second');
is(then_shown($id, after($came[2]))->member('Naam'), 'drie',
    'the third was outdated on arrival: it never showed');
is(then_shown($id, after($came[3]))->member('Naam'), 'vier',
    'after the last: the last');
is(then_shown($id, '2090-01-01')->member('Naam'), 'vier',
    'and so at any later moment');

my $now  = $dosis->get("$base/$id", token => $token);
my $last = then_shown($id, '2090-01-01');
is_deeply($last->json, $now->json, 'it is the same detail as without a moment');
like($last->header('ETag'), qr{^W/"[^"]+"$}, 'with an ETag');
is_status(then_shown($id, '2090-01-01',
        headers => ['If-None-Match' => $last->header('ETag')]),
    304, 'that gives 304');
is_status(then_shown($id, after($came[0]),
        headers => ['If-None-Match' => $last->header('ETag')]),
    200, 'but not for another version');

is_problem(then_shown($id, '2020-01-01'), 404, 'NietGevonden',
    'before it existed: 404');
my $never = $dosis->get("$base/" . 'a' x 26 . '?opDatum=2090-01-01',
    token => $token);
is_problem($never, 404, 'NietGevonden', 'of no dossier at all: 404');

# Moments as people write them.
for my $moment ('2090-01-01', '2090-01-01T10:00', '2090-01-01T10:00:00+02:00',
    '2090-01-01 10:00:00', '2090-01-01T08:00:00.123456789Z')
{
    is_status(then_shown($id, $moment), 200, "$moment is a moment");
}
is_status($dosis->get("$base/$id?opDatum=2090-01-01T10:00:00+02:00",
        token => $token), 200, 'also when + was not escaped');
for my $moment ('', 'gisteren', '2026-02-30', '2026-13-01', '1700-01-01') {
    my $answer = then_shown($id, $moment);
    is_problem($answer, 400, 'ParameterOngeldig', "'$moment' is none: 400");
    is_deeply([fault_fields($answer)], ['ParameterOngeldig opDatum'],
        'and it says which');
}
is_problem($dosis->get("$base/$id?opDatum=2090-01-01&opDatum=2091-01-01",
        token => $token), 400, 'ParameterOngeldig', 'twice: 400');

# Rights of now decide, also about then.
$dosis->push(version($one, '05', 'vijf', Agenten => [
            { Identificatie => kbo(2),
                Toegangsrechten => [{ Code => 'Lezer' }] }]));
is_problem(then_shown($id, after($came[0])), 404, 'NietGevonden',
    'an agent of then, none now: 404');
my $heir = $dosis->get("$base/$id?" . query(opDatum => after($came[0])),
    token => $dosis->company(kbo(2), rechten => ['Lezer']));
is($heir->member('Naam'), 'een', 'an agent of now sees what was before it');
unlike($heir->body, qr/Agenten|${\ kbo(1)}/, 'without the agents of then');

$dosis->withdraw($one);
is_problem($dosis->get("$base/$id?" . query(opDatum => after($came[0])),
        token => $dosis->company(kbo(2), rechten => ['Lezer'])),
    404, 'NietGevonden', 'withdrawn: 404, also for then');
