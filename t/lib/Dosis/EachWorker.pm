# SPDX-License-Identifier: EUPL-1.2

# A kept connection to each worker of an instance, so that a test can ask all
# of them. They listen on a port of their own, where the kernel spreads new
# connections; each answer names its worker.

package Dosis::EachWorker;

use strict;
use warnings;

use Dosis::Port qw(claim_port);
use Dosis::Test ();

# new(%option of Dosis::Test): it holds the instance under {dosis}.
sub new {
    my ($class, %option) = @_;

    my $port   = claim_port();
    my $server = "listen 127.0.0.1:$port reuseport;"
        . ' add_header X-Worker $pid always;';
    my $self = bless {
        port  => $port,
        dosis => Dosis::Test->new(
            workers => 3, %option,
            server => "$server " . ($option{server} // '')),
    }, $class;

    return $self;
}

# The clients, one for each worker that is there now.
sub clients {
    my ($self) = @_;

    my $dosis = $self->{dosis};
    my %client;

    for (1 .. 500) {
        my $client = $dosis->client(port => $self->{port});
        my $worker =
            $client->request('GET', '/health/live')->header('X-Worker');
        $client{$worker} //= $client;
        last if keys %client == $dosis->{workers};
    }
    keys %client == $dosis->{workers} or die "not every worker was met\n";

    return map { $client{$_} } sort keys %client;
}

# dosisctl must do it.
sub ctl {
    my ($self, @words) = @_;

    my ($code, $said) = $self->{dosis}->ctl(@words);

    die "dosisctl @words: $code $said" if $code != 0;

    return;
}

# Adds a registration.
sub add {
    my ($self, $word, $registration) = @_;

    my $path = "$self->{dosis}{home}/new.json";

    Dosis::Fixture::write_json($path, $registration);
    $self->ctl($word, 'add', $path);

    return;
}

1;
