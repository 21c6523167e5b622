#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# An issuer that is registered while the service runs: its keys are fetched,
# rotated, kept while its address is silent, asked for when a token names one
# that is not known, and dropped at the next request when it is switched off.
# No reload, and no worker that waits.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Crypt::PK::ECC ();
use File::Temp     ();
use JSON::PP       ();

use Dosis::Port qw(claim_port);
use Dosis::Test;
use Dosis::Token;

use constant PATH => '/api/v2/dosis/bronnen/uris';

my $json = JSON::PP->new->utf8->canonical;
my $port = claim_port();
my $root = File::Temp::tempdir('dosis-iss-XXXXXX', TMPDIR => 1, CLEANUP => 1);
my $base = "http://127.0.0.1:$port";
my %key  = map { my $k = Crypt::PK::ECC->new; $k->generate_key('secp256r1');
    ($_ => $k) } qw(a b c d);

chmod 0755, $root;
mkdir "$root/een";
mkdir "$root/een/.well-known";
mkdir "$root/twee";

# Takes the place of what was there in one step.
sub put {
    my ($name, $text) = @_;

    open my $to, '>', "$root/$name.new" or die "cannot write: $!\n";
    print {$to} $text;
    close $to;
    rename "$root/$name.new", "$root/$name" or die "cannot rename: $!\n";

    return;
}

sub put_keys {
    my ($name, @kids) = @_;

    put($name, $json->encode({ keys => [
        map { { %{ $json->decode($key{$_}->export_key_jwk('public')) },
            kid => $_, use => 'sig' } } @kids ] }));

    return;
}

my $een = "$base/een";
put('een/.well-known/openid-configuration',
    $json->encode({ issuer => $een, jwks_uri => "$base/een/keys" }));
put_keys('een/keys',  'a');
put_keys('twee/keys', 'd');

my $dosis = Dosis::Test->new(
    workers => 2,
    http    => "server { listen 127.0.0.1:$port; root $root; }",
    expect  => [qr/open\(\) .* failed/, qr/key set not fetched/],
);

sub uitgever {
    my (@words) = @_;

    my ($code, $said) = $dosis->ctl('uitgever', @words);
    die "dosisctl uitgever @words: $said" if $code != 0;

    return $said;
}

sub add {
    my (%more) = @_;

    my $file = "$dosis->{home}/tmp/uitgever.json";
    open my $to, '>', $file or die "cannot write: $!\n";
    print {$to} $json->encode({ Naam => 'Test', Audience => 'dosis',
        PauzeSeconden => 1, VerversSeconden => 3600, OverlapSeconden => 0,
        %more });
    close $to;
    uitgever('add', $file);

    return;
}

sub token {
    my ($iss, $key, %more) = @_;
    my $kid = delete $more{kid} // $key;

    return $dosis->{tokens}->mint(
        Dosis::Token::machine_claims('leverancier-a', iss => $iss, %more),
        alg => 'ES256', kid => $kid, key => $key{$key});
}

sub status { return $dosis->get(PATH, token => $_[0])->{status} }

# Of each worker several times, so that none is passed over.
sub all_say {
    my ($token, $wanted) = @_;

    return !grep { status($token) != $wanted } 1 .. 8;
}

sub comes {
    my ($token, $wanted, $what) = @_;

    ok(eval { $dosis->wait_for(sub { all_say($token, $wanted) }, $what, 60) },
        $what);

    return;
}

sub state_of {
    my ($iss) = @_;

    my $all = $json->decode(uitgever('status', '--json'));

    return (grep { $_->{Iss} eq $iss } @$all)[0] // {};
}

is(status(token($een, 'a')), 401, 'nobody takes a token of an unknown issuer');

add(Iss => $een, Ontdekking => JSON::PP::true);
comes(token($een, 'a'), 200, 'registered, its tokens are good without reload');
is(status(token($een, 'a', aud => 'other')), 401, 'for our audience only');
is(status(token($een, 'b', kid => 'a')), 401, 'signed by its key only');

add(Iss => "$base/twee", Sleutels => "$base/twee/keys");
comes(token("$base/twee", 'd'), 200, 'a second one, by the address of its set');
is(status(token($een, 'd', kid => 'd')), 503,
    'a key of one is no key of the other');

# a new key: temporary, then good
put_keys('een/keys', 'a', 'b');
my $answer = $dosis->get(PATH, token => token($een, 'b'));
is($answer->{status}, 503, 'a kid that is new is no reason to refuse');
ok($answer->header('Retry-After'), 'and says when to come back');
my $old = token($een, 'a');
my @refused;
$dosis->wait_for(sub {
    push @refused, grep { $_ != 200 } status($old);
    return all_say(token($een, 'b'), 200);
}, 'the new key', 60);
is_deeply(\@refused, [], 'not one token of the old key was refused meanwhile');

# a kid that does not come
comes(token($een, 'c'), 401, 'a kid that its issuer does not have ends as 401');
is(status(token($een, 'c', exp => time - 100)), 401,
    'a token that has expired asks for nothing');

# silent: what is held is kept
unlink "$root/een/keys";
is(status(token($een, 'c', kid => 'nieuw')), 503, 'asks once more');
$dosis->wait_for(sub { (state_of($een)->{Fout} // '') eq 'status-404' },
    'the failure is told', 60);
ok(all_say(token($een, 'b'), 200), 'without its address its keys stay good');
is(state_of($een)->{Toestand}, 'faalt', 'status tells that it fails');
is(status(token($een, 'c', kid => 'nieuw')), 503,
    'nobody is refused for a kid while the address is silent');

# nothing usable, another issuer: kept too
put('een/keys', '{"keys":[]}');
$dosis->wait_for(sub { status(token($een, 'c', kid => 'nieuw'));
    (state_of($een)->{Fout} // '') eq 'geen-sleutels' }, 'no keys', 60);
put('een/keys', '{"keys":[' . ' ' x 300_000 . ']}');
$dosis->wait_for(sub { status(token($een, 'c', kid => 'nieuw'));
    (state_of($een)->{Fout} // '') eq 'te-groot' }, 'too large', 60);
put('een/.well-known/openid-configuration',
    $json->encode({ issuer => "$een/", jwks_uri => "$base/een/keys" }));
$dosis->wait_for(sub { status(token($een, 'c', kid => 'nieuw'));
    (state_of($een)->{Fout} // '') eq 'andere-uitgever' }, 'wrong issuer', 60);
ok(all_say(token($een, 'b'), 200), 'none of these takes the place of good ones');

# back again, without the first key
put('een/.well-known/openid-configuration',
    $json->encode({ issuer => $een, jwks_uri => "$base/een/keys" }));
put_keys('een/keys', 'b');
ok(all_say($old, 200), 'a token is remembered');
$dosis->wait_for(sub { status(token($een, 'c', kid => 'nieuw'));
    "@{ state_of($een)->{Sleutels} // [] }" eq 'b' }, 'published', 60);
isnt(status($old), 200, 'not beyond the removal of its key')
    for 1 .. 4;
is(status(token($een, 'b')), 200, 'the other key goes on');

# off: at the next request, in each worker
my $good = token($een, 'b');
ok(all_say($good, 200), 'good, and remembered');
uitgever('off', $een);
ok(all_say($good, 401), 'switched off none is good at the next request');
is(status(token("$base/twee", 'd')), 200, 'another issuer is another matter');
uitgever('on', $een);
comes($good, 200, 'switched on again it is');
uitgever('remove', $een);
ok(all_say($good, 401), 'removed it is not');

$dosis->finish;
