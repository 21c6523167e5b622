/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_media.h: which kind of content a client would rather have, by its
 * Accept (RFC 9110, 12.5.1).
 *
 * Layer      base
 * Threads    pure
 * Blocking   never
 * Memory     borrows its arguments for the call
 * Errors     none: what cannot be read in a header is passed over
 */

#ifndef DOSIS_BASE_DOSIS_MEDIA_H
#define DOSIS_BASE_DOSIS_MEDIA_H

#include "base/dosis_slice.h"

/*
 * Is `other` asked for by its own name, and not less than `usual`? Whoever
 * says nothing, or only accepts it with a star, gets what is usual. Both:
 * "type/subtype", in lower case.
 */
bool dosis_media_prefers(
    dosis_slice_t accept, const char *other, const char *usual);

#endif
