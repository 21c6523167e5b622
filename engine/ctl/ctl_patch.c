/* SPDX-License-Identifier: EUPL-1.2 */
#include "ctl/ctl_patch.h"

#include <stdlib.h>
#include <string.h>

#include "base/dosis_json.h"
#include "base/dosis_text.h"
#include "ctl/ctl_home.h"

#define PATH_STEPS 3
#define DIGITS_MAX 18

/* One argument: the steps to the value, and the value. */
typedef struct {
    const dosis_setting_t *row;
    dosis_slice_t step[PATH_STEPS];
    size_t steps;
    dosis_slice_t value;
} change_t;

typedef struct {
    const change_t *change;
    size_t count;
} changes_t;


static bool
change_read(
    change_t *change, const dosis_settings_t *settings, const char *argument)
{
    const char *equals = strchr(argument, '=');
    dosis_slice_t rest = { NULL, 0 };

    memset(change, 0, sizeof(*change));
    if (equals == NULL) {
        ctl_say("not KEY=VALUE: %s", argument);
        return false;
    }
    change->value = dosis_slice_of(equals + 1);
    change->row = dosis_setting_find(
        settings, dosis_slice(argument, (size_t) (equals - argument)), &rest);
    if (change->row == NULL) {
        ctl_say("no such setting: %.*s; 'schema' lists them",
            (int) (equals - argument), argument);
        return false;
    }
    if (change->row->group != NULL) {
        change->step[change->steps++] = dosis_slice_of(change->row->group);
    }
    change->step[change->steps++] = dosis_slice_of(change->row->name);
    if (rest.len > 0) {
        change->step[change->steps++] = rest;
    }
    return true;
}


/* true when both go the same way for that many steps. */
static bool
same_way(const change_t *a, const change_t *b, size_t steps)
{
    size_t i;

    for (i = 0; i < steps; i++) {
        if (i >= a->steps || i >= b->steps
            || !dosis_slice_eq(a->step[i], b->step[i])) {
            return false;
        }
    }
    return true;
}


/* "a,b" -> ["a","b"] */
static void
add_list(dosis_buf_t *to, dosis_slice_t value)
{
    const char *comma;
    size_t len;

    dosis_buf_add_byte(to, '[');
    for (;;) {
        comma = memchr(value.data, ',', value.len);
        len = comma == NULL ? value.len : (size_t) (comma - value.data);
        dosis_json_add_string(
            to, dosis_text_trim(dosis_slice(value.data, len)));
        if (comma == NULL) {
            break;
        }
        dosis_buf_add_byte(to, ',');
        value = dosis_slice(comma + 1, value.len - len - 1);
    }
    dosis_buf_add_byte(to, ']');
}


static bool
is_literal(dosis_setting_type_t type, dosis_slice_t value)
{
    if (type == DOSIS_SETTING_BOOL) {
        return dosis_slice_eq(value, DOSIS_SLICE("true"))
            || dosis_slice_eq(value, DOSIS_SLICE("false"));
    }
    return (type == DOSIS_SETTING_NUMBER || type == DOSIS_SETTING_NUMBERS)
        && dosis_text_is_digits(value) && value.len <= DIGITS_MAX
        && (value.data[0] != '0' || value.len == 1);
}


static bool
is_json(dosis_slice_t value)
{
    dosis_json_t *json;

    if (dosis_json_parse(value, &json, NULL) != DOSIS_OK) {
        return false;
    }
    dosis_json_free(json);
    return true;
}


/* What does not fit its type goes as a text: the engine says what is wrong. */
static void
add_value(dosis_buf_t *to, const change_t *change)
{
    dosis_setting_type_t type = change->row->type;
    dosis_slice_t value = change->value;
    bool whole = change->steps == (change->row->group == NULL ? 1u : 2u);
    bool structured = whole && type != DOSIS_SETTING_TEXT
        && type != DOSIS_SETTING_CHOICE && value.len > 0
        && (value.data[0] == '{' || value.data[0] == '[');

    if (value.len == 0) {
        DOSIS_BUF_LIT(to, "null");
    } else if (is_literal(type, value) || (structured && is_json(value))) {
        dosis_buf_add_slice(to, value);
    } else if (type == DOSIS_SETTING_TEXTS || type == DOSIS_SETTING_CHOICES) {
        add_list(to, value);
    } else {
        dosis_json_add_string(to, value);
    }
}


/* The object of all that go the way of one change for that many steps. */
static void
add_object(dosis_buf_t *to, const changes_t *all, size_t like, size_t steps)
{
    const change_t *of = &all->change[like];
    bool first = true;
    size_t i, k;

    dosis_buf_add_byte(to, '{');
    for (i = 0; i < all->count; i++) {
        const change_t *change = &all->change[i];

        for (k = 0; k < i && !same_way(&all->change[k], change, steps + 1);
             k++) {
        }
        if (k < i || !same_way(change, of, steps)) {
            continue;
        }
        dosis_buf_addf(to, "%s", first ? "" : ",");
        first = false;
        dosis_json_add_string(to, change->step[steps]);
        dosis_buf_add_byte(to, ':');
        if (change->steps == steps + 1) {
            add_value(to, change);
        } else {
            add_object(to, all, i, steps + 1);
        }
    }
    dosis_buf_add_byte(to, '}');
}


/* One setting and something below it: which counts would be a guess. */
static bool
are_apart(const change_t *change, size_t count)
{
    size_t i, k, steps;

    for (i = 1; i < count; i++) {
        for (k = 0; k < i; k++) {
            steps = change[i].steps < change[k].steps ? change[i].steps
                                                      : change[k].steps;
            if (same_way(&change[i], &change[k], steps)) {
                ctl_say("the same setting twice: %.*s",
                    (int) change[i].step[steps - 1].len,
                    change[i].step[steps - 1].data);
                return false;
            }
        }
    }
    return true;
}


bool
ctl_patch_add(dosis_buf_t *to, const dosis_settings_t *settings,
    const char *const *argument, size_t count)
{
    change_t change[CTL_PATCH_MAX];
    const changes_t all = { change, count };
    size_t i;

    if (count == 0 || count > CTL_PATCH_MAX) {
        ctl_say("1 to %d KEY=VALUE are needed", CTL_PATCH_MAX);
        return false;
    }
    for (i = 0; i < count; i++) {
        if (!change_read(&change[i], settings, argument[i])) {
            return false;
        }
    }
    if (!are_apart(change, count)) {
        return false;
    }
    add_object(to, &all, 0, 0);
    return to->rc == DOSIS_OK;
}
