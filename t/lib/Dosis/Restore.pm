# SPDX-License-Identifier: EUPL-1.2

# A backup put back as the manual says, on an instance of its own.

package Dosis::Restore;

use strict;
use warnings;

use File::Copy ();

use Dosis::Test  ();
use Dosis::Token ();

# The instance, running; from: the one the backup was made of.
sub instance {
    my ($from, $backup) = @_;

    my $dosis = Dosis::Test->new(engine => 0, nginx => 0);
    my $home  = $dosis->{home};

    for my $key (glob "$from->{home}/keys/*") {
        my ($name) = $key =~ m{([^/]+)$};
        my $mode = (stat $key)[2] & 07777;
        unlink "$home/keys/$name";
        File::Copy::copy($key, "$home/keys/$name") or die "$key: $!\n";
        chmod $mode, "$home/keys/$name";
    }
    $dosis->{tokens} = Dosis::Token->new("$home/keys");
    chmod 0770, "$home/store";
    put_back($backup, "$home/store");
    $dosis->start_engine;
    $dosis->start_nginx(1);

    return $dosis;
}

# The files of a backup into an empty directory of a store.
sub put_back {
    my ($backup, $store) = @_;

    for my $file (glob "$backup/g*") {
        my ($name) = $file =~ m{([^/]+)$};
        next if $name =~ /-lock$/;
        File::Copy::copy($file, "$store/$name") or die "$file: $!\n";
        chmod 0660, "$store/$name";
    }
    symlink readlink("$backup/CURRENT"), "$store/CURRENT"
        or die "CURRENT: $!\n";

    return;
}

1;
