/* SPDX-License-Identifier: EUPL-1.2 */

#include "base/dosis_json_list.h"


static bool
is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}


static dosis_slice_t
skip_blanks(dosis_slice_t text)
{
    while (text.len > 0 && is_blank(text.data[0])) {
        text.data++;
        text.len--;
    }
    return text;
}


static dosis_slice_t
from(dosis_slice_t text, size_t at)
{
    return dosis_slice(text.data + at, text.len - at);
}


/* A byte order mark may stand in front, as dosis_json_parse() has it. */
static dosis_slice_t
skip_mark(dosis_slice_t text)
{
    return (text.len >= 3 && memcmp(text.data, "\xef\xbb\xbf", 3) == 0)
        ? from(text, 3)
        : text;
}


char
dosis_json_list_first(dosis_slice_t text)
{
    text = skip_blanks(skip_mark(text));
    return (text.len > 0) ? text.data[0] : '\0';
}


bool
dosis_json_list_is(dosis_slice_t text)
{
    return dosis_json_list_first(text) == '[';
}


void
dosis_json_list_init(dosis_json_list_t *list, dosis_slice_t text)
{
    *list = (dosis_json_list_t){ .rest = skip_mark(text) };
}


/* Behind the string that starts at `at`; the length when it has no end. */
static size_t
string_end(dosis_slice_t text, size_t at)
{
    for (at++; at < text.len; at++) {
        if (text.data[at] == '\\') {
            at++;
        } else if (text.data[at] == '"') {
            return at + 1;
        }
    }
    return text.len;
}


/* Where the element ends: at its comma, or at the bracket of the array. */
static size_t
element_end(dosis_slice_t text)
{
    size_t at = 0;
    size_t depth = 0;

    while (at < text.len) {
        switch (text.data[at]) {
        case '"':
            at = string_end(text, at);
            continue;
        case '[':
        case '{':
            depth++;
            break;
        case ']':
        case '}':
            if (depth == 0) {
                return at;
            }
            depth--;
            break;
        case ',':
            if (depth == 0) {
                return at;
            }
            break;
        default:
            break;
        }
        at++;
    }
    return text.len;
}


/* Nothing but blanks may stand behind the array. */
static dosis_rc_t
list_end(dosis_json_list_t *list)
{
    list->ended = true;
    list->rest = skip_blanks(from(list->rest, 1));
    return (list->rest.len == 0) ? DOSIS_OK : DOSIS_EINPUT;
}


static dosis_rc_t
list_begin(dosis_json_list_t *list)
{
    dosis_rc_t rc;

    if (!dosis_json_list_is(list->rest)) {
        return DOSIS_EINPUT;
    }
    list->begun = true;
    list->rest = skip_blanks(from(skip_blanks(list->rest), 1));
    if (list->rest.len > 0 && list->rest.data[0] == ']') {
        rc = list_end(list);
        return (rc == DOSIS_OK) ? DOSIS_ENOTFOUND : rc;
    }
    return DOSIS_OK;
}


dosis_rc_t
dosis_json_list_next(dosis_json_list_t *list, dosis_slice_t *ret_element)
{
    size_t end;
    dosis_rc_t rc;
    dosis_slice_t element;

    if (list->ended) {
        return (list->rest.len == 0) ? DOSIS_ENOTFOUND : DOSIS_EINPUT;
    }
    rc = list->begun ? DOSIS_OK : list_begin(list);
    if (rc != DOSIS_OK) {
        return rc;
    }

    end = element_end(list->rest);
    element = skip_blanks(dosis_slice(list->rest.data, end));
    while (element.len > 0 && is_blank(element.data[element.len - 1])) {
        element.len--;
    }
    list->rest = from(list->rest, end);
    if (list->rest.len == 0 || list->rest.data[0] == '}'
        || skip_mark(element).data != element.data) {
        return DOSIS_EINPUT;
    }
    *ret_element = element;
    if (list->rest.data[0] == ']') {
        return list_end(list);
    }
    list->rest = from(list->rest, 1);
    return DOSIS_OK;
}
