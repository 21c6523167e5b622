# SPDX-License-Identifier: EUPL-1.2

# A small file system of its own for a test: one that can be full, or
# read-only. Gone when the program ends.

package Dosis::Mount;

use strict;
use warnings;

use File::Temp ();

my $main_pid = $$;
my @mounted;

# tmpfs('8m'): its directory, or (undef, why not).
sub tmpfs {
    my ($size) = @_;

    my $dir  = File::Temp::tempdir('dosis-disk-XXXXXX', TMPDIR => 1);
    my $said = `mount -t tmpfs -o size=$size,mode=0770 none "$dir" 2>&1`;

    if ($? != 0) {
        rmdir $dir;
        chomp $said;
        return (undef, "no file system can be mounted here: $said");
    }
    push @mounted, $dir;

    return ($dir, '');
}

# remount($dir, 'ro' or 'rw'); the reason why not, or nothing.
sub remount {
    my ($dir, $how) = @_;

    my $said = `mount -o remount,$how "$dir" 2>&1`;
    chomp $said;

    return $? == 0 ? '' : $said;
}

# Takes all room of a file system but so many bytes, with one file.
sub fill {
    my ($dir, $leave) = @_;

    my $block = "\0" x 4096;
    my $size  = 0;

    open my $file, '>', "$dir/ballast" or die "no ballast: $!\n";
    while (my $put = syswrite $file, $block) {
        $size += $put;
    }
    truncate $file, $size > $leave ? $size - $leave : 0
        or die "no room made: $!\n";
    close $file;

    return;
}

sub empty {
    my ($dir) = @_;

    unlink "$dir/ballast" or die "no ballast: $!\n";

    return;
}

END {
    if ($$ == $main_pid) {
        my $code = $?;
        for my $dir (@mounted) {
            system 'umount', '-l', $dir;
            rmdir $dir;
        }
        $? = $code;
    }
}

1;
