#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# No national number reaches a log, wherever in a request it stands. The
# check itself is the harness's: it looks through every file of the instance
# for each number used here, in all spellings.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Check;
use Dosis::Number qw(insz insz_dotted);
use Dosis::Test qw(query);

my $dosis  = Dosis::Test->new;
my $import = $dosis->machine('leverancier-a');
my $loket  = $dosis->loket('loket');
my $serial = 100;
my $base   = '/api/v1/dosis/dossiers';

sub encoded {
    my ($text) = @_;

    return $text =~ s/(.)/sprintf '%%%02X', ord $1/ger;
}

# Every spelling of a fresh number.
sub spellings {
    my $number = insz($serial++);
    my $dotted = insz_dotted($number);

    return (
        $number, $dotted, $dotted =~ tr/./ /r =~ s/ /%20/gr,
        $dotted =~ s/\./%2E/gr =~ s/-/%2D/gr, $dotted =~ s/\./+/gr,
        $dotted =~ s/\./-/gr, encoded($number), encoded($dotted),
        "x${number}y", substr($number, 0, 6) . '-' . substr($number, 6),
        substr($number, 0, 6) . '/' . substr($number, 6),
        substr($number, 0, 4) . encoded(substr $number, 4),
    );
}

my $count = 0;
for my $where (
    ['the path'            => sub {"/$_[0]"}],
    ['the middle of a path' => sub {"/a/$_[0]/b?c=d"}],
    ['an argument'         => sub {"$base?agent=$_[0]"}],
    ['an argument name'    => sub {"$base?$_[0]=1"}],
    ['a second argument'   => sub {"$base?recht=x&agent=$_[0]&na=y"}],
    ['an unknown argument' => sub {"/health/live?insz=$_[0]"}],
    ['an argument of a delete' =>
            sub {"$base?bron=urn://test/subsidies&dossierNummer=$_[0]"}],
    ['the DossierId'       => sub {"$base/$_[0]"}],
    ['an upload id' =>
            sub {"/api/v1/dosis/resultaten/perUploadId?uploadId=$_[0]"}],
    )
{
    my ($fact, $make) = @$where;
    my @bad;
    for my $spelling (spellings()) {
        my $uri = $make->($spelling);
        for my $method (qw(GET DELETE PATCH)) {
            my $answer = $dosis->request($method, $uri,
                token => $method eq 'DELETE' ? $import : $loket);
            push @bad, "$method $uri: " . $answer->text
                if $answer->status >= 500
                || Dosis::Check::betrays($answer->body)
                || Dosis::Check::betrays($answer->header('Location') // '');
            $count++;
        }
    }
    is_deeply(\@bad, [], "a number in $fact is not answered with itself");
}

my @bad;
for my $spelling (spellings()) {
    for my $header (qw(Referer User-Agent X-Request-Id Traceparent Origin))
    {
        my $answer = $dosis->get('/health/live', headers => [
                $header => $header eq 'Referer'
                ? "https://loket.example.be/zoek?insz=$spelling"
                : $spelling
            ]);
        push @bad, "$header $spelling" if $answer->status != 200;
        push @bad, "$header $spelling comes back"
            if Dosis::Check::betrays($answer->header('X-Request-Id') // '');
        $count++;
    }
}
is_deeply(\@bad, [], 'a number in a header changes nothing');

# Requests that nginx itself refuses: no phase of ours has run yet.
my $number = insz($serial++);
for my $line (
    "GET /$number\r\n\r\n",
    "GET /$number HTTP/9.9\r\n\r\n",
    "GET /$number HTTP/1.1\r\n\r\n",
    "GET /%zz$number HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "GET /../$number HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "$number\r\n\r\n",
    "G$number /x HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "GET http://$number/ HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: $number\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: x$number.example.be\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: localhost\r\n$number\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: localhost\r\nX $number: x\r\n\r\n",
    "GET /$number HTTP/1.1\r\nHost: localhost\r\nReferer: $number\r\nX: "
        . 'x' x 20000 . "\r\n\r\n",
    "GET /$number/" . 'x' x 20000 . " HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "POST $base?x=$number HTTP/1.1\r\nHost: localhost\r\n"
        . "Content-Length: x\r\n\r\n",
    "POST $base?x=$number HTTP/1.1\r\nHost: localhost\r\n"
        . "Referer: /$number\r\nAuthorization: Bearer $import\r\n"
        . "Content-Length: 99999999\r\n\r\n",
    )
{
    my $answer = $dosis->client->raw($line);
    ok(!$answer || !Dosis::Check::betrays($answer->body),
        'a request line that breaks: ' . substr $line =~ s/\d{11}/N/r =~
            s/\s+/ /gr, 0, 50);
    $count++;
}

# HTTP/2 has no request line to break, but a path and a referer.
SKIP: {
    my $nghttp = grep { -x "$_/nghttp" } split /:/, $ENV{PATH};
    skip 'nghttp is not installed', 1 if !$nghttp;
    my $said = '';
    for my $spelling (grep { !/[ ]/ } spellings()) {
        $said .= `nghttp -v -t 10 -H 'referer: http://x/$spelling' \\
            'http://127.0.0.1:$dosis->{port_h2}/$spelling?a=$spelling' 2>&1`;
    }
    like($said, qr/:status: 404/, 'numbers over HTTP/2 are sent');
}

# In a body, where they belong, and where they do not.
my $person = insz($serial++);
is_stored($dosis->push($dosis->dossier(
            agent => $person, rechten => ['Raadpleger'])),
    'Nieuw', 'a person as an agent');
my $wrong = Dosis::Number::remember_insz(
    substr($person, 0, 9) . sprintf '%02d', (substr($person, 9) + 7) % 97);
is_problem($dosis->push($dosis->dossier(agent => $wrong)),
    400, 'ValidatieFout', 'a wrong number is refused without being named');
for my $case (
    ['DossierNummer'  => $dosis->dossier(nummer => $person)],
    ['Doorverwijzing' => $dosis->dossier(
            Doorverwijzing => "https://x.be/?insz=$person")],
    )
{
    my ($member, $dossier) = @$case;
    is_problem($dosis->push($dossier), 400, 'ValidatieFout',
        "a number as $member is refused");
}
is_problem($dosis->get("$base?" . query(agent => $person), token => $loket),
    400, undef, 'a counter may not put a number in a URL');

cmp_ok($count, '>', 300, "$count requests carried a number");
my $blanked = () = $dosis->log('access.log') =~ /xxxxxxxxxxx/g;
cmp_ok($blanked, '>', 100, 'the log has the requests, blanked');
