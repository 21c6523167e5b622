/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_url.h: is this a link that we may hand out and send browsers to?
 *
 * Layer      domain
 * Threads    pure
 * Blocking   never
 * Memory     the caller's
 * Errors     false
 */

#ifndef DOSIS_DOMAIN_DOSIS_URL_H
#define DOSIS_DOMAIN_DOSIS_URL_H

#include "base/dosis_slice.h"

/*
 * Absolute http or https, a host, at most a port; no user-info, blanks,
 * control characters, quotes, angle brackets or backslashes.
 */
bool dosis_url_valid(dosis_slice_t url);

/*
 * true when a valid national number stands in the text: 11 digits in a row or
 * in the printed groups 2-2-2-3-2 apart by one of ". - / blank", as sent or
 * percent-encoded, and no part of a longer row of digits.
 */
bool dosis_url_holds_insz(dosis_slice_t url);

#endif
