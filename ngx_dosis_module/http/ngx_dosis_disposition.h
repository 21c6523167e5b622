/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ngx_dosis_disposition.h: the name of a file as Content-Disposition says it
 * (RFC 6266): filename*= in UTF-8 wins from filename=.
 *
 * Layer      module
 * Threads    the event loop
 * Blocking   never
 * Memory     lent from the header, or in the arena
 * Errors     data NULL: there is no name, or none that can be read
 */

#ifndef NGX_DOSIS_DISPOSITION_H
#define NGX_DOSIS_DISPOSITION_H

#include "base/dosis_arena.h"
#include "ngx_dosis_module.h"

dosis_slice_t ngx_dosis_disposition(
    const ngx_http_request_t *r, dosis_arena_t *arena);

#endif
