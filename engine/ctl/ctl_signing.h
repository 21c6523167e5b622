/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ctl_signing.h: the words of `dosisctl keys` that are about the keys DOSIS
 * signs with: the engine lists and changes them.
 *
 * Layer      ctl
 * Threads    one
 * Blocking   at most 30 s, for the engine
 * Memory     borrowed for the call
 * Errors     the exit code; said on standard error
 */

#ifndef DOSIS_CTL_CTL_SIGNING_H
#define DOSIS_CTL_CTL_SIGNING_H

#include <stdbool.h>

typedef struct {
    const char *word;    /* list, rotate, drop */
    const char *kid;     /* of drop, or NULL */
    bool now;            /* of rotate */
    bool json;
    const char *socket;  /* the engine's */
} ctl_signing_t;

/* Is it one of the three? */
bool ctl_signing_knows(const char *word);

int ctl_signing(const ctl_signing_t *asked);

#endif
