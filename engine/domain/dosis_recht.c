/* SPDX-License-Identifier: EUPL-1.2 */
#include "domain/dosis_recht.h"

#include "base/dosis_text.h"
#include "domain/dosis_agent.h"
#include "domain/dosis_dossier.h"

static bool
is_blank(char c)
{
    return c == ' ' || c == '\t';
}


bool
dosis_recht_normalise(
    dosis_slice_t text, dosis_arena_t *arena, dosis_slice_t *ret_recht)
{
    char *to;
    size_t len = 0;

    text = dosis_text_trim(text);
    if (text.len == 0 || text.len > DOSIS_RECHT_MAX
        || !dosis_utf8_valid(text)) {
        return false;
    }

    to = dosis_arena_alloc(arena, text.len + 1);
    if (to == NULL) {
        return false;
    }

    for (size_t i = 0; i < text.len; i++) {
        if (is_blank(text.data[i]) && len > 0 && to[len - 1] == '-') {
            continue;
        }

        if (text.data[i] == '-') {
            while (len > 0 && is_blank(to[len - 1])) {
                len--;
            }
        }

        to[len++] = text.data[i];
    }

    to[len] = '\0';
    *ret_recht = dosis_slice(to, len);

    return true;
}


/* One of the organisations, apart by commas, is the subject. */
static bool
organisations_name(dosis_slice_t list, dosis_slice_t subject_id)
{
    dosis_agent_t organisation;

    while (list.len > 0) {
        const char *comma = memchr(list.data, ',', list.len);
        size_t len = comma == NULL ? list.len : (size_t) (comma - list.data);
        size_t next = comma == NULL ? len : len + 1;

        if (dosis_agent_parse(
                dosis_slice(list.data, len), DOSIS_VORM, &organisation)
                == NULL
            && dosis_slice_eq(dosis_agent_id(&organisation), subject_id)) {
            return true;
        }

        list = dosis_slice(list.data + next, list.len - next);
    }

    return false;
}


bool
dosis_recht_names(dosis_slice_t text)
{
    return text.len > 0 && memchr(text.data, ':', text.len) != NULL;
}


bool
dosis_recht_held(dosis_slice_t text, dosis_slice_t subject_id,
    dosis_arena_t *arena, dosis_slice_t *ret_recht)
{
    const char *colon = text.len == 0 ? NULL : memchr(text.data, ':', text.len);
    size_t before;

    if (colon == NULL) {
        return dosis_recht_normalise(text, arena, ret_recht);
    }

    before = (size_t) (colon - text.data);
    if (!organisations_name(
            dosis_slice(colon + 1, text.len - before - 1), subject_id)) {
        return false;
    }

    return dosis_recht_normalise(
        dosis_slice(text.data, before), arena, ret_recht);
}
