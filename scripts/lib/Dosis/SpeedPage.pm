# SPDX-License-Identifier: EUPL-1.2

# engine/doc/speed.md, of which scripts/bench --record writes the figures.

package Dosis::SpeedPage;

use strict;
use warnings;

use POSIX ();

# Runs the command, lets its output through, and puts it between the marks of
# that name on the page.
sub record {
    my ($page, $name, @command) = @_;

    local $| = 1;
    my $said = '';
    open my $from, '-|', @command or die "$command[0]: $!\n";
    while (my $line = <$from>) {
        print $line;
        $said .= $line;
    }
    close $from or exit 1;
    $said =~ s/\A\n+|\s+\z//g;

    my $day = POSIX::strftime('%Y-%m-%d', gmtime);
    put($page, $name, "`@command`, $day:\n\n```text\n$said\n```\n");

    return;
}

sub put {
    my ($page, $name, $block) = @_;

    open my $in, '<', $page or die "$page: $!\n";
    my $text = join '', <$in>;
    close $in;
    my ($from, $to) = ("<!-- $name -->\n", "<!-- end of $name -->\n");
    $text =~ s/\Q$from\E.*?\Q$to\E/$from$block$to/s
        or die "$page has no place for $name\n";
    open my $out, '>', $page or die "$page: $!\n";
    print {$out} $text;
    close $out or die "$page: $!\n";

    return;
}

1;
