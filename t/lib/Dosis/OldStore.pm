# SPDX-License-Identifier: EUPL-1.2

# Stores that older versions made, in t/data/stores: the questions that were asked
# of them then, with what was answered. t/data/stores/make asks them of the older
# version, tests of this one; so it is at home with the harness of either.

package Dosis::OldStore;

use strict;
use warnings;

use Dosis::Token ();

# As a token says it: a client that delivers, a counter, a company, a citizen, who
# sees to it all.
sub token {
    my ($dosis, $who, $moment) = @_;

    return $dosis->{old_token}{"$who $moment"} //= $dosis->token(
        { %{ claims($who) }, iat => $moment - 5, exp => $moment + 1800 });
}

sub claims {
    my ($who) = @_;

    my ($kind, $name) = split / /, $who, 2;
    my $right  = ["Lezer:$name"];

    return
          $kind eq 'client' ? Dosis::Token::machine_claims($name)
        : $kind eq 'loket'
        ? Dosis::Token::machine_claims($name, scope => 'DosisRaadpleging')
        : $kind eq 'bedrijf' ? Dosis::Token::user_claims(
            vo_doelgroepcode => 'EA', vo_orgcode => $name,
            dosis_rol_3d     => $right)
        : $kind eq 'burger' ? Dosis::Token::user_claims(
            vo_doelgroepcode => 'BUR', rrn => $name,
            dosis_rol_3d     => ['Lezer'])
        : die "nobody is $who\n";
}

# One question: its status, and its body as data or as text.
sub ask {
    my ($dosis, $question, $moment) = @_;

    my ($who, $path, $body) = @$question{qw(who path body)};
    my $answer = $dosis->request($body ? 'POST' : 'GET', $path,
        token => $who ? token($dosis, $who, $moment) : undef, body => $body);

    return { status => $answer->status,
        said => $answer->json // $answer->body };
}

# Where now says less than then, or something else: a later version may add.
sub lacks {
    my ($then, $now, $where) = @_;

    my $kind = ref $then;
    return "$where: another kind" if $kind ne ref $now;
    if ($kind eq 'HASH') {
        return map {
            exists $now->{$_}
                ? lacks($then->{$_}, $now->{$_}, "$where/$_")
                : "$where/$_: is not there"
        } sort keys %$then;
    }
    if ($kind eq 'ARRAY') {
        return "$where: " . @$now . ' of ' . @$then if @$now != @$then;
        return map { lacks($then->[$_], $now->[$_], "$where/$_") } 0 .. $#$then;
    }
    my ($was, $is) = map { $_ // 'null' } $then, $now;

    return $was eq $is ? () : "$where: '$is', was '$was'";
}

1;
