# SPDX-License-Identifier: EUPL-1.2

# One agency: the dossiers it handles, what it delivers next, and what the
# answer to that must be. It keeps the same books as the store: the newest
# date of each dossier, its content, its Versie. Everything is drawn with
# rand: the same seed, the same deliveries.
#
# A delivery is a hash: method, path, body (bytes), upload (the UploadId, or
# undef), nummer, kind, alone (not in a batch), apart (not in the batch of those
# before: a batch sent again would find its refused UploadId accepted), and what
# must come back:
#   status           of the answer
#   resultaat        with 200
#   versie           with 200, when it is known beforehand
#   warned           with 200: there must be a warning
#   code, faults     of a refusal: Code, and [code, field] of each error
#   result           what perUploadId must say: 1 Succes, 0 not, undef: nothing

package Dosis::Agency;

use strict;
use warnings;
use utf8;

use JSON::PP ();

use Dosis::Demo qw(agencies agent insz kbo pick uuid);
use Dosis::Wire qw(encode moment);

use constant {
    START    => 1_736_150_400,    # 6 January 2025
    ACTIVE   => 16,               # dossiers in hand at the same time
    STEPS    => 25,               # deliveries of one dossier at most
    DAY      => 86400,
    PUSH     => '/api/v1/dosis/dossiers',
    ELSEWHERE => 'urn://elders/niet-van-ons',
};

my $json = JSON::PP->new->utf8->canonical;

# Options: bron, tag (in every DossierNummer), dossiers (0 = no end), errors
# (percent).
sub new {
    my ($class, %option) = @_;

    my @known = grep { $_->{bron} eq $option{bron} } agencies();

    return bless {
        %option,
        source => $known[0] // (agencies())[0],
        begun  => 0,
        active => [],
        todo   => [],
    }, $class;
}

# The next delivery; nothing when every dossier has gone its way.
sub next_delivery {
    my ($self) = @_;

    while (!@{ $self->{todo} }) {
        $self->take_dossiers;
        my $active = $self->{active};
        return if !@$active;
        my $at      = int rand @$active;
        my $dossier = $active->[$at];
        if ($dossier->{over} || $dossier->{steps}++ >= STEPS) {
            splice @$active, $at, 1;
            next;
        }
        $self->act($dossier);
    }

    return shift @{ $self->{todo} };
}

sub take_dossiers {
    my ($self) = @_;

    while (@{ $self->{active} } < ACTIVE
        && (!$self->{dossiers} || $self->{begun} < $self->{dossiers})) {
        my $i = ++$self->{begun};
        my ($product, $naam, $agenten, %more) = $self->{source}{maak}->($i);
        push @{ $self->{active} }, {
            nummer  => sprintf('%s-%06d', $self->{tag}, $i),
            product => $product,
            naam    => $naam,
            agenten => $agenten,
            more    => \%more,
            now     => START + $i * 3600 + int rand 3600,
            at      => 0,
            steps   => 0,
        };
    }

    return;
}

# --- what happens to a dossier -------------------------------------------

# Out of a hundred, after the shares of those before.
my @FIRST = ([95, \&advance], [100, \&withdraw_unknown]);
my @ALIVE = (
    [8,   \&late],
    [16,  \&unchanged],
    [22,  \&repeat],
    [26,  \&withdraw],
    [28,  \&withdraw_late],
    [100, \&advance],
);
my @WITHDRAWN = (
    [40,  \&revive],
    [55,  \&late],
    [70,  \&withdraw_again],
    [100, \&finish],
);
my @ERRORS = (\&refused, \&refused, \&refused, \&refused, \&conflict,
    \&foreign, \&broken);

sub act {
    my ($self, $dossier) = @_;

    my $held = $dossier->{held};

    if (rand 100 < $self->{errors}) {
        pick(@ERRORS)->($self, $dossier);
        return;
    }
    my $ways = !$held ? \@FIRST : $held->{alive} ? \@ALIVE : \@WITHDRAWN;
    my $draw = rand 100;
    my ($way) = grep { $draw < $_->[0] } @$ways;
    $way->[1]->($self, $dossier);

    return;
}

# Time goes on by up to so many days; with the fraction of a clock.
sub later {
    my ($dossier, $days) = @_;

    $dossier->{now} += 60 + int rand $days * DAY;

    return [$dossier->{now}, drawn_ns()];
}

sub drawn_ns {
    my $digits = int rand 10;

    return int(rand 10**$digits) * 10**(9 - $digits);
}

sub earlier {
    my ($at) = @_;

    return [$at->[0] - 60 - int rand 30 * DAY, drawn_ns()];
}

sub is_older {
    my ($one, $other) = @_;

    return ($one->[0] <=> $other->[0] || $one->[1] <=> $other->[1]) < 0;
}

# --- deliveries that are fine --------------------------------------------

# The dossier as it is at a step of its way, at a moment.
sub content {
    my ($self, $dossier, $step, $at) = @_;

    my ($fase, $code, $detail, $actie) = @{ $self->{source}{pad}[$step] };

    return {
        Identificatie => {
            Bron          => $self->{bron},
            DossierNummer => $dossier->{nummer},
        },
        UploadId        => uuid(),
        Naam            => $dossier->{naam},
        WijzigingsDatum => $at,
        TypeDossierCode => 'DossierStatus',
        Status          => {
            VlaamsFase => $fase,
            VlaamsCode => $code,
            Detail1    => $detail,
            $actie
            ? (Actie => {
                    ActieNodig => JSON::PP::true,
                    Actie      => $actie,
                })
            : (),
        },
        Doorverwijzing => "https://loket.example.be/dossier/$dossier->{nummer}",
        Producten      => [{ Id => $dossier->{product} }],
        Agenten        => $dossier->{agenten},
        %{ $dossier->{more} },
    };
}

# What the answer to it must be, entered in the books.
sub judge {
    my ($dossier, $said) = @_;

    my $at   = $said->{WijzigingsDatum};
    my $held = $dossier->{held};
    my %kept = %$said;
    delete @kept{qw(UploadId WijzigingsDatum)};
    my $content = $json->encode(\%kept);

    if ($held && is_older($at, $held->{at})) {
        return { resultaat => 'Verouderd' };
    }
    my $resultaat
        = !$held                        ? 'Nieuw'
        : !$held->{alive}               ? 'Hersteld'
        : $held->{content} eq $content ? 'Ongewijzigd'
        :                                 'Gewijzigd';
    my $versie = ($held ? $held->{versie} : 0)
        + ($resultaat eq 'Ongewijzigd' ? 0 : 1);

    $dossier->{held} = {
        at      => $at,
        content => $content,
        versie  => $versie,
        alive   => 1,
    };

    return { resultaat => $resultaat, versie => $versie };
}

sub push_of {
    my ($self, $dossier, $kind, $said, $wanted) = @_;

    my ($body, $warned) = encode($said);

    return {
        kind   => $kind,
        nummer => $dossier->{nummer},
        method => 'POST',
        path   => PUSH,
        body   => $body,
        upload => $said->{UploadId},
        warned => $warned,
        status => 200,
        result => 1,
        %$wanted,
    };
}

sub deliver {
    my ($self, $dossier, $kind, $said) = @_;

    my $delivery = $self->push_of($dossier, $kind, $said,
        judge($dossier, $said));

    $dossier->{last} = { said => $said, wanted => $delivery };
    push @{ $self->{todo} }, $delivery;

    return;
}

sub advance {
    my ($self, $dossier) = @_;

    if ($dossier->{at} > $#{ $self->{source}{pad} }) {
        $dossier->{over} = 1;
        return;
    }
    $self->deliver($dossier, 'advance',
        $self->content($dossier, $dossier->{at}++, later($dossier, 9)));

    return;
}

# The step it is at.
sub standing {
    my ($dossier) = @_;

    return $dossier->{at} > 0 ? $dossier->{at} - 1 : 0;
}

# The same again under another UploadId, as a nightly run does.
sub unchanged {
    my ($self, $dossier) = @_;

    $self->deliver($dossier, 'unchanged',
        $self->content($dossier, standing($dossier), later($dossier, 1)));

    return;
}

# An answer that got lost: the same delivery once more, answered the same.
sub repeat {
    my ($self, $dossier) = @_;

    my $last = $dossier->{last} // return;

    push @{ $self->{todo} }, { %{ $last->{wanted} }, kind => 'repeat' };

    return;
}

sub late {
    my ($self, $dossier) = @_;

    my $step = int rand 1 + standing($dossier);

    $self->deliver($dossier, 'late',
        $self->content($dossier, $step, earlier($dossier->{held}{at})));

    return;
}

sub revive {
    my ($self, $dossier) = @_;

    $self->deliver($dossier, 'revive',
        $self->content($dossier, standing($dossier), later($dossier, 20)));

    return;
}

sub finish {
    my ($self, $dossier) = @_;

    $dossier->{over} = 1;

    return;
}

# --- withdrawals ---------------------------------------------------------

sub query {
    my (@pairs) = @_;

    my @parts;
    while (my ($name, $value) = splice @pairs, 0, 2) {
        push @parts, "$name="
            . $value =~ s/([^A-Za-z0-9_.~-])/sprintf '%%%02X', ord $1/ger;
    }

    return join '&', @parts;
}

sub withdrawal {
    my ($self, $dossier, $at, %wanted) = @_;

    push @{ $self->{todo} }, {
        kind   => 'withdraw',
        nummer => $dossier->{nummer},
        method => 'DELETE',
        path   => PUSH . '?'
            . query(
            bron          => $self->{bron},
            dossierNummer => $dossier->{nummer},
            $at ? (wijzigingsDatum => moment($at, 'local')) : ()),
        alone  => 1,
        status => 200,
        %wanted,
    };

    return;
}

sub withdraw {
    my ($self, $dossier) = @_;

    my $held = $dossier->{held};
    my $at   = rand 2 < 1 ? later($dossier, 3) : undef;

    $held->{at}    = $at if $at;
    $held->{alive} = 0;
    $held->{versie}++;
    $self->withdrawal($dossier, $at, resultaat => 'Ingetrokken',
        versie => $held->{versie});

    return;
}

sub withdraw_again {
    my ($self, $dossier) = @_;

    $self->withdrawal($dossier, undef, resultaat => 'Ingetrokken',
        versie => $dossier->{held}{versie});

    return;
}

sub withdraw_late {
    my ($self, $dossier) = @_;

    $self->withdrawal($dossier, earlier($dossier->{held}{at}),
        resultaat => 'Verouderd');

    return;
}

sub withdraw_unknown {
    my ($self, $dossier) = @_;

    $self->withdrawal($dossier, undef, resultaat => 'Onbekend');

    return;
}

# --- mistakes ------------------------------------------------------------

sub wrong_agent {
    my ($said, $id) = @_;

    $said->{Agenten} = [agent($id, 'Aanvrager', 'Lezer')];

    return;
}

# A number whose check digits are one too high.
sub off_by_one {
    my ($number) = @_;

    my ($head, $tail) = $number =~ /^(.*)(..)$/;

    return $head . sprintf '%02d', ($tail + 1) % 98;
}

# [code, field, what spoils the dossier]
my @MISTAKES = (
    ['KboOngeldig', '/Agenten/0/Identificatie',
        sub { wrong_agent($_[0], off_by_one(kbo(1 + int rand 300))) }],
    ['InszOngeldig', '/Agenten/0/Identificatie',
        sub { wrong_agent($_[0], off_by_one(insz(1 + int rand 300))) }],
    ['FaseOnbekend', '/Status/VlaamsFase',
        sub { $_[0]{Status}{VlaamsFase} = 'Onderweg' }],
    ['CodeOnbekend', '/Status/VlaamsCode',
        sub { $_[0]{Status}{VlaamsCode} = 'BijnaKlaar' }],
    ['VeldOntbreekt', '/Status',
        sub { $_[0]{Status} = undef }],
    ['VeldOntbreekt', '/Naam', sub { $_[0]{Naam} = pick(undef, '', ' ') }],
    ['VeldOntbreekt', '/WijzigingsDatum',
        sub { $_[0]{WijzigingsDatum} = undef }],
    ['VeldOntbreekt', '/Identificatie/DossierNummer',
        sub { $_[0]{Identificatie}{DossierNummer} = undef }],
    ['AgentenOntbreken', '/Agenten',
        sub { $_[0]{Agenten} = pick(undef, []) }],
    ['DatumInToekomst', '/WijzigingsDatum',
        sub { $_[0]{WijzigingsDatum} = '2099-01-01T00:00:00' }],
    ['DatumOngeldig', '/WijzigingsDatum',
        sub { $_[0]{WijzigingsDatum} = '2025-02-30T10:00:00' }],
    ['UrlOngeldig', '/Doorverwijzing',
        sub { $_[0]{Doorverwijzing} = 'www.example.be/dossier' }],
);

# One mistake or two at once; mended afterwards half of the time, under the
# same UploadId or another.
sub refused {
    my ($self, $dossier) = @_;

    my $step = $dossier->{at} > $#{ $self->{source}{pad} }
        ? standing($dossier)
        : $dossier->{at};
    my $said = $self->content($dossier, $step, later($dossier, 2));
    my %bad  = (%$said, Status => { %{ $said->{Status} } },
        Identificatie => { %{ $said->{Identificatie} } });
    my %by_field = map { $_->[1] => $_ } map { pick(@MISTAKES) } 1 .. 1 + rand 2;
    # one would hide the other
    delete $by_field{'/Status'} if keys %by_field > 1;
    delete $by_field{'/Agenten'} if keys %by_field > 1;

    for my $field (sort keys %by_field) {
        $by_field{$field}[2]->(\%bad);
    }
    push @{ $self->{todo} }, $self->push_of($dossier, 'refused', \%bad, {
            status => 400,
            code   => 'ValidatieFout',
            result => 0,
            faults => [map { [@{ $by_field{$_} }[0, 1]] } sort keys %by_field],
        });
    return if rand 2 < 1;

    $said->{UploadId} = uuid() if rand 2 < 1;
    $dossier->{at} = $step + 1;
    $self->deliver($dossier, 'mended', $said);
    $self->{todo}[-1]{apart} = 1;

    return;
}

# The UploadId of what was accepted, with something else.
sub conflict {
    my ($self, $dossier) = @_;

    my $last = $dossier->{last} // return;
    my %said = (%{ $last->{said} }, Naam => "$last->{said}{Naam}, anders");

    push @{ $self->{todo} }, $self->push_of($dossier, 'conflict', \%said,
        { status => 409, code => 'UploadIdHergebruikt', result => 1 });

    return;
}

sub foreign {
    my ($self, $dossier) = @_;

    my $said = $self->content($dossier, standing($dossier),
        [$dossier->{now}, 0]);

    $said->{Identificatie}{Bron} = ELSEWHERE;
    push @{ $self->{todo} }, $self->push_of($dossier, 'foreign', $said, {
            status => 403,
            code   => 'BronNietToegelaten',
            result => undef,
        });

    return;
}

# Cut off on the way.
sub broken {
    my ($self, $dossier) = @_;

    my $said = $self->content($dossier, standing($dossier),
        [$dossier->{now}, 0]);
    my $delivery = $self->push_of($dossier, 'broken', $said,
        { status => 400, code => 'JsonOngeldig', result => undef, alone => 1 });

    $delivery->{body} = substr $delivery->{body}, 0,
        1 + int rand length($delivery->{body}) - 2;
    push @{ $self->{todo} }, $delivery;

    return;
}

1;
