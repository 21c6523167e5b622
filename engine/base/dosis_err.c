/* SPDX-License-Identifier: EUPL-1.2 */

#include "base/dosis_err.h"

#include <stdarg.h>
#include <stdio.h>

const dosis_err_t dosis_err_none;


/* Bytes of the character that starts with lead. */
static size_t
err_utf8_length(unsigned char lead)
{
    if (lead < 0xC0) {
        return 1;
    }
    if (lead < 0xE0) {
        return 2;
    }
    return (lead < 0xF0) ? 3 : 4;
}


/* A cut text must not end in a part of a character. */
static void
err_trim_utf8(char *text, size_t len)
{
    size_t start = len;

    do {
        start--;
    } while (start > 0 && ((unsigned char) text[start] & 0xC0) == 0x80);

    if (start + err_utf8_length((unsigned char) text[start]) > len) {
        len = start;
    }
    text[len] = '\0';
}


static void
err_vformat(char *to, size_t size, const char *format, va_list args)
{
    int len;

    len = vsnprintf(to, size, format, args);
    if (len < 0) {
        to[0] = '\0';
    } else if ((size_t) len >= size) {
        err_trim_utf8(to, size - 1);
    }
}


static void
err_copy(char *to, size_t size, const char *from)
{
    size_t len = strlen(from);

    if (len >= size) {
        len = size - 1;
        memcpy(to, from, len);
        err_trim_utf8(to, len);
        return;
    }
    memcpy(to, from, len + 1);
}


void
dosis_err_add(dosis_err_t *err, const char *code, const char *field,
    const char *format, ...)
{
    va_list args;
    dosis_problem_t *problem;

    if (err == NULL) {
        return;
    }
    if (err->count >= DOSIS_ERR_MAX) {
        err->more++;
        return;
    }

    problem = &err->item[err->count++];
    problem->code = code;
    problem->line = 0;
    err_copy(
        problem->field, sizeof(problem->field), field == NULL ? "" : field);

    va_start(args, format);
    err_vformat(problem->text, sizeof(problem->text), format, args);
    va_end(args);
}
