/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_grens_tafel.h: the buckets of all who ask, in memory that processes
 * share: a table of rows of seven places. Who asks is a number under the
 * table's own key; no name and no number of a person stands in it.
 *
 * Layer      domain
 * Threads    any, and any process that maps the memory
 * Blocking   never: a row that another holds is tried some hundred times; then
 *            the request passes and is not counted. A row whose holder died is
 *            taken over after a second
 * Memory     the caller's; fixed: a row that is full gives the place of the
 *            bucket that is nearest to full, and one that is full already
 *            loses nothing
 * Errors     none
 */

#ifndef DOSIS_DOMAIN_DOSIS_GRENS_TAFEL_H
#define DOSIS_DOMAIN_DOSIS_GRENS_TAFEL_H

#include "base/dosis_siphash.h"
#include "domain/dosis_grens.h"

#define DOSIS_GRENS_TAFEL_MIN ((size_t) 4096)

typedef struct dosis_grens_tafel_s dosis_grens_tafel_t;

/* Makes an empty one in the memory, aligned for any type. */
dosis_grens_tafel_t *dosis_grens_tafel_init(
    void *memory, size_t bytes, const uint8_t key[DOSIS_SIPHASH_KEY]);

/* Who asks, as the table knows him; soort keeps kinds of limits apart. */
uint64_t dosis_grens_tafel_wie(
    const dosis_grens_tafel_t *tafel, unsigned soort, dosis_slice_t naam);

/* As dosis_grens_take; false: not judged, another held the row. */
bool dosis_grens_tafel_take(dosis_grens_tafel_t *tafel, uint64_t wie,
    int64_t now_ns, const dosis_grens_t *grens, dosis_grens_stand_t *ret_stand);

/* As dosis_grens_owe. */
void dosis_grens_tafel_owe(dosis_grens_tafel_t *tafel, uint64_t wie,
    int64_t now_ns, const dosis_grens_t *grens, uint32_t count);

/* Buckets that gave their place before they were full. */
uint64_t dosis_grens_tafel_evicted(const dosis_grens_tafel_t *tafel);

#endif
