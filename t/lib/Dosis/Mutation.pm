# SPDX-License-Identifier: EUPL-1.2

# Requests that began as valid ones. A request is {method, path, query,
# headers => [[name, value], ...], body, token}; mutated() gives its bytes
# after one to four changes, and whether they still end where they say. All
# chance comes from rand: srand makes it the same again.

package Dosis::Mutation;

use strict;
use warnings;

my @methods = qw(GET POST DELETE QUERY HEAD OPTIONS PUT PATCH TRACE get Post
    CONNECT PROPFIND LOCK X A-B);

my @values = (
    '', ' ', '0', '-1', '1e999', '18446744073709551616', 'null', 'true', '[]',
    '{}', '"', '\\', "\t", "\x00", "\x7f", "\xff", "\xc3", "\xc3\xa9",
    "\xed\xa0\x80", "\xf4\x90\x80\x80", '%', '%00', '%zz', '%c3%28', '%2e%2e',
    '../', '/../../', '//', '/./', ';', '?', '#', '&', '=', '+', '*', '|',
    '${x}', '%n%s', '<script>', "'", '2026-02-30', '9999-12-31T23:59:59Z',
    '2026-03-29T02:30:00', '-2147483649', '0123456749', 'OVO000001',
    'a' x 300, '9' x 40, '[' x 60, '{"a":' x 40, 'x' x 9000,
);

my @headers = (
    ['Accept', 'application/ld+json'], ['Accept', '*/*;q=0'],
    ['Accept', ',;q=;q=1,/,*'], ['Accept-Encoding', 'gzip, br;q=x'],
    ['Accept-Language', 'nl'], ['Content-Encoding', 'gzip'],
    ['Content-Encoding', 'x'], ['Content-Type', 'application/json'],
    ['Content-Type', 'text/csv; charset=utf-16'],
    ['Content-Type', 'multipart/form-data; boundary=x'],
    ['Content-Type', 'application/json; charset="'], ['Content-Type', ''],
    ['If-Match', '*'], ['If-Match', 'W/"x", "'], ['If-Match', '""'],
    ['If-None-Match', '*'], ['If-None-Match', '"a","b'],
    ['If-Modified-Since', 'x'], ['If-Range', '"x"'],
    ['Range', 'bytes=0-0,5-,-1'], ['Range', 'bytes=' . '0-,' x 300],
    ['Expect', '100-continue'], ['Expect', 'x'], ['Prefer', 'wait=0'],
    ['Prefer', 'wait=-1, respond-async'], ['Prefer', 'wait=' . '9' x 30],
    ['Last-Event-ID', 'x'], ['Last-Event-ID', 'A' x 100],
    ['Dosis-Namens', 'x'], ['Dosis-Namens', 'A' x 8000], ['Dosis-Namens', ''],
    ['Authorization', 'Bearer'], ['Authorization', 'Basic eDp5'],
    ['Authorization', 'Bearer ' . 'a.' x 4000], ['Authorization', ''],
    ['X-Request-Id', "x' \"y"], ['X-Request-Id', 'a' x 500],
    ['traceparent', '00-' . 'f' x 32 . '-' . '0' x 16 . '-01'],
    ['traceparent', 'x'], ['X-Forwarded-Proto', 'https'],
    ['X-Forwarded-For', '::1,,x'], ['Origin', 'null'], ['Origin', 'https://x'],
    ['Access-Control-Request-Method', 'POST'], ['Cookie', 'a=b; ' x 50],
    ['Referer', 'x?y'], ['User-Agent', "\xff"], ['Upgrade', 'h2c'],
    ['Connection', 'close'], ['Connection', 'keep-alive, x'], ['TE', 'x'],
    ['Host', ''], ['Host', 'x y'], ['Host', '[::1'], ['X_y', 'z'],
    ['Te st', 'x'], ['X' x 300, 'y'], ['Big', 'y' x 15000],
);

# Changes of the parts; the request is a fresh copy.
my @changes = (
    sub { $_[0]{method} = pick(@methods) },
    sub { $_[0]{path} = text_changed($_[0]{path}, $_[1]) },
    sub { $_[0]{path} =~ s{(/[^/]*)}{pick('', $1 x 2, uc $1, "/%2e$1")}e },
    sub { $_[0]{query} = text_changed($_[0]{query}, $_[1]) },
    sub { $_[0]{query} .= '&' . pick(split /&/, $_[1]{query} || 'x') },
    sub { $_[0]{query} .= '&' . $_[0]{query} },
    sub {
        $_[0]{query} =~ s{=([^&]*)}{'=' . pick('', escaped(pick(@values)))}e;
    },
    sub { push @{ $_[0]{headers} }, pick(@headers) for 1 .. 1 + rand 3 },
    sub { push @{ $_[0]{headers} }, @{ $_[0]{headers} } },
    sub { splice @{ $_[0]{headers} }, rand @{ $_[0]{headers} }, 1 },
    sub {
        my $header = pick(@{ $_[0]{headers} }) // return;
        $header->[1] = text_changed($header->[1], $_[1]);
    },
    sub { $_[0]{token} = $_[1]{token} },
    sub { $_[0]{token} = text_changed($_[0]{token}, $_[1]) },
    sub {
        my @own   = split /\./, $_[0]{token};
        my @other = split /\./, $_[1]{token};
        $own[$_] = $other[$_] // '' for int rand 3;
        $_[0]{token} = join '.', map { $_ // '' } @own;
    },
    sub { $_[0]{body} = text_changed($_[0]{body}, $_[1]) },
    sub { $_[0]{body} = json_changed($_[0]{body}) },
    sub { $_[0]{body} = json_changed($_[0]{body}) },
    sub { $_[0]{body} = $_[1]{body} },
    sub { $_[0]{body} = "[$_[0]{body}," . $_[1]{body} . ']' },
    sub { $_[0]{body} .= ' ' x rand 70_000 },
    sub { $_[0]{chunk} = 1 + int rand 3000 },
);

sub pick { return @_ ? $_[rand @_] : undef }

sub escaped {
    my ($text) = @_;

    return $text =~ s/([^A-Za-z0-9_.~-])/sprintf '%%%02X', ord $1/ger;
}

# Bytes changed, dropped, doubled, put in, or taken from another request.
sub text_changed {
    my ($text, $other) = @_;

    $text //= '';
    my $at   = int rand 1 + length $text;
    my $kind = int rand 7;
    my $size = 1 + int rand(rand 2 < 1 ? 2 : 30);
    if ($kind == 0) { substr $text, $at, 1, chr int rand 256 if $at < length $text }
    elsif ($kind == 1) { substr $text, $at, $size, '' }
    elsif ($kind == 2) { substr $text, $at, 0, substr $text, $at, $size }
    elsif ($kind == 3) { substr $text, $at, 0, pick(@values) }
    elsif ($kind == 4) { $text = substr $text, 0, $at }
    elsif ($kind == 5) {
        my $from = pick(grep { defined && !ref }
                map { $other->{$_} } sort keys %$other) // '';
        substr $text, $at, $size, substr $from, rand length $from, $size;
    }
    else { $text = pick(@values) }

    return $text;
}

# A value, a name or a bracket of JSON in the place of another.
sub json_changed {
    my ($text) = @_;

    my @parts = ($text // '') =~ /("(?:[^"\\]|\\.)*"|[0-9.eE+-]+|\w+|\S)/g
        or return '{}';
    for (1 .. 1 + rand 3) {
        my $at   = int rand @parts;
        my $kind = int rand 5;
        if ($kind == 0) { $parts[$at] = pick(@parts) }
        elsif ($kind == 1) { splice @parts, $at, 1 if @parts > 1 }
        elsif ($kind == 2) { splice @parts, $at, 0, @parts[$at .. $at + rand(@parts - $at)] }
        elsif ($kind == 3) {
            my $value = pick(@values) =~ s/["\\\x00-\x1f]//gr;
            $parts[$at] = qq("$value");
        }
        else {
            $parts[$at] = pick(qw(null true false 0 -1 1.5 1e999 [] {} ""),
                '"\u0000"', '"\ud800"', '9' x 30, '[[[[]]]]');
        }
    }

    return join '', @parts;
}

sub copied {
    my ($request) = @_;

    return {
        %$request,
        body    => $request->{body}  // '',
        token   => $request->{token} // '',
        headers => [map { [@$_] } @{ $request->{headers} }],
    };
}

sub no_break {
    my ($text) = @_;

    return $text =~ tr/\r\n\x00//dr;
}

# The bytes of a request whose length is told as it is.
sub written {
    my ($request) = @_;

    my $body   = $request->{body};
    my $target = no_break($request->{path});
    $target .= '?' . no_break($request->{query}) if $request->{query} ne '';
    $target =~ tr/ \t/+/;
    my @lines = ("$request->{method} $target HTTP/1.1");
    my @headers = @{ $request->{headers} };
    unshift @headers, ['Host', 'localhost']
        if !grep { lc $_->[0] eq 'host' } @headers;
    push @headers, ['Authorization', "Bearer $request->{token}"]
        if $request->{token} ne '';
    push @lines, map { no_break("$_->[0]: $_->[1]") } @headers;
    if ($request->{chunk}) {
        push @lines, 'Transfer-Encoding: chunked';
        my $size = $request->{chunk};
        $body = join '', (map { sprintf "%x\r\n%s\r\n", length, $_ }
                unpack "(a$size)*", $body), "0\r\n\r\n";
    }
    elsif ($body ne '') {
        push @lines, 'Content-Length: ' . length $body;
    }

    return join("\r\n", @lines, '', '') . $body;
}

# One from the list, mutated: (its bytes, true when it ends where it says).
sub mutated {
    my ($requests) = @_;

    my $request = copied(pick(@$requests));
    for (1 .. 1 + rand 4) {
        pick(@changes)->($request, copied(pick(@$requests)));
    }
    my $bytes  = written($request);
    my $framed = 1;
    if (rand 12 < 1) {
        $bytes  = raw_changed($bytes);
        $framed = 0;
    }

    return ($bytes, $framed);
}

# What says where a request ends is not spared.
sub raw_changed {
    my ($bytes) = @_;

    my $kind = int rand 6;
    if ($kind == 0) { $bytes =~ s/^(Content-Length: )\d+/$1 . pick(0, 1, 7, -1, '+5', '5, 5', '9' x 25, 'x')/me }
    elsif ($kind == 1) { $bytes =~ s/\r\n/\r\nTransfer-Encoding: @{[pick('chunked', 'gzip', 'chunked, chunked', 'x')]}\r\n/ }
    elsif ($kind == 2) { $bytes =~ s/\r\n([0-9a-f]+)\r\n/"\r\n" . pick('-1', 'ffffffffffffffff', "$1;x=y", "0$1", 'zz') . "\r\n"/e }
    elsif ($kind == 3) { $bytes =~ s{HTTP/1\.1}{pick('HTTP/1.0', 'HTTP/0.9', 'HTTP/3.0', 'HTTP/1.9', 'http/1.1', '')}e }
    elsif ($kind == 4) { $bytes =~ s/\r\n/pick("\n", "\r", "\r\n\r\n", "\r\n ", "\x00\r\n")/e for 1 .. 2 }
    else { $bytes = text_changed($bytes, {}) for 1 .. 1 + rand 4 }

    return $bytes;
}

1;
