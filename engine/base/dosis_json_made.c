/* SPDX-License-Identifier: EUPL-1.2 */

#include "base/dosis_json_made.h"

#include "base/base_json.h"


/* Its members, when it has any, stand behind it. */
static base_json_t *
made_create(dosis_json_maker_t *maker, dosis_json_kind_t kind, size_t room)
{
    base_json_t *made = NULL;

    if (maker->rc == DOSIS_OK && room < SIZE_MAX / sizeof(*made->member) / 2) {
        made = dosis_arena_alloc(
            maker->arena, sizeof(*made) + room * sizeof(*made->member));
    }
    if (made == NULL) {
        maker->rc = DOSIS_ENOMEM;
        return NULL;
    }
    *made = (base_json_t){ .mark = BASE_JSON_MADE, .kind = kind, .room = room };
    made->member = (base_json_member_t *) (made + 1);
    return made;
}


dosis_json_t *
dosis_json_make_object(dosis_json_maker_t *maker, size_t room)
{
    return (dosis_json_t *) made_create(maker, DOSIS_JSON_OBJECT, room);
}


dosis_json_t *
dosis_json_make_array(dosis_json_maker_t *maker, size_t room)
{
    return (dosis_json_t *) made_create(maker, DOSIS_JSON_ARRAY, room);
}


dosis_json_t *
dosis_json_make_string(dosis_json_maker_t *maker, dosis_slice_t text)
{
    base_json_t *made = made_create(maker, DOSIS_JSON_STRING, 0);

    if (made != NULL) {
        made->text = text.data == NULL ? DOSIS_SLICE("") : text;
    }
    return (dosis_json_t *) made;
}


dosis_json_t *
dosis_json_make_bool(dosis_json_maker_t *maker, bool is)
{
    base_json_t *made = made_create(maker, DOSIS_JSON_BOOL, 0);

    if (made != NULL) {
        made->is = is;
    }
    return (dosis_json_t *) made;
}


void
dosis_json_put(dosis_json_maker_t *maker, dosis_json_t *into, const char *name,
    const dosis_json_t *value)
{
    base_json_t *made = (base_json_t *) (void *) into;

    if (maker->rc != DOSIS_OK) {
        return;
    }
    if (made->count == made->room) {
        maker->rc = DOSIS_ELIMIT;
        return;
    }
    made->member[made->count++] = (base_json_member_t){ name, value };
}


const dosis_json_t *
base_json_get(const base_json_t *made, const char *name)
{
    size_t i;

    for (i = 0; made->kind == DOSIS_JSON_OBJECT && i < made->count; i++) {
        if (strcmp(made->member[i].name, name) == 0) {
            return made->member[i].value;
        }
    }
    return NULL;
}


const dosis_json_t *
base_json_at(const base_json_t *made, size_t index)
{
    return made->kind == DOSIS_JSON_ARRAY && index < made->count
        ? made->member[index].value
        : NULL;
}


/* The cursor is the member. */
void *
base_json_next(const base_json_t *made, void *cursor, const char **ret_name,
    const dosis_json_t **ret_value)
{
    base_json_member_t *member =
        cursor == NULL ? made->member : (base_json_member_t *) cursor + 1;

    if (made->kind != DOSIS_JSON_OBJECT
        || member == made->member + made->count) {
        return NULL;
    }
    *ret_name = member->name;
    *ret_value = member->value;
    return member;
}
