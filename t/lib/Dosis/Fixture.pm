# SPDX-License-Identifier: EUPL-1.2

# What an instance is made of: the sources and clients that tests speak of,
# and the nginx configuration.

package Dosis::Fixture;

use strict;
use warnings;

use File::Copy ();
use JSON::PP   ();

use Dosis::Token ();

# Sources by the word tests use for them.
my @bronnen = (
    { Bron => 'urn://test/subsidies', Naam => 'Subsidies' },
    { Bron => 'urn://test/vergunningen', Naam => 'Vergunningen' },
    {   Bron        => 'urn://test/open',
        Naam        => 'Open register',
        ZonderRecht => 'iedereen',
    },
    {   Bron       => 'urn://test/vorm',
        Naam       => 'Vorm volstaat',
        Strengheid => 'vorm',
    },
    { Bron => 'urn://test/oud', Naam => 'Stopgezet', Actief => JSON::PP::false },
    { Bron => 'urn://ovam/evoa', Naam => 'Afvaltransport' },
    { Bron => 'urn://some/test', Naam => 'Proefbron' },
);

my @eigen = map {"urn://$_"}
    qw(test/subsidies test/open test/vorm test/oud ovam/evoa some/test);

my @clients = (
    { Client => 'leverancier-a', Naam => 'Leverancier A', Bronnen => \@eigen },
    {   Client  => 'leverancier-b',
        Naam    => 'Leverancier B',
        Bronnen => ['urn://test/vergunningen'],
    },
    {   Client  => 'leverancier-uit',
        Naam    => 'Leverancier uit dienst',
        Actief  => JSON::PP::false,
        Bronnen => ['urn://test/subsidies'],
    },
    { Client => 'loket', Naam => 'Loket', Loket => {} },
    { Client => 'loket-2', Naam => 'Tweede loket', Loket => {} },
    {   Client => 'loket-kbo',
        Naam   => 'Ondernemersloket',
        Loket  => { AgentSoorten => ['KBO'] },
    },
    {   Client => 'loket-hoog',
        Naam   => 'Vertrouwelijk loket',
        Loket  => { Vertrouwelijk => JSON::PP::true },
    },
    {   Client => 'loket-bron',
        Naam   => 'Loket van een bron',
        Loket  => { Bronnen => ['urn://test/subsidies'] },
    },
    {   Client => 'loket-product',
        Naam   => 'Loket van een product',
        Loket  => { Producten => ['1984'] },
    },
    {   Client => 'loket-uit',
        Naam   => 'Gesloten loket',
        Actief => JSON::PP::false,
        Loket  => {},
    },
    { Client => 'niemand', Naam => 'Zonder bronnen, geen loket' },
    {   Client  => 'beide',
        Naam    => 'Levert en raadpleegt',
        Bronnen => ['urn://test/subsidies'],
        Loket   => {},
    },
);

my @producten = (
    { Id => '1984', Naam => 'Kmo-portefeuille' },
    { Id => '2001', Naam => 'Omgevingsvergunning' },
);

# Writes what dosisd reads at its start. more: {clients => [...], ...}
sub write_reference {
    my ($top, $dir, $more) = @_;

    mkdir $dir;
    mkdir "$dir/codelijsten";
    for my $list (glob "$top/conf/codelijsten/*.json") {
        File::Copy::copy($list, "$dir/codelijsten/")
            or die "cannot copy $list: $!\n";
    }
    write_json("$dir/bronnen.json", [@bronnen, @{ $more->{bronnen} // [] }]);
    write_json("$dir/clients.json", [@clients, @{ $more->{clients} // [] }]);
    write_json("$dir/producten.json",
        [@producten, @{ $more->{producten} // [] }]);

    return;
}

sub write_json {
    my ($path, $data) = @_;

    write_file($path, JSON::PP->new->utf8->canonical->pretty->encode($data));

    return;
}

sub write_file {
    my ($path, $text) = @_;

    open my $file, '>', $path or die "cannot write $path: $!\n";
    print {$file} $text;
    close $file or die "cannot write $path: $!\n";

    return;
}

sub read_file {
    my ($path) = @_;

    open my $file, '<:raw', $path or return '';
    local $/;

    return <$file> // '';
}

# The whole nginx.conf. The access log carries on purpose everything that
# could betray a number.
sub nginx_conf {
    my ($self) = @_;

    my $home   = $self->{home};
    my $more   = $self->{config};
    my $user   = $> == 0 ? 'user root;' : '';
    my $san    = $ENV{SAN} ? "env ASAN_OPTIONS;\nenv UBSAN_OPTIONS;" : '';
    my $issuer = join ' ', Dosis::Token::ISSUER(),
        'audience=' . Dosis::Token::AUDIENCE(),
        "keys=$home/keys/jwks.json", 'acr=' . Dosis::Token::ACR_HIGH();
    # so wide that no test meets them but the one that asks to
    my $limits = $more->{limits} || join "\n    ",
        map {"dosis_client_limit $_ rate=1000000r/s burst=1000000;"}
        qw(questions deliveries user);
    my $temp = join "\n    ",
        map {"${_}_temp_path $home/tmp/$_;"}
        qw(client_body proxy fastcgi uwsgi scgi);

    return <<"END";
$user
$san
daemon off;
worker_processes $self->{workers};
worker_shutdown_timeout 10s;
pid $home/run/nginx.pid;
error_log $home/log/error.log info;
load_module $self->{build}/ngx_dosis_module.so;
thread_pool dosis threads=1 max_queue=65536;
$more->{main}
events {
    worker_connections $self->{connections};
}
http {
    log_format all '\$remote_addr \$status "\$request" \$request_uri \$uri '
        '\$args "\$http_referer" "\$http_user_agent" \$http_host '
        '\$request_id';
    access_log $home/log/access.log all;
    $temp
    client_header_buffer_size 8k;
    large_client_header_buffers 4 16k;
    keepalive_requests 100000;
    default_type text/plain;

    dosis_store $home/store;
    dosis_key_file $home/keys/kek.hex;
    dosis_issuer $issuer;
    $limits
    $more->{http}

    server {
        listen 127.0.0.1:$self->{port};
        listen 127.0.0.1:$self->{port_h2} http2;
        server_name localhost;
        $more->{server}

        location $more->{at} {
            dosis on;
            $more->{location}
        }
    }
}
END
}

1;
