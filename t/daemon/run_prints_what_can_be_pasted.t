#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# scripts/run: one command, and what it prints can be pasted; it stops, starts
# again with the data kept, and looks after its engine.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use IO::Socket::INET;
use JSON::PP;

use Dosis::Engine;
use Dosis::Port qw(claim_ports);

# It starts an nginx that does not know the sanitizers of its module.
plan skip_all => 'scripts/run is for a build without sanitizers' if $ENV{SAN};

my $dosis = Dosis::Engine->new(keys => 0);
my $run   = "$FindBin::Bin/../../scripts/run";
my $port  = claim_ports(2);
$ENV{DOSIS_PORT} = $port;
$ENV{BUILD}      = $dosis->{build};
$dosis->{home} .= '/home';

END {
    my $status = $?;
    $dosis->run($run, '--stop') if $dosis;
    $? = $status;
}

is($dosis->run($run, '--status')->{code}, 3, 'nothing runs: status 3');
my $up = $dosis->run($run, '--detach');
is($up->{code}, 0, 'it starts') or BAIL_OUT($up->{err});
my $status = $dosis->run($run, '--status');
is($status->{code}, 0, 'status 0');
like($status->{out}, qr/running at \S+:$port, ready: UP/, 'and UP');

my $page = $dosis->run('curl', '-sS', '-o', '/dev/null', '-w', '%{http_code}',
    "http://127.0.0.1:$port/docs/");
is($page->{out}, 200, 'the page /docs/ is there');

# The portal, and where its people log in: both addresses are as printed.
my ($portal) = $up->{out} =~ /^  portal:   (\S+)$/m;
my ($login)  = $up->{out} =~ /^  log in:   .*\((\S+), a stand-in\)$/m;
is($portal, "http://127.0.0.1:$port/", 'the portal is printed');
my $said = $dosis->run('curl', '-sSi', $portal);
like($said->{out}, qr{^HTTP/1\.1 200 .*connect-src 'self' \Q$login\E;}s,
    'it is there, and may fetch from there only');
is(decode_json($dosis->run('curl', '-sS', "${portal}config.json")->{out})
    ->{Uitgever}{Adres}, $login, 'it knows where people log in');
is(decode_json($dosis->run('curl', '-sS',
            "$login/.well-known/openid-configuration")->{out})->{issuer}, $login,
    'which is an OpenID provider');
$said = $dosis->run('curl', '-sS', '-o', '/dev/null', '-w', '%{redirect_url}',
    "http://localhost:$port/");
is($said->{out}, $portal, 'localhost leads to it');
my $people = decode_json(Dosis::Fixture::read_file(
        "$FindBin::Bin/../../scripts/identity-provider/people.json"));
like($up->{out}, qr/^ +\Q$_->{titel}\E$/m, "one may be: $_->{titel}")
    for values %$people;

# Each paragraph from the first comment on is one thing to paste.
my ($paste) = $up->{out} =~ /^(# .*)/ms;
my @blocks = grep { /curl/ } split /\n\n/, $paste;
is(@blocks, 9, 'nine things to paste');
my $id_of;
for my $block (@blocks) {
    my ($name) = $block =~ /^# (.*)/;
    if ($name =~ /^one dossier in detail/) {
        ($id_of) = $block =~ /^(ID=.*?\))$/ms;
    }
    if ($name =~ /^a click-through/) {
        my $went = $dosis->run('bash', '-c', "$id_of\n$block");
        like($went->{out}, qr{^303 https://loket\.example\.be/\S+$},
            'a click-through leads to the source');
        next;
    }
    $block =~ s/^curl -sS/curl -sS -w '\\n%{http_code}'/gm;
    my $said = $dosis->run('bash', '-c', $block);
    my ($body, $code) = $said->{out} =~ /\A(.*)\n(\d+)\z/s;
    is($code, 200, "$name: 200");
    my $json = eval { decode_json($body // '') };
    is(ref $json, 'HASH', "$name: JSON");
    cmp_ok(scalar @{ $json->{Dossiers} }, '>', 1, "$name: several dossiers")
        if $json && $json->{Dossiers};
}

my ($agency) = grep {/simulate-agency/} split /\n\n/, $paste;
my $played = $dosis->run('bash', '-c', $agency =~ s/--rate 20/--dossiers 5/r);
is($played->{code}, 0, 'an agency at work gets what it foresees')
    or diag($played->{err});
like($played->{out}, qr/^\d+ deliveries in /, 'and tells what it did');

my $second = $dosis->run($run, '--detach');
is($second->{code}, 1, 'a second start: refused');
like($second->{err}, qr/already running at \S+:$port/, 'and says so');

my $engine = engine_pid();
kill 'KILL', $engine;
$dosis->wait_for(sub { my $pid = engine_pid(); $pid && $pid != $engine },
    'a killed engine is back', 5);
pass('a killed engine comes back');

my $old = login_pid();
kill 'KILL', $old;
$dosis->wait_for(
    sub {
        my $pid = login_pid();
        return $pid && $pid != $old
            && $dosis->run('curl', '-sSf', "$login/jwks")->{code} == 0;
    },
    'a killed identity provider is back', 10);
pass('a killed identity provider comes back');

my $dossiers = verified();
cmp_ok($dossiers, '>', 2000, 'some thousand dossiers');
is($dosis->run($run, '--stop')->{code}, 0, 'it stops');
is($dosis->run($run, '--status')->{code}, 3, 'and is gone');
isnt($dosis->run('curl', '-sSf', "$login/jwks")->{code}, 0,
    'so is where people log in');
like(Dosis::Fixture::read_file("$dosis->{home}/log/dosisd.log"),
    qr/stopped\n\z/, 'the engine ended cleanly');
unlike(Dosis::Fixture::read_file("$dosis->{home}/log/error.log"),
    qr/\[(?:alert|emerg|crit|error)\]/, 'and nginx without an error');

my $taken = IO::Socket::INET->new(Listen => 1, LocalAddr => '127.0.0.1',
    LocalPort => $port, ReuseAddr => 1) or die "port $port: $!\n";
my $refused = $dosis->run($run, '--detach');
is($refused->{code}, 1, 'a port in use: refused');
like($refused->{err}, qr/port $port is in use/, 'and says so');
close $taken;

# A node that cannot run who logs people in.
my $bin = "$dosis->{home}/bin";
mkdir $bin or die "$bin: $!\n";
symlink '/bin/false', "$bin/node" or die "$bin/node: $!\n";
{
    local $ENV{PATH} = "$bin:$ENV{PATH}";
    $up = $dosis->run($run, '--detach');
}
is($up->{code}, 0, 'it starts again, also without the identity provider');
like($up->{out}, qr/^ +nobody can log in/m, 'which is said');
is(decode_json($dosis->run('curl', '-sS', "${portal}config.json")->{out})
    ->{Uitgever}, undef, 'and the portal knows');
is(verified(), $dossiers, 'with the data kept');
is($dosis->run($run, '--stop')->{code}, 0, 'and stops');

done_testing();

sub engine_pid {
    my $said = $dosis->ctl('status', '--json')->{out};
    my $json = eval { decode_json($said) };

    return $json && $json->{engine}{pid};
}

sub login_pid {
    return Dosis::Fixture::read_file("$dosis->{home}/run/login.pid") =~ /(\d+)/
        ? $1 : 0;
}

# The dossiers that verify counts; dies when it finds anything.
sub verified {
    my $said = $dosis->ctl('verify', '--json');
    die "verify: $said->{out}$said->{err}\n" if $said->{code} != 0;

    return decode_json($said->{out})->{dossiers};
}
