/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * shown.h: an input as the name of a check: what a terminal or a TAP reader
 * would stumble over is shown as '?'.
 */

#ifndef DOSIS_T_LIB_SHOWN_H
#define DOSIS_T_LIB_SHOWN_H

#include <stddef.h>

#define SHOWN_MAX 100

/* Valid until the next call. */
static inline const char *
shown(const char *text)
{
    static char to[SHOWN_MAX + 1];
    size_t len = 0;

    for (; text[len] != '\0' && len < SHOWN_MAX; len++) {
        to[len] = text[len] >= ' ' && text[len] < 0x7f && text[len] != '#'
            ? text[len]
            : '?';
    }
    to[len] = '\0';

    return len == 0 ? "(nothing)" : to;
}

#endif
