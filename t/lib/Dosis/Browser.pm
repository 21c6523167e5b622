# SPDX-License-Identifier: EUPL-1.2

# The portal as people have it: DOSIS on a temporary home, the portal in front of
# it as conf/dosis.conf has it, the identity provider of scripts/run to log in at,
# and Chromium, driven by a program of t/browser. Each line that it prints as
# TAP is an assertion here.
#
#   my $browser = Dosis::Browser->new;     skips the test where there is none;
#                                          seconds => N for a program's run
#   $browser->{dosis}                      Dosis::Test
#   $browser->play('name', %data)          t/browser/name.mjs
#
# Screenshots lie in $BUILD/screenshots.

package Dosis::Browser;

use strict;
use warnings;

use File::Path ();
use JSON::PP   ();
use POSIX      ();
use Test::More ();

use Dosis::Fixture ();
use Dosis::Node    ();
use Dosis::Number  ();
use Dosis::Port qw(claim_port);
use Dosis::Test    ();

my $top  = $Dosis::Node::top;
my $json = JSON::PP->new->utf8->canonical;

use constant {
    CHROMIUM => '/usr/bin/chromium',
    CITIZEN  => '85073000754',         # of people.json, and so is this one
    COMPANY  => '0123456749',
    SECONDS  => 120,
};

# Which registered clients people of people.json deliver for.
my @clients = (
    {   Client  => 'demo-vlaio',
        Naam    => 'Agentschap van de proef',
        Bronnen => ['urn://test/subsidies', 'urn://test/vergunningen'],
    },
    {   Client  => 'demo-beheer',
        Naam    => 'Beheer van de proef',
        Bronnen => ['urn://test/subsidies'],
    },
);

# Why there is no browser to test with, or nothing.
sub missing {
    return CHROMIUM . ' is not installed' if !-x CHROMIUM;
    return 'node is not installed'
        if !grep { -x "$_/node" } split /:/, $ENV{PATH};
    my ($lacks) = grep { !-e "$top/node_modules/$_" }
        qw(playwright-core axe-core oidc-provider oidc-client-ts);
    return "$lacks is not installed: run scripts/test, or npm ci" if $lacks;

    return;
}

sub new {
    my ($class, %option) = @_;

    my $why = missing();
    Test::More::plan(skip_all => $why) if $why;
    Dosis::Number::remember_insz(CITIZEN);
    my $dosis = Dosis::Test->new(%option, nginx => 0, at => '/api/',
        reference => { clients => \@clients });
    my $self = bless {
        dosis   => $dosis,
        seconds => $option{seconds} // SECONDS,
        url     => "http://127.0.0.1:$dosis->{port}/",
        shots   => "$dosis->{build}/screenshots",
    }, $class;

    $self->start_provider;
    $self->make_portal;
    File::Path::make_path($self->{shots});
    $dosis->{config}{http} = "dosis_issuer $self->{issuer} audience=dosis"
        . " keys=$self->{home}/keys.json"
        . qq{ "client_claim=dosis_client client_id";};
    $dosis->{config}{server} = join "\n", "dosis_base $self->{url};",
        (map {"location $_ { dosis on; }"} '/door/', '/health/'),
        $self->location;
    $dosis->{config}{server} =~ s{(dosis_base \S+)/;}{$1;};
    $dosis->start_nginx(1);

    return $self;
}

sub start_provider {
    my ($self) = @_;

    my $home = $self->{home} = "$self->{dosis}{home}/login";
    mkdir $home, 0750;
    Dosis::Fixture::write_json("$home/provider.json", {
            port    => claim_port(),
            portals => [$self->{url}],
            home    => $home,
        });
    $self->{issuer} = Dosis::Node::launch(
        "$self->{dosis}{home}/log/login.log",
        "$top/scripts/identity-provider/provider.mjs", "$home/provider.json");

    return;
}

sub make_portal {
    my ($self) = @_;

    my $portal = $self->{portal} = "$self->{dosis}{home}/portal";
    my $made = Dosis::Node::run("$top/scripts/portal", $portal);
    die "scripts/portal: $made->{err}" if $made->{code} != 0;
    my $told = $json->decode(
        Dosis::Fixture::read_file("$top/conf/portal.json"));
    $told->{Uitgever}{Adres} = $self->{issuer};
    $told->{Omgeving} = 'proef';
    Dosis::Fixture::write_json("$portal/config.json", $told);

    return;
}

# As the example has it, with this place and this issuer.
sub location {
    my ($self) = @_;

    my ($location) = Dosis::Fixture::read_file("$top/conf/dosis.conf")
        =~ m{^(location / \{.*?^\})}ms
        or die "conf/dosis.conf has no portal\n";

    return $location =~ s{root \S+;}{root $self->{portal};}r
        =~ s{https://issuer\.example\.be}{$self->{issuer}}r;
}

# t/browser/NAME.mjs with these data; each of its lines of TAP is one here.
sub play {
    my ($self, $name, %data) = @_;

    my $file = "$self->{dosis}{home}/$name.json";
    Dosis::Fixture::write_json($file, {
            name     => $name,
            url      => $self->{url},
            issuer   => $self->{issuer},
            shots    => $self->{shots},
            chromium => CHROMIUM,
            pages    => $self->{portal},
            work     => "$self->{dosis}{home}/tmp",
            data     => \%data,
        });
    my $pid = open my $from, '-|';
    defined $pid or die "cannot fork: $!\n";
    if ($pid == 0) {
        alarm $self->{seconds};    # kept across exec
        exec 'node', "$top/t/browser/$name.mjs", $file or POSIX::_exit(127);
    }
    my $done = 0;
    while (my $line = <$from>) {
        chomp $line;
        $done = 1 if $line eq '# done';
        if ($line =~ /^(not )?ok - (.*)$/) {
            Test::More::ok(!$1, $2);
        }
        elsif ($line ne '# done') {
            Test::More::diag($line =~ s/^# ?//r);
        }
    }
    close $from;
    Test::More::ok($done && $? == 0, "$name.mjs comes to its end");

    return;
}

1;
