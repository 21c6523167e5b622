/* SPDX-License-Identifier: EUPL-1.2 */

#include "base/dosis_args.h"

#include "base/dosis_text.h"


/* Cuts the text before the first mark off, and the mark. */
static dosis_slice_t
args_cut(dosis_slice_t *rest, char mark)
{
    dosis_slice_t part = *rest;
    const char *end =
        rest->len == 0 ? NULL : memchr(rest->data, mark, rest->len);

    if (end == NULL) {
        *rest = dosis_slice(rest->data + rest->len, 0);
        return part;
    }
    part.len = (size_t) (end - part.data);
    *rest = dosis_slice(end + 1, rest->len - part.len - 1);
    return part;
}


bool
dosis_args_next(
    dosis_slice_t *query, dosis_slice_t *ret_name, dosis_slice_t *ret_value)
{
    dosis_slice_t pair = { NULL, 0 };

    while (pair.len == 0) {
        if (query->len == 0) {
            return false;
        }
        pair = args_cut(query, '&');
    }
    *ret_name = args_cut(&pair, '=');
    *ret_value = pair;
    return true;
}


dosis_rc_t
dosis_args_decode(
    dosis_arena_t *arena, dosis_slice_t from, dosis_slice_t *ret_text)
{
    size_t i;
    size_t len = 0;
    char *to = dosis_arena_alloc(arena, from.len + 1);

    if (to == NULL) {
        return DOSIS_ENOMEM;
    }
    for (i = 0; i < from.len; i++) {
        if (from.data[i] != '%') {
            to[len++] = (from.data[i] == '+') ? ' ' : from.data[i];
            continue;
        }
        if (from.len - i < 3
            || !dosis_hex_decode(
                &to[len], 1, dosis_slice(from.data + i + 1, 2))) {
            return DOSIS_EFORMAT;
        }
        len++;
        i += 2;
    }
    *ret_text = dosis_slice(to, len);
    return memchr(to, '\0', len) == NULL && dosis_utf8_valid(*ret_text)
        ? DOSIS_OK
        : DOSIS_EFORMAT;
}
