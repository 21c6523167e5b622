/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_json_list.h: the elements of a long JSON array, one by one, without a
 * tree of the whole: what is in memory at a time is one element's.
 *
 * Layer      base
 * Threads    pure
 * Blocking   never
 * Memory     elements point into the text
 * Errors     DOSIS_ENOTFOUND behind the last element; DOSIS_EINPUT the text is
 *            no array, or goes on behind it
 *
 * Only brackets, strings and commas are looked at. Each element must be parsed
 * (dosis_json.h); when all of them are JSON values, the whole is a JSON array,
 * and the reverse.
 */

#ifndef DOSIS_BASE_DOSIS_JSON_LIST_H
#define DOSIS_BASE_DOSIS_JSON_LIST_H

#include "base/dosis_rc.h"
#include "base/dosis_slice.h"

typedef struct {
    dosis_slice_t rest;
    bool begun;
    bool ended;
} dosis_json_list_t;

/* The first byte that is no mark of UTF-8 and no blank; NUL: there is none. */
char dosis_json_list_first(dosis_slice_t text);

/* Does the text begin as an array does? */
bool dosis_json_list_is(dosis_slice_t text);

void dosis_json_list_init(dosis_json_list_t *list, dosis_slice_t text);

/* The next element, blanks around it left out; it may be empty: `[1,]`. */
DOSIS_CHECK dosis_rc_t dosis_json_list_next(
    dosis_json_list_t *list, dosis_slice_t *ret_element);

#endif
