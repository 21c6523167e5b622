/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_url.h: is this a link that we may hand out and send browsers to?
 *
 * Layer      domain
 * Threads    pure
 * Blocking   never
 * Memory     borrows its arguments for the call; adds to the caller's buffer
 * Errors     false
 */

#ifndef DOSIS_DOMAIN_DOSIS_URL_H
#define DOSIS_DOMAIN_DOSIS_URL_H

#include "base/dosis_buf.h"

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

/*
 * THE rule of where a browser may be sent: valid, https, a host of plain ASCII
 * that is one of hosts (exact, or "*." for one or more labels in front; in
 * lower case; none: any), no national number in it.
 */
bool dosis_url_may_open(
    dosis_slice_t url, const dosis_slice_t *hosts, size_t count);

/*
 * The part of that rule that a source's registration decides, of an address
 * that was delivered: no other is kept than those that are valid and hold no
 * national number. Every row of a list asks it.
 */
bool dosis_url_host_may_open(
    dosis_slice_t url, const dosis_slice_t *hosts, size_t count);

/* https://host and the port, of one that may be opened. */
dosis_slice_t dosis_url_origin(dosis_slice_t url);

typedef struct {
    const char *name; /* plain ASCII */
    dosis_slice_t value;
} dosis_url_param_t;

/*
 * Adds one that may be opened, with parameters behind its question and before
 * its fragment; bytes beyond ASCII are percent-encoded, so that it can stand
 * in a header.
 */
void dosis_url_add(dosis_buf_t *to, dosis_slice_t url,
    const dosis_url_param_t *params, size_t count);

#endif
