# SPDX-License-Identifier: EUPL-1.2

# What must hold after every test, whatever it was about.

package Dosis::Watch;

use strict;
use warnings;

use File::Find ();
use Test::More ();

use Dosis::Fixture ();
use Dosis::Number  ();

my $sanitizer = qr/ERROR: \w+Sanitizer|runtime error:/;

# The checks on a stopped instance, each one assertion.
sub check {
    my ($self) = @_;

    my @bad;

    @bad = grep { /\[(?:alert|emerg|crit)\]/ } lines($self, 'error.log');
    report(\@bad, 'nginx logged no alert, emerg or crit');

    @bad = grep {/$sanitizer/}
        map { lines($self, $_) } qw(error.log nginx.log dosisd.log);
    report(\@bad, 'no sanitizer report');

    @bad = grep {/\b(?:error|crit|alert|emerg|fatal)\b/i}
        lines($self, 'dosisd.log');
    report(\@bad, 'dosisd logged no error');

    @bad = verify($self);
    report(\@bad, 'dosisctl verify finds the store whole');

    @bad = person_numbers($self);
    report(\@bad, 'no person number in a log or in the store');

    return;
}

sub report {
    my ($bad, $fact) = @_;

    if (!Test::More::is(scalar @$bad, 0, $fact)) {
        Test::More::diag($_) for @$bad[0 .. ($#$bad < 9 ? $#$bad : 9)];
    }

    return;
}

# Lines of a log but those the test has said it expects.
sub lines {
    my ($self, $name) = @_;

    my @lines = split /\n/, Dosis::Fixture::read_file("$self->{home}/log/$name");

    for my $expected (@{ $self->{expected} }) {
        @lines = grep { !/$expected/ } @lines;
    }

    return @lines;
}

sub verify {
    my ($self) = @_;

    return () if !-e "$self->{home}/store/CURRENT";
    local $ENV{DOSIS_HOME} = $self->{home};
    my $output = `"$self->{build}/dosisctl" verify 2>&1`;

    return $? == 0 ? () : ("exit code " . ($? >> 8), split /\n/, $output);
}

# Files in which a person's number of this run stands, plain, percent-encoded
# or with separators. Keys and the configuration are ours; all else counts,
# the store too: its values are sealed.
sub person_numbers {
    my ($self) = @_;

    my $seen = Dosis::Number::seen_insz();
    my @bad;

    return () if !%$seen;
    File::Find::find(
        {   no_chdir => 1,
            wanted   => sub {
                return if !-f $_ || m{/(?:keys|reference)/};
                push @bad, map {"$File::Find::name: $_"} betrayed($seen, $_);
            },
        },
        $self->{home});

    return @bad;
}

sub betrayed {
    my ($seen, $path) = @_;

    my $text = Dosis::Fixture::read_file($path);
    my $once = $text =~ s/%([0-9A-Fa-f]{2})/chr hex $1/ger;
    my $twice = $once =~ s/%([0-9A-Fa-f]{2})/chr hex $1/ger;
    my %found;

    for my $form ($text, $once, $twice) {
        my $joined = $form =~ s{(?<=[0-9])[-./ +](?=[0-9])}{}gr;
        for my $spelling ($form, $joined) {
            while ($spelling =~ /(?=([0-9]{11}))/g) {
                $found{"$1, at " . pos $spelling} = 1 if $seen->{$1};
            }
        }
    }

    return sort keys %found;
}

1;
