#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# On the portal an agency's worker delivers files: what is wrong with a header is
# told before it is sent, progress is shown, refused rows are listed with line,
# column and reason, and come back as a file that is mended and sent again, and
# warnings are listed; all of it by keyboard too.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Browser;
use Dosis::Number qw(kbo);

Dosis::Browser->new->play('file_is_delivered',
    company => Dosis::Browser::COMPANY,
    others  => [map { kbo(1000 + $_) } 1 .. 500]);
