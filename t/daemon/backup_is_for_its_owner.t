#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# dosisctl backup makes a directory of its own, tells what is in it, and says
# when it is not what was written.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Digest::SHA qw(sha256_hex);
use JSON::PP;
use Test::More;

use Dosis::Engine;
use Dosis::Mount;

my $dosis = Dosis::Engine->new;
my $home  = $dosis->{home};
my $dir   = "$home/backup";
$dosis->start;

umask 0;    # modes are its own doing
my $made = $dosis->ctl('backup', $dir);
is($made->{code}, 0, 'made while the engine is up');
like($made->{out}, qr/^backup made: \Q$dir\E: \d+ bytes, /, 'and said');
is($made->{err}, '', 'and nothing else');
is((stat $dir)[2] & 07777, 0700, 'its directory is 0700');
my @files = sort map { m{([^/]+)$} } glob "$dir/{*,.[!.]*}";
is_deeply(\@files, [qw(CURRENT backup.json g1.mdb)], 'what is in it');
is((stat "$dir/$_")[2] & 07777, 0600, "$_ is 0600") for qw(backup.json g1.mdb);
is(readlink "$dir/CURRENT", 'g1.mdb', 'CURRENT points at the copy');

my $copy = Dosis::Fixture::read_file("$dir/g1.mdb");
my $json = Dosis::Fixture::read_file("$dir/backup.json");
my $told = decode_json($json);
is($told->{sha256}, sha256_hex($copy), 'the checksum is that of the file');
is($told->{bytes}, length $copy, 'so is the length');
is($told->{file}, 'g1.mdb', 'the file is named');
is_deeply($told->{data_keys}, ['00000001'], 'so are the keys in it');
like($told->{kek}, qr/^[0-9a-f]{16}$/, 'and that which opens them');
like($told->{made_at}, qr/^\d{4}-\d\d-\d\dT[\d:.]+Z$/, 'and the moment');
my $kek = Dosis::Fixture::read_file("$home/keys/kek.hex") =~ s/\n//r;
for my $text ($json, $copy) {
    is(index($text, $kek), -1, 'the key itself is not in it');
    is(index($text, pack 'H*', $kek), -1, 'nor its bytes');
}

my $again = $dosis->ctl('backup', $dir);
is($again->{code}, 2, 'a directory that is there');
like($again->{err}, qr/nothing is overwritten \(ECONFLICT\)/, 'is refused');
is(Dosis::Fixture::read_file("$dir/backup.json"), $json, 'and left alone');
mkdir "$home/leeg";
is($dosis->ctl('backup', "$home/leeg")->{code}, 2, 'an empty one too');
my $above = $dosis->ctl('backup', "$home/nergens/x");
is($above->{code}, 2, 'below a directory that is not there');
like($above->{err}, qr/make the directory above it first/, 'is refused');
ok(!-e "$home/nergens", 'and not made');
is($dosis->ctl('backup')->{code}, 2, 'no directory named: 2');

sub checked {
    return $dosis->ctl('backup', $dir, '--check', @_);
}
my $fine = checked();
is($fine->{code}, 0, 'checked: whole');
like($fine->{out}, qr/^backup is whole: /, 'and said');
is_deeply(decode_json(checked('--json')->{out}), $told,
    'checking tells what making told');
is_deeply([sort map { m{([^/]+)$} } glob "$dir/*"], \@files,
    'and leaves nothing behind');
is($dosis->ctl('verify', '--store', $dir)->{code}, 0,
    'verify looks at every value in it');
unlink "$dir/g1.mdb-lock";

# Damage: a bit at the end, in the middle, a byte less, a byte more.
for my $case (
    ['a bit of the last page'  => sub { flip($_[0], -100) }],
    ['a bit in the middle'     => sub { flip($_[0], int(length($_[0]) / 2)) }],
    ['a page less'             => sub { substr $_[0], 0, -4096 }],
    ['a byte more'             => sub { $_[0] . "\0" }],
    )
{
    my ($fact, $change) = @$case;
    Dosis::Fixture::write_file("$dir/g1.mdb", $change->($copy));
    my $seen = checked();
    isnt($seen->{code}, 0, "$fact: found");
    like($seen->{err}, qr/DAMAGED|not checked/, 'and said');
}
Dosis::Fixture::write_file("$dir/g1.mdb", $copy);
is(checked()->{code}, 0, 'put right: whole again');
my $other = $dosis->file('ander.hex', 'ab' x 32 . "\n");
chmod 0600, $other;
my $key = checked('--key-file', $other);
is($key->{code}, 2, 'another key');
like($key->{err}, qr/another key-encryption key \(EKEY\)/, 'is told from damage');
Dosis::Fixture::write_file("$dir/$_", '') for 'dosisd.lock', 'g1.mdb-lock';
my $used = checked();
is($used->{code}, 2, 'a store that came from a backup');
like($used->{err}, qr/it is a store.*EBUSY/, 'is none');
ok(-e "$dir/g1.mdb-lock", 'and its lock is left alone');
unlink "$dir/dosisd.lock";
is(checked()->{code}, 0, 'a backup that somebody looks into can be checked');
ok(-e "$dir/g1.mdb-lock", 'and the lock stays too');
unlink "$dir/g1.mdb-lock", "$dir/backup.json";
my $open = checked();
is($open->{code}, 2, 'without backup.json');
like($open->{err}, qr/no finished backup/, 'it is none');

# No room: said before a byte is copied, and nothing left.
SKIP: {
    my ($small, $why) = Dosis::Mount::tmpfs('256k');
    skip $why, 3 if !$small;
    my $full = $dosis->ctl('backup', "$small/b");
    is($full->{code}, 2, 'no room for it');
    like($full->{err}, qr/it needs \d+ bytes there/, 'is said');
    ok(!-e "$small/b", 'and nothing is left');
}

is($dosis->stop, 0, 'the engine stops');
is($dosis->ctl('backup', "$home/later")->{code}, 0,
    'a backup needs no engine');
my $elsewhere = $dosis->ctl('backup', "$home/kopie", '--store', $dir,
    '--key-file', "$home/keys/kek.hex");
is($elsewhere->{code}, 0, 'a copy can be copied');

done_testing();

sub flip {
    my ($bytes, $at) = @_;

    vec($bytes, ($at < 0 ? length($bytes) + $at : $at), 8) ^= 0x10;

    return $bytes;
}
