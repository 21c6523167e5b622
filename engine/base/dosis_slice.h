/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_slice.h: borrowed bytes: a pointer and a length, no terminator.
 *
 * Layer      base
 * Threads    pure
 * Blocking   never
 * Memory     a slice owns nothing; whoever hands one out says how long it
 *            stays valid. {NULL, 0} is "absent" as well as "empty".
 * Errors     none
 */

#ifndef DOSIS_BASE_DOSIS_SLICE_H
#define DOSIS_BASE_DOSIS_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

typedef struct {
    const char *data;
    size_t len;
} dosis_slice_t;

#define DOSIS_SLICE(literal) ((dosis_slice_t) { literal, sizeof(literal) - 1 })

static inline dosis_slice_t
dosis_slice(const void *data, size_t len)
{
    return (dosis_slice_t) { data, len };
}

/* text: a C string, or NULL for the empty slice. */
static inline dosis_slice_t
dosis_slice_of(const char *text)
{
    return (dosis_slice_t) { text, text == NULL ? 0 : strlen(text) };
}

static inline bool
dosis_slice_eq(dosis_slice_t a, dosis_slice_t b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

static inline bool
dosis_slice_in(dosis_slice_t wanted, const dosis_slice_t *list, size_t count)
{
    size_t i;

    for (i = 0; i < count; i++) {
        if (dosis_slice_eq(list[i], wanted)) {
            return true;
        }
    }
    return false;
}

#endif
