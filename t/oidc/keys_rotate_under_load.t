#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# A certified OpenID provider turns its signing keys over while tokens of before
# and after are used in every worker: a good token is never refused, at most put
# off once; a token of a key that left the set is.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use JSON::PP     ();
use MIME::Base64 ();
use POSIX        ();
use Test::More;
use Time::HiRes  ();

use Dosis::EachWorker;
use Dosis::Provider;
use Dosis::Test;

use constant {
    PATH      => '/api/v2/dosis/bronnen/uris',
    CLIENT    => 'leverancier-a',
    ROTATIONS => 3,
    SECONDS   => 60,    # ceiling of each wait
};

my $idp  = Dosis::Provider->new(machines => { CLIENT, 'DosisImport' });
my $each = Dosis::EachWorker->new(workers => 2);
my $dosis = $each->{dosis};
my @clients = ($each->clients, $each->clients);
my @faults;
my %count;

# Asks at every connection at once; the answers in their order.
sub ask_all {
    my ($token) = @_;

    $_->send_request('GET', PATH, Dosis::Test::prepared(token => $token))
        for @clients;

    return map { $_->receive('GET') } @clients;
}

# A round with a good token; known is what each connection took before.
sub use_good {
    my ($good) = @_;

    my @answers = ask_all($good->{token});
    for my $i (0 .. $#answers) {
        my $answer = $answers[$i];
        my $status = $answer->status;
        $count{$status}++;
        if ($status == 503) {
            push @faults, "$good->{name}: 503 without Retry-After"
                if !$answer->header('Retry-After');
            push @faults, "$good->{name}: 503 where it was known"
                if $good->{known}[$i];
        }
        elsif ($status != 200) {
            push @faults, "$good->{name}: $status";
        }
        $good->{known}[$i] ||= $status == 200;
    }

    return !grep { $_->status != 200 } @answers;
}

# The provider turns its keys over and gives a token, while this process goes
# on asking: what is read from the handle that is returned.
sub rotate_beside {
    my $pid = open my $from, '-|';
    defined $pid or die "cannot fork: $!\n";
    if ($pid == 0) {
        eval {
            $idp->rotate;
            syswrite STDOUT, $idp->machine_token(CLIENT, 'DosisImport');
            1;
        } or syswrite STDERR, $@;
        POSIX::_exit(0);
    }

    return $from;
}

sub readable {
    my ($from) = @_;

    my $bits = '';
    vec($bits, fileno $from, 1) = 1;

    return select $bits, undef, undef, 0;
}

sub until_true {
    my ($what, $condition) = @_;

    my $end = Time::HiRes::time() + SECONDS;
    until ($condition->()) {
        Time::HiRes::time() < $end or die "waited in vain: $what\n";
        select undef, undef, undef, 0.005;    # leaves others some room
    }

    return;
}

$idp->register($dosis, OverlapSeconden => 1, VerversSeconden => 3600);
my @good = { name => 'key 0',
    token => $idp->machine_token(CLIENT, 'DosisImport') };
until_true('the first key', sub { use_good($good[0]) });
my @gone;

for my $n (1 .. ROTATIONS) {
    # the provider keeps two keys: the one before the last leaves now
    push @gone, shift @good while @good > 1;
    my $from = rotate_beside();
    my $old  = $good[0];
    until_true("the provider's token", sub {
            use_good($old);
            return readable($from);
        });
    my $token = do { local $/; <$from> };
    close $from;
    push @good, { name => "key $n", token => $token };
    until_true("key $n", sub { use_good($old); use_good($good[1]) });
    pass("key $n is taken in every worker");
    use_good($_) for (@good) x 10;
}
is_deeply(\@faults, [],
    'a good token is taken, or put off until its key is known');
cmp_ok($count{503} // 0, '>', 0, 'a new key was asked for');
cmp_ok($count{200}, '>', 100, 'and the load went on');

for my $left (@gone) {
    until_true("$left->{name} is refused", sub {
            use_good($_) for @good;
            return !grep { $_->status != 401 } ask_all($left->{token});
        });
    pass("$left->{name} has left the set: refused in every worker");
}
is_deeply(\@faults, [], 'and the others go on');
is_deeply([sort @{ $idp->state_of($dosis)->{Sleutels} // [] }],
    [sort map { kid_of($_->{token}) } @good], 'held is what the provider has');

sub kid_of {
    my ($token) = @_;

    my ($head) = split /\./, $token;

    return JSON::PP::decode_json(MIME::Base64::decode_base64url($head))->{kid};
}
