# SPDX-License-Identifier: EUPL-1.2

# The blocks of a page, pasted in one shell against what scripts/run starts.

package Dosis::Pasted;

use strict;
use warnings;

use Test::More;

use Exporter qw(import);
use FindBin;
use JSON::PP;

use Dosis::Fixture;
use Dosis::Port qw(claim_ports);

our @EXPORT_OK = qw(paste json_of);

# What each block of engine/doc/<page> says. One shell for all of them, for they
# share variables; a line before and after each, so that what it says can be told
# apart. Only where it runs differs.
sub paste {
    my ($dosis, $page, $count) = @_;

    my $run  = "$FindBin::Bin/../../scripts/run";
    my $port = claim_ports(2);
    local $ENV{DOSIS_PORT} = $port;
    local $ENV{BUILD}      = $dosis->{build};
    $dosis->{home} .= '/home';

    my $up = $dosis->run($run, '--detach');
    is($up->{code}, 0, 'it starts') or diag($up->{err});
    my @out = run_blocks($dosis, $port, blocks_of($page, $count));
    is($dosis->run($run, '--stop')->{code}, 0, 'it stops');

    return @out;
}

sub blocks_of {
    my ($page, $count) = @_;

    my $text = Dosis::Fixture::read_file(
        "$FindBin::Bin/../../engine/doc/$page");
    my @blocks = $text =~ /^```sh\n(.*?)^```$/msg;
    is(@blocks, $count, "$count blocks");

    return @blocks;
}

sub run_blocks {
    my ($dosis, $port, @blocks) = @_;

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

    return @out;
}

sub json_of {
    my ($said) = @_;

    return eval { decode_json(($said // '') =~ s/\n\z//r) } // {};
}

1;
