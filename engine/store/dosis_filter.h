/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_filter.h: which rows of a list are wanted, and in which order.
 *
 * Layer      store
 * Threads    read-only once filled
 * Blocking   never
 * Memory     products are copied into the arena given; the rest is here
 * Errors     NULL = taken, else one Dutch sentence (static)
 *
 * A filter narrows what the access function admits, never widens it. Values
 * of one kind are alternatives; kinds narrow each other.
 *
 *   fase code rol   a code of its list, in any case
 *   bron product    as delivered; one that nobody knows matches nothing
 *   actieNodig      what the status says; absent there is false
 *   open            has a status, and its phase is not Afgerond
 *   sinds tot       sinds <= WijzigingsDatum < tot
 *   rol             of the asked agent, in that dossier
 */

#ifndef DOSIS_STORE_DOSIS_FILTER_H
#define DOSIS_STORE_DOSIS_FILTER_H

#include "base/dosis_arena.h"
#include "domain/dosis_limiet.h"
#include "store/dosis_ref.h"

typedef enum {
    /* repeatable */
    DOSIS_FILTER_FASE,
    DOSIS_FILTER_CODE,
    DOSIS_FILTER_ROL,
    DOSIS_FILTER_BRON,
    DOSIS_FILTER_PRODUCT,
    /* at most once */
    DOSIS_FILTER_ACTIE_NODIG,
    DOSIS_FILTER_OPEN,
    DOSIS_FILTER_SINDS,
    DOSIS_FILTER_TOT,
    DOSIS_FILTER_SORTEER,
    DOSIS_FILTER_KINDS
} dosis_filter_kind_t;

#define DOSIS_FILTER(kind) (1u << (kind))

typedef struct {
    unsigned given;                    /* DOSIS_FILTER(kind) */
    uint32_t count[DOSIS_FILTER_PRODUCT + 1];
    uint32_t number[DOSIS_FILTER_PRODUCT][DOSIS_FILTER_MAX];
    dosis_slice_t product[DOSIS_FILTER_MAX];    /* JSON-escaped */
    uint32_t afgerond;                 /* the number of that phase */
    bool actie_nodig;
    bool open;
    bool sorteer_actie;                /* else -wijzigingsDatum */
    int64_t sinds_ns;
    int64_t tot_ns;
} dosis_filter_t;

static inline bool
dosis_filter_has(const dosis_filter_t *filter, dosis_filter_kind_t kind)
{
    return (filter->given & DOSIS_FILTER(kind)) != 0;
}

/* One value more, as text; filter: zeroed before the first. */
DOSIS_CHECK const char *dosis_filter_take(dosis_filter_t *filter,
    const dosis_ref_t *ref, dosis_arena_t *arena, dosis_filter_kind_t kind,
    dosis_slice_t text);

/* The same for sinds and tot, when the moment is known. */
DOSIS_CHECK const char *dosis_filter_take_moment(dosis_filter_t *filter,
    dosis_filter_kind_t kind, int64_t ns);

/* What only shows when all were taken: sinds behind tot. */
DOSIS_CHECK const char *dosis_filter_check(const dosis_filter_t *filter);

#endif
