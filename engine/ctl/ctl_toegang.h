/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * ctl_toegang.h: the two things that `dosisctl toegang` does.
 *
 * Layer      ctl
 * Threads    one
 * Blocking   the matrix never; the test until its time is up
 * Memory     its own
 * Errors     said on standard error; the exit code tells
 */

#ifndef DOSIS_CTL_CTL_TOEGANG_H
#define DOSIS_CTL_CTL_TOEGANG_H

#include <stdint.h>

#include "ctl/ctl_home.h"

typedef struct {
    const char *url;
    uint64_t seed;
    long seconds;
    unsigned rounds; /* at most; 0: until the time is up */
} ctl_toegang_test_t;

/* CTL_FOUND: a door said something else than the model, which is printed. */
int ctl_toegang_test(const ctl_home_t *home, const ctl_toegang_test_t *asked);

/* Prints the page doc/toegang-matrix.md, from the table of the rules. */
int ctl_toegang_matrix(void);

#endif
