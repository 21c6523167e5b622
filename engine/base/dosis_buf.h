/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_buf.h: a growing buffer with a ceiling and a sticky error.
 *
 * Layer      base
 * Threads    one thread at a time
 * Blocking   never
 * Memory     init_fixed borrows the memory given and never grows beyond it;
 *            init owns heap memory until done. done accepts a zeroed buffer.
 * Errors     sticky: after the first failure (DOSIS_ELIMIT at the ceiling,
 *            DOSIS_ENOMEM) adding does nothing; ask buf.rc once at the end.
 */

#ifndef DOSIS_BASE_DOSIS_BUF_H
#define DOSIS_BASE_DOSIS_BUF_H

#include <stdint.h>

#include "base/dosis_rc.h"
#include "base/dosis_slice.h"

typedef struct {
    char *data;
    size_t len;
    size_t cap;
    size_t max;
    dosis_rc_t rc;
    bool fixed;
} dosis_buf_t;

void dosis_buf_init(dosis_buf_t *buf, size_t max);
void dosis_buf_init_fixed(dosis_buf_t *buf, void *memory, size_t cap);
void dosis_buf_done(dosis_buf_t *buf);

/* Empties it and clears the error; memory is kept. */
void dosis_buf_reset(dosis_buf_t *buf);

void dosis_buf_add_uint(dosis_buf_t *buf, uint64_t value);
void dosis_buf_addf(dosis_buf_t *buf, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* dosis_buf_grow() when there is no room at once. */
char *dosis_buf_grow_slowly(dosis_buf_t *buf, size_t len);

/* Room for len bytes at the end, counted as added; NULL on (sticky) error. */
static inline char *
dosis_buf_grow(dosis_buf_t *buf, size_t len)
{
    char *at;

    if (buf->rc != DOSIS_OK || len > buf->cap - buf->len
        || buf->data == NULL) {
        return dosis_buf_grow_slowly(buf, len);
    }
    at = buf->data + buf->len;
    buf->len += len;
    return at;
}

static inline void
dosis_buf_add(dosis_buf_t *buf, const void *data, size_t len)
{
    char *to;

    if (len == 0) {
        return;
    }
    to = dosis_buf_grow(buf, len);
    if (to != NULL) {
        memcpy(to, data, len);
    }
}

static inline void
dosis_buf_add_byte(dosis_buf_t *buf, char byte)
{
    char *to = dosis_buf_grow(buf, 1);

    if (to != NULL) {
        *to = byte;
    }
}

static inline void
dosis_buf_add_slice(dosis_buf_t *buf, dosis_slice_t s)
{
    dosis_buf_add(buf, s.data, s.len);
}

#define DOSIS_BUF_LIT(buf, literal) \
    dosis_buf_add((buf), literal, sizeof(literal) - 1)

static inline dosis_slice_t
dosis_buf_slice(const dosis_buf_t *buf)
{
    return dosis_slice(buf->data, buf->len);
}

#endif
