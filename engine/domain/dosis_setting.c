/* SPDX-License-Identifier: EUPL-1.2 */
/* What a table of settings says about itself. */

#include "domain/dosis_setting.h"

#include <stdlib.h>

#include "base/dosis_text.h"


static const char *const type_names[] = {
    [DOSIS_SETTING_TEXT] = "text",
    [DOSIS_SETTING_BOOL] = "true or false",
    [DOSIS_SETTING_CHOICE] = "one word",
    [DOSIS_SETTING_NUMBER] = "number",
    [DOSIS_SETTING_TEXTS] = "list of texts",
    [DOSIS_SETTING_CHOICES] = "list of words",
    [DOSIS_SETTING_NAMES] = "object of texts",
    [DOSIS_SETTING_NUMBERS] = "object of numbers",
    [DOSIS_SETTING_GROUP] = "object",
};


const char *
dosis_setting_type_name(dosis_setting_type_t type)
{
    return type_names[type];
}


/* Takes the text when path begins with it; what is left begins with a dot. */
static bool
take(dosis_slice_t *path, const char *text)
{
    size_t len = strlen(text);

    if (path->len < len || memcmp(path->data, text, len) != 0
        || (path->len > len && path->data[len] != '.')) {
        return false;
    }

    *path = dosis_slice(path->data + len, path->len - len);

    return true;
}


static bool
skip_dot(dosis_slice_t *path)
{
    if (path->len < 2) {
        return false;
    }

    *path = dosis_slice(path->data + 1, path->len - 1);

    return true;
}


const dosis_setting_t *
dosis_setting_find(const dosis_settings_t *settings, dosis_slice_t path,
    dosis_slice_t *ret_rest)
{
    for (size_t i = 0; i < settings->count; i++) {
        const dosis_setting_t *row = &settings->rows[i];
        dosis_slice_t rest = path;

        if ((row->group != NULL
                && (!take(&rest, row->group) || !skip_dot(&rest)))
            || !take(&rest, row->name)) {
            continue;
        }

        if (rest.len == 0
            || ((row->type == DOSIS_SETTING_NAMES
                    || row->type == DOSIS_SETTING_NUMBERS)
                && skip_dot(&rest))) {
            *ret_rest = rest;
            return row;
        }
    }

    return NULL;
}


static void
add_words(dosis_buf_t *buf, const char *words)
{
    DOSIS_BUF_LIT(buf, "`");
    for (; *words != '\0'; words++) {
        if (*words == '|') {
            DOSIS_BUF_LIT(buf, "`, `");
        } else {
            dosis_buf_add_byte(buf, *words);
        }
    }
    DOSIS_BUF_LIT(buf, "`");
}


void
dosis_setting_add_range(dosis_buf_t *buf, const dosis_setting_t *row)
{
    switch (row->type) {
    case DOSIS_SETTING_BOOL:
        DOSIS_BUF_LIT(buf, "`true`, `false`");
        return;
    case DOSIS_SETTING_CHOICE:
        add_words(buf, row->words);
        return;
    case DOSIS_SETTING_CHOICES:
        DOSIS_BUF_LIT(buf, "any of ");
        add_words(buf, row->words);
        return;
    case DOSIS_SETTING_NUMBER:
        dosis_buf_addf(buf, "%u to %u", row->min, row->max);
        return;
    case DOSIS_SETTING_TEXT:
        dosis_buf_addf(buf, "at most %u bytes", row->max);
        return;
    case DOSIS_SETTING_TEXTS:
        dosis_buf_addf(
            buf, "at most %u, each at most %u bytes", row->entries, row->max);
        return;
    case DOSIS_SETTING_NAMES:
        dosis_buf_addf(buf, "at most %u names, each at most %u bytes",
            row->entries, row->max);
        return;
    case DOSIS_SETTING_NUMBERS:
        dosis_buf_addf(buf, "at most %u names; %u to %u", row->entries,
            row->min, row->max);
        return;
    case DOSIS_SETTING_GROUP:
        DOSIS_BUF_LIT(buf, "the settings below it");
        return;
    }
}


static char
lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char) (c | 0x20) : c;
}


/* The order of the pairs: by bytes, letters in lower case. */
static int
pair_order(const void *left, const void *right)
{
    const dosis_pair_t *a = left, *b = right;
    size_t len = a->from.len < b->from.len ? a->from.len : b->from.len;

    for (size_t i = 0; i < len; i++) {
        unsigned char x = (unsigned char) lower(a->from.data[i]);
        unsigned char y = (unsigned char) lower(b->from.data[i]);

        if (x != y) {
            return x < y ? -1 : 1;
        }
    }

    return (a->from.len > b->from.len) - (a->from.len < b->from.len);
}


void
dosis_pairs_sort(dosis_pair_t *pair, size_t count)
{
    if (count > 1) {
        qsort(pair, count, sizeof(*pair), pair_order);
    }
}


const dosis_pair_t *
dosis_pairs_find(const dosis_pairs_t *pairs, dosis_slice_t from)
{
    dosis_pair_t wanted = { .from = from };

    if (pairs->count == 0) {
        return NULL;
    }

    return bsearch(
        &wanted, pairs->pair, pairs->count, sizeof(wanted), pair_order);
}
