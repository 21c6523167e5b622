/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * tap.h: TAP for unit programs. One CHECK, one fact.
 */

#ifndef DOSIS_T_LIB_TAP_H
#define DOSIS_T_LIB_TAP_H

#include <stdbool.h>
#include <stdio.h>

static int tap_count;
static int tap_failed;

static inline bool
tap_check(bool holds, const char *fact, const char *file, int line)
{
    tap_count++;
    printf("%sok %d - %s\n", holds ? "" : "not ", tap_count, fact);
    if (!holds) {
        tap_failed++;
        printf("# failed at %s:%d\n", file, line);
    }
    return holds;
}

/* Asserts a fact, named as a sentence. */
#define CHECK(condition, fact) tap_check((condition), fact, __FILE__, __LINE__)

/* Ends the program: the plan, and the exit code. */
static inline int
tap_done(void)
{
    printf("1..%d\n", tap_count);
    return tap_failed == 0 ? 0 : 1;
}

#endif
