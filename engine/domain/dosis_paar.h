/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_paar.h: which codes are usual in which phase. No list publishes this
 * pair by pair and real clients stray from it, so it only ever warns.
 *
 * Layer      domain
 * Threads    pure
 * Blocking   never
 * Memory     static
 * Errors     none
 */

#ifndef DOSIS_DOMAIN_DOSIS_PAAR_H
#define DOSIS_DOMAIN_DOSIS_PAAR_H

#include "base/dosis_slice.h"

/*
 * The phase's name when the code is unusual there, else NULL; also NULL when
 * the table does not know the phase.
 */
const char *dosis_paar_unusual(dosis_slice_t fase, dosis_slice_t code);

/* The table as data: a phase, and the code at that place, or NULL behind. */
size_t dosis_paar_count(void);
const char *dosis_paar_fase(size_t fase);
const char *dosis_paar_code(size_t fase, size_t code);

#endif
