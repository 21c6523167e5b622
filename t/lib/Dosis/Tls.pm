# SPDX-License-Identifier: EUPL-1.2

# Certificates made for one test by openssl, and requests over TLS by curl.

package Dosis::Tls;

use strict;
use warnings;

use Digest::SHA  ();
use JSON::PP     ();
use MIME::Base64 ();

use Dosis::Answer  ();
use Dosis::Fixture ();
use Dosis::Test    ();

# In that folder: an authority, ca.pem; more by certificate().
sub new {
    my ($class, $dir) = @_;

    mkdir $dir, 0700;
    my $self = bless { dir => $dir }, $class;
    $self->openssl('req', '-x509', '-subj', '/CN=Proef CA', '-days', 2,
        $self->key('ca'), '-out', $self->path('ca.pem'));

    return $self;
}

sub path {
    my ($self, $name) = @_;

    return "$self->{dir}/$name";
}

sub key {
    my ($self, $name) = @_;

    return ('-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes',
        '-keyout', $self->path("$name.key"));
}

sub openssl {
    my (undef, @words) = @_;

    my $said = Dosis::Test::run_quietly('openssl', @words);
    $? == 0 or die "openssl @words: $said\n";

    return $said;
}

# NAME.pem and NAME.key, signed by the authority; own => 1: by itself. host:
# for another host than localhost too.
sub certificate {
    my ($self, $name, %option) = @_;

    my $hosts = join ',', map {"DNS:$_"} 'localhost', $option{host} // ();
    my @who = ('-subj', "/CN=$name", '-addext', "subjectAltName=$hosts");
    if ($option{own}) {
        $self->openssl('req', '-x509', '-days', 2, @who, $self->key($name),
            '-out', $self->path("$name.pem"));
        return;
    }
    $self->openssl('req', @who, $self->key($name),
        '-out', $self->path("$name.csr"));
    $self->openssl('x509', '-req', '-in', $self->path("$name.csr"),
        '-days', 2, '-CA', $self->path('ca.pem'), '-CAkey',
        $self->path('ca.key'), '-CAcreateserial', '-copy_extensions', 'copy',
        '-out', $self->path("$name.pem"));

    return;
}

sub pem {
    my ($self, $name) = @_;

    return Dosis::Fixture::read_file($self->path("$name.pem"));
}

sub der {
    my ($self, $name) = @_;

    my ($text) = $self->pem($name) =~ /-----BEGIN[^-]*-----(.*?)-----END/s;

    return MIME::Base64::decode_base64($text);
}

# The claim that binds a token to it.
sub cnf {
    my ($self, $name) = @_;

    return { 'x5t#S256' => MIME::Base64::encode_base64url(
            Digest::SHA::sha256($self->der($name))) };
}

# As NGINX has it in $ssl_client_escaped_cert.
sub escaped {
    my ($self, $name) = @_;

    return $self->pem($name) =~
        s/([^A-Za-z0-9_.~-])/sprintf '%%%02X', ord $1/ger;
}

# What curl is to be told: client => name of a certificate, token, method,
# body (a file or text), headers => ["Name: value"], http => '--http1.1',
# more => [...].
sub arguments {
    my ($self, $url, %option) = @_;

    my @words = ('curl', '-s', '-S', '--max-time', 30, '--noproxy', '*',
        '--cacert', $self->path('ca.pem'), $option{http} // '--http2',
        '-X', $option{method} // 'GET');
    push @words, '--cert', $self->path("$option{client}.pem"),
        '--key', $self->path("$option{client}.key")
        if defined $option{client};
    push @words, '-H', "Authorization: Bearer $option{token}"
        if defined $option{token};
    push @words, '-H', 'Content-Type: application/json', '--data-binary',
        JSON::PP->new->utf8->encode($option{body})
        if defined $option{body};
    push @words, map { ('-H', $_) } @{ $option{headers} // [] };

    return (@words, @{ $option{more} // [] }, $url);
}

# The answer; status 0 and curl's words as the body when there is none.
sub request {
    my ($self, $url, %option) = @_;

    my $text = Dosis::Test::run_quietly(
        $self->arguments($url, %option, more => ['-i', @{ $option{more} // [] }]));
    $text =~ s{\AHTTP/[0-9.]+ 100[^\r\n]*\r\n\r\n}{};
    my ($head, $body) = split /\r\n\r\n/, $text, 2;
    my ($first, @lines) = split /\r\n/, $head // '';
    my ($version, $status) = ($first // '') =~ m{^HTTP/(\S+) (\d+)};
    my %headers;
    for my $line (@lines) {
        my ($name, $value) = $line =~ /^([^:]+):\s*(.*)$/ or next;
        push @{ $headers{ lc $name } }, $value;
    }

    return Dosis::Answer->new(
        status  => $status // 0,
        version => $version,
        headers => \%headers,
        body    => defined $status ? $body : $text,
    );
}

1;
