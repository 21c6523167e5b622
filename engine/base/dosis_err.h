/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_err.h: why an input was refused, for its sender: all problems at
 * once. The same type carries warnings.
 *
 * Layer      base
 * Threads    one thread at a time
 * Blocking   never
 * Memory     self-contained: texts are copied in (and cut at the ceiling)
 * Errors     none; beyond DOSIS_ERR_MAX problems only `more` counts on
 *
 * A text names the field and the rule, never a value that could be a national
 * number. Dutch, because it goes on the wire.
 */

#ifndef DOSIS_BASE_DOSIS_ERR_H
#define DOSIS_BASE_DOSIS_ERR_H

#include <stdint.h>

#include "base/dosis_slice.h"

#define DOSIS_ERR_MAX        25
#define DOSIS_ERR_FIELD_MAX  79
#define DOSIS_ERR_TEXT_MAX   159

typedef struct {
    const char *code;                       /* static: "VeldOntbreekt" */
    char field[DOSIS_ERR_FIELD_MAX + 1];    /* JSON pointer or column, or "" */
    char text[DOSIS_ERR_TEXT_MAX + 1];      /* one Dutch sentence */
    uint32_t line;                          /* CSV line, or 0 */
} dosis_problem_t;

typedef struct {
    uint32_t count;
    uint32_t more;
    dosis_problem_t item[DOSIS_ERR_MAX];
} dosis_err_t;

/* No problems, for whoever has none. */
extern const dosis_err_t dosis_err_none;

/*
 * No problems yet. Instead of `= { 0 }` where each delivery comes by: that
 * would clear 6 KiB to say so.
 */
static inline void
dosis_err_init(dosis_err_t *err)
{
    err->count = 0;
    err->more = 0;
}

/* Of bytes that hold as many problems as there are, and no more. */
static inline size_t
dosis_err_bytes(const dosis_err_t *err)
{
    return offsetof(dosis_err_t, item) + err->count * sizeof(err->item[0]);
}

/* One that was kept in so many bytes is not to be assigned. */
static inline void
dosis_err_copy(dosis_err_t *to, const dosis_err_t *from)
{
    memmove(to, from, dosis_err_bytes(from));
}

/* Of what is beyond max only `more` tells then; 0: nothing is. */
static inline void
dosis_err_cut(dosis_err_t *err, uint32_t max)
{
    if (max > 0 && err->count > max) {
        err->more += err->count - max;
        err->count = max;
    }
}

/* err NULL is fine: the problem is then dropped. format: Dutch sentence. */
void dosis_err_add(dosis_err_t *err, const char *code, const char *field,
    const char *format, ...) __attribute__((format(printf, 4, 5)));

static inline bool
dosis_err_any(const dosis_err_t *err)
{
    return err->count > 0;
}

#endif
