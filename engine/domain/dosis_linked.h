/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_linked.h: dossiers as linked data: the same JSON with the members that
 * make it JSON-LD 1.1. What the terms mean stands in the context document,
 * ngx_dosis_module/ui/context.jsonld.
 *
 * Layer      domain
 * Threads    pure
 * Blocking   never
 * Memory     borrows its arguments for the call
 * Errors     those of the buffer, sticky
 */

#ifndef DOSIS_DOMAIN_DOSIS_LINKED_H
#define DOSIS_DOMAIN_DOSIS_LINKED_H

#include "base/dosis_buf.h"

/*
 * body: a list of dossiers or one detail, as this library writes them: without
 * blanks, DossierId first in each dossier. base: in front of our addresses.
 * Nothing of the body is left out or changed.
 */
void dosis_linked_add(
    dosis_buf_t *out, dosis_slice_t body, dosis_slice_t base);

#endif
