/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_grens.h: a limit (grens) in time: so many at once, so many a second
 * for as long as it lasts. One number per bucket: when it is full again (GCRA).
 *
 * Layer      domain
 * Threads    pure: the clock is an argument
 * Blocking   never
 * Memory     the caller's
 * Errors     none
 *
 * The clock may go back: nothing is held longer than a whole burst and the
 * largest debt need.
 */

#ifndef DOSIS_DOMAIN_DOSIS_GRENS_H
#define DOSIS_DOMAIN_DOSIS_GRENS_H

#include <stdbool.h>
#include <stdint.h>

#define DOSIS_GRENS_MAX      1000000 /* of either number */
#define DOSIS_GRENS_DEBT_MAX 1000    /* as many as a list may hold */

typedef struct {
    uint32_t per_s; /* 0: no limit */
    uint32_t stoot; /* at once; 0: as many as in a second */
} dosis_grens_t;

/* How the bucket is after it was asked. */
typedef struct {
    bool held;        /* this one comes too soon: nothing was taken */
    uint32_t left;    /* that may still come at once */
    uint32_t full_s;  /* until all of the burst may; rounded up */
    uint32_t retry_s; /* when held: until this one fits; at least 1 */
} dosis_grens_stand_t;

/* The burst that is meant. */
uint32_t dosis_grens_stoot(const dosis_grens_t *grens);

/* The seconds in which an empty bucket fills, rounded up; at least 1. */
uint32_t dosis_grens_venster(const dosis_grens_t *grens);

/* Takes one. *vol_ns: when the bucket is full again; 0 at first. */
dosis_grens_stand_t dosis_grens_take(
    int64_t *vol_ns, int64_t now_ns, const dosis_grens_t *grens);

/*
 * Takes so many of what was let in already: the bucket may owe them, up to
 * DOSIS_GRENS_DEBT_MAX, and the next wait until that is paid.
 */
void dosis_grens_owe(int64_t *vol_ns, int64_t now_ns,
    const dosis_grens_t *grens, uint32_t count);

#endif
