/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * base_json.h: what the two files that know a JSON value share: one that was
 * parsed is the library's, one that was made (dosis_json_made.h) begins as
 * those do, with a mark that no kind of the library has. Private.
 *
 * Layer      base
 * Threads    a value belongs to one thread at a time
 * Blocking   never
 * Memory     the arena that a value was made in
 * Errors     none
 */

#ifndef DOSIS_BASE_BASE_JSON_H
#define DOSIS_BASE_BASE_JSON_H

#include "base/dosis_json.h"

#define BASE_JSON_MADE 0x4A53U

typedef struct {
    const char *name;    /* NULL in an array */
    const dosis_json_t *value;
} base_json_member_t;

typedef struct {
    unsigned mark;
    dosis_json_kind_t kind;
    bool is;             /* of a bool */
    size_t count;        /* of an object or array; 0 of others */
    size_t room;
    dosis_slice_t text;  /* of a string; empty of others */
    base_json_member_t *member;
} base_json_t;

/* NULL: it was not made. */
static inline const base_json_t *
base_json_of(const dosis_json_t *value)
{
    const base_json_t *made = (const base_json_t *) (const void *) value;

    return made != NULL && made->mark == BASE_JSON_MADE ? made : NULL;
}

/* As those of dosis_json.h. */
const dosis_json_t *base_json_get(const base_json_t *made, const char *name);
const dosis_json_t *base_json_at(const base_json_t *made, size_t index);
void *base_json_next(const base_json_t *made, void *cursor,
    const char **ret_name, const dosis_json_t **ret_value);

#endif
