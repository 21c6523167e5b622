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

/* Prints the page doc/toegang-matrix.md, from the table of the rules. */
int ctl_toegang_matrix(void);

#endif
