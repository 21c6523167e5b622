# SPDX-License-Identifier: EUPL-1.2

# Assertions on answers; each is one fact, and tells all that is wrong.

package Dosis::Check;

use strict;
use warnings;

use Exporter   'import';
use Test::More ();

use Dosis::Number ();

our @EXPORT = qw(is_status is_stored is_problem problem_faults fault_fields
    same_set);

sub verdict {
    my ($faults, $answer, $fact) = @_;

    my $ok = Test::More::ok(!@$faults, $fact);

    if (!$ok) {
        Test::More::diag(join "\n", @$faults,
            ref $answer ? $answer->text : 'no answer');
    }

    return $ok;
}

sub is_status {
    my ($answer, $status, $fact) = @_;

    local $Test::Builder::Level = $Test::Builder::Level + 1;
    my $got = ref $answer ? $answer->status : 'none';

    return verdict($got eq $status ? [] : ["status $got, wanted $status"],
        $answer, $fact);
}

# 200 with the body of a stored delivery and this Resultaat.
sub is_stored {
    my ($answer, $resultaat, $fact) = @_;

    local $Test::Builder::Level = $Test::Builder::Level + 1;
    my @faults;
    my $json = ref $answer ? $answer->json : undef;

    push @faults, 'status is not 200' if !$json || $answer->status != 200;
    push @faults, 'Status is not OK' if ($json->{Status} // '') ne 'OK';
    push @faults, "Resultaat is not $resultaat"
        if ($json->{Resultaat} // '') ne $resultaat;
    push @faults, 'Waarschuwingen is no array'
        if ref $json->{Waarschuwingen} ne 'ARRAY';
    if ($resultaat ne 'Onbekend') {
        push @faults, 'DossierId is no identifier'
            if ($json->{DossierId} // '') !~ /^[a-z2-7]{26}$/;
        push @faults, 'Versie is no number from 1'
            if ($json->{Versie} // '') !~ /^[1-9][0-9]*$/;
    }

    return verdict(\@faults, $answer, $fact);
}

# What is wrong with an error answer; nothing is the empty list.
sub problem_faults {
    my ($answer, $status, $code) = @_;

    return 'no answer' if !ref $answer;
    my @faults;
    my $json = $answer->json;
    my $type = $answer->header('Content-Type') // '';

    push @faults, 'status ' . $answer->status . ", wanted $status"
        if $answer->status != $status;
    push @faults, "Content-Type is $type"
        if $type !~ m{^application/problem\+json(?:;|$)};
    if (ref $json ne 'HASH') {
        return (@faults, 'the body is no JSON object');
    }
    push @faults, "status member is not $status"
        if ($json->{status} // '') ne $status;
    for my $member (qw(type title detail instance Code Message Description)) {
        push @faults, "$member is missing"
            if !defined $json->{$member} || $json->{$member} eq '';
    }
    my $said = $json->{Code} // 'none';
    push @faults, "Code is $said, wanted $code"
        if defined $code && $said ne $code;
    push @faults, 'errors is no array'
        if exists $json->{errors} && ref $json->{errors} ne 'ARRAY';
    for my $error (@{ $json->{errors} // [] }) {
        push @faults, 'an error lacks code or message'
            if !$error->{code} || !$error->{message};
    }
    push @faults, 'no X-Request-Id' if !$answer->header('X-Request-Id');
    push @faults, 'a person number stands in the answer'
        if betrays($answer->body);

    return @faults;
}

sub betrays {
    my ($body) = @_;

    my $seen = Dosis::Number::seen_insz();

    for my $text ($body, $body =~ s{(?<=[0-9])[-. /](?=[0-9])}{}gr) {
        while ($text =~ /(?=([0-9]{11}))/g) {
            return 1 if $seen->{$1};
        }
    }

    return 0;
}

sub is_problem {
    my ($answer, $status, $code, $fact) = @_;

    local $Test::Builder::Level = $Test::Builder::Level + 1;

    return verdict([problem_faults($answer, $status, $code)],
        $answer, $fact);
}

# "code field" of each error, sorted.
sub fault_fields {
    my ($answer) = @_;

    return sort map {"$_->{code} " . ($_->{field} // '')}
        @{ $answer->member('errors') // [] };
}

# Two lists hold the same values, order aside.
sub same_set {
    my ($got, $wanted, $fact) = @_;

    local $Test::Builder::Level = $Test::Builder::Level + 1;

    return Test::More::is_deeply([sort @$got], [sort @$wanted], $fact);
}

1;
