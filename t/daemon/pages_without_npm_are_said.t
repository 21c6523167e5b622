#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# Where npm cannot give the files of /docs/ and of the log-in of the portal, that
# is said, and nothing is left half done; the portal is there without them.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use File::Copy ();
use File::Path ();
use File::Temp ();
use Test::More;

use Dosis::Node;

my $top = "$FindBin::Bin/../..";
my $dir = File::Temp->newdir;

mkdir "$dir/$_" for qw(scripts bin);
File::Path::make_path("$dir/ngx_dosis_module/ui/portaal/js", "$dir/portal/old");
for my $file ("ngx_dosis_module/ui/portaal/index.html", 'portal/config.json',
    'portal/old/page.html')
{
    open my $page, '>', "$dir/$file" or die "cannot write: $!\n";
    print {$page} 'x';
    close $page;
}
for my $file (qw(scripts/docs-page scripts/portal scripts/node-packages scripts/lib.sh
    package.json package-lock.json))
{
    File::Copy::copy("$top/$file", "$dir/$file") or die "cannot copy: $!\n";
    chmod 0755, "$dir/$file";
}

sub page {
    return Dosis::Node::run("$dir/scripts/docs-page", "$dir/docs");
}

sub portal {
    return Dosis::Node::run("$dir/scripts/portal", @_, "$dir/portal");
}

sub put_npm {
    my ($said, $then) = @_;

    open my $npm, '>', "$dir/bin/npm" or die "cannot write: $!\n";
    print {$npm} "#!/bin/sh\necho '$said' >&2\n$then\n";
    close $npm;
    chmod 0755, "$dir/bin/npm";

    return;
}

local $ENV{PATH} = "$dir/bin:$ENV{PATH}";
put_npm('ENOTFOUND', 'exit 1');
my $result = page();
is($result->{code}, 1, 'npm fails: exit code 1');
like($result->{err}, qr/ENOTFOUND\n.*npm ci failed/s, 'what npm said is shown');
ok(!-e "$dir/docs", 'no folder is made');

$result = portal();
is($result->{code}, 1, 'the portal: exit code 1');
like($result->{err}, qr/npm ci failed/, 'what npm said is shown');
ok(-e "$dir/portal/old/page.html", 'the folder is as it was');

# scripts/run installs them with a strict umask, and runs them as another user.
{
    put_npm('', 'mkdir -p node_modules/x');
    my $umask = umask 027;
    is(Dosis::Node::run("$dir/scripts/node-packages", 'all')->{code}, 0,
        'a strict umask: installed');
    umask $umask;
    is((stat "$dir/node_modules/x")[2] & 0777, 0755, 'and all may read it');
    File::Path::remove_tree("$dir/node_modules");
}

# Without npm at all: what else the scripts call is still there.
unlink "$dir/bin/npm";
for my $word (qw(bash dirname cmp sed mkdir find rm cp chmod)) {
    my ($path) = grep {-x} map {"$_/$word"} qw(/usr/bin /bin);
    symlink $path, "$dir/bin/$word" or die "cannot link $word: $!\n";
}
$ENV{PATH} = "$dir/bin";
$result = page();
is($result->{code}, 1, 'no npm: exit code 1');
like($result->{err}, qr/npm is not installed/, 'which is said');
ok(!-e "$dir/docs", 'no folder is made');

is(portal()->{code}, 1, 'no portal to log in on');
is(portal('--no-login')->{code}, 0, 'one without log-in needs no npm');
ok(-e "$dir/portal/index.html", 'its pages are there');
ok(-e "$dir/portal/config.json", 'what it was told of its place stays');
ok(!-e "$dir/portal/old", 'what an older one had is gone');

done_testing();
