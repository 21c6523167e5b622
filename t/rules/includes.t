#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# Arrows point down: who may include what, and one library, one door.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Tree qw(files read_text no_bad);

# Folder -> folders whose headers it may include. The programs and the module
# see public headers (dosis_*.h) of the library only.
my %may = (
    'engine/base'      => ['base'],
    'engine/domain'    => [qw(base domain)],
    'engine/crypto'    => [qw(base crypto)],
    'engine/store'     => [qw(base domain crypto store)],
    'engine/daemon'    => [qw(base domain crypto store daemon jobs)],
    'engine/jobs'      => [qw(base domain crypto store daemon jobs)],
    'engine/ctl'       => [qw(base domain crypto store ctl)],
    'ngx_dosis_module' => [
        qw(base domain crypto store), qw(http auth writer handlers ui), ''
    ],
);

# A foreign header -> the only files that may name it.
my @door = (
    [qr{^jansson\.h$},    qr{^engine/base/dosis_json\.c$}],
    [qr{^csv\.h$},        qr{^engine/base/dosis_csv\.c$}],
    [qr{^zlib\.h$},       qr{^engine/base/dosis_gzip\.c$}],
    [qr{^openssl/},       qr{^engine/crypto/\w+\.c$}],
    [qr{^lmdb\.h$},       qr{^engine/store/store_lmdb\.[ch]$}],
    [qr{^ngx_},           qr{^ngx_dosis_module/}],
    [qr{^jwt\.h$},        qr{^engine/crypto/dosis_mint\.c$}],
    [qr{^microhttpd\.h$}, qr{^engine/daemon/}],
    [qr{^curl/},          qr{^engine/(?:ctl|daemon|jobs)/}],
    [qr{^systemd/},       qr{^engine/daemon/}],
);

# Both are dosisd.
my $engine = qr{^engine/(?:daemon|jobs)$};

my (@up, @private, @foreign, @style);
my @sources = files(qr{^(?:engine|ngx_dosis_module)/.*\.[ch]$});

for my $path (@sources) {
    my ($room) = $path =~ m{^(engine/\w+|ngx_dosis_module)};
    my @lines = split /\n/, read_text($path);
    for my $number (1 .. @lines) {
        my ($mark, $header) =
            $lines[$number - 1] =~ /^\s*#\s*include\s+([<"])([^>"]+)[>"]/
            or next;
        my $where = "$path:$number: $header";
        if ($mark eq '<') {
            push @foreign, $where
                if grep { $header =~ $_->[0] && $path !~ $_->[1] } @door;
            next;
        }
        my ($folder, $name) = $header =~ m{^(?:(\w+)/)?([^/]+)$};
        $folder //= '';
        push @style, $where
            if !defined $name || $folder eq '' && $room =~ /^engine/;
        push @up, $where if !grep { $_ eq $folder } @{ $may{$room} };
        my $own = $room =~ m{/\Q$folder\E$} || $room eq 'ngx_dosis_module'
            || $room =~ $engine && "engine/$folder" =~ $engine;
        push @private, $where
            if !$own && defined $name && $name !~ /^dosis_/;
    }
}

cmp_ok(scalar @sources, '>', 20, 'sources were looked at');
no_bad(\@up,      'nobody includes upwards or sideways');
no_bad(\@private, 'a header without the prefix stays in its folder');
no_bad(\@foreign, 'each foreign library has one door');
no_bad(\@style,   'includes are written from the root of the part');

my @mixed = grep { m{^ngx_dosis_module/handlers/\w+\.c$} } @sources;
my @sideways;
for my $path (@mixed) {
    my ($own) = $path =~ m{(\w+)\.c$};
    push @sideways, map {"$path: $_"}
        grep { $_ ne "${own}.h" && $_ ne 'ngx_dosis_handlers.h' }
        read_text($path) =~ m{#include "handlers/([^"]+)"}g;
}
no_bad(\@sideways, 'handlers do not include each other');

done_testing();
