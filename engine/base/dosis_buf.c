/* SPDX-License-Identifier: EUPL-1.2 */

#include "base/dosis_buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define BUF_FIRST_BYTES 256
#define BUF_MAX_BYTES (SIZE_MAX / 4) /* more than any machine gives */
#define BUF_FORMAT_BYTES 512
#define BUF_UINT_DIGITS 20


void
dosis_buf_init(dosis_buf_t *buf, size_t max)
{
    *buf = (dosis_buf_t){ .max = max };
}


void
dosis_buf_init_fixed(dosis_buf_t *buf, void *memory, size_t cap)
{
    *buf =
        (dosis_buf_t){ .data = memory, .cap = cap, .max = cap, .fixed = true };
}


void
dosis_buf_done(dosis_buf_t *buf)
{
    if (!buf->fixed) {
        free(buf->data);
    }
    *buf = (dosis_buf_t){ 0 };
}


void
dosis_buf_reset(dosis_buf_t *buf)
{
    buf->len = 0;
    buf->rc = DOSIS_OK;
}


/* Makes cap - len at least `more`, and data something. */
static bool
buf_enlarge(dosis_buf_t *buf, size_t more)
{
    char *data;
    size_t cap;

    if (buf->fixed || more > buf->max - buf->len) {
        buf->rc = DOSIS_ELIMIT;
        return false;
    }

    cap = (buf->cap < BUF_FIRST_BYTES) ? BUF_FIRST_BYTES : buf->cap;
    while (cap - buf->len < more && cap <= buf->max / 2) {
        cap *= 2;
    }
    if (cap > buf->max || cap - buf->len < more) {
        cap = buf->max;
    }

    data =
        (cap > BUF_MAX_BYTES) ? NULL : realloc(buf->data, cap == 0 ? 1 : cap);
    if (data == NULL) {
        buf->rc = DOSIS_ENOMEM;
        return false;
    }
    buf->data = data;
    buf->cap = cap;
    return true;
}


char *
dosis_buf_grow_slowly(dosis_buf_t *buf, size_t len)
{
    char *at;

    if (buf->rc != DOSIS_OK) {
        return NULL;
    }
    /* room for nothing still needs an address */
    if ((len > buf->cap - buf->len || buf->data == NULL)
        && !buf_enlarge(buf, len)) {
        return NULL;
    }

    at = buf->data + buf->len;
    buf->len += len;
    return at;
}


void
dosis_buf_add_uint(dosis_buf_t *buf, uint64_t value)
{
    char digits[BUF_UINT_DIGITS];
    size_t at = sizeof(digits);

    do {
        digits[--at] = (char) ('0' + value % 10);
        value /= 10;
    } while (value > 0);

    dosis_buf_add(buf, digits + at, sizeof(digits) - at);
}


/* Through the heap, because vsnprintf wants a byte more than the ceiling. */
static void
buf_add_long(dosis_buf_t *buf, size_t len, const char *format, va_list args)
{
    char *text;

    if (len > buf->max - buf->len) {
        buf->rc = DOSIS_ELIMIT;
        return;
    }

    text = malloc(len + 1);
    if (text == NULL) {
        buf->rc = DOSIS_ENOMEM;
        return;
    }
    (void) vsnprintf(text, len + 1, format, args);
    dosis_buf_add(buf, text, len);
    free(text);
}


void
dosis_buf_addf(dosis_buf_t *buf, const char *format, ...)
{
    va_list args;
    va_list again;
    char text[BUF_FORMAT_BYTES];
    int len;

    if (buf->rc != DOSIS_OK) {
        return;
    }

    va_start(args, format);
    va_copy(again, args);
    len = vsnprintf(text, sizeof(text), format, args);
    if (len < 0) {
        buf->rc = DOSIS_ELIMIT;
    } else if ((size_t) len < sizeof(text)) {
        dosis_buf_add(buf, text, (size_t) len);
    } else {
        buf_add_long(buf, (size_t) len, format, again);
    }
    va_end(again);
    va_end(args);
}
