/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ngx_dosis_media.h: the two parts of Content-Type that we look at.
 *
 * Layer      module
 * Threads    pure
 * Blocking   never
 * Memory     lent from the value
 * Errors     an empty slice: it does not say
 */

#ifndef NGX_DOSIS_MEDIA_H
#define NGX_DOSIS_MEDIA_H

#include "ngx_dosis_module.h"

/* What stands before the first `;`, without blanks. */
dosis_slice_t ngx_dosis_media_type(dosis_slice_t value);

/* Of charset=, without quotes. */
dosis_slice_t ngx_dosis_media_charset(dosis_slice_t value);

bool ngx_dosis_media_starts(dosis_slice_t text, dosis_slice_t start);

#endif
