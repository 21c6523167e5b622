#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# The checks that nobody writes can fail: each is shown what it must find, in
# a home that was never alive.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use File::Path qw(make_path);
use File::Temp qw(tempdir);
use Test::More;

use Dosis::Fixture ();
use Dosis::Number  qw(insz insz_dotted);
use Dosis::Tree    qw(code_of functions);
use Dosis::Watch   ();

my $home   = tempdir(CLEANUP => 1);
my $self   = { home => $home, expected => [qr/as planned/] };
my $number = insz(1);
make_path("$home/log", "$home/store", "$home/keys");

# The checks with their verdicts in place of assertions.
sub verdicts {
    my %found;

    no warnings 'redefine';
    local *Dosis::Watch::report = sub {
        my ($bad, $fact) = @_;
        $found{$fact} = @$bad;
    };
    local *Dosis::Watch::verify = sub { return () };
    Dosis::Watch::check($self);

    return join '; ', sort grep { $found{$_} } keys %found;
}

sub seen_in {
    my ($file, $text) = @_;

    Dosis::Fixture::write_file("$home/$file", $text);
    my $verdict = verdicts();
    unlink "$home/$file";

    return $verdict;
}

is(verdicts(), '', 'an empty home has nothing to report');

my $stamp = '2026/11/24 02:00:00';
for my $level (qw(alert emerg crit)) {
    is(seen_in('log/error.log', "$stamp [$level] 1#1: x\n"),
        'nginx logged no alert, emerg or crit', "[$level] is seen");
}
is(seen_in('log/error.log', "$stamp [error] 1#1: x\n"), '',
    '[error] is an ordinary line');
is(seen_in('log/error.log', "$stamp [crit] 1#1: as planned\n"), '',
    'what a test expects is passed over');
for my $line ('==7==ERROR: AddressSanitizer: heap-use-after-free',
    '==7==ERROR: LeakSanitizer: detected memory leaks',
    'x.c:7:3: runtime error: signed integer overflow')
{
    like(seen_in('log/error.log', "$line\n"), qr/no sanitizer report/,
        "seen: $line");
}
is(seen_in('log/dosisd.log', "2026-11-24T02:00:00.000Z error x: rc=EIO\n"),
    'dosisd logged no error', 'an error of the engine is seen');

my $betrayed = 'no person number in a log or in the store';
my $dotted   = insz_dotted($number);
for my $form (
    $number,
    $dotted,
    $dotted =~ tr/./ /r,
    $dotted =~ s/\./%2E/gr =~ s/-/%2d/gr,
    $number =~ s/(.)/sprintf '%%%02X', ord $1/ger,
    $number =~ s/(.)/sprintf '%%25%02X', ord $1/ger,
    "id-1234567$number",
    "${number}99",
    substr($number, 0, 6) . '/' . substr($number, 6),
    )
{
    is(seen_in('log/access.log', "GET /x?y=$form HTTP/1.1\n"),
        $betrayed, "seen in a log: $form");
}
is(seen_in('store/g1.mdb', "\0\1\2$number\3\4"), $betrayed,
    'seen in the store');
is(seen_in('keys/x', $number), '', 'keys are not looked at');
is(seen_in('log/access.log', $number =~ tr/0-9/x/r), '',
    'a blanked number is none');

# The reader of C that other rules stand on.
my $source = <<'END';
/* int hidden(void) {
 */
static int
first(int a, const char *b)
{
    if (a) {
        return b[0] == '}';
    }

    return 0;
}


void
second(void)
{
}
END
is_deeply([functions($source)], [['first', 4, 8], ['second', 15, 3]],
    'functions are found with their lines');
unlike(code_of(q{x = "strcpy("; /* strcpy( */}), qr/strcpy/,
    'texts and comments are not code');

done_testing();
