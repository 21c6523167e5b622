#!/usr/bin/perl
# SPDX-License-Identifier: EUPL-1.2

# On the portal somebody logs in at the identity provider, comes back to the page
# that was asked for, has the pages that the token is good for, and logs out.

use strict;
use warnings;

use FindBin;
use lib "$FindBin::Bin/../lib";

use Test::More;

use Dosis::Browser;

Dosis::Browser->new->play('people_log_in');
