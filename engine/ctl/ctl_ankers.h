/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ctl_ankers.h: the anchors that somebody kept, as `dosisctl inzage verify`
 * gets them: NR:HASH, a signed one, or a file with one of these a line.
 *
 * Layer      ctl
 * Threads    one
 * Blocking   reading files and the store
 * Memory     in place
 * Errors     the exit code; said on standard error
 */

#ifndef DOSIS_CTL_CTL_ANKERS_H
#define DOSIS_CTL_CTL_ANKERS_H

#include "store/dosis_ledger_read.h"

#define CTL_ANKERS_GIVEN_MAX 64
#define CTL_ANKERS_MAX 4096       /* places; a signed one may be two */

typedef struct {
    const char *text[CTL_ANKERS_GIVEN_MAX];
    size_t count;
    const char *sleutels; /* a file with a key set; NULL: those of the store */
} ctl_ankers_given_t;

typedef struct {
    size_t count;
    dosis_ledger_at_t at[CTL_ANKERS_MAX];
} ctl_ankers_t;

/* CTL_FOUND: a signature does not hold; CTL_FAILED: it could not look. */
int ctl_ankers_read(dosis_store_t *store, const ctl_ankers_given_t *given,
    ctl_ankers_t *ret_known);

#endif
