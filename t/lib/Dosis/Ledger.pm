# SPDX-License-Identifier: EUPL-1.2

# What the access ledger of an instance says, by dosisctl.

package Dosis::Ledger;

use strict;
use warnings;

use JSON::PP ();

my $json = JSON::PP->new;

# Every consultation, oldest first; words: more options for export.
sub lines {
    my ($dosis, @words) = @_;

    my ($code, $said) = $dosis->ctl('inzage', 'export', @words);
    die "dosisctl inzage export: $said\n" if $code != 0;

    return map { $json->decode($_) } grep {/\S/} split /\n/, $said;
}

# The one that belongs to this answer, when it is on disk; undef: it never
# comes. A consultation is at most a second old when it is handed over.
sub of {
    my ($dosis, $answer, $seconds) = @_;

    my $id = $answer->header('X-Request-Id');
    my $found;
    eval {
        $dosis->wait_for(
            sub {
                ($found) = grep { ($_->{Aanvraag} // '') eq $id }
                    lines($dosis);
                return $found;
            },
            'the consultation is on disk', $seconds // 30);
    };

    return $found;
}

# Whether the chain is whole, and what verify said.
sub verify {
    my ($dosis, @words) = @_;

    return $dosis->ctl('inzage', 'verify', @words);
}

# Of an engine alone (Dosis::Engine): its ledger as status tells it, and how many
# entries its index has.
sub status {
    my ($dosis) = @_;

    my $said = $json->decode($dosis->ctl(qw(status --json))->{out});
    my ($index) = grep { $_->{name} eq 'betrokken' }
        @{ $said->{store}{databases} };

    return { %{ $said->{inzage} // die "no ledger in status\n" },
        entries => $index->{entries} };
}

# The tool that writes consultations of so many days ago.
sub put {
    my ($dosis, $days, $count) = @_;

    tool($dosis, 'put', $days, $count);

    return;
}

# The index held against the ledger: "entries=N lacking=N extra=N".
sub index {
    my ($dosis) = @_;

    return tool($dosis, 'index') =~ s/\s+$//r;
}

sub tool {
    my ($dosis, @words) = @_;

    my $home = $dosis->{home};
    my $said = $dosis->run("$dosis->{build}/ledger_store", "$home/store",
        "$home/keys/kek.hex", @words);
    $said->{code} == 0 or die "ledger_store: $said->{err}\n";

    return $said->{out};
}

1;
