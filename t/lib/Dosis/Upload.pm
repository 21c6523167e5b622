# SPDX-License-Identifier: EUPL-1.2

# Delivered CSV files, over HTTP.

package Dosis::Upload;

use strict;
use warnings;

use IO::Compress::Gzip ();
use Test::More         ();

use Dosis::Fixture  ();
use Dosis::Oplading ();
use Dosis::Test     qw(query);

use constant PATH => '/api/v1/dosis/dossiers';
use constant BLOCK => 262144;    # what the module hands to a thread at once

# A good file of at least so many bytes (a few rows without).
sub file {
    my ($bytes) = @_;

    my $text = Dosis::Oplading::csv(map { { DossierNummer => "F-$_" } } 1 .. 3);
    my ($row) = $text =~ /^(.*F-3.*\n)/m;
    $text .= $row x (($bytes // 0) / length($row) + 1)
        if length $text < ($bytes // 0);

    return $text;
}

sub gzip {
    my ($text) = @_;

    IO::Compress::Gzip::gzip(\$text => \my $packed)
        or die "no gzip: $IO::Compress::Gzip::GzipError\n";

    return $packed;
}

# The answer; as => client, query => {...}, type =>, coding =>, chunked =>,
# client => (a connection), path =>.
sub send_file {
    my ($dosis, $text, %option) = @_;

    my $path = $option{path} // PATH;
    $path .= '?' . query(%{ $option{query} }) if $option{query};

    return $dosis->request('POST', $path,
        token   => $option{token}
            // $dosis->machine($option{as} // 'leverancier-a'),
        body    => $text,
        chunked => $option{chunked},
        client  => $option{client},
        headers => ['Content-Type' => $option{type} // 'text/csv',
            'Content-Encoding' => $option{coding},
            @{ $option{headers} // [] }]);
}

# One upload, or what stands behind it.
sub show {
    my ($dosis, $id, %option) = @_;

    return $dosis->get("/api/v1/dosis/uploads/$id" . ($option{more} // ''),
        token => $dosis->machine($option{as} // 'leverancier-a'),
        headers => $option{headers} // []);
}

# As it is when its run has ended.
sub ended {
    my ($dosis, $id) = @_;

    my $shown;
    $dosis->wait_for(
        sub { $shown = show($dosis, $id); $shown->member('Klaar') },
        "the end of $id");

    return $shown;
}

# Names of the files in the spool; those that come in have none.
sub spooled {
    my ($dosis) = @_;

    return map {m{([^/]+)$}} glob "$dosis->{home}/store/spool/*";
}

# Files that a worker has open in the spool and that have no name.
sub nameless {
    my ($dosis) = @_;

    return grep {m{/spool/.*\(deleted\)$}}
        map { readlink // () }
        map { glob "/proc/$_/fd/*" } $dosis->workers;
}

# Of what did not get 202, soon.
sub nothing_left {
    my ($dosis, $fact) = @_;

    local $Test::Builder::Level = $Test::Builder::Level + 1;

    return Test::More::ok(
        $dosis->wait_for(sub { !nameless($dosis) && !spooled($dosis) }, $fact),
        "$fact: nothing is left");
}

# What came in as that file.
sub content {
    my ($dosis, $name) = @_;

    open my $from, '-|', "$dosis->{build}/read_spool", "$dosis->{home}/store",
        "$dosis->{home}/keys/kek.hex", $name or die "read_spool: $!\n";
    local $/;
    my $bytes = <$from>;
    close $from or die "read_spool $name: exit $?\n";

    return $bytes;
}

# A connection on which the beginning of a file was sent, and no more.
sub halfway {
    my ($dosis, $text, %option) = @_;

    my $client = $dosis->client;
    my $token  = $dosis->machine('leverancier-a');
    my $all    = $option{length} // 2 * length $text;
    $client->connect_if_needed;
    $client->send_bytes('POST ' . PATH . " HTTP/1.1\r\nHost: localhost\r\n"
            . "Content-Type: text/csv\r\nAuthorization: Bearer $token\r\n"
            . "Content-Length: $all\r\n\r\n$text");

    return $client;
}

1;
