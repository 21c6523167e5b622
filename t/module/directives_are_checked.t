#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# `nginx -t` says what is wrong with a directive, by its name.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Test;

my $dosis = Dosis::Test->new(
    nginx => 0, engine => 0, limits => '# by default');
my $home  = $dosis->{home};

sub written {
    my ($name, $text) = @_;

    Dosis::Fixture::write_file("$home/$name", $text);
    chmod 0640, "$home/$name";

    return "$home/$name";
}

# More lines in the http block, in the location, or one taken away.
sub http     { my ($add) = @_; sub { $_[0] =~ s/(?=\n    server \{)/\n$add/r } }
sub location { my ($add) = @_; sub { $_[0] =~ s/(?<=dosis on;)/\n$add/r } }
sub without  { my ($cut) = @_; sub { $_[0] =~ s/^ *$cut\b[^;]*;//mr } }
sub instead {
    my ($cut, $put) = @_;

    return sub { $_[0] =~ s/^ *$cut\b[^;]*;/$put/mr };
}

my ($code, $said) = $dosis->nginx_test;
is($code, 0, 'the configuration of the tests is fine') or diag $said;

my $keys   = "$home/keys/jwks.json";
my $issuer = 'dosis_issuer https://x.example.be audience=a';
my $second = 'dosis_issuer https://issuer.dosis.localhost audience=a';
for my $edit (
    http("$issuer keys=$keys;"),
    http("$issuer keys=$keys scope_import=A scope_raadpleging=B "
            . 'scope_gebruiker=C client_claim=azp "rights_claim=r s" acr=x '
            . '"acr_ladder=w x y" scope_beheer=D mandate_claim=m;'),
    http("$issuer keys=$keys \"client_claim=dosis_client client_id\";"),
    http('dosis_token_cache off;'), http('dosis_token_cache 1;'),
    http('dosis_leeway 60s;'),      http('dosis_queue 1; dosis_batch 1;'),
    http('dosis_streams 0;'), http('dosis_streams 65536 1;'),
    http('dosis_heartbeat 1s;'),
    http('dosis_client_limit user off; dosis_limit_zone 64k;'),
    http('dosis_client_limit deliveries rate=1r/s burst=1000000;'),
    http('dosis_client_limit questions rate=1000000r/s;'),
    http('dosis_inzage strict buffer=4k;'), http('dosis_inzage off;'),
    http('dosis_engine unix:/run/x.sock;'),
    http('dosis_engine unix:/run/x.sock timeout=100ms;'),
    http('dosis_map_size 4m;'), http('dosis_map_size 16384g;'),
    http('dosis_future 0;'),        location('dosis_prefix /x;'),
    location('dosis_base https://dosis.example.be:8443/statussen;'),
    location('dosis_require_tls off;'),
    location('dosis_trusted_proxy 10.0.0.0/8 ::1 192.0.2.1;'),
    location('dosis_token_in_query on;'), location('dosis_body_max 1k;'),
    http('dosis_body_max 10k; dosis_require_tls off;'),
    )
{
    my ($fine, $words) = $dosis->nginx_test($edit);
    is($fine, 0, 'taken') or diag $words;
}

my $private = do {
    my $set = JSON::PP->new->decode(Dosis::Fixture::read_file($keys));
    $set->{keys}[0]{d} = 'AQAB';
    written('private.json', JSON::PP->new->encode($set));
};
for my $case (
    ['no store' => qr/dosis_store/, without('dosis_store')],
    ['no key file' => qr/dosis_key_file/, without('dosis_key_file')],
    ['no thread pool' => qr/thread pool "dosis"/, without('thread_pool')],
    ['a store twice' => qr/dosis_store.*duplicate/,
        http('dosis_store /x;')],
    ['a key file that is not there' => qr/dosis_key_file.*cannot be used/,
        instead('dosis_key_file', 'dosis_key_file /nergens;')],
    ['a key that is none' => qr/dosis_key_file.*cannot be used/,
        instead('dosis_key_file', 'dosis_key_file '
                . written('kort.hex', "abcd\n") . ';')],
    ['an issuer without audience' => qr/dosis_issuer.*audience/,
        http("dosis_issuer https://y keys=$keys;")],
    ['an issuer without keys' => qr/dosis_issuer.*keys/, http("$issuer;")],
    ['an issuer twice' => qr/dosis_issuer.*already/,
        http("$second keys=$keys;")],
    ['an issuer with a word nobody knows' => qr/dosis_issuer.*"wat=1"/,
        http("$issuer keys=$keys wat=1;")],
    ['an empty audience' => qr/dosis_issuer.*audience/,
        http("dosis_issuer https://y audience= keys=$keys;")],
    ['keys that are not there' => qr/dosis_issuer.*cannot be used/,
        http("$issuer keys=/nergens;")],
    ['keys that are no JSON' => qr/dosis_issuer.*cannot be used/,
        http("$issuer keys=" . written('x.json', '{') . ';')],
    ['an empty key set' => qr/dosis_issuer.*cannot be used/,
        http("$issuer keys=" . written('leeg.json', '{"keys":[]}') . ';')],
    ['a private key in a set' => qr/dosis_issuer.*cannot be used/,
        http("$issuer keys=$private;")],
    (   map {
            [   "$_ as our address" => qr/"dosis_base" directive must be/,
                location("dosis_base \"$_\";")
            ]
        } '/statussen', 'dosis.example.be', 'ftp://dosis.example.be',
        'https://dosis.example.be/', 'https://dosis.example.be/?a',
        'https://dosis.example.be/#a', 'https://a@dosis.example.be',
        'https://dosis.example.be/<x>', "https://d\xc3\xa9.example.be", ''
    ),
    ['our address twice' => qr/"dosis_base" directive is duplicate/,
        location('dosis_base https://a.be; dosis_base https://a.be;')],
    (   map {
            [   "a prefix $_" => qr/"dosis_prefix" directive wants/,
                location("dosis_prefix '$_';")
            ]
        } 'x', '/x/', '/x"y', '/x y', "/\xc3\xa9"
    ),
    ['a map below 4m' => qr/dosis_map_size: from 4m/,
        http('dosis_map_size 4095k;')],
    ['a map above 16384g' => qr/dosis_map_size: from 4m/,
        http('dosis_map_size 16385g;')],
    ['a map of x' => qr/dosis_map_size/, http('dosis_map_size x;')],
    ['a cache of x'     => qr/dosis_token_cache/, http('dosis_token_cache x;')],
    ['a cache below 0'  => qr/dosis_token_cache/, http('dosis_token_cache -1;')],
    ['a leeway of 61 s' => qr/dosis_leeway/, http('dosis_leeway 61s;')],
    ['a leeway of x'    => qr/dosis_leeway/, http('dosis_leeway x;')],
    ['a queue of 0' => qr/between 1 and \d+ in \S+:\d+/,
        http('dosis_queue 0;')],
    ['a batch of 0' => qr/between 1 and \d+ in \S+:\d+/,
        http('dosis_batch 0;')],
    ['a batch of x'     => qr/dosis_batch/,  http('dosis_batch x;')],
    ['a future of x'    => qr/dosis_future/, http('dosis_future x;')],
    ['streams of x'     => qr/dosis_streams/, http('dosis_streams x;')],
    ['too many streams' => qr/dosis_streams/, http('dosis_streams 65537;')],
    ['too many of one'  => qr/dosis_streams/,
        http('dosis_streams 9 65537;')],
    ['streams twice' => qr/"dosis_streams" directive is duplicate/,
        http('dosis_streams 9; dosis_streams 9;')],
    ['a limit of nobody' => qr/limits "questions", "deliveries" or "user"/,
        http('dosis_client_limit all rate=1r/s;')],
    (   map {
            my $words = $_;
            ["a limit $words" => qr/wants rate=<n>r\/s/,
                http("dosis_client_limit user $words;")]
        } 'rate=0r/s', 'rate=1000001r/s', 'rate=1r/m', 'rate=x', 'burst=1',
        'rate=1r/s burst=0', 'rate=1r/s burst=1000001', 'rate=1r/s off',
        'off burst=1', 'rate=r/s'
    ),
    ['a limit twice' => qr/"dosis_client_limit" directive is duplicate/,
        http('dosis_client_limit user off; dosis_client_limit user off;')],
    ['a limit without more' => qr/number of arguments/,
        http('dosis_client_limit user;')],
    ['a zone too small' => qr/dosis_limit_zone: at least 64k/,
        http('dosis_limit_zone 63k;')],
    ['a zone of x' => qr/dosis_limit_zone/, http('dosis_limit_zone x;')],
    ['a ledger of x' => qr/dosis_inzage" directive wants "on", "strict"/,
        http('dosis_inzage x;')],
    ['a ledger too small' => qr/dosis_inzage" directive wants buffer=/,
        http('dosis_inzage on buffer=3k;')],
    ['a heartbeat too quick' => qr/dosis_heartbeat: at least 1 second/,
        http('dosis_heartbeat 900ms;')],
    ['an engine elsewhere' => qr/"dosis_engine" directive wants a unix socket/,
        http('dosis_engine 127.0.0.1:80;')],
    ['an engine by a name' => qr/"dosis_engine" directive wants a unix socket/,
        http('dosis_engine unix:run/x.sock;')],
    ['an engine that has no time' => qr/"dosis_engine" directive wants timeout=/,
        http('dosis_engine unix:/x.sock timeout=10ms;')],
    ['an engine that has for ever' =>
        qr/"dosis_engine" directive wants timeout=/,
        http('dosis_engine unix:/x.sock timeout=61s;')],
    ['an engine with another word' =>
        qr/"dosis_engine" directive wants timeout=/,
        http('dosis_engine unix:/x.sock wait=1s;')],
    ['two engines' => qr/"dosis_engine" directive is duplicate/,
        http('dosis_engine unix:/x.sock; dosis_engine unix:/y.sock;')],
    ['a heartbeat of x' => qr/dosis_heartbeat/, http('dosis_heartbeat x;')],
    ['dosis in a server' => qr/"dosis" directive is not allowed/,
        sub { $_[0] =~ s/server_name localhost;/$& dosis on;/r }],
    ['a store in a location' => qr/"dosis_store" directive is not allowed/,
        location('dosis_store /x;')],
    ['dosis maybe' => qr/"dosis" directive/, instead('dosis', 'dosis maybe;')],
    ['a proxy that is none' => qr/dosis_trusted_proxy.*10\.0\.0\.0\/99/,
        location('dosis_trusted_proxy 10.0.0.0/99;')],
    ['a proxy that is a name' => qr/dosis_trusted_proxy.*proxy/,
        location('dosis_trusted_proxy proxy.example.be;')],
    ['a body ceiling above that of a batch' =>
            qr/dosis_batch_body_max.*dosis_body_max/,
        location('dosis_body_max 10m;')],
    ['a pool that nobody made' => qr/unknown thread pool "nergens"/,
        http('dosis_read_pool nergens;')],
    ['two pools' => qr/"dosis_read_pool" directive is duplicate/,
        http('dosis_read_pool default; dosis_read_pool default;')],
    ['no body at all' => qr/dosis_body_max/, location('dosis_body_max 0;')],
    )
{
    my ($fact, $pattern, $edit) = @$case;
    my ($refused, $words) = $dosis->nginx_test($edit);
    isnt($refused, 0, "refused: $fact");
    like($words, $pattern, 'and says so');
    unlike($words, qr/[0-9a-f]{64}/, 'and no key in it');
}
