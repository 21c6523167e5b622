/* SPDX-License-Identifier: EUPL-1.2 */
#include "base/dosis_json_value.h"

#include <inttypes.h>

#include "base/dosis_text.h"


static bool add_value(
    dosis_buf_t *buf, const dosis_json_t *value, unsigned depth);


/* A comma before all but the first, and the name. */
static void
add_name(dosis_buf_t *buf, const char *name, bool *first)
{
    if (!*first) {
        dosis_buf_add_byte(buf, ',');
    }
    *first = false;
    dosis_json_add_string(buf, dosis_slice_of(name));
    dosis_buf_add_byte(buf, ':');
}


static bool
add_array(dosis_buf_t *buf, const dosis_json_t *value, unsigned depth)
{
    size_t i, count = dosis_json_count(value);
    bool fine = true;

    dosis_buf_add_byte(buf, '[');
    for (i = 0; fine && i < count; i++) {
        if (i > 0) {
            dosis_buf_add_byte(buf, ',');
        }
        fine = add_value(buf, dosis_json_at(value, i), depth + 1);
    }
    dosis_buf_add_byte(buf, ']');
    return fine;
}


static bool
add_object(dosis_buf_t *buf, const dosis_json_t *value, unsigned depth)
{
    const dosis_json_t *member;
    const char *name;
    void *cursor = NULL;
    bool fine = true, first = true;

    dosis_buf_add_byte(buf, '{');
    while (fine
        && (cursor = dosis_json_next(value, cursor, &name, &member)) != NULL) {
        add_name(buf, name, &first);
        fine = add_value(buf, member, depth + 1);
    }
    dosis_buf_add_byte(buf, '}');
    return fine;
}


static bool
add_value(dosis_buf_t *buf, const dosis_json_t *value, unsigned depth)
{
    if (depth >= DOSIS_JSON_VALUE_DEPTH) {
        return false;
    }
    switch (dosis_json_kind(value)) {
    case DOSIS_JSON_NULL:
        DOSIS_BUF_LIT(buf, "null");
        return true;
    case DOSIS_JSON_BOOL:
        dosis_buf_addf(buf, "%s", dosis_json_bool(value) ? "true" : "false");
        return true;
    case DOSIS_JSON_INT:
        dosis_buf_addf(buf, "%" PRId64, dosis_json_int(value));
        return true;
    case DOSIS_JSON_REAL:
        return false;
    case DOSIS_JSON_STRING:
        dosis_json_add_string(buf, dosis_json_string(value));
        return true;
    case DOSIS_JSON_ARRAY:
        return add_array(buf, value, depth);
    case DOSIS_JSON_OBJECT:
        return add_object(buf, value, depth);
    }
    return false;
}


bool
dosis_json_add_value(dosis_buf_t *buf, const dosis_json_t *value)
{
    return add_value(buf, value, 0);
}


/* true when the object has a member of that name, whatever its case. */
static bool
find(const dosis_json_t *object, const char *name,
    const dosis_json_t **ret_value)
{
    const char *found;
    void *cursor = NULL;

    while (
        (cursor = dosis_json_next(object, cursor, &found, ret_value)) != NULL) {
        if (dosis_text_ieq(dosis_slice_of(found), dosis_slice_of(name))) {
            return true;
        }
    }
    *ret_value = NULL;
    return false;
}


static bool
merge(dosis_buf_t *buf, const dosis_json_t *value, const dosis_json_t *patch,
    unsigned depth)
{
    const dosis_json_t *member, *other;
    const char *name;
    void *cursor = NULL;
    bool fine = depth < DOSIS_JSON_VALUE_DEPTH, first = true;

    if (dosis_json_kind(patch) != DOSIS_JSON_OBJECT) {
        return add_value(buf, patch, depth);
    }
    dosis_buf_add_byte(buf, '{');
    while (fine
        && (cursor = dosis_json_next(value, cursor, &name, &member)) != NULL) {
        if (!find(patch, name, &other)) {
            add_name(buf, name, &first);
            fine = add_value(buf, member, depth + 1);
        }
    }
    while (fine
        && (cursor = dosis_json_next(patch, cursor, &name, &member)) != NULL) {
        if (dosis_json_kind(member) != DOSIS_JSON_NULL) {
            (void) find(value, name, &other);
            add_name(buf, name, &first);
            fine = merge(buf, other, member, depth + 1);
        }
    }
    dosis_buf_add_byte(buf, '}');
    return fine;
}


bool
dosis_json_add_merged(
    dosis_buf_t *buf, const dosis_json_t *value, const dosis_json_t *patch)
{
    return merge(buf, value, patch, 0);
}
