#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# /docs/ as the example configuration serves it: all of its files are there,
# and nothing on it needs more than its own server.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use File::Temp ();
use Test::More;

use Dosis::Check;
use Dosis::Fixture;
use Dosis::Node;
use Dosis::Test;

my $top    = "$FindBin::Bin/../..";
my $folder = File::Temp->newdir;

Dosis::Node::need('swagger-ui-dist');
my $made = Dosis::Node::run("$top/scripts/docs-page", "$folder/docs");
is($made->{code}, 0, 'the page is put together') or diag($made->{err});
chmod 0755, "$folder";

my ($location) = Dosis::Fixture::read_file("$top/conf/dosis.conf")
    =~ m{^(location /docs/ \{.*?^\})}ms;
ok($location, 'the example has the location');
$location =~ s{alias \S+;}{alias $folder/docs/;};
my $dosis = Dosis::Test->new(server => $location);

my $page = $dosis->get('/docs/');
is_status($page, 200, 'the page');
is($page->header('Content-Type'), 'text/html; charset=utf-8', 'its kind');

my %policy = map { /^(\S+) (.*)$/ } split /;\s*/,
    $page->header('Content-Security-Policy') // '';
is($policy{'default-src'}, q('none'), 'what is not named is refused');
is($policy{'script-src'},  q('self'), 'scripts are files of this server');
is($policy{'style-src'},   q('self'), 'so are styles');
is($policy{'connect-src'}, q('self'), 'it talks to this server alone');
unlike(join(' ', %policy), qr/unsafe|\*|https?:/, 'nothing is let through');
is($page->header('X-Content-Type-Options'), 'nosniff', 'nosniff');

my $html = $page->body;
unlike($html, qr/<style|\sstyle=|\son\w+=|javascript:/i,
    'no style or handler stands in the page');
unlike($html, qr/<script(?![^>]*\ssrc=)/i, 'no script stands in the page');
unlike($html, qr{(?:src|href)="(?:https?:)?//}, 'no file of another server');

my %type = (js => 'application/javascript', css => 'text/css',
    png => 'image/png');
my @files = $html =~ /(?:src|href)="([^"]+)"/g;
cmp_ok(scalar @files, '>=', 5, 'the page names its files');
for my $file (@files) {
    my $path = $file =~ s{^\.\./}{/}r;
    $path = "/docs/$file" if $path eq $file;
    my $answer = $dosis->get($path);
    is_status($answer, 200, "$path is there");
    my ($end) = $path =~ /\.(\w+)$/;
    like($answer->header('Content-Type'), qr/^\Q$type{$end}\E\b/,
        "$path: its kind")
        if $type{$end};
}
is_problem($dosis->get('/docs/nothing.js'), 404, 'NietGevonden',
    'what is not there');
