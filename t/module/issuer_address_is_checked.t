#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# Where the keys of an issuer are fetched: TLS by an authority that is trusted
# and for the host that was asked, or nothing; and an answer in time.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use File::Temp ();

use Dosis::Check;
use Dosis::Issuer;
use Dosis::Test;
use Dosis::Tls;

use constant PATH => '/api/v2/dosis/bronnen/uris';

my $dir = File::Temp::tempdir('dosis-tls-XXXXXX', TMPDIR => 1, CLEANUP => 1);
my $tls = Dosis::Tls->new("$dir/ours");
my $others = Dosis::Tls->new("$dir/theirs");
$tls->certificate('server');
my $ca = $tls->path('ca.pem');

# One server for three: its certificate is of localhost.
my $https = Dosis::Issuer->new(
    scheme => 'https',
    host   => 'localhost',
    listen => 'ssl',
    server => 'ssl_certificate ' . $tls->path('server.pem') . ';'
        . ' ssl_certificate_key ' . $tls->path('server.key') . ';',
);
my %other = map { $_ => bless { %$https, iss => "https://$_.example" },
    'Dosis::Issuer' } qw(system authority host plain slow trickle);
$other{host}{host} = '127.0.0.1';

# It takes connections, and says nothing.
my $silent = IO::Socket::INET->new(Listen => 16, LocalAddr => '127.0.0.1')
    or die "cannot listen: $!\n";

# It says something all the time, and never ends.
my $trickle = Dosis::Issuer->new(
    iss => $other{trickle}{iss}, server => 'limit_rate 20;');
$trickle->publish('a');

my $dosis = Dosis::Test->new(
    http   => $https->http . $trickle->http,
    expect => [qr/key set not fetched/, qr/SSL_do_handshake/],
);
$https->publish('a');

sub status { return $dosis->get(PATH, token => $_[0])->{status} }

$https->register($dosis, CaBestand => $ca);
$https->wait_for_state($dosis, '');
my $good = $https->token($dosis, 'a');
$dosis->wait_for(sub { status($good) == 200 }, 'the worker has the key');
pass('with the file of its authority the keys of an issuer are taken');

$other{system}->register($dosis);
$other{authority}->register($dosis, CaBestand => $others->path('ca.pem'));
$other{host}->register($dosis, CaBestand => $ca);
$other{plain}->register($dosis, CaBestand => $ca,
    Sleutels => 'https://localhost:' . $dosis->{port} . '/keys');
$other{slow}->register($dosis, WachtMs => 300,
    Sleutels => 'http://127.0.0.1:' . $silent->sockport . '/keys');
$trickle->register($dosis, WachtMs => 1500);

my %fact = (
    system    => ['tls',  'an authority that the system does not know'],
    authority => ['tls',  'a certificate of another authority'],
    host      => ['tls',  'a certificate of another host'],
    plain     => ['tls',  'no TLS where TLS is asked'],
    slow      => ['tijd', 'an address that says nothing'],
    trickle   => ['tijd', 'an address that never ends'],
);
for my $name (sort keys %fact) {
    my ($why, $fact) = @{ $fact{$name} };
    my $state = eval { $other{$name}->wait_for_state($dosis, $why) };
    is($state && "@{ $state->{Sleutels} }", '', "$fact: $why, and no key");
}

isnt(status($other{host}->token($dosis, 'a')), 200, 'nor is a token of it good');
is(status($good), 200, 'who is checked is not touched by who is not');

# what is held outlives its certificate
my $was = $https->state_of($dosis);
$https->register($dosis, CaBestand => $others->path('ca.pem'));
$https->wait_for_state($dosis, 'tls');
is_deeply($https->state_of($dosis)->{Sleutels}, $was->{Sleutels},
    'what was fetched before stays when its address is trusted no more');
is(status($good), 200, 'and its tokens good');

$dosis->finish;
