#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# Stores that 0.2.0 to 0.5.0 made (t/data/stores), stopped or killed: looked at
# only, each stays as it is; opened by this version it has all that the older one
# told, goes on where that one was, and has the new format.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Digest::SHA ();
use File::Path  ();
use JSON::PP    ();
use Test::More;

use Dosis::Check;
use Dosis::Clock;
use Dosis::Ledger;
use Dosis::Number qw(kbo);
use Dosis::OldStore;
use Dosis::Oplading;
use Dosis::Test;

use constant FORMAT => 4;

my %format = ('0.2.0' => 1, '0.3.0' => 2, '0.4.0' => 2, '0.5.0' => 3);
# An address of an issuer where nobody answers stands in them.
my $expected = qr/key set not fetched/;
# What is another at each request, as a sealed cursor; and what is, from 0.4.0 on,
# the place where the address is asked.
my $another = qr{/(?:instance|Volgende):\ '
    |/Doorverwijzing:\ '/api/\S+/doorverwijzing',\ was}x;
my $clock    = Dosis::Clock->new
    or plan skip_all => 'the preloaded clock does not go with a sanitizer';
my $json  = JSON::PP->new->utf8;
my $newer = 0;

my @stores = glob "$FindBin::Bin/../data/stores/*.tar.xz";
is(scalar @stores, 2 * keys %format, 'two of each version');
for my $archive (@stores) {
    my ($version, $end) = $archive =~ m{([\d.]+)-(\w+)\.tar\.xz$};
    my ($dosis, $told) = unpacked($archive);
    looked_at($dosis, $format{$version}, $end, "$version, $end");
    opened($dosis, $told, "$version, $end");
    if ($newer++) {    # ends beside the next one
        kill QUIT => $dosis->{nginx};
        kill TERM => $dosis->{engine};
        next;
    }
    $dosis->stop;
    refused_later($dosis);
}

# A home with that store, nothing started; and what was asked of it.
sub unpacked {
    my ($archive) = @_;

    my $dosis = Dosis::Test->new(engine => 0, nginx => 0, workers => 1,
        archive => $archive, expect => [$expected], env => $clock->env,
        engine_env => $clock->env);
    my $path = "$dosis->{home}/told.json";
    my $told = $json->decode(Dosis::Fixture::read_file($path));
    unlink $path;    # it names a person
    $clock->set($told->{moment} + 1);

    return ($dosis, $told);
}

sub format_of {
    my ($dosis) = @_;

    my $home = $dosis->{home};

    return Dosis::Test::run_quietly("$dosis->{build}/store_meta",
        "$home/store", "$home/keys/kek.hex") =~ s/\n//r;
}

# Digests of what must be as it was.
sub files_of {
    my ($dosis) = @_;

    return { map { $_ => Digest::SHA->new(256)->addfile($_, 'b')->hexdigest }
            grep {-e} map {"$dosis->{home}/store/g1.$_"} qw(mdb jrnl) };
}

sub looked_at {
    my ($dosis, $format, $end, $what) = @_;

    my $before = files_of($dosis);
    my ($code, $said) = $dosis->ctl('verify');
    is($code, 0, "$what: it is whole, looked at only") or diag $said;
    is(format_of($dosis), $format,
        "$what: and still of format $format");
    return if $end eq 'killed' && $format > 1;    # replayed, then looked at
    is_deeply(files_of($dosis), $before, "$what: byte for byte as it was");

    return;
}

sub opened {
    my ($dosis, $told, $what) = @_;

    $dosis->start_engine;
    is(format_of($dosis), FORMAT, "$what: the new format");
    $dosis->start_nginx(0);    # a paused source: not quite UP
    says_the_same($dosis, $told, $what);
    doors($dosis, $told, $what) if $told->{door}{fresh};
    files_end($dosis, $told, $what) if $told->{file}{half};
    my $new = $dosis->dossier(agent => kbo(1), nummer => 'NIEUW');
    is_stored(pushed($dosis, $told, $new), 'Nieuw', "$what: a push");
    is_stored(pushed($dosis, $told,
            { %$new, UploadId => Dosis::Number::uuid(), Naam => 'Anders',
                WijzigingsDatum => '2026-05-01T10:00:00' }),
        'Gewijzigd', "$what: and a change of it");

    return;
}

sub pushed {
    my ($dosis, $told, $dossier) = @_;

    return $dosis->push($dossier, token => Dosis::OldStore::token($dosis,
            'client leverancier-a', $told->{moment}));
}

sub says_the_same {
    my ($dosis, $told, $what) = @_;

    my @lacks;
    for my $then (@{ $told->{asked} }) {
        my $now = Dosis::OldStore::ask($dosis, $then, $told->{moment});
        push @lacks, Dosis::OldStore::lacks(
            { map { $_ => $then->{$_} } qw(status said) }, $now,
            ($then->{who} // 'nobody') . " $then->{path}");
    }
    @lacks = grep { !/$another/ } @lacks;
    is(join("\n", @lacks), '', "$what: the same answer to "
            . @{ $told->{asked} } . ' questions');
    for my $feed (grep { $_->{path} =~ /wijzigingen$/ } @{ $told->{asked} }) {
        my $now = Dosis::OldStore::ask($dosis, { who => $feed->{who},
                path => "$feed->{path}?na=$feed->{said}{Volgende}" },
            $told->{moment});
        is_deeply([$now->{status}, $now->{said}{Wijzigingen}], [200, []],
            "$what: where the feed was told to go on, nothing is new");
    }
    my @before = @{ $told->{ledger} } or return;
    my @now = Dosis::Ledger::lines($dosis);
    is_deeply([@now[0 .. $#before]], \@before,
        "$what: the same " . @before . ' consultations in the ledger');
    my ($code, $said) = Dosis::Ledger::verify($dosis);
    is($code, 0, "$what: its chain is whole") or diag $said;

    return;
}

sub doors {
    my ($dosis, $told, $what) = @_;

    is_problem($dosis->get($told->{door}{used}), 410,
        'DoorverwijzingVervallen', "$what: an address that was used is used");
    is($dosis->get($told->{door}{fresh})->header('Location'),
        'https://loket.voorbeeld.invalid/dossier/2',
        "$what: one that was not opens");

    return;
}

sub files_end {
    my ($dosis, $told, $what) = @_;

    my $file = $told->{file};
    my %rows = (waits => 3, half => 20, paused => 3);
    is(Dosis::Oplading::show($dosis, $file->{paused})->{Toestand}, 'Bezig',
        "$what: a file of a paused source still waits");
    my ($code, $said)
        = $dosis->ctl(qw(pauze lift --bron urn://test/vorm));
    is($code, 0, "$what: its pause is lifted") or diag $said;
    for my $name (sort keys %rows) {
        my $shown = Dosis::Oplading::ended($dosis, $file->{$name});
        is_deeply([@$shown{qw(Toestand Verwerkt Fouten)},
                $shown->{Resultaten}{Nieuw}],
            ['Klaar', $rows{$name}, 0, $rows{$name}],
            "$what: the file '$name' ends, each row once");
    }
    is_deeply(Dosis::Oplading::versies($dosis, 'urn://ovam/evoa'),
        { map { $_ => 1 } (map {"H-$_"} 1 .. 20), (map {"W-$_"} 1 .. 3) },
        "$what: no dossier lacks, none is there twice");

    return;
}

# As a version to come would leave it.
sub refused_later {
    my ($dosis) = @_;

    my $home = $dosis->{home};
    my $put = sub {
        system "$dosis->{build}/store_meta", "$home/store",
            "$home/keys/kek.hex", 'formaat', $_[0];
    };
    system('cp', '-a', "$home/store", "$home/kept");
    is($put->(FORMAT + 1), 0, 'a later version takes it over');
    my $before = files_of($dosis);
    my $said = Dosis::Test::run_quietly($dosis->engine_command('--init'));
    isnt($?, 0, 'the engine does not start');
    like($said, qr/format 5, .*format 4/, 'and says why');
    (my $code, $said) = $dosis->ctl('verify');
    is($code, 2, 'nor is it looked at');
    like($said, qr/format 5, .*format 4/, 'for the same reason');
    is_deeply(files_of($dosis), $before, 'and it stays as it is');
    File::Path::remove_tree("$home/store");
    system('cp', '-a', "$home/kept", "$home/store");
    # killed right after it was taken over: its records are left to that one
    $dosis->start_engine;
    kill STOP => $dosis->{engine};
    $put->(FORMAT + 1);
    $dosis->kill_engine;
    my $journal = files_of($dosis)->{"$home/store/g1.jrnl"};
    Dosis::Test::run_quietly($dosis->engine_command);
    isnt($?, 0, 'killed, the engine does not start either');
    is(files_of($dosis)->{"$home/store/g1.jrnl"}, $journal,
        'and makes no checkpoint of what it does not know');
    File::Path::remove_tree("$home/store");
    rename "$home/kept", "$home/store";

    return;
}
