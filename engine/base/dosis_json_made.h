/* SPDX-License-Identifier: EUPL-1.2 */
/*
 * dosis_json_made.h: a JSON value that is made, not parsed: for what comes in
 * another form, and is to be read by what reads JSON. Cheap: one piece of an
 * arena for each value, no text is copied.
 *
 * Layer      base
 * Threads    a value belongs to one thread at a time
 * Blocking   never
 * Memory     the arena's; texts and names are borrowed and must live as long.
 *            dosis_json_free() of it is fine and does nothing
 * Errors     sticky: after DOSIS_ENOMEM values are NULL and adding does
 *            nothing; ask maker.rc once at the end. An object or array that
 *            has no room left is DOSIS_ELIMIT
 */

#ifndef DOSIS_BASE_DOSIS_JSON_MADE_H
#define DOSIS_BASE_DOSIS_JSON_MADE_H

#include "base/dosis_arena.h"
#include "base/dosis_json.h"

typedef struct {
    dosis_arena_t *arena;
    dosis_rc_t rc;
} dosis_json_maker_t;

/* Room for so many members or elements. */
dosis_json_t *dosis_json_make_object(dosis_json_maker_t *maker, size_t room);
dosis_json_t *dosis_json_make_array(dosis_json_maker_t *maker, size_t room);
dosis_json_t *dosis_json_make_string(
    dosis_json_maker_t *maker, dosis_slice_t text);
dosis_json_t *dosis_json_make_bool(dosis_json_maker_t *maker, bool is);

/* name: static, not in the object yet; NULL: the next element of an array. */
void dosis_json_put(dosis_json_maker_t *maker, dosis_json_t *into,
    const char *name, const dosis_json_t *value);

#endif
