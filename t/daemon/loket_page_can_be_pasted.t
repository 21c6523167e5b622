#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# Every block of the page for counters does what it says, in one shell, against
# what scripts/run starts.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use IO::Socket::INET;
use JSON::PP;

use Dosis::Engine;

my $dosis = Dosis::Engine->new(keys => 0);
my $run   = "$FindBin::Bin/../../scripts/run";
my $port  = IO::Socket::INET->new(
    Listen => 1, LocalAddr => '127.0.0.1', LocalPort => 0)->sockport;
$ENV{DOSIS_PORT} = $port;
$ENV{BUILD}      = $dosis->{build};
$dosis->{home} .= '/home';

END {
    my $status = $?;
    $dosis->run($run, '--stop');
    $? = $status;
}

my $up = $dosis->run($run, '--detach');
is($up->{code}, 0, 'it starts') or BAIL_OUT($up->{err});

my $page = Dosis::Fixture::read_file(
    "$FindBin::Bin/../../engine/doc/loket.md");
my @blocks = $page =~ /^```sh\n(.*?)^```$/msg;
is(@blocks, 12, 'twelve blocks');

# One shell for all of them, for they share variables; a line before and after
# each, so that what it says can be told apart. Only where it runs differs.
my $script = "set -o pipefail\n";
for my $number (0 .. $#blocks) {
    my $block = $blocks[$number];
    $block =~ s/127\.0\.0\.1:8480/127.0.0.1:$port/g;
    $block =~ s{\bbuild/dosisctl\b}{"$dosis->{build}/dosisctl"}g;
    $script .= "echo '<<<$number'; failed=0; trap 'failed=1' ERR\n$block\n"
        . "trap - ERR; echo \">>>\$failed\"\n";
}
my $said = $dosis->run('bash', '-c', $script);
is($said->{code}, 0, 'the shell ends well');
is($said->{err}, '', 'and nothing complains');

my (@out, @failed);
while ($said->{out} =~ /^<<<(\d+)\n(.*?)>>>(\d)$/msg) {
    $out[$1] = $2;
    push @failed, $1 if $3;
}
is(@out, @blocks, 'each block was run');
is_deeply(\@failed, [], 'and none failed');

sub json {
    my ($number) = @_;

    return eval { decode_json($out[$number] =~ s/\n\z//r) } // {};
}

sub rows {
    my ($number) = @_;

    return @{ json($number)->{Dossiers} // [] };
}

is($out[0], '', 'a token');
is(scalar rows(1), 3, 'one organisation: three rows');
is($out[2], '', 'a handle');
is(scalar rows(3), 5, 'the list: five rows');
ok(json(3)->{Volgende}, 'and more');
for my $source (@{ json(3)->{Bronnen} }) {
    is($source->{Toestand}, 'Actueel', "$source->{Bron} is up to date");
    like($source->{LaatstGehoord}, qr/^\d{4}-\d\d-\d\dT\d\d:00:00\.000Z$/,
        'and was heard, to the hour');
}
ok(rows(4) > 0, 'filters: rows');
is_deeply([grep { !/^(?:Behandeling|Beslissing)$/ }
        map { $_->{Status}{VlaamsFase} } rows(4)],
    [], 'of those phases');
ok(rows(5) > 0, 'by action: rows');
is_deeply([grep { !$_->{Status}{Actie}{ActieNodig} } rows(5)], [],
    'that need action');
is(scalar rows(6), 3, 'zoek with two agents: three rows');
ok(rows(7) > 0, 'QUERY for a person: rows');
is(scalar rows(8), 2, 'the next page: two rows');
my %first = map { $_->{DossierId} => 1 } (rows(3))[0, 1];
is_deeply([grep { $first{ $_->{DossierId} } } rows(8)], [],
    'other ones than on the first');
is(json(9)->{DossierId}, (rows(3))[0]{DossierId}, 'the detail of the newest');
is(scalar @{ json(9)->{Agenten} }, 1, 'shown for one agent');
is($out[10], "304\n", 'asked again: 304');
is($out[11], "400\n", 'a wrong question: 400');

is($dosis->run($run, '--stop')->{code}, 0, 'it stops');

done_testing();
